"""The tables of an export: summed in SQL they are the count, and put together they are its returns again."""

from __future__ import annotations

import csv
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
from hypothesis import assume, given

from suffrage.count import ElectionCount, count_folder
from suffrage.count.result import BallotCount, ContestCount
from suffrage.election import Contest, Unit, write_folder
from suffrage.protocols.exports import FILES, write_exports
from suffrage.protocols.exports.tables import write_figures_parquet, write_votes_csv, write_votes_parquet
from suffrage.protocols.exports.units import write_units
from tests.elections import election, reported, sound, standing
from tests.protocols.exports.made import NOON, SOME, counted, counts, totals

TYPES = (
    "header = true, columns = {'contest': 'varchar', 'ballot': 'int', 'unit': 'varchar', 'candidate': 'varchar', "
    "'number': 'bigint', 'votes': 'bigint'}"
)

AS_RETURNS = """
    copy (
        select unit, contest, ballot, field, figure
        from '{0}/figures.parquet'
             unpivot include nulls (figure for field in (columns(* exclude (unit, contest, ballot))))
        union all select unit, contest, ballot, number::text, votes from '{0}/votes.parquet'
        order by ballot, contest, unit
    ) to '{0}/returns.csv'
"""


def tables(of: ElectionCount, folder: Path) -> None:
    write_figures_parquet(of, folder / "figures.parquet")
    write_votes_parquet(of, folder / "votes.parquet")
    write_votes_csv(of, folder / "votes.csv")
    write_units(of, folder / "units.csv")


def selected(query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as database:
        return database.execute(query).fetchall()


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.slow
@SOME
@given(counts())
def test_sums_in_sql_are_the_totals(of: ElectionCount) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tables(of, folder)
        names = pq.read_schema(folder / "figures.parquet").names[3:]
        sums = ", ".join(f'sum("{name}")::bigint, count("{name}")' for name in names)
        found = {
            (contest, ballot): (returns, rest)
            for contest, ballot, returns, *rest in selected(
                f"select contest, ballot, count(*){', ' if sums else ''}{sums} "
                f"from '{folder}/figures.parquet' group by contest, ballot"
            )
        }
        votes = [
            {
                (contest, ballot, number): total
                for contest, ballot, number, total in selected(
                    f"select contest, ballot, number, sum(votes)::bigint from {source} group by contest, ballot, number"
                )
            }
            for source in (f"'{folder}/votes.parquet'", f"read_csv('{folder}/votes.csv', {TYPES})")
        ]
        expected: dict[tuple[str, int, int], int] = {}
        for contest, ballot, returns, figures, on_paper in totals(of):
            assert found.get((contest, ballot), (0, []))[0] == returns
            if returns:
                rest = found[contest, ballot][1]
                pairs = dict(zip(names, zip(rest[::2], rest[1::2], strict=True), strict=True))
                whole = {name: total for name, (total, given) in pairs.items() if given == returns}
                assert whole == figures
                expected |= {(contest, ballot, number): total for number, total in on_paper.items()}
        assert votes == [expected, expected]


@SOME
@given(counts())
def test_units_add_up_to_their_contest_and_contests_to_the_whole(of: ElectionCount) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "units.csv"
        write_units(of, path)
        found = rows(path)
    figures = list(found[0])[8:] if found else []
    districts = {(row["contest"], int(row["ballot"])): row for row in found if row["level"] == "district"}
    for contest, ballot, _, expected, _ in totals(of):
        row = districts[contest, ballot]
        assert {name: int(row[name]) for name in figures if row[name]} == expected
    results = {(c.contest.id, b.ballot): b for c in of.contests for b in c.ballots}
    assert set(districts) == set(results)
    for key, result in results.items():
        assert (int(districts[key]["expected"]), int(districts[key]["reported"])) == (result.expected, result.reported)
        units = [row for row in found if (row["contest"], int(row["ballot"])) == key]
        slots, position = of.gathered.slots, of.election.index.contest[key[0]]
        assert len(units) == slots.first[position + 1] - slots.first[position]
    due: Counter[tuple[str, str]] = Counter()
    for row in districts.values():
        due[row["chamber"], row["ballot"]] += int(row["expected"])
    centres = {(row["chamber"], row["ballot"]): int(row["expected"]) for row in found if row["level"] == "centre"}
    assert centres == due


@pytest.mark.slow
@SOME
@given(counts())
def test_the_tables_are_returns_that_count_the_same(of: ElectionCount) -> None:
    # Long returns know candidates by a number of at most nine digits.
    assume(all(candidate.number < 10**9 for candidate in of.election.candidates) and of.gathered.sums)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tables(of, folder)
        assume(len(pq.read_schema(folder / "figures.parquet").names) > 3)
        selected(AS_RETURNS.format(folder))
        for table in ("figures.parquet", "votes.parquet", "votes.csv", "units.csv"):
            (folder / table).unlink()
        plain = replace(of.election, title=of.election.title.strip() or "-", contests=_named(of.election.contests))
        write_folder(plain, folder)
        again = count_folder(folder, every_return=True)
    assert [_told(contest) for contest in again.contests] == [_told(contest) for contest in of.contests]


def _named(contests: tuple[Contest, ...]) -> tuple[Contest, ...]:
    return tuple(replace(contest, name=contest.name.strip()) for contest in contests)


def _told(contest: ContestCount) -> Any:
    def ballot(held: BallotCount) -> BallotCount:
        return replace(held, findings=tuple(replace(finding, line=0) for finding in held.findings))

    ballots = [ballot(held) for held in contest.ballots]
    return contest.contest.id, ballots, contest.outcome


def test_levels_from_a_precinct_to_the_centre(tmp_path: Path) -> None:
    units = (
        Unit("top", kind="country"),
        Unit("area", parent="top", kind="republic"),
        Unit("d", parent="area", kind="district"),
        Unit("town", parent="d", kind="town"),
        Unit("p1", parent="town"),
        Unit("p2", parent="town"),
        Unit("e", parent="top", kind="district"),
    )
    made = election(units, (Contest("d", "d"), Contest("e", "e")), [*standing("d", "A", "B"), *standing("e", "C")])
    of = counted(
        made, sound({"a": 9, "b": 1}, "p1", absent=5), reported("e", "e", votes={"c": 3}, valid=3, registered=4)
    )
    write_units(of, tmp_path / "units.csv")
    found = rows(tmp_path / "units.csv")
    told = [
        (
            row["level"],
            row["contest"],
            row["unit"],
            row["expected"],
            row["reported"],
            row["registered"],
            row["all_struck"],
        )
        for row in found
    ]
    assert told == [
        ("district", "d", "d", "2", "1", "15", "0"),
        ("part", "d", "town", "2", "1", "15", "0"),
        ("precinct", "d", "p1", "1", "1", "15", "0"),
        ("precinct", "d", "p2", "1", "0", "", ""),
        ("district", "e", "e", "1", "1", "4", ""),
        ("area", "", "area", "2", "1", "15", "0"),
        ("centre", "", "", "3", "2", "19", ""),
    ]


def test_a_unit_that_reports_for_those_in_it(tmp_path: Path) -> None:
    units = (Unit("d"), Unit("town", parent="d"), Unit("p1", parent="town"), Unit("p2", parent="town"))
    write_units(counted(election(units), sound({"a": 5}, "town")), tmp_path / "units.csv")
    told = [
        tuple(row[name] for name in ("level", "unit", "expected", "reported", "valid"))
        for row in rows(tmp_path / "units.csv")
    ]
    assert told == [
        ("district", "d", "2", "2", "5"),
        ("precinct", "town", "2", "2", "5"),
        ("precinct", "p1", "1", "1", ""),
        ("precinct", "p2", "1", "1", ""),
        ("centre", "", "2", "2", "5"),
    ]


def test_a_cell_may_hold_any_line_end(tmp_path: Path) -> None:
    write_units(counted(election((Unit("d", kind='one\rtwo\n,"three"'),))), tmp_path / "units.csv")
    assert rows(tmp_path / "units.csv")[0]["kind"] == 'one\rtwo\n,"three"'


def test_types_of_the_parquet_files(tmp_path: Path) -> None:
    of = counted(election(), sound({"a": 5, "b": 4}))
    assert write_exports(of, tmp_path, generated=NOON) == list(FILES.items())
    kinds = {field.name: str(field.type) for field in pq.read_schema(tmp_path / "votes.parquet")}
    identifier = "dictionary<values=string, indices=int32, ordered=0>"
    assert kinds == {
        "contest": identifier,
        "ballot": "int8",
        "unit": identifier,
        "candidate": identifier,
        "number": "int64",
        "votes": "int64",
    }
    figures = pq.read_table(tmp_path / "figures.parquet").to_pylist()
    assert figures == [
        {
            "contest": "d",
            "ballot": 1,
            "unit": "d",
            "registered": 9,
            "took_part": 9,
            "invalid": 0,
            "valid": 9,
            "all_struck": 0,
        }
    ]
