"""Errors leave a contest undecided until a decision is recorded; what each kind of decision changes, and what not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from suffrage.count import ContestCount, OutcomeKind, Severity
from suffrage.election import Contest, Decision, Unit
from suffrage.errors import CountError
from suffrage.returns import Return
from tests.elections import counted, deciding, election, reported, sound, standing

ELECTED, SECOND, NEW, UNDECIDED = OutcomeKind
UNITS = (Unit("d"), Unit("p", parent="d"), Unit("q", parent="d"))

# 60 votes for a, 39 for b; of p one vote is missing to the valid ballots.
SOUND = sound({"a": 20, "b": 19}, "q", absent=11)
WRONG = Return("p", "d", 1, {"registered": 70, "took_part": 60, "invalid": 0, "valid": 60}, {"a": 40, "b": 19})


def contest(*decisions: Decision, returns: tuple[Return, ...] = (WRONG, SOUND), names: str = "AB") -> ContestCount:
    made = election(UNITS, candidates=standing("d", *names), decisions=decisions)
    return counted(made, *returns).contests[0]


def test_an_error_leaves_the_contest_undecided_and_says_why() -> None:
    first = contest().first
    assert first.outcome.kind is UNDECIDED
    assert first.outcome.seats_left == 1
    (missing,) = first.outcome.missing
    assert missing == "a decision on p: names + all_struck = valid (59 against 60), article 110-112"
    assert first.findings[0].open_error
    assert first.totals.votes == (60, 38)


def test_a_remark_leaves_the_outcome_alone() -> None:
    figures = {"registered": 70, "issued": 61, "took_part": 60, "invalid": 0, "valid": 60}
    found = contest(returns=(Return("p", "d", 1, figures, {"a": 40, "b": 20}), SOUND))
    assert [finding.severity for finding in found.first.findings] == [Severity.REMARK]
    assert found.outcome.elected == ("a",)


@pytest.mark.parametrize(("number", "more"), [(3, ""), (4, " and 1 more"), (5, " and 2 more")])
def test_many_errors_are_counted_and_three_are_shown(number: int, more: str) -> None:
    units = [Unit("d"), *(Unit(f"p{n}", parent="d") for n in range(number))]
    wrong = [Return(f"p{n}", "d", 1, {"registered": 9, "valid": 9, "invalid": 0}, {"a": 1}) for n in range(number)]
    (missing,) = counted(election(units), *wrong).contests[0].outcome.missing
    assert missing.count("against") == 3
    assert missing.partition("p2")[2].partition("110-112")[2] == more


@pytest.mark.parametrize("unit", ["p", ""])
def test_accepted_figures_stand_as_they_were_reported(unit: str) -> None:
    found = contest(deciding("accept", unit=unit))
    assert found.outcome.elected == ("a",)
    assert found.first.totals.votes == (60, 38)
    assert [finding.settled_by for finding in found.first.findings] == ["1"]
    assert "settled by decision 1" in str(found.first.findings[0])


@pytest.mark.parametrize("more", [{"unit": "q"}, {"unit": "p", "ballot": 2}, {"ballot": 2}])
def test_a_decision_about_another_return_settles_nothing(more: dict[str, Any]) -> None:
    assert contest(deciding("accept", **more)).outcome.kind is UNDECIDED


def test_each_error_needs_its_decision() -> None:
    other = Return("q", "d", 1, {"registered": 50, "valid": 40, "invalid": 0}, {"a": 20, "b": 19})
    both = (WRONG, other)
    assert contest(deciding("accept", unit="p"), returns=both).outcome.kind is UNDECIDED
    decisions = deciding("accept", unit="p"), deciding("accept", unit="q", id="2")
    assert contest(*decisions, returns=both).outcome.elected == ("a",)


def test_a_corrected_vote_makes_the_return_whole() -> None:
    found = contest(deciding("correct", unit="p", candidate="b", figure=20))
    assert not found.first.findings
    assert found.first.totals.votes == (60, 39)
    assert found.outcome.elected == ("a",)


def test_a_corrected_figure_makes_the_return_whole() -> None:
    decisions = (
        deciding("correct", unit="p", field="valid", figure=59),
        deciding("correct", unit="p", field="took_part", figure=59, id="2"),
    )
    found = contest(*decisions)
    assert not found.first.findings
    assert found.first.totals.figures["valid"] == 98


def test_a_correction_is_checked_like_any_figure() -> None:
    found = contest(deciding("correct", unit="p", candidate="b", figure=21))
    assert [(finding.left, finding.right) for finding in found.first.findings] == [(61, 60)]


def test_a_correction_can_give_what_was_not_given() -> None:
    without = Return("p", "d", 1, {"registered": 70, "valid": 60, "invalid": 0}, {"a": 40})
    found = contest(deciding("correct", unit="p", candidate="b", figure=20), returns=(without, SOUND))
    assert found.first.totals.votes == (60, 39)
    unrolled = Return("p", "d", 1, {"valid": 60, "invalid": 0}, {"a": 40, "b": 20})
    assert contest(returns=(unrolled, SOUND)).outcome.kind is UNDECIDED
    found = contest(deciding("correct", unit="p", field="registered", figure=70), returns=(unrolled, SOUND))
    assert found.outcome.elected == ("a",)


def test_the_last_correction_of_a_figure_counts() -> None:
    for votes in ({"a": 40}, {"a": 40, "b": 1}):
        without = Return("p", "d", 1, {"registered": 70, "valid": 60, "invalid": 0}, votes)
        decisions = (
            deciding("correct", unit="p", candidate="b", figure=3),
            deciding("correct", unit="p", candidate="b", figure=20, id="2"),
        )
        assert contest(*decisions, returns=(without, SOUND)).first.totals.votes == (60, 39)


def test_a_correction_to_nought_is_one() -> None:
    decisions = (
        deciding("correct", unit="p", candidate="b", figure=0),
        deciding("correct", unit="p", candidate="a", figure=60, id="2"),
    )
    assert contest(*decisions).first.totals.votes == (80, 19)


def test_nobody_can_correct_a_figure_that_no_return_has() -> None:
    with pytest.raises(CountError) as refused:
        contest(deciding("correct", unit="p", field="vaild", figure=3))
    (problem,) = refused.value.problems
    assert (problem.place, problem.seen) == ("decisions.csv, field", "vaild")
    assert "valid" in problem.expected


def test_a_decision_about_a_return_that_is_not_there_is_remarked() -> None:
    found = contest(deciding("correct", unit="p", ballot=2, candidate="b", figure=20))
    assert found.outcome.kind is UNDECIDED
    found = contest(deciding("annul", unit="p"), returns=(SOUND,))
    assert [(finding.severity, finding.unit, finding.check) for finding in found.first.findings] == [
        (Severity.REMARK, "p", "a decision about a return that is not given")
    ]


def test_an_annulled_return_keeps_its_electors_and_loses_its_votes() -> None:
    found = contest(deciding("annul", unit="p"))
    assert found.first.totals.votes == (20, 19)
    figures = found.first.totals.figures
    assert (figures["registered"], figures["took_part"], figures["invalid"], figures["valid"]) == (120, 99, 60, 39)
    assert not found.first.findings
    assert found.outcome.elected == ("a",)


def test_an_annulled_return_stays_void_whatever_was_corrected_before() -> None:
    without = Return("p", "d", 1, {"registered": 70, "valid": 60, "invalid": 0}, {"a": 40})
    decisions = [deciding("correct", unit="p", candidate="b", figure=20), deciding("annul", unit="p", id="2")]
    found = contest(*decisions, returns=(without, SOUND))
    assert found.first.totals.votes == (20, 19)
    assert found.first.totals.figures["invalid"] == 60


def test_an_annulled_return_counts_for_the_turnout() -> None:
    few = sound({"a": 5, "b": 4}, "q", absent=41)
    assert contest(deciding("annul", unit="p"), returns=(WRONG, few)).outcome.elected == ("a",)


def test_an_annulled_ballot_leads_to_a_new_election() -> None:
    decision = deciding("annul", reason="the urn was not sealed", article="105")
    outcome = contest(decision).outcome
    assert (outcome.kind, outcome.follows, outcome.seats_left, outcome.by) == (
        NEW,
        "new-election",
        1,
        date(1937, 12, 26),
    )
    assert outcome.steps[0].article == "105"
    assert "by decision 1: the urn was not sealed" in outcome.reasoning


def test_an_annulled_second_ballot_keeps_what_the_first_decided() -> None:
    tied = sound({"a": 30, "b": 30}, "p"), sound({"a": 10, "b": 10}, "q")
    second = sound({"a": 40, "b": 30}, "p", ballot=2), sound({"a": 10, "b": 10}, "q", ballot=2)
    found = contest(deciding("annul", ballot=2), returns=(*tied, *second))
    assert found.first.outcome.kind is SECOND
    assert (found.outcome.kind, found.outcome.elected, found.outcome.by) == (NEW, (), date(1938, 1, 7))


def test_the_lot_is_drawn_for_its_ballot_only() -> None:
    made = election(UNITS[:1], law="plurality", decisions=[deciding("elect", candidate="b", ballot=2)])
    assert counted(made, sound({"a": 5, "b": 5})).contests[0].outcome.missing == ("the lot between A and B",)
    made = election(UNITS[:1], law="plurality", decisions=[deciding("elect", candidate="b")])
    assert counted(made, sound({"a": 5, "b": 5})).contests[0].outcome.elected == ("b",)


def test_decisions_of_one_contest_leave_the_others_alone() -> None:
    made = election(
        [Unit("x"), Unit("y")],
        [Contest("x", "x"), Contest("y", "y")],
        [*standing("x", "A", "B"), *standing("y", "C", "D")],
        [deciding("accept", "x")],
    )
    wrong = [reported(unit, unit, registered=9, valid=9, invalid=0, votes={name: 8}) for unit, name in ("xa", "yc")]
    assert [one.outcome.kind for one in counted(made, *wrong).contests] == [ELECTED, UNDECIDED]


def test_a_law_without_the_variant_of_a_contest_cannot_be_its_own() -> None:
    made = election()
    made = replace(made, contests=(replace(made.contests[0], rules="national-list"),))
    with pytest.raises(CountError) as refused:
        counted(made, sound({"a": 5, "b": 4}))
    assert refused.value.problems[0].seen == "national-list"
    with pytest.raises(CountError):
        counted(replace(made, law="poland-1989", contests=(replace(made.contests[0], rules="x"),)))
