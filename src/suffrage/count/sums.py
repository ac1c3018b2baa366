"""Adding up returns as they stream by: one row of sums for every unit that has units below it, in every contest."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from suffrage.election.model import Election
from suffrage.returns.batch import ABSENT, Batch, Ints, Positions
from suffrage.returns.slots import Slots


class Sums:
    """Sums of one ballot (first or second). Memory grows with the inner units of the tree, not with the returns.

    A return is added where its unit's parent stands in the contest (its *node*), or where the unit itself does if it
    has others below it, so that totals can be given for any inner unit. With `every_return` each return is kept by
    itself instead, and memory grows with the returns. Attributes: `reported` (bool by slot).
    """

    def __init__(self, election: Election, slots: Slots, *, every_return: bool = False) -> None:
        index = election.index
        self.slots = slots
        self.reported = np.zeros(len(slots), bool)
        if every_return:
            self.node_slots = self._node = np.arange(len(slots))
        else:
            self.node_slots, self._node = np.unique(_nodes_of_slots(election, slots), return_inverse=True)
        self.node_contest = slots.contest[self.node_slots]
        size = np.array([len(group) for group in index.standing], np.int64)
        self._rank = np.zeros(max(len(election.candidates), 1), np.int64)
        for group in index.standing:
            self._rank[list(group)] = np.arange(len(group))
        self._first = np.concatenate(([0], np.cumsum(size[self.node_contest])))
        self._votes = np.zeros(int(self._first[-1]), np.int64)
        self._figures: dict[str, Ints] = {}
        self._given: dict[str, Ints] = {}
        self._returns = np.zeros(len(self.node_slots), np.int64)

    def add(self, batch: Batch, figures: dict[str, Ints], votes: Ints) -> None:
        """Add the returns of a batch: its figures as the law reads them, and its votes."""
        node = self._node[batch.slot]
        self.reported[batch.slot] = True
        nodes = len(self.node_slots)
        self._returns += np.bincount(node, minlength=nodes)
        for name, column in figures.items():
            total = self._figures.setdefault(name, np.zeros(nodes, np.int64))
            given = self._given.setdefault(name, np.zeros(nodes, np.int64))
            known = column != ABSENT
            if known.all():
                _add_at(total, node, column)
                given += np.bincount(node, minlength=nodes)
            else:
                _add_at(total, node[known], column[known])
                given += np.bincount(node[known], minlength=nodes)
        _add_at(self._votes, self._first[node[batch.vote_row]] + self._rank[batch.vote_candidate], votes)

    def of_nodes(self, nodes: npt.NDArray[np.intp]) -> tuple[dict[str, int], tuple[int, ...], int]:
        """Figures that every return gives, votes by candidate, and how many returns, of some nodes of one contest."""
        returns = int(self._returns[nodes].sum())
        figures = {
            name: int(total[nodes].sum())
            for name, total in self._figures.items()
            if int(self._given[name][nodes].sum()) == returns
        }
        if not len(nodes):
            return figures, (), 0
        size = int(self._first[nodes[0] + 1] - self._first[nodes[0]])
        where = self._first[nodes][:, None] + np.arange(size)
        return figures, tuple(self._votes[where].sum(axis=0).tolist()), returns

    def columns(self, nodes: npt.NDArray[np.intp]) -> tuple[dict[str, Ints], Ints]:
        """The figures by field and the votes of some nodes of one contest.

        Figures are ABSENT where a return lacks them; votes are a row a node and a column a candidate.
        """
        figures = {
            name: np.where(self._given[name][nodes] == self._returns[nodes], total[nodes], ABSENT)
            for name, total in self._figures.items()
        }
        size = int(self._first[nodes[0] + 1] - self._first[nodes[0]]) if len(nodes) else 0
        return figures, self._votes[self._first[nodes][:, None] + np.arange(size)]

    def nodes_of(self, contest: int) -> npt.NDArray[np.intp]:
        """The nodes of a contest; they are one run."""
        first, last = np.searchsorted(self.node_contest, [contest, contest + 1])
        return np.arange(first, last)


def parents(election: Election, slots: Slots) -> Positions:
    """By slot: the slot above it in the same contest; that of the contest's unit is above itself.

    A unit that is in a contest by `also_in` alone stands directly under the contest's unit.
    """
    index = election.index
    root = slots.of(np.arange(len(election.contests), dtype=np.int32), index.contest_unit)
    parent = index.parent[slots.unit]
    above = slots.of(slots.contest, np.where(parent >= 0, parent, slots.unit))
    above[(above < 0) | (parent < 0)] = root[slots.contest[(above < 0) | (parent < 0)]]
    above[root] = root
    return above


def _nodes_of_slots(election: Election, slots: Slots) -> Positions:
    """By slot: where its return is added."""
    own = np.arange(len(slots), dtype=np.int32)
    return np.where(slots.expected, parents(election, slots), own).astype(np.int32)


def _add_at(total: Ints, where: Positions | Ints, amount: Ints) -> None:
    """`total[where] += amount`, with repeated positions. In float64 where that is exact, which is much faster."""
    if len(amount) and len(amount) * float(np.abs(amount).max()) < 2**53:
        total += np.bincount(where, weights=amount, minlength=len(total)).astype(np.int64)
    else:
        np.add.at(total, where, amount)
