"""Source files: delimited text in any encoding, read row by row, with an account of the rows that were used."""

from __future__ import annotations

import codecs
import csv
import gzip
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import BinaryIO, NamedTuple

from suffrage.importing.problems import Problems
from suffrage.importing.recipe import Recipe, Style
from suffrage.importing.template import normal

Progress = Callable[[str, int], None]
"""Called now and then with what is being read and how many rows of it have been."""

DELIMITERS = ",;\t"
_QUOTED = re.compile(r'"[^"]*"')
_CHUNK = 1 << 16
_ROWS_BETWEEN_PROGRESS = 8192
_USED = 0
_NOT_REACHED = 1


class Row(NamedTuple):
    """One record: its number in the file from 0, the line where it starts, its cells."""

    number: int
    line: int
    cells: list[str]


class _UndecodableError(Exception):
    """Bytes that are no text in the encoding that was named."""

    def __init__(self, line: int, seen: bytes) -> None:
        super().__init__()
        self.line = line
        self.seen = seen


class SourceFile:
    """One source file. `header` are the names of its columns, without the blanks around them."""

    def __init__(self, path: Path, style: Style, repair: Mapping[str, str]) -> None:
        self.path = path
        self.name = path.name
        self.header: list[str] = []
        self.repairs: Counter[str] = Counter()
        self._repaired: dict[str, int] = {}
        self._style = style
        self._repair = repair
        self._delimiter = style.delimiter
        self._fates = bytearray()
        self._reasons = ["used", "not reached"]

    def place(self, line: int, column: str = "") -> str:
        """File, line and column, for an error."""
        return f"{self.name}, line {line}" + (f", {column}" if column else "")

    def open(self, problems: Problems) -> None:
        """Read the header."""
        for row in self._records(problems):
            self.header = [normal(name) for name in row.cells]
            return
        if not len(problems):
            problems.add(self.name, "an empty file", "", "a header and rows")

    def rows(self, problems: Problems, progress: Progress | None = None) -> Iterator[Row]:
        """The rows below the header, until there are too many problems."""
        width = len(self.header)
        records = self._records(problems)
        next(records, None)
        row = None
        for row in records:
            if problems.full:
                return
            if progress is not None and row.number % _ROWS_BETWEEN_PROGRESS == 0:
                progress(self.name, row.number)
            if row.number == len(self._fates):
                self._fates.append(_NOT_REACHED)
            if len(row.cells) != width:
                seen, expected = f"{len(row.cells)} cells", f"{width} cells, as in the header"
                problems.add(self.place(row.line), "a row of another length", seen, expected)
                continue
            yield Row(row.number, row.line, self._clean(row.cells))
        if progress is not None and row is not None:
            progress(self.name, row.number + 1)

    def use(self, row: Row) -> None:
        """Note that something was made of the row that was read last."""
        if self._repaired and self._fates[row.number] != _USED:
            self.repairs.update(self._repaired)
        self._fates[row.number] = _USED

    def pass_over(self, row: Row, reason: str) -> None:
        """Note why the row that was read last was not used; some other section may still use it."""
        if self._fates[row.number] != _USED:
            if reason not in self._reasons and len(self._reasons) < 256:
                self._reasons.append(reason)
            self._fates[row.number] = self._reasons.index(reason) if reason in self._reasons else _NOT_REACHED

    def account(self) -> tuple[int, dict[str, int]]:
        """How many rows were read, and how many were not used, by reason."""
        counts = Counter(self._fates)
        unused = {self._reasons[fate]: counts[fate] for fate in sorted(counts) if fate != _USED}
        return len(self._fates), unused

    def _clean(self, cells: list[str]) -> list[str]:
        clean = list(map(str.strip, cells))
        if self._style.empty:
            clean = ["" if cell in self._style.empty else cell for cell in clean]
        self._repaired.clear()
        if self._repair:
            whole = "\0".join(clean)
            for old, new in self._repair.items():
                if old in whole:
                    clean = [cell.replace(old, new) for cell in clean]
                    self._repaired[old] = whole.count(old)
        return clean

    def _records(self, problems: Problems) -> Iterator[Row]:
        """Header and rows; row numbers begin below the header. A problem ends them."""
        line = 0
        try:
            with self._opened() as stream:
                lines = self._lines(stream)
                top: list[str] = []
                while not (top and top[-1].strip()) and (text := next(lines, "")):
                    top.append(text)
                self._delimiter = self._delimiter or self._sniffed("".join(top))
                reader = csv.reader(chain(top, lines), delimiter=self._delimiter, strict=True)
                number = -1
                for cells in reader:
                    if cells:
                        yield Row(number, line + 1, cells)
                        number += 1
                    line = reader.line_num
        except _UndecodableError as error:
            seen, expected = error.seen.hex(" "), f"{self._style.encoding}; name another encoding in [files]"
            problems.add(self.place(error.line), "bytes that are no text", seen, expected, unreadable=True)
        except csv.Error as error:
            problems.add(self.place(line + 1), "quotation marks or delimiters are broken", error, "RFC 4180 text")
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            problems.add(self.name, "cannot be decompressed", error, "a whole gzip file", unreadable=True)
        except OSError as error:
            problems.add(self.name, f"cannot be read: {error.strerror or error}", unreadable=True)

    def _opened(self) -> BinaryIO:
        if self.path.suffix.lower() == ".gz":
            return gzip.open(self.path, "rb")  # type: ignore[return-value]
        return self.path.open("rb")

    def _lines(self, stream: BinaryIO) -> Iterator[str]:
        encoding = "utf-8-sig" if codecs.lookup(self._style.encoding).name == "utf-8" else self._style.encoding
        decoder = codecs.getincrementaldecoder(encoding)()
        done, rest = 0, ""
        while True:
            chunk = stream.read(_CHUNK)
            try:
                text = rest + decoder.decode(chunk, not chunk)
            except UnicodeDecodeError as error:
                good = rest + error.object[: error.start].decode(encoding, "replace")
                seen = error.object[error.start : error.end]
                raise _UndecodableError(done + 1 + good.count("\n"), seen) from None
            if "\0" in text:
                raise _UndecodableError(done + 1 + text.partition("\0")[0].count("\n"), b"\0")
            pieces = text.split("\n")
            rest = pieces.pop()
            for piece in pieces:
                yield piece + "\n"
            done += len(pieces)
            if not chunk:
                if rest:
                    yield rest
                return

    @staticmethod
    def _sniffed(header: str) -> str:
        plain = _QUOTED.sub("", header)
        return max(DELIMITERS, key=plain.count)


class SourceFolder:
    """The source files of a recipe, each opened once."""

    def __init__(self, folder: Path, recipe: Recipe, problems: Problems) -> None:
        self.files: dict[str, SourceFile] = {}
        self._folder = folder
        self._recipe = recipe
        self._problems = problems

    def find(self, name: str, place: str) -> list[SourceFile]:
        """The files of a name, or of a pattern with `*`; where only `NAME.gz` is there, that."""
        if Path(name).is_absolute() or ".." in Path(name).parts:
            self._problems.add(place, "a file outside the folder of the sources", name, "a name in this folder")
            return []
        if "*" in name:
            paths = sorted(path for path in self._folder.glob(name) if path.is_file())
        else:
            paths = [path for path in (self._folder / name, self._folder / f"{name}.gz") if path.is_file()][:1]
        if not paths:
            there = f"a file in {self._folder}"
            self._problems.add(place, "no such file among the sources", name, there, unreadable=True)
        return [self._file(path) for path in paths]

    def _file(self, path: Path) -> SourceFile:
        key = str(path)
        if key not in self.files:
            self.files[key] = SourceFile(path, self._recipe.style(path.name), self._recipe.repair)
            self.files[key].open(self._problems)
        return self.files[key]
