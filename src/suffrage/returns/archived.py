"""What the archive of an urn says of itself: its question, how many stand on its list, its result.

Read from both ends of the file, without the ballots between them, so that a count costs the same for ten ballots and
for a million. That the result follows from the ballots is not looked at here: that is what an audit shows
(`suffrage.audit.archives`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from suffrage import _core
from suffrage.belenios.question import CoreQuestion
from suffrage.errors import Problem, ReturnsError

# Belenios specification 4.0, section "Public data": a tar of records, each with its hash for a name. An event is the
# last of the records that belong to it, and shorter than a block.
_BLOCK = 512
_LONGEST = 16 << 20
_FIRST_WINDOW = 64 << 10


@dataclass(frozen=True, slots=True)
class ArchivedResult:
    """The result of an urn as its archive gives it.

    `credentials` are those on the list, `weighted` whether some of them count more than once; `voters` are the ballots
    that were tallied, one an elector. `result` has a figure for each answer of each question, with the blank ballots
    before them where a question allows blank.
    """

    questions: Sequence[CoreQuestion]
    credentials: int
    weighted: bool
    voters: int
    result: Sequence[Sequence[int]]


def read_result(path: Path, place: str) -> ArchivedResult | None:
    """The result of an archive; None where it has none yet. `place` names it in errors.

    ReturnsError where the file cannot be read (exit code 2) or is no whole archive.
    """
    try:
        with path.open("rb") as file:
            ending = _Ending(file, path.stat().st_size)
            found = ending.result()
        if found is None:
            return None
        election, _, credentials = _core.archive_setup(path)
        questions = _core.SealedElection(election).questions
    except OSError as error:
        raise ReturnsError.unreadable(str(path), error) from None
    except (_core.BeleniosError, ValueError, KeyError, TypeError) as error:
        reason = str(error) if isinstance(error, _core.BeleniosError) else "its last records cannot be read"
        raise ReturnsError(
            Problem(place, "is no whole archive of an urn", reason, "`suffrage verify` names what is wrong")
        ) from None
    result, tallied, weight = found
    # [{"credential":"...","weight":2},...], in which the texts are hexadecimal: counted without reading it as JSON.
    weighted = b'"weight":' in credentials or weight != tallied
    return ArchivedResult(questions, credentials.count(b'"credential":'), weighted, tallied, result)


class _Ending:
    """The events of an archive from the last one back to the encrypted tally. ValueError where they are not such."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self._end = size

    def result(self) -> tuple[list[list[int]], int, int] | None:
        """The result, the ballots tallied and their weight; None where the last event is no result."""
        kind, parent, payload = self._event("")
        if kind != "Result":
            return None
        result = orjson.loads(self._record(payload))["result"]
        if not all(_is_figure(figure) for answers in result for figure in answers):
            raise ValueError("a result of other things than figures")
        while kind != "EncryptedTally":
            kind, parent, payload = self._event(parent)
            sized = orjson.loads(self._record(payload))
            if kind == "PartialDecryption":
                self._record(sized["payload"])
            elif kind != "EncryptedTally":
                raise ValueError("a result without an encrypted tally")
        tallied, weight = sized["num_tallied"], sized["total_weight"]
        if not (_is_figure(tallied) and _is_figure(weight)):
            raise ValueError("a tally without its figures")
        return result, tallied, weight

    def _event(self, sha256: str) -> tuple[str, str, str]:
        """The kind, the parent and the payload of the event that ends here; its hash is given where it is known."""
        start = self._end - 2 * _BLOCK
        if start < 0:
            raise ValueError("too short")
        self._file.seek(start)
        data = self._file.read(2 * _BLOCK)
        name, _, _ = data[:_BLOCK].partition(b"\0")
        body = _body(data)
        found = hashlib.sha256(body).hexdigest()
        if name != f"{found}.event.json".encode() or (sha256 and sha256 != found):
            raise ValueError("no event where one is expected")
        self._end = start
        event = orjson.loads(body)
        [kind] = event["type"]
        return kind, event.get("parent", ""), event.get("payload", "")

    def _record(self, sha256: str) -> bytes:
        """The body of the record of a hash, which ends here."""
        name = f"{sha256}.data.json\0".encode()
        window = _FIRST_WINDOW
        while True:
            first = max(self._end - window, 0)
            self._file.seek(first)
            data = self._file.read(self._end - first)
            at = data.rfind(name)
            if at >= 0:
                break
            if first == 0 or window > _LONGEST:
                raise ValueError("a record that is not where it belongs")
            window *= 16
        body = _body(data[at:])
        if hashlib.sha256(body).hexdigest() != sha256:
            raise ValueError("a record whose hash is another")
        self._end = first + at
        return body


def _body(data: bytes) -> bytes:
    """The body of a record that these bytes are: a header of the tar, the body, nulls to a whole block."""
    size = int(data[124:135], 8)
    body = data[_BLOCK : _BLOCK + size]
    if len(data) != _BLOCK + -(-size // _BLOCK) * _BLOCK or data[_BLOCK + size :].strip(b"\0"):
        raise ValueError("a record of another length than its header says")
    return body


def _is_figure(value: Any) -> bool:
    return type(value) is int and 0 <= value <= _core.LARGEST_FIGURE
