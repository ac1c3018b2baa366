"""Where everything stands: inside the page, apart from each other, in order, where the text really is."""

from __future__ import annotations

import io
import itertools
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from suffrage.election import Candidate
from suffrage.paper import Size
from tests.paper.made import candidate, draft, form, geometry, letters, paper, texts

MM = 72 / 25.4
WORDS = st.text("АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЭЮЯABCDEFGHĄĆĘŁŃÓŚŹŻაბგდევზთიკლმნო", min_size=1, max_size=60)
NAMES = st.lists(WORDS, min_size=1, max_size=3).map(" ".join).map(lambda text: text[:60].strip())
SUPPORTERS = st.lists(st.lists(WORDS, min_size=1, max_size=4).map(" ".join), max_size=4)


@st.composite
def candidates(draw: st.DrawFn) -> list[Candidate]:
    number = draw(st.sampled_from([1, 2, 3, 7, 40]))
    return [candidate(place, draw(NAMES), draw(NAMES), *draw(SUPPORTERS)) for place in range(1, number + 1)]


def apart(boxes: list[dict[str, float]]) -> None:
    for one, other in itertools.combinations(boxes, 2):
        beside = one["x"] + one["width"] <= other["x"] + 0.02 or other["x"] + other["width"] <= one["x"] + 0.02
        above = one["y"] + one["height"] <= other["y"] + 0.02 or other["y"] + other["height"] <= one["y"] + 0.02
        assert beside or above, (one, other)


def within(inner: dict[str, float], outer: dict[str, float]) -> None:
    assert inner["x"] >= outer.get("x", 0) - 0.02
    assert inner["y"] >= outer.get("y", 0) - 0.02
    assert inner["x"] + inner["width"] <= outer.get("x", 0) + outer["width"] + 0.02
    assert inner["y"] + inner["height"] <= outer.get("y", 0) + outer["height"] + 0.02


def sound(read: dict[str, Any], standing: list[Candidate]) -> None:
    assert [one["id"] for page in read["pages"] for one in page["candidates"]] == [one.id for one in standing]
    for page in read["pages"]:
        assert [mark["full"] for mark in page["marks"]] == [True, True, True, False]
        whole = [*page["marks"], page["qr"], *(one["row"] for one in page["candidates"])]
        for box in whole:
            within(box, read["size"])
        apart(whole)
        for one in page["candidates"]:
            inside = [one["name"], *([one["box"]] if read["marking"] == "mark" else [])]
            for box in inside:
                within(box, one["row"])
            apart(inside)


@pytest.mark.slow
@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    phases=[Phase.explicit, Phase.generate],
)
@given(candidates(), st.sampled_from(["ussr-1937", "plurality"]), st.sampled_from(["a4", "a5", "a6"]))
def test_whatever_the_names_boxes_are_apart_and_nobody_is_split(
    standing: list[Candidate], law: str, size: Size
) -> None:
    made = paper(form(standing, law), size=size)
    read = geometry(made)
    sound(read, standing)
    said = texts(made)
    assert len(said) == len(read["pages"])
    for page, text in zip(read["pages"], said, strict=True):
        on_page = letters(text)
        for one in page["candidates"]:
            person = standing[one["number"] - 1]
            for words in (person.surname, person.names, *person.supporters):
                assert letters(words) in on_page


def test_the_surname_is_set_inside_its_box() -> None:
    made = paper(form(draft()), size="a5")
    read = geometry(made)
    (page,) = read["pages"]
    baselines: dict[str, tuple[float, float]] = {}

    def seen(text: str, cm: list[float], tm: list[float], font: Any, size: float) -> None:
        for name in ("PETROV", "SEMENOV", "SIVAKOV"):
            if name in text:
                x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
                y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
                baselines[name] = (x / MM, read["size"]["height"] - y / MM)

    PdfReader(io.BytesIO(made.pdf)).pages[0].extract_text(visitor_text=seen)
    for name, one in zip(("PETROV", "SEMENOV", "SIVAKOV"), page["candidates"], strict=True):
        x, y = baselines[name]
        box = one["name"]
        assert box["x"] - 0.1 <= x <= box["x"] + 1
        assert box["y"] + 3 <= y <= box["y"] + box["height"] - 3


def test_a_proof_has_the_geometry_and_the_form_of_the_clean_paper() -> None:
    clean, proof = geometry(paper(form(draft()))), geometry(paper(form(draft()), proof=True))
    assert (clean.pop("proof"), proof.pop("proof")) == (False, True)
    assert clean.pop("pdf") != proof.pop("pdf")
    assert clean == proof


@pytest.mark.parametrize(("up", "size", "sheet"), [(2, "a5", (297, 210)), (4, "a6", (210, 297))])
def test_papers_lie_on_a_sheet_without_touching_and_alike(up: int, size: Size, sheet: tuple[int, int]) -> None:
    many, alone = geometry(paper(form(draft()), up=up)), geometry(paper(form(draft()), size=size))
    assert (many["sheet"]["width"], many["sheet"]["height"]) == sheet
    boxes = [{**copy, **many["size"]} for copy in many["sheet"]["copies"]]
    assert len(boxes) == up
    apart(boxes)
    for box in boxes:
        within(box, {"width": sheet[0], "height": sheet[1]})
    assert [page["candidates"] for page in many["pages"]] == [page["candidates"] for page in alone["pages"]]


def test_large_print_is_large_and_still_whole() -> None:
    standing = [candidate(n, f"SEMENOV-ZADUNAISKY {n}", "Pyotr", "the collective farm") for n in range(1, 13)]
    read = geometry(paper(form(standing), large=True))
    sound(read, standing)
    assert len(read["pages"]) > 1
    assert min(one["row"]["height"] for page in read["pages"] for one in page["candidates"]) > 15
