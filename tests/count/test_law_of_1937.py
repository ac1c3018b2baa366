"""One ballot under the law of 1937: the half exactly, ballots with every name struck, ties, who is left alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from suffrage.count import OutcomeKind, Totals
from suffrage.count.decide import first_ballot, second_ballot
from suffrage.count.totals import Missing
from tests.elections import case, figures_of, tally

LAW = "ussr-1937"
FORTNIGHT = date(1937, 12, 26)
ELECTED, SECOND, NEW, UNDECIDED = OutcomeKind


@pytest.mark.parametrize(
    ("votes", "struck", "invalid", "registered", "kind", "who"),
    [
        # More than half of the valid ballots, exactly on the edge.
        ((51, 49), 0, 0, 100, ELECTED, "a"),
        ((50, 50), 0, 0, 100, SECOND, "ab"),
        ((50, 49), 1, 0, 100, SECOND, "ab"),
        ((51, 49), 1, 0, 101, ELECTED, "a"),
        ((51, 50), 0, 0, 101, ELECTED, "a"),
        # Every name struck: valid, and for nobody. Invalid ballots are no part of the base.
        ((50, 30), 20, 0, 100, SECOND, "ab"),
        ((50, 30), 0, 20, 100, ELECTED, "a"),
        # A candidate alone: struck ballots can beat him.
        ((51,), 49, 0, 100, ELECTED, "a"),
        ((50,), 50, 0, 100, NEW, ""),
        # Turnout: exactly half is enough, one below is not, whatever the majority.
        ((30, 19), 0, 1, 100, ELECTED, "a"),
        ((30, 18), 0, 1, 100, NEW, ""),
        ((49, 0), 0, 0, 98, ELECTED, "a"),
        ((49, 0), 0, 0, 99, NEW, ""),
        # Invalid and struck ballots count for the turnout.
        ((1, 0), 0, 49, 100, ELECTED, "a"),
        ((0, 0), 50, 0, 100, SECOND, "ab"),
        # Ties for the first or the second place: all stand.
        ((30, 30, 30), 0, 0, 90, SECOND, "abc"),
        ((40, 40, 20), 0, 0, 100, SECOND, "ab"),
        ((40, 30, 30), 0, 0, 100, SECOND, "abc"),
        ((40, 20, 20, 20), 0, 0, 100, SECOND, "abcd"),
        ((20, 45, 35), 0, 0, 100, SECOND, "bc"),
        ((0, 0, 0), 3, 0, 3, SECOND, "abc"),
        # Nobody at all.
        ((), 0, 10, 10, NEW, ""),
    ],
)
def test_the_first_ballot(
    votes: Sequence[int], struck: int, invalid: int, registered: int, kind: OutcomeKind, who: str
) -> None:
    outcome = first_ballot(case(LAW, len(votes)), tally(votes, struck=struck, invalid=invalid, registered=registered))
    assert outcome.kind is kind
    assert "".join(outcome.elected or outcome.finalists) == who
    assert outcome.seats_left == (0 if kind is ELECTED else 1)
    assert outcome.by == (None if kind is ELECTED else FORTNIGHT)
    assert outcome.follows == ("new-election" if kind is NEW else "")
    assert not outcome.missing
    assert not outcome.certain


@pytest.mark.parametrize(
    ("votes", "struck", "invalid", "registered", "kind", "who"),
    [
        # The greater number of votes; no half is needed.
        ((41, 40), 19, 0, 100, ELECTED, "a"),
        ((1, 0), 60, 0, 100, ELECTED, "a"),
        ((30, 31, 29), 0, 0, 90, ELECTED, "b"),
        # A tie leads to a new election, as do ballots for nobody.
        ((40, 40), 20, 0, 100, NEW, ""),
        ((0, 0), 60, 0, 100, NEW, ""),
        # The turnout applies again.
        ((30, 20), 0, 0, 100, ELECTED, "a"),
        ((30, 19), 0, 0, 100, NEW, ""),
        # Alone: more than half of the ballots in the box, invalid ones among them.
        ((51,), 29, 20, 100, ELECTED, "a"),
        ((50,), 30, 20, 100, NEW, ""),
        ((50,), 0, 50, 100, NEW, ""),
        ((51,), 0, 49, 100, ELECTED, "a"),
    ],
)
def test_the_second_ballot(
    votes: Sequence[int], struck: int, invalid: int, registered: int, kind: OutcomeKind, who: str
) -> None:
    outcome = second_ballot(case(LAW, len(votes)), tally(votes, struck=struck, invalid=invalid, registered=registered))
    assert outcome.kind is kind
    assert "".join(outcome.elected) == who
    assert outcome.by == (None if kind is ELECTED else FORTNIGHT)


def test_a_finalist_who_withdraws_leaves_the_other_alone() -> None:
    outcome = first_ballot(case(LAW, 3, withdrawn="b"), tally((40, 35, 25)))
    assert outcome.kind is SECOND
    assert outcome.finalists == ("a",)
    assert outcome.by == FORTNIGHT
    assert "B withdrew" in outcome.reasoning


def test_of_three_finalists_two_are_left() -> None:
    assert first_ballot(case(LAW, 3, withdrawn="c"), tally((40, 30, 30))).finalists == ("a", "b")


def test_somebody_else_who_withdraws_changes_nothing() -> None:
    assert first_ballot(case(LAW, 3, withdrawn="c"), tally((40, 35, 25))).finalists == ("a", "b")


def test_without_finalists_there_is_a_new_election() -> None:
    outcome = first_ballot(case(LAW, 3, withdrawn="ab"), tally((40, 35, 25)))
    assert (outcome.kind, outcome.finalists, outcome.by) == (NEW, (), FORTNIGHT)


def test_a_withdrawal_does_not_unseat_who_has_the_majority() -> None:
    assert first_ballot(case(LAW, 2, withdrawn="b"), tally((60, 40))).elected == ("a",)


def test_without_a_polling_day_there_is_no_last_day() -> None:
    outcome = first_ballot(case(LAW, 2, day=None), tally((50, 50)))
    assert outcome.by is None
    assert "within 14 days" in outcome.reasoning


def test_the_reasoning_of_the_draft_ballot_holds_every_figure() -> None:
    outcome = first_ballot(
        case(LAW, 3),
        tally((39_118, 31_002, 9_675), struck=1_000, invalid=412, registered=84_310),
    )
    assert outcome.finalists == ("a", "b")
    assert figures_of(outcome, "turnout.at_least") == [
        {"counted": 81_207, "base": 84_310, "needed": 42_155, "short": 0}
    ]
    assert figures_of(outcome, "majority.more_than") == [
        {"votes": 39_118, "base": 80_795, "needed": 40_398, "short": 1_280}
    ]
    assert [(step.rule, step.holds, step.article) for step in outcome.steps] == [
        ("turnout.at_least", True, "106"),
        ("majority.more_than", False, "104"),
        ("second_ballot.finalists", True, "107"),
    ]
    assert [step.certainty for step in outcome.steps] == ["secondary", "secondary", "decided"]
    assert outcome.steps[1].candidates == ("a",)
    said = outcome.reasoning.replace("\N{NO-BREAK SPACE}", " ")
    assert "39 118: 1 280 short (article 104)" in said
    assert "by 26 December 1937 at the latest (article 107)" in said


def test_the_turnout_says_by_how_many_it_was_missed() -> None:
    outcome = first_ballot(case(LAW, 2), tally((30, 10), invalid=2, registered=99))
    assert figures_of(outcome, "turnout.at_least") == [{"counted": 42, "base": 99, "needed": 50, "short": 8}]
    assert [step.article for step in outcome.steps] == ["106", "106"]
    assert [step.rule for step in outcome.steps] == ["turnout.at_least", "turnout.else"]


def test_who_stands_alone_learns_how_many_votes_were_needed() -> None:
    outcome = second_ballot(case(LAW, 1), tally((50,), invalid=51, registered=101))
    assert figures_of(outcome, "second_ballot.alone_needs") == [{"votes": 50, "base": 101, "needed": 51, "short": 1}]


@pytest.mark.parametrize("figure", ["registered", "took_part", "valid"])
def test_a_figure_that_a_rule_compares_cannot_be_missing(figure: str) -> None:
    whole = tally((50, 50))
    without = Totals(whole.votes, {name: number for name, number in whole.figures.items() if name != figure})
    with pytest.raises(Missing) as lacking:
        first_ballot(case(LAW, 2), without)
    assert lacking.value.figure == figure
