"""The figures of a return from paper, in the order of the form; and the figure that a decision corrects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms

from suffrage.service import paper_forms
from suffrage.service.acts.paper_returns import Key
from suffrage.service.forms.base import PlainForm, ReasonForm
from suffrage.service.forms.proposing import ProposalForm
from suffrage.service.models import Election

MOST = 10**12


def _figure(label: str, required: bool, help_text: str = "") -> forms.IntegerField:
    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "figure"})
    return forms.IntegerField(
        min_value=0, max_value=MOST, required=required, label=label, help_text=help_text, widget=widget
    )


def labels(key: Key) -> dict[str, str]:
    """What each figure of a return is called: those of the law, then the candidates."""
    found = {name: _upper(field.label or name) for name, field in paper_forms.fields(key.contest).items()}
    return found | {person.slug: f"{person.number}. {person}" for person in paper_forms.people(key.contest, key.ballot)}


def _upper(label: str) -> str:
    return label[:1].upper() + label[1:]


class PaperForm(PlainForm):
    """A return as the paper gives it. `anew` where one that was accepted is entered again, which needs a reason."""

    places: ClassVar[Mapping[str, str]] = {"reason": "reason"}

    def __init__(self, key: Key, *arguments: Any, anew: bool = False, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._fields = paper_forms.fields(key.contest)
        self._people = paper_forms.people(key.contest, key.ballot)
        said = labels(key)
        for name, field in self._fields.items():
            follows = f"Left empty it follows: {_plain(str(field.sum))}." if field.sum is not None else ""
            self.fields[f"f-{name}"] = _figure(said[name], field.required, follows)
        for person in self._people:
            self.fields[f"v-{person.slug}"] = _figure(said[person.slug], True)
        for name, label in (("opened", "The station opened"), ("closed", "The station closed")):
            widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
            self.fields[name] = forms.TimeField(required=False, label=label, widget=widget)
        if anew:
            self.fields["reason"] = ReasonForm.base_fields["reason"]

    def given(self) -> dict[str, Any]:
        """What the act is told: the figures that the paper gives, and the votes."""
        data = self.cleaned_data
        figures = {name: data[f"f-{name}"] for name in self._fields if data[f"f-{name}"] is not None}
        votes = {person.slug: data[f"v-{person.slug}"] for person in self._people}
        more = {name: data.get(name) for name in ("opened", "closed")}
        return {"figures": figures, "votes": votes, **more, "reason": data.get("reason", "")}


def _plain(check: str) -> str:
    return check.replace("_", " ")


class DecidingForm(PlainForm):
    """What the paper says where two entries differ."""

    def __init__(self, open_: Sequence[str], said: Mapping[str, str], *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._open = open_
        for name in open_:
            self.fields[f"d-{name}"] = _figure(said[name], False)

    def chosen(self) -> dict[str, int | None]:
        """The figure of each; None where the paper gives none."""
        return {name: self.cleaned_data[f"d-{name}"] for name in self._open}


class CorrectionForm(ProposalForm):
    """One figure of one return, as a decision corrects it."""

    places: ClassVar[Mapping[str, str]] = {**ReasonForm.places, "figure": "figure"}

    what = forms.ChoiceField(label="Which figure")
    figure = forms.IntegerField(min_value=0, max_value=MOST, label="What it is")
    article = forms.CharField(max_length=60, required=False, help_text="Of the law, where it speaks of corrections.")

    def __init__(self, key: Key, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._key = key
        what = self.fields["what"]
        assert isinstance(what, forms.ChoiceField)
        what.choices = list(labels(key).items())
        self.order_fields(["what", "figure", "article", "reason"])

    def arguments(self) -> dict[str, Any]:
        """Which figure of which return becomes what."""
        key, data = self._key, self.cleaned_data
        where = {"contest": key.contest.slug, "unit": key.unit.slug, "ballot": key.ballot}
        return {**where, "what": data["what"], "figure": data["figure"], "article": data["article"].strip()}


def key_of(election: Election, unit: str, contest: str, ballot: str) -> Key | None:
    """The return that an address names; None where there is none."""
    place = election.units.filter(slug=unit, paper=True).first()
    contests = election.contests.select_related("unit", "election").prefetch_related("candidates")
    found = contests.filter(slug=contest).first()
    if place is None or found is None or ballot not in ("1", "2"):
        return None
    return Key(found, place, int(ballot))
