"""The Rust core: statutes with their lines, and tables read fast. No electoral rule is in here."""

from collections.abc import Sequence
from os import PathLike
from typing import Any, Final, Literal, TypeAlias, final

import numpy as np
import numpy.typing as npt

Kind: TypeAlias = Literal["text", "code", "figure", "mark", "skip"]

ABSENT: Final[int]
"""The figure of a blank field: the smallest integer of 64 bits."""

LARGEST_FIGURE: Final[int]
"""No figure is larger, so that the sum of nine million of them still fits 64 bits."""

class TomlSyntaxError(ValueError):
    """A text is no TOML; `str()` of it names the place."""

    line: int
    """Line, from 1."""
    column: int
    """Column in characters, from 1."""
    message: str
    """What is wrong there, in one line."""

class CsvError(ValueError):
    """A table cannot be read as declared; `str()` of it tells the first problem and counts the others."""

    problems: list[tuple[int, str | None, str, str]]
    """Up to twenty of (line, column, seen, expected); column is None where the whole line is meant."""

def parse_toml(text: str) -> tuple[dict[str, Any], dict[tuple[str | int, ...], int]]:
    """Parse TOML into plain values, and tell the line, from 1, of every key and array element by its path.

    A table has the line of its header; one without a header has that of its first child. Values are those
    of `tomllib`: TOML 1.0, and beyond it what TOML 1.1 adds (line breaks in inline tables, times without
    seconds). Integers have 64 bits.

    Raises TomlSyntaxError.
    """

@final
class CsvReader:
    """Streams a delimited text file in batches of typed columns; memory stays flat, other threads go on.

    The file is UTF-8, with or without a byte order mark; one whose name ends in `.gz` is decompressed on the
    way. The delimiter (comma, semicolon or tab) is the one that stands most often in the header. Lines end
    in LF or CRLF, blank lines are passed over, quotes are those of RFC 4180. A record may have up to 1 MiB.
    """

    def __new__(cls, path: str | PathLike[str]) -> CsvReader:
        """Open a file and read its header.

        Raises OSError where the file cannot be read, CsvError where it has no header or the names in it are
        blank or not different.
        """

    @property
    def header(self) -> list[str]:
        """The names of the columns, as they stand in the file, blanks around them included."""

    @property
    def delimiter(self) -> str:
        """What separates the fields."""

    def declare(self, kinds: Sequence[Kind]) -> None:
        """Say what each column of the header is, before the first batch.

        - `text`: text, without the blanks around it;
        - `code`: the same, as a number into `dictionary`;
        - `figure`: a whole number of at most `LARGEST_FIGURE`, or blank;
        - `mark`: 1, 0, or blank (also written `?`);
        - `skip`: not looked at.
        """

    def seed(self, column: int, values: Sequence[str]) -> None:
        """Give the values of a code column their codes beforehand: the index of each is its code."""

    def dictionary(self, column: int) -> list[str]:
        """List the values of a code column that were seen so far; a code is an index into it."""

    def next_batch(self, max_rows: int) -> Batch | None:
        """Read the next rows, at most so many; None at the end of the file.

        Around 10,000 rows are quickest: more leave the processor's cache, fewer cross over to Python too
        often.

        Raises CsvError with the first twenty problems of the batch, and again whenever it is called after
        that; OSError where the file cannot be read to its end.
        """

@final
class Batch:
    """Some rows of a table, column by column. Columns are counted as in the header, from 0.

    The bytes are for `numpy.frombuffer`, in the byte order of the machine. Asking for a column as something
    that it was not declared to be raises ValueError.
    """

    @property
    def rows(self) -> int:
        """How many rows."""

    @property
    def lines(self) -> bytes:
        """The line, from 1, where each record starts (`uint64`)."""

    def text(self, column: int) -> list[str]:
        """Give the texts of a text column."""

    def codes(self, column: int) -> bytes:
        """Give the codes of a code column (`int32`)."""

    def figures(self, column: int) -> bytes:
        """Give the figures of a figure column (`int64`), `ABSENT` where blank."""

    def marks(self, column: int) -> bytes:
        """Give the marks of a mark column (`int8`): 1, 0, or -1 where blank."""

def verify_signatures(entries: Sequence[tuple[bytes, bytes, bytes]]) -> list[int]:
    """Give the positions of the Ed25519 signatures that do not hold, each (public key, signature, message).

    The positions are in order. On all cores, with the GIL released. Strictly after RFC 8032, without the cofactor:
    no keys or commitments of small order, canonical encodings only; a key or signature of the wrong length does
    not hold. The verdict on a signature does not depend on the others.

    Raises TypeError for anything but tuples of bytes, ValueError for tuples of other than three.
    """

@final
class MarkTally:
    """Adds up marked ballots by place, with memory that does not grow with the ballots.

    A ballot is in one of four classes: no name left; at least one and not too many; too many; unclear (and not too
    many). What a class means is for the law to say.
    """

    def __new__(cls, contests: Sequence[int], stands: Sequence[bool], most: Sequence[int]) -> MarkTally:
        """Prepare the sums.

        `contests`: the contest of each place. `stands`: for each contest and column, whether a name stands there.
        `most`: for each contest, the most names that may be left. Raises ValueError where they do not fit together.
        """

    def add(self, places: npt.NDArray[np.int32], marks: Sequence[npt.NDArray[np.int8]]) -> None:
        """Add ballots, one a row: its place (`int32`) and for each column its marks (`int8`: 1, 0, else unclear).

        Raises ValueError(row, column) for a mark where no name stands, ValueError(row, None) for an unknown place;
        then nothing is added.
        """

    def counts(self) -> bytes:
        """Give the ballots of each place in each of the four classes (`int64`)."""

    def votes(self) -> bytes:
        """Give the votes of each place for each column (`int64`): ballots of the second class that leave it."""
