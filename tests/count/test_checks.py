"""Each check of a law fails exactly when what it says does not hold, and tells both sides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suffrage.count import Finding, Severity
from suffrage.election import Contest
from suffrage.law import built_in, built_in_ids
from suffrage.returns import Return
from tests.elections import counted, election, reported, standing

ERROR, REMARK = Severity

# Figures of one return that holds under every check of every law.
WHOLE = {
    "registered": 120,
    "issued": 100,
    "took_part": 100,
    "invalid": 10,
    "blank": 4,
    "void": 6,
    "valid": 90,
    "all_struck": 0,
}
VOTES = {"a": 60, "b": 30}


def findings(law: str, figures: Mapping[str, int], votes: Mapping[str, int] = VOTES, seats: int = 1) -> list[Finding]:
    made = election(contests=[Contest("d", "d", seats=seats)], law=law)
    return list(counted(made, Return("d", "d", 1, figures, votes)).findings)


def known(law: str, figures: Mapping[str, int]) -> dict[str, int]:
    return {name: number for name, number in figures.items() if name in built_in(law).returns.fields}


@pytest.mark.parametrize("law", built_in_ids())
def test_a_return_that_adds_up_gives_no_finding(law: str) -> None:
    assert not findings(law, known(law, WHOLE))


@pytest.mark.parametrize(
    ("changed", "check", "severity", "left", "right"),
    [
        ({"votes": {"a": 61, "b": 30}}, "names + all_struck = valid", ERROR, 91, 90),
        ({"votes": {"a": 59, "b": 30}}, "names + all_struck = valid", ERROR, 89, 90),
        ({"all_struck": 1}, "names + all_struck = valid", ERROR, 91, 90),
        ({"took_part": 101, "issued": 101}, "valid + invalid = took_part", ERROR, 100, 101),
        ({"took_part": 99}, "valid + invalid = took_part", ERROR, 100, 99),
        ({"registered": 99}, "took_part <= registered", ERROR, 100, 99),
        ({"issued": 99}, "issued = took_part", REMARK, 99, 100),
        ({"issued": 101}, "issued = took_part", REMARK, 101, 100),
    ],
)
def test_each_check_of_the_law_of_1937(
    changed: dict[str, object], check: str, severity: Severity, left: int, right: int
) -> None:
    votes = changed.pop("votes", VOTES)
    assert isinstance(votes, dict)
    found = [one for one in findings("ussr-1937", {**WHOLE, **changed}, votes) if one.check == check]  # type: ignore[dict-item]
    assert [(one.severity, one.left, one.right, one.unit, one.contest, one.ballot) for one in found] == [
        (severity, left, right, "d", "d", 1)
    ]


def test_a_finding_has_the_article_and_the_line_of_its_return() -> None:
    (found,) = findings("ussr-1937", {**WHOLE, "valid": 91, "took_part": 101, "issued": 101})
    assert (found.check, found.article, found.line) == ("names + all_struck = valid", "110-112", 2)
    assert str(found) == "error in ballot 1, d: names + all_struck = valid (90 against 91), article 110-112"


@pytest.mark.parametrize("law", ["france-assembly", "france-president"])
def test_blank_and_void_ballots_make_the_invalid_ones_in_france(law: str) -> None:
    (found,) = findings(law, known(law, {**WHOLE, "blank": 5}))
    assert (found.check, found.left, found.right) == ("blank + void = invalid", 11, 10)


def test_with_several_seats_a_ballot_holds_several_names() -> None:
    for a, b, expected in ((90, 90, []), (91, 90, ["names <= may_leave * valid"])):
        found = findings("ussr-1937", WHOLE, {"a": a, "b": b}, seats=2)
        assert [one.check for one in found] == expected
    assert (found[0].left, found[0].right) == (181, 180)


def test_in_vietnam_every_valid_ballot_leaves_a_name() -> None:
    for a, b, expected in ((90, 0, []), (89, 0, ["valid <= names"])):
        assert [one.check for one in findings("vietnam-2015", WHOLE, {"a": a, "b": b}, seats=2)] == expected
    assert [one.check for one in findings("vietnam-2015", {**WHOLE, "all_struck": 11})] == ["all_struck <= invalid"]


FIGURE = st.none() | st.sampled_from([0, 1, 2, 3, 4, 5, 10])


@settings(max_examples=3 * settings().max_examples)
@given(
    st.sampled_from(built_in_ids()),
    st.fixed_dictionaries(dict.fromkeys(WHOLE, FIGURE)),
    st.fixed_dictionaries({"a": st.integers(0, 6), "b": st.integers(0, 6)}),
    st.sampled_from([1, 2]),
)
def test_findings_are_what_plain_arithmetic_says(
    law: str, given_figures: dict[str, int | None], votes: dict[str, int], seats: int
) -> None:
    rules = built_in(law)
    fields = rules.returns.fields
    figures = {name: number for name, number in given_figures.items() if number is not None and name in fields}
    whole = dict(figures)
    for _ in fields:  # what follows from other figures, as often as one may follow from another
        for name, field in fields.items():
            if field.sum is not None and name not in whole and field.sum.fields <= set(whole):
                whole[name] = field.sum.of(whole)
    names = rules.ballot.most_names(seats, 2) or 1
    absent = [name for name, field in fields.items() if field.required and name not in whole]
    expected: list[tuple[str, int, int]] = [(f"{name} is not given", 0, 0) for name in absent]
    seen = {"all_struck": 0, **whole, "names": sum(votes.values())}
    for check in rules.returns.checks:
        applies = check.names == "any" or (check.names == "one") == (names == 1)
        if applies and check.check.fields <= set(seen):
            left, right = check.check.left.of(seen, names), check.check.right.of(seen, names)
            if not check.check.holds(left, right):
                expected.append((str(check.check), left, right))
    found = findings(law, figures, votes, seats)
    assert sorted((one.check, one.left or 0, one.right or 0) for one in found) == sorted(expected)


@pytest.mark.parametrize("figure", ["registered", "valid"])
def test_a_required_figure_must_be_given(figure: str) -> None:
    (found,) = findings("ussr-1937", {name: number for name, number in WHOLE.items() if name != figure})
    assert (found.check, found.severity) == (f"{figure} is not given", ERROR)


def test_the_roll_of_the_unit_stands_in_for_the_figure() -> None:
    made = election()
    made = replace(made, units=(replace(made.units[0], registered=120),))
    without = {name: number for name, number in WHOLE.items() if name != "registered"}
    first = counted(made, Return("d", "d", 1, without, VOTES)).contests[0].first
    assert not first.findings
    assert first.totals.figures["registered"] == 120


def test_the_figure_of_the_return_goes_before_the_roll() -> None:
    made = election()
    made = replace(made, units=(replace(made.units[0], registered=999),))
    assert counted(made, Return("d", "d", 1, WHOLE, VOTES)).contests[0].first.totals.figures["registered"] == 120


@pytest.mark.parametrize(
    ("figures", "votes", "check", "left"),
    [
        ({"registered": -1}, VOTES, "registered is negative", -1),
        ({"issued": -100}, VOTES, "issued is negative", -100),
        ({}, {"a": 91, "b": -1}, "the votes of a candidate are negative", None),
    ],
)
def test_no_law_allows_a_negative_figure(
    figures: dict[str, int], votes: dict[str, int], check: str, left: int | None
) -> None:
    found = {one.check: one for one in findings("ussr-1937", {**WHOLE, **figures}, votes)}
    assert found[check].severity is ERROR
    assert found[check].left == left


def test_a_field_that_is_not_given_is_neither_checked_nor_a_total() -> None:
    made = election(candidates=standing("d", "A", "B"))
    first = counted(made, reported(registered=120, valid=90, invalid=10, votes=VOTES)).contests[0].first
    assert not first.findings
    assert dict(first.totals.figures) == {"registered": 120, "valid": 90, "invalid": 10, "took_part": 100}
