"""Positions instead of identifiers: the tree of units and what stands where, for bulk work on arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from suffrage.election.model import Candidate, Contest, Unit

Positions = npt.NDArray[np.int32]


class Index:
    """Where each unit, contest and candidate stands in an election. Identifiers must have been checked.

    Units are walked depth first, so that everything below a unit is one run of `order`; `also_in` adds further runs.
    """

    def __init__(self, units: Sequence[Unit], contests: Sequence[Contest], candidates: Sequence[Candidate]) -> None:
        self.unit = {unit.id: position for position, unit in enumerate(units)}
        self.contest = {contest.id: position for position, contest in enumerate(contests)}
        self.candidate: dict[tuple[int, str], int] = {}
        self.number: dict[tuple[int, int], int] = {}
        standing: list[list[int]] = [[] for _ in contests]
        for position, candidate in enumerate(candidates):
            contest = self.contest[candidate.contest]
            self.candidate[contest, candidate.id] = position
            self.number[contest, candidate.number] = position
            standing[contest].append(position)
        self.standing = tuple(tuple(group) for group in standing)
        self.contest_unit = np.array([self.unit[contest.unit] for contest in contests], np.int32)
        self._walk(units)

    def _walk(self, units: Sequence[Unit]) -> None:
        size = len(units)
        children: dict[int, list[int]] = {}
        self._guests: dict[int, list[int]] = {}
        roots = []
        parents = [-1] * size
        for position, unit in enumerate(units):
            if unit.parent:
                parents[position] = above = self.unit[unit.parent]
                children.setdefault(above, []).append(position)
            else:
                roots.append(position)
            for other in unit.also_in:
                self._guests.setdefault(self.unit[other], []).append(position)
        self.parent = np.array(parents, np.int32)
        order: list[int] = []
        begin, end = [0] * size, [0] * size
        ahead = roots[::-1]
        while ahead:
            here = ahead.pop()
            if here < 0:
                end[~here] = len(order)
                continue
            begin[here] = len(order)
            order.append(here)
            if below := children.get(here):
                ahead.append(~here)
                ahead.extend(reversed(below))
            else:
                end[here] = len(order)
        self.order = np.array(order, np.int32)
        self.begin = np.array(begin, np.int32)
        self.end = np.array(end, np.int32)
        leaf = np.ones(size, bool)
        leaf[list(children)] = False
        leaf[list(self._guests)] = False
        self.leaf = leaf

    def below(self, unit: int) -> Positions:
        """The unit and everything below it, units of other branches that are also in it included, each once."""
        runs = [self.order[self.begin[unit] : self.end[unit]]]
        if self._guests:
            seen = {unit}
            ahead = list(runs)
            while ahead:
                for host in ahead.pop().tolist():
                    for guest in self._guests.get(host, ()):
                        if guest not in seen:
                            seen.add(guest)
                            runs.append(self.order[self.begin[guest] : self.end[guest]])
                            ahead.append(runs[-1])
        return runs[0] if len(runs) == 1 else np.unique(np.concatenate(runs)).astype(np.int32)

    def reporting(self, unit: int) -> Positions:
        """The units without anything below them that make up a unit: those that are expected to report."""
        below = self.below(unit)
        return below[self.leaf[below]]
