"""Opened ballots: what the booth sealed for an elector who tests it, held against what the elector chose.

An elector may ask the booth, instead of casting a sealed ballot, to open it. The booth cannot know beforehand which of
the two will be asked, so that one which sealed another choice is found out. A ballot that was opened is thrown away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from suffrage import _core
from suffrage.belenios.credentials import credentials_on
from suffrage.belenios.fingerprint import Fingerprint
from suffrage.belenios.question import Question, question_of
from suffrage.errors import WRONG_USE, AuditError, Problem, shown

FORMAT = "suffrage-opened-ballot/1"
_LARGEST = 64 << 20
_FIELDS = ("format", "election", "ballot", "openings")


@dataclass(frozen=True)
class Answered:
    """What a ballot says to a question.

    `chosen` are the names that are left, or marked, and `others` those that are struck, or not marked. Names that are
    alike have their numbers behind them.
    """

    question: Question
    chosen: tuple[str, ...]
    others: tuple[str, ...]
    blank: bool


@dataclass(frozen=True)
class OpenedBallot:
    """A ballot that holds, and that holds what its openings say. `text` are the bytes of its election."""

    place: str
    election: _core.SealedElection
    text: bytes
    ballot: bytes
    credential: str
    answers: tuple[Answered, ...]

    @property
    def tracking_number(self) -> Fingerprint:
        """What the ballot would have been found by in the archive, had it been cast."""
        return Fingerprint.of(self.ballot)


def read_opened(path: Path) -> OpenedBallot:
    """Read a file of the booth, and check everything that it shows of itself.

    AuditError (exit code 2) where the file cannot be read; where something in it does not hold, with its place.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except OSError as error:
        raise AuditError.unreadable(str(path), error) from None
    return opened_ballot(data, str(path))


def opened_ballot(data: bytes, place: str) -> OpenedBallot:
    """The ballot in the bytes of a file; `place` is what errors name."""
    if len(data) > _LARGEST:
        raise _wrong(place, "is larger than any opened ballot", "", f"at most {_LARGEST >> 20} MiB")
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        raise _wrong(place, "is not JSON", "", f"a file of the booth ({FORMAT})") from None
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        seen = value.get("format", "no format") if isinstance(value, dict) else type(value).__name__
        raise _wrong(f"{place}, format", "is no opened ballot", seen, FORMAT)
    if unknown := [name for name in value if name not in _FIELDS]:
        raise _wrong(place, "unknown field", unknown[0], f"one of {', '.join(_FIELDS)}")
    text, ballot = (_text(value.get(name), f"{place}, {name}") for name in ("election", "ballot"))
    openings = _openings(value.get("openings"), f"{place}, openings")
    try:
        election = _core.SealedElection(text)
    except _core.BeleniosError as error:
        raise _wrong(f"{place}, election", str(error)) from None
    try:
        credential = election.check(ballot)
    except _core.BeleniosError as error:
        raise _wrong(f"{place}, ballot", str(error)) from None
    try:
        numbers = election.opened(ballot, openings)
    except _core.BeleniosError as error:
        raise _wrong(f"{place}, openings", str(error)) from None
    questions = map(question_of, election.questions)
    answers = tuple(_answered(question, row) for question, row in zip(questions, numbers, strict=True))
    return OpenedBallot(place, election, text, ballot, credential, answers)


def hold_against_archive(opened: OpenedBallot, archive: Path) -> None:
    """Hold an opened ballot against the archive of its election, in which it must not be.

    AuditError: the archive is another election's, the credential is not on its list, or the ballot, or another one
    with a ciphertext of it, stands there.
    """
    try:
        text, _, credentials = _core.archive_setup(archive)
        height = _core.archive_find(archive, opened.ballot)
    except OSError as error:
        raise AuditError.unreadable(str(archive), error) from None
    except _core.BeleniosError as error:
        raise _wrong(str(archive), str(error).removeprefix(f"{archive}: ")) from None
    hold_against_election(opened, text, str(archive))
    if opened.credential not in credentials_on(credentials, archive):
        raise _wrong(opened.place, "the credential of the ballot is not on the list of the election", opened.credential)
    if height is not None:
        message = f"the ballot stands in the archive, at height {height}: whoever opens a ballot must never cast it"
        raise _wrong(opened.place, message, opened.tracking_number, "a ballot that was thrown away")


def hold_against_election(opened: OpenedBallot, text: bytes, place: str) -> None:
    """Hold an opened ballot against the published bytes of an election. AuditError where it is another's."""
    if opened.text != text:
        try:
            expected = f"{_core.SealedElection(text).uuid}, {Fingerprint.of(text)} ({place})"
        except _core.BeleniosError as error:
            raise _wrong(place, str(error)) from None
        raise _wrong(
            opened.place, "is of another election", f"{opened.election.uuid}, {Fingerprint.of(opened.text)}", expected
        )


def _text(value: Any, place: str) -> bytes:
    if not isinstance(value, str):
        raise _wrong(place, "is of another kind", type(value).__name__, "a text")
    return value.encode()


def _openings(value: Any, place: str) -> list[list[tuple[int, str]]]:
    """The openings as the core takes them; no error repeats a randomness."""
    if not isinstance(value, list) or not all(isinstance(row, list) for row in value):
        raise _wrong(place, "is of another kind", "", "for each question a list with an opening for each ciphertext")
    return [
        [_opening(entry, f"{place}, question {number}, ciphertext {at}") for at, entry in enumerate(row, 1)]
        for number, row in enumerate(value, 1)
    ]


def _opening(entry: Any, place: str) -> tuple[int, str]:
    if not isinstance(entry, dict) or set(entry) != {"value", "randomness"}:
        raise _wrong(place, "is no opening", "", '{"value", "randomness"}')
    number, randomness = entry["value"], entry["randomness"]
    if type(number) is not int or number not in (0, 1):
        raise _wrong(f"{place}, value", "is none", number, "0 or 1")
    if not isinstance(randomness, str) or not randomness.isascii() or not randomness.isdigit():
        raise _wrong(f"{place}, randomness", "is no number", "", "a text of decimal digits")
    return number, randomness


def _answered(question: Question, numbers: Sequence[int]) -> Answered:
    blank = question.blank and numbers[0] == 1
    times = Counter(question.answers)
    names = [
        name if name.strip() and times[name] == 1 else f"{name} (no. {number})".lstrip()
        for number, name in enumerate(question.answers, 1)
    ]
    listed = list(zip(names, numbers[question.blank :], strict=True))
    chosen = tuple(name for name, number in listed if number)
    return Answered(question, chosen, tuple(name for name, number in listed if not number), blank)


def _wrong(place: str, message: str, seen: object = "", expected: str = "") -> AuditError:
    return AuditError(Problem(place, message, shown(seen, 100), expected))


def read_election(path: Path) -> bytes:
    """The bytes of an `election.json`, without the end of its line. AuditError (exit code 2) if it cannot be read."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise AuditError.unreadable(str(path), error) from None
    text = data.removesuffix(b"\n")
    try:
        _core.SealedElection(text)
    except _core.BeleniosError as error:
        raise AuditError(Problem(str(path), f"is no election: {error}"), exit_code=WRONG_USE) from None
    return text
