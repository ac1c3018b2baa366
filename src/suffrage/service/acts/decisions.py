"""Recorded decisions about figures and finalists: each is proposed by one member of the committee, taken by another.

What a decision does is a matter of the count (`suffrage.election.DecisionKind`); here it is said which ones are open,
and what was decided is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractBaseUser

from suffrage.count import OutcomeKind
from suffrage.count.result import BallotCount, ContestCount
from suffrage.election import DecisionKind
from suffrage.service import clock
from suffrage.service.acts.opening import come_further
from suffrage.service.acts.permission import TwoPersonAct, refused, two_persons
from suffrage.service.acts.results import unpublish
from suffrage.service.counting import count_of
from suffrage.service.export import returns_in_force
from suffrage.service.log import record
from suffrage.service.models import Contest, Decision, Election, Role, Urn
from suffrage.service.paper_places import arranged

WHOLE = "the whole contest"
PREFIX = "decide-"
"""Begins the key of each act."""
_TIES = ("majority.tie", "second_ballot.tie")


@dataclass(frozen=True, slots=True)
class Open:
    """A decision that can be taken now about one ballot of a contest.

    `choices` are units (for `annul` and `accept`; empty: the whole contest) or candidates, with their names.
    """

    kind: DecisionKind
    contest: Contest
    ballot: int
    choices: tuple[tuple[str, str], ...]

    @property
    def about_units(self) -> bool:
        """Whether a unit is chosen, and not a candidate."""
        return self.kind in (DecisionKind.ANNUL, DecisionKind.ACCEPT)


def keep(by: AbstractBaseUser, election: Election, act: str, kind: DecisionKind, reason: str, **about: Any) -> Decision:
    """Keep a decision of the committee and record it as `act`: what is published is drawn and signed anew.

    `about` are the fields of the decision: contest, ballot, unit, candidate, field, figure, article.
    """
    decision = Decision.objects.create(
        election=election,
        slug=f"{kind.value}-{election.decisions.count() + 1}",
        kind=kind.value,
        day=clock.now(election).astimezone(ZoneInfo(election.time_zone)).date(),
        by="The committee",
        reason=reason,
        **about,
    )
    said = {name: value for name, value in about.items() if value not in ("", None)}
    record(by, act, election, reason, decision=decision.slug, **{**said, "contest": decision.contest.slug})
    unpublish(election)
    return decision


def open_decisions(election: Election) -> list[Open]:
    """The decisions that can be taken now, in the order of the contests and the ballots.

    None about a contest whose second ballot or new election was called after the ballot: what follows from it stands.
    """
    counted = count_of(election)
    items = {item.contest.id: item for item in counted.contests} if counted else {}
    again = set(election.repeated_by.values_list("contests__slug", flat=True))
    second = election.polls.filter(ballot=2).exists()
    around = _Around.of(election)
    found: list[Open] = []
    for contest in election.contests.select_related("unit").prefetch_related("candidates"):
        if contest.slug in again:
            continue
        item = items.get(contest.slug)
        for ballot in item.ballots if item else ():
            called = second and ballot.ballot == 1 and ballot.outcome.kind is OutcomeKind.SECOND_BALLOT
            if item and not called:
                found += _of_ballot(around, contest, item, ballot)
        found += _unopened(election, contest)
    taken = set(election.decisions.values_list("kind", "contest", "ballot", "unit", "candidate"))
    return [one for each in found for one in _left(each, taken)]


def _left(open_: Open, taken: set[tuple[str, int, int, str, str]]) -> Iterator[Open]:
    """A decision without the choices that were made already; nothing where none is left, or all of it is void."""
    what = open_.kind.value, open_.contest.pk, open_.ballot
    if (DecisionKind.ANNUL.value, *what[1:], "", "") in taken:
        return
    choices = tuple(
        choice
        for choice in open_.choices
        if (*what, *((choice[0], "") if open_.about_units else ("", choice[0]))) not in taken
    )
    if choices:
        yield Open(open_.kind, open_.contest, open_.ballot, choices)


@dataclass(frozen=True, slots=True)
class _Around:
    """What decisions are about, read once: names of units, those that reported from paper, those of the urns."""

    units: Mapping[str, str]
    reported: Mapping[tuple[int, int], list[str]]
    urns: Mapping[str, str]

    @classmethod
    def of(cls, election: Election) -> _Around:
        reported: dict[tuple[int, int], list[str]] = {}
        for one in returns_in_force(election).values():
            reported.setdefault((one.contest_id, one.ballot), []).append(one.unit.slug)
        units = dict(election.units.values_list("slug", "name"))
        return cls(units, reported, arranged(election, election.contests.all()).urn_unit)


def _of_ballot(around: _Around, contest: Contest, item: ContestCount, ballot: BallotCount) -> Iterator[Open]:
    people = {person.slug: str(person) for person in contest.candidates.all()}
    make = partial(Open, contest=contest, ballot=ballot.ballot)

    def named(*slugs: str) -> tuple[tuple[str, str], ...]:
        return tuple((slug, people.get(slug, slug)) for slug in slugs)

    tied = [step for step in ballot.outcome.steps if step.rule in _TIES and not step.holds]
    if ballot.outcome.kind is OutcomeKind.UNDECIDED and tied:
        yield make(DecisionKind.ELECT, choices=named(*tied[-1].candidates))
    errors = dict.fromkeys(finding.unit for finding in ballot.findings if finding.open_error)
    if errors:
        yield make(
            DecisionKind.ACCEPT,
            choices=tuple((unit, around.units.get(unit, unit) if unit else WHOLE) for unit in errors),
        )
    if ballot.outcome.kind is OutcomeKind.SECOND_BALLOT and item.second is None:
        yield make(DecisionKind.WITHDRAW, choices=named(*ballot.outcome.finalists))
    reported = around.reported.get((contest.pk, ballot.ballot), [])
    if reported and contest.slug in around.urns:
        reported = [*reported, around.urns[contest.slug]]
    yield make(DecisionKind.ANNUL, choices=(("", WHOLE), *((unit, around.units.get(unit, unit)) for unit in reported)))


def _unopened(election: Election, contest: Contest) -> Iterator[Open]:
    """An urn that cannot be opened need not keep the others waiting: its contest can be annulled without a result."""
    for urn in Urn.objects.filter(election=election, contest=contest, closed=True, decrypted=False):
        yield Open(DecisionKind.ANNUL, contest, urn.ballot, (("", WHOLE),))


def open_decision(election: Election, kind: str, contest: str, ballot: int) -> Open:
    """An open decision. ServiceError where it is not open."""
    for one in open_decisions(election):
        if (one.kind.value, one.contest.slug, one.ballot) == (kind, contest, ballot):
            return one
    raise refused("decision", "is not open any more, or never was", contest, "one that the results ask for or allow")


def _asked(kind: DecisionKind, election: Election, arguments: Mapping[str, Any]) -> Open:
    return open_decision(election, kind.value, str(arguments.get("contest", "")), int(arguments.get("ballot", 1)))


def _check(kind: DecisionKind, election: Election, arguments: Mapping[str, Any]) -> None:
    choice, choices = str(arguments.get("choice", "")), dict(_asked(kind, election, arguments).choices)
    if choice not in choices:
        raise refused("choice", "is none of those that there are", choice, ", ".join(choices.values()))


def _take(
    kind: DecisionKind, by: AbstractBaseUser, election: Election, arguments: Mapping[str, Any], reason: str
) -> None:
    open_ = _asked(kind, election, arguments)
    about = {
        "contest": open_.contest,
        "ballot": open_.ballot,
        "unit" if open_.about_units else "candidate": str(arguments["choice"]),
        "article": str(arguments.get("article", "")),
    }
    keep(by, election, f"decide: {kind.value}", kind, reason, **about)
    come_further(election, open_.ballot)


def _act(kind: DecisionKind, title: str) -> TwoPersonAct:
    return two_persons(
        TwoPersonAct(f"{PREFIX}{kind.value}", title, (Role.COMMITTEE,), partial(_take, kind), partial(_check, kind))
    )


DECISIONS = {
    kind: _act(kind, title)
    for kind, title in (
        (DecisionKind.ELECT, "Decide a tie"),
        (DecisionKind.ACCEPT, "Let figures stand as reported"),
        (DecisionKind.WITHDRAW, "Note that a finalist leaves"),
        (DecisionKind.ANNUL, "Annul a ballot"),
    )
}
