"""The ballot paper as it is printed: nothing overlaps, nobody is apart from supporters, in every script and size."""

from __future__ import annotations

import io
import itertools
from collections.abc import Sequence
from dataclasses import replace

import pytest
from pypdf import PdfReader

from suffrage.election import Candidate
from suffrage.errors import PaperError
from suffrage.paper import Paper, Size
from tests.paper.ink import Box, apart, faults, pages
from tests.paper.made import candidate, draft, form, paper

STYLES: tuple[tuple[Size, int, bool], ...] = (
    ("a4", 1, False),
    ("a5", 1, False),
    ("a6", 1, False),
    ("a5", 2, False),
    ("a6", 4, False),
    ("a4", 1, True),
    ("a5", 2, True),
)
LANGUAGES = (("en",), ("fr",), ("ru",), ("uk",), ("ka",), ("uk", "ru"), ("ru", "ka"), ("en", "fr"))
SCRIPTS = {
    "en": (
        "FETHERSTONHAUGH-WARBURTON",
        "Maximiliana Wilhelmina",
        "the general assembly of workers and office employees of plant",
    ),
    "fr": ("CHÂTEAUBRIAND-ÉVÊQUE", "Gaëlle Françoise", "l’assemblée générale des ouvriers et employés de l’usine"),
    "ru": ("СЕРЕБРЯКОВ-ЩЁГОЛЕВ", "Пётр Йосифович", "общее собрание рабочих, инженеров и служащих завода"),
    "uk": ("ЩЕРБАКІВСЬКИЙ-ҐАЛАҐАН", "Їжакевич Євген", "загальні збори робітників і службовців заводу"),
    "ka": ("გამყრელიძე-ჯავახიშვილი", "კონსტანტინე", "მუშებისა და მოსამსახურეების საერთო კრება ქარხანაში"),
}
CROWDS = ("one", "three", "long", "forty")
LAWS = ("ussr-1937", "plurality")
MARGIN = 5.9
"""Millimetres from the edge of every paper that the printers of an office leave white."""


def standing(language: str, crowd: str) -> list[Candidate]:
    """Candidates of a script: one; three; three with names of 60 letters and supporters of five lines; forty."""
    surname, names, supporter = SCRIPTS[language]
    number = {"one": 1, "three": 3, "long": 3, "forty": 40}[crowd]
    made = []
    for place in range(1, number + 1):
        sixty = (surname.replace("-", "") * 4)[:60] if place % 2 else (f"{surname}-" * 4)[:59] + surname[0]
        lines = [f"{supporter} {place}{line}" for line in range(5 if crowd == "long" else place % 3)]
        made.append(
            candidate(
                place,
                sixty if crowd == "long" else surname,
                f"{names} {place}" if crowd != "long" else f"{f'{names} ' * 6}"[:57] + str(place),
                *lines,
            )
        )
    return made


def frames(sheet: Box, up: int) -> list[Box]:
    """What the papers on a sheet may cover, once it is cut."""
    width = sheet.right / (2 if up > 1 else 1)
    height = sheet.bottom / (2 if up == 4 else 1)
    return [
        Box(x + MARGIN, y + MARGIN, x + width - MARGIN, y + height - MARGIN)
        for x in ([0.0, width] if up > 1 else [0.0])
        for y in ([0.0, height] if up == 4 else [0.0])
    ]


def cut(drawn: Box, sheet: Box, up: int) -> bool:
    """Whether something drawn is a mark to cut at: a short line on the middle of the sheet."""
    width, height = drawn.right - drawn.left, drawn.bottom - drawn.top
    upright = width < 0.5 and height < 4.5 and abs(drawn.left + drawn.right - sheet.right) < 0.5
    level = height < 0.5 and width < 4.5 and abs(drawn.top + drawn.bottom - sheet.bottom) < 0.5
    return up > 1 and (upright or (up == 4 and level))


def wrong(made: Paper, people: Sequence[Candidate], up: int) -> list[str]:
    """What is wrong with a paper, read from its PDF."""
    printed = pages(made.pdf)
    found = []
    for number, page in enumerate(printed, 1):
        marks = [one for one in page.drawn if cut(one, page.box, up)]
        if len(marks) != {1: 0, 2: 2, 4: 6}[up]:
            found.append(f"page {number}: {len(marks)} marks to cut at")
        page.drawn = [one for one in page.drawn if one not in marks]
        found += [f"page {number}: {said}" for said in faults(page, frames(page.box, up))]
    wanted = [[str(one.number), one.surname, one.names, *one.supporters] for one in people]
    return found + [f"not together: {one}" for one in apart(printed, wanted, up)]


@pytest.mark.slow
@pytest.mark.parametrize(("size", "up", "large"), STYLES)
def test_nothing_overlaps_on_a_paper_of_any_size(size: Size, up: int, large: bool) -> None:
    turn = itertools.cycle(LANGUAGES)
    for crowd, law in zip(CROWDS, itertools.cycle(LAWS), strict=False):
        languages = ("uk",) if (size, large) == ("a5", True) else next(turn)
        people = standing(languages[0], crowd)
        if up > 1 and not large and crowd == "long":
            continue  # Every copy on the sheet is the paper that is looked at alone.
        if (size, large, crowd) == ("a5", True, "long"):
            with pytest.raises(PaperError, match="does not fit"):
                paper(form(people, law), languages, size, up, large=large)
            continue
        made = paper(form(people, law), languages, size, up, large=large, proof=law == "plurality")
        assert wrong(made, people, up) == [], (crowd, law, languages)


@pytest.mark.slow
@pytest.mark.parametrize("languages", LANGUAGES)
def test_nothing_overlaps_in_any_script(languages: tuple[str, ...]) -> None:
    people = standing(languages[0], "three")
    styles: tuple[tuple[Size, int, bool], ...] = (("a6", 4, False), ("a4", 1, True))
    for size, up, large in styles:
        made = paper(form(people), languages, size, up, large=large)
        assert wrong(made, people, up) == [], (size, languages)


@pytest.mark.slow
@pytest.mark.parametrize("languages", [("en",), ("uk", "ru")])
def test_large_print_has_nothing_below_18_points(languages: tuple[str, ...]) -> None:
    made = paper(form(standing(languages[0], "three")), languages, "a4", large=True)
    sizes: set[float] = set()

    def note(text: str, matrix: list[float], line: list[float], font: object, size: float) -> None:
        if text.strip():
            sizes.add(round(size * abs(line[3] * matrix[3]), 1))

    for page in PdfReader(io.BytesIO(made.pdf)).pages:
        page.extract_text(visitor_text=note)
    assert len(sizes) > 1
    assert min(sizes) >= 18


def test_a_paper_on_which_texts_overlap_or_are_apart_is_found_out() -> None:
    made = paper(form(draft()))
    (page,) = pages(made.pdf)
    assert faults(page) == []
    first, *_, last = page.texts
    page.texts.append(replace(first, box=last.box, glyphs=last.glyphs, baseline=0.0))
    assert "stand in each other" in " ".join(faults(page))
    page.texts[-1] = replace(first, box=Box(200, 10, 260, 14))
    assert "out of the page" in " ".join(faults(page))
    rule = page.rules()[-2]
    through = Box(rule.left, rule.top - 1, rule.left + 9, rule.bottom + 2)
    page.texts[-1] = replace(first, box=through, glyphs=(through,))
    assert "runs through" in " ".join(faults(page))
    (page,) = pages(made.pdf)
    mixed = [["1", "PETROV", "Ivan Semenovich", *draft()[1].supporters]]
    assert apart([page], mixed) == ["1"]
