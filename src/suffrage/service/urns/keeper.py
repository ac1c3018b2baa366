"""The keeper of an urn: the one writer of its archive while the poll is open.

A ballot is checked whole before it waits for the disk. Ballots that wait at the same time are written and synced
together: whoever comes first writes for all (group commit), and nobody has a receipt before the disk has the ballot.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from suffrage import _core
from suffrage.belenios.fingerprint import Fingerprint
from suffrage.belenios.urn import Urn, open_urn
from suffrage.service.urns import refusals
from suffrage.service.urns.ballots import voted_in
from suffrage.service.urns.refusals import Refusal

MOST_AT_ONCE = 256
"""How many ballots one write takes at most."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an elector keeps: the tracking number, and where in the archive the ballot stands."""

    tracking: Fingerprint
    height: int
    event: str
    replaces: bool


@dataclass(slots=True)
class _Waiting:
    ballot: bytes
    tracking: Fingerprint
    credential: str
    done: threading.Event = field(default_factory=threading.Event)
    receipt: Receipt | None = None
    refusal: Refusal | None = None


class Keeper:
    """Takes the ballots of one urn; may be used by many threads. `may_cast` raises a Refusal outside the hours."""

    def __init__(self, path: Path, may_cast: Callable[[], None]) -> None:
        self._path = path
        self._may_cast = may_cast
        self._writer = _core.ArchiveWriter.open(path)
        try:
            self.urn: Urn = open_urn(path)
            self.voted, self.ballots = voted_in(path)
        except BaseException:
            self._writer.close()
            raise
        self._queue: list[_Waiting] = []
        self._queued = threading.Lock()
        self._writing = threading.Lock()
        self._closed = False
        self.failed = False
        """Whether the writer has given up, and the archive has to be opened anew."""

    @property
    def cut(self) -> int:
        """How many bytes of a ballot that was being written at a crash were cut off. It had no receipt."""
        return self._writer.cut

    @property
    def head(self) -> tuple[int, str, int]:
        """The height and the hash of the last event, and the length of the archive."""
        return self._writer.head

    def state(self) -> tuple[tuple[int, str, int], int, int]:
        """Head, electors who voted, and ballots, as they were at one moment."""
        with self._writing:
            return self._writer.head, len(self.voted), self.ballots

    def check(self, ballot: bytes) -> str:
        """The public credential of a ballot in which everything holds. Refusal where something does not."""
        try:
            credential = self.urn.election.check(ballot)
        except _core.BeleniosError as error:
            raise refusals.wrong_ballot(str(error)) from None
        if credential not in self.urn.credentials:
            raise refusals.unknown_credential()
        return credential

    def cast(self, ballot: bytes, credential: str) -> Receipt:
        """Append a ballot that `check` has passed; the receipt is given once it is on the disk. Refusal otherwise."""
        self._may_cast()
        waiting = _Waiting(ballot, Fingerprint.of(ballot), credential)
        with self._queued:
            self._queue.append(waiting)
        while not waiting.done.is_set():
            with self._writing:
                if not waiting.done.is_set():
                    self._write()
        if waiting.refusal is not None:
            if waiting.refusal.code == refusals.ALREADY_CAST:
                raise refusals.already_cast(self._place(ballot))
            raise waiting.refusal
        assert waiting.receipt is not None
        return waiting.receipt

    def _write(self) -> None:
        with self._queued:
            batch, self._queue = self._queue[:MOST_AT_ONCE], self._queue[MOST_AT_ONCE:]
        try:
            self._append(batch)
        except Refusal as refusal:
            for waiting in batch:
                waiting.refusal = refusal
        except Exception as error:
            # Whatever it is, the archive holds nothing of this batch, or says so when it is opened again.
            what = str(error) if isinstance(error, OSError) else type(error).__name__
            logging.getLogger("suffrage.service").error("the urn %s cannot write: %s", self.urn.election.uuid, what)
            self.failed = self._given_up()
            for waiting in batch:
                waiting.refusal = refusals.unavailable()
        finally:
            for waiting in batch:
                waiting.done.set()

    def _append(self, batch: list[_Waiting]) -> None:
        if self.failed:
            raise refusals.unavailable()
        if self._closed:
            raise refusals.closed()
        # The hours are looked at when the ballot is written, not when it came: not one is written after the closing.
        self._may_cast()
        fresh: dict[str, _Waiting] = {}
        for waiting in batch:
            if waiting.tracking.hex in fresh or self._writer.contains(waiting.tracking.hex):
                waiting.refusal = refusals.already_cast()
            else:
                fresh[waiting.tracking.hex] = waiting
        if not fresh:
            return
        places = self._writer.append_ballots([waiting.ballot for waiting in fresh.values()])
        for waiting, (height, event) in zip(fresh.values(), places, strict=True):
            waiting.receipt = Receipt(waiting.tracking, height, event, waiting.credential in self.voted)
            self.voted.add(waiting.credential)
            self.ballots += 1

    def _given_up(self) -> bool:
        """Whether the writer takes nothing any more: it does not know what became of the end of the file."""
        try:
            self._writer.append_ballots([])
        except (ValueError, OSError):
            return True
        return False

    def _place(self, ballot: bytes) -> tuple[int, str] | None:
        """Where a ballot stands that is in the archive: whoever lost the answer sends it again, and has the receipt."""
        height = _core.archive_find(self._path, ballot)
        places = _core.archive_places(self._path, [] if height is None else [height])[1]
        return next(((place[0], place[1]) for place in places if place is not None), None)

    def close(self) -> None:
        """Take no ballot any more and let another writer in; those that wait are written or refused before."""
        with self._writing:
            self._closed = True
            self._writer.close()
