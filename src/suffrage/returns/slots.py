"""Which unit reports to which contest: one slot a pair, so that returns are found and doubled ones seen."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from suffrage.election.model import Election
from suffrage.returns.batch import Ints, Positions


class Slots:
    """Every (contest, unit) of an election where the unit is, or lies in, the contest's unit.

    Attributes: `contest`, `unit` (positions, one entry a slot, ordered by contest, then unit); `expected` (bool: the
    unit has nothing below it, so a return is due).
    """

    def __init__(self, election: Election) -> None:
        index = election.index
        self.units = len(election.units)
        groups = [np.sort(index.below(int(unit))) for unit in index.contest_unit]
        sizes = [len(group) for group in groups]
        self.contest: Positions = np.repeat(np.arange(len(groups), dtype=np.int32), sizes)
        self.unit: Positions = np.concatenate(groups) if groups else np.empty(0, np.int32)
        self.first = np.concatenate(([0], np.cumsum(sizes)))
        self.expected = index.leaf[self.unit]
        self._keys: Ints = self.contest.astype(np.int64) * self.units + self.unit

    def __len__(self) -> int:
        return len(self.unit)

    def of(self, contest: Positions, unit: Positions) -> Positions:
        """The slot of every pair; -1 where the unit does not lie in the contest's unit."""
        wanted = contest.astype(np.int64) * self.units + unit
        slot = np.searchsorted(self._keys, wanted).astype(np.int32)
        slot[slot == len(self._keys)] = 0
        slot[self._keys[slot] != wanted] = -1
        return slot

    @cached_property
    def only_slot(self) -> Positions:
        """By unit: its slot where exactly one contest takes its return; -1 where none does, -2 where several do."""
        slot = np.full(self.units, -1, np.int32)
        slot[self.unit] = np.arange(len(self.unit), dtype=np.int32)
        slot[np.bincount(self.unit, minlength=self.units) > 1] = -2
        return slot
