"""Own copies of the archives that a server publishes: brought up to date by their new bytes, and held against heads."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Sequence
from http import HTTPStatus
from pathlib import Path

from suffrage import _core
from suffrage.audit.fetching import NoAnswer, Server
from suffrage.audit.heads import PublishedHead

OVERLAP = 64 << 10
"""How many bytes of its end are asked for again with the new bytes of an archive."""

Tell = Callable[[int], None]
"""Told how many bytes of an archive are there."""


class Fetched:
    """What a server gives of an archive, beside an own copy that may not exist yet.

    It lies in `draft` unless it is just what the copy holds. `whole` says that no byte was taken from the copy.
    """

    def __init__(self, server: Server, address: str, copy: Path, draft: Path, tell: Tell) -> None:
        self._server = server
        self._address = address
        self._copy = copy
        self._draft = draft
        self._tell = tell
        self.size = copy.stat().st_size if copy.exists() else 0
        self.whole = False

    def fetch(self, whole: bool = False) -> Path:
        """Fetch the new bytes, or the whole: where they are not the same, those that do not continue the copy."""
        start = 0 if whole else max(0, self.size - OVERLAP)
        given = self._continued(start) if start else None
        if given is None:
            self.whole = True
            with self._server.open(self._address) as body:
                self._write(body.blocks(), 0)
            given = self._draft
        return given

    def _continued(self, start: int) -> Path | None:
        """What the server has now, by the bytes from `start` on; None where they do not continue the copy."""
        try:
            with self._server.open(self._address, start) as body:
                blocks = iter(body.blocks())
                if body.start == 0:
                    # The server gives no parts.
                    self.whole = True
                    self._write(blocks, 0)
                    return self._draft
                with self._copy.open("rb") as file:
                    file.seek(start)
                    due = file.read()
                new = bytearray()
                for block in blocks:
                    new += block
                    if len(new) > len(due):
                        break
                if not new.startswith(due):
                    return None
                if len(new) == len(due):
                    return self._copy
                shutil.copyfile(self._copy, self._draft)
                self._write((bytes(new[len(due) :]),), self.size)
                self._write(blocks, self.size + len(new) - len(due))
                return self._draft
        except NoAnswer as error:
            # It has fewer bytes than the copy.
            if error.status != HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                raise
            return None

    def _write(self, blocks: Iterable[bytes], size: int) -> None:
        """Append blocks to the draft, which has `size` bytes; with none it is written anew."""
        with self._draft.open("ab" if size else "wb") as file:
            for block in blocks:
                file.write(block)
                size += len(block)
                self._tell(size)


def places_of(path: Path, heads: Sequence[PublishedHead]) -> tuple[_core.Place, list[_core.Place | None]] | str:
    """Where an archive stands and stood, or why it is none."""
    try:
        return _core.archive_places(path, [head.height for head in heads])
    except _core.BeleniosError as error:
        return str(error).removeprefix(f"{path}: ")


def differing_from(
    heads: Sequence[PublishedHead], places: Sequence[_core.Place | None], last: _core.Place
) -> list[str]:
    """What of the published heads is not so in an archive."""
    wrong = []
    for head, place in zip(heads, places, strict=True):
        if place is None:
            wrong.append(f"the published head {told(head)} is not there: the archive ends at height {last[0]}")
            continue
        height, event, _, length, ballots = place
        there = PublishedHead(height, event, length, ballots)
        if there.essence != head.essence:
            wrong.append(f"the published head {told(head)} does not match the archive: {told(there)}")
    return wrong


def parted(old: Path, new: Path, before: int, now: int) -> str:
    """Why an archive does not continue the own copy; empty where it does."""
    try:
        height, why = _core.archive_prefix(old, new)
    except _core.BeleniosError:
        height, why = 0, ""
    if why is None:
        return ""
    damaged = places_of(old, ())
    if isinstance(damaged, str):
        return f"the own copy {old.name} is damaged: {damaged}"
    shrank = f"the archive shrank from {before:,} to {now:,} bytes; " if now < before else ""
    return f"FORK or LOSS: {shrank}it parts from the own copy at height {height}: {why}"


def told(head: PublishedHead) -> str:
    """A head in words."""
    event = f"{head.event[:16]}\N{HORIZONTAL ELLIPSIS}"
    return f"height {head.height}, event {event}, {head.length} bytes, {head.ballots} ballots"
