"""Papers of what is not real say so on every page."""

from __future__ import annotations

import pytest

from suffrage.protocols.typeset.language import language_of
from suffrage.protocols.typeset.sheet import MARKS
from tests.protocols.typeset.made import digest, pages, press, record, votes

LINES = votes(*((f"Candidate {number}", number) for number in range(80)))


@pytest.mark.parametrize("kind", MARKS)
@pytest.mark.parametrize("language", ["en", "fr", "ru", "ka"])
def test_every_page_bears_the_mark_twice_and_what_it_means(kind: str, language: str) -> None:
    sheets = pages(press().paper(record("precinct", language, kind, votes=LINES), digest("x"), ()))
    assert len(sheets) > 1
    for sheet in sheets:
        assert sheet.count(MARKS[kind]) == 2  # across the page, and in its head
        assert language_of(language).say(f"kinds.{kind}") in sheet


def test_a_real_paper_bears_none() -> None:
    found = " ".join(pages(press().paper(record("precinct", votes=LINES), digest("x"), ())))
    assert not any(mark in found for mark in MARKS.values())


@pytest.mark.parametrize("kind", MARKS)
def test_the_summary_bears_it_too(kind: str) -> None:
    made = [(record(kind=kind, contest={**record()["contest"], "id": str(n)}), digest(str(n)), ()) for n in range(90)]
    sheets = pages(press().summary(made))
    assert len(sheets) > 1
    assert all(sheet.count(MARKS[kind]) == 2 for sheet in sheets)
