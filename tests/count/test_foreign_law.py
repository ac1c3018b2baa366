"""The same figures under another law: what moves between valid and invalid, and when a second ballot can be used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suffrage.count import ContestCount, OutcomeKind
from suffrage.election import Contest
from suffrage.errors import CountError
from suffrage.law import built_in
from suffrage.returns import Return
from tests.elections import case, counted, deciding, election, sound, standing

ELECTED, SECOND, NEW, UNDECIDED = OutcomeKind
STRICT = {
    "registered": 190,
    "issued": 103,
    "took_part": 103,
    "invalid": 5,
    "blank": 2,
    "void": 3,
    "valid": 98,
    "all_struck": 8,
}


def under(law: str, figures: Mapping[str, int], votes: Mapping[str, int], own: str = "ussr-1937") -> ContestCount:
    made = election(candidates=standing("d", *(name.upper() for name in votes)), law=own)
    return counted(made, Return("d", "d", 1, figures, votes), law=law).contests[0]


@pytest.mark.parametrize(
    "law", ["france-assembly", "france-president", "vietnam-2015", "plurality", "cuba-municipal", "approval-majority"]
)
def test_struck_ballots_become_invalid_where_the_law_says_so(law: str) -> None:
    found = under(law, STRICT, {"a": 48, "b": 42})
    figures = found.first.totals.figures
    assert (figures["valid"], figures["invalid"], figures["took_part"]) == (90, 13, 103)
    assert figures["all_struck"] == 0
    assert (figures["blank"], figures["void"]) == (10, 3)
    assert not [finding for finding in found.first.findings if finding.open_error]
    # 48 of 98 is no majority, 48 of 90 is one.
    assert found.outcome.elected == ("a",)
    assert under("ussr-1937", STRICT, {"a": 48, "b": 42}).outcome.kind is SECOND


@pytest.mark.parametrize("law", ["ussr-1989", "poland-1989", "party-1937"])
def test_struck_ballots_stay_valid_where_both_laws_say_so(law: str) -> None:
    figures = under(law, STRICT, {"a": 48, "b": 42}).first.totals.figures
    assert (figures["valid"], figures["invalid"], figures["all_struck"]) == (98, 5, 8)


def test_struck_ballots_become_valid_where_they_were_not() -> None:
    figures = {"registered": 200, "took_part": 103, "invalid": 13, "valid": 90, "all_struck": 8}
    found = under("ussr-1937", figures, {"a": 48, "b": 42}, own="vietnam-2015")
    assert (found.first.totals.figures["valid"], found.first.totals.figures["invalid"]) == (98, 5)
    assert not found.first.findings
    assert found.outcome.kind is SECOND


def test_without_struck_ballots_nothing_moves() -> None:
    figures = {name: number for name, number in STRICT.items() if name != "all_struck"} | {
        "valid": 90,
        "took_part": 95,
        "issued": 95,
    }
    totals = under("plurality", figures, {"a": 48, "b": 42}).first.totals.figures
    assert (totals["valid"], totals["invalid"]) == (90, 5)


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))
def test_reading_figures_under_another_law_and_back_changes_nothing(a: int, b: int, struck: int, invalid: int) -> None:
    """As a strike-out law reads those that this reading gives, with the struck ballots told apart."""
    mine = sound({"a": a, "b": b}, struck=struck, invalid=invalid, absent=3)
    there = counted(election(), mine, law="vietnam-2015").contests[0].first.totals
    assert there.figures["valid"] == a + b
    figures = {**there.figures, "all_struck": struck}
    back = counted(election(law="vietnam-2015"), Return("d", "d", 1, figures, mine.votes), law="ussr-1937")
    assert dict(back.contests[0].first.totals.figures) == dict(mine.figures)


def both(
    law: str | None,
    first: Sequence[int],
    second: Mapping[str, int],
    *,
    own: str = "ussr-1937",
    withdrawn: str = "",
    registered: int = 120,
) -> ContestCount:
    """Both ballots of one contest, held under `own` and counted under `law`."""
    names = [candidate.surname for candidate in case(own, len(first)).candidates]
    decisions = [deciding("withdraw", candidate=withdrawn)] if withdrawn else []
    made = election(candidates=standing("d", *names), law=own, decisions=decisions)
    votes = {name.lower(): number for name, number in zip(names, first, strict=True)}
    returns = [
        sound(votes, absent=registered - sum(first)),
        sound(dict(second), ballot=2, absent=registered - sum(second.values())),
    ]
    return counted(made, *returns, law=law).contests[0]


def test_a_second_ballot_is_used_where_the_other_law_leads_to_the_same_finalists() -> None:
    for law in (None, "ussr-1989", "cuba-municipal", "poland-president"):
        found = both(law, (45, 40, 15), {"a": 40, "b": 50})
        assert found.second is not None
        assert (found.outcome.kind, found.outcome.elected) == (ELECTED, ("b",))


@pytest.mark.parametrize(
    ("law", "first", "second", "kind"),
    [
        # Three with an eighth of the roll stand under the French law, two stood: not the same ballot.
        ("france-assembly", (45, 40, 15), {"a": 40, "b": 50}, SECOND),
        # Elected at once under the other law.
        ("plurality", (45, 40, 15), {"a": 40, "b": 50}, ELECTED),
        # All three stood because of a tie; the other law is silent on it.
        ("ussr-1989", (40, 30, 30), {"a": 40, "b": 31, "c": 20}, UNDECIDED),
        # Only one stood, the other was gone.
        ("cuba-municipal", (45, 40, 15), {"a": 90}, SECOND),
    ],
)
def test_a_second_ballot_between_others_is_left_out(
    law: str, first: Sequence[int], second: Mapping[str, int], kind: OutcomeKind
) -> None:
    found = both(law, first, second)
    assert found.second is None
    assert found.outcome.kind is kind
    assert not [finding for finding in found.first.findings if finding.open_error]


def test_a_french_second_ballot_of_three_is_none_of_two() -> None:
    votes = {"a": 40, "b": 38, "c": 20}
    assert both(None, (45, 40, 15), votes, own="france-assembly").outcome.elected == ("a",)
    found = both("ussr-1937", (45, 40, 15), votes, own="france-assembly")
    assert (found.second, found.outcome.finalists) == (None, ("a", "b"))


def test_who_withdrew_is_no_finalist_under_either_law() -> None:
    found = both(None, (45, 40, 15), {"a": 41, "c": 50}, own="poland-president", withdrawn="b")
    assert found.outcome.elected == ("c",)
    assert both("france-president", (45, 40, 15), {"a": 41, "c": 50}, own="poland-president", withdrawn="b").second
    assert (
        both("majority-two-ballots", (45, 40, 15), {"a": 41, "c": 50}, own="poland-president", withdrawn="b").second
        is None
    )


def test_candidacies_are_judged_by_the_law_of_the_election() -> None:
    contests = [Contest("x", "d"), Contest("y", "d")]
    twice = [*standing("x", "A", "B"), *standing("y", "A", "C")]
    returns = [sound({"a": 5, "b": 4}, contest="x"), sound({"a": 5, "c": 4}, contest="y")]
    assert built_in("plurality").nomination.one_district_only.known is None
    made = election(contests=contests, candidates=twice, law="plurality")
    assert [one.outcome.elected for one in counted(made, *returns, law="ussr-1937").contests] == [("a",), ("a",)]
    with pytest.raises(CountError) as refused:
        counted(election(contests=contests, candidates=twice), *returns, law="plurality")
    (problem,) = refused.value.problems
    assert problem.seen == "a in x and y"


def test_one_person_may_stand_in_two_chambers() -> None:
    contests = [Contest("x", "d", chamber="union"), Contest("y", "d", chamber="nationalities")]
    twice = [*standing("x", "A", "B"), *standing("y", "A", "C")]
    returns = [sound({"a": 5, "b": 4}, contest="x"), sound({"a": 5, "c": 4}, contest="y")]
    found = counted(election(contests=contests, candidates=twice), *returns)
    assert [contest.outcome.elected for contest in found.contests] == [("a",), ("a",)]


def test_a_national_list_is_an_ordinary_contest_where_the_law_has_none() -> None:
    contests = [Contest("x", "d"), Contest("y", "d", seats=2, rules="national-list")]
    candidates = [*standing("x", "A", "B"), *standing("y", "C", "D")]
    figures = {"registered": 20, "took_part": 10, "invalid": 0, "valid": 10}
    returns = [sound({"a": 6, "b": 4}, contest="x", absent=10), Return("d", "y", 1, figures, {"c": 9, "d": 5})]
    made = election(contests=contests, candidates=candidates, law="poland-1989")
    own = counted(made, *returns)
    assert [(contest.outcome.elected, contest.outcome.seats_left) for contest in own.contests] == [
        (("a",), 0),
        (("c",), 1),
    ]
    there = counted(made, *returns, law="plurality")
    assert [contest.outcome.elected for contest in there.contests] == [("a",), ("c", "d")]
