"""What time it is in an election: the real time, moved in a rehearsal; and whether the clock can be believed."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from suffrage.election import Kind
from suffrage.service.models import Election, Poll, Stage

MOST_JUMP = 60.0
"""Seconds by which the wall clock may part from the steady one before nothing is closed by it any more."""


def _steady() -> float:
    """Seconds that nobody can move; those count in which the machine slept."""
    for name in ("CLOCK_BOOTTIME", "CLOCK_MONOTONIC_RAW"):
        if hasattr(time, name):
            return time.clock_gettime(getattr(time, name))
    return time.monotonic()


_WALL, _STEADY = time.time(), _steady()


def jump() -> float:
    """By how many seconds the wall clock was moved since the process started."""
    return (time.time() - _WALL) - (_steady() - _STEADY)


def believed() -> bool:
    """Whether the clock has run evenly since the process started. A poll is closed for good by no other clock."""
    return abs(jump()) < MOST_JUMP


def now(election: Election) -> datetime:
    """The time in an election. Only that of a rehearsal or a demo can be moved."""
    real = datetime.now(UTC)
    return real if election.kind == Kind.REAL else real + timedelta(seconds=election.clock_offset)


def is_open(poll: Poll, at: datetime) -> bool:
    """Whether ballots are taken at a moment: from the opening on, and before the closing."""
    return poll.stage == Stage.READY and poll.opens <= at < poll.closes


def day_of(poll: Poll) -> date:
    """The polling day: that on which the poll closes, in the time zone of the election."""
    return (poll.closes - timedelta(microseconds=1)).astimezone(ZoneInfo(poll.election.time_zone)).date()
