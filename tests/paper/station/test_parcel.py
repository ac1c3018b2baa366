"""Parcels as they are printed: their parts in order, every figure, every size."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import suffrage.paper.station.words as words
from suffrage.election import Kind
from suffrage.errors import PaperError
from suffrage.paper.station import LINES_UNSAID, Entry, ParcelPress, precincts_of, station_language

from .made import candidate, election, entries, pages, parcel, part, press, with_candidates

PARTS = (
    "Parcel of the polling station",
    "Poll book",
    "Tally sheet",
    "Return, copy to keep",
    "Return, copy to send up",
    "Candidates",
    "Envelope labels",
    "How to vote",
)


def test_the_parts_stand_in_their_order_each_on_pages_of_its_own() -> None:
    texts = pages(press().parcel(parcel(election())))
    heads = [next(title for title in PARTS if f"{title}, page " in text) for text in texts]
    assert list(dict.fromkeys(heads)) == list(PARTS)
    for place, text in enumerate(texts, 1):
        assert f"Sheet {place} of {len(texts)} of this parcel" in text


def test_the_cover_says_the_hours_and_who_signs_by_the_law() -> None:
    cover = pages(press().parcel(parcel(election())))[0]
    for said in ("First precinct (n1)", "6 December 2026", "06:00 to 24:00", "within 24 hours of the count"):
        assert said in cover
    assert "signed by all members of the committee who are present" in cover


def test_the_poll_book_marks_online_votes_in_words_and_adds_up() -> None:
    names = [f"Elector {place:03}" for place in range(60)]
    book = entries(*names, online=names[::6])
    texts = part(pages(press().parcel(parcel(election(), "n1", {"n1": book}))), "Poll book")
    assert sum(text.count("has voted online: no paper") for text in texts) == 10
    found = re.findall(r"Elector \d{3}", " ".join(texts))
    assert found == names
    sums = [re.search(r"On this page: electors (\d+), of whom voted online (\d+)", text) for text in texts]
    assert sum(int(one[1]) for one in sums if one) == 60
    assert sum(int(one[2]) for one in sums if one) == 10
    assert "In all: electors 60, of whom voted online 10" in texts[-1]
    assert [re.search(r"Poll book, page (\d+) of (\d+)", text)[0] for text in texts] == [  # type: ignore[index]
        f"Poll book, page {place} of {len(texts)}" for place in range(1, len(texts) + 1)
    ]


@pytest.mark.parametrize(("precinct", "lines"), [("n1", 30), ("n2", 7)])
def test_without_a_roll_the_poll_book_has_a_line_for_each_registered_elector(precinct: str, lines: int) -> None:
    texts = part(pages(press().parcel(parcel(election(), precinct))), "Poll book")
    assert f"In all: lines {lines}, electors entered" in texts[-1]


def test_where_nobody_knows_how_many_there_are_a_hundred_lines_are_printed() -> None:
    made = election()
    unit = made.index.unit["n1"]
    units = [*made.units]
    units[unit] = type(units[unit])("n1", "First precinct", "precinct", "north")
    object.__setattr__(made, "units", tuple(units))
    assert parcel(made).lines == LINES_UNSAID


def test_the_return_has_every_figure_of_the_law_beside_its_checks() -> None:
    made = parcel(election())
    (form,) = part(pages(press().parcel(made)), "Return, copy to send up")
    for field in made.statute.returns.fields.values():
        assert field.label.casefold() in form.casefold()
    # A font has one shape for all hyphens, and pypdf takes it for a soft one.
    assert "H + E must equal D (article 110-112)" in form.replace("\N{SOFT HYPHEN}", "-")
    # The committee of a precinct has eight members at most.
    assert form.count("Member") - form.count("Members") == 6


def test_both_copies_of_a_return_say_the_same() -> None:
    texts = pages(press().parcel(parcel(election())))
    keep, send = part(texts, "Return, copy to keep"), part(texts, "Return, copy to send up")
    assert [re.sub(r"Sheet \d+|copy to keep", "", text) for text in keep] == [
        re.sub(r"Sheet \d+|copy to send up", "", text) for text in send
    ]


def test_every_contest_has_its_papers_and_its_signature() -> None:
    texts = pages(press().parcel(parcel(election(contests=2))))
    assert len(part(texts, "Tally sheet")) == 2
    assert len(part(texts, "Candidates")) == 2
    (labels,) = part(texts, "Envelope labels")
    assert labels.count("Unused ballots") == 2
    assert labels.count("Returns") == 1


def test_a_law_that_marks_shows_marking() -> None:
    (page,) = part(pages(press().parcel(parcel(election("plurality")))), "How to vote")
    assert "Put a mark in the box of ONE candidate" in page


def test_what_is_no_real_election_says_so() -> None:
    texts = pages(press().parcel(parcel(election(kind=Kind.REHEARSAL))))
    assert all("REHEARSAL" in text for text in texts)


@pytest.mark.parametrize("language", ["en", "fr", "ru"])
def test_the_same_bytes_every_time(language: str) -> None:
    made = parcel(election(), "n2", {"n2": entries("Petrov", "Abel")})
    assert press(language).parcel(made) == ParcelPress(station_language(language)).parcel(made)


def test_a_letter_that_no_font_has_is_named() -> None:
    with pytest.raises(PaperError, match="precinct n2, parcel: a letter that the fonts"):
        press().parcel(parcel(election(), "n2", {"n2": entries("山田")}))


@pytest.mark.parametrize(("name", "said"), [("nowhere", "no such unit"), ("north", "no precinct")])
def test_what_is_no_precinct_is_named(name: str, said: str) -> None:
    with pytest.raises(PaperError, match=said):
        precincts_of(election(), [name])


def test_a_language_without_words_is_refused() -> None:
    with pytest.raises(PaperError, match="has no words in it"):
        station_language("ka")


def test_every_language_has_the_same_words() -> None:
    def shape(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: shape(inner) for name, inner in value.items()}
        return sorted(re.findall(r"{\w+}", value))

    folder = Path(words.__file__).parent
    shapes = [shape(tomllib.loads(path.read_text("utf-8"))) for path in sorted(folder.glob("*.toml"))]
    assert len(shapes) == 3
    assert shapes[0] == shapes[1] == shapes[2]


LETTERS = st.text("abcdefgé БВГ-'", min_size=1, max_size=60).filter(lambda text: any(map(str.isalpha, text)))


@pytest.mark.slow
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    standing=st.sampled_from([1, 2, 5, 12, 40]),
    surname=LETTERS,
    lines=st.integers(0, 5),
    names=st.lists(LETTERS, max_size=45),
    law=st.sampled_from(["ussr-1937", "plurality", "vietnam-2015"]),
)
def test_everything_stands_on_the_parcel_at_every_size(
    standing: int, surname: str, lines: int, names: list[str], law: str
) -> None:
    supporters = ["the general assembly of workers and office employees of the plant, in its whole number"] * lines
    made = with_candidates(
        election(law), [candidate("k1", number, surname, *supporters) for number in range(1, standing + 1)]
    )
    book = tuple(Entry(f"n{place}", name, (), False) for place, name in enumerate(names))
    texts = pages(press().parcel(parcel(made, "n1", {"n1": book})))
    tally, poster = part(texts, "Tally sheet"), part(texts, "Candidates")
    for number in range(1, standing + 1):
        assert f"Ivan {number}." in " ".join(tally)
        assert f"Ivan {number}." in " ".join(poster)
    assert f"In all: electors {len(names)}, of whom voted online 0" in " ".join(part(texts, "Poll book"))
