"""The units below a unit, and those that report for it, against what the words mean."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from suffrage.election import Contest, Election, Unit
from suffrage.election.index import Index
from suffrage.returns import Slots
from tests.elections import election, elections, standing, trees


def inside(units: tuple[Unit, ...], unit: str) -> set[str]:
    """The unit, those whose parent it is or that are also in it, and everything inside these."""
    mine = {unit}
    for other in units:
        if other.parent == unit or unit in other.also_in:
            mine |= inside(units, other.id)
    return mine


def reporting(units: tuple[Unit, ...], unit: str) -> set[str]:
    """Those inside that have nobody inside themselves."""
    return {one for one in inside(units, unit) if len(inside(units, one)) == 1}


@given(trees())
def test_below_and_reporting_are_what_the_words_mean(units: tuple[Unit, ...]) -> None:
    index = Index(units, (), ())
    for position, unit in enumerate(units):
        below = [units[place].id for place in index.below(position).tolist()]
        assert len(below) == len(set(below))
        assert set(below) == inside(units, unit.id)
        assert {units[place].id for place in index.reporting(position).tolist()} == reporting(units, unit.id)


@given(trees())
def test_positions_and_parents(units: tuple[Unit, ...]) -> None:
    index = Index(units, (), ())
    assert sorted(index.order.tolist()) == list(range(len(units)))
    for position, unit in enumerate(units):
        assert index.unit[unit.id] == position
        parent = int(index.parent[position])
        assert (units[parent].id if parent >= 0 else "") == unit.parent


@given(trees(), st.data())
def test_a_return_of_a_contest_has_a_place_where_its_unit_lies_in_it(
    units: tuple[Unit, ...], data: st.DataObject
) -> None:
    chosen = data.draw(st.lists(st.sampled_from(units), min_size=1, max_size=3, unique_by=lambda unit: unit.id))
    contests = [Contest(unit.id, unit.id) for unit in chosen]
    made = election(units, contests, [c for contest in contests for c in standing(contest.id, "A")])
    slots, index = Slots(made), made.index
    for place, contest in enumerate(contests):
        for position, unit in enumerate(units):
            slot = int(slots.of(np.array([place], np.int32), np.array([position], np.int32))[0])
            assert (slot >= 0) == (unit.id in inside(units, contest.unit))
            if slot >= 0:
                assert (int(slots.contest[slot]), int(slots.unit[slot])) == (place, position)
                assert bool(slots.expected[slot]) == (len(inside(units, unit.id)) == 1)
    assert index.contest_unit.tolist() == [index.unit[contest.unit] for contest in contests]


@settings(max_examples=30)
@given(elections())
def test_candidates_are_found_by_contest_and_number_or_id(made: Election) -> None:
    index = made.index
    for position, candidate in enumerate(made.candidates):
        contest = index.contest[candidate.contest]
        assert index.candidate[contest, candidate.id] == position
        assert index.number[contest, candidate.number] == position
        assert position in index.standing[contest]
    assert sum(map(len, index.standing)) == len(made.candidates)


def test_a_tree_may_be_deeper_than_any_stack() -> None:
    depth = 20_000
    units = (Unit("0"), *(Unit(str(n), parent=str(n - 1)) for n in range(1, depth)))
    index = Index(units, (), ())
    assert len(index.below(0)) == depth
    assert index.reporting(0).tolist() == [depth - 1]
