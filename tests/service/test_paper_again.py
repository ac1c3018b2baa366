"""What comes after a first ballot on paper: a second beside the urn, a new election; and what nobody is asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse

from suffrage.audit import verify_bundle
from suffrage.count import OutcomeKind
from suffrage.protocols.keys import fingerprint
from suffrage.protocols.publish import BUNDLE
from suffrage.roll import Reason
from suffrage.service.acts import again, parcels, results, roll
from suffrage.service.acts.officials import draw_roster
from suffrage.service.acts.paper_returns import awaited, enter
from suffrage.service.clock import now
from suffrage.service.demo import officials
from suffrage.service.demo.officials import open_urns, sign_everything
from suffrage.service.models import Election, Stage
from tests.service.pages import OFFICE, PUBLIC, client_of
from tests.service.paper_society import (
    GOOD,
    ONLINE,
    SOUTH,
    VOTES,
    closed,
    drafted,
    key,
    members,
    opened,
    published,
    ready,
    twice,
)
from tests.service.voting import Booth, over

pytestmark = pytest.mark.slow


def test_a_second_ballot_on_paper_beside_the_urn(data: Path, transactional_db: None) -> None:
    """Paper and urn are equal in the first ballot: the finalists are voted on again in both, by the same electors."""
    mixed = opened()
    election = mixed.election
    first, _, _ = members(mixed)
    none = dict.fromkeys(VOTES, 0)
    for unit in ("north-1", "north-2"):
        twice(mixed, unit, {**GOOD, "all_struck": 5}, none)
    for unit in ("south-1", "south-2"):
        twice(mixed, unit, votes=SOUTH)
    north = results.counted(election).contests[0]
    assert (north.first.totals.votes, north.outcome.kind) == ((7, 7), OutcomeKind.SECOND_BALLOT)
    published(mixed)
    at = now(election)
    again.call_second_ballot(first, election, at - timedelta(minutes=1), at + timedelta(days=1))
    booth = Booth(mixed)
    urn = booth.urn("north-seat", 2)
    assert urn.made
    assert booth.electors(urn) == [f"n{number:02d}" for number in range(ONLINE)]
    assert {item.unit.slug for item in awaited(election, 2)} == {"north-1", "north-2"}
    assert [form.contest.id for form in parcels.forms(election, 2)] == ["north-seat"]
    for elector in booth.electors(urn)[:12]:
        assert booth.cast(urn, booth.seal(urn, elector, 0)).status_code == 200
    over(mixed, 2)
    election.refresh_from_db()
    open_urns(election, mixed.trustees, 2)
    assert list(results.counted(election).contests[0].second.missing) == ["north-1", "north-2"]  # type: ignore[union-attr]
    for unit in ("north-1", "north-2"):
        where = replace(key(election, unit), ballot=2)
        for person in members(mixed)[:2]:
            enter(person, election, where, GOOD, VOTES)
    north = results.counted(election).contests[0]
    assert north.second is not None
    assert north.second.totals.votes == (12 + 6, 2)
    assert north.outcome.elected == ("ito-sora",)
    assert verify_bundle(published(mixed) / BUNDLE, fingerprint(election.root_key)).holds


def test_a_new_election_wholly_on_paper(data: Path, transactional_db: None) -> None:
    """Too few took part in the South: it is held anew on paper, in an election of its own, with the same roll."""
    paper = ready(online=False)
    closed(paper)
    election = paper.election
    first, _, _ = members(paper)
    for unit in ("north-1", "north-2"):
        twice(paper, unit)
    few = {"registered": 6, "issued": 1, "took_part": 1, "invalid": 0, "valid": 1, "all_struck": 0}
    for unit in ("south-1", "south-2"):
        twice(paper, unit, few, {**SOUTH, "beaumont-luc": 1})
    assert results.counted(election).contests[1].outcome.kind is OutcomeKind.NEW_ELECTION
    published(paper)
    at = now(election)
    made = again.call_new_election(first, election, ["south-seat"], at - timedelta(minutes=1), at + timedelta(days=1))
    anew = replace(paper, election=made)
    assert not made.urns.exists()
    assert {item.unit.slug for item in awaited(made)} == {"south-1", "south-2"}
    closed(anew)
    assert made.polls.get().stage == Stage.DECRYPTED
    # The roster names its election: before the chair has signed one for the new election, nothing can be signed.
    results.draw(paper.secretary.user, made)
    for name in (*OFFICE, *PUBLIC, "parcels", "paper-returns"):
        assert client_of(paper.secretary).get(reverse(name, args=[made.slug])).status_code == 200, name
    draw_roster(paper.secretary.user, made)
    sign_everything(made, paper.committee)
    for unit in ("south-1", "south-2"):
        twice(anew, unit, votes={**SOUTH, "beaumont-luc": 4})
    south = next(item for item in results.counted(made).contests if item.contest.id == "south-seat")
    assert south.outcome.elected == ("beaumont-luc",)
    assert verify_bundle(published(anew) / BUNDLE, fingerprint(made.root_key)).holds


def test_who_votes_on_paper_needs_no_mail_address(data: Path, transactional_db: None) -> None:
    secretary = officials.person(officials.SECRETARY)
    election = drafted(secretary)
    Election.objects.filter(pk=election.pk).update(second_factor=True)
    election.refresh_from_db()
    beside = election.units.get(kind="online").slug
    read = roll.read(election, f"Number;Name;District;Email\na;Ann;north-1;\nb;Ben;{beside};\n".encode())
    assert [[remark.reason for remark in fate.remarks] for fate in read.fates[1:]] == [[], [Reason.NO_EMAIL]]
