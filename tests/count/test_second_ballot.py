"""A contest with two ballots: who stood, who should have, and what stands in the end."""

from __future__ import annotations

from datetime import date

import pytest

from suffrage.count import ContestCount, OutcomeKind, Severity
from suffrage.election import Contest, Decision, Unit
from suffrage.returns import Return
from tests.elections import counted, deciding, election, reported, sound, standing

ELECTED, SECOND, NEW, UNDECIDED = OutcomeKind
FIRST = sound({"a": 40, "b": 35, "c": 25})


def contest(*returns: Return, decisions: tuple[Decision, ...] = (), law: str = "ussr-1937") -> ContestCount:
    made = election(candidates=standing("d", "A", "B", "C"), decisions=decisions, law=law)
    return counted(made, *returns).contests[0]


def test_before_it_is_held_the_contest_waits_for_it() -> None:
    found = contest(FIRST)
    assert found.second is None
    assert (found.outcome.kind, found.outcome.finalists) == (SECOND, ("a", "b"))
    assert found.ballots == (found.first,)


def test_it_decides_the_contest() -> None:
    found = contest(FIRST, sound({"a": 40, "b": 45}, ballot=2))
    assert found.second is not None
    assert (found.outcome.kind, found.outcome.elected, found.outcome.seats_left) == (ELECTED, ("b",), 0)
    assert [candidate.id for candidate in found.second.candidates] == ["a", "b"]
    assert found.second.totals.votes == (40, 45)


def test_its_terms_run_from_its_own_day() -> None:
    found = contest(FIRST, sound({"a": 40, "b": 40}, ballot=2))
    assert (found.outcome.kind, found.outcome.by) == (NEW, date(1938, 1, 7))


def test_who_stood_without_being_a_finalist_is_an_error() -> None:
    found = contest(FIRST, sound({"a": 40, "b": 45, "c": 1}, ballot=2))
    assert found.second is not None
    assert found.outcome.kind is UNDECIDED
    (finding,) = found.second.findings
    assert (finding.severity, finding.ballot) == (Severity.ERROR, 2)
    assert (finding.about, finding.check) == ("c", "stood in the second ballot, but is none of its finalists")
    assert finding.article == "107"


def test_the_committee_can_accept_who_stood() -> None:
    returns = FIRST, sound({"a": 40, "b": 45, "c": 50}, ballot=2)
    found = contest(*returns, decisions=(deciding("accept", ballot=2),))
    assert found.outcome.elected == ("c",)
    assert found.second is not None
    assert [finding.settled_by for finding in found.second.findings] == ["1"]
    assert contest(*returns, decisions=(deciding("accept"),)).outcome.kind is UNDECIDED


def test_a_second_ballot_that_nothing_leads_to_changes_nothing() -> None:
    found = contest(sound({"a": 60, "b": 30, "c": 10}), sound({"a": 1, "b": 90}, ballot=2))
    assert (found.outcome.kind, found.outcome.elected) == (ELECTED, ("a",))
    assert found.second is not None
    assert {(finding.about, finding.check) for finding in found.second.findings} == {
        (who, "a second ballot is reported, but the first ballot leads to none") for who in "ab"
    }


@pytest.mark.parametrize("law", ["ussr-1937", "france-assembly", "plurality", "ukraine-1994"])
@pytest.mark.parametrize("first", [(60, 30, 10), (40, 35, 25)])
def test_a_second_ballot_without_any_vote_is_counted(law: str, first: tuple[int, int, int]) -> None:
    returns = (
        sound(dict(zip("abc", first, strict=True))),
        reported(ballot=2, registered=100, took_part=0, valid=0, invalid=0),
    )
    found = contest(*returns, law=law)
    assert found.second is not None
    assert not found.second.outcome.elected
    assert found.second.findings


def test_a_second_ballot_before_the_first_is_whole_waits() -> None:
    units = [Unit("d"), Unit("p", parent="d"), Unit("q", parent="d")]
    made = election(units, candidates=standing("d", "A", "B", "C"))
    here = sound({"a": 40, "b": 35, "c": 25}, "p"), sound({"a": 40, "b": 45}, "p", ballot=2)
    found = counted(made, *here).contests[0]
    assert found.outcome == found.first.outcome
    assert found.outcome.kind is UNDECIDED


def test_a_finalist_without_a_vote_stood_all_the_same() -> None:
    found = contest(FIRST, sound({"a": 60}, ballot=2))
    assert found.outcome.elected == ("a",)
    assert found.second is not None
    assert found.second.totals.votes == (60, 0)
    (finding,) = found.second.findings
    assert (finding.severity, finding.ballot) == (Severity.REMARK, 2)
    assert finding.check == "no votes are given for a finalist, and no withdrawal is recorded"


@pytest.mark.parametrize(("votes", "struck", "kind"), [(51, 49, ELECTED), (50, 50, NEW)])
def test_who_is_left_alone_needs_more_than_half_of_the_ballots_cast(votes: int, struck: int, kind: OutcomeKind) -> None:
    returns = FIRST, sound({"a": votes}, ballot=2, struck=struck)
    found = contest(*returns, decisions=(deciding("withdraw", candidate="b"),))
    assert found.first.outcome.finalists == ("a",)
    assert found.outcome.kind is kind
    assert found.second is not None
    assert not found.second.findings


def test_who_replaces_a_finalist_stands() -> None:
    withdraw = (deciding("withdraw", candidate="b"),)
    returns = FIRST, sound({"a": 40, "c": 45}, ballot=2)
    found = contest(*returns, decisions=withdraw, law="poland-president")
    assert (found.outcome.kind, found.outcome.elected) == (ELECTED, ("c",))
    assert found.first.outcome.by == date(1938, 1, 9)


def test_a_tie_of_cuban_finalists_is_voted_on_again() -> None:
    found = contest(FIRST, sound({"a": 40, "b": 40}, ballot=2), law="cuba-municipal")
    assert (found.outcome.kind, found.outcome.finalists) == (SECOND, ("a", "b"))
    assert found.outcome.by == date(1938, 1, 3)


def test_the_second_ballot_fills_only_the_seats_that_the_first_left() -> None:
    made = election(
        contests=[Contest("d", "d", seats=2)], candidates=standing("d", "A", "B", "C", "D"), law="majority-two-ballots"
    )
    figures = {"registered": 100, "valid": 100, "invalid": 0}
    first = Return("d", "d", 1, figures, {"a": 60, "b": 40, "c": 30, "d": 20})
    found = counted(made, first).contests[0]
    assert (found.outcome.kind, found.outcome.elected, found.outcome.seats_left) == (SECOND, ("a",), 1)
    assert found.outcome.finalists == ("b", "c")
    second = Return("d", "d", 2, figures, {"b": 45, "c": 46})
    found = counted(made, first, second).contests[0]
    assert (found.outcome.kind, found.outcome.elected, found.outcome.seats_left) == (ELECTED, ("a", "c"), 0)


def test_it_can_be_certain_before_every_unit_has_reported() -> None:
    units = [Unit("d"), Unit("p", parent="d", registered=200), Unit("q", parent="d", registered=9)]
    made = election(units, candidates=standing("d", "A", "B", "C"))
    first = sound({"a": 40, "b": 35, "c": 25}, "p", absent=100), sound({"a": 4, "b": 4, "c": 1}, "q")
    for lead, kind in ((9, UNDECIDED), (10, ELECTED)):
        second = sound({"a": 90 + lead, "b": 90}, "p", ballot=2, absent=20 - lead)
        found = counted(made, *first, second).contests[0]
        assert (found.outcome.kind, found.outcome.certain) == (kind, kind is ELECTED)
        assert found.second is not None
        assert found.second.missing == ["q"]
