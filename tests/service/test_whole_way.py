"""The way of an election through the acts of the service, from the roll to the second ballot and a new election."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from suffrage import _core
from suffrage.audit import verify_bundle
from suffrage.count import OutcomeKind
from suffrage.protocols.keys import fingerprint
from suffrage.protocols.publish import BUNDLE
from suffrage.service import clock, folders
from suffrage.service.acts import again, poll, results, setup
from suffrage.service.demo.officials import open_urns, sign_everything
from suffrage.service.demo.society import RACES, votes
from suffrage.service.demo.way import Played
from suffrage.service.models import Stage
from suffrage.service.urns.hall import hall

pytestmark = pytest.mark.slow


def vote(played: Played, ballot: int = 1, seed: int = 1) -> dict[str, list[int]]:
    """Everybody who comes casts; gives for each contest the sums that must come out, all struck at the end."""
    sums: dict[str, list[int]] = {}
    for urn in played.election.urns.filter(ballot=ballot, made=True).select_related("contest"):
        race = next(race for race in RACES if race.slug == urn.contest.slug)
        keeper = hall.keeper(urn.uuid)
        electors = [row.elector.number for row in urn.credentials.select_related("elector")]
        size = len(keeper.urn.questions[0].answers)
        found = [0] * (size + 1)
        for elector, choice in votes(race, electors, seed).items():
            place = None if choice is None else choice % size
            plain = [int(place == number) for number in range(size)]
            sealed = keeper.urn.election.seal(played.codes[elector], [plain])
            receipt = keeper.cast(sealed, keeper.check(sealed))
            assert not receipt.replaces
            found[size if place is None else place] += 1
        sums[urn.contest.slug] = found
    return sums


def end(played: Played, ballot: int) -> None:
    """The poll closes by the clock, the trustees open the urns, the committee signs, the results are published."""
    election = played.election
    found = election.polls.get(ballot=ballot)
    setup.move_clock(played.secretary.user, election, int((found.closes - clock.now(election)).total_seconds()) + 1)
    election.refresh_from_db()
    hall.hours_changed()
    found = election.polls.select_related("election").get(ballot=ballot)
    poll.close(found)
    open_urns(election, played.trustees, ballot)
    results.draw(played.secretary.user, election)
    sign_everything(election, played.committee)
    results.prepare_publication(played.secretary.user, election)
    sign_everything(election, played.committee)
    results.publish_results(played.secretary.user, election)


def test_the_whole_way(play: Callable[..., Played]) -> None:
    played = play(100)
    election = played.election
    sums = vote(played)
    end(played, 1)
    assert election.polls.get(ballot=1).stage == Stage.PUBLISHED
    counted = results.counted(election)
    outcomes = {contest.contest.id: contest.outcome.kind for contest in counted.contests}
    assert outcomes == {
        "chair": OutcomeKind.SECOND_BALLOT,
        "north-seat": OutcomeKind.ELECTED,
        "south-seat": OutcomeKind.NEW_ELECTION,
    }
    for contest in counted.contests:
        assert [int(v) for v in contest.first.totals.votes] == sums[contest.contest.id][:-1]
    bundle = folders.published(election.slug) / BUNDLE
    assert verify_bundle(bundle, fingerprint(election.root_key)).holds

    chair = played.committee.chair.user
    at = clock.now(election)
    again.call_second_ballot(chair, election, at - timedelta(minutes=1), at + timedelta(days=1))
    second = vote(played, 2, seed=2)
    end(played, 2)
    counted = results.counted(election)
    chairs = next(contest for contest in counted.contests if contest.contest.id == "chair")
    assert chairs.outcome.kind is OutcomeKind.ELECTED
    assert chairs.second is not None
    assert [int(v) for v in chairs.second.totals.votes] == second["chair"][:-1]

    at = clock.now(election)
    anew = again.call_new_election(chair, election, ["south-seat"], at - timedelta(minutes=1), at + timedelta(days=1))
    urn = anew.urns.get()
    elector = urn.credentials.select_related("elector").first()
    assert elector is not None
    keeper = hall.keeper(urn.uuid)
    sealed = keeper.urn.election.seal(played.codes[elector.elector.number], [[1, 0, 0]])
    assert keeper.cast(sealed, keeper.check(sealed)).height > 0
    with pytest.raises(_core.BeleniosError):
        keeper.urn.election.seal("not a code", [[1, 0, 0]])
