"""Slots: which unit reports to which contest."""

from __future__ import annotations

import numpy as np
from hypothesis import given

from suffrage.election import Contest, Election, Unit
from suffrage.returns import Slots
from tests.returns.made import election_of, elections, small, two_chambers


def lies_in(election: Election, unit: str, place: str) -> bool:
    """Whether a unit is a place, or somewhere below it; slowly, straight from the definition."""
    units = {entry.id: entry for entry in election.units}
    ahead, seen = [unit], set()
    while ahead:
        here = ahead.pop()
        if here == place:
            return True
        if here and here not in seen:
            seen.add(here)
            ahead += [units[here].parent, *units[here].also_in]
    return False


@given(elections())
def test_there_is_a_slot_for_every_unit_that_lies_in_a_contest(election: Election) -> None:
    slots = Slots(election)
    found = list(zip(slots.contest.tolist(), slots.unit.tolist(), strict=True))
    wanted = [
        (position, where)
        for position, contest in enumerate(election.contests)
        for where, unit in enumerate(election.units)
        if lies_in(election, unit.id, contest.unit)
    ]
    assert found == wanted
    assert len(slots) == len(wanted)


@given(elections())
def test_a_slot_is_found_by_contest_and_unit_and_no_other(election: Election) -> None:
    slots = Slots(election)
    contests, units = len(election.contests), len(election.units)
    contest = np.repeat(np.arange(contests, dtype=np.int32), units)
    unit = np.tile(np.arange(units, dtype=np.int32), contests)
    found = slots.of(contest, unit)
    inside = found >= 0
    assert (slots.contest[found[inside]] == contest[inside]).all()
    assert (slots.unit[found[inside]] == unit[inside]).all()
    assert inside.sum() == len(slots)


@given(elections())
def test_the_only_slot_of_a_unit_says_where_there_is_none_or_several(election: Election) -> None:
    slots = Slots(election)
    for unit, slot in enumerate(slots.only_slot.tolist()):
        mine = np.flatnonzero(slots.unit == unit)
        assert slot == (mine[0] if len(mine) == 1 else -1 if len(mine) == 0 else -2)


def test_returns_are_due_from_units_with_nothing_below_them() -> None:
    slots = Slots(small(precincts=2))
    assert slots.expected.tolist() == [False, True, True]


def test_a_unit_of_another_branch_reports_to_the_contest_that_it_is_also_in() -> None:
    units = (Unit("land"), Unit("east", parent="land"), Unit("area"), Unit("e1", parent="east", also_in=("area",)))
    election = election_of(units, (Contest("east", "east"), Contest("area", "area")), ())
    slots = Slots(election)
    assert [
        (election.contests[c].id, election.units[u].id) for c, u in zip(slots.contest, slots.unit, strict=True)
    ] == [
        ("east", "east"),
        ("east", "e1"),
        ("area", "area"),
        ("area", "e1"),
    ]
    assert slots.expected.tolist() == [False, True, False, True]


def test_the_whole_country_holds_every_unit() -> None:
    election = two_chambers()
    slots = Slots(election)
    assert (slots.contest == 2).sum() == len(election.units)
    assert slots.only_slot.tolist() == [4, -2, -2, -2, -2]
