"""Texts with holes, and what the filters make of a cell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suffrage.election.head import IDENTIFIER
from suffrage.importing.problems import Problems
from suffrage.importing.template import parse_template, slug


def filled(text: str, **cells: str) -> str:
    problems = Problems()
    template = parse_template(text, "here", problems)
    bound = template.bind({name: at for at, name in enumerate(cells)}, {"year": "1999"}, problems)
    problems.raise_any()
    return bound(list(cells.values()))


@pytest.mark.parametrize(
    ("text", "cell", "expected"),
    [
        ("{x}", "01", "01"),
        ("a {x} b {x|lower} {year}", "Q", "a Q b q 1999"),
        ("{{{x}}}", "Q", "{Q}"),
        ("{x|strip}", "a   b", "a b"),
        ("{x|slug}", "  D'Été, Œuvre (2e) ", "d-ete-oeuvre-2e"),
        ("{x|slug}", "Wałęsa – Łódź", "walesa-lodz"),
        ("{x|slug}", "Калинин Йосиф", "калинин-йосиф"),
        ("{x|title}", "DE LA TOUR-MAUBOURG", "De La Tour-Maubourg"),
        ("{x|upper}", "é", "É"),
        ("{x|first-word}", "Duda Andrzej Sebastian", "Duda"),
        ("{x|without-first-word}", "Duda Andrzej Sebastian", "Andrzej Sebastian"),
        ("{x|last-word}", "Marine Le Pen", "Pen"),
        ("{x|without-last-word}", "Marine Le Pen", "Marine Le"),
        ("{x|first-word}{x|last-word}{x|without-last-word}", "", ""),
        ("{x|before:,}|{x|after:,|slug}", "Le Pen, Marine", "Le Pen|marine"),
        ("{x|pad:3}", "7", "007"),
        ("{x|pad:3}", "", ""),
        ("no holes", "", "no holes"),
    ],
)
def test_a_template_is_filled(text: str, cell: str, expected: str) -> None:
    assert filled(text, x=cell) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{x", "a brace without its partner"),
        ("x}", "a brace without its partner"),
        ("{x|slugg}", "unknown filter; seen: slugg; expected: one of strip, slug"),
        ("{x|pad:z}", "unknown filter"),
        ("{x|slug:2}", "unknown filter"),
        ("{|slug}", "a hole without a name"),
        ("{y}", "no such parameter; seen: y; expected: one of x, year"),
    ],
)
def test_a_bad_template_is_refused(text: str, message: str) -> None:
    with pytest.raises(Exception, match="here: ") as caught:
        filled(text, x="")
    assert message in str(caught.value)


@given(st.text())
def test_a_slug_is_an_identifier_and_stays_one(text: str) -> None:
    made = slug(text)
    assert not made or IDENTIFIER.fullmatch(made[:80])
    assert slug(made) == made
