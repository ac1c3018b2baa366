"""A text as lines, and lines as records of fields; a record that is broken never swallows those after it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

DELIMITERS = ("\t", ";", "|", ",")
"""What may stand between fields; the first of equally good ones is taken."""

_MOST_LINES = 12
"""A record of more lines than an address can have is a quotation mark that somebody forgot."""
_LOOKED_AT = 60
_SAID = re.compile(r'"?sep=(.)"?', re.IGNORECASE)


class Record(NamedTuple):
    """The fields of a record, the line where it begins (from 1) and how many lines it has; no fields: it is broken."""

    line: int
    lines: int
    fields: list[str] | None


def lines_of(text: str) -> list[str]:
    """The lines of a text without their ends (CR LF, LF or CR); an end at the end begins no further line."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not lines[-1]:
        lines.pop()
    return lines


def said_delimiter(lines: Sequence[str]) -> str:
    """The delimiter that a first line of `sep=;` names, as spreadsheets write it; empty where there is none."""
    found = _SAID.fullmatch(lines[0].strip(" ")) if lines else None
    return found[1] if found else ""


def records(lines: Sequence[str], delimiter: str, first: int = 0) -> Iterator[Record]:
    """The records of lines, from the line at position `first` on."""
    at = first
    while at < len(lines):
        line = lines[at]
        if '"' not in line:
            yield Record(at + 1, 1, line.split(delimiter))
            at += 1
            continue
        fields: list[str] | None = None
        used = 1
        text = line
        while (fields := _fields(text, delimiter)) is _OPEN and used < _MOST_LINES and at + used < len(lines):
            text += "\n" + lines[at + used]
            used += 1
        if fields is _OPEN or fields is None:
            yield Record(at + 1, 1, None)
            at += 1
        else:
            yield Record(at + 1, used, fields)
            at += used


_OPEN: list[str] = []
"""Stands for a record that goes on in the next line."""


def _fields(text: str, delimiter: str) -> list[str] | None:
    """The fields of a record (RFC 4180); `_OPEN` where its last one is not closed, None where one is closed wrongly."""
    fields: list[str] = []
    at = 0
    while True:
        begin = at
        while begin < len(text) and text[begin] == " ":
            begin += 1
        if begin < len(text) and text[begin] == '"':
            end = begin + 1
            while True:
                end = text.find('"', end)
                if end < 0:
                    return _OPEN
                if text[end + 1 : end + 2] != '"':
                    break
                end += 2
            fields.append(text[begin + 1 : end].replace('""', '"'))
            at = text.find(delimiter, end)
            rest = text[end + 1 : at] if at >= 0 else text[end + 1 :]
            if rest.strip(" "):
                return None
        else:
            at = text.find(delimiter, begin)
            # A quotation mark inside a field that does not begin with one is a letter like any other.
            fields.append(text[begin:at] if at >= 0 else text[begin:])
        if at < 0:
            return fields
        at += len(delimiter)


def likely_delimiter(lines: Sequence[str], words: Callable[[Sequence[str]], int]) -> str:
    """The delimiter that divides most lines alike. `words` says how many fields of a record are known headings."""

    def worth(delimiter: str) -> tuple[int, int, int]:
        found = [record.fields for record in records(lines[:_LOOKED_AT], delimiter) if record.fields]
        found = [fields for fields in found if any(map(str.strip, fields))]
        if not found:
            return 0, 0, 0
        widths = Counter(len(fields) for fields in found)
        width, often = max(widths.items(), key=lambda one: (one[0] > 1, one[1], one[0]))
        # Titles may stand above the headings.
        known = max(words(fields) if len(fields) > 1 else 0 for fields in found[:6])
        return known, often if width > 1 else 0, width

    best = max(DELIMITERS, key=worth)
    return best if worth(best)[1] else ","
