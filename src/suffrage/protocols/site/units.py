"""The units of one contest in one ballot: what each part comes to, and what every single one reported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from suffrage.count import BallotCount, ElectionCount
from suffrage.election import Unit
from suffrage.protocols.published import PublishedProtocol
from suffrage.returns.batch import ABSENT, Ints, Mask, Positions
from suffrage.words import grouped

MOST_ROWS = 2_000
"""How many rows a table of units has at most; with more, only the parts are shown, and the downloads hold the rest."""

DASH = "\N{EN DASH}"


@dataclass(frozen=True, slots=True)
class Row:
    """One unit: its figures as text in the order of the columns; none where nothing came from it."""

    unit: Unit
    cells: tuple[str, ...]
    expected: int
    reported: int
    protocol: PublishedProtocol | None


@dataclass(frozen=True, slots=True)
class Group:
    """Some rows under one heading; `unit` is None where there is but one group."""

    unit: Unit | None
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Units:
    """The units that make up a contest in one ballot.

    `fields` are the names of the figures, in the order of the cells; the candidates' votes follow. `parts` are sums of
    direct parts, empty where there are none. `singles` are units that report themselves, empty where there are more
    than a table holds; `number` says how many there are. `total` is the sum of everything that was reported.
    """

    fields: tuple[str, ...]
    parts: Sequence[Row]
    singles: Sequence[Group]
    number: int
    total: tuple[str, ...]


def units_of(
    counted: ElectionCount,
    position: int,
    count: BallotCount,
    up: Positions,
    protocols: Mapping[tuple[int, str], PublishedProtocol],
) -> Units | None:
    """The units of the contest at a position; None where its unit reports itself.

    `up` are the slots above slots (`suffrage.count.sums.parents`), `protocols` those of the contest by ballot and unit.
    The count must keep every return.
    """
    return _Reader(counted, position, count, up, protocols).units()


class _Reader:
    def __init__(
        self,
        counted: ElectionCount,
        position: int,
        count: BallotCount,
        up: Positions,
        protocols: Mapping[tuple[int, str], PublishedProtocol],
    ) -> None:
        slots = counted.gathered.slots
        self.all_units = counted.election.units
        self.position = counted.election.index.unit
        self.count = count
        self.protocols = protocols
        self.first, self.last = int(slots.first[position]), int(slots.first[position + 1])
        self.unit = slots.unit[self.first : self.last]
        self.expected = slots.expected[self.first : self.last]
        contest_unit = counted.election.index.contest_unit[position]
        self.root = int(np.flatnonzero(self.unit == contest_unit)[0])
        self.up = up[self.first : self.last] - self.first
        sums = counted.gathered.sums.get(count.ballot)
        size = self.last - self.first
        self.reported: Mask = np.zeros(size, bool)
        self.figures: dict[str, Ints] = {}
        standing = [counted.election.candidates[c].id for c in counted.election.index.standing[position]]
        self.votes: Ints = np.zeros((size, len(count.candidates)), np.int64)
        if sums is not None:
            self.reported = sums.reported[self.first : self.last]
            columns, votes = sums.columns(np.arange(self.first, self.last))
            given = [name for name, column in columns.items() if (column[self.reported] != ABSENT).any()]
            in_order = [name for name in count.totals.figures if name in given]
            self.figures = {name: columns[name] for name in dict.fromkeys((*in_order, *given))}
            self.votes = votes[:, [standing.index(candidate.id) for candidate in count.candidates]]

    def units(self) -> Units | None:
        if len(self.unit) == 1 or self.reported[self.root]:
            return None
        top = self._direct_parts()
        inner = ~self.expected & ~self.reported
        inner[self.root] = False
        direct = np.flatnonzero((self.up == self.root) & (np.arange(len(top)) != self.root))
        covered = self._below_reported()
        single = np.flatnonzero((self.expected & ~covered) | self.reported)
        has_parts = bool(inner[direct].any())
        parts = self._parts(top, direct) if has_parts and len(direct) <= MOST_ROWS else ()
        groups: Sequence[Group] = ()
        if len(single) <= MOST_ROWS:
            groups = self._grouped(top, direct, inner, single) if has_parts else (Group(None, self._rows(single)),)
        return Units(tuple(self.figures), parts, groups, len(single), self._total())

    def _total(self) -> tuple[str, ...]:
        """The sum of every column; a dash where some return lacks the figure."""
        columns = (column[self.reported] for column in (*self.figures.values(), *self.votes.T))
        return tuple(DASH if (column == ABSENT).any() else grouped(int(column.sum())) for column in columns)

    def _direct_parts(self) -> Positions:
        """By slot: the part directly under the contest's unit that it lies in; the contest's unit is its own."""
        top = np.arange(len(self.unit), dtype=np.int32)
        while True:
            above = self.up[top]
            climbing = (above != self.root) & (top != self.root)
            if not climbing.any():
                return top
            top = np.where(climbing, above, top).astype(np.int32)

    def _below_reported(self) -> Mask:
        """Which slots lie under a unit that reported for all that is in it."""
        covered = np.zeros(len(self.unit), bool)
        if not (self.reported & ~self.expected).any():
            return covered
        here = self.up
        while (here != self.root).any():
            covered |= self.reported[here] & (here != self.root)
            here = self.up[here]
        return covered

    def _rows(self, chosen: Ints) -> list[Row]:
        """Rows of units by themselves."""
        columns = [self.figures[name][chosen].tolist() for name in self.figures]
        columns += self.votes[chosen].T.tolist()
        cells = [[DASH if figure == ABSENT else grouped(figure) for figure in column] for column in columns]
        came = self.reported[chosen].tolist()
        texts = zip(*cells, strict=True) if cells else ((),) * len(came)
        units = [self.all_units[unit] for unit in self.unit[chosen].tolist()]
        return [
            Row(unit, text if there else (), 1, int(there), self.protocols.get((self.count.ballot, unit.id)))
            for unit, text, there in zip(units, texts, came, strict=True)
        ]

    def _parts(self, top: Positions, direct: Ints) -> list[Row]:
        """The sums of direct parts; a dash where some return in it lacks the figure."""
        size = len(self.unit)
        came = np.flatnonzero(self.reported)
        number = np.bincount(top[came], minlength=size)
        expected = np.bincount(top[self.expected], minlength=size)
        missing = [self.position[identifier] for identifier in self.count.missing]
        out = np.flatnonzero(np.isin(self.unit, missing))
        still_out = np.bincount(top[out], minlength=size)
        columns = []
        for column in (*self.figures.values(), *self.votes.T):
            known = came[column[came] != ABSENT]
            total = np.zeros(size, np.int64)
            np.add.at(total, top[known], column[known])
            whole = np.bincount(top[known], minlength=size) == number
            columns.append([grouped(int(total[slot])) if whole[slot] else DASH for slot in direct])
        texts = zip(*columns, strict=True) if columns else ((),) * len(direct)
        rows = []
        for slot, text in zip(direct.tolist(), texts, strict=True):
            unit = self.all_units[int(self.unit[slot])]
            due = int(expected[slot])
            protocol = self.protocols.get((self.count.ballot, unit.id))
            rows.append(Row(unit, text if number[slot] else (), due, due - int(still_out[slot]), protocol))
        return rows

    def _grouped(self, top: Positions, direct: Ints, inner: Mask, single: Ints) -> list[Group]:
        """Single units under the direct parts that they lie in; those that are direct parts themselves come first."""
        of_part = top[single]
        own = of_part == single
        groups = [Group(None, self._rows(single[own]))] if own.any() else []
        return groups + [
            Group(self.all_units[int(self.unit[slot])], self._rows(single[of_part == slot]))
            for slot in direct[inner[direct]].tolist()
        ]
