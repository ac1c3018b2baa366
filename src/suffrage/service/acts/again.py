"""The second ballot and the new election: one act each, with the same roll, the same codes and the trustees' keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from suffrage.count import OutcomeKind
from suffrage.service import clock, mailing
from suffrage.service.acts.fixing import contest_electors
from suffrage.service.acts.permission import refused, require
from suffrage.service.acts.results import counted, last_poll
from suffrage.service.acts.setup import check_hours
from suffrage.service.acts.urn_making import make
from suffrage.service.log import record
from suffrage.service.models import (
    RESERVE,
    Candidate,
    Ceremony,
    Contest,
    Credential,
    Election,
    Elector,
    Poll,
    Role,
    Trustee,
    Unit,
    Urn,
)

_BATCH = 2000


@dataclass(frozen=True, slots=True)
class Due:
    """A contest in which nobody was elected: what follows, who stands in it, and the last day that the law allows."""

    contest: Contest
    kind: OutcomeKind
    finalists: tuple[str, ...]
    seats: int
    by: date | None
    reasoning: str


def due(election: Election) -> list[Due]:
    """What follows from the count of the last ballot: second ballots and new elections."""
    contests = {contest.slug: contest for contest in election.contests.all()}
    return [
        Due(
            contests[item.contest.id],
            item.outcome.kind,
            item.outcome.finalists,
            item.outcome.seats_left,
            item.outcome.by,
            item.outcome.reasoning,
        )
        for item in counted(election).contests
        if item.outcome.kind in (OutcomeKind.SECOND_BALLOT, OutcomeKind.NEW_ELECTION)
    ]


def call_second_ballot(by: AbstractBaseUser, election: Election, opens: datetime, closes: datetime) -> Poll:
    """Call the second ballot of every contest that needs one: finalists and last day are those of the law.

    The urns take the lists that were registered at the start, new server keys, and the trustees' keys; the electors of
    the contests are written to.
    """
    require(by, election, Role.COMMITTEE)
    if election.polls.filter(ballot=2).exists() or last_poll(election).stage != "published":
        raise refused(
            "second ballot", "cannot be called", "", "the first ballot published, and no second one called yet"
        )
    contests = [item for item in due(election) if item.kind is OutcomeKind.SECOND_BALLOT]
    if not contests:
        raise refused("second ballot", "is not needed", "", "a contest in which the law asks for one")
    _check_days(election, opens, closes, [item.by for item in contests])
    with transaction.atomic():
        poll = Poll.objects.create(election=election, ballot=2, opens=opens, closes=closes)
        urns = []
        for item in contests:
            urn = Urn.objects.select_related("contest__election").filter(contest=item.contest, ballot=2).first()
            if urn is None:
                continue  # everybody votes on paper in it
            urn.finalists, urn.seats = list(item.finalists), item.seats
            urn.save()
            urns.append(urn)
        record(
            by,
            "call the second ballot",
            election,
            opens=opens.isoformat(),
            closes=closes.isoformat(),
            finalists={item.contest.slug: list(item.finalists) for item in contests},
        )
        _notify("second-ballot", election, poll, [item.contest for item in contests])
        make(election, poll, urns)
    return poll


def call_new_election(
    by: AbstractBaseUser, election: Election, slugs: Sequence[str], opens: datetime, closes: datetime
) -> Election:
    """Hold contests anew in an election of its own: same law, roll, codes, committee and trustees' keys.

    `slugs` are contests for which the law asks for a new election; the same candidates stand. The urns take the lists
    that were kept in reserve.
    """
    require(by, election, Role.COMMITTEE)
    if last_poll(election).stage != "published":
        raise refused("new election", "cannot be called yet", "", "results that are published")
    open_ = {item.contest.slug: item for item in due(election) if item.kind is OutcomeKind.NEW_ELECTION}
    if not slugs or (strangers := set(slugs) - set(open_)):
        raise refused(
            "new election", "is not what follows", ", ".join(sorted(strangers)) if slugs else "", ", ".join(open_)
        )
    used = set(Contest.objects.filter(slug__in=slugs, election__repeats=election).values_list("slug", flat=True))
    if used:
        raise refused("new election", "has been called already", ", ".join(sorted(used)))
    _check_days(election, opens, closes, [open_[slug].by for slug in slugs])
    with transaction.atomic():
        made = _copied(election)
        contests = _copied_contests(election, made, slugs)
        poll = Poll.objects.create(election=made, ballot=1, opens=opens, closes=closes)
        urns = _moved_urns(made, contests)
        about = {"contests": list(slugs), "opens": opens.isoformat(), "closes": closes.isoformat()}
        record(by, "call a new election", election, new=made.slug, **about)
        record(by, "begin the election", made, repeats=election.slug, **about)
        _notify("new-election", made, poll, list(contests.values()))
        make(made, poll, urns)
    return made


def _check_days(election: Election, opens: datetime, closes: datetime, last_days: Sequence[date | None]) -> None:
    check_hours(opens, closes)
    if closes <= clock.now(election):
        raise refused("hours", "are over already", closes)
    last = min((day for day in last_days if day is not None), default=None)
    day = closes.astimezone(ZoneInfo(election.time_zone)).date()
    if last is not None and day > last:
        raise refused("hours", "are later than the law allows", day, f"{last} at the latest")


def _notify(name: str, election: Election, poll: Poll, contests: Sequence[Contest]) -> None:
    """Write to every elector of some contests who has an address, once."""
    zone = ZoneInfo(election.time_zone)
    seen: dict[int, list[str]] = {}
    for contest in contests:
        for pk in contest_electors(contest).exclude(email="").values_list("pk", flat=True):
            seen.setdefault(pk, []).append(contest.name)
    for elector in Elector.objects.filter(pk__in=seen).iterator(chunk_size=_BATCH):
        mailing.queue_worded(
            name,
            elector.language or election.language,
            elector.email,
            election,
            elector,
            name=elector.name,
            contests="\n".join(seen[elector.pk]),
            opens=f"{poll.opens.astimezone(zone):%Y-%m-%d %H:%M}",
            closes=f"{poll.closes.astimezone(zone):%Y-%m-%d %H:%M}",
            time_zone=election.time_zone,
            link=f"{settings.PUBLIC_URL}/e/{election.slug}/vote/",
        )


def _copied(election: Election) -> Election:
    """A new election with the law, the places, the roll, the committee and the trustees of another."""
    number = 2
    base = election.slug[:50]
    while Election.objects.filter(slug=f"{base}-{number}").exists():
        number += 1
    made = Election.objects.get(pk=election.pk)
    members = list(election.memberships.all())
    trustees = {trustee.membership_id: trustee for trustee in election.trustees.all()}
    ceremony = Ceremony.objects.filter(election=election).first()
    units = list(election.units.order_by("position", "id"))
    made.pk, made.slug, made.repeats = None, f"{base}-{number}", election
    # The roster names its election: the committee signs one for the new election.
    made.roster, made.roster_signature = b"", ""
    made.save()
    places: dict[int, Unit] = {}
    for unit in units:
        old = unit.pk
        unit.pk, unit.election = None, made
        unit.save()
        places[old] = unit
    for unit in places.values():
        if unit.parent_id is not None:
            unit.parent = places[unit.parent_id]
            unit.save()
    for elector in election.electors.iterator(chunk_size=_BATCH):
        elector.pk, elector.election, elector.unit = None, made, places[elector.unit_id]
        elector.save()
    for member in members:
        old, member.pk, member.election = member.pk, None, made
        member.save()
        if old in trustees:
            trustee: Trustee = trustees[old]
            trustee.pk, trustee.election, trustee.membership = None, made, member
            trustee.save()
    if ceremony is not None:
        ceremony.pk, ceremony.election = None, made
        ceremony.save()
    return made


def _copied_contests(election: Election, made: Election, slugs: Sequence[str]) -> dict[str, Contest]:
    contests: dict[str, Contest] = {}
    units = {unit.slug: unit for unit in made.units.all()}
    for contest in election.contests.select_related("unit").filter(slug__in=slugs):
        people: list[Candidate] = list(contest.candidates.all())
        contest.pk, contest.election, contest.unit = None, made, units[contest.unit.slug]
        contest.save()
        contests[contest.slug] = contest
        for person in people:
            person.pk, person.contest = None, contest
            person.save()
    return contests


def _moved_urns(made: Election, contests: dict[str, Contest]) -> list[Urn]:
    """The urns of the new election: those that were kept in reserve, with their lists."""
    electors: dict[str, Elector] = {elector.number: elector for elector in made.electors.all()}
    urns = []
    for urn in Urn.objects.filter(
        election=made.repeats, ballot=RESERVE, contest__slug__in=contests, made=False
    ).select_related("contest"):
        rows = list(Credential.objects.filter(urn=urn).select_related("elector"))
        for row in rows:
            row.elector = electors[row.elector.number]
        Credential.objects.bulk_update(rows, ["elector"], batch_size=_BATCH)
        urn.election, urn.contest, urn.ballot = made, contests[urn.contest.slug], 1
        urn.save()
        urns.append(Urn.objects.select_related("contest__election").get(pk=urn.pk))
    return urns
