"""Sums of figures and checks between them: what is written is what is read, and what is read is plain arithmetic."""

from __future__ import annotations

import keyword
import re
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from suffrage.law import Equation, Sum
from suffrage.law.sums import MAY_LEAVE, Relation, Term

FIELDS = st.from_regex(r"[a-z][a-z_0-9]{0,8}", fullmatch=True).filter(
    lambda name: name != MAY_LEAVE and not keyword.iskeyword(name)
)
TERMS = st.builds(Term, sign=st.sampled_from([1, -1]), factor=st.none() | st.integers(0, 999_999), field=FIELDS)
SUMS = st.lists(TERMS, min_size=1, max_size=6).map(lambda terms: Sum(tuple(terms)))
EQUATIONS = st.builds(Equation, SUMS, st.sampled_from(["=", "<=", ">="]), SUMS)
COUNTS = st.integers(0, 10**9)


@st.composite
def sums_with_figures(draw: st.DrawFn) -> tuple[Sum, dict[str, int], int]:
    drawn = draw(SUMS)
    return drawn, {field: draw(COUNTS) for field in sorted(drawn.fields)}, draw(st.integers(1, 100))


@given(SUMS)
def test_a_sum_reads_back_as_it_was_written(written: Sum) -> None:
    assert Sum.parse(str(written)) == written


@given(EQUATIONS)
def test_a_check_reads_back_as_it_was_written(written: Equation) -> None:
    assert Equation.parse(str(written)) == written


@given(EQUATIONS, st.text(" \t", max_size=3))
def test_blanks_do_not_matter(written: Equation, blank: str) -> None:
    spaced = re.sub(r"(<=|>=|=|[*+-])", rf"{blank}\1{blank}", str(written).replace(" ", ""))
    assert Equation.parse(blank + spaced + blank) == written


@given(sums_with_figures())
def test_a_sum_is_what_python_makes_of_it(case: tuple[Sum, dict[str, int], int]) -> None:
    written, figures, may_leave = case
    assert written.of(figures, may_leave) == eval(str(written), {"__builtins__": {}}, {**figures, MAY_LEAVE: may_leave})


@given(EQUATIONS, st.data())
def test_a_check_holds_when_python_says_so(written: Equation, data: st.DataObject) -> None:
    figures = {field: data.draw(st.integers(0, 3)) for field in sorted(written.fields)}
    left, right = written.left.of(figures, 2), written.right.of(figures, 2)
    text = str(written) if written.relation != "=" else f"{written.left} == {written.right}"
    assert written.holds(left, right) == eval(text, {"__builtins__": {}}, {**figures, MAY_LEAVE: 2})


@given(SUMS, st.lists(st.integers(0, 10**6), min_size=1, max_size=5), st.integers(1, 5))
def test_a_column_of_returns_is_summed_as_each_of_them(written: Sum, rows: list[int], may_leave: int) -> None:
    fields = sorted(written.fields)
    columns = {field: np.array([row * (n + 1) for row in rows], np.int64) for n, field in enumerate(fields)}
    total = written.of(columns, may_leave)
    for position in range(len(rows)):
        one = {field: int(column[position]) for field, column in columns.items()}
        assert total[position] == written.of(one, may_leave)


@given(SUMS)
def test_a_figure_that_is_not_there_is_named(written: Sum) -> None:
    figures: dict[str, Any] = dict.fromkeys(sorted(written.fields)[1:], 1)
    with pytest.raises(KeyError, match=sorted(written.fields)[0]):
        written.of(figures)


def test_summing_changes_no_column() -> None:
    column = np.array([1, 2])
    total = Sum.parse("valid").of({"valid": column})
    total += 1
    assert column.tolist() == [1, 2]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "+",
        "-",
        "valid +",
        "valid + + invalid",
        "valid invalid",
        "valid * 2",
        "2 valid",
        "2 * 3",
        "2",
        "2.5 * valid",
        "names * valid",
        "may_leave * may_leave * valid",
        "1234567 * valid",
        "Valid",
        "_valid",
        "valid / 2",
        "(valid)",
        "valid; invalid",
        "valid = invalid",
        "gültig",
        "valid\0",
    ],
)
def test_what_is_no_sum_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="joined by"):
        Sum.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "=",
        "valid",
        "valid =",
        "= valid",
        "a = b = c",
        "a <= b <= c",
        "a < b",
        "a == b",
        "a => b",
        "a != b",
        "a <== b",
    ],
)
def test_what_is_no_check_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="joined by"):
        Equation.parse(text)


@given(st.text(max_size=30) | st.text("abz019_ +-*<>=", max_size=30))
def test_any_text_is_a_sum_or_a_value_error(text: str) -> None:
    for kind in (Sum, Equation):
        try:
            read = kind.parse(text)
        except ValueError:
            continue
        assert kind.parse(str(read)) == read


@given(EQUATIONS)
def test_a_relation_and_its_mirror_hold_together(written: Equation) -> None:
    mirror = cast("Relation", {"=": "=", "<=": ">=", ">=": "<="}[written.relation])
    turned = Equation(written.right, mirror, written.left)
    assume(written != turned)
    for left, right in ((1, 2), (2, 2), (3, 2)):
        assert written.holds(left, right) == turned.holds(right, left)
    assert written.fields == turned.fields
