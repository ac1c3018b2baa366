"""Returns of figures from `returns.csv` or `returns.parquet`, wide or long, as batches.

Wide: one row a return; columns `unit`, `contest` (where a unit votes in several), `ballot` (1 where absent), the
figures by their names in the law, and one column a candidate, headed by the candidate's id or number on the ballot
paper. Long: columns `unit`, `contest`, `ballot`, `field` (a figure's name, or a candidate's id or number), `figure`;
the rows of one return stand together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from suffrage._core import ABSENT
from suffrage.election.model import Election
from suffrage.errors import DOES_NOT_HOLD, Problem, ReturnsError, shown
from suffrage.returns.batch import Batch, Ints, Marks, Mask, Positions
from suffrage.returns.slots import Slots
from suffrage.returns.source import Frame, Source, open_source

KEY_COLUMNS = ("unit", "contest", "ballot")
LONG_COLUMNS = ("field", "figure")
_PROBLEMS_SHOWN = 20


def read_returns(path: Path, election: Election, fields: Iterable[str], slots: Slots | None = None) -> Iterator[Batch]:
    """Stream the returns of a file. `fields` are the names of figures that the law, or laws, know.

    ReturnsError: an unknown unit, candidate or column, a unit outside its contest, a malformed figure, a doubled row.
    """
    source = open_source(path)
    slots = slots or Slots(election)
    places = _Places(source, election, slots)
    header = source.header
    if "unit" not in header:
        raise ReturnsError(Problem(source.name, "a column is missing", ", ".join(header), "unit"))
    if set(LONG_COLUMNS) <= set(header):
        yield from _read_long(source, election, places, tuple(fields))
    else:
        yield from _read_wide(source, election, places, frozenset(fields))


class _Places:
    """Turns the key columns of a frame into slots."""

    def __init__(self, source: Source, election: Election, slots: Slots) -> None:
        self.source = source
        self.election = election
        self.slots = slots
        self.keys: dict[str, Sequence[str]] = {"unit": list(election.index.unit)}
        if "contest" in source.header:
            self.keys["contest"] = list(election.index.contest)
        if "ballot" in source.header:
            self.keys["ballot"] = ["1", "2"]

    def of(self, frame: Frame) -> tuple[Positions, Marks]:
        """The slot and the ballot of every row."""
        for column, values in self.keys.items():
            unknown = frame.keys[column] >= len(values)
            if column == "contest":
                unknown &= frame.keys[column] != -1
            if unknown.any():
                expected = "1 or 2" if column == "ballot" else f"a {column} of this election"
                self._refuse(frame, unknown, column, f"unknown {column}", expected)
        unit = frame.keys["unit"]
        if "contest" in self.keys:
            slot = self.slots.of(frame.keys["contest"], unit)
            if (outside := slot < 0).any():
                self._refuse(frame, outside, "unit", "a unit outside the contest", "a unit of the contest in its row")
        else:
            slot = self.slots.only_slot[unit]
            if (nowhere := slot == -1).any():
                self._refuse(frame, nowhere, "unit", "no contest is held in this unit", "a unit of a contest")
            if (several := slot == -2).any():
                self._refuse(frame, several, "unit", "several contests are held here", "a column contest")
        ballot = frame.keys["ballot"] + 1 if "ballot" in self.keys else np.ones(len(unit), np.int32)
        return slot, ballot.astype(np.int8)

    def _refuse(self, frame: Frame, rows: Mask, column: str, message: str, expected: str) -> None:
        found = np.flatnonzero(rows)
        problems = [
            Problem(
                self.source.place(int(frame.line[row]), column),
                message,
                shown(frame.text(column, row)),
                expected,
            )
            for row in found[:_PROBLEMS_SHOWN]
        ]
        if len(found) > _PROBLEMS_SHOWN:
            problems.append(Problem(self.source.name, f"and {len(found) - _PROBLEMS_SHOWN} more such rows"))
        raise ReturnsError(problems, exit_code=DOES_NOT_HOLD)


def _candidate_columns(source: Source, election: Election, fields: frozenset[str]) -> dict[str, Positions]:
    """For each column of a candidate: the candidate's position by contest; -1 where the contest has none such."""
    columns: dict[str, Positions] = {}
    problems = []
    by_id: dict[str, list[tuple[int, int]]] = {}
    by_number: dict[str, list[tuple[int, int]]] = {}
    for (contest, identifier), position in election.index.candidate.items():
        by_id.setdefault(identifier, []).append((contest, position))
    for (contest, number), position in election.index.number.items():
        by_number.setdefault(str(number), []).append((contest, position))
    for name in source.header:
        if name in KEY_COLUMNS or name in fields:
            continue
        found = by_number.get(name) if name.isdigit() else by_id.get(name)
        if found is None:
            expected = f"{', '.join((*KEY_COLUMNS, *sorted(fields)))}, or the id or number of a candidate"
            problems.append(Problem(source.place(1), "unknown candidate or figure", shown(name), expected))
            continue
        table = np.full(len(election.contests), -1, np.int32)
        table[[contest for contest, _ in found]] = [position for _, position in found]
        columns[name] = table
    if problems:
        raise ReturnsError(problems)
    return columns


def _read_wide(source: Source, election: Election, places: _Places, known: frozenset[str]) -> Iterator[Batch]:
    candidates = _candidate_columns(source, election, known)
    fields = [name for name in source.header if name in known]
    contest_of = places.slots.contest
    for frame in source.frames(places.keys, [*fields, *candidates]):
        slot, ballot = places.of(frame)
        contest = contest_of[slot]
        rows, positions, votes = [], [], []
        for name, table in candidates.items():
            column = frame.figures[name]
            given = np.flatnonzero(column != ABSENT).astype(np.int32)
            if len(given) < len(column):
                column = column[given]
            position = table[contest[given]] if len(election.contests) > 1 else np.full(len(given), table[0])
            if (position < 0).any():
                row = int(given[int(np.argmax(position < 0))])
                raise ReturnsError(
                    Problem(
                        source.place(int(frame.line[row]), name),
                        "votes for somebody who does not stand in this contest",
                        str(frame.figures[name][row]),
                        f"an empty cell: {election.contests[contest[row]].id} has no candidate {name}",
                    )
                )
            rows.append(given)
            positions.append(position)
            votes.append(column)
        yield Batch(
            slot,
            contest,
            places.slots.unit[slot],
            ballot,
            frame.line,
            {name: frame.figures[name] for name in fields},
            np.concatenate(rows) if rows else np.empty(0, np.int32),
            np.concatenate(positions).astype(np.int32) if rows else np.empty(0, np.int32),
            np.concatenate(votes) if rows else np.empty(0, np.int64),
        )


def _read_long(source: Source, election: Election, places: _Places, fields: tuple[str, ...]) -> Iterator[Batch]:
    names = [*fields, *dict.fromkeys(candidate.id for candidate in election.candidates)]
    keys = {**places.keys, "field": names}
    unknown = [name for name in source.header if name not in (*KEY_COLUMNS, *LONG_COLUMNS)]
    if unknown:
        expected = ", ".join((*KEY_COLUMNS, *LONG_COLUMNS))
        raise ReturnsError(Problem(source.place(1), "unknown column", shown(unknown[0]), expected))
    held: tuple[Ints, ...] | None = None
    for frame in source.frames(keys, ("figure",)):
        slot, ballot = places.of(frame)
        item = _items(source, frame, election, places.slots.contest[slot], names, len(fields))
        parts: tuple[Ints, ...] = (slot * 2 + (ballot - 1), item, frame.figures["figure"], frame.line)
        if held is not None:
            parts = tuple(np.concatenate(pair) for pair in zip(held, parts, strict=True))
        key = parts[0]
        changes = np.flatnonzero(key[1:] != key[:-1]) + 1
        whole = int(changes[-1]) if len(changes) else 0
        held = tuple(part[whole:] for part in parts)
        if whole:
            yield _batch_of_rows(source, places.slots, fields, *(part[:whole] for part in parts))
    if held is not None and len(held[0]):
        yield _batch_of_rows(source, places.slots, fields, *held)


def _items(source: Source, frame: Frame, election: Election, contest: Positions, names: list[str], fields: int) -> Ints:
    """What each row of a long file speaks of: a field's position, or `fields` + a candidate's position."""
    code = frame.keys["field"].astype(np.int64)
    item = code.copy()
    named = np.flatnonzero(code >= fields)
    span = int(code.max()) + 1 if len(code) else 1
    pairs, inverse = np.unique(contest[named] * np.int64(span) + code[named], return_inverse=True)
    found = np.empty(len(pairs), np.int64)
    texts = frame.texts["field"]
    for position, pair in enumerate(pairs.tolist()):
        where, text = pair // span, texts[pair % span]
        candidate = (
            election.index.number.get((where, int(text)))
            if text.isascii() and text.isdigit() and len(text) < 10
            else election.index.candidate.get((where, text))
        )
        if candidate is None:
            row = int(named[int(np.argmax(inverse == position))])
            raise ReturnsError(
                Problem(
                    source.place(int(frame.line[row]), "field"),
                    "unknown candidate or figure",
                    shown(text),
                    f"{', '.join(names[:fields])}, or a candidate of {election.contests[where].id}",
                )
            )
        found[position] = fields + candidate
    item[named] = found[inverse]
    return item


def _batch_of_rows(
    source: Source, slots: Slots, fields: Sequence[str], key: Ints, item: Ints, figure: Ints, line: Ints
) -> Batch:
    """Rows of whole returns, gathered into one return each."""
    starts = np.concatenate(([0], np.flatnonzero(key[1:] != key[:-1]) + 1))
    row = np.repeat(np.arange(len(starts), dtype=np.int32), np.diff(np.append(starts, len(key))))
    span = np.int64(item.max()) + 1
    order = np.argsort(row * span + item, kind="stable")
    doubled = np.flatnonzero(np.diff((row * span + item)[order]) == 0)
    if len(doubled):
        where = int(line[order[int(doubled[0]) + 1]])
        raise ReturnsError(Problem(source.place(where, "field"), "given twice in one return", "", "one row a figure"))
    slot = (key[starts] // 2).astype(np.int32)
    figures = {}
    for position, name in enumerate(fields):
        mine = np.flatnonzero(item == position)
        if len(mine):
            column = np.full(len(starts), ABSENT, np.int64)
            column[row[mine]] = figure[mine]
            figures[name] = column
    votes = np.flatnonzero((item >= len(fields)) & (figure != ABSENT))
    return Batch(
        slot,
        slots.contest[slot],
        slots.unit[slot],
        (key[starts] % 2 + 1).astype(np.int8),
        line[starts],
        figures,
        row[votes],
        (item[votes] - len(fields)).astype(np.int32),
        figure[votes],
    )
