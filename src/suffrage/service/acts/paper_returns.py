"""Returns from paper: two persons enter each apart, a third decides where they differ; what was accepted is kept.

Figures that do not add up are findings of the count, and never repaired: a return is taken as it was reported. One that
was accepted is replaced by a new double entry as long as nothing that it went into is signed; after that one figure of
it is corrected by a recorded decision of two persons.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from suffrage.count.findings import Finding
from suffrage.protocols.canonical import canonical, sha256
from suffrage.service import clock, paper_forms
from suffrage.service.acts.permission import MANAGERS, refused, require
from suffrage.service.acts.results import protocols_of, unpublish
from suffrage.service.export import returns_in_force
from suffrage.service.log import record
from suffrage.service.models import Contest, Election, PaperEntry, PaperReturn, Poll, Role, Stage, Unit
from suffrage.service.models.returns import THIRD
from suffrage.service.paper_places import Places

Figures = Mapping[str, int]
_MOST = 10**12


class State(StrEnum):
    """How a return stands."""

    WAITS = "waits"
    ONCE = "entered once"
    DIFFERS = "differs"
    ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class Key:
    """Which return: of one contest, in one place that votes on paper, in one ballot."""

    contest: Contest
    unit: Unit
    ballot: int = 1


def awaited(election: Election, ballot: int = 1) -> list[Key]:
    """Every return that is to come from paper in a ballot; in the second one of the contests that are held again."""
    places = Places.of(election)
    contests = election.contests.select_related("unit", "election").prefetch_related("candidates")
    held = [contest for contest in contests if ballot == 1 or paper_forms.finalists_of(contest)]
    return [Key(contest, unit, ballot) for contest in held for unit in places.paper(contest.unit_id)]


def in_force(election: Election, ballot: int = 1) -> dict[tuple[int, int], PaperReturn]:
    """The accepted returns of a ballot by contest and place."""
    return {key[:2]: one for key, one in returns_in_force(election).items() if key[2] == ballot}


def entries_of(election: Election, key: Key) -> list[PaperEntry]:
    """The entries of the last series of a return, in their order."""
    found = list(
        PaperEntry.objects.filter(
            election=election, contest=key.contest, unit=key.unit, ballot=key.ballot
        ).select_related("entered_by")
    )
    return [entry for entry in found if entry.series == found[-1].series]


def state_of(entries: list[PaperEntry], accepted: PaperReturn | None) -> State:
    """How a return stands: by its last series, or by what was accepted before that."""
    if not entries or (accepted is not None and accepted.series == entries[-1].series):
        return State.ACCEPTED if accepted else State.WAITS
    return State.ONCE if len(entries) == 1 else State.DIFFERS


def differing(first: PaperEntry, second: PaperEntry) -> list[str]:
    """The figures and candidates on which two entries differ."""
    one, other = ({**entry.figures, **entry.votes} for entry in (first, second))
    return [name for name in dict.fromkeys((*one, *other)) if one.get(name) != other.get(name)]


def findings_of(election: Election, key: Key, figures: Figures, votes: Figures) -> list[Finding]:
    """What the law's checks find in the figures of one return."""
    return paper_forms.findings(election, key.contest, key.unit, key.ballot, figures, votes)


def enter(
    by: AbstractBaseUser,
    election: Election,
    key: Key,
    figures: Figures,
    votes: Figures,
    *,
    opened: time | None = None,
    closed: time | None = None,
    reason: str = "",
) -> State:
    """Enter the figures of a return, as its first or its second person; gives how the return stands then.

    A return that was accepted is begun anew with a `reason`, as long as no protocol of its contest is signed.
    """
    require(by, election, *MANAGERS)
    _check(election, key, figures, votes)
    with transaction.atomic():
        Election.objects.select_for_update().get(pk=election.pk)
        entries, accepted = entries_of(election, key), _accepted(election, key)
        state = state_of(entries, accepted)
        series = entries[-1].series if entries else 1
        if state is State.DIFFERS:
            raise refused("return", "was entered twice, and differs", key.unit.name, "a third person who decides")
        if state is State.ACCEPTED:
            _check_replacing(election, key, reason)
            entries, series = [], series + 1
        if any(entry.entered_by_id == by.pk for entry in entries):
            raise refused("return", "takes two persons", "the one who entered it first", "somebody else")
        entry = _entry(by, election, key, figures, votes, series, len(entries) + 1)
        entry.opened, entry.closed, entry.reason = opened, closed, reason.strip()
        entry.save()
        # The figures of a first entry stand in no log: the second person would read them there.
        record(by, "enter a return from paper", election, reason.strip(), **_about(key), entry=entry.place)
        if not entries:
            return State.ONCE
        if differing(entries[0], entry):
            record(by, "two entries of a return differ", election, **_about(key), in_=differing(entries[0], entry))
            return State.DIFFERS
        _accept(by, election, key, series, figures, votes, None)
    return State.ACCEPTED


def decide(by: AbstractBaseUser, election: Election, key: Key, chosen: Mapping[str, int | None]) -> State:
    """Decide, as a third person with the paper at hand, each figure on which the two entries differ.

    None: the paper does not give the figure.
    """
    require(by, election, Role.COMMITTEE)
    with transaction.atomic():
        Election.objects.select_for_update().get(pk=election.pk)
        entries, accepted = entries_of(election, key), _accepted(election, key)
        if state_of(entries, accepted) is not State.DIFFERS:
            raise refused("return", "waits for no third person", key.unit.name, "two entries that differ")
        if any(entry.entered_by_id == by.pk for entry in entries):
            raise refused("return", "takes a third person", "one of the two who entered it", "somebody else")
        first, second = entries
        open_ = differing(first, second)
        if set(chosen) != set(open_):
            raise refused("return", "is to be decided in what differs", ", ".join(chosen), ", ".join(open_))
        slugs = {person.slug for person in paper_forms.people(key.contest, key.ballot)}
        whole = {name: figure for name, figure in (first.figures | first.votes).items() if name not in open_}
        whole |= {name: figure for name, figure in chosen.items() if figure is not None}
        figures = {name: figure for name, figure in whole.items() if name not in slugs}
        votes = {name: figure for name, figure in whole.items() if name in slugs}
        _check(election, key, figures, votes)
        _entry(by, election, key, figures, votes, first.series, THIRD).save()
        record(by, "decide a return from paper", election, **_about(key), in_=open_)
        _accept(by, election, key, first.series, figures, votes, by)
    return State.ACCEPTED


def _about(key: Key) -> dict[str, object]:
    return {"contest": key.contest.slug, "unit": key.unit.slug, "ballot": key.ballot}


def _entry(
    by: AbstractBaseUser, election: Election, key: Key, figures: Figures, votes: Figures, series: int, place: int
) -> PaperEntry:
    return PaperEntry(
        election=election,
        contest=key.contest,
        unit=key.unit,
        ballot=key.ballot,
        series=series,
        place=place,
        entered_by_id=by.pk,
        at=clock.now(election),
        figures=dict(figures),
        votes=dict(votes),
    )


def _accept(
    by: AbstractBaseUser,
    election: Election,
    key: Key,
    series: int,
    figures: Figures,
    votes: Figures,
    third: AbstractBaseUser | None,
) -> None:
    sha = sha256(canonical({**_about(key), "series": series, "figures": dict(figures), "votes": dict(votes)}))
    at: datetime = clock.now(election)
    PaperReturn.objects.create(
        election=election,
        contest=key.contest,
        unit=key.unit,
        ballot=key.ballot,
        series=series,
        decided_by_id=third.pk if third else None,
        at=at,
        figures=dict(figures),
        votes=dict(votes),
        sha256=sha,
    )
    found = [finding.said for finding in findings_of(election, key, figures, votes)]
    said = {"figures": dict(figures), "votes": dict(votes), "sha256": sha, "findings": found}
    record(by, "accept a return from paper", election, **_about(key), **said)
    unpublish(election)


def _accepted(election: Election, key: Key) -> PaperReturn | None:
    return in_force(election, key.ballot).get((key.contest.pk, key.unit.pk))


def _check(election: Election, key: Key, figures: Figures, votes: Figures) -> None:
    """ServiceError where no return is due here and now, or figures are none of this return."""
    poll = Poll.objects.filter(election=election, ballot=key.ballot).first()
    if not key.unit.paper or key.unit.pk not in Places.of(election).within(key.contest.unit_id):
        raise refused("return", "is not awaited", key.unit.name, "a place of the contest that votes on paper")
    if poll is None or poll.stage == Stage.PREPARED or clock.now(election) < poll.closes:
        raise refused("return", "comes before the closing of the poll", key.unit.name, "figures after it is over")
    fields = paper_forms.fields(key.contest)
    slugs = {person.slug for person in paper_forms.people(key.contest, key.ballot)}
    if strangers := [name for name in figures if name not in fields] + [name for name in votes if name not in slugs]:
        raise refused("return", "has figures that there are not", ", ".join(strangers), ", ".join(fields))
    if lacks := [slug for slug in slugs if slug not in votes]:
        raise refused("return", "lacks votes of candidates", ", ".join(lacks), "a figure for each; 0 where none")
    wrong = [name for name, figure in (*figures.items(), *votes.items()) if not 0 <= figure <= _MOST]
    if wrong:
        raise refused("return", "has a figure that is none", ", ".join(wrong), "0 or more")


def _check_replacing(election: Election, key: Key, reason: str) -> None:
    if not reason.strip():
        raise refused("reason", "is missing", "", "why a return that was accepted is entered anew; it is published")
    if signed(election, key):
        raise refused("return", "went into a protocol that is signed", key.unit.name, "a decision that corrects it")


def signed(election: Election, key: Key) -> bool:
    """Whether a protocol of the contest in this ballot was signed by anybody."""
    store = protocols_of(election)
    if store is None:
        return False
    return any(one.contest == key.contest.slug and one.ballot == key.ballot for one in store.signed())
