"""Decisions of the committee: a tie, figures that stand, a finalist who leaves, a ballot that is void."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse

from suffrage.audit import verify_bundle
from suffrage.count import OutcomeKind
from suffrage.count.result import ContestCount
from suffrage.election import DecisionKind
from suffrage.errors import ServiceError
from suffrage.protocols.keys import fingerprint
from suffrage.protocols.publish import BUNDLE
from suffrage.service.acts import again, results
from suffrage.service.acts.decisions import DECISIONS, open_decisions
from suffrage.service.acts.paper_returns import enter
from suffrage.service.acts.permission import propose
from suffrage.service.clock import now
from suffrage.service.counting import follows
from suffrage.service.demo import society
from suffrage.service.demo.officials import open_urns
from suffrage.service.demo.way import Played
from suffrage.service.models import Decision, Election, Stage
from tests.service.pages import client_of
from tests.service.paper_society import GOOD, VOTES, closed, confirmed, key, members, published, ready
from tests.service.voting import Booth, over

pytestmark = pytest.mark.slow

NORTH = ("north-1", "north-2")
SOUTH = ("south-1", "south-2")
WINS = {"beaumont-luc": 4, "sidorov-pavel": 0, "weiss-martha": 0}
TIES = {"beaumont-luc": 2, "sidorov-pavel": 2, "weiss-martha": 0}


@pytest.fixture
def paper(data: Path, transactional_db: None) -> Played:
    """An election on paper alone in which the poll is over; a tie in the second ballot goes to the lot."""
    played = ready(online=False)
    law = society.LAW + '\n[second_ballot]\ntie = { value = "lot", article = "13", certainty = "decided" }\n'
    Election.objects.filter(pk=played.election.pk).update(law_text=law)
    played.election.refresh_from_db()
    closed(played)
    return played


def report(played: Played, units: tuple[str, ...], votes: Mapping[str, int], ballot: int = 1, **other: int) -> None:
    for unit in units:
        where = replace(key(played.election, unit), ballot=ballot)
        for person in members(played)[:2]:
            enter(person, played.election, where, {**GOOD, **other}, votes)


def decided(played: Played, kind: DecisionKind, contest: str, choice: str, ballot: int = 1) -> None:
    confirmed(played, DECISIONS[kind].key, contest=contest, ballot=ballot, choice=choice)
    played.election.refresh_from_db()


def offered(played: Played, contest: str, ballot: int = 1) -> dict[DecisionKind, list[str]]:
    return {
        one.kind: [choice for choice, _ in one.choices]
        for one in open_decisions(played.election)
        if (one.contest.slug, one.ballot) == (contest, ballot)
    }


def count_of(played: Played, contest: str) -> ContestCount:
    return next(item for item in results.counted(played.election).contests if item.contest.id == contest)


def holds(played: Played) -> bool:
    return verify_bundle(published(played) / BUNDLE, fingerprint(played.election.root_key)).holds


def test_figures_that_do_not_add_up_stand_by_decision(paper: Played) -> None:
    report(paper, NORTH[:1], VOTES)
    report(paper, NORTH[1:], VOTES, valid=4)
    report(paper, SOUTH, WINS)
    assert count_of(paper, "north-seat").outcome.kind is OutcomeKind.UNDECIDED
    assert offered(paper, "north-seat")[DecisionKind.ACCEPT] == ["north-2"]
    assert DecisionKind.ACCEPT not in offered(paper, "south-seat")
    with pytest.raises(ServiceError, match="none of those"):
        decided(paper, DecisionKind.ACCEPT, "north-seat", "north-1")
    with pytest.raises(ServiceError, match="not open"):
        decided(paper, DecisionKind.ACCEPT, "south-seat", "south-1")
    decided(paper, DecisionKind.ACCEPT, "north-seat", "north-2")
    assert count_of(paper, "north-seat").outcome.elected == ("ito-sora",)
    assert DecisionKind.ACCEPT not in offered(paper, "north-seat")
    assert holds(paper)


def test_the_ballots_of_a_place_and_of_a_contest_are_void(paper: Played) -> None:
    report(paper, NORTH, VOTES)
    report(paper, SOUTH, WINS)
    assert holds(paper)
    assert offered(paper, "north-seat") == {DecisionKind.ANNUL: ["", *NORTH]}
    decided(paper, DecisionKind.ANNUL, "north-seat", "north-1")
    assert paper.election.polls.get().stage == Stage.DECRYPTED
    assert count_of(paper, "north-seat").first.totals.votes == (3, 1)
    assert offered(paper, "north-seat") == {DecisionKind.ANNUL: ["", "north-2"]}
    assert holds(paper)
    # By the pages: the whole contest is a choice like the others.
    proposer, other, _ = (client_of(person) for person, _ in paper.committee.members.values())
    address = f"{reverse('propose', args=[paper.election.slug, 'decide-annul'])}?contest=north-seat&ballot=1"
    assert "required" in proposer.post(address, {"reason": "So"}).context["form"].errors["choice"][0]
    assert proposer.post(address, {"choice": "*", "reason": "The paper says otherwise"}).status_code == 302
    proposal = paper.election.proposals.get(act="decide-annul", confirmed_by=None)
    assert other.post(reverse("confirm", args=[paper.election.slug, proposal.pk])).status_code == 302
    paper.election.refresh_from_db()
    item = count_of(paper, "north-seat")
    assert item.outcome.kind is OutcomeKind.NEW_ELECTION
    assert "annulled by decision annul-2: The paper says otherwise" in item.outcome.reasoning
    assert offered(paper, "north-seat") == {}
    assert count_of(paper, "south-seat").outcome.elected == ("beaumont-luc",)
    assert holds(paper)
    assert [(item.contest.slug, item.kind) for item in follows(paper.election)] == [
        ("north-seat", OutcomeKind.NEW_ELECTION)
    ]


def test_a_finalist_leaves_before_the_second_ballot_is_called(paper: Played) -> None:
    report(paper, NORTH, VOTES)
    report(paper, SOUTH, TIES)
    assert offered(paper, "south-seat")[DecisionKind.WITHDRAW] == ["beaumont-luc", "sidorov-pavel"]
    published(paper)
    decided(paper, DecisionKind.WITHDRAW, "south-seat", "sidorov-pavel")
    item = count_of(paper, "south-seat")
    assert item.outcome.finalists == ("beaumont-luc",)
    assert offered(paper, "south-seat")[DecisionKind.WITHDRAW] == ["beaumont-luc"]
    assert holds(paper)
    first = members(paper)[0]
    at = now(paper.election)
    again.call_second_ballot(first, paper.election, at - timedelta(minutes=1), at + timedelta(days=1))
    assert offered(paper, "south-seat") == {}


def test_a_tie_goes_to_the_lot(paper: Played) -> None:
    election = paper.election
    report(paper, NORTH, VOTES)
    report(paper, SOUTH, TIES)
    published(paper)
    first = members(paper)[0]
    at = now(election)
    again.call_second_ballot(first, election, at - timedelta(minutes=1), at + timedelta(days=1))
    over(paper, 2)
    election.refresh_from_db()
    report(paper, SOUTH, {"beaumont-luc": 2, "sidorov-pavel": 2}, ballot=2)
    assert count_of(paper, "south-seat").outcome.kind is OutcomeKind.UNDECIDED
    assert offered(paper, "south-seat", 2)[DecisionKind.ELECT] == ["beaumont-luc", "sidorov-pavel"]
    # By the pages: one member proposes, another confirms.
    proposer, other, _ = (client_of(person) for person, _ in paper.committee.members.values())
    page = reverse("results", args=[election.slug])
    address = f"{reverse('propose', args=[election.slug, 'decide-elect'])}?contest=south-seat&ballot=2"
    assert address.replace("&", "&amp;") in proposer.get(page).content.decode()
    assert "decide-elect" not in client_of(paper.secretary).get(page).content.decode()
    assert client_of(paper.secretary).post(address, {"choice": "sidorov-pavel", "reason": "So"}).status_code in (
        400,
        403,
    )
    assert (
        "Select a valid choice" in proposer.post(address, {"choice": "weiss-martha", "reason": "So"}).content.decode()
    )
    drawn = {"choice": "sidorov-pavel", "article": "13", "reason": "The lot was drawn by the youngest member"}
    assert proposer.post(address, drawn).status_code == 302
    assert not Decision.objects.exists()
    assert "Second ballot: SIDOROV Pavel" in other.get(reverse("desk-election", args=[election.slug])).content.decode()
    proposal = election.proposals.get(act="decide-elect", confirmed_by=None)
    assert other.post(reverse("confirm", args=[election.slug, proposal.pk])).status_code == 302
    assert count_of(paper, "south-seat").outcome.elected == ("sidorov-pavel",)
    shown = proposer.get(page).content.decode()
    assert "The tie is decided for SIDOROV Pavel." in shown
    assert "The lot was drawn by the youngest member" in shown
    assert holds(paper)
    refused = proposer.get(address)
    assert (refused.status_code, "is not open any more" in refused.content.decode()) == (400, True)


def test_an_urn_that_is_never_opened_keeps_the_others_from_nothing(held: Callable[..., Played]) -> None:
    played = held()
    election, booth = played.election, Booth(played)
    for contest, number in (("chair", 12), ("north-seat", 3), ("south-seat", 12)):
        urn = booth.urn(contest)
        for elector in booth.electors(urn)[:number]:
            assert booth.cast(urn, booth.seal(urn, elector)).status_code == 200
    over(played)
    election.refresh_from_db()
    open_urns(election, played.trustees, 1)
    assert election.polls.get(ballot=1).stage == Stage.CLOSED
    assert offered(played, "north-seat") == {DecisionKind.ANNUL: [""]}
    assert offered(played, "chair") == {}
    member = next(iter(played.committee.members.values()))[0]
    with pytest.raises(ServiceError, match="not yours"):
        propose(
            played.secretary.user,
            election,
            DECISIONS[DecisionKind.ANNUL].key,
            {"contest": "north-seat", "ballot": 1, "choice": ""},
            "Too few",
        )
    assert "annul the ballot" in client_of(member).get(reverse("poll", args=[election.slug])).content.decode()
    decided(played, DecisionKind.ANNUL, "north-seat", "")
    assert election.polls.get(ballot=1).stage == Stage.DECRYPTED
    assert count_of(played, "north-seat").outcome.kind is OutcomeKind.NEW_ELECTION
    assert count_of(played, "chair").first.totals.votes == (12, 0, 0)
    assert holds(played)
    assert {item.contest.slug for item in follows(election)} >= {"north-seat"}
