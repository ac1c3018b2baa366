"""Who stands on a ballot, what the elector is told to do, and what is refused."""

from __future__ import annotations

import string
from collections.abc import Sequence
from dataclasses import replace

import pytest

from suffrage.election import Election
from suffrage.election.translations import Translations
from suffrage.errors import WRONG_USE, PaperError, Problem
from suffrage.law import built_in
from suffrage.paper import Size, Style, form_of, paper_languages
from suffrage.paper.sheet import paper_sheet, speakers
from suffrage.paper.words import paper_language
from tests.paper.made import candidate, draft, election, form, paper


def refused(
    made: Election | None = None,
    law: str = "ussr-1937",
    contest: str = "d",
    ballot: int = 1,
    finalists: Sequence[str] = (),
) -> Problem:
    with pytest.raises(PaperError) as error:
        form_of(made or election(draft(), law), built_in(law), contest, ballot, finalists=finalists)
    (problem,) = error.value.problems
    return problem


def instruction(law: str, seats: int = 1, number: int = 3, language: str = "en") -> tuple[str, str]:
    made = form([candidate(n, f"C{n}") for n in range(1, number + 1)], law, seats)
    head = paper_sheet(made, speakers(made, [language], Translations()))["heads"][0]
    return head["instruction"], head["warnings"]


@pytest.mark.parametrize(
    ("law", "seats", "number", "begins", "warned"),
    [
        ("ussr-1937", 1, 3, "Leave the surname of ONE candidate", "more surnames are left"),
        ("ussr-1937", 1, 1, "Leave the surname if you vote for", ""),
        ("vietnam-2015", 2, 3, "Leave the surnames of AT MOST 2 candidates", "every surname is struck out is invalid"),
        ("party-1937", 2, 3, "Leave the surname of every candidate", ""),
        ("plurality", 1, 3, "Put a mark in the box of ONE candidate", "more marks"),
        ("plurality", 2, 3, "Put a mark in the boxes of AT MOST 2", "more marks"),
        ("approval-majority", 1, 3, "Put a mark in the box of every candidate", ""),
        ("plurality", 1, 1, "Put a mark in the box if you vote", ""),
    ],
)
def test_the_law_and_the_seats_make_the_instruction(
    law: str, seats: int, number: int, begins: str, warned: str
) -> None:
    told, warnings = instruction(law, seats, number)
    assert told.startswith(begins)
    assert warned in warnings
    assert ("more" in warnings) == (number > seats and law not in ("party-1937", "approval-majority"))


def test_the_second_ballot_has_the_finalists_in_the_order_of_the_contest() -> None:
    made = form_of(election(draft()), built_in("ussr-1937"), "d", 2, finalists=["c3", "c1"], seats=1)
    assert [one.id for one in made.candidates] == ["c1", "c3"]
    assert made.day.isoformat() == "1937-12-24"
    head = paper_sheet(made, speakers(made, ["ru"], Translations()))["heads"][0]
    assert (head["second"], head["day"]) == ("Повторное голосование", "24 декабря 1937 года")


def test_places_go_from_the_chamber_down_to_the_contest() -> None:
    head = paper_sheet(form(draft()), speakers(form(draft()), ["en"], Translations()))["heads"][0]
    assert head["places"] == ["Council of Nationalities", "Ukrainian SSR", "Dnepropetrovsk district"]


def test_translations_take_the_place_of_what_was_given() -> None:
    given = Translations(
        {
            ("election", "", "paper_title", "uk"): "на виборах до Верховної Ради СРСР",
            ("chamber", "nationalities", "name", "uk"): "Рада Національностей",
            ("unit", "ukr", "name", "uk"): "Українська РСР",
            ("contest", "d", "name", "uk"): "Дніпропетровський округ",
        }
    )
    told = speakers(form(draft()), ["uk", "en"], given)
    heads = paper_sheet(form(draft()), told)["heads"]
    assert heads[0]["title"] == "на виборах до Верховної Ради СРСР"
    assert heads[0]["places"] == ["Рада Національностей", "Українська РСР", "Дніпропетровський округ"]
    assert heads[1]["places"][1] == "Ukrainian SSR"
    assert [note for speaker in told for note in speaker.missing] == []


def test_what_cannot_be_a_form_is_named() -> None:
    assert refused(contest="nowhere").seen == "nowhere"
    assert refused(ballot=2).message == "has no second ballot"
    assert refused(ballot=2, finalists=["nobody"]).seen == "nobody"
    assert refused(law="ussr-1924").seen == "show-of-hands"
    timeless = replace(election(draft()), polling_day=None, second_ballot_day=None)
    assert refused(timeless).place == "election.toml, polling_day"
    assert refused(timeless, ballot=2, finalists=["c1", "c2"]).place == "election.toml, second_ballot_day"


@pytest.mark.parametrize("tags", [(), ("en", "fr", "ru"), ("en", "en"), ("pl",), ("not a language",)])
def test_languages_that_cannot_be_are_named(tags: tuple[str, ...]) -> None:
    with pytest.raises(PaperError) as error:
        paper(form(draft()), tags)
    assert error.value.exit_code == WRONG_USE


@pytest.mark.parametrize(("size", "up"), [("a4", 2), ("a6", 2), ("a5", 4), (None, 3), ("a3", 1)])
def test_papers_that_do_not_lie_on_a_sheet_are_refused(size: Size | None, up: int) -> None:
    with pytest.raises(PaperError) as error:
        Style.chosen(size, up)
    assert error.value.exit_code == WRONG_USE


def test_every_language_has_the_same_words_and_placeholders() -> None:
    def shape(words: object) -> object:
        if isinstance(words, dict):
            return {key: shape(value) for key, value in words.items() if key != "date"}
        return sorted(field for _, field, _, _ in string.Formatter().parse(str(words)) if field)

    shapes = [shape(paper_language(code).words) for code in paper_languages()]
    assert all(one == shapes[0] for one in shapes)
    assert all(len(paper_language(code).words["date"]["months"]) == 12 for code in paper_languages())
