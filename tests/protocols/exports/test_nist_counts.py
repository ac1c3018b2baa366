"""A NIST report says of every contest, and of every unit that reported, what the count says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from suffrage.count import ElectionCount
from suffrage.election import Candidate, Contest, Unit
from tests.elections import election, sound, standing
from tests.protocols.exports.made import SOME, Read, counted, counts, read

DISTRICT = (Unit("d", "Dnepropetrovsk", "district"), Unit("p1", parent="d", kind="precinct"), Unit("p2", parent="d"))


@pytest.mark.slow
@SOME
@given(counts())
def test_nothing_is_lost_or_added(of: ElectionCount) -> None:
    report, slots = read(of), of.gathered.slots
    held = 0
    for election_, ballot, found in report.contests():
        held += 1
        identifier = found["ExternalIdentifier"][0]["Value"]
        position = of.election.index.contest[identifier]
        result = next(b for b in of.contests[position].ballots if b.ballot == ballot)
        contest = of.election.contests[position]
        sums = of.gathered.sums.get(ballot)
        first, last = slots.first[position : position + 2]
        reported = [] if sums is None else [s for s in range(first, last) if sums.reported[s]]
        votes, figures = report.votes(found), report.figures(election_, found)
        expected = {}
        for slot in reported:
            assert sums is not None
            unit = of.election.units[int(slots.unit[slot])].id
            given, on_paper, _ = sums.of_nodes(np.array([slot]))
            for place, number in zip(of.election.index.standing[position], on_paper, strict=True):
                candidate = of.election.candidates[place]
                if candidate in result.candidates:
                    expected[candidate.number, unit] = number
            if unit != contest.unit:
                assert {name: figures.get((name, unit)) for name in given} == given
        if reported:
            for candidate, total in zip(result.candidates, result.totals.votes, strict=True):
                expected[candidate.number, contest.unit] = total
            assert {name: figures[name, contest.unit] for name in result.totals.figures} == result.totals.figures
        assert votes == expected
        assert found["SubUnitsReported"] == result.reported
        assert found["TotalSubUnits"] == result.expected
    assert held == sum(len(contest.ballots) for contest in of.contests)


def test_ballots_and_electors_stand_where_the_standard_has_them() -> None:
    of = counted(
        election(DISTRICT),
        sound({"a": 60, "b": 30}, "p1", struck=5, invalid=5, absent=20),
        sound({"a": 20, "b": 40}, "p2", invalid=3, absent=7),
    )
    report = read(of)
    assert {name: unit["VotersRegistered"] for name, unit in report.units.items()} == {"d": 190, "p1": 120, "p2": 70}
    ballots = {
        report.folder_unit[entry["GpUnitId"]]: (entry["BallotsCast"], entry["BallotsRejected"])
        for entry in report.election(1)["BallotCounts"]
    }
    assert ballots == {"d": (163, 8), "p1": (100, 5), "p2": (63, 3)}
    contest = report.contest("d")
    assert report.votes(contest)[1, "d"] == 80
    assert report.undervotes(contest) == {"d": 5, "p1": 5, "p2": 0}
    others = [s for s in contest["ContestSelection"] if "CandidateIds" not in s]
    assert {
        (entry["OtherType"], report.folder_unit[entry["GpUnitId"]]): entry["Count"]
        for entry in others[0]["VoteCounts"]
        if entry["GpUnitId"] != "unit-d"
    } == {("valid", "p1"): 95, ("valid", "p2"): 60, ("all_struck", "p1"): 5, ("all_struck", "p2"): 0}


def chambers(second_invalid: int) -> Read:
    """A precinct that votes for two chambers, by the tree and by `also_in`."""
    units = (Unit("top"), Unit("u", parent="top"), Unit("n", parent="top"), Unit("p", parent="u", also_in=("n",)))
    contests = (Contest("u", "u", chamber="Union"), Contest("n", "n", chamber="Nationalities"))
    return read(
        counted(
            election(units, contests),
            sound({"a": 60, "b": 30}, "p", "u", invalid=1),
            sound({"a": 50, "b": 40}, "p", "n", invalid=second_invalid),
        )
    )


def test_each_chamber_is_an_election_with_ballots_of_its_own() -> None:
    report = chambers(4)
    for chamber, cast, rejected in (("Union", 91, 1), ("Nationalities", 94, 4)):
        counts_ = report.election(1, chamber)["BallotCounts"]
        assert {(entry["BallotsCast"], entry["BallotsRejected"]) for entry in counts_} == {(cast, rejected)}
    assert [office["Name"]["Text"][0]["Content"] for office in report.data["Office"]] == ["Union", "Nationalities"]
    assert "VotersRegistered" not in report.units["p"]  # 91 in one contest, 94 in the other
    assert report.units["n"]["ComposingGpUnitIds"] == ["unit-p"]


def test_electors_are_told_once_where_contests_agree() -> None:
    assert chambers(1).units["p"]["VotersRegistered"] == 91


def test_contests_of_one_chamber_that_differ_each_keep_their_figures() -> None:
    units = (Unit("top"), Unit("p", parent="top"))
    of = counted(
        election(
            units, (Contest("list", "top"), Contest("seat", "p")), [*standing("list", "A"), *standing("seat", "B")]
        ),
        sound({"a": 9}, "p", "list", invalid=1),
        sound({"b": 7}, "p", "seat", invalid=2),
    )
    report = read(of)
    figures = {
        contest["ExternalIdentifier"][0]["Value"]: report.figures(held, contest)
        for held, _, contest in report.contests()
    }
    assert [figures[name]["took_part", "p"] for name in ("list", "seat")] == [10, 9]
    assert [figures[name]["invalid", "p"] for name in ("list", "seat")] == [1, 2]


def test_votes_left_unused_where_several_names_may_be_left() -> None:
    made = election(DISTRICT, (Contest("d", "d", seats=3),), standing("d", *"ABCD"), law="vietnam-2015")
    of = counted(made, sound({"a": 50, "b": 40}, "p1"), sound({"a": 1}, "p2"))
    report = read(of)
    contest = report.contest("d")
    assert (contest["VotesAllowed"], contest["NumberElected"]) == (3, 3)
    assert report.undervotes(contest) == {"d": 3 * 91 - 91, "p1": 180, "p2": 2}


def test_blank_ballots_leave_their_vote_unused() -> None:
    made = election(DISTRICT, law="france-assembly")
    figures = {"registered": 100, "blank": 4, "void": 2, "valid": 60}
    returned = sound({"a": 60}, "p1")
    of = counted(made, type(returned)("p1", "d", 1, figures, returned.votes))
    report = read(of)
    contest = report.contest("d")
    assert report.undervotes(contest)["p1"] == 4
    found = report.figures(report.election(1), contest)
    assert [found[name, "p1"] for name in ("blank", "void", "invalid", "took_part")] == [4, 2, 6, 66]


def test_a_ballot_of_any_number_of_names_has_no_unused_votes() -> None:
    of = counted(election(DISTRICT, law="approval-majority"), sound({"a": 50}, "p1"))
    contest = read(of).contest("d")
    assert "OtherCounts" not in contest
    assert contest["VoteVariation"] == "approval"


def test_people_and_parties() -> None:
    one = Candidate("d", "кім:1", 7, "Kim", "Ivan", party="Blue | Green", occupation="turner")
    other = Candidate("d", "b", 2, "B")
    data = read(counted(election(DISTRICT, candidates=[one, other]))).data
    assert [party["Name"]["Text"][0]["Content"] for party in data["Party"]] == ["Blue | Green"]
    person, second = data["Person"]
    assert (person["@id"], person["LastName"], person["FirstName"]) == ("person-кім_3a_1", "Kim", "Ivan")
    assert second["@id"] == "person-b"
    candidate = data["Election"][0]["Candidate"][0]
    assert (candidate["PersonId"], candidate["PartyId"]) == (person["@id"], "party-1")
