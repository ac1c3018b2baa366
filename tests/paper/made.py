"""Made-up ballot papers."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

from pypdf import PdfReader

from suffrage.election import Candidate, Contest, Election, Kind, Unit
from suffrage.law import built_in
from suffrage.paper import Form, Paper, PaperPress, Size, Style, form_of

DAY = date(1937, 12, 12)


def candidate(number: int, surname: str, names: str = "Ivan Semenovich", *supporters: str) -> Candidate:
    return Candidate("d", f"c{number}", number, surname, names, supporters)


def election(
    candidates: Sequence[Candidate], law: str = "ussr-1937", seats: int = 1, kind: Kind = Kind.REAL
) -> Election:
    """An election of one contest, under three units."""
    return Election(
        "soviet",
        "Elections to the Supreme Soviet",
        law,
        kind,
        (Unit("ussr", "USSR"), Unit("ukr", "Ukrainian SSR", parent="ussr"), Unit("d", "Dnepropetrovsk", parent="ukr")),
        (Contest("d", "d", "Dnepropetrovsk district", "nationalities", seats),),
        tuple(candidates),
        polling_day=DAY,
        second_ballot_day=date(1937, 12, 24),
    )


def form(candidates: Sequence[Candidate], law: str = "ussr-1937", seats: int = 1, kind: Kind = Kind.REAL) -> Form:
    return form_of(election(candidates, law, seats, kind), built_in(law), "d")


def draft() -> list[Candidate]:
    return [
        candidate(1, "PETROV", "Ivan Semenovich", "the general assembly of workers of plant no. 22"),
        candidate(2, "SEMENOV", "Pyotr Ivanovich", "the general meeting of members of the Lenin collective farm"),
        candidate(3, "SIVAKOV", "Semyon Petrovich", "the Muravlivno district committee", "the Young Communist League"),
    ]


@cache
def press() -> PaperPress:
    return PaperPress()


def paper(
    form: Form,
    languages: Sequence[str] = ("en",),
    size: Size | None = None,
    up: int = 1,
    *,
    large: bool = False,
    proof: bool = False,
) -> Paper:
    return press().paper(form, languages, Style.chosen(size, up, large=large), proof=proof)


def geometry(paper: Paper) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(paper.geometry)
    return read


def texts(paper: Paper) -> list[str]:
    """The text of each page, on one line, without the hyphens of broken words."""
    pages = PdfReader(io.BytesIO(paper.pdf)).pages
    return [" ".join(page.extract_text().replace("\u00ad", "").replace("-\n", "").split()) for page in pages]


def letters(text: str) -> str:
    """A text without what setting it may add or leave out."""
    return "".join(character for character in text if character.isalnum())
