"""Beginning an election, and what it says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from suffrage.election import Kind
from suffrage.errors import LawError, SuffrageError
from suffrage.law import built_in, built_in_ids
from suffrage.service.acts.setup import Head
from suffrage.service.export import LAW
from suffrage.service.forms.base import PlainForm
from suffrage.service.models import Election

_MOST_LAW = 1 << 20
_KINDS = (
    (Kind.REAL.value, "A real election"),
    (Kind.REHEARSAL.value, "A rehearsal: its clock can be moved, and every page says that it is none"),
    (Kind.DEMO.value, "A demo: the same, for showing the system"),
)
_LANGUAGES = (("en", "English"), ("fr", "Français"), ("ru", "Русский"))


@cache
def _laws() -> tuple[tuple[str, str], ...]:
    return tuple((identifier, built_in(identifier).title) for identifier in built_in_ids())


@cache
def _zones() -> tuple[tuple[str, str], ...]:
    return tuple((zone, zone) for zone in sorted(available_timezones()) if zone[0].isupper() or zone == "UTC")


class HeadForm(PlainForm):
    """What an election says of itself."""

    places: ClassVar[Mapping[str, str]] = {
        "title": "title",
        "kind": "kind",
        "law": "law",
        "time zone": "time_zone",
        "language": "language",
        "trustees needed": "threshold",
    }

    title = forms.CharField(max_length=200, help_text="As it stands on the ballot paper.")
    kind = forms.ChoiceField(choices=_KINDS, widget=forms.RadioSelect, initial="real")
    law = forms.ChoiceField(choices=(), label="The law it is held under")
    law_file = forms.FileField(
        required=False,
        label="The society's own law",
        help_text="A statute file (.toml). It takes the place of the law in the list; every mistake is shown with its "
        "line. `suffrage law check FILE` checks one beforehand.",
    )
    time_zone = forms.ChoiceField(choices=_zones, initial="UTC", help_text="All hours are those of its clocks.")
    language = forms.ChoiceField(choices=_LANGUAGES, help_text="Of the papers, and of what has no language of its own.")
    contact = forms.CharField(
        max_length=200, required=False, help_text="Whom electors turn to: an address or a telephone number."
    )
    second_factor = forms.BooleanField(
        required=False,
        label="A one-time code by e-mail at the door of the booth, beside the voting code",
        help_text="Every elector on the roll needs an e-mail address then.",
    )
    threshold = forms.IntegerField(
        min_value=1,
        max_value=50,
        initial=3,
        label="Trustees needed to open an urn",
        help_text="Fewer than there are trustees: 3 of 5, or 2 of 3 in a small body. As many as there are means that "
        "each of them must come, and that one lost key is a lost election.",
    )

    def __init__(self, *arguments: Any, election: Election | None = None, **more: Any) -> None:
        if election is not None:
            fields = ("title", "kind", "law", "time_zone", "language", "contact", "second_factor", "threshold")
            more.setdefault("initial", {name: getattr(election, name) for name in fields})
        super().__init__(*arguments, **more)
        self._own = election.law_text if election is not None else ""
        law = self.fields["law"]
        assert isinstance(law, forms.ChoiceField)
        law.choices = [*([(LAW, "The society's own law, as it is here")] if self._own else []), *_laws()]

    def clean_law_file(self) -> str:
        """The text of the society's own law, where one was given."""
        file = self.cleaned_data["law_file"]
        if not isinstance(file, UploadedFile):
            return ""
        if (file.size or 0) > _MOST_LAW:
            raise ValidationError("This file is larger than a law can be.")
        data = file.read()
        try:
            text: str = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise ValidationError(f"{LAW}, line {line}: not UTF-8 text.") from None
        if not text.strip():
            raise ValidationError(f"{LAW}: an empty file.")
        return text

    def head(self) -> Head:
        """What was typed."""
        said = dict(self.cleaned_data)
        text = said.pop("law_file") or (self._own if said["law"] == LAW else "")
        return Head(**{name: said[name] for name in Head.__dataclass_fields__ if name != "law_text"}, law_text=text)

    def refuse(self, error: SuffrageError, field: str | None = None) -> None:
        """Every mistake in a law stands beside its file."""
        super().refuse(error, "law_file" if isinstance(error, LawError) else field)


class BeginForm(HeadForm):
    """An election that begins."""

    places: ClassVar[Mapping[str, str]] = {**HeadForm.places, "short name": "slug"}

    slug = forms.CharField(
        max_length=60,
        label="Short name",
        help_text="It stands in the addresses: small letters a-z and digits, with - between them. It never changes.",
    )
    name = forms.CharField(max_length=120, label="Your name", help_text="As it shall stand in the log.")

    field_order = ("title", "slug", "name", "kind")
