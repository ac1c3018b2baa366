"""The returns of a count as columns, contest by contest: what every export is written from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from suffrage.count.result import BallotCount, ContestCount, ElectionCount
from suffrage.law import Rules
from suffrage.returns.batch import ABSENT, Ints, Positions


@dataclass(frozen=True, slots=True)
class Block:
    """The returns of one contest in one ballot, one row a unit that gave one, in the order of the units.

    `position` is that of the contest, `units` those of the units. `figures` by field, ABSENT where a return does not
    give one. `votes` has a column for each of `count.candidates`. Figures are those that the count added up: as its
    law reads them, with what follows from others, after corrections and annulments.
    """

    position: int
    contest: ContestCount
    count: BallotCount
    units: Positions
    figures: dict[str, Ints]
    votes: Ints

    def __len__(self) -> int:
        return len(self.units)


def blocks(counted: ElectionCount, ballot: int) -> Iterator[Block]:
    """Every contest in which a ballot was held, in their order; without rows where nothing was reported.

    ValueError where the count did not keep every return by itself.
    """
    election, gathered = counted.election, counted.gathered
    slots, sums = gathered.slots, gathered.sums.get(ballot)
    if sums is not None and len(sums.node_slots) < len(slots):
        raise ValueError("exports need a count that keeps every return: every_return=True")
    for position, contest in enumerate(counted.contests):
        count = next((held for held in contest.ballots if held.ballot == ballot), None)
        if count is None:
            continue
        if sums is None:
            nothing = np.empty((0, len(count.candidates)), np.int64)
            yield Block(position, contest, count, np.empty(0, np.int32), {}, nothing)
            continue
        first, last = int(slots.first[position]), int(slots.first[position + 1])
        rows = first + np.flatnonzero(sums.reported[first:last])
        figures, votes = sums.columns(rows)
        place = {candidate: n for n, candidate in enumerate(election.index.standing[position])}
        mine = [place[election.index.candidate[position, candidate.id]] for candidate in count.candidates]
        votes = votes[:, mine] if len(rows) else np.empty((0, len(mine)), np.int64)
        yield Block(position, contest, count, slots.unit[rows], figures, votes)


def figure_names(counted: ElectionCount) -> list[str]:
    """The figures that some return gives, in the order of the law; what the law does not name comes last."""
    rules = (counted.statute, *counted.statute.variants.values())
    in_order = [name for law in rules for name in law.returns.fields]
    given = {
        name
        for ballot in sorted(counted.gathered.sums)
        for block in blocks(counted, ballot)
        for name, column in block.figures.items()
        if (column != ABSENT).any()
    }
    return [*(name for name in dict.fromkeys(in_order) if name in given), *sorted(given - set(in_order))]


def rules_of(counted: ElectionCount, contest: ContestCount) -> Rules:
    """The rules that a contest was counted under."""
    return counted.statute.rules_under(contest.contest.rules)
