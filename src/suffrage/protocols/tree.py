"""The tree of one contest's units as protocols climb it: from the precincts to the unit of the contest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from suffrage.count import BallotCount, ElectionCount, Finding
from suffrage.election import Unit
from suffrage.protocols.published import Level
from suffrage.returns.batch import ABSENT, Positions


@dataclass
class Beneath:
    """What has been drawn directly beneath a protocol that is still to be drawn.

    `expected` and `reported` count the returns that are due and that have come; above districts, the contests.
    """

    hashes: list[str] = field(default_factory=list)
    figures: list[Mapping[str, int]] = field(default_factory=list)
    votes: list[Sequence[int]] = field(default_factory=list)
    decisions: list[str] = field(default_factory=list)
    expected: int = 0
    reported: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)

    def sums(self) -> dict[str, int]:
        """The figures that everything beneath gives, added up."""
        if not self.figures:
            return {}
        names = [name for name in self.figures[0] if all(name in given for given in self.figures)]
        return {name: sum(given[name] for given in self.figures) for name in names}


class Walk:
    """One contest in one ballot, unit by unit, in the order in which protocols are drawn.

    Attributes: `order`, positions of units in the contest, each after everything beneath it, the contest's own last;
    `reported`, by position, whether the unit gave a return of its own; `votes`, by position, those of each candidate.
    """

    def __init__(self, counted: ElectionCount, position: int, count: BallotCount, up: Positions) -> None:
        election, gathered = counted.election, counted.gathered
        slots, sums = gathered.slots, gathered.sums[count.ballot]
        first, last = int(slots.first[position]), int(slots.first[position + 1])
        self.contest = election.contests[position]
        self.ballot = count.ballot
        self._units = election.units
        self._unit: list[int] = slots.unit[first:last].tolist()
        self._up = (up[first:last] - first).tolist()
        self.reported = sums.reported[first:last].tolist()
        self.due = slots.expected[first:last].tolist()
        self.root = self._unit.index(election.index.unit[self.contest.unit])
        self.order = self._post_order()
        columns, votes = sums.columns(np.arange(first, last))
        self._figures = {name: column.tolist() for name, column in columns.items()}
        standing = [election.candidates[candidate] for candidate in election.index.standing[position]]
        self.votes = votes[:, [standing.index(candidate) for candidate in count.candidates]].tolist()
        self._lines = [{"candidate": c.id, "number": c.number, "name": c.full_name} for c in count.candidates]
        self.beneath: dict[int, Beneath] = {}
        self.findings: dict[str, list[Finding]] = {}
        for finding in count.findings:
            self.findings.setdefault(finding.unit, []).append(finding)

    def _post_order(self) -> list[int]:
        children: dict[int, list[int]] = {}
        for slot, above in enumerate(self._up):
            if slot != self.root:
                children.setdefault(above, []).append(slot)
        order = []
        ahead = [self.root]
        while ahead:
            slot = ahead.pop()
            order.append(slot)
            ahead += children.get(slot, ())
        return order[::-1]

    def level(self, slot: int) -> Level:
        """Whose protocol a unit's is."""
        if slot == self.root:
            return Level.DISTRICT
        return Level.PRECINCT if self.reported[slot] else Level.PART

    def unit(self, slot: int) -> Unit:
        """The unit at a position."""
        return self._units[self._unit[slot]]

    def beneath_of(self, slot: int) -> Beneath:
        """What lies beneath the unit above this one."""
        return self.beneath.setdefault(self._up[slot], Beneath())

    def figures_of(self, slot: int) -> dict[str, int]:
        """The figures of a return by field, those that it gives."""
        return {name: column[slot] for name, column in self._figures.items() if column[slot] != ABSENT}

    def ballot_paper(self, votes: Sequence[int]) -> list[dict[str, Any]]:
        """The candidates in the order of the ballot paper, with their votes."""
        return [{**line, "votes": number} for line, number in zip(self._lines, votes, strict=True)]
