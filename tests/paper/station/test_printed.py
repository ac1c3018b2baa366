"""Parcels as they are printed, read from the PDF: nothing overlaps, everybody stands on one line of the book."""

from __future__ import annotations

from dataclasses import replace

import pytest

from suffrage.paper.station import Entry, station_language
from tests.paper.ink import apart, faults, pages
from tests.paper.test_printed import SCRIPTS, standing

from .made import election, parcel, press, with_candidates

LAWS = {"en": "ussr-1937", "fr": "france-assembly", "ru": "vietnam-2015"}


def entries(language: str, number: int) -> tuple[Entry, ...]:
    """Electors with names of 60 letters, in one word or in several, long numbers and long addresses."""
    surname, names, words = SCRIPTS[language]
    made = []
    for place in range(1, number + 1):
        name = f"{surname} {names} {place}" if place % 3 else (surname.replace("-", "") * 4)[:58] + f"{place:02}"
        address = (words, f"{place} {words}") if place % 2 else (str(place),)
        made.append(Entry(f"2026-{place:08}" if place % 4 else "N" * 30 + str(place), name, address, place % 5 == 0))
    return tuple(made)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "fr", "ru"])
@pytest.mark.parametrize("crowd", ["one", "long", "forty"])
def test_nothing_overlaps_on_any_sheet_of_a_parcel(language: str, crowd: str) -> None:
    people = [replace(one, contest=f"k{k}") for k in (1, 2) for one in standing(language, crowd)]
    made = with_candidates(election(LAWS[language], contests=2), people)
    book = entries(language, 25)
    printed = pages(press(language).parcel(parcel(made, "n1", {"n1": book})))
    assert [f"sheet {n}: {said}" for n, page in enumerate(printed, 1) for said in faults(page)] == []
    taken = station_language(language).words["station"]["book"]["online"]
    lines = [
        [str(place), one.id, one.name, ", ".join(one.address), taken if one.online else "", "1", "2"]
        for place, one in enumerate(book, 1)
    ]
    assert apart(printed, lines) == []


@pytest.mark.slow
@pytest.mark.parametrize("crowd", ["one", "long", "forty"])
def test_nobody_is_apart_from_his_supporters_on_the_poster(crowd: str) -> None:
    people = [replace(one, contest="k1", occupation="turner") for one in standing("en", crowd)]
    made = with_candidates(election(), people)
    printed = pages(press().parcel(parcel(made, "n2")))
    said = station_language("en").words["station"]["poster"]["supported"]
    lines = [
        [str(one.number), one.surname, one.names, "turner", *((said, *one.supporters) if one.supporters else ())]
        for one in people
    ]
    assert apart(printed, lines) == []
