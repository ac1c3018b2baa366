"""A count that keeps every return comes to the same as one that does not, and tells each return by itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings

from suffrage.count import ElectionCount, count
from suffrage.count.levels import kinds, totals_of
from suffrage.count.sums import parents
from suffrage.election import Contest, Unit
from suffrage.law import built_in
from suffrage.returns import Slots
from suffrage.returns.batch import ABSENT
from tests.elections import batches, election, sound
from tests.protocols.plain import Held, Place, held, stands_as

some = settings(max_examples=max(settings().max_examples // 4, 20))


def both(of: Held, size: int = 1000) -> tuple[ElectionCount, ElectionCount]:
    """The count without and with every return."""
    law = built_in(of.election.law)
    plain, kept = (
        count(of.election, law, batches(of.election, of.returns, size), every_return=every) for every in (False, True)
    )
    return plain, kept


@some
@given(held())
def test_it_comes_to_the_same(of: Held) -> None:
    plain, kept = both(of)
    assert plain == kept
    assert plain.findings == kept.findings
    assert plain.gathered.sums.keys() == kept.gathered.sums.keys()
    for ballot, sums in plain.gathered.sums.items():
        assert (sums.reported == kept.gathered.sums[ballot].reported).all()


@some
@given(held())
def test_in_small_portions_too(of: Held) -> None:
    assert both(of, 2)[1] == both(of)[0]


def without_hosts(of: Held) -> Held:
    """The same without `also_in`."""
    units = tuple(replace(unit, also_in=(), kind="place") for unit in of.election.units)
    made = replace(of.election, units=units)
    inside = {contest.id: set(Place(made, contest).inside) for contest in made.contests}
    returns = tuple(item for item in of.returns if item.unit in inside[item.contest])
    decisions = tuple(item for item in made.decisions if not item.unit or item.unit in inside[item.contest])
    return Held(replace(made, decisions=decisions), returns)


@some
@given(held())
def test_totals_of_levels_are_the_same(of: Held) -> None:
    plain, kept = both(without_hosts(of))
    assert kinds(plain) == kinds(kept)
    for kind in kinds(plain):
        assert list(totals_of(plain, kind)) == list(totals_of(kept, kind))


@some
@given(held())
def test_each_return_is_told_by_itself(of: Held) -> None:
    election = of.election
    _, kept = both(of)
    slots = kept.gathered.slots
    where = {
        (election.units[unit].id, election.contests[contest].id): slot
        for slot, (contest, unit) in enumerate(zip(slots.contest.tolist(), slots.unit.tolist(), strict=True))
    }
    reported = {(item.unit, item.contest, item.ballot): item for item in of.returns}
    for ballot, sums in kept.gathered.sums.items():
        assert sums.node_slots.tolist() == list(range(len(slots)))
        for (unit, contest), slot in where.items():
            item = reported.get((unit, contest, ballot))
            assert bool(sums.reported[slot]) == (item is not None)
            figures, votes, returns = sums.of_nodes(np.array([slot]))
            assert returns == (item is not None)
            stands = item and stands_as(election, item)
            if stands:
                standing = [election.candidates[place].id for place in election.index.standing[slots.contest[slot]]]
                assert figures == stands[0]
                assert votes == tuple(stands[1].get(name, 0) for name in standing)


@some
@given(held())
def test_columns_are_the_figures_of_each_and_absent_where_one_gives_none(of: Held) -> None:
    for counted in both(of):
        for sums in counted.gathered.sums.values():
            for contest in range(len(of.election.contests)):
                nodes = sums.nodes_of(contest)
                columns, votes = sums.columns(nodes)
                assert votes.shape == (len(nodes), len(of.election.index.standing[contest]) if len(nodes) else 0)
                for row, node in enumerate(nodes.tolist()):
                    figures, of_node, returns = sums.of_nodes(np.array([node]))
                    if returns:
                        given = {name: int(column[row]) for name, column in columns.items() if column[row] != ABSENT}
                        assert given == figures
                    assert tuple(votes[row].tolist()) == of_node


def test_no_nodes_have_no_columns() -> None:
    law = built_in("ussr-1937")
    made = election([Unit("d")], [Contest("d", "d")])
    sums = count(made, law, batches(made, [sound({"a": 1}, "d")]), every_return=True).gathered.sums[1]
    columns, votes = sums.columns(np.array([], np.intp))
    assert votes.shape == (0, 0)
    assert all(len(column) == 0 for column in columns.values())


@some
@given(held())
def test_parents_are_the_units_above_in_the_same_contest(of: Held) -> None:
    slots = Slots(of.election)
    above = parents(of.election, slots)
    units = of.election.units
    for position, contest in enumerate(of.election.contests):
        place = Place(of.election, contest)
        first, last = int(slots.first[position]), int(slots.first[position + 1])
        assert {units[unit].id for unit in slots.unit[first:last].tolist()} == set(place.inside)
        for slot in range(first, last):
            assert first <= above[slot] < last
            assert units[slots.unit[above[slot]]].id == place.above(units[slots.unit[slot]].id)
