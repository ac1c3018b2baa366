"""Acts that take two persons: what is proposed, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from suffrage.service.acts.decisions import Open
from suffrage.service.forms.base import ReasonForm, ZonedMoment
from suffrage.service.models import Election

_WHOLE = "*"
"""The whole contest, in a form that asks for a choice; no unit has this name."""


class ProposalForm(ReasonForm):
    """Why an act is to be done that takes two persons."""

    def arguments(self) -> dict[str, Any]:
        """What the act is told."""
        return {}


class ExtensionForm(ProposalForm):
    """A later closing of a poll."""

    places: ClassVar[Mapping[str, str]] = {**ReasonForm.places, "closing": "closes"}

    field_order = ("closes", "reason")

    def __init__(self, election: Election, ballot: int, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._ballot = ballot
        self.fields["closes"] = ZonedMoment(election.time_zone, label="New closing")
        self.order_fields(self.field_order)

    def arguments(self) -> dict[str, Any]:
        """Which poll closes when."""
        return {"ballot": self._ballot, "closes": self.cleaned_data["closes"].isoformat()}


class FewBallotsForm(ProposalForm):
    """An urn that is opened though it has few ballots."""

    def __init__(self, uuid: str, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._uuid = uuid

    def arguments(self) -> dict[str, Any]:
        """Which urn."""
        return {"urn": self._uuid}


class DecisionForm(ProposalForm):
    """About whom or what a decision is, of those that it can be about."""

    places: ClassVar[Mapping[str, str]] = {**ReasonForm.places, "choice": "choice"}

    choice = forms.ChoiceField()
    article = forms.CharField(max_length=60, required=False, help_text="Of the law, where it speaks of this.")

    def __init__(self, decision: Open, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._decision = decision
        choice = self.fields["choice"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(value or _WHOLE, label) for value, label in decision.choices]
        choice.label = "About" if decision.about_units else "Who"
        self.order_fields(["choice", "article", "reason"])

    def arguments(self) -> dict[str, Any]:
        """Which ballot of which contest, and the choice."""
        decision, data = self._decision, self.cleaned_data
        where = {"contest": decision.contest.slug, "ballot": decision.ballot}
        choice = "" if data["choice"] == _WHOLE else data["choice"]
        return {**where, "choice": choice, "article": data["article"].strip()}
