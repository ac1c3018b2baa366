"""The hall: all urns that are open in this process. An urn is opened with its first ballot, and closed by the clock."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

from suffrage.errors import BeleniosError
from suffrage.service import clock, folders, heads
from suffrage.service.models import Election, Poll, Stage, Urn
from suffrage.service.urns import refusals
from suffrage.service.urns.keeper import Keeper

_REMEMBERED = 1.0
"""Seconds for which the hours of a poll are remembered between two ballots."""


@dataclass(slots=True)
class _Hours:
    poll: Poll
    read: float


class Hall:
    """The keepers of this process by uuid."""

    def __init__(self) -> None:
        self._keepers: dict[str, Keeper] = {}
        self._elections: dict[str, Election] = {}
        self._hours: dict[tuple[int, int], _Hours] = {}
        self._lock = threading.Lock()

    def keeper(self, uuid: str) -> Keeper:
        """The keeper of an urn, which is opened where it is not yet.

        Refusal before the opening, after the closing, and where the archive cannot be opened: it is behind its
        published head, damaged, or written to by another process.
        """
        found = self._keepers.get(uuid)
        if found is not None and not found.failed:
            return found
        with self._lock:
            found = self._keepers.get(uuid)
            if found is not None and not found.failed:
                return found
            if found is not None:
                self._keepers.pop(uuid).close()
            urn = Urn.objects.filter(uuid=uuid, made=True).select_related("election").first()
            if urn is None:
                raise refusals.Refusal("wrong-ballot", "There is no such urn. The ballot was not cast.", 404)
            election_id, ballot = urn.election_id, urn.ballot
            self._may_cast(election_id, ballot)
            path = folders.urns() / urn.file
            logger = logging.getLogger("suffrage.service")
            if reason := heads.behind(urn, path):
                logger.error("the urn %s is not opened: %s", uuid, reason)
                raise refusals.unavailable()
            try:
                keeper = Keeper(path, lambda: self._may_cast(election_id, ballot))
            except BeleniosError as error:
                logger.error("the urn %s cannot be opened: %s", uuid, error)
                raise refusals.unavailable() from None
            except Exception as error:
                logger.error("the urn %s cannot be opened: %s", uuid, type(error).__name__)
                raise refusals.unavailable() from None
            if keeper.cut:
                logger.warning("the urn %s: %s bytes of a ballot without receipt were cut off", uuid, keeper.cut)
            self._elections[uuid] = urn.election
            self._keepers[uuid] = keeper
            return keeper

    def _may_cast(self, election: int, ballot: int) -> None:
        hours = self._hours.get((election, ballot))
        if hours is None or time.monotonic() - hours.read > _REMEMBERED:
            poll = Poll.objects.select_related("election").get(election_id=election, ballot=ballot)
            hours = self._hours[election, ballot] = _Hours(poll, time.monotonic())
        poll = hours.poll
        at = clock.now(poll.election)
        if poll.stage == Stage.PREPARED or (poll.stage == Stage.READY and at < poll.opens):
            raise refusals.not_open()
        if not clock.is_open(poll, at):
            raise refusals.closed()

    def wants_factor(self, slug: str, uuid: str) -> bool:
        """Whether the election of an open urn wants a second factor. Refusal where the urn is another election's."""
        election = self._elections.get(uuid)
        if election is None or election.slug != slug:
            raise refusals.Refusal("wrong-ballot", "There is no such urn. The ballot was not cast.", 404)
        return election.second_factor

    def hours_changed(self) -> None:
        """Forget the hours that are remembered: a decision has moved them."""
        self._hours.clear()

    def opened(self) -> Iterator[tuple[str, Keeper]]:
        """The keepers of this process."""
        yield from list(self._keepers.items())

    def leave(self, uuid: str) -> None:
        """Close a keeper, so that the archive can be closed by whoever counts."""
        with self._lock:
            keeper = self._keepers.pop(uuid, None)
        if keeper is not None:
            keeper.close()

    def leave_all(self) -> None:
        """Close every keeper: the process ends."""
        for uuid, _ in self.opened():
            self.leave(uuid)


hall = Hall()
"""The hall of this process."""
