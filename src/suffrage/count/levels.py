"""Totals at any level of the tree: provinces, republics, whatever lies between a precinct and a contest's unit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from suffrage.count.result import ElectionCount


@dataclass(frozen=True, slots=True)
class LevelTotals:
    """What the returns of one unit come to in one contest and ballot; `votes` in the order of the ballot paper."""

    contest: str
    ballot: int
    unit: str
    name: str
    returns: int
    figures: dict[str, int]
    votes: tuple[int, ...]


def kinds(counted: ElectionCount) -> tuple[str, ...]:
    """The kinds of units that have others below them, in the order of the folder: those that have totals."""
    election = counted.election
    inner = [unit.kind for unit, leaf in zip(election.units, election.index.leaf.tolist(), strict=True) if not leaf]
    return tuple(dict.fromkeys(kind for kind in inner if kind))


def totals_of(counted: ElectionCount, kind: str) -> Iterator[LevelTotals]:
    """The totals of every unit of a kind, in every contest that it lies in, from the returns of the units in it."""
    election, gathered = counted.election, counted.gathered
    index, slots = election.index, gathered.slots
    units = [position for position, unit in enumerate(election.units) if unit.kind == kind and not index.leaf[position]]
    for contest in range(len(election.contests)):
        mine = slots.unit[slots.first[contest] : slots.first[contest + 1]]
        for position in units:
            if position not in mine:
                continue
            below = index.below(position)
            for ballot, sums in sorted(gathered.sums.items()):
                nodes = sums.nodes_of(contest)
                inside = nodes[np.isin(slots.unit[sums.node_slots[nodes]], below)]
                figures, votes, returns = sums.of_nodes(inside)
                if returns:
                    unit = election.units[position]
                    yield LevelTotals(
                        election.contests[contest].id, ballot, unit.id, unit.name, returns, figures, votes
                    )
