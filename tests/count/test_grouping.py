"""The same returns give the same count, in whatever order, portions and groups they come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from suffrage.count import BallotCount, ElectionCount, Outcome
from suffrage.election import Contest, Election, Unit
from suffrage.returns import Return
from tests.elections import counted, election, sound, standing

FEW = st.integers(0, 9)
LAWS = st.sampled_from(["ussr-1937", "france-assembly", "plurality", "vietnam-2015"])


def unworded(outcome: Outcome, words: bool) -> Outcome:
    if words:
        return outcome
    return replace(outcome, missing=(str(len(outcome.missing)),), steps=())


def essence(ballot: BallotCount, words: bool) -> object:
    """Everything that a ballot comes to, without the order and the lines of its returns."""
    return (
        ballot.totals,
        unworded(ballot.outcome, words),
        ballot.expected,
        set(ballot.missing),
        Counter(replace(finding, line=None) for finding in ballot.findings),
    )


def same(one: ElectionCount, two: ElectionCount, *, words: bool = True) -> None:
    """Two counts that come to the same; without `words`, their sentences may name places in another order."""
    assert [contest.contest.id for contest in one.contests] == [contest.contest.id for contest in two.contests]
    for first, second in zip(one.contests, two.contests, strict=True):
        assert [essence(ballot, words) for ballot in first.ballots] == [
            essence(ballot, words) for ballot in second.ballots
        ]
        assert unworded(first.outcome, words) == unworded(second.outcome, words)


@st.composite
def a_return(draw: st.DrawFn, unit: str, contest: str, ballot: int = 1) -> Return:
    """One return that mostly adds up."""
    made = sound(
        {"a": draw(FEW), "b": draw(FEW)},
        unit,
        contest,
        ballot,
        struck=draw(FEW),
        invalid=draw(FEW),
        absent=draw(FEW),
    )
    if draw(st.sampled_from([False, False, True])):
        made = replace(made, figures={**made.figures, "valid": made.figures["valid"] + draw(FEW)})
    return made


@st.composite
def reported(draw: st.DrawFn) -> tuple[Election, list[Return]]:
    """Two chambers that share their precincts, and the returns of most of them, of one ballot or both."""
    size = draw(st.integers(1, 6))
    units = [Unit("top"), Unit("x", parent="top"), Unit("y", parent="top"), Unit("z", parent="top")]
    for number in range(size):
        registered = draw(st.none() | st.integers(0, 60))
        other = draw(st.sampled_from([(), ("z",)]))
        units.append(Unit(f"p{number}", "", "precinct", draw(st.sampled_from("xy")), other, registered))
    contests = [Contest("top", "top", chamber="one"), Contest("z", "z", chamber="two"), Contest("x", "x", chamber="3")]
    made = election(units, contests, law=draw(LAWS))
    index = made.index
    returns = []
    for place, contest in enumerate(contests):
        for unit in index.reporting(int(index.contest_unit[place])).tolist():
            returns += [
                draw(a_return(units[unit].id, contest.id, ballot))
                for ballot in (1, 2)
                if draw(st.sampled_from([True, True, ballot == 1, False]))
            ]
    return made, returns


@given(reported(), st.data(), st.integers(1, 5))
def test_the_order_and_the_portions_of_the_returns_do_not_matter(
    made: tuple[Election, list[Return]], data: st.DataObject, size: int
) -> None:
    of, returns = made
    same(counted(of, *returns), counted(of, *data.draw(st.permutations(returns)), size=size))


@given(reported(), st.data())
def test_the_order_of_units_and_contests_does_not_matter(
    made: tuple[Election, list[Return]], data: st.DataObject
) -> None:
    of, returns = made
    units, contests = data.draw(st.permutations(of.units)), data.draw(st.permutations(of.contests))
    other = counted(replace(of, units=tuple(units), contests=tuple(contests)), *returns)
    order = {contest.id: place for place, contest in enumerate(of.contests)}
    contests_as_before = sorted(other.contests, key=lambda contest: order[contest.contest.id])
    plain = counted(of, *returns)
    same(plain, replace(other, contests=tuple(contests_as_before)), words=False)


@st.composite
def grouped(draw: st.DrawFn, leaves: Sequence[Unit]) -> tuple[Unit, ...]:
    """The same precincts in a tree of groups within groups."""
    groups = [Unit("d")]
    for number in range(draw(st.integers(0, 4))):
        groups.append(Unit(f"g{number}", parent=draw(st.sampled_from(groups)).id))
    made = [replace(leaf, parent=draw(st.sampled_from(groups)).id) for leaf in leaves]
    parents = {unit.id: unit.parent for unit in (*groups, *made)}
    used = set()
    for leaf in made:
        here = leaf.id
        while here:
            used.add(here)
            here = parents[here]
    return tuple(draw(st.permutations([unit for unit in (*groups, *made) if unit.id in used])))


LEAVES = st.lists(st.none() | st.integers(0, 40), min_size=1, max_size=6).map(
    lambda rolls: [Unit(f"p{number}", parent="d", registered=roll) for number, roll in enumerate(rolls)]
)


@given(LEAVES, LAWS, st.data())
def test_how_precincts_are_grouped_does_not_matter(leaves: list[Unit], law: str, data: st.DataObject) -> None:
    flat = election([Unit("d"), *leaves], law=law)
    deep = replace(flat, units=data.draw(grouped(leaves)))
    returns = [data.draw(a_return(leaf.id, "d")) for leaf in leaves if data.draw(st.booleans())]
    same(counted(flat, *returns), counted(deep, *returns), words=False)


def summed(unit: str, parts: Sequence[Return]) -> Return:
    figures: Counter[str] = Counter()
    votes: Counter[str] = Counter()
    for part in parts:
        figures.update(part.figures)
        votes.update(part.votes)
    return Return(unit, "d", 1, dict(figures), dict(votes))


@given(st.integers(1, 4), st.integers(1, 3), LAWS, st.data())
def test_a_district_may_report_for_its_precincts(inside: int, outside: int, law: str, data: st.DataObject) -> None:
    leaves = [Unit(f"p{n}", parent="g") for n in range(inside)] + [Unit(f"q{n}", parent="d") for n in range(outside)]
    of = election([Unit("d"), Unit("g", parent="d"), *leaves], law=law)
    names = {"a": FEW, "b": FEW}
    returns = [
        sound(data.draw(st.fixed_dictionaries(names)), leaf.id, absent=data.draw(FEW))
        for leaf in leaves
        if leaf.parent == "g" or data.draw(st.booleans())
    ]
    of_group = [made for made in returns if made.unit.startswith("p")]
    others = [made for made in returns if made.unit.startswith("q")]
    same(counted(of, *returns), counted(of, summed("g", of_group), *others))


@given(LEAVES, LAWS, st.data())
def test_precincts_may_belong_to_a_district_of_another_branch(
    leaves: list[Unit], law: str, data: st.DataObject
) -> None:
    plain = election([Unit("d"), *leaves], law=law)
    elsewhere = [replace(leaf, parent="other", also_in=("d",)) for leaf in leaves]
    guests = replace(plain, units=(Unit("other"), Unit("d"), *elsewhere))
    returns = [data.draw(a_return(leaf.id, "d")) for leaf in leaves if data.draw(st.booleans())]
    same(counted(plain, *returns), counted(guests, *returns))


@given(LEAVES, LAWS, st.data())
def test_totals_are_the_sums_of_the_returns(leaves: list[Unit], law: str, data: st.DataObject) -> None:
    of = election([Unit("d"), *leaves], candidates=standing("d", "A", "B"), law=law)
    returns = [data.draw(a_return(leaf.id, "d")) for leaf in leaves]
    totals = counted(of, *returns).contests[0].first.totals
    assert totals.outstanding == 0
    assert totals.votes == tuple(sum(made.votes[name] for made in returns) for name in "ab")
    for figure, number in totals.figures.items():
        assert number == sum(made.figures[figure] for made in returns)
    assert {"registered", "took_part", "invalid", "valid", "all_struck"} == set(totals.figures)
