"""Files of returns: the same figures wide and long, as text and as Parquet; what is refused, and where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from suffrage.election import Candidate, Contest, Election, Unit
from suffrage.errors import ReturnsError
from suffrage.returns import Return, read_returns
from tests.returns.made import (
    FIELDS,
    Key,
    as_returns,
    election_of,
    elections,
    long,
    returns_of,
    small,
    two_chambers,
    wide,
    write_csv,
    write_parquet,
)


def read(path: Path, election: Election) -> dict[Key, Return]:
    return as_returns(read_returns(path, election, FIELDS), election)


def refused(path: Path, election: Election) -> ReturnsError:
    with pytest.raises(ReturnsError) as caught:
        list(read_returns(path, election, FIELDS))
    return caught.value


def csv_of(folder: Path, text: str, name: str = "returns.csv") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


@given(data=st.data())
def test_four_forms_of_the_same_returns_are_the_same(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    election = data.draw(elections())
    returns = data.draw(returns_of(election))
    by_number = data.draw(st.booleans())
    wanted = {(entry.unit, entry.contest, entry.ballot): entry for entry in returns}
    folder = tmp_path_factory.mktemp("forms")
    for form in (wide, long):
        header, rows = form(election, returns, by_number)
        name = data.draw(st.sampled_from(("returns.csv", "returns.csv.gz")))
        assert read(write_csv(folder / name, header, rows), election) == wanted
        assert read(write_parquet(folder / "returns.parquet", header, rows), election) == wanted


@given(data=st.data())
def test_the_order_of_columns_means_nothing(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    election = data.draw(elections())
    returns = data.draw(returns_of(election))
    header, rows = data.draw(st.sampled_from((wide, long)))(election, returns, False)
    order = data.draw(st.permutations(range(len(header))))
    path = tmp_path_factory.mktemp("order") / "returns.csv"
    write_csv(path, [header[n] for n in order], [[row[n] for n in order] for row in rows])
    assert read(path, election) == {(entry.unit, entry.contest, entry.ballot): entry for entry in returns}


def test_many_returns_come_in_several_batches_and_none_is_torn(tmp_path: Path) -> None:
    election = small(candidates=2, precincts=30_000)
    rows = [[unit.id, name, 7] for unit in election.units[1:] for name in ("valid", "petrov", "semenov")]
    path = write_csv(tmp_path / "returns.csv", ["unit", "field", "figure"], rows)
    batches = list(read_returns(path, election, FIELDS))
    assert len(batches) > 1
    found = as_returns(batches, election)
    assert len(found) == 30_000
    assert all(entry.votes == {"petrov": 7, "semenov": 7} for entry in found.values())


# Key columns


def test_contest_and_ballot_may_be_left_out(tmp_path: Path) -> None:
    path = csv_of(tmp_path, "unit,valid,petrov\np1,10,4\n")
    assert read(path, small()) == {("p1", "seat", 1): Return("p1", "seat", 1, {"valid": 10}, {"petrov": 4})}


def test_the_contest_is_needed_where_a_unit_votes_in_several(tmp_path: Path) -> None:
    error = refused(csv_of(tmp_path, "unit,valid\ne1,10\n"), two_chambers())
    assert (
        str(error) == "returns.csv, line 2, unit: several contests are held here; seen: e1; expected: a column contest"
    )


def test_a_unit_without_a_contest_is_refused(tmp_path: Path) -> None:
    election = election_of((Unit("a"), Unit("b")), (Contest("a", "a"),), (Candidate("a", "petrov", 1, "Petrov"),))
    assert "no contest is held in this unit" in str(refused(csv_of(tmp_path, "unit,valid\nb,1\n"), election))


def test_a_file_without_units_is_refused(tmp_path: Path) -> None:
    error = refused(csv_of(tmp_path, "contest,valid\nseat,10\n"), small())
    assert str(error) == "returns.csv: a column is missing; seen: contest, valid; expected: unit"


@pytest.mark.parametrize(
    ("row", "place", "message"),
    [
        ("nowhere,all,1,5", "line 3, unit", "unknown unit; seen: nowhere"),
        ("e1,nothing,1,5", "line 3, contest", "unknown contest; seen: nothing"),
        ("e1,all,3,5", "line 3, ballot", "unknown ballot; seen: 3; expected: 1 or 2"),
        ("e1,all,,5", "line 3, ballot", "unknown ballot; expected: 1 or 2"),
        ("e1,west,1,5", "line 3, unit", "a unit outside the contest; seen: e1"),
        (",all,1,5", "line 3, unit", "unknown unit"),
    ],
)
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_who_reports_must_be_known(row: str, place: str, message: str, form: str, tmp_path: Path) -> None:
    header = ["unit", "contest", "ballot", "valid"]
    rows = [["w1", "all", "1", "5"], row.split(",")]
    if form == "csv":
        path = write_csv(tmp_path / "returns.csv", header, rows)
    else:
        path = write_parquet(tmp_path / "returns.parquet", header, [[*row[:3], int(row[3])] for row in rows])
        place = place.replace("line 3", "row 2")
    error = refused(path, two_chambers())
    assert str(error).startswith(f"{path.name}, {place}: {message}")
    assert error.exit_code == 1


def test_twenty_problems_are_shown_and_the_others_counted(tmp_path: Path) -> None:
    error = refused(csv_of(tmp_path, "unit,valid\n" + "nowhere,1\n" * 25), small())
    assert len(error.problems) == 21
    assert str(error.problems[-1]) == "returns.csv: and 5 more such rows"


# Figures and candidates


def test_an_unknown_column_is_refused_with_what_there_could_be(tmp_path: Path) -> None:
    error = refused(csv_of(tmp_path, "unit,valid,ivanov,9\np1,1,2,3\n"), small())
    assert [problem.seen for problem in error.problems] == ["ivanov", "9"]
    assert all(problem.place == "returns.csv, line 1" for problem in error.problems)
    assert "registered" in error.problems[0].expected


def test_votes_for_somebody_who_stands_elsewhere_are_refused(tmp_path: Path) -> None:
    text = "unit,contest,petrov,ilyin\ne1,east,3,\nw1,west,,4\ne1,east,1,2\n"
    error = refused(csv_of(tmp_path, text), two_chambers())
    assert str(error) == (
        "returns.csv, line 4, ilyin: votes for somebody who does not stand in this contest; seen: 2; "
        "expected: an empty cell: east has no candidate ilyin"
    )


@pytest.mark.parametrize("name", ["ilyin", "2", "nobody", "²", "1" * 30])
def test_a_long_file_may_name_only_candidates_of_the_contest(name: str, tmp_path: Path) -> None:
    path = csv_of(tmp_path, f"unit,contest,field,figure\nw1,west,1,3\nw1,all,sokil,3\ne1,all,{name},3\n")
    error = refused(path, two_chambers())
    assert str(error).startswith("returns.csv, line 4, field: unknown candidate or figure; seen: ")


def test_a_number_means_another_candidate_in_another_contest(tmp_path: Path) -> None:
    found = read(csv_of(tmp_path, "unit,contest,1,7\ne1,east,5,\ne1,all,6,8\nw1,west,9,\n"), two_chambers())
    assert {key: dict(entry.votes) for key, entry in found.items()} == {
        ("e1", "east", 1): {"petrov": 5},
        ("e1", "all", 1): {"petrov": 6, "sokil": 8},
        ("w1", "west", 1): {"ilyin": 9},
    }


@pytest.mark.parametrize("form", ["csv", "parquet"])
@pytest.mark.parametrize("heads", [("petrov", "1"), ("1", "petrov")])
def test_two_columns_of_one_candidate_are_refused(heads: Sequence[str], form: str, tmp_path: Path) -> None:
    write = write_csv if form == "csv" else write_parquet
    error = refused(write(tmp_path / f"returns.{form}", ["unit", *heads], [["p1", 3, 4]]), small())
    assert "two columns of one candidate" in str(error)


def test_negative_figures_are_read(tmp_path: Path) -> None:
    found = read(csv_of(tmp_path, f"unit,valid,petrov\np1,-5,-{10**12}\n"), small())
    assert found["p1", "seat", 1] == Return("p1", "seat", 1, {"valid": -5}, {"petrov": -(10**12)})


@pytest.mark.parametrize(
    "figure", [str(10**30), str(10**12 + 1), str(-(10**12) - 1), "1.0", "1e3", "four", "1 000", "٤"]
)
@pytest.mark.parametrize("header", ["unit,valid", "unit,petrov", "unit,field,figure"])
def test_what_is_no_figure_is_refused_where_it_stands(figure: str, header: str, tmp_path: Path) -> None:
    row = f"p1,valid,{figure}" if "field" in header else f"p1,{figure}"
    error = refused(csv_of(tmp_path, f"{header}\n{row}\n"), small())
    assert error.problems[0].place == f"returns.csv, line 2, {header.rpartition(',')[2]}"
    assert error.problems[0].seen == figure
    assert error.exit_code == 1


def test_a_figure_given_twice_in_a_long_return_is_refused(tmp_path: Path) -> None:
    for again in ("petrov", "1"):
        path = csv_of(tmp_path, f"unit,field,figure\np1,petrov,3\np1,valid,9\np1,{again},3\n")
        assert str(refused(path, small())).startswith("returns.csv, line 4, field: given twice in one return")


def test_an_unknown_column_of_a_long_file_is_refused(tmp_path: Path) -> None:
    error = refused(csv_of(tmp_path, "unit,field,figure,petrov\np1,valid,3,4\n"), small())
    assert str(error).startswith("returns.csv, line 1: unknown column; seen: petrov")


# Files that hold nothing, or nothing readable


@pytest.mark.parametrize("header", ["unit,valid,petrov", "unit,contest,ballot,field,figure"])
def test_a_header_alone_is_no_returns(header: str, tmp_path: Path) -> None:
    assert read(csv_of(tmp_path, f"{header}\n"), small()) == {}
    columns = header.split(",")
    assert read(write_parquet(tmp_path / "returns.parquet", columns, []), small()) == {}


def test_a_parquet_file_with_empty_row_groups_is_read(tmp_path: Path) -> None:
    schema = pa.table({"unit": ["p1"], "valid": [3]}).schema
    path = tmp_path / "returns.parquet"
    with pq.ParquetWriter(path, schema) as writer:
        writer.write_table(schema.empty_table())
        writer.write_table(pa.table({"unit": ["p1"], "valid": [3]}, schema=schema))
        writer.write_table(schema.empty_table())
    assert read(path, small())["p1", "seat", 1].figures == {"valid": 3}


@pytest.mark.parametrize("name", ["returns.csv", "returns.csv.gz", "returns.parquet"])
def test_an_empty_or_missing_file_is_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    assert refused(path, small()).exit_code == 2
    path.write_bytes(b"")
    refused(path, small())
    path.unlink()
    path.mkdir()
    assert refused(path, small()).exit_code == 2


@pytest.mark.parametrize("content", ["unit,valid\np1,3\n".encode("utf-16"), "unit,valid\nд,3\n".encode("cp1251")])
def test_other_encodings_are_refused_as_such(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "returns.csv"
    path.write_bytes(content)
    error = refused(path, small())
    assert "UTF-8" in str(error)


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "returns.csv"
    path.write_text("unit;valid\np1;3\n", "utf-8-sig")
    assert read(path, small())["p1", "seat", 1].figures == {"valid": 3}


def test_a_candidate_may_be_called_like_a_figure_of_another_law(tmp_path: Path) -> None:
    election = election_of((Unit("a"),), (Contest("a", "a"),), (Candidate("a", "valid", 1, "Valid"),))
    rows: Iterable[Sequence[Any]] = [["a", "valid", 3], ["a", "1", 2]]
    path = write_csv(tmp_path / "returns.csv", ["unit", "field", "figure"], rows)
    assert read(path, election)["a", "a", 1] == Return("a", "a", 1, {"valid": 3}, {"valid": 2})
