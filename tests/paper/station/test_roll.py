"""Poll books: who stands in them, in which order, and what a roll may not say."""

from __future__ import annotations

import random

import pytest

from suffrage.errors import PaperError
from suffrage.paper.station import poll_books
from suffrage.paper.station.roll import alphabetical

from .made import election, entries

HEAD = "number,name,address,unit,online\n"


def books(text: str) -> dict[str, list[tuple[str, bool]]]:
    found = poll_books(text.encode(), election(), "roll.csv")
    return {unit: [(one.name, one.online) for one in book] for unit, book in found.items()}


def test_a_poll_book_is_in_the_order_of_letters_whatever_their_accents() -> None:
    names = ("Zweig A", "Émile B", "Eliot C", "de la Tour D", "O'Neill E", "ONeill F", "ЁЛКИН Г", "ЕЛКИН Д", "Žižka E")
    wanted = ["de la Tour D", "Eliot C", "Émile B", "O'Neill E", "ONeill F", "Žižka E", "Zweig A", "ЁЛКИН Г", "ЕЛКИН Д"]
    mixed = list(entries(*names))
    random.Random(1).shuffle(mixed)
    assert [one.name for one in sorted(mixed, key=alphabetical)] == wanted


def test_electors_of_one_name_stand_by_their_number() -> None:
    mixed = list(entries(*["Petrov"] * 12))
    random.Random(2).shuffle(mixed)
    assert [one.id for one in sorted(mixed, key=alphabetical)] == [str(number) for number in range(1, 13)]


def test_who_has_voted_online_is_known_by_precinct() -> None:
    text = HEAD + '1,Petrov,"1 High Street",n1,yes\n2,Abel,,First precinct,NO\n3,Cain,,n2,\n'
    assert books(text) == {"n1": [("Abel", False), ("Petrov", True)], "n2": [("Cain", False)]}


def test_a_roll_needs_no_column_of_online_votes() -> None:
    assert books("number,name,unit\n1,Petrov,n1\n") == {"n1": [("Petrov", False)]}


def test_the_column_is_read_behind_fields_in_quotation_marks() -> None:
    text = HEAD + '1,"Petrov, Ivan","1 High Street\nNorthtown",n1,yes\n2,Abel,,n1,no\n'
    assert books(text) == {"n1": [("Abel", False), ("Petrov, Ivan", True)]}


@pytest.mark.parametrize(
    ("lines", "place", "said"),
    [
        ("1,Petrov,,n9,no\n", "roll.csv, line 2", "no such unit"),
        ("1,Petrov,,n1,no\n1,Abel,,n1,no\n", "roll.csv, line 3", "this number stands on another line"),
        ("1,Petrov,,north,no\n", "roll.csv, line 2, unit", "no precinct"),
        ("1,Petrov,,n1,perhaps\n", "roll.csv, line 2, online", "neither yes nor no"),
        ("1,Petrov,,n1,yes\n1,Petrov,,n1,no\n", "roll.csv, line 3, online", "another line says otherwise"),
    ],
)
def test_what_a_roll_may_not_say_is_named_with_its_line(lines: str, place: str, said: str) -> None:
    with pytest.raises(PaperError) as caught:
        books(HEAD + lines)
    (problem,) = caught.value.problems
    assert problem.place == place
    assert said in problem.message


def test_everything_that_is_wrong_is_named_at_once() -> None:
    with pytest.raises(PaperError) as caught:
        books(HEAD + "1,Petrov,,n9,no\n2,Abel,,land,no\n3,Cain,,n1,x\n")
    assert len(caught.value.problems) == 3
