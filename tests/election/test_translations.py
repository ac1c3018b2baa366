"""`translations.csv`: found by language, or by its first part; every mistake with its line and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from suffrage.election.translations import read_translations
from suffrage.errors import ElectionError, Problem
from tests.elections import election

HEAD = "kind,id,field,language,text\n"


def problems(folder: Path, rows: str) -> list[Problem]:
    (folder / "translations.csv").write_text(HEAD + rows, "utf-8")
    with pytest.raises(ElectionError) as refused:
        read_translations(folder, election())
    return list(refused.value.problems)


def test_a_folder_without_the_file_has_no_translations(tmp_path: Path) -> None:
    assert read_translations(tmp_path, election()).texts == {}


def test_texts_are_found_by_language(tmp_path: Path) -> None:
    rows = (
        "election,,title,uk,Вибори\nunit,d,name,uk,Округ\nunit,d,name,uk-UA,Наш округ\n"
        "election,made-up,title,ka,არჩევნები\n"
    )
    (tmp_path / "translations.csv").write_text(HEAD + rows, "utf-8")
    read = read_translations(tmp_path, election())
    assert read.find("election", "", "title", "uk-UA") == "Вибори"
    assert read.find("election", "", "title", "ka") == "არჩევნები"
    assert read.find("unit", "d", "name", "uk-UA") == "Наш округ"
    assert read.find("unit", "d", "name", "ru") is None


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        ("river,d,name,uk,x", "kind", "unknown kind of text"),
        ("unit,nowhere,name,uk,x", "id", "unknown unit"),
        ("chamber,lords,name,uk,x", "id", "unknown chamber"),
        ("unit,d,title,uk,x", "field", "unknown field"),
        ("unit,d,name,Ukrainian,x", "language", "not a language"),
        ("unit,d,name,uk,", "text", "is missing"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(tmp_path: Path, row: str, column: str, message: str) -> None:
    (problem,) = problems(tmp_path, row + "\n")
    assert (problem.place, problem.message) == (f"translations.csv, line 2, {column}", message)


def test_a_text_that_is_translated_twice_is_refused(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, "unit,d,name,uk,x\nunit,d,name,uk,y\n")
    assert problem.place == "translations.csv, line 3"
