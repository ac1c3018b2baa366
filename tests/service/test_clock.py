"""The poll and its clock: a clock that was moved closes nothing, and only two persons make a poll longer."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from suffrage.errors import BeleniosError, ServiceError
from suffrage.service import clock, tasks
from suffrage.service.acts import poll as polls
from suffrage.service.acts import setup
from suffrage.service.acts.permission import confirm, propose
from suffrage.service.clockwork import Clockwork
from suffrage.service.demo.way import Played
from suffrage.service.log import entries
from suffrage.service.models import Poll, Stage
from suffrage.service.urns.hall import hall
from tests.service.voting import Booth, error, move, over, said

pytestmark = pytest.mark.slow


@pytest.fixture
def booth(held: Callable[..., Played]) -> Booth:
    return Booth(held())


def the_poll(booth: Booth) -> Poll:
    return Poll.objects.select_related("election").get(election=booth.election, ballot=1)


def jumped(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """The wall clock is moved under the running service: what it was at the start is that much further away."""
    monkeypatch.setattr(clock, "_WALL", clock._WALL - seconds)


def closes_in(booth: Booth, seconds: float) -> None:
    closes = clock.now(the_poll(booth).election) + timedelta(seconds=seconds)
    Poll.objects.filter(election=booth.election, ballot=1).update(closes=closes)
    hall.hours_changed()


def test_the_steady_clock_agrees_with_the_wall() -> None:
    assert abs(clock.jump()) < 5
    assert clock.believed()


@pytest.mark.parametrize("seconds", [61, 86400, -61])
def test_nothing_is_closed_by_a_clock_that_was_moved(
    booth: Booth, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, seconds: int
) -> None:
    urn = booth.urn()
    booth.cast(urn, booth.seal(urn, "0001"))
    closes_in(booth, -1)
    work = Clockwork()
    with monkeypatch.context() as moved:
        jumped(moved, seconds)
        for _ in range(3):
            work.tick()
        assert caplog.text.count("the machine's clock was moved") == 1
        assert not tasks.close_poll.func(the_poll(booth).pk)
        with pytest.raises(ServiceError, match="is not to be closed"):
            polls.close(the_poll(booth))
        assert the_poll(booth).stage == Stage.READY
        assert urn.uuid in dict(hall.opened())
        # Nobody can cast either: the time is over as far as anybody can say.
        assert error(booth.cast(urn, booth.seal(urn, "0002"))) == (403, "closed")
    # What is queued is done at once here.
    work.tick()
    assert urn.uuid not in dict(hall.opened())
    assert the_poll(booth).stage == Stage.CLOSED


def test_a_poll_is_closed_once_and_by_nobody_before_its_time(booth: Booth) -> None:
    with pytest.raises(ServiceError, match="is not to be closed"):
        polls.close(the_poll(booth))
    over(booth.played)
    assert the_poll(booth).stage == Stage.CLOSED
    assert not tasks.close_poll.func(the_poll(booth).pk)
    acts = [entry["act"] for entry in entries(booth.election)]
    assert acts.count("close the poll") == 1
    assert acts.count("close an urn") == 3


def test_closing_goes_on_after_an_interruption(booth: Booth) -> None:
    for elector in [f"{number:04d}" for number in range(1, 13)]:
        booth.cast(booth.urn(), booth.seal(booth.urn(), elector))
    hall.leave_all()
    south = booth.urn("south-seat")
    away = booth.archive(south).with_suffix(".away")
    booth.archive(south).rename(away)
    with pytest.raises(BeleniosError):
        over(booth.played)
    assert the_poll(booth).stage == Stage.READY
    assert booth.urn().closed
    away.rename(booth.archive(south))
    before = booth.archive(booth.urn()).read_bytes()
    polls.close(the_poll(booth))
    assert the_poll(booth).stage == Stage.CLOSED
    assert booth.archive(booth.urn()).read_bytes() == before


def extension(booth: Booth, hours: float) -> dict[str, object]:
    return {"ballot": 1, "closes": (the_poll(booth).closes + timedelta(hours=hours)).isoformat()}


def test_an_extension_by_two_persons_holds_at_once(booth: Booth) -> None:
    urn, played = booth.urn(), booth.played
    closes_in(booth, 1.5)
    assert booth.cast(urn, booth.seal(urn, "0001")).status_code == 200
    proposal = propose(played.secretary.user, booth.election, "extend", extension(booth, 1), "The network was down")
    before = the_poll(booth).closes
    confirm(played.committee.chair.user, proposal)
    time.sleep(max(0.0, (before - datetime.now(UTC)).total_seconds()) + 0.05)
    assert clock.now(booth.election) > before
    assert said(booth.cast(urn, booth.seal(urn, "0002")))["replaces"] is False
    acts = [entry for entry in entries(booth.election) if entry["act"] == "extend the poll"]
    assert [(entry["reason"], entry["about"]["before"]) for entry in acts] == [
        ("The network was down", before.isoformat())
    ]
    public = booth.client.get(f"/e/{booth.election.slug}/").content.decode()
    assert "The network was down" in public


def test_an_extension_that_was_decided_elsewhere_holds_within_a_second(booth: Booth) -> None:
    urn = booth.urn()
    closes_in(booth, 0.5)
    assert booth.cast(urn, booth.seal(urn, "0001")).status_code == 200
    # Another process has written it: this one looks again after a second.
    Poll.objects.filter(pk=the_poll(booth).pk).update(closes=the_poll(booth).closes + timedelta(hours=1))
    time.sleep(1.1)
    assert booth.cast(urn, booth.seal(urn, "0002")).status_code == 200


def test_no_extension_after_the_closing(booth: Booth) -> None:
    played = booth.played
    proposal = propose(played.secretary.user, booth.election, "extend", extension(booth, 1), "Too late")
    closes_in(booth, -1)
    for attempt in (
        lambda: confirm(played.committee.chair.user, proposal),
        lambda: propose(played.secretary.user, booth.election, "extend", extension(booth, 2), "Later still"),
    ):
        with pytest.raises(ServiceError, match="is over, and cannot be extended"):
            attempt()
    over(played)
    with pytest.raises(ServiceError, match="cannot be extended"):
        confirm(played.committee.chair.user, proposal)
    assert the_poll(booth).stage == Stage.CLOSED


@pytest.mark.parametrize("hours", [-1, 0, 14 * 24 + 1])
def test_what_is_no_extension(booth: Booth, hours: float) -> None:
    with pytest.raises(ServiceError, match="is no extension"):
        propose(booth.played.secretary.user, booth.election, "extend", extension(booth, hours), "A reason")


def test_the_clock_of_a_real_election_is_not_moved(held: Callable[..., Played]) -> None:
    booth = Booth(held(kind="real"))
    with pytest.raises(ServiceError, match="cannot be moved"):
        move(booth.played, 60)
    real = the_poll(booth).election
    real.clock_offset = 10**6
    assert abs((clock.now(real) - datetime.now(UTC)).total_seconds()) < 5


def test_hours_are_fixed_since_the_urns_were_made(booth: Booth) -> None:
    poll = the_poll(booth)
    with pytest.raises(ServiceError, match="are fixed since"):
        setup.set_hours(booth.played.secretary.user, booth.election, poll.opens, poll.closes + timedelta(hours=1))
    assert the_poll(booth).closes == poll.closes
