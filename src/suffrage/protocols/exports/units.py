"""`units.csv`: what the returns come to in every unit at every level, from the precincts to the whole election."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from suffrage.count.result import ElectionCount
from suffrage.count.sums import parents
from suffrage.protocols.exports.blocks import Block, blocks, figure_names
from suffrage.protocols.published import Level
from suffrage.returns.batch import ABSENT, Ints, Mask, Positions
from suffrage.tables import csv_writer

COLUMNS = ("level", "chamber", "contest", "ballot", "unit", "kind", "expected", "reported")


def write_units(counted: ElectionCount, path: Path) -> None:
    """Write the table: a row a unit, contest and ballot; above contests a row an area, and the centre, and chamber.

    `expected` is how many returns are due from the unit, `reported` for how many of these units there is a return. A
    figure is the sum of the returns that came, empty where one of them does not give it. A unit stands where its
    protocol does: in the unit above it in the tree, or directly in the contest's if only `also_in` puts it there.
    """
    names = figure_names(counted)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv_writer(file)
        writer.writerow((*COLUMNS, *names))
        up = parents(counted.election, counted.gathered.slots)
        for ballot in (1, 2):
            areas: dict[tuple[str, int], _Sums] = {}
            for block in blocks(counted, ballot):
                sums = _of_contest(counted, block, up, names)
                writer.writerows(_contest_rows(counted, block, sums))
                whole = sums.taken(np.array([sums.root]))
                for unit in (*_above(counted, block), -1):
                    key = (block.contest.contest.chamber, unit)
                    areas[key] = areas[key].plus(whole) if key in areas else whole
            writer.writerows(_area_rows(counted, ballot, areas))


@dataclass(frozen=True)
class _Sums:
    """Sums by row: figures (a row a figure), of how many returns each is made, and how many units are due and in."""

    root: int
    figures: Ints
    given: Ints
    returns: Ints
    expected: Ints
    reported: Ints

    def taken(self, rows: Ints) -> _Sums:
        """Some rows."""
        return _Sums(
            0,
            self.figures[:, rows],
            self.given[:, rows],
            self.returns[rows],
            self.expected[rows],
            self.reported[rows],
        )

    def plus(self, other: _Sums) -> _Sums:
        """The sums of both, row by row."""
        return _Sums(
            0,
            self.figures + other.figures,
            self.given + other.given,
            self.returns + other.returns,
            self.expected + other.expected,
            self.reported + other.reported,
        )

    def cells(self) -> Iterator[list[int | None]]:
        """The last columns of every row: what is expected and reported, then the figures that all returns give."""
        whole: Mask = (self.given == self.returns) & (self.returns > 0)
        figures = np.where(whole, self.figures, ABSENT)
        for row in np.vstack((self.expected, self.reported, figures)).T.tolist():
            yield [None if figure == ABSENT else figure for figure in row]


def _of_contest(counted: ElectionCount, block: Block, up: Positions, names: list[str]) -> _Sums:
    """The sums of every unit of a contest, in the order of its slots."""
    slots, index = counted.gathered.slots, counted.election.index
    first, last = int(slots.first[block.position]), int(slots.first[block.position + 1])
    units, above = slots.unit[first:last], up[first:last] - first
    size = last - first
    rows = np.searchsorted(units, block.units)
    figures = np.zeros((len(names), size), np.int64)
    given = np.zeros((len(names), size), np.int64)
    for row, name in enumerate(names):
        column = block.figures.get(name)
        if column is not None:
            figures[row, rows] = np.where(column == ABSENT, 0, column)
            given[row, rows] = column != ABSENT
    returns = np.zeros(size, np.int64)
    returns[rows] = 1
    expected = slots.expected[first:last].astype(np.int64)
    reported = expected.copy()
    missing = np.array([index.unit[unit] for unit in block.count.missing], np.int64)
    reported[np.searchsorted(units, missing)] = 0
    root = int(np.searchsorted(units, index.contest_unit[block.position]))
    whole = np.vstack((figures, given, returns, expected, reported))
    _add_up(whole, above)
    figures, given = whole[: len(names)], whole[len(names) : 2 * len(names)]
    return _Sums(root, figures, given, *whole[2 * len(names) :])


def _add_up(columns: Ints, above: Positions) -> None:
    """Add what stands at every position to all that lie above it, the lowest first."""
    depth = np.zeros(len(above), np.int64)
    here: Positions = np.arange(len(above), dtype=np.int32)
    while (moved := above[here] != here).any():
        depth += moved
        here = above[here]
    for level in range(int(depth.max(initial=0)), 0, -1):
        rows = np.flatnonzero(depth == level)
        np.add.at(columns.T, above[rows], columns.T[rows])


def _contest_rows(counted: ElectionCount, block: Block, sums: _Sums) -> Iterator[list[object]]:
    contest, slots = block.contest.contest, counted.gathered.slots
    units = slots.unit[slots.first[block.position] : slots.first[block.position + 1]]
    own = np.isin(units, block.units) | counted.election.index.leaf[units]
    rows = zip(units.tolist(), own.tolist(), sums.cells(), strict=True)
    for row, (position, returns, cells) in enumerate(rows):
        unit = counted.election.units[position]
        level = Level.DISTRICT if row == sums.root else Level.PRECINCT if returns else Level.PART
        yield [level.value, contest.chamber, contest.id, block.count.ballot, unit.id, unit.kind, *cells]


def _above(counted: ElectionCount, block: Block) -> Iterator[int]:
    """The areas that a contest lies in: every unit above its own but the topmost, which is the centre."""
    parent = counted.election.index.parent
    unit = int(parent[counted.election.index.contest_unit[block.position]])
    while unit >= 0 and parent[unit] >= 0:
        yield unit
        unit = int(parent[unit])


def _area_rows(counted: ElectionCount, ballot: int, areas: dict[tuple[str, int], _Sums]) -> Iterator[list[object]]:
    """Areas in the order of the units, chamber by chamber, each followed by its centre."""
    chambers = list(dict.fromkeys(chamber for chamber, _ in areas))
    for chamber in chambers:
        mine = sorted(unit for other, unit in areas if other == chamber and unit >= 0)
        for position in (*mine, -1):
            level, identifier, kind = Level.CENTRE, "", ""
            if position >= 0:
                unit = counted.election.units[position]
                level, identifier, kind = Level.AREA, unit.id, unit.kind
            (cells,) = areas[chamber, position].cells()
            yield [level.value, chamber, "", ballot, identifier, kind, *cells]
