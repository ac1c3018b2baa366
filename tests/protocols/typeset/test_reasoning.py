"""The sentences of an outcome, built anew from its steps in the language of the paper."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suffrage.count import Outcome, Totals
from suffrage.count.case import Case
from suffrage.count.decide import first_ballot, second_ballot
from suffrage.count.report import outcome_data
from suffrage.law import Rules, built_in
from suffrage.protocols.typeset.figures import Figures
from suffrage.protocols.typeset.known import Known
from suffrage.protocols.typeset.language import language_of
from suffrage.protocols.typeset.reasoning import Reasoning
from tests.count.test_outcome_properties import LAWS, ballots
from tests.elections import case, counted, deciding, election, sound, tally
from tests.protocols.typeset.made import outcome, record, step

UNTOLD = re.compile(r".* (withdrew; .* stands? instead.*|withdrew \(article .*\)|withdrew)\.")
"""Who stands instead of whom is told by the English text alone."""


def reasoning(found: Mapping[str, Any], language: str, *laws: Rules) -> Reasoning:
    spoken = language_of(language)
    figures = Figures(spoken, laws)
    names = frozenset(line["name"] for line in found["votes"])
    return Reasoning(spoken, laws, found, Known(spoken, figures.label, figures.names, names))


def as_record(made: Case, totals: Totals, reached: Outcome) -> dict[str, Any]:
    lines = [
        {"candidate": c.id, "number": c.number, "name": c.full_name, "votes": number}
        for c, number in zip(made.candidates, totals.votes, strict=True)
    ]
    return record(votes=lines, outcome=outcome_data(reached))


def built(made: Case, totals: Totals, ballot: int, language: str) -> list[tuple[dict[str, Any], str]]:
    """Every step of the outcome with its sentence, built from its data."""
    reached = (first_ballot if ballot == 1 else second_ballot)(made, totals)
    found = as_record(made, totals, reached)
    sentences = reasoning(found, language, made.rules)
    return [(one, sentences.sentence(one)) for one in found["outcome"]["reasoning"]]


@given(st.sampled_from(list(LAWS)), st.data())
def test_in_english_the_data_of_a_step_tell_its_very_sentence(law: str, data: st.DataObject) -> None:
    made, totals, ballot = data.draw(ballots(law))
    for found, sentence in built(made, totals, ballot, "en"):
        text = found["text"].replace(f"article {found['article']}", f"article {found['article']}".replace(" ", "\xa0"))
        if found["rule"].endswith(".tie"):
            text = re.sub(r" for \d+ places?;", ";", text)  # the number of places is not among the data
        text = text.replace("of the 1 valid ballots is", "of the 1 valid ballot is")
        text = re.sub("of the 1 (electors|ballots) ", lambda match: f"of the 1 {match[1][:-1]} ", text)
        assert sentence.replace("article\xa0", "article ") == text.replace("article\xa0", "article ")


@given(st.sampled_from(list(LAWS)), st.sampled_from(["fr", "ru"]), st.data())
def test_french_and_russian_tell_every_step_but_who_replaces_whom(law: str, language: str, data: st.DataObject) -> None:
    made, totals, ballot = data.draw(ballots(law))
    for found, sentence in built(made, totals, ballot, language):
        if found["rule"] == "second_ballot.withdrawal" and UNTOLD.fullmatch(found["text"]):
            continue
        english = re.compile(r"\b(the|of|is|has|have|held|stands?|Elected|article [^LRC0-9])\b")
        assert not english.search(sentence), (found["text"], sentence)


@given(st.sampled_from(list(LAWS)), st.sampled_from(["fr", "ru"]), st.data())
def test_every_name_and_number_that_matters_is_in_the_sentence(law: str, language: str, data: st.DataObject) -> None:
    made, totals, ballot = data.draw(ballots(law))
    names = {candidate.id: candidate.full_name for candidate in made.candidates}
    for found, sentence in built(made, totals, ballot, language):
        assert all(names[identifier] in sentence for identifier in found["candidates"])
        told = {name: number for name, number in found["figures"].items() if name not in ("lead", "counted", "base")}
        if found["holds"]:
            told.pop("short", None)
            if found["rule"].startswith("turnout."):
                told.pop("needed", None)
        assert all(re.search(rf"(?<!\d){number}(?!\d)", sentence) for number in told.values())


def test_an_english_paper_has_the_sentences_of_the_record() -> None:
    made = record(outcome=outcome("elected", step("no such rule", "Whatever  the record says.")))
    assert reasoning(made, "en", built_in("ussr-1937")).sentences() == ["Whatever  the record says."]


@pytest.mark.parametrize("language", ["en", "fr", "ru", "uk"])
@pytest.mark.parametrize(
    "rule", ["no such rule", "majority.thresholds[9]", "majority.more_than", "second_ballot.finalists"]
)
def test_a_step_that_is_not_understood_stands_as_it_is(language: str, rule: str) -> None:
    strange = step(rule, "As it stands.", candidates=["nobody"], base=1, needed=999, votes=1, short=998)
    assert reasoning(record(), language, built_in("ussr-1937")).sentence(strange) == "As it stands."


def test_the_share_is_that_of_the_variant_that_gives_the_figures() -> None:
    statute = built_in("vietnam-2015")
    strange = step("majority.more_than", "text", candidates=["c1"], base=100, needed=51, votes=60, short=0)
    other = built_in("ussr-1924")
    assert "50" not in reasoning(record(), "fr", other, statute).sentence(strange)
    assert "la moitié" in reasoning(record(), "fr", other, statute).sentence(strange)


@pytest.mark.parametrize(
    ("law", "votes", "language", "expected"),
    [
        ("ussr-1937", (51, 40), "fr", "Élection acquise\u00a0: A."),
        (
            "ussr-1937",
            (40, 40, 11),
            "fr",
            "Un second tour a lieu au plus tard le 26 décembre 1937 entre A et B (article 107).",
        ),
        (
            "ussr-1937",
            (40, 40, 11),
            "ru",
            "Повторное голосование проводится не позднее 26 декабря 1937\u00a0года; "
            "в нём участвуют: A и B (статья\u00a0107).",
        ),
        (
            "ussr-1937",
            (40, 40, 11),
            "uk",
            "A second ballot is held between A and B by 26 December 1937 at the latest (article 107).",
        ),
        (
            "majority-two-ballots",
            (40, 40, 11),
            "fr",
            "Plus de la moitié de 91 suffrages exprimés, c’est 46. A obtient 40 voix\u00a0: il en manque 6.",
        ),
    ],
)
def test_examples(law: str, votes: tuple[int, ...], language: str, expected: str) -> None:
    made = case(law, len(votes))
    sentences = [sentence for _, sentence in built(made, tally(votes, registered=sum(votes)), 1, language)]
    assert expected in sentences


def test_turnout_that_is_too_low() -> None:
    made = case("ussr-1937", 2)
    sentences = [sentence for _, sentence in built(made, tally((1000, 900), registered=10_000), 1, "fr")]
    assert sentences[0] == (
        "1\u202f900 bulletins trouvés dans l’urne pour 10\u202f000 électeurs inscrits\u00a0: "
        "moins de la moitié, il manque 3\u202f100 pour atteindre 5\u202f000 (article 106)."
    )
    assert sentences[1] == "Une nouvelle élection a lieu au plus tard le 26 décembre 1937 (article 106)."


def test_a_term_without_a_day() -> None:
    made = case("ussr-1937", 2, day=None)
    sentences = [sentence for _, sentence in built(made, tally((10, 9), registered=100), 1, "ru")]
    assert sentences[1] == "Новые выборы проводятся в течение 14 дней (статья\u00a0106)."


@pytest.mark.parametrize(
    ("language", "word"), [("fr", "annulé par la décision x"), ("ru", "недействительным решением x")]
)
@pytest.mark.parametrize("reason", ["", "a fire: nothing was left"])
def test_an_annulled_ballot(language: str, word: str, reason: str) -> None:
    made = election(decisions=[deciding("annul", id="x", reason=reason)])
    found = counted(made, sound({"a": 5, "b": 3})).contests[0].first.outcome
    sentence = reasoning(record(outcome=outcome_data(found)), language, built_in("ussr-1937")).sentences()[0]
    assert word in sentence
    assert sentence.endswith(f"{reason}.")


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("fr", "1 unité n’a pas transmis de résultat (1 électeur)\u202f; quel qu’il soit, il ne peut rien y changer."),
        (
            "ru",
            "Не поступило сведений\u00a0— 1, избирателей в них\u00a0— 1; какими бы они ни были, этого они не изменят.",
        ),
    ],
)  # fmt: skip
def test_certain_though_incomplete(language: str, expected: str) -> None:
    made = record(
        units={"expected": 48, "reported": 47},
        electors_outstanding=1,
        outcome=outcome("elected", step("certain", "1 unit has not reported with 1 elector; whatever it brings ...")),
    )
    assert reasoning(made, language, built_in("ussr-1937")).sentences() == [expected]


def test_a_tie_decided_by_age_names_those_who_tied_and_the_older() -> None:
    born = {"a": date(1900, 1, 2), "b": date(1900, 1, 1)}
    made = case("france-assembly", 2, born=born)
    sentences = [sentence for _, sentence in built(made, tally((10, 10)), 2, "fr")]
    assert "Égalité à 10 voix entre A et B\u202f; le bénéfice de l’âge revient à B (article L.\u00a0126)." in sentences
