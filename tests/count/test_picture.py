"""The picture of a comparison: an SVG that stands alone, says every number in text, and lets nothing through raw."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import cache
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suffrage.count.compare import ARITHMETIC, Comparison, compare
from suffrage.count.gather import Gathered
from suffrage.count.outcome import Outcome, OutcomeKind, Step
from suffrage.count.picture import FEW, INNER, MARGIN, MOST_TILES, SIGNS, WIDTH, description, picture
from suffrage.count.result import BallotCount, ContestCount, ElectionCount
from suffrage.count.totals import Totals
from suffrage.election.model import Candidate, Contest, Election, Kind, Unit
from suffrage.law import built_in
from suffrage.returns.slots import Slots

SVG = "{http://www.w3.org/2000/svg}"
LAWS = ("majority-two-ballots", "plurality")
KINDS = tuple(OutcomeKind)


@cache
def made(number: int, title: str = "Made up", kind: Kind = Kind.DEMO, name: str = "A") -> Comparison:
    """A comparison of `number` contests, the outcomes of which go round all kinds; the second law elects B."""
    contests = tuple(Contest(f"c{n}", f"u{n}", name=f"Place {name}") for n in range(number))
    candidates = tuple(
        Candidate(contest.id, f"{contest.id}-{who}", n, who, name)
        for contest in contests
        for n, who in enumerate("AB", start=1)
    )
    units = tuple(Unit(contest.unit) for contest in contests)
    election = Election("e", title, LAWS[0], kind, units, contests, candidates, polling_day=date(1937, 12, 12))
    return compare([counted(election, law) for law in LAWS])


def counted(election: Election, law: str) -> ElectionCount:
    found = []
    for position, contest in enumerate(election.contests):
        standing = election.candidates[2 * position : 2 * position + 2]
        names = tuple(candidate.id for candidate in standing)
        outcome = Outcome(OutcomeKind.ELECTED, names[1:])
        if law == LAWS[0]:
            kind = KINDS[position % len(KINDS)]
            outcome = Outcome(
                kind,
                names[:1] if kind is OutcomeKind.ELECTED else (),
                names if kind is OutcomeKind.SECOND_BALLOT else (),
                follows=("new-election", "vacant")[position // 4 % 2],
                steps=(Step(("turnout.else", "new_election.no_majority")[position // 8 % 2], True, ""),),
            )
        first = BallotCount(1, standing, Totals((0, 0), {}), 1, [], (), outcome)
        found.append(ContestCount(contest, first, None, outcome))
    return ElectionCount(election, built_in(law), tuple(found), LAWS[0], Gathered(Slots(election), {}, {}))


def parsed(comparison: Comparison) -> ElementTree.Element:
    return ElementTree.fromstring(picture(comparison))


def texts(root: ElementTree.Element) -> list[str]:
    return ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]


@pytest.mark.parametrize("number", [1, FEW, FEW + 1, 577, MOST_TILES, MOST_TILES + 1, 12_000])
def test_the_picture_is_one_file_that_says_what_it_is(number: int) -> None:
    comparison = made(number)
    root = parsed(comparison)
    assert root.get("role") == "img"
    assert root.find(f"{SVG}title") is not None
    assert root.findtext(f"{SVG}desc") is not None
    assert re.fullmatch(rf"0 0 {WIDTH} \d+(\.\d)?", root.get("viewBox") or "")
    drawn = picture(comparison)
    for outside in ("href", "url(", "@import", "@font-face", "<script", "<image", "<foreignObject"):
        assert outside not in drawn
    assert re.findall(r"https?://[^\"]*", drawn) == ["http://www.w3.org/2000/svg"]


@pytest.mark.parametrize("number", [1, 577, 12_000])
def test_it_says_that_it_is_arithmetic_and_of_what_kind_the_figures_are(number: int) -> None:
    comparison = made(number)
    said = " ".join(texts(parsed(comparison)))
    assert ARITHMETIC in said
    assert ARITHMETIC in description(comparison)
    assert "DEMO" in said
    assert "REAL" not in " ".join(texts(parsed(made(number, kind=Kind.REAL))))


@pytest.mark.parametrize("number", [FEW + 1, 90, 577, MOST_TILES])
def test_there_is_a_tile_for_every_contest_under_every_law_with_its_sign(number: int) -> None:
    comparison = made(number)
    tiles = [g for g in parsed(comparison).iter(f"{SVG}g") if (g.findtext(f"{SVG}title") or "").startswith("Place")]
    assert len(tiles) == 2 * number
    under_first = tiles[:number]
    for tile, contest in zip(under_first, comparison.contests, strict=True):
        kind, sign = SIGNS[contest.verdicts[0].first]
        assert tile.get("class") == kind
        assert tile.findtext(f"{SVG}text", "") == sign
    signs = [tile.findtext(f"{SVG}text", "") for tile in tiles[number:]]
    others = [bool(contest.persons) for contest in comparison.contests]
    assert [bool(sign) for sign in signs] == others, "a dot where the second law elects somebody else"


def test_beyond_the_most_tiles_there_are_bars_alone() -> None:
    drawn = picture(made(MOST_TILES + 1))
    assert "Place" not in drawn
    assert len(drawn) < 20_000


@pytest.mark.parametrize("number", [FEW + 1, 577, 12_000])
def test_nothing_lies_beside_the_sheet(number: int) -> None:
    root = parsed(made(number, title="A very long title " * 30))
    height = float((root.get("viewBox") or "").split()[3])
    for box in root.iter(f"{SVG}rect"):
        if box.get("x") is None:
            continue
        x, y, wide, high = (float(box.get(name) or 0) for name in ("x", "y", "width", "height"))
        assert MARGIN - 0.1 <= x <= x + wide <= MARGIN + INNER + 0.2
        assert wide > 0
        assert 0 <= y <= y + high <= height
    assert all(float(text.get("y") or 0) < height for text in root.iter(f"{SVG}text"))


def test_figures_are_grouped_by_a_thin_space() -> None:
    comparison = made(12_000)
    said = texts(parsed(comparison))
    assert "12\N{THIN SPACE}000 elected" in said
    assert "3\N{THIN SPACE}000 second ballot" in said
    assert "12\N{THIN SPACE}000 contests \N{MIDDLE DOT} 12 December 1937" in said


def test_a_few_contests_are_written_out_with_the_names() -> None:
    said = texts(parsed(made(1, name="O'Neil <&>")))
    assert "Place O'Neil <&> (c0)" in said
    assert "First ballot: A O'Neil <&> elected" in said
    assert "First ballot: B O'Neil <&> elected" in said


def test_a_long_title_breaks_and_ends_in_an_ellipsis() -> None:
    comparison = made(1, title="Rindfleisch" * 60)
    root = parsed(comparison)
    lines = [text.text or "" for text in root.iter(f"{SVG}text") if text.get("class") == "h1"]
    assert len(lines) == 4
    assert lines[-1].endswith("\N{HORIZONTAL ELLIPSIS}")
    assert max(map(len, lines)) < 40
    assert (root.findtext(f"{SVG}title") or "").startswith(comparison.election.title)


def test_seats_are_said_where_a_contest_fills_several() -> None:
    comparison = made(10)
    double = tuple(replace(item, contest=replace(item.contest, seats=2)) for item in comparison.contests)
    said = " ".join(texts(parsed(replace(comparison, contests=double))))
    assert "20 seats" in said
    assert "of 20 not filled" in said


@given(st.text(max_size=300), st.text(max_size=40))
def test_any_title_and_any_name_make_an_xml_that_parses(title: str, name: str) -> None:
    comparison = made(FEW + 1, title=title, name=name)
    source = replace(comparison, election=replace(comparison.election, sources=(title, name)))
    assert parsed(source) is not None
    assert parsed(made(1, title=title, name=name)) is not None


UNFRIENDLY = ["<b>&\"'", "]]>", "<script>alert(1)</script>", "\x00\x07\x1b", "\ud800\uffff", "十\u202e九"]


@pytest.mark.parametrize("text", UNFRIENDLY)
def test_names_are_escaped(text: str) -> None:
    root = parsed(made(FEW + 1, title=text, name=text))
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg", "title", "desc", "style", "rect", "g", "text", "tspan",
    }  # fmt: skip
    safe = "".join(letter if letter.isprintable() else " " for letter in text)
    assert safe in (root.findtext(f"{SVG}title") or "")
    picture(made(1, title=text)).encode("utf-8")
