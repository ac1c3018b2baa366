"""Digits in groups, as each language sets them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suffrage.typeset.grouping import grouping_of
from suffrage.words import grouped

CODES = st.sampled_from(["en", "fr", "ru", "uk", "ka", "de", "pl", "xx"])
NUMBERS = st.integers(-(10**18), 10**18)


@pytest.mark.parametrize(
    ("code", "thousand", "million"),
    [
        ("en", "1\u00a0903", "1\u00a0234\u00a0567"),
        ("fr", "1\u202f903", "1\u202f234\u202f567"),
        ("ru", "1903", "1\u00a0234\u00a0567"),
        ("uk", "1903", "1\u00a0234\u00a0567"),
        ("ka", "1\u00a0903", "1\u00a0234\u00a0567"),
    ],
)
def test_groups_of_a_language(code: str, thousand: str, million: str) -> None:
    assert grouping_of(code).text(1903) == thousand
    assert grouping_of(code).text(1234567) == million


@given(CODES, NUMBERS)
def test_the_digits_are_those_of_the_number(code: str, number: int) -> None:
    text = grouping_of(code).text(number)
    assert re.sub(r"\D", "", text) == str(abs(number))
    assert text.startswith("\N{MINUS SIGN}") == (number < 0)


@given(CODES, NUMBERS)
def test_every_group_but_the_first_has_three_digits(code: str, number: int) -> None:
    first, *rest = re.split("[\u00a0\u202f]", grouping_of(code).text(abs(number)))
    assert all(len(group) == 3 for group in rest)
    assert 1 <= len(first) <= (3 if rest else grouping_of(code).least_digits - 1)


@given(CODES, NUMBERS)
def test_no_group_stands_at_the_end_of_a_line(code: str, number: int) -> None:
    assert not re.search(r"[ \t\n\u2009\u200b]", grouping_of(code).text(number))


@given(st.integers(0, 10**15))
def test_english_groups_as_everywhere_else(number: int) -> None:
    assert grouping_of("en").text(number) == grouped(number)


@given(CODES, st.lists(NUMBERS, max_size=6))
def test_in_a_column_all_numbers_are_grouped_alike(code: str, numbers: list[int]) -> None:
    texts = grouping_of(code).column(numbers)
    assert [re.sub(r"\D", "", text) for text in texts] == [str(abs(number)) for number in numbers]
    separated = {bool(re.search("[\u00a0\u202f]", text)) for text in texts if len(re.sub(r"\D", "", text)) > 3}
    assert len(separated) <= 1


def test_four_digits_beneath_five_are_grouped_in_russian_too() -> None:
    assert grouping_of("ru").column([84310, 1903, 412]) == ["84\u00a0310", "1\u00a0903", "412"]
    assert grouping_of("ru").column([1903, 412]) == ["1903", "412"]
