"""Hours, places, contests and candidates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from suffrage.errors import SuffrageError
from suffrage.service.export import statute_of
from suffrage.service.forms.base import PlainForm, ZonedMoment
from suffrage.service.models import Election


class HoursForm(PlainForm):
    """When a poll opens and closes."""

    places: ClassVar[Mapping[str, str]] = {"hours": "closes"}

    def __init__(self, election: Election, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["opens"] = ZonedMoment(election.time_zone, label="The poll opens")
        self.fields["closes"] = ZonedMoment(election.time_zone, label="The poll closes")


class PlaceForm(PlainForm):
    """A place: the society itself, or a district in it."""

    places: ClassVar[Mapping[str, str]] = {"place": "name", "place, short name": "slug"}

    name = forms.CharField(max_length=200)
    kind = forms.CharField(max_length=40, required=False, help_text="Such as society, district, branch.")
    slug = forms.CharField(
        max_length=80, required=False, label="Short name", help_text="Made from the name where it is left empty."
    )

    paper = forms.BooleanField(
        required=False,
        label="Votes on paper",
        help_text="Its electors get no code, and its return is entered by two persons. Those of its district who vote "
        "online stand on the roll of a place beside it, such as North, online.",
    )

    def __init__(self, election: Election, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        parent = forms.ModelChoiceField(
            queryset=election.units.all(),
            required=False,
            label="Lies in",
            initial=election.units.filter(parent=None).first(),
            help_text="The first place is the whole: it lies in nothing. All others lie in another one.",
        )
        self.fields["parent"] = parent
        self.order_fields(["name", "kind", "parent"])


class ContestForm(PlainForm):
    """A contest: so many seats, filled by the electors of a place."""

    places: ClassVar[Mapping[str, str]] = {"contest": "name", "contest, short name": "slug", "seats": "seats"}

    name = forms.CharField(max_length=200, help_text="As on the ballot paper, such as Board, northern district.")
    seats = forms.IntegerField(min_value=1, max_value=10_000, initial=1)
    chamber = forms.ChoiceField(required=False)
    rules = forms.ChoiceField(
        required=False, label="Rules", help_text="The law has other rules for some contests: choose whose these are."
    )
    slug = forms.CharField(
        max_length=80, required=False, label="Short name", help_text="Made from the name where it is left empty."
    )

    def __init__(self, election: Election, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["unit"] = forms.ModelChoiceField(
            queryset=election.units.all(), label="Whose electors vote", empty_label=None
        )
        self.order_fields(["name", "unit"])
        try:
            statute = statute_of(election)
            chambers = [(chamber.id, chamber.name) for chamber in statute.chambers]
            variants = [(name, name) for name in statute.variants]
        except SuffrageError:
            chambers, variants = [], []
        self._choose("chamber", [("", "None"), *chambers])
        self._choose("rules", [("", "Those of the law itself"), *variants])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        """Offer what there is; a field with nothing to choose is left out."""
        if len(choices) == 1:
            del self.fields[name]
            return
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


class CandidateForm(PlainForm):
    """A name on a ballot paper."""

    places: ClassVar[Mapping[str, str]] = {
        "candidate": "surname",
        "candidate, short name": "slug",
        "supporters": "supporters",
    }

    surname = forms.CharField(max_length=120)
    names = forms.CharField(max_length=120, required=False, label="Given names")
    supporters = forms.CharField(
        required=False,
        max_length=4000,
        label="Nominated by",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One a line, as on the ballot paper.",
    )
    occupation = forms.CharField(max_length=200, required=False)
    party = forms.CharField(max_length=120, required=False)
    birth_date = forms.DateField(
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text="Where the law lets the older one win a tie. It stands in the protocols' data.",
    )
    slug = forms.CharField(
        max_length=80, required=False, label="Short name", help_text="Made from the name where it is left empty."
    )


class ClockForm(PlainForm):
    """Where the clock of a rehearsal or a demo is moved: to a moment of the poll, or by minutes."""

    to = forms.ChoiceField(required=False, choices=[(name, name) for name in ("opening", "closing", "now")])
    minutes = forms.IntegerField(required=False, min_value=-(10**6), max_value=10**6)
