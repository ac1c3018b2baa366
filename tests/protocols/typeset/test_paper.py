"""What is on the paper of a protocol."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suffrage.law import built_in
from suffrage.protocols.typeset.language import language_of
from suffrage.typeset.clean import clean
from suffrage.words import in_fours
from tests.protocols.typeset.made import (
    CYRILLIC,
    GEORGIAN,
    LANGUAGES,
    LATIN,
    SIGNERS,
    digest,
    outcome,
    pages,
    press,
    record,
    solid,
    step,
    text,
    votes,
)

LEVELS = ("precinct", "part", "district", "area", "centre")
FEW = settings(max_examples=max(10, settings().max_examples // 5))
FIELDS = list(built_in("ussr-1937").returns.fields)


def paper(made: dict[str, Any], signers: tuple[Any, ...] = (), law: str = "ussr-1937") -> str:
    return text(press(law).paper(made, digest("x"), signers))


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_level_in_every_language(level: str, language: str) -> None:
    found = paper(record(level, language))
    spoken = language_of(language)
    assert spoken.say("heading.protocol") in found
    assert spoken.say(f"committees.{level}") in found
    assert spoken.say("results.first") in found
    assert "Election of a republic" in found
    assert "Council of the Union" in found
    assert spoken.day("1937-12-12").replace("\xa0", " ") in found
    assert solid("Statute on Elections") in solid(found)


@pytest.mark.parametrize("language", ["en", "fr", "ru"])
def test_the_second_ballot(language: str) -> None:
    found = paper(record(language=language, ballot=2, day=None, previous=digest("first")))
    assert language_of(language).say("results.second") in found
    assert solid(in_fours(digest("first"))) in solid(found)


FIGURES = st.dictionaries(st.sampled_from([*FIELDS, "doubtful", "of_the_future"]), st.integers(0, 10**12))
NAMES = st.text(st.sampled_from("abcxyzABCéłЖжїქართულიაბგ '-.,()#*\"\\$_@<>[]{}/&~`"), min_size=1, max_size=60)


@FEW
@given(st.sampled_from(LANGUAGES), FIGURES, st.lists(st.tuples(NAMES, st.integers(0, 10**9)), max_size=12))
def test_every_figure_and_every_name_is_on_the_paper(
    language: str, figures: dict[str, int], lines: list[tuple[str, int]]
) -> None:
    spoken = language_of(language)
    found = solid(paper(record("precinct", language, figures=figures, votes=votes(*lines))))
    for number in spoken.grouping.column(list(figures.values())):
        assert solid(number) in found
    for name, number in zip([name for name, _ in lines], spoken.grouping.column([n for _, n in lines]), strict=True):
        assert solid(clean(name)) in found
        assert solid(number) in found
    for name in ("registered", "valid"):
        if name not in figures:
            assert solid(spoken.say("facts.not_given")) in found


def test_figures_stand_in_the_order_of_the_law_and_candidates_in_that_of_the_ballot_paper() -> None:
    found = paper(record(figures={"valid": 5, "took_part": 7, "registered": 9, "invalid": 2}))
    words = ["Electors on the roll", "Ballots found in the box", "Invalid ballots", "Valid ballots", LATIN, CYRILLIC]
    places = [found.index(word) for word in words]
    assert places == sorted(places)


def test_votes_against_are_the_valid_ballots_without_the_name() -> None:
    found = paper(record())
    assert "Votes against" in found
    assert f"{80_795 - 39_118:,}".replace(",", " ") in found


@pytest.mark.parametrize(
    ("law", "figures"), [("france-assembly", {"registered": 9, "valid": 5}), ("ussr-1937", {"registered": 9})]
)
def test_no_votes_against_where_names_are_marked_or_valid_ballots_not_given(law: str, figures: dict[str, int]) -> None:
    assert "Votes against" not in paper(record(figures=figures), law=law)


def test_the_figures_of_a_variant_have_its_labels() -> None:
    made = record(figures={"registered": 9, "valid": 5, "all_struck": 1}, language="fr")
    assert "Bulletins valables" in paper(made)


def test_forty_candidates_break_over_pages_and_the_heads_are_said_again() -> None:
    lines = votes(*((f"{CYRILLIC} {GEORGIAN} {LATIN} {number}", number) for number in range(1, 41)))
    sheets = pages(press().paper(record("precinct", votes=lines), digest("x"), ()))
    assert len(sheets) > 2
    with_names = [sheet for sheet in sheets if CYRILLIC in sheet]
    assert len(with_names) > 1
    assert all("Votes for" in sheet for sheet in with_names)
    assert all(str(number) in " ".join(sheets) for number in range(1, 41))


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_are_numbered_and_bear_the_hash(language: str) -> None:
    lines = votes(*((f"N{number}", number) for number in range(60)))
    sheets = pages(press().paper(record("precinct", language, votes=lines), digest("x"), ()))
    for number, sheet in enumerate(sheets, 1):
        assert language_of(language).say("foot.page", page=str(number), pages=str(len(sheets))) in sheet
        assert solid(in_fours(digest("x")[:16])) in solid(sheet)


def test_the_whole_hash_is_there() -> None:
    assert solid(digest("x")) in solid(paper(record()))


def test_who_signed() -> None:
    found = solid(paper(record(), SIGNERS))
    for signer in SIGNERS:
        assert solid(signer.name) in found
        assert signer.fingerprint[:32] in found
    assert "notsigned" not in found


@pytest.mark.parametrize(
    ("kind", "signers", "lines"), [("real", (), 3), ("real", SIGNERS[:1], 1), ("replay", (), 1), ("real", SIGNERS, 0)]
)
def test_lines_for_those_who_are_still_to_sign(kind: str, signers: tuple[Any, ...], lines: int) -> None:
    assert paper(record(kind=kind), signers).count("not signed") == lines


def test_how_many_returns_and_protocols() -> None:
    made = record(units={"expected": 90, "reported": 77}, electors_outstanding=12_345)
    found = paper(made)
    assert "77 of 90" in found
    assert "Protocols directly beneath 48" in found
    assert "12 345" in found
    assert "not known" in paper(record(electors_outstanding=None))


def test_two_thousand_hashes_beneath_are_a_number() -> None:
    made = record(below=[digest(str(n)) for n in range(2000)])
    assert "2 000" in paper(made)


def test_contests_of_an_area() -> None:
    found = paper(record("area"))
    assert "Elected 4" in found
    assert "Second ballot 1" in found
    assert "6 of 7" in found


def test_complaints_opinions_and_decisions() -> None:
    made = record(
        decisions=["d-17", "d-18"],
        complaints=[
            {"by": "Observer", "text": "The box was open.\nSo it was.", "answer": "Refused."},
            {"by": CYRILLIC, "text": "?", "answer": ""},
        ],
        opinions=[{"by": GEORGIAN, "text": "I dissent."}],
    )
    found = paper(made)
    for said in ("Observer: The box was open.", "So it was.", "Answer: Refused.", "No answer is recorded.",
                 f"{GEORGIAN}: I dissent.", "d-17, d-18", "Complaints 2"):  # fmt: skip
        assert said in found


def test_none_is_said() -> None:
    found = paper(record())
    for name in ("Decisions", "Complaints", "Dissenting opinions"):
        assert f"{name} none" in found


def test_what_it_replaces_why_and_by_which_decision() -> None:
    made = record("precinct", replaces={"sha256": digest("old"), "decisions": ["d-3"], "reason": "a recount."})
    found = paper(made)
    assert solid(digest("old")) in solid(found)
    assert "Reason: a recount. By decision: d-3." in found
    later = record(
        language="fr", replaces={"sha256": digest("old"), "decisions": [], "reason": "returns that came in later"}
    )
    assert "résultats reçus ultérieurement" in paper(later)


def test_findings() -> None:
    made = record(
        findings=[
            {"severity": "error", "about": "", "check": "took_part <= registered", "left": 10, "right": 9,
             "article": "106", "settled_by": "d-1"},
            {"severity": "remark", "about": "c2", "check": "a new kind of check", "left": None, "right": None,
             "article": "", "settled_by": ""},
        ],
        breaches={"errors": 1, "remarks": 12},
    )  # fmt: skip
    found = paper(made)
    equation = (
        "Error: ballots found in the box ≤ electors on the roll (10 against 9) (article 106); settled by decision d-1."
    )
    assert equation in found
    assert f"Remark: {CYRILLIC}: a new kind of check." in found
    assert "1 error and 12 remarks" in found


def test_findings_without_what_they_are_about() -> None:
    finding = {"severity": "remark", "check": "x", "left": None, "right": None, "article": "", "settled_by": ""}
    assert "Remark: x." in paper(record("precinct", findings=[finding]))


def test_the_outcome_and_its_reasons() -> None:
    steps = [step("x", f"Reason number {number} is given at some length, and then once more.") for number in range(150)]
    found = paper(record(outcome=outcome("elected", *steps, elected=["c1"], certain_though_incomplete=True)))
    assert "Outcome: Elected." in found
    assert all(f"Reason number {number} is given" in found for number in range(150))
    assert "It is certain, although returns are still out." in found
    assert f"{LATIN} (elected)" in found


def test_no_candidate_and_no_figure() -> None:
    found = paper(record(votes=[], figures={}))
    assert "not given" in found
    assert "Votes for" not in found


HOSTILE = (
    '#panic("x")', "*bold* _it_ `raw` $x$ <label> @ref // no /* comment */", "\\u{41} \\", "= heading", "- list",
    "[content] {code} #{", "line\nbreak\ttab\r\x00\x1b", "\u200f\u202eright\u2067", '"quotes" ’ …', "~ -- --- ...",
    "x" * 400, "{page} {pages} {0} %s", "中文 😀 \U0010ffff \ufffe", " ", "#import \"/etc/passwd\"",
)  # fmt: skip


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_no_text_can_disturb_the_paper(hostile: str, language: str) -> None:
    made = record(
        language=language,
        election={"id": hostile, "title": hostile},
        unit={"id": hostile, "name": hostile, "kind": hostile},
        votes=votes((hostile, 1), (LATIN, 2)),
        complaints=[{"by": hostile, "text": hostile, "answer": hostile}],
        opinions=[{"by": hostile, "text": hostile}],
        decisions=[hostile],
        replaces={"sha256": digest("old"), "decisions": [hostile], "reason": hostile},
        outcome=outcome("undecided", step(hostile, hostile), missing=[hostile]),
        findings=[{"severity": hostile, "about": hostile, "check": hostile, "left": 1, "right": 2, "article": hostile,
                   "settled_by": hostile}],
    )  # fmt: skip
    made["law"]["title"] = made["contest"]["name"] = made["contest"]["chamber"]["name"] = hostile
    found = solid(paper(made, (*SIGNERS, type(SIGNERS[0])(hostile, hostile, "ff" * 32))))
    if hostile.isprintable() and hostile.isascii() and hostile.strip():
        assert found.count(solid(clean(hostile))) >= 10
    assert solid(LATIN) in found


@given(st.text(max_size=80))
@FEW
def test_any_name_can_be_printed(name: str) -> None:
    made = record("precinct", votes=votes((name, 1)))
    made["contest"]["name"] = name
    assert solid(digest("x")) in solid(paper(made))


@pytest.mark.parametrize("language", ["", "x", "not a tag", "zh-Hant", "ar", "he-IL", "qqq"])
def test_any_language_tag_can_be_printed(language: str) -> None:
    assert LATIN in paper(record(language=language))
