"""Tables with a row for each candidate, units and people told apart, second ballots and who withdrew."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from suffrage.count.folder import count_folder
from suffrage.count.outcome import OutcomeKind
from suffrage.election.folder import read_folder
from suffrage.election.model import DecisionKind, Kind
from suffrage.importing import import_election

if TYPE_CHECKING:
    from tests.importing.conftest import Workshop


def returns_of(folder: Path) -> list[dict[str, str]]:
    with (folder / "returns.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_election_is_as_the_recipe_says(workshop: Workshop) -> None:
    workshop.run()
    election = read_folder(workshop.out)
    assert (election.id, election.title) == ("testland-1999", "Assembly of Testland, 1999")
    assert (election.law, election.kind, election.time_zone) == ("france-assembly", Kind.REPLAY, "Europe/Paris")
    assert (election.polling_day, election.second_ballot_day) == (date(1999, 6, 6), date(1999, 6, 13))
    assert election.sources == ("Invented for 1999",)
    assert [(unit.id, unit.kind, unit.parent) for unit in election.units] == [
        ("testland", "country", ""),
        ("north", "region", "testland"),
        ("01", "district", "north"),
        ("02", "district", "north"),
    ]
    assert [unit.inhabitants for unit in election.units] == [None, None, 3000, None]
    assert [(contest.id, contest.name, contest.chamber) for contest in election.contests] == [
        ("01", "North, 1", "assembly"),
        ("02", "North, 2", "assembly"),
    ]


def test_two_persons_never_share_an_id(workshop: Workshop) -> None:
    workshop.run()
    election = read_folder(workshop.out)
    assert [(c.contest, c.number, c.id) for c in election.candidates] == [
        ("01", 1, "smith-ann-red"),
        ("01", 2, "smith-ann-blue"),
        ("01", 3, "elie-jo"),
        ("02", 1, "gray-bo"),
        ("02", 2, "smith-ann"),
        ("02", 3, "brown-cy"),
    ]
    first = election.candidates[0]
    assert (first.surname, first.names, first.party) == ("Smith", "Ann", "Red")
    assert first.supporters == ("Miners' union", "a club")
    assert first.birth_date == date(1950, 1, 31)


def test_an_id_of_two_contests_gets_the_contest(workshop: Workshop) -> None:
    workshop.change("people.csv", "1;1;SMITH;Ann;Blue", "1;1;SMYTHE;Ann;Blue")
    workshop.run()
    ids = [(c.contest, c.id) for c in read_folder(workshop.out).candidates if c.surname == "Smith"]
    assert ids == [("01", "smith-ann-01"), ("02", "smith-ann-02")]


def test_returns_are_wide_and_by_number_where_contests_are_many(workshop: Workshop) -> None:
    workshop.run()
    lines = (workshop.out / "returns.csv").read_text("utf-8").splitlines()
    assert lines == [
        "unit,ballot,registered,took_part,invalid,valid,1,2,3",
        "01,1,1000,800,10,790,600,100,90",
        "02,1,1000,900,10,890,350,340,200",
        "02,2,1000,700,,700,300,400,",
    ]


def test_a_finalist_without_votes_has_withdrawn(workshop: Workshop) -> None:
    assert workshop.run().decisions == 1
    (decision,) = read_folder(workshop.out).decisions
    assert (decision.kind, decision.contest, decision.ballot) == (DecisionKind.WITHDRAW, "02", 2)
    assert decision.candidate == "brown-cy"
    assert decision.reason == "no votes are reported for this finalist in the second ballot"


def test_the_folder_can_be_counted(workshop: Workshop) -> None:
    workshop.run()
    counted = count_folder(workshop.out)
    assert [contest.outcome.kind for contest in counted.contests] == [OutcomeKind.ELECTED] * 2
    assert [contest.outcome.elected for contest in counted.contests] == [("smith-ann-red",), ("smith-ann",)]
    assert not counted.findings


def test_every_row_is_accounted_for(workshop: Workshop) -> None:
    report = workshop.run()
    assert (report.units, report.contests, report.candidates, report.returns) == (4, 2, 6, 3)
    places, people = report.sources
    assert (places.file, places.rows, places.used, places.unused) == ("places.csv", 4, 3, {"year is not 1999": 1})
    assert (people.rows, people.used, people.unused) == (9, 8, {"no votes in it": 1})
    assert people.repaired == {("Ã‰", "É"): 1}
    assert "places.csv: 4 rows, 3 used" in report.lines()
    assert not report.notes


def test_what_is_missing_is_noted(workshop: Workshop) -> None:
    workshop.change("places.csv", "1999;1;North;1;3000;1000;800;10;0;790\n", "")
    workshop.change("places.csv", "1995;1;South;3", "1999;1;North;1")
    workshop.change("places.csv", "1000;900;5;5;890\n\n", ";;;;\n\n")
    workshop.change("people.csv", "1;1;SMITH;Ann;Blue;;;100", "1;1;SMITH;Ann;Blue;;;")
    notes = " ".join(workshop.run().notes)
    assert "1 candidate has no votes in the first ballot: 01/smith-ann-blue" in notes
    assert "error" in notes


def test_a_parameter_is_set(workshop: Workshop) -> None:
    workshop.change("", '[[contests]]\neach = "district"', '[[contests]]\nunit = "03"\nname = "South"')
    workshop.change(
        "",
        '[election.by.year."1999"]',
        '[election.by.year."1995"]\npolling_day = 1995-05-07\n\n[election.by.year."1999"]',
    )
    workshop.change("", 'where = { round = "1" }', 'where = { round = "1", district = "3" }')
    workshop.change(
        "", '[[votes]]\nfile = "people.csv"', '[[votes]]\nfile = "people.csv"\nwhere = { district = ["3", "4"] }'
    )
    workshop.change("people.csv", "2;2;GRAY", "1;3;GRAY;Bo;Red;;;890\n2;2;GRAY")
    report = workshop.run({"year": "1995"})
    election = read_folder(workshop.out)
    assert (election.id, election.polling_day, election.second_ballot_day) == ("testland-1995", date(1995, 5, 7), None)
    assert [contest.name for contest in election.contests] == ["South"]
    people = next(source for source in report.sources if source.file == "people.csv")
    assert people.unused == {"district is not 3 or 4": 9}


@pytest.mark.parametrize(("delimiter", "encoding"), [(",", "utf-8-sig"), ("\t", "iso-8859-15"), (";", "utf-16")])
def test_any_delimiter_and_encoding(workshop: Workshop, delimiter: str, encoding: str) -> None:
    workshop.run()
    before = {path.name: path.read_bytes() for path in workshop.out.iterdir()}
    for name in ("places.csv", "people.csv"):
        text = (workshop.sources / name).read_text("utf-8").replace("Ã‰", "É")
        with (workshop.sources / name).open(encoding="utf-8", newline="") as stream:
            rows = [[cell.replace("Ã‰", "É") for cell in row] for row in csv.reader(stream, delimiter=";")]
        text = "\r\n".join(
            delimiter.join(f'"{cell}"' if delimiter in cell or not cell else cell for cell in row) for row in rows
        )
        (workshop.sources / name).unlink()
        workshop.write(f"{name}.gz", text, encoding)
    workshop.change("", "[repair]", f'[files]\nencoding = "{encoding}"\n\n[repair]')
    again = workshop.folder / "again"
    path = workshop.folder / "recipe.toml"
    path.write_text(workshop.recipe, "utf-8")
    import_election(path, workshop.sources, again, {})
    assert {path.name: path.read_bytes() for path in again.iterdir()} == before


def test_rows_of_one_unit_are_added_up_where_the_recipe_says_so(workshop: Workshop) -> None:
    workshop.change(
        "places.csv",
        "1999;1;North;1;3000;1000;800;10;0;790",
        "1999;1;North;1;3000;400;300;10;;290\n1999;1;North;1;3000;600;500;;;500",
    )
    workshop.change("people.csv", "1;1;SMITH;Ann;Blue;;;100", "1;1;SMITH;Ann;Blue;;;60\n1;1;SMITH;Ann;Blue;;;40")
    workshop.change("", 'ballot = "{round}"', 'ballot = "{round}"\nrepeated = "add"')
    workshop.run()
    assert returns_of(workshop.out)[0] == {
        "unit": "01", "ballot": "1", "registered": "1000", "took_part": "800", "invalid": "10", "valid": "790",
        "1": "600", "2": "100", "3": "90",
    }  # fmt: skip


def test_figures_as_programs_and_offices_write_them(workshop: Workshop) -> None:
    workshop.change("places.csv", "1000;800;10;0;790", "1 000;800.0;10;-;790")
    workshop.change("", "[repair]", '[files."places.csv"]\nthousands = " "\nempty = ["-", "n/a"]\n\n[repair]')
    workshop.run()
    row = returns_of(workshop.out)[0]
    assert (row["registered"], row["took_part"], row["invalid"]) == ("1000", "800", "10")


def test_several_files_by_a_pattern(workshop: Workshop) -> None:
    head, *rows = (workshop.sources / "people.csv").read_text("utf-8").splitlines(keepends=True)
    (workshop.sources / "people.csv").unlink()
    workshop.write("people-1.csv", head.replace("round;", "") + "".join(row[2:] for row in rows if row[0] == "1"))
    workshop.write("people-2.csv.gz", head.replace("round;", "") + "".join(row[2:] for row in rows if row[0] == "2"))
    workshop.change("", 'file = "people.csv"\nwhere = { round = "1" }', 'file = "people-1.csv"')
    workshop.change("", 'file = "people.csv"', 'file = "people-*"')
    workshop.change("", 'ballot = "{round}"\ncandidate', 'ballot = "{file|after:-}"\ncandidate')
    assert workshop.run().returns == 3
    assert returns_of(workshop.out)[2]["2"] == "400"


def test_numbers_on_the_ballot_paper_come_from_the_source(workshop: Workshop) -> None:
    workshop.change("", 'party = "{party}"', 'party = "{party}"\nnumber = "{number}"')
    rows = (workshop.sources / "people.csv").read_text("utf-8").splitlines()
    numbers = ["number", "7", "8", "5", "3", "2", "1", "3", "2", "1"]
    workshop.write("people.csv", "\n".join(f"{row};{number}" for row, number in zip(rows, numbers, strict=True)))
    workshop.run()
    assert [(c.number, c.id) for c in read_folder(workshop.out).candidates][:3] == [
        (5, "elie-jo"),
        (7, "smith-ann-red"),
        (8, "smith-ann-blue"),
    ]
    assert returns_of(workshop.out)[1] | {"1": "200", "2": "340", "3": "350", "7": ""} == returns_of(workshop.out)[1]


def test_an_empty_folder_is_filled(workshop: Workshop) -> None:
    workshop.out.mkdir()
    workshop.run()
    assert {path.name for path in workshop.out.iterdir()} == {
        "election.toml", "units.csv", "candidates.csv", "returns.csv", "decisions.csv",
    }  # fmt: skip


def test_a_law_beside_the_recipe_goes_along(workshop: Workshop) -> None:
    (workshop.folder / "own.toml").write_text('extends = "france-assembly"\nid = "own"\n', "utf-8")
    workshop.change("", 'law = "france-assembly"', 'law = "own.toml"')
    workshop.run()
    (workshop.folder / "own.toml").unlink()
    assert count_folder(workshop.out).statute.id == "own"


def test_rows_of_totals_are_left_out(workshop: Workshop) -> None:
    workshop.change("places.csv", "1995;1;South;3", "1999;1;Total;")
    assert "places.csv, line 4, district: not an identifier" in str(workshop.refused())
    workshop.change(
        "", 'where = { year = "{year}"', 'where_not = { region = ["Total", ""] }\nwhere = { year = "{year}"'
    )
    report = workshop.run()
    assert report.sources[0].unused == {"region is Total or empty": 1}


def test_progress_is_told(workshop: Workshop) -> None:
    told: list[tuple[str, int]] = []
    path = workshop.folder / "recipe.toml"
    path.write_text(workshop.recipe, "utf-8")
    import_election(path, workshop.sources, workshop.out, progress=lambda what, rows: told.append((what, rows)))
    assert ("places.csv", 4) in told
    assert ("people.csv", 9) in told
