"""Made-up parcels."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache

from pypdf import PdfReader

from suffrage.election import Candidate, Contest, Election, Kind, Unit
from suffrage.law import built_in
from suffrage.paper import form_of
from suffrage.paper.station import Entry, Parcel, ParcelPress, parcels_of, precincts_of, station_language

UNITS = (
    Unit("land", "The Land"),
    Unit("north", "Northern district", "district", "land"),
    Unit("n1", "First precinct", "precinct", "north", registered=30),
    Unit("n2", "Second precinct", "precinct", "north", registered=7),
    Unit("south", "Southern district", "district", "land"),
    Unit("s1", "Third precinct", "precinct", "south"),
)

Books = Mapping[str, tuple[Entry, ...]]


def candidate(contest: str, number: int, surname: str = "PETROV", *supporters: str) -> Candidate:
    return Candidate(
        contest, f"{contest}-c{number}", number, surname, f"Ivan {number}.", supporters, occupation="turner"
    )


def election(law: str = "ussr-1937", standing: int = 3, contests: int = 1, kind: Kind = Kind.REAL) -> Election:
    """Contests of the northern district; nothing is elected in the southern."""
    made = tuple(Contest(f"k{number}", "north", f"Contest number {number}") for number in range(1, contests + 1))
    return Election(
        "soviet",
        "Elections to the Soviet",
        law,
        kind,
        UNITS,
        made,
        tuple(candidate(one.id, number) for one in made for number in range(1, standing + 1)),
        polling_day=date(2026, 12, 6),
    )


def entries(*names: str, online: Sequence[str] = ()) -> tuple[Entry, ...]:
    return tuple(
        Entry(str(place), name, (f"{place} Long Street", "Northtown"), name in online)
        for place, name in enumerate(names, 1)
    )


def parcel(made: Election, precinct: str = "n1", books: Books | None = None) -> Parcel:
    law = built_in(made.law)
    forms = [form_of(made, law, contest.id) for contest in made.contests]
    (found,) = parcels_of(made, law, precincts_of(made, [precinct]), forms, books)
    return found


def with_candidates(made: Election, candidates: Sequence[Candidate]) -> Election:
    return replace(made, candidates=tuple(candidates))


@cache
def press(language: str = "en") -> ParcelPress:
    return ParcelPress(station_language(language))


def pages(pdf: bytes) -> list[str]:
    """The text of every page, each on one line."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def part(texts: Sequence[str], title: str) -> list[str]:
    """The pages of a part, by the title in their heads."""
    return [text for text in texts if f"{title}, page " in text]
