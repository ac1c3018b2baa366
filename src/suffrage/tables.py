"""Delimited files at the edge: columns of text with the line of every row, errors that name file, line and column."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from suffrage._core import CsvError, CsvReader
from suffrage.errors import DOES_NOT_HOLD, WRONG_USE, Problem, SuffrageError, shown

if TYPE_CHECKING:
    from _csv import Writer as CsvWriter

ROWS_AT_A_TIME = 16_384
"""How many rows a reader hands over: few enough to stay in the processor's cache, many enough for NumPy."""


def open_table(path: Path, error: type[SuffrageError]) -> CsvReader:
    """Open a delimited file; raise `error` where it cannot be read (exit code 2) or has no proper header."""
    try:
        return CsvReader(str(path))
    except OSError as reason:
        raise error.unreadable(str(path), reason) from None
    except CsvError as reason:
        raise malformed(path.name, reason, error) from None


def malformed(file: str, reason: CsvError, error: type[SuffrageError]) -> SuffrageError:
    """What the reader found, as an error about that file; exit code 2 where it is not text at all."""
    unreadable = any("UTF-8" in expected for *_, expected in reason.problems)
    problems = [
        Problem(f"{file}, line {line}" + (f", {column}" if column else ""), _message(expected), seen, expected)
        for line, column, seen, expected in reason.problems
    ]
    return error(problems, exit_code=WRONG_USE if unreadable else DOES_NOT_HOLD)


def _message(expected: str) -> str:
    return "not UTF-8 text" if "UTF-8" in expected else "cannot be read as it stands"


@dataclass(frozen=True, slots=True)
class Table:
    """A small table of text, column by column. A column that the file lacks is filled with empty text."""

    file: str
    columns: dict[str, list[str]]
    lines: Sequence[int]

    def __len__(self) -> int:
        return len(self.lines)

    def place(self, row: int, column: str = "") -> str:
        """File, line and column of a cell, for an error; row -1 is the header."""
        if row < 0:
            return self.file
        return f"{self.file}, line {self.lines[row]}" + (f", {column}" if column else "")


def read_table(
    path: Path, error: type[SuffrageError], *, required: Sequence[str], optional: Sequence[str] = ()
) -> Table:
    """Read a whole table of text. Problems of `error`: a missing or unknown column, a malformed row."""
    reader = open_table(path, error)
    known = (*required, *optional)
    problems = [
        Problem(f"{path.name}, line 1", "a column is missing", ", ".join(reader.header), name)
        for name in required
        if name not in reader.header
    ]
    problems += [
        Problem(f"{path.name}, line 1", "unknown column", shown(name), f"one of {', '.join(known)}")
        for name in reader.header
        if name not in known
    ]
    if problems:
        raise error(problems)
    reader.declare(["text"] * len(reader.header))
    columns: dict[str, list[str]] = {name: [] for name in known}
    lines: list[int] = []
    try:
        while (batch := reader.next_batch(ROWS_AT_A_TIME)) is not None:
            for position, name in enumerate(reader.header):
                columns[name] += batch.text(position)
            lines += memoryview(batch.lines).cast("q").tolist()
    except CsvError as reason:
        raise malformed(path.name, reason, error) from None
    except OSError as reason:
        raise error.unreadable(str(path), reason) from None
    for name in set(known) - set(reader.header):
        columns[name] = [""] * len(lines)
    return Table(path.name, columns, lines)


def table_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Rows as RFC 4180 text, lines ended by a line feed; None is an empty cell."""
    text = io.StringIO()
    writer = csv_writer(text)
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def csv_writer(file: TextIO) -> CsvWriter:
    """A writer of RFC 4180 rows that end with a line feed alone."""
    # The writer of Python before 3.13 quotes a carriage return in a cell only where its own rows end with one.
    return csv.writer(_LineFeeds(file), lineterminator="\r\n")


class _LineFeeds:
    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, row: str) -> int:
        """One row, which the writer hands over whole."""
        return self._file.write(row.removesuffix("\r\n") + "\n")
