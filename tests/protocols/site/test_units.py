"""The units of a contest: sums of its parts, single returns, and pages that stay small however many there are."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace

import pytest

from suffrage.count import ElectionCount
from suffrage.count.sums import parents
from suffrage.election import Contest, Unit
from suffrage.protocols.published import Publication
from suffrage.protocols.site import pages
from suffrage.protocols.site.units import MOST_ROWS, Units, units_of
from suffrage.returns import Return
from tests.elections import counted, sound
from tests.protocols.site.made import ROOT, counting, land, returns_of, site
from tests.protocols.site.page import read


def units(whole: ElectionCount, contest: int = 0) -> Units:
    up = parents(whole.election, whole.gathered.slots)
    found = units_of(whole, contest, whole.contests[contest].first, up, {})
    assert found is not None
    return found


def by_name(whole: ElectionCount, contest: int = 0) -> dict[str, tuple[str, ...]]:
    found = units(whole, contest)
    rows = [*found.parts, *(row for group in found.singles for row in group.rows)]
    return {row.unit.id: row.cells for row in rows}


def plain(returns: list[Return], contest: str, below: set[str]) -> list[str]:
    """The sums of some returns, added up one by one."""
    mine = [one for one in returns if one.contest == contest and one.unit in below]
    figures = [sum(one.figures[name] for one in mine) for name in mine[0].figures]
    votes = [sum(one.votes[name] for one in mine) for name in mine[0].votes]
    return [f"{figure:,}".replace(",", "\N{NO-BREAK SPACE}") for figure in (*figures, *votes)]


def test_parts_and_single_returns_are_sums_of_the_returns() -> None:
    made = land(3, 9, 4, towns=2)
    returns = returns_of(made)
    whole = counting(made, returns)
    for position, contest in enumerate(made.contests):
        rows = by_name(whole, position)
        for unit in made.units:
            if unit.parent == contest.unit or unit.parent.startswith(f"{contest.unit}t"):
                below = {unit.id, *(u.id for u in made.units if u.parent == unit.id)}
                assert list(rows[unit.id]) == plain(returns, contest.id, below)
        assert list(units(whole, position).total) == plain(returns, contest.id, {u.id for u in made.units})


def test_deep_trees_are_summed_to_the_direct_parts() -> None:
    made = land(1, 8, towns=2)
    deeper = tuple(replace(unit, parent="inner") if unit.parent == "d1t1" else unit for unit in made.units)
    made = replace(made, units=(*deeper, Unit("inner", parent="d1t1")))
    returns = returns_of(made)
    whole = counting(made, returns)
    below = {unit.id for unit in made.units if unit.parent == "inner"}
    assert list(by_name(whole)["d1t1"]) == plain(returns, "d1", below)
    assert [group.unit and group.unit.id for group in units(whole).singles] == ["d1t1", "d1t2"]


def test_units_of_other_branches_stand_directly_under_the_contest() -> None:
    made = land(2, 2)
    moved = tuple(replace(unit, also_in=("nation",)) if unit.id in ("d1p1", "d2p2") else unit for unit in made.units)
    contests = (*made.contests, Contest("nation", "nation"))
    made = replace(made, units=(*moved, Unit("nation", "The nation", "nation", "land")), contests=contests)
    returns = [*returns_of(made), sound({}, "d1p1", "nation"), sound({}, "d2p2", "nation", invalid=4)]
    returns = list({(one.unit, one.contest): one for one in returns}.values())
    found = units(counting(made, returns), 2)
    assert [row.unit.id for group in found.singles for row in group.rows] == ["d1p1", "d2p2"]
    assert not found.parts


def test_a_part_that_reports_for_all_below_it_is_one_unit() -> None:
    made = land(1, 4, towns=2)
    returns = [one for one in returns_of(made) if one.unit not in ("d1p1", "d1p3")]
    returns.append(sound({"d1c1": 7, "d1c2": 5}, "d1t2", "d1"))
    whole = counting(made, returns)
    found = units(whole)
    assert [row.unit.id for group in found.singles for row in group.rows] == ["d1t2", "d1p2", "d1p4"]
    assert not whole.contests[0].first.missing
    assert {row.unit.id: (row.reported, row.expected) for row in found.parts} == {"d1t1": (2, 2), "d1t2": (2, 2)}


def test_a_figure_that_a_return_lacks_makes_no_sum() -> None:
    made = land(1, 4, towns=2)
    returns = returns_of(made)
    first = {name: figure for name, figure in returns[0].figures.items() if name != "all_struck"}
    whole = counting(made, [replace(returns[0], figures=first), *returns[1:]])
    found = units(whole)
    where = found.fields.index("all_struck")
    row = next(row for group in found.singles for row in group.rows if row.unit.id == returns[0].unit)
    assert row.cells[where] == "\N{EN DASH}"
    assert found.total[where] == "\N{EN DASH}"
    assert sorted(part.cells[where] == "\N{EN DASH}" for part in found.parts) == [False, True]


@pytest.mark.parametrize("towns", [0, 3])
def test_with_more_rows_than_a_page_bears_only_the_parts_are_shown(towns: int) -> None:
    made = land(1, MOST_ROWS + 1, 2, towns=towns)
    whole = counting(made, returns_of(made))
    text = read(site(whole)["contests/d1.html"]).text
    assert "2 001 units report in this contest: more than a page can show. The downloads hold" in text
    assert "precinct 1999" not in text
    assert ("sums of the direct parts" in text) == bool(towns)
    fewer = land(1, MOST_ROWS, 2, towns=towns)
    assert "precinct 1999" in read(site(counting(fewer, returns_of(fewer)))["contests/d1.html"]).text


def test_a_count_that_did_not_keep_every_return_is_refused() -> None:
    made = land(2, 3)
    with pytest.raises(ValueError, match="did not keep"):
        next(pages(counted(made, *returns_of(made)), Publication(ROOT, {})))


@pytest.mark.slow
def test_memory_stays_flat_over_many_pages_and_with_very_many_precincts() -> None:
    for made, most in ((land(400, 60, 3), 12), (land(1, 30_000, 3), 25)):
        whole = counting(made, returns_of(made))
        tracemalloc.start()
        number, size = 0, 0
        for _, text in pages(whole, Publication(ROOT, {})):
            number, size = number + 1, size + len(text)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert number == 1 + len(made.contests)
        assert peak < most * 1_000_000, f"{number} pages of {size:,} characters took {peak:,} bytes"
