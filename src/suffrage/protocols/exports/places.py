"""The places of a NIST report: every unit of the election as a reporting unit, with what is in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from suffrage.count.result import ElectionCount
from suffrage.protocols.exports.blocks import Block, blocks
from suffrage.protocols.exports.entries import count_status, entity, identifier, known_as, text
from suffrage.returns.batch import ABSENT, Ints, Positions

SCOPE = "scope"
"""The identifier of the place of the whole election, where no single unit holds all others."""

_TYPES = {
    **{
        kind: kind
        for kind in (
            "country", "state", "county", "borough", "city", "municipality", "town", "township", "village", "ward",
            "precinct",
        )
    },
    **dict.fromkeys(("province", "republic", "union-republic"), "state"),
}  # fmt: skip
"""Kinds of units for which the standard has a type; every other one keeps its own word."""


class Agreed:
    """One figure by unit, as far as all contests that give it say the same of the unit.

    The standard has room for one number of registered electors and one of ballots in a place, whatever is voted on.
    """

    def __init__(self, units: int) -> None:
        self._value = np.full(units, ABSENT, np.int64)
        self._disputed = np.zeros(units, bool)

    def note(self, units: Positions, column: Ints) -> None:
        """What one contest says of some units, each named once; ABSENT says nothing."""
        units, column = units[column != ABSENT], column[column != ABSENT]
        before = self._value[units]
        self._disputed[units[(before != ABSENT) & (before != column)]] = True
        self._value[units] = column

    @property
    def said(self) -> Ints:
        """The figure of every unit; ABSENT where nothing is given or contests differ."""
        return np.where(self._disputed, ABSENT, self._value)


def unit_keys(counted: ElectionCount) -> list[str]:
    """The identifier of every unit in the report, by position."""
    return [identifier("unit", unit.id) for unit in counted.election.units]


def scope(counted: ElectionCount) -> str:
    """The identifier of the place that the whole election is held in."""
    roots = [unit for unit in counted.election.units if not unit.parent]
    return identifier("unit", roots[0].id) if len(roots) == 1 else SCOPE


def registered(counted: ElectionCount) -> Ints:
    """The electors of every unit: on its roll, else as its first returns say; ABSENT where that is not known."""
    units = counted.election.units
    figures = Agreed(len(units))
    for block in blocks(counted, 1):
        if "registered" in block.figures:
            figures.note(block.units, block.figures["registered"])
        note_total(figures, counted, block, "registered")
    roll = np.array([ABSENT if unit.registered is None else unit.registered for unit in units], np.int64)
    return np.where(roll == ABSENT, figures.said, roll)


def note_total(figures: Agreed, counted: ElectionCount, block: Block, name: str) -> None:
    """Note what the returns of a contest come to, of the contest's unit, where there are any."""
    total = block.count.totals.figures.get(name, ABSENT) if len(block) else ABSENT
    unit = counted.election.index.contest_unit[block.position : block.position + 1]
    figures.note(unit, np.array([total], np.int64))


def reporting_units(counted: ElectionCount, keys: list[str], electors: Ints) -> Iterator[dict[str, Any]]:
    """Every unit as a reporting unit."""
    election = counted.election
    language = election.language
    inside: dict[str, list[str]] = {}
    for key, unit in zip(keys, election.units, strict=True):
        for above in dict.fromkeys((unit.parent, *unit.also_in)):
            if above:
                inside.setdefault(above, []).append(key)
    if (key := scope(counted)) == SCOPE:
        roots = [key for key, unit in zip(keys, election.units, strict=True) if not unit.parent]
        yield entity("ReportingUnit", SCOPE, Type="other", OtherType="the whole election", ComposingGpUnitIds=roots)
    districts = {contest.unit for contest in election.contests}
    due, done = _returns(counted)
    rows = zip(keys, election.units, electors.tolist(), due.tolist(), done.tolist(), strict=True)
    for key, unit, number, expected, reported in rows:
        kind = _TYPES.get(unit.kind, "other")
        yield entity(
            "ReportingUnit",
            key,
            ComposingGpUnitIds=inside.get(unit.id),
            CountStatus=count_status(expected, reported) if expected else None,
            ExternalIdentifier=known_as(unit.id),
            IsDistricted=True if unit.id in districts else None,
            Name=text(unit.name or unit.id, language),
            OtherType=(unit.kind or None) if kind == "other" else None,
            Type=kind,
            VotersRegistered=number if number != ABSENT else None,
        )


def _returns(counted: ElectionCount) -> tuple[Ints, Ints]:
    """By unit: how many returns are due from it, in every contest and ballot held, and how many have come."""
    election, slots = counted.election, counted.gathered.slots
    due = np.zeros(len(election.units), np.int64)
    missing = np.zeros(len(election.units), np.int64)
    for position, contest in enumerate(counted.contests):
        mine = slice(int(slots.first[position]), int(slots.first[position + 1]))
        expected = slots.unit[mine][slots.expected[mine]]
        for ballot in contest.ballots:
            due[expected] += 1
            missing[[election.index.unit[unit] for unit in ballot.missing]] += 1
    return due, due - missing
