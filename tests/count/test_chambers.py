"""Several contests in one tree: chambers that share their precincts, contests at different levels, totals between."""

from __future__ import annotations

import pytest

from suffrage.count import OutcomeKind, Totals
from suffrage.count.levels import kinds, totals_of
from suffrage.election import Contest, Election, Unit
from suffrage.errors import CountError, ReturnsError
from suffrage.returns import Return, Slots
from tests.elections import counted, election, sound, standing

# A country with two districts of one chamber, two nations of the other, and four precincts shared by both.
UNITS = (
    Unit("country", kind="country"),
    Unit("d1", parent="country", kind="district"),
    Unit("d2", parent="country", kind="district"),
    Unit("n1", parent="country", kind="nation"),
    Unit("n2", parent="country", kind="nation"),
    Unit("p1", parent="d1", also_in=("n1",), kind="precinct"),
    Unit("p2", parent="d1", also_in=("n2",), kind="precinct"),
    Unit("p3", parent="d2", also_in=("n1",), kind="precinct"),
    Unit("p4", parent="d2", also_in=("n2",), kind="precinct"),
)
CHAMBERS = (
    Contest("d1", "d1", chamber="union"),
    Contest("d2", "d2", chamber="union"),
    Contest("n1", "n1", chamber="nationalities"),
    Contest("n2", "n2", chamber="nationalities"),
)
PRECINCTS = {"p1": ("d1", "n1"), "p2": ("d1", "n2"), "p3": ("d2", "n1"), "p4": ("d2", "n2")}


def both_chambers() -> Election:
    candidates = [c for contest in CHAMBERS for c in standing(contest.id, f"A{contest.id}", f"B{contest.id}")]
    return election(UNITS, CHAMBERS, candidates)


def votes(unit: str, contest: str, a: int, b: int) -> Return:
    return sound({f"a{contest}": a, f"b{contest}": b}, unit, contest, absent=2)


def all_returns() -> list[Return]:
    """Precinct n gives n votes more to a; the other chamber votes otherwise."""
    made = []
    for number, (unit, (district, nation)) in enumerate(PRECINCTS.items(), 1):
        made += [votes(unit, district, 10 + number, 10), votes(unit, nation, 10, 20 + number)]
    return made


def test_each_precinct_votes_once_for_each_chamber() -> None:
    found = counted(both_chambers(), *all_returns())
    totals = {contest.contest.id: contest.first.totals.votes for contest in found.contests}
    assert totals == {"d1": (23, 20), "d2": (27, 20), "n1": (20, 44), "n2": (20, 46)}
    assert [contest.outcome.elected for contest in found.contests] == [("ad1",), ("ad2",), ("bn1",), ("bn2",)]
    assert [contest.first.expected for contest in found.contests] == [2, 2, 2, 2]


def test_a_precinct_can_be_missing_in_one_chamber_only() -> None:
    returns = [made for made in all_returns() if (made.unit, made.contest) != ("p3", "n1")]
    found = {contest.contest.id: contest for contest in counted(both_chambers(), *returns).contests}
    assert list(found["n1"].first.missing) == ["p3"]
    assert found["n1"].outcome.kind is OutcomeKind.UNDECIDED
    assert found["d2"].first.missing == []
    assert found["d2"].outcome.elected == ("ad2",)


def test_an_error_in_one_chamber_leaves_the_other_alone() -> None:
    wrong = Return("p1", "n1", 1, {"registered": 40, "valid": 40, "invalid": 0}, {"an1": 1})
    returns = [wrong if (made.unit, made.contest) == ("p1", "n1") else made for made in all_returns()]
    kinds_found = [contest.outcome.kind.value for contest in counted(both_chambers(), *returns).contests]
    assert kinds_found == ["elected", "elected", "undecided", "elected"]


def test_a_district_lies_in_no_contest_of_the_other_chamber() -> None:
    slots = Slots(both_chambers())
    index = both_chambers().index
    pairs = {
        (CHAMBERS[contest].id, UNITS[unit].id)
        for contest, unit in zip(slots.contest.tolist(), slots.unit.tolist(), strict=True)
    }
    assert pairs == {(c.id, c.id) for c in CHAMBERS} | {(c, p) for p, chambers in PRECINCTS.items() for c in chambers}
    assert index.contest_unit.tolist() == [1, 2, 3, 4]


LEVELS = (Contest("country", "country", chamber="president"), *CHAMBERS[:2], Contest("p4", "p4", chamber="village"))


def levels() -> Election:
    candidates = [c for contest in LEVELS for c in standing(contest.id, f"A{contest.id}", f"B{contest.id}")]
    return election(UNITS, LEVELS, candidates)


def test_contests_of_several_levels_share_a_tree() -> None:
    returns = [votes("p4", "p4", 1, 2)]
    for number, (unit, (district, _)) in enumerate(PRECINCTS.items(), 1):
        returns += [votes(unit, district, number, 0), votes(unit, "country", number, 5)]
    found = {contest.contest.id: contest.first for contest in counted(levels(), *returns).contests}
    assert found["country"].totals.votes == (10, 20)
    assert found["d1"].totals.votes == (3, 0)
    assert found["d2"].totals.votes == (7, 0)
    assert found["p4"].totals.votes == (1, 2)
    assert found["country"].expected == 4  # the nations are other names for the same precincts
    assert found["p4"].expected == 1


def test_a_unit_and_one_within_it_cannot_both_report() -> None:
    made = levels()
    with pytest.raises(CountError) as refused:
        counted(made, votes("p1", "country", 1, 0), votes("d1", "country", 5, 0))
    (problem,) = refused.value.problems
    assert (problem.place, problem.seen) == ("contest country", "d1 and p1")
    with pytest.raises(CountError):
        counted(made, votes("d1", "country", 1, 0), votes("country", "country", 5, 0))


def test_two_units_that_share_a_precinct_cannot_both_report() -> None:
    with pytest.raises(CountError) as refused:
        counted(levels(), votes("d1", "country", 1, 0), votes("n1", "country", 5, 0))
    assert refused.value.problems[0].message == "two units with a part in common both report"
    assert refused.value.problems[0].seen == "d1 and n1"


def test_districts_may_report_for_all_their_precincts() -> None:
    found = counted(levels(), votes("d1", "country", 3, 1), votes("d2", "country", 7, 1)).contests[0].first
    assert (found.expected, found.reported, list(found.missing)) == (4, 4, [])
    assert found.totals.votes == (10, 2)


@pytest.mark.parametrize("size", [1, 1000])
def test_a_return_cannot_be_given_twice(size: int) -> None:
    twice = votes("p1", "d1", 3, 1)
    with pytest.raises(ReturnsError) as refused:
        counted(both_chambers(), twice, votes("p2", "d1", 3, 1), twice, size=size)
    (problem,) = refused.value.problems
    assert problem.message == "a return given twice"
    assert problem.seen == "unit p1, contest d1, ballot 1"
    assert "line 4" in problem.place


def test_the_same_unit_may_report_both_ballots() -> None:
    first, second = votes("p1", "d1", 3, 1), sound({"ad1": 3}, "p1", "d1", ballot=2)
    assert counted(both_chambers(), first, second).contests[0].first.reported == 1


def test_levels_have_the_totals_of_their_returns() -> None:
    returns = [votes(unit, "country", number, 5) for number, unit in enumerate(PRECINCTS, 1)]
    found = counted(levels(), *returns)
    assert kinds(found) == ("country", "district", "nation")
    rows = {row.unit: row for row in totals_of(found, "district") if row.contest == "country"}
    assert {unit: row.votes for unit, row in rows.items()} == {"d1": (3, 10), "d2": (7, 10)}
    assert {unit: row.returns for unit, row in rows.items()} == {"d1": 2, "d2": 2}
    (whole,) = (row for row in totals_of(found, "country") if row.contest == "country")
    totals: Totals = found.contests[0].first.totals
    assert (whole.votes, whole.figures) == (totals.votes, dict(totals.figures))


def test_a_district_that_reports_for_itself_has_totals() -> None:
    found = counted(levels(), votes("d1", "country", 3, 1), votes("d2", "country", 7, 1))
    rows = {row.unit: row.votes for row in totals_of(found, "district") if row.contest == "country"}
    assert rows == {"d1": (3, 1), "d2": (7, 1)}
