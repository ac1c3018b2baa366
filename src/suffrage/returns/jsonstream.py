"""A JSON object with one long array in it, read as a stream: member by member, that array element by element.

The scanner of the standard library does the work, a piece of text at a time, so that memory stays flat. It was as fast
as ijson with its C backend on 200,000 cast vote records, doubled keys looked for, which ijson passes over in silence.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import Any, NoReturn, TextIO

from suffrage.errors import WRONG_USE, Problem, ReturnsError, shown

PIECE = 1 << 20
"""How many characters are read at a time."""

LARGEST = 1 << 26
"""The most characters of one value: a record may hold the image of its ballot."""

_BLANKS = re.compile(r"[ \t\r\n]*")
_MARGIN = 16
"""A value that only lacks its end is wrong at most so far before that end (a long escape), or in a string."""


def members(path: Path, array: str, word: str, *, careful: bool = True) -> Generator[tuple[str, int, Any]]:
    """The members of the object in a file (`.gz` too), one by one: key, 0, value; of `array`: array, n, element.

    `word` is what the elements are called in errors. Where `array` is no array, its value comes with 0. Doubled keys
    are refused if `careful`. ReturnsError where the file cannot be read or is not such an object.
    """
    with _opened(path) as stream:
        text = _Text(path.name, stream, careful)
        text.take("{", "a JSON object")
        seen: set[str] = set()
        closed = text.skipped("}")
        while not closed:
            text.where = ""
            key = text.value() if text.peek() == '"' else text.refuse("the name of a member, in quotation marks")
            if careful and key in seen:
                raise ReturnsError(Problem(path.name, "a member given twice", shown(key), "each name once"))
            seen.add(key)
            text.take(":", "a colon")
            if key == array and text.skipped("["):
                yield from _elements(text, array, word)
            else:
                text.where = shown(key)
                yield key, 0, text.value()
            text.where = ""
            closed = text.take(",}", "a comma, or the end of the object") == "}"
        if text.peek():
            text.refuse("nothing after the object")


def _elements(text: _Text, array: str, word: str) -> Iterator[tuple[str, int, Any]]:
    number = 0
    closed = text.skipped("]")
    while not closed:
        number += 1
        text.where = f"{word} {number}"
        yield array, number, text.value()
        closed = text.take(",]", "a comma, or the end of the array") == "]"


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    try:
        with (
            gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream,
            TextIOWrapper(stream, "utf-8-sig", newline="") as text,
        ):
            yield text
    except OSError as error:
        raise ReturnsError.unreadable(str(path), error) from None
    except (EOFError, zlib.error) as error:
        raise ReturnsError(
            Problem(path.name, "cannot be decompressed", shown(error), "a whole gzip file"), exit_code=WRONG_USE
        ) from None
    except UnicodeDecodeError as error:
        seen = f"bytes {error.object[error.start : error.start + 4].hex(' ')}"
        raise ReturnsError(Problem(path.name, "not UTF-8 text", seen, "UTF-8"), exit_code=WRONG_USE) from None


class _Text:
    """The text of a file, as much of it as is needed, and how far it was read."""

    def __init__(self, name: str, stream: TextIO, careful: bool) -> None:
        self.name = name
        self.where = ""
        self._stream = stream
        self._text = ""
        self._at = 0
        self._before = 0
        self._ended = False
        self._scan = json.JSONDecoder(
            object_pairs_hook=_members_once if careful else None, parse_constant=_no_number
        ).raw_decode

    def _more(self) -> bool:
        """Read on, twice as far as before where a value did not end; False at the end of the file."""
        piece = self._stream.read(max(PIECE, len(self._text) - self._at))
        self._before += self._at
        self._text = self._text[self._at :] + piece
        self._at = 0
        self._ended = not piece
        return bool(piece)

    def peek(self) -> str:
        """The next character that is not blank; empty at the end of the file."""
        while True:
            match = _BLANKS.match(self._text, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if self._ended or not self._more():
                return ""

    def skipped(self, character: str) -> bool:
        """Whether this character is next; then it is passed over."""
        found = self.peek() == character
        self._at += found
        return found

    def take(self, characters: str, expected: str) -> str:
        """Pass over the next character, which must be one of these."""
        found = self.peek()
        if not found or found not in characters:
            self.refuse(expected)
        self._at += 1
        return found

    def value(self) -> Any:
        """The next value."""
        if not self.peek():
            self.refuse("a value")
        while True:
            try:
                value, end = self._scan(self._text, self._at)
            except json.JSONDecodeError as error:
                cut = error.msg.startswith("Unterminated") or error.pos >= len(self._text) - _MARGIN
                if cut and not self._ended and len(self._text) - self._at < LARGEST:
                    self._more()
                    continue
                if cut and not self._ended:
                    self._wrong("too long, or a string that does not end", "", f"at most {LARGEST:,} characters")
                self._at = error.pos
                self._refuse_syntax(error.msg)
            except RecursionError:
                self._wrong("nested too deeply", "", "a report as the standard describes it")
            except ValueError as error:
                self._wrong("not a value of a report", str(error), "numbers of usual length, and each name once")
            # A number at the end of a piece ("1", or "1" of "1e-") may go on in the next one.
            if self._text[end - 1] in '}]"' or end < len(self._text) - _MARGIN or self._ended:
                self._at = end
                return value
            self._more()

    def refuse(self, expected: str) -> NoReturn:
        """What comes next is not what should."""
        seen = self._text[self._at : self._at + 20] or "the end of the file"
        self._wrong("not as JSON is written", seen, expected)

    def _refuse_syntax(self, reason: str) -> NoReturn:
        """What the scanner stumbled over, in its words: "Expecting ...", or what is invalid "at" this place."""
        seen = self._text[self._at : self._at + 20] or "the end of the file"
        if reason.startswith("Expecting "):
            self._wrong("not as JSON is written", seen, reason.removeprefix("Expecting "))
        reason = reason[0].lower() + reason[1:]
        self._wrong(f"not as JSON is written: {reason.removesuffix(' at').removesuffix(' starting')}", seen, "")

    def _wrong(self, message: str, seen: str, expected: str) -> NoReturn:
        place = ", ".join(filter(None, (self.name, self.where, f"character {self._before + self._at + 1:,}")))
        raise ReturnsError(Problem(place, message, shown(seen), expected))


def _members_once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"{next(name for name in names if names.count(name) > 1)} given twice")
    return members


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)
