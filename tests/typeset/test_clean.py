"""Texts that people gave, made fit to be set."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from suffrage.typeset.clean import capital, clean, in_lines, paragraphs, shortened
from suffrage.words import in_fours


@given(st.text(max_size=200))
def test_a_text_becomes_one_line_without_controls(text: str) -> None:
    cleaned = clean(text)
    assert not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in cleaned)
    assert not set(cleaned) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@given(st.text(max_size=200))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(
    st.text(
        st.characters(categories=["L", "N"], exclude_characters="".join(map(chr, range(0x1C90, 0x1CC0)))), max_size=90
    )
)
def test_letters_and_numbers_stay(text: str) -> None:
    assert clean(text).replace("\u200b", "") == text


def test_long_words_can_break_and_short_ones_cannot() -> None:
    assert "\u200b" not in clean("x" * 30)
    assert max(map(len, clean("x" * 500).split("\u200b"))) <= 30


def test_marks_of_direction_stay_and_overrides_go() -> None:
    assert clean("a\u200fb") == "a\u200fb"
    assert clean("a\u202eb\u2067c") == "abc"


def test_large_letters_of_georgian_become_the_usual_ones() -> None:
    assert clean("ᲗᲑᲘᲚᲘᲡᲘ") == "თბილისი"
    assert capital("თბილისი") == "თბილისი"
    assert capital("électeurs") == "Électeurs"
    assert capital("") == ""


def test_paragraphs() -> None:
    assert paragraphs("one\n\n two \r\nthree") == ["one", "two", "three"]


def test_hashes_in_groups() -> None:
    assert in_fours("abcdef0123") == "abcd ef01 23"
    assert in_lines("abcdef0123456789", 8) == ["abcd ef01", "2345 6789"]
    assert in_lines("", 8) == []


@given(st.text(max_size=50), st.integers(1, 40))
def test_a_shortened_text_is_no_longer_than_asked(text: str, most: int) -> None:
    assert len(shortened(text, most)) <= most
    assert len(text) > most or shortened(text, most) == text
