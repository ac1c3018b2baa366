"""Files of figures as frames of columns: delimited text through the Rust reader, Parquet through Arrow."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from suffrage._core import ABSENT, LARGEST_FIGURE, CsvError
from suffrage.errors import WRONG_USE, Problem, ReturnsError, shown
from suffrage.returns.batch import Ints, Marks, Positions
from suffrage.tables import ROWS_AT_A_TIME, malformed, open_table

if TYPE_CHECKING:
    from suffrage._core import Kind

Progress = Callable[[int], None]
"""Called now and then with the number of rows (or ballots) read so far."""


@dataclass(slots=True)
class Frame:
    """Some rows of a file.

    `keys`: positions in the values that were asked for, or beyond them where a value is not among them (`text` tells
    what stands there). `figures`: ABSENT where a cell is empty. `marks`: 1, 0, or -1 where unclear.
    """

    line: Ints
    keys: dict[str, Positions] = field(default_factory=dict)
    figures: dict[str, Ints] = field(default_factory=dict)
    marks: dict[str, Marks] = field(default_factory=dict)
    texts: dict[str, Sequence[str]] = field(default_factory=dict)

    def text(self, column: str, row: int) -> str:
        """What stands in a key column."""
        return self.texts[column][int(self.keys[column][row])]


class Source(ABC):
    """A file of figures. `name` is the file's name, `unit_of_place` what its rows are called in errors."""

    name: str
    row_word: str
    header: list[str]

    @abstractmethod
    def frames(
        self, keys: Mapping[str, Sequence[str]], figures: Sequence[str] = (), marks: Sequence[str] = ()
    ) -> Iterator[Frame]:
        """The columns asked for, some rows at a time: key columns with the values that they should hold."""

    def place(self, line: int, column: str = "") -> str:
        """File, line and column of a cell, for an error."""
        return f"{self.name}, {self.row_word} {line}" + (f", {column}" if column else "")


def told(frames: Iterable[Frame], progress: Progress | None) -> Iterator[Frame]:
    """The frames as they are, telling after each how many rows there have been."""
    rows = 0
    for frame in frames:
        yield frame
        rows += len(frame.line)
        if progress is not None:
            progress(rows)


def open_source(path: Path) -> Source:
    """Open a file of figures by its suffix: `.parquet`, else delimited text (`.csv`, `.csv.gz`)."""
    return ParquetSource(path) if path.suffix == ".parquet" else CsvSource(path)


class CsvSource(Source):
    """Delimited text."""

    row_word = "line"

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self._path = path
        self._reader = open_table(path, ReturnsError)
        self.header = self._reader.header

    def frames(
        self, keys: Mapping[str, Sequence[str]], figures: Sequence[str] = (), marks: Sequence[str] = ()
    ) -> Iterator[Frame]:
        """The columns asked for; see `Source.frames`."""
        reader = self._reader
        position = {name: column for column, name in enumerate(self.header)}
        kinds: dict[str, Kind] = {**dict.fromkeys(keys, "code"), **dict.fromkeys(figures, "figure")}
        kinds |= dict.fromkeys(marks, "mark")
        reader.declare([kinds.get(name, "skip") for name in self.header])
        for name, values in keys.items():
            reader.seed(position[name], values)
        while True:
            try:
                batch = reader.next_batch(ROWS_AT_A_TIME)
            except CsvError as error:
                raise malformed(self.name, error, ReturnsError) from None
            except OSError as error:
                raise ReturnsError.unreadable(str(self._path), error) from None
            if batch is None:
                return
            frame = Frame(np.frombuffer(batch.lines, np.int64))
            for name, values in keys.items():
                frame.keys[name] = codes = np.frombuffer(batch.codes(position[name]), np.int32)
                unknown = codes.size and int(codes.max()) >= len(values)
                frame.texts[name] = reader.dictionary(position[name]) if unknown else values
            for name in figures:
                frame.figures[name] = np.frombuffer(batch.figures(position[name]), np.int64)
            for name in marks:
                frame.marks[name] = np.frombuffer(batch.marks(position[name]), np.int8)
            yield frame


class ParquetSource(Source):
    """Parquet, batch by batch."""

    row_word = "row"

    def __init__(self, path: Path) -> None:
        self.name = path.name
        try:
            self._file = pq.ParquetFile(path, memory_map=True)
            self.header = list(self._file.schema_arrow.names)
        except (pa.ArrowException, OSError, ValueError) as error:
            # Arrow raises OSError for what is wrong in a file too, but without a number of the system.
            if isinstance(error, OSError) and error.errno is not None:
                raise ReturnsError.unreadable(str(path), error) from None
            raise ReturnsError(
                Problem(path.name, "not a Parquet file", shown(error), "Parquet"), exit_code=WRONG_USE
            ) from None
        if doubled := [name for n, name in enumerate(self.header) if name in self.header[:n]]:
            raise ReturnsError(Problem(path.name, "a column given twice", shown(doubled[0]), "a name of its own"))

    def frames(
        self, keys: Mapping[str, Sequence[str]], figures: Sequence[str] = (), marks: Sequence[str] = ()
    ) -> Iterator[Frame]:
        """The columns asked for; see `Source.frames`."""
        positions = {name: {text: n for n, text in enumerate(values)} for name, values in keys.items()}
        texts = {name: list(values) for name, values in keys.items()}
        rows = 0
        try:
            for batch in self._file.iter_batches(4 * ROWS_AT_A_TIME, columns=[*keys, *figures, *marks]):
                frame = Frame(np.arange(rows + 1, rows + 1 + batch.num_rows, dtype=np.int64))
                rows += batch.num_rows
                for name in keys:
                    frame.keys[name] = self._codes(name, batch.column(name), positions[name], texts[name])
                    frame.texts[name] = texts[name]
                for name in figures:
                    frame.figures[name] = self._ints(name, batch.column(name), int(frame.line[0]))
                for name in marks:
                    frame.marks[name] = self._marks(name, batch.column(name), int(frame.line[0]))
                yield frame
        except UnicodeDecodeError as error:
            seen = f"bytes {error.object[error.start : error.end].hex(' ')}"
            raise ReturnsError(
                Problem(f"{self.name}, after row {rows}", "not UTF-8 text", seen, "UTF-8"), exit_code=WRONG_USE
            ) from None
        except (pa.ArrowException, OSError) as error:
            raise ReturnsError(
                Problem(
                    f"{self.name}, after row {rows}",
                    "cannot be read on",
                    shown(error),
                    "a whole Parquet file",
                ),
                exit_code=WRONG_USE,
            ) from None

    def _codes(self, name: str, column: pa.Array[Any], known: dict[str, int], texts: list[str]) -> Positions:
        if pa.types.is_dictionary(column.type):
            encoded: Any = column
        else:
            if not pa.types.is_string(column.type) and not pa.types.is_large_string(column.type):
                column = pc.cast(column, pa.string())
            encoded = column.dictionary_encode()
        places = []
        for text in encoded.dictionary.cast(pa.string()).to_pylist():
            place = known.get(text)
            if place is None:
                place = known[text] = len(texts)
                texts.append(text or "")
            places.append(place)
        if encoded.null_count:
            places.append(known.setdefault("", len(texts)))
            if known[""] == len(texts):
                texts.append("")
            indices = encoded.indices.fill_null(len(places) - 1)
        else:
            indices = encoded.indices
        table = np.array(places, np.int32)
        return table[indices.to_numpy(zero_copy_only=False)] if len(table) else np.empty(0, np.int32)

    def _ints(self, name: str, column: pa.Array[Any], first_row: int) -> Ints:
        if not (pa.types.is_integer(column.type) or pa.types.is_boolean(column.type) or pa.types.is_null(column.type)):
            raise ReturnsError(
                Problem(
                    f"{self.name}, column {name}",
                    "not figures",
                    str(column.type),
                    "a column of whole numbers",
                )
            )
        if pa.types.is_uint64(column.type):
            column = pc.min_element_wise(column, pa.scalar(LARGEST_FIGURE + 1, pa.uint64()), skip_nulls=False)
        column = column.cast(pa.int64())
        values = column.fill_null(ABSENT).to_numpy(zero_copy_only=False)
        too_large = (values > LARGEST_FIGURE) | (values < -LARGEST_FIGURE)
        if column.null_count:
            too_large &= column.is_valid().to_numpy(zero_copy_only=False)
        if too_large.any():
            row = int(np.argmax(too_large))
            raise ReturnsError(
                Problem(self.place(first_row + row, name), "not a figure", str(values[row]), "at most 10^12")
            )
        return values

    def _marks(self, name: str, column: pa.Array[Any], first_row: int) -> Marks:
        if pa.types.is_boolean(column.type):
            if not column.null_count:
                marks: Marks = column.to_numpy(zero_copy_only=False).view(np.int8)
                return marks
            column = column.cast(pa.int8())
        values = self._ints(name, column, first_row)
        wrong = (values != 0) & (values != 1) & (values != ABSENT)
        if wrong.any():
            row = int(np.argmax(wrong))
            raise ReturnsError(
                Problem(self.place(first_row + row, name), "not a mark", str(values[row]), "1, 0 or empty")
            )
        return np.where(values == ABSENT, -1, values).astype(np.int8)
