"""The returns as tables: CSV for people and spreadsheets, Parquet for everybody else.

`figures` has a row a return and a column a figure, `votes` a row a return and candidate. Together they are the returns
of an election folder again: `figures.parquet` has the columns that `returns.parquet` has but for the candidates, and a
row of `votes` is a row of long returns whose `field` is the number on the ballot paper. The figures are as the law of
the count reads them, after corrections and annulments; rows are ordered by ballot, contest and unit.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from suffrage.count.result import ElectionCount
from suffrage.protocols.exports.blocks import Block, blocks, figure_names
from suffrage.returns.batch import ABSENT, Ints, Positions

ROWS_AT_A_TIME = 1 << 17
"""How many rows are one row group of a Parquet file: enough to compress well, few enough to hold."""

KEYS = ("contest", "ballot", "unit")
VOTES = (*KEYS, "candidate", "number", "votes")


def write_votes_csv(counted: ElectionCount, path: Path) -> None:
    """Write `votes.csv`: a row a return and candidate who stood in that ballot."""
    ids = [unit.id for unit in counted.election.units]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(VOTES)
        for block in _all(counted):
            head = (block.contest.contest.id, block.count.ballot)
            names = [(candidate.id, candidate.number) for candidate in block.count.candidates]
            for unit, votes in zip(block.units.tolist(), block.votes.tolist(), strict=True):
                key = (*head, ids[unit])
                writer.writerows([(*key, *name, number) for name, number in zip(names, votes, strict=True)])


def write_votes_parquet(counted: ElectionCount, path: Path) -> None:
    """Write `votes.parquet`, with the columns and rows of `votes.csv`."""
    election = counted.election
    texts = {
        "contest": [contest.id for contest in election.contests],
        "unit": [unit.id for unit in election.units],
        "candidate": [candidate.id for candidate in election.candidates],
    }
    numbers = np.array([candidate.number for candidate in election.candidates], np.int64)
    with _ParquetFile(path, VOTES, texts) as file:
        for block in _all(counted):
            rows, names = block.votes.shape
            place = election.index.candidate
            who = np.array([place[block.position, candidate.id] for candidate in block.count.candidates], np.int32)
            candidate = np.tile(who, rows)
            file.write(
                {
                    **_keys(block, names),
                    "candidate": candidate,
                    "number": numbers[candidate],
                    "votes": block.votes.reshape(-1),
                }
            )


def write_figures_parquet(counted: ElectionCount, path: Path) -> None:
    """Write `figures.parquet`: a row a return, a column a figure; null where a return does not give it."""
    election = counted.election
    names = figure_names(counted)
    texts = {"contest": [contest.id for contest in election.contests], "unit": [unit.id for unit in election.units]}
    with _ParquetFile(path, (*KEYS, *names), texts) as file:
        for block in _all(counted):
            absent = np.full(len(block), ABSENT, np.int64)
            file.write({**_keys(block, 1), **{name: block.figures.get(name, absent) for name in names}})


def _all(counted: ElectionCount) -> Iterator[Block]:
    return (block for ballot in (1, 2) for block in blocks(counted, ballot))


def _keys(block: Block, times: int) -> dict[str, Ints | Positions]:
    """The key columns of every return, each row as often as it is needed."""
    rows = len(block) * times
    return {
        "contest": np.full(rows, block.position, np.int32),
        "ballot": np.full(rows, block.count.ballot, np.int64),
        "unit": np.repeat(block.units, times),
    }


class _ParquetFile:
    """A Parquet file that is written some rows at a time. Use as a context manager.

    `texts`: the values of the columns that are given as positions; they are written with a dictionary for each row
    group. All other columns are numbers, null where ABSENT.
    """

    def __init__(self, path: Path, columns: Sequence[str], texts: dict[str, list[str]]) -> None:
        self._texts = {name: pa.array(values, pa.string()) for name, values in texts.items()}
        kinds = {**dict.fromkeys(texts, pa.dictionary(pa.int32(), pa.string())), "ballot": pa.int8()}
        self._schema = pa.schema([pa.field(name, kinds.get(name, pa.int64())) for name in columns])
        self._writer = pq.ParquetWriter(path, self._schema, compression="zstd")
        self._held: list[dict[str, Ints | Positions]] = []
        self._rows = 0

    def __enter__(self) -> _ParquetFile:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None:
            self._flush()
        self._writer.close()

    def write(self, columns: dict[str, Ints | Positions]) -> None:
        """Add some rows."""
        self._held.append(columns)
        self._rows += len(columns["unit"])
        if self._rows >= ROWS_AT_A_TIME:
            self._flush()

    def _flush(self) -> None:
        if self._rows:
            whole = [self._column(name) for name in self._schema.names]
            self._writer.write_table(pa.Table.from_arrays(whole, schema=self._schema), row_group_size=self._rows)
        self._held, self._rows = [], 0

    def _column(self, name: str) -> pa.Array[Any]:
        values = np.concatenate([columns[name] for columns in self._held])
        if name not in self._texts:
            numbers: pa.Array[Any] = pa.array(values, self._schema.field(name).type, mask=values == ABSENT)
            return numbers
        used, codes = np.unique(values, return_inverse=True)
        return pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), self._texts[name].take(pa.array(used)))
