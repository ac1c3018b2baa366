"""What a NIST report says of itself and of how far things are: kind, status, second ballots, winners."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from suffrage.election import Election, Kind, Unit
from tests.elections import deciding, election, sound, standing
from tests.protocols.exports.made import NOON, counted, read, written

UNITS = (Unit("d"), Unit("p1", parent="d", registered=100), Unit("p2", parent="d", registered=100))


def of_kind(kind: Kind) -> Election:
    return replace(election(UNITS), kind=kind)


BOTH = (sound({"a": 60, "b": 30}, "p1", absent=10), sound({"a": 60, "b": 30}, "p2", absent=10))


@pytest.mark.parametrize(
    ("kind", "test", "status", "says"),
    [
        (Kind.REAL, False, "certified", "Counted under"),
        (Kind.REHEARSAL, True, "unofficial-complete", "A rehearsal"),
        (Kind.DEMO, True, "unofficial-complete", "A demonstration"),
        (Kind.REPLAY, False, "unofficial-complete", "A replay"),
    ],
)
def test_only_a_real_election_is_certified(kind: Kind, test: bool, status: str, says: str) -> None:
    data = read(counted(of_kind(kind), *BOTH), certified=True).data
    assert (data["IsTest"], data["Status"]) == (test, status)
    assert data["Notes"].startswith(says)
    assert read(counted(of_kind(kind), *BOTH)).data["Status"] == "unofficial-complete"


def test_another_law_makes_it_a_test() -> None:
    data = read(counted(of_kind(Kind.REAL), *BOTH, law="plurality"), certified=True).data
    assert (data["IsTest"], data["TestType"], data["Status"]) == (
        True, "counted under another law", "unofficial-complete",
    )  # fmt: skip
    assert "but held under ussr-1937" in data["Notes"]


def test_while_returns_are_out() -> None:
    report = read(counted(of_kind(Kind.REAL), BOTH[0]), certified=True)
    assert report.data["Status"] == "unofficial-partial"
    status = {name: unit["CountStatus"][0]["Status"] for name, unit in report.units.items() if "CountStatus" in unit}
    assert status == {"p1": "completed", "p2": "not-processed"}
    contest = report.contest("d")
    assert contest["CountStatus"][0]["Status"] == "in-process"
    assert (contest["SubUnitsReported"], contest["TotalSubUnits"]) == (1, 2)
    assert report.status() == {"A": None, "B": None}


def test_a_winner_who_is_certain_before_the_last_return() -> None:
    units = (Unit("d"), Unit("p1", parent="d", registered=1000), Unit("p2", parent="d", registered=10))
    report = read(counted(election(units), sound({"a": 900, "b": 50}, "p1", absent=50)))
    assert report.status() == {"A": "projected-winner", "B": "defeated"}


def test_before_any_return() -> None:
    report = read(counted(of_kind(Kind.REAL)))
    assert report.data["Status"] == "pre-election"
    contest = report.contest("d")
    assert all("VoteCounts" not in selection for selection in contest["ContestSelection"])
    assert "BallotCounts" not in report.election(1)


def test_the_second_ballot_is_an_election_of_its_own() -> None:
    made = election(candidates=standing("d", "A", "B", "C"))
    first = sound({"a": 40, "b": 35, "c": 25}, absent=10)
    second = sound({"a": 40, "b": 50}, ballot=2, absent=20)
    report = read(counted(made, first, second))
    assert [(e["Type"], e["StartDate"], e["EndDate"]) for e in report.data["Election"]] == [
        ("general", "1937-12-12", "1937-12-12"),
        ("runoff", "1937-12-24", "1937-12-24"),
    ]
    assert report.status(1) == {"A": "advanced-to-runoff", "B": "advanced-to-runoff", "C": "defeated"}
    assert report.status(2) == {"A": "defeated", "B": "winner"}
    persons = [{c["PersonId"] for c in e["Candidate"]} for e in report.data["Election"]]
    assert persons[1] < persons[0]
    assert report.contest("d", 1)["NumberRunoff"] == 2
    assert [report.contest("d", ballot)["VoteVariation"] for ballot in (1, 2)] == ["majority", "plurality"]
    assert report.votes(report.contest("d", 2)) == {(1, "d"): 40, (2, "d"): 50}


def test_somebody_who_withdrew_before_it() -> None:
    withdrawal = deciding("withdraw", candidate="b", ballot=2)
    made = election(candidates=standing("d", "A", "B", "C"), decisions=[withdrawal])
    report = read(counted(made, sound({"a": 40, "b": 35, "c": 25})))
    assert report.status()["B"] == "withdrawn"


def test_one_level_of_figures_is_a_summary() -> None:
    assert read(counted(election(), sound({"a": 1}))).data["Format"] == "summary-contest"
    assert read(counted(election(UNITS), *BOTH)).data["Format"] == "precinct-level"


def test_units_keep_their_kind() -> None:
    units = (
        Unit("top", kind="country"),
        Unit("r", parent="top", kind="union-republic"),
        Unit("d", parent="r", kind="oblast"),
    )
    found = read(counted(election(units))).units
    kinds = {name: (unit["Type"], unit.get("OtherType")) for name, unit in found.items()}
    assert kinds == {"top": ("country", None), "r": ("state", None), "d": ("other", "oblast")}
    assert [name for name, unit in found.items() if unit.get("IsDistricted")] == ["d"]


def test_several_topmost_units_share_a_place() -> None:
    report = read(counted(election((Unit("d"), Unit("e")))))
    assert report.units["scope"]["ComposingGpUnitIds"] == ["unit-d", "unit-e"]
    assert report.election(1)["ElectionScopeId"] == "scope"


def test_a_day_that_is_not_recorded() -> None:
    data = read(counted(replace(election(), polling_day=None), sound({"a": 1}))).data
    assert data["Election"][0]["StartDate"] == "2026-11-23"
    assert "not recorded" in data["Notes"]


def test_who_issues_it_and_when() -> None:
    data = read(counted(election()), issuer="Central Committee", issuer_abbreviation="CC").data
    assert (data["Issuer"], data["IssuerAbbreviation"]) == ("Central Committee", "CC")
    assert data["GeneratedDate"] == "2026-11-23T12:00:00Z"
    assert data["VendorApplicationId"].startswith("suffrage ")


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        written(counted(election()), generated=datetime(2026, 11, 23))
    assert NOON.tzinfo is not None
