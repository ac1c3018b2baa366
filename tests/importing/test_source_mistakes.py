"""What is wrong in a source is told with its place, what was seen and what was expected; nothing is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from suffrage.errors import DOES_NOT_HOLD, WRONG_USE

if TYPE_CHECKING:
    from tests.importing.conftest import Workshop


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (
            "places.csv",
            ";800;",
            ";eight;",
            "places.csv, line 2, voters: not a figure; seen: eight; expected: a whole number",
        ),
        ("places.csv", ";800;", ";-800;", "places.csv, line 2, voters: not a figure; seen: -800"),
        ("places.csv", ";800;", ";80.5;", "places.csv, line 2, voters: not a figure; seen: 80.5"),
        ("places.csv", ";800;", ";1 800;", "places.csv, line 2, voters: not a figure; seen: 1 800"),
        ("places.csv", ";700;;;700", ";700;;;99999999999999", "places.csv, line 6, valid: not a figure"),
        ("places.csv", ";3000;", ";many;", "places.csv, line 2, people: not a figure; seen: many"),
        (
            "places.csv",
            "1999;1;North;1;",
            "1999;1;North;2;",
            "one id for two units; seen: 02: North, 2, district, in north; expected: the same as",
        ),
        ("places.csv", "1999;2;North;2;", "1999;2;North;9;", "places.csv, line 6, district: unknown unit; seen: 09"),
        ("places.csv", "1999;2;North;2;", "1999;3;North;2;", "places.csv, line 6, round: not a ballot; seen: 3"),
        (
            "places.csv",
            ";700\n",
            ";700;\n",
            "places.csv, line 6: a row of another length; seen: 11 cells; expected: 10 cells",
        ),
        ("places.csv", "North;1", '"North"n;1', "places.csv, line 2: quotation marks or delimiters are broken"),
        ("places.csv", "valid\n", "blank\n", "two columns of this name in places.csv; seen: blank"),
        ("places.csv", "year;", "an;", "no such column in places.csv; seen: year; expected: one of an, round"),
        (
            "people.csv",
            "2;2;GRAY;Bo",
            "2;2;GREY;Bo",
            "line 8, surname and forename: nobody of this name stands in 02; seen: grey-bo; expected: one of gray-bo",
        ),
        ("people.csv", "1;2;GRAY", "1;7;GRAY", "people.csv, line 5, district: unknown contest; seen: 07"),
        ("people.csv", "1950-01-31", "31/01/1950", "people.csv, line 2, born: not a date; seen: 31/01/1950"),
        ("people.csv", "1;1;SMITH;Ann;Blue;;;100", "1;1;;;Blue;;;100", "people.csv, line 3, surname: is empty"),
        (
            "people.csv",
            "1;2;GRAY;Bo;Red;;;350\n",
            "1;2;GRAY;Bo;Red;;;350\n1;2;GRAY;Bo;Red;;;351\n",
            "people.csv, line 6, district: a figure of 02, ballot 1 is given twice; seen: 350, then 351",
        ),
    ],
)
def test_a_mistake_in_a_source(workshop: Workshop, file: str, old: str, new: str, expected: str) -> None:
    workshop.change(file, old, new)
    error = workshop.refused()
    assert expected in str(error)
    assert error.exit_code == DOES_NOT_HOLD


def test_no_more_than_twenty_problems(workshop: Workshop) -> None:
    workshop.write("people.csv", (workshop.sources / "people.csv").read_text("utf-8") + "1;1;X;Y;;;;no\n" * 50)
    assert len(workshop.refused().problems) == 20


def test_text_in_another_encoding(workshop: Workshop) -> None:
    workshop.write(
        "people.csv", (workshop.sources / "people.csv").read_text("utf-8").replace("Ã‰LIE", "ÉLIE"), "latin-1"
    )
    error = workshop.refused()
    assert "people.csv, line 4: bytes that are no text; seen: c9; expected: utf-8; name another encoding" in str(error)
    assert error.exit_code == WRONG_USE


def test_a_file_that_is_no_text(workshop: Workshop) -> None:
    workshop.change("people.csv", "Cy;Blue;;;200", "C\0;Blue;;;200")
    assert "people.csv, line 7: bytes that are no text; seen: 00" in str(workshop.refused())


def test_a_broken_archive(workshop: Workshop) -> None:
    text = (workshop.sources / "people.csv").read_text("utf-8")
    (workshop.sources / "people.csv").unlink()
    workshop.write("people.csv.gz", text * 40)
    path = workshop.sources / "people.csv.gz"
    path.write_bytes(path.read_bytes()[:-20])
    error = workshop.refused()
    assert "people.csv.gz: cannot be decompressed" in str(error)
    assert error.exit_code == WRONG_USE


@pytest.mark.parametrize("text", ["", "\n\n"])
def test_an_empty_file(workshop: Workshop, text: str) -> None:
    workshop.write("people.csv", text)
    assert "people.csv: an empty file" in str(workshop.refused())


def test_no_row_of_candidates_meets_where(workshop: Workshop) -> None:
    workshop.change("", 'where = { round = "1" }', 'where = { round = "9" }')
    assert "candidates[1]: no candidates; expected: a row that meets where" in str(workshop.refused())


def test_nothing_was_counted(workshop: Workshop) -> None:
    workshop.change("", 'where = { year = "{year}" }', 'where = { year = "1066" }')
    workshop.change("", '[[votes]]\nfile = "people.csv"', '[[votes]]\nfile = "people.csv"\nwhere = { round = "9" }')
    assert "nothing was counted" in str(workshop.refused())


def test_candidates_need_all_numbers_or_none(workshop: Workshop) -> None:
    workshop.change("", 'party = "{party}"', 'party = "{party}"\nnumber = "{born}"')
    workshop.change("people.csv", "1950-01-31", "5")
    workshop.change("", 'birth_date = "{born}"\n', "")
    workshop.change("people.csv", "1;1;Ã‰LIE;Jo;Green;;;", "1;1;Ã‰LIE;Jo;Green;;5;")
    text = str(workshop.refused())
    assert "people.csv, line 3, surname and forename: the number is missing; seen: smith-ann" in text
    assert "people.csv, line 4, surname and forename: two candidates with one number; seen: 5" in text
