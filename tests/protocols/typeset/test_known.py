"""Texts that a record holds in English, said in the language of the paper."""

from __future__ import annotations

import pytest

from suffrage.law import built_in
from suffrage.protocols.typeset.figures import Figures
from suffrage.protocols.typeset.known import Known
from suffrage.protocols.typeset.language import language_of
from tests.count.test_outcome_properties import LAWS


def known(language: str, *names: str, law: str = "ussr-1937") -> Known:
    spoken = language_of(language)
    figures = Figures(spoken, [built_in(law)])
    return Known(spoken, figures.label, figures.names, frozenset(names))


@pytest.mark.parametrize(
    ("text", "french"),
    [
        ("the law does not say what elects", "la loi ne dit pas ce qui élit"),
        ("the lot between A, B and C", "le tirage au sort entre A, B et C"),
        ("a decision between A and B: the law is silent on this tie",
         "une décision entre A et B\u00a0: la loi est muette sur cette égalité"),
        ("the returns of 1\u00a0012 units of 20\u00a0000 (a, b, c, …)",
         "les résultats de 1\u202f012 unités sur 20\u202f000 (a, b, c, …)"),
        ("the figure took_part, which a rule compares and no return gives",
         "le chiffre bulletins trouvés dans l’urne, qu’une règle compare et qu’aucun résultat n’indique"),
        ("the law does not say what follows where 2 seats stay unfilled",
         "la loi ne dit pas ce qui suit lorsque n’est pas pourvu ce qui reste\u00a0: 2 sièges"),
        ("returns that came in later", "résultats reçus ultérieurement"),
        ("nothing of the kind", "nothing of the kind"),
    ],
)  # fmt: skip
def test_what_is_missing(text: str, french: str) -> None:
    assert known("fr", "A", "B", "C").said(text) == french


def test_a_list_that_is_not_one_of_candidates_stands_as_it_is() -> None:
    assert known("fr", "A", "B").said("the lot between A and Z") == "le tirage au sort entre A and Z"


def test_names_that_hold_the_words_of_a_list() -> None:
    assert known("fr", "A and B", "C").said("the lot between A and B and C") == "le tirage au sort entre A and B et C"


def test_findings_inside_what_is_missing() -> None:
    text = "a decision on p1: took_part <= registered (500 against 400), article 106; p2: valid is not given and 3 more"
    assert known("fr").said(text) == (
        "une décision sur p1: bulletins trouvés dans l’urne ≤ électeurs inscrits sur la liste (500 contre 400) "
        "(article 106); p2: bulletins valables\u00a0: non indiqué et 3 de plus"
    )


def test_an_equation_in_the_labels_of_its_figures() -> None:
    assert known("en").check("names + all_struck = valid") == (
        "votes of all candidates + of these, with every name struck out = valid ballots"
    )
    assert known("en").check("names <= may_leave * valid") == (
        "votes of all candidates ≤ names that may be left × valid ballots"
    )


@pytest.mark.parametrize("text", ["no votes are given", "registered", "names = nothing_known", "a = b = c", ""])
def test_what_is_no_equation_of_the_law_stands_as_it_is(text: str) -> None:
    assert known("ru").check(text) == text


@pytest.mark.parametrize("law", list(LAWS))
@pytest.mark.parametrize("language", ["en", "fr", "ru"])
def test_every_check_of_every_law_is_said_in_labels(law: str, language: str) -> None:
    spoken = language_of(language)
    figures = Figures(spoken, [LAWS[law]])
    said = Known(spoken, figures.label, figures.names)
    for check in LAWS[law].returns.checks:
        text = str(check.check)
        assert said.check(text) != text
        assert "_" not in said.check(text)
