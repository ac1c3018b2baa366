"""The checks beside the boxes say what the law's equations say."""

from __future__ import annotations

import pytest

from suffrage.law import Equation, built_in, built_in_ids
from suffrage.law.sums import NAMES
from suffrage.paper.station.checks import Letters, checks_in_words
from suffrage.paper.station.words import station_language, station_languages

NBSP = "\N{NO-BREAK SPACE}"


def test_the_checks_of_1937_in_words() -> None:
    said = [text.replace(NBSP, " ") for text in checks_in_words(built_in("ussr-1937"), 1, station_language("en"))]
    # A registered, B certificates, C issued, D took part, E invalid, F blank, G void, H valid, J all struck, K names.
    assert said == [
        "K + J must equal H (article 110-112)",
        "H + E must equal D (article 110-112)",
        "D must not be more than A",
        "C should equal D; where it does not, say why",
    ]


def test_a_ballot_of_several_names_has_its_own_checks() -> None:
    said = checks_in_words(built_in("ussr-1937"), 3, station_language("en"))
    assert said[0].replace(NBSP, " ") == "K must not be more than 3 × H"
    assert not any("J" in text for text in said)


@pytest.mark.parametrize("law", built_in_ids())
@pytest.mark.parametrize("language", station_languages())
def test_every_check_of_every_law_is_said_once(law: str, language: str) -> None:
    statute = built_in(law)
    for rules in (statute, *statute.variants.values()):
        for most, kind in ((1, "one"), (2, "several")):
            wanted = [check for check in rules.returns.checks if check.names in ("any", kind)]
            said = checks_in_words(rules, most, station_language(language))
            assert len(said) == len(wanted)
            for check, text in zip(wanted, said, strict=True):
                assert check.article in text.replace(NBSP, " ")
                assert all(Letters.for_rules(rules).of[name] in text for name in check.check.fields)


def test_letters_are_each_used_once() -> None:
    for law in built_in_ids():
        of = Letters.for_rules(built_in(law)).of
        assert len(set(of.values())) == len(of)
        assert not {"I", "O"} & set(of.values())
        assert NAMES in of


def test_a_sum_keeps_its_signs_and_factors() -> None:
    letters = Letters({"a": "A", "b": "B", NAMES: "C"})
    equation = Equation.parse("a - 2 * b = may_leave * names")
    assert letters.sum(equation.left, 4).replace(NBSP, " ") == "A \N{MINUS SIGN} 2 × B"
    assert letters.sum(equation.right, 4).replace(NBSP, " ") == "4 × C"
