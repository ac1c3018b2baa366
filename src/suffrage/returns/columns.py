"""The columns that every file of returns or ballots shares: which return a row is of, and whose column is which."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from suffrage.election.model import Election
from suffrage.errors import DOES_NOT_HOLD, Problem, ReturnsError, shown
from suffrage.returns.batch import Marks, Mask, Positions
from suffrage.returns.slots import Slots
from suffrage.returns.source import Frame, Source

KEY_COLUMNS = ("unit", "contest", "ballot")
_PROBLEMS_SHOWN = 20


class Places:
    """Turns the key columns of a frame into slots."""

    def __init__(self, source: Source, election: Election, slots: Slots) -> None:
        self.source = source
        self.election = election
        self.slots = slots
        self.keys: dict[str, Sequence[str]] = {}
        if "unit" in source.header:
            self.keys["unit"] = list(election.index.unit)
        if "contest" in source.header:
            self.keys["contest"] = list(election.index.contest)
        if "ballot" in source.header:
            self.keys["ballot"] = ["1", "2"]

    def of(self, frame: Frame) -> tuple[Positions, Marks]:
        """The slot and the ballot of every row."""
        for column, values in self.keys.items():
            unknown = frame.keys[column] >= len(values)
            if unknown.any():
                expected = "1 or 2" if column == "ballot" else f"a {column} of this election"
                self._refuse(frame, unknown, column, f"unknown {column}", expected)
        unit = frame.keys["unit"] if "unit" in self.keys else np.zeros(len(frame.line), np.int32)
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
                shown(frame.text(column, row)) if column in frame.keys else "",
                expected,
            )
            for row in found[:_PROBLEMS_SHOWN]
        ]
        if len(found) > _PROBLEMS_SHOWN:
            problems.append(Problem(self.source.name, f"and {len(found) - _PROBLEMS_SHOWN} more such rows"))
        raise ReturnsError(problems, exit_code=DOES_NOT_HOLD)


def candidate_columns(source: Source, election: Election, fields: Collection[str]) -> dict[str, Positions]:
    """For each column of a candidate: the candidate's position by contest; -1 where the contest has none such."""
    columns: dict[str, Positions] = {}
    heads: dict[int, str] = {}
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
        if other := next((heads[position] for _, position in found if position in heads), ""):
            seen = shown(f"{other}, {name}")
            problems.append(Problem(source.place(1), "two columns of one candidate", seen, "one column a candidate"))
        heads.update((position, name) for _, position in found)
        table = np.full(len(election.contests), -1, np.int32)
        table[[contest for contest, _ in found]] = [position for _, position in found]
        columns[name] = table
    if problems:
        raise ReturnsError(problems)
    return columns
