"""What is written into an election folder is what is read from it, and it is written for people."""

from __future__ import annotations

import csv
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from suffrage.election import Candidate, Contest, Election, Unit, read_folder, write_folder
from suffrage.election.folder import folder_texts
from tests.elections import deciding, election, elections, standing


def again(written: Election) -> Election:
    with tempfile.TemporaryDirectory() as folder:
        write_folder(written, Path(folder))
        return read_folder(Path(folder))


@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow])
@given(elections())
def test_an_election_reads_back_as_it_was_written(written: Election) -> None:
    assert again(written) == written


@pytest.mark.slow
@settings(max_examples=3 * settings().max_examples, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(elections())
def test_many_elections_read_back_as_they_were_written(written: Election) -> None:
    assert again(written) == written


def test_columns_that_are_empty_throughout_are_left_out() -> None:
    texts = folder_texts(election())
    assert texts["units.csv"] == "id\nd\n"
    assert texts["candidates.csv"] == "contest,number,id,surname\nd,1,a,A\nd,2,b,B\n"
    assert "decisions.csv" not in texts


def test_a_nought_is_not_an_empty_cell() -> None:
    decision = deciding("correct", unit="d", field="valid", figure=0)
    made = election([Unit("d", registered=0)], decisions=[decision])
    assert "d,0" in folder_texts(made)["units.csv"]
    assert again(made) == made


def test_contests_in_every_unit_of_a_kind_are_one_entry() -> None:
    units = [Unit(f"d{n}", f"The {n}th", "district") for n in range(30)]
    contests = [Contest(unit.id, unit.id, unit.name, "union", 2) for unit in units]
    made = election(units, contests)
    text = folder_texts(made)["election.toml"]
    assert text.count("[[contests]]") == text.count("each") == 1 or text.count("each") == 1
    assert again(made) == made
    for other in (
        [*contests[:-1], replace(contests[-1], seats=3)],
        [*contests[:-1], replace(contests[-1], name="Otherwise")],
        contests[:-1],
        contests[::-1],
    ):
        names = {contest.id for contest in other}
        of_others = [candidate for candidate in made.candidates if candidate.contest in names]
        changed = replace(made, contests=tuple(other), candidates=tuple(of_others))
        assert again(changed) == changed


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_tables_may_come_from_any_spreadsheet(tmp_path: Path, delimiter: str, line: str, mark: str) -> None:
    made = election(
        [Unit("d", 'The "first", or; last'), Unit("p", "ქალაქი", parent="d", registered=12)],
        candidates=[Candidate("d", "petrov", 1, "ПЕТРОВ", "Иван; Семёнович", ("Завод №22", "Комсомол"))],
    )
    write_folder(made, tmp_path)
    for name in ("units.csv", "candidates.csv"):
        with (tmp_path / name).open(newline="") as file:
            rows = list(csv.reader(file))
        with (tmp_path / name).open("w", newline="") as file:
            file.write(mark)
            csv.writer(file, delimiter=delimiter, lineterminator=line).writerows(rows)
    text = (tmp_path / "election.toml").read_text()
    (tmp_path / "election.toml").write_text(mark + text.replace("\n", line), newline="")
    assert read_folder(tmp_path) == made


def test_what_is_not_said_has_a_meaning(tmp_path: Path) -> None:
    (tmp_path / "election.toml").write_text(
        'id = "x"\ntitle = "X"\nlaw = "plurality"\nkind = "demo"\ncontests = [{ unit = "d" }]\n'
    )
    (tmp_path / "units.csv").write_text("id\nd\n")
    (tmp_path / "candidates.csv").write_text("id,surname\na,A\nb,B\n")
    (tmp_path / "decisions.csv").write_text("id,kind,candidate\n1,elect,b\n")
    made = read_folder(tmp_path)
    assert made.contests == (Contest("d", "d"),)
    assert made.candidates == standing("d", "A", "B")
    assert (made.decisions[0].contest, made.decisions[0].ballot) == ("d", 1)
    assert (made.time_zone, made.polling_day) == ("UTC", None)


def test_numbers_follow_the_order_of_the_file_contest_by_contest(tmp_path: Path) -> None:
    write_folder(election([Unit("x"), Unit("y")], [Contest("x", "x"), Contest("y", "y")]), tmp_path)
    (tmp_path / "candidates.csv").write_text("contest,number,id,surname\nx,,a,A\ny,,b,B\nx,7,c,C\nx,,d,D\ny,,e,E\n")
    numbers = [(candidate.id, candidate.number) for candidate in read_folder(tmp_path).candidates]
    assert numbers == [("a", 1), ("b", 1), ("c", 7), ("d", 8), ("e", 2)]


def test_the_days_are_dates() -> None:
    made = replace(election(), polling_day=date(1, 1, 1), second_ballot_day=None)
    assert again(made) == made
