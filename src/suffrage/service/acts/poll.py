"""The poll itself: it opens and closes by the clock; it is extended by a decision of two persons."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from suffrage import _core
from suffrage.belenios.urn import close as close_archive
from suffrage.errors import BeleniosError
from suffrage.service import clock, folders, heads
from suffrage.service.acts.opening import come_further, open_by_server
from suffrage.service.acts.permission import MANAGERS, TwoPersonAct, refused, two_persons
from suffrage.service.log import record
from suffrage.service.models import Election, Poll, Stage, Turnout, Urn
from suffrage.service.urns.ballots import voted_in
from suffrage.service.urns.hall import hall

LONGEST_EXTENSION = timedelta(days=14)
_PATIENCE = 30.0


def due(poll: Poll) -> bool:
    """Whether a poll is to be closed: its time is over, and the clock can be believed."""
    return poll.stage == Stage.READY and clock.now(poll.election) >= poll.closes and clock.believed()


def close(poll: Poll, wait: float = _PATIENCE) -> None:
    """Close every urn of a poll whose time is over: audit, tally, and the server's part of the decryption.

    May be called again after an interruption; what is done already stays. BeleniosError where an archive does not hold.
    """
    election = poll.election
    if not due(poll):
        raise refused("poll", "is not to be closed", "", "its closing time, by a clock that runs evenly")
    for urn in election.urns.select_related("contest").filter(ballot=poll.ballot, made=True, closed=False):
        _close(election, urn, wait)
    with transaction.atomic():
        if Poll.objects.filter(pk=poll.pk, stage=Stage.READY).update(stage=Stage.CLOSED):
            poll.stage = Stage.CLOSED
            record(None, "close the poll", election, ballot=poll.ballot)
            come_further(election, poll.ballot)


def _close(election: Election, urn: Urn, wait: float) -> None:
    path = folders.urns() / urn.file
    hall.leave(urn.uuid)
    if reason := heads.behind(urn, path):
        raise BeleniosError([refused(urn.file, f"cannot be closed: {reason}").problems[0]])
    if not closed_already(urn):
        _close_patiently(urn, wait)
    voted, ballots = voted_in(path)
    size = path.stat().st_size
    with transaction.atomic():
        height, event = last_event(urn)
        heads.publish(urn, (height, event, size), ballots, clock.now(election))
        note_turnout(urn, clock.now(election), len(voted), ballots)
        Urn.objects.filter(pk=urn.pk).update(closed=True)
        record(None, "close an urn", election, urn=urn.uuid, electors=len(voted), ballots=ballots, head=event)
    open_by_server(urn)


def closed_already(urn: Urn) -> bool:
    """Whether the archive has its tally: an interruption came between it and the database."""
    return _core.archive_tally(folders.urns() / urn.file) is not None


def _close_patiently(urn: Urn, wait: float) -> None:
    """Close an archive as soon as its last writer has left."""
    path = folders.urns() / urn.file
    until = time.monotonic() + wait
    while True:
        try:
            close_archive(path)
            return
        except BeleniosError as error:
            if "another" not in str(error) or time.monotonic() > until:
                raise
        time.sleep(0.2)


def last_event(urn: Urn) -> tuple[int, str]:
    """The height and the hash of the last event of an archive that nobody writes to."""
    with _core.ArchiveWriter.open(folders.urns() / urn.file) as archive:
        height, event, _ = archive.head
    return height, event


def note_turnout(urn: Urn, at: datetime, electors: int, ballots: int) -> None:
    """Note how many had voted by the hour that runs; hours that are over stay as they are."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    Turnout.objects.update_or_create(urn=urn, hour=hour, defaults={"electors": electors, "ballots": ballots})


def _check_extension(election: Election, arguments: Mapping[str, Any]) -> None:
    poll = Poll.objects.filter(election=election, ballot=int(arguments["ballot"])).first()
    if poll is None or poll.stage != Stage.READY:
        raise refused("poll", "cannot be extended", "", "a poll that is prepared or open")
    closes = datetime.fromisoformat(str(arguments["closes"]))
    if closes.tzinfo is None:
        raise refused("closing", "has no time zone")
    at = clock.now(election)
    if at >= poll.closes:
        raise refused("poll", "is over, and cannot be extended", poll.closes, "a decision before the closing")
    if not poll.closes < closes <= poll.closes + LONGEST_EXTENSION:
        raise refused("closing", "is no extension", closes, f"after {poll.closes}, by at most 14 days")


def _extend(by: AbstractBaseUser, election: Election, arguments: Mapping[str, Any], reason: str) -> None:
    poll = Poll.objects.select_for_update().get(election=election, ballot=int(arguments["ballot"]))
    _check_extension(election, arguments)
    before, closes = poll.closes, datetime.fromisoformat(str(arguments["closes"]))
    Poll.objects.filter(pk=poll.pk).update(closes=closes)
    record(
        by,
        "extend the poll",
        election,
        reason,
        ballot=poll.ballot,
        before=before.isoformat(),
        closes=closes.isoformat(),
    )
    transaction.on_commit(hall.hours_changed)


EXTEND = two_persons(TwoPersonAct("extend", "Extend the poll", MANAGERS, _extend, _check_extension))
