"""Writing the returns, row group by row group, so that memory stays flat."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

import pyarrow as pa
import pyarrow.parquet as pq

from suffrage.simulation.portions import Ints
from suffrage.simulation.votes import Returns

FEWEST_FOR_PARQUET = 20_000
"""Fewer returns than this are written as text that a person can open."""

CSV, PARQUET = "returns.csv", "returns.parquet"


class ReturnsFile:
    """The file of returns: Parquet, or text where there are few. Use as a context manager."""

    def __init__(self, folder: Path, figures: Sequence[str], numbers: int, returns: int, *, contests: bool) -> None:
        self.figures = tuple(figures)
        self.numbers = numbers
        self.columns = ("unit", *(["contest"] if contests else []), *figures, *map(str, range(1, numbers + 1)))
        self.path = folder / (CSV if returns < FEWEST_FOR_PARQUET else PARQUET)
        self.rows = 0

    def __enter__(self) -> ReturnsFile:
        self._text: TextIO | None = None
        self._parquet: pq.ParquetWriter | None = None
        if self.path.name == CSV:
            self._text = self.path.open("w", encoding="utf-8", newline="")
            csv.writer(self._text, lineterminator="\n").writerow(self.columns)
        else:
            kinds = {"unit": pa.string(), "contest": pa.string()}
            self._schema = pa.schema([pa.field(name, kinds.get(name, pa.int32())) for name in self.columns])
            self._parquet = pq.ParquetWriter(self.path, self._schema, compression="zstd")
        return self

    def __exit__(self, *_: object) -> None:
        if self._text is not None:
            self._text.close()
        if self._parquet is not None:
            self._parquet.close()

    def write(self, units: pa.Array[Any], contests: pa.Array[Any], returns: Returns) -> None:
        """Write some returns: their units and contests by identifier, their figures and votes."""
        rows = len(units)
        columns: dict[str, pa.Array[Any]] = {"unit": units, "contest": contests}
        columns |= {name: pa.array(returns.figures[name], pa.int32()) for name in self.figures}
        columns |= dict(self._votes(returns, rows))
        table = [columns[name] for name in self.columns]
        if self._parquet is not None:
            self._parquet.write_batch(pa.record_batch(table, schema=self._schema))
        elif self._text is not None:
            plain = [column.to_pylist() for column in table]
            csv.writer(self._text, lineterminator="\n").writerows(zip(*plain, strict=True))
        self.rows += rows

    def _votes(self, returns: Returns, rows: int) -> Iterator[tuple[str, pa.Array[Any]]]:
        width = returns.votes.shape[1]
        for number in range(self.numbers):
            if number < width:
                column = pa.array(returns.votes[:, number], pa.int32(), mask=~returns.stands[:, number])
            else:
                column = pa.nulls(rows, pa.int32())
            yield str(number + 1), column


def identifiers(texts: Sequence[str], positions: Ints) -> pa.Array[Any]:
    """Texts by position, as a column."""
    return pa.array(texts, pa.string()).take(pa.array(positions, pa.int64()))
