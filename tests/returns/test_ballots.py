"""Open ballots in bulk mean what each of them means alone (`suffrage.count.ballot.meaning`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from suffrage.count.ballot import Mark, Meaning, figures_of_ballots, meaning
from suffrage.election import Candidate, Contest, Election, Unit
from suffrage.errors import CountError, ReturnsError, SuffrageError
from suffrage.law import built_in
from suffrage.returns import Batch
from suffrage.returns.open import BALLOT_FIGURES, read_ballots
from tests.returns.made import (
    Ballot,
    Key,
    as_returns,
    ballots_of,
    candidates_of,
    election_of,
    elections,
    marks_table,
    small,
    two_chambers,
    write_csv,
    write_parquet,
)

LAWS = ("ussr-1937", "vietnam-2015", "plurality", "approval-majority")
FIGURES = ("took_part", "valid", "invalid", "doubtful", "all_struck")
Sums = dict[Key, tuple[dict[str, int], dict[str, int]]]

FIGURE_OF = {
    Meaning.VALID: "valid",
    Meaning.VALID_NONE_LEFT: "valid",
    Meaning.INVALID_NONE_LEFT: "invalid",
    Meaning.INVALID_TOO_MANY: "invalid",
    Meaning.INVALID_UNCLEAR: "invalid",
    Meaning.UNDECIDED: "doubtful",
}


def one_by_one(election: Election, ballots: Iterable[Ballot], law: str) -> Sums:
    """The figures and votes of each return, from the meaning of each ballot."""
    rules = built_in(law)
    seats = {contest.id: contest.seats for contest in election.contests}
    sums: Sums = {}
    for unit, contest, ballot, marks in ballots:
        people = candidates_of(election, contest)
        figures, votes = sums.setdefault(
            (unit, contest, ballot), (dict.fromkeys(FIGURES, 0), {person.id: 0 for person in people})
        )
        read = meaning([Mark(mark) for mark in marks], rules, seats[contest])
        figures["took_part"] += 1
        figures[FIGURE_OF[read.meaning]] += 1
        figures["all_struck"] += not any(marks)
        for position in read.votes_for:
            votes[people[position].id] += 1
    return sums


def in_bulk(batches: Iterable[Batch], election: Election, law: str) -> Sums:
    """The same, as the count gets it."""
    sums: Sums = {}
    for batch in batches:
        assert set(batch.figures) == set(BALLOT_FIGURES)
        figures = figures_of_ballots(batch.figures, built_in(law))
        for key, entry in as_returns([batch], election).items():
            row = next(
                row
                for row in range(len(batch))
                if key[:2] == (election.units[batch.unit[row]].id, election.contests[batch.contest[row]].id)
            )
            sums[key] = ({name: int(figures[name][row]) for name in FIGURES}, dict(entry.votes))
    return sums


def read(path: Path, election: Election, law: str = "ussr-1937") -> Sums:
    return in_bulk(read_ballots(path, election, built_in(law)), election, law)


def refused(path: Path, election: Election) -> SuffrageError:
    with pytest.raises(ReturnsError) as caught:
        list(read_ballots(path, election, built_in("ussr-1937")))
    return caught.value


def csv_of(folder: Path, text: str) -> Path:
    path = folder / "ballots.csv"
    path.write_text(text, "utf-8")
    return path


@given(data=st.data(), law=st.sampled_from(LAWS))
def test_bulk_and_single_ballots_agree(data: st.DataObject, law: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    election = data.draw(elections(law))
    ballots = data.draw(ballots_of(election))
    wanted = one_by_one(election, ballots, law)
    folder = tmp_path_factory.mktemp("ballots")
    unclear = data.draw(st.sampled_from(("", "?", None)))
    as_csv = marks_table(election, ballots, {1: "1", 0: "0", -1: unclear})
    assert read(write_csv(folder / "ballots.csv", *as_csv), election, law) == wanted
    for words in ({1: 1, 0: 0, -1: None}, {1: True, 0: False, -1: None}):
        path = write_parquet(folder / "ballots.parquet", *marks_table(election, ballots, words))
        assert read(path, election, law) == wanted


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("names", range(1, 6))
@pytest.mark.parametrize("seats", [1, 2, 3, 6])
def test_every_combination_of_marks(names: int, seats: int, law: str, tmp_path: Path) -> None:
    election = small(candidates=names, seats=seats)
    ballots = [("p1", "seat", 1, marks) for marks in product((0, 1, -1), repeat=names)]
    path = write_csv(tmp_path / "ballots.csv", *marks_table(election, ballots, {1: "1", 0: "0", -1: "?"}))
    assert read(path, election, law) == one_by_one(election, ballots, law)
    # And each of them alone, so that no two mistakes make up for each other.
    if names <= 3:
        units = [Unit(f"u{n}", parent="land") for n in range(len(ballots))]
        apart = election_of((*election.units[:1], *units), election.contests, election.candidates)
        singles = [(unit.id, *ballot[1:]) for unit, ballot in zip(units, ballots, strict=True)]
        path = write_csv(tmp_path / "ballots.csv", *marks_table(apart, singles, {1: "1", 0: "0", -1: ""}))
        assert read(path, apart, law) == one_by_one(apart, singles, law)


@pytest.mark.parametrize(
    ("kind", "marks"),
    [
        (pa.bool_(), (True, False)),
        (pa.int8(), (1, 0)),
        (pa.int64(), (1, 0)),
        (pa.uint8(), (1, 0)),
        (pa.uint64(), (1, 0)),
    ],
)
def test_types_of_marks_in_parquet(kind: pa.DataType, marks: Sequence[Any], tmp_path: Path) -> None:
    left, struck = marks
    path = tmp_path / "ballots.parquet"
    columns = {"petrov": [left, struck, left, None], "semenov": [struck, struck, left, struck]}
    table = pa.table({"unit": ["p1"] * 4, **{name: pa.array(column, kind) for name, column in columns.items()}})
    pq.write_table(table, path, row_group_size=3)
    (figures, votes) = read(path, small(candidates=2))["p1", "seat", 1]
    assert figures == {"took_part": 4, "valid": 2, "invalid": 1, "doubtful": 1, "all_struck": 1}
    assert votes == {"petrov": 1, "semenov": 0}


def test_a_column_of_nulls_is_unclear_on_every_ballot(tmp_path: Path) -> None:
    path = tmp_path / "ballots.parquet"
    pq.write_table(pa.table({"unit": ["p1", "p2"], "petrov": [1, 0], "semenov": pa.nulls(2)}), path)
    for figures, votes in read(path, small(candidates=2)).values():
        assert (figures["doubtful"], sum(votes.values())) == (1, 0)


@pytest.mark.parametrize("column", [pa.array([2]), pa.array([-1]), pa.array([1.0]), pa.array(["1"]), pa.array([2**40])])
def test_other_marks_in_parquet_are_refused(column: pa.Array[Any], tmp_path: Path) -> None:
    path = tmp_path / "ballots.parquet"
    pq.write_table(pa.table({"unit": ["p1"], "petrov": column}), path)
    assert "petrov" in str(refused(path, small(candidates=1)))


@pytest.mark.parametrize("mark", ["2", "x", "-1", "yes", "1.0", "11", "true"])
def test_other_marks_in_text_are_refused(mark: str, tmp_path: Path) -> None:
    error = refused(csv_of(tmp_path, f"unit,petrov\np1,1\np1,{mark}\n"), small(candidates=1))
    assert (error.problems[0].place, error.problems[0].seen) == ("ballots.csv, line 3, petrov", mark)


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_mark_for_nobody_is_refused(form: str, tmp_path: Path) -> None:
    write = write_csv if form == "csv" else write_parquet
    header = ["unit", "contest", "petrov", "semenov", "ilyin", "sokil"]
    rows = [["e1", "east", 1, 0, 0, 0], ["w1", "west", 0, 0, 1, 0], ["w1", "west", 0, 1, 0, 0]]
    error = refused(write(tmp_path / f"ballots.{form}", header, rows), two_chambers())
    place = "line 4" if form == "csv" else "row 3"
    assert str(error) == (
        f"ballots.{form}, {place}, semenov: a mark for nobody; seen: 1; "
        "expected: blank or 0: no such candidate stands in west"
    )


def test_a_mark_for_nobody_is_found_on_the_second_ballot_too(tmp_path: Path) -> None:
    path = csv_of(tmp_path, "unit,contest,ballot,1,2,7\ne1,east,1,1,0,\nw1,west,2,1,,\nw1,west,2,0,1,\n")
    assert str(refused(path, two_chambers())).startswith("ballots.csv, line 4, 2: a mark for nobody")


# Columns


def test_one_unit_needs_no_column_and_one_contest_neither(tmp_path: Path) -> None:
    election = election_of((Unit("room"),), (Contest("room", "room"),), (Candidate("room", "petrov", 1, "Petrov"),))
    (figures, votes) = read(csv_of(tmp_path, "petrov\n1\n0\n1\n"), election)["room", "room", 1]
    assert (figures["valid"], votes) == (3, {"petrov": 2})


def test_several_units_need_a_column(tmp_path: Path) -> None:
    assert str(refused(csv_of(tmp_path, "petrov\n1\n"), small(candidates=1))) == (
        "ballots.csv: a column is missing; seen: petrov; expected: unit"
    )


def test_several_contests_in_one_room_need_a_column(tmp_path: Path) -> None:
    people = (Candidate("one", "petrov", 1, "Petrov"), Candidate("two", "petrov", 1, "Petrov"))
    election = election_of((Unit("room"),), (Contest("one", "room"), Contest("two", "room")), people)
    assert "several contests are held here" in str(refused(csv_of(tmp_path, "petrov\n1\n"), election))


def test_every_candidate_needs_a_column(tmp_path: Path) -> None:
    error = refused(csv_of(tmp_path, "unit,petrov\np1,1\n"), small(candidates=3))
    assert [problem.expected for problem in error.problems] == ["semenov (seat)", "sivakov (seat)"]


def test_two_columns_of_one_candidate_are_refused(tmp_path: Path) -> None:
    error = refused(csv_of(tmp_path, "unit,petrov,1\np1,1,1\n"), small(candidates=1))
    assert str(error).startswith("ballots.csv, line 1: two columns of one candidate; seen: petrov, 1")


@pytest.mark.parametrize("head", ["valid", "ivanov", "4", "Petrov"])
def test_an_unknown_column_is_refused(head: str, tmp_path: Path) -> None:
    error = refused(csv_of(tmp_path, f"unit,petrov,semenov,sivakov,{head}\np1,1,0,0,0\n"), small())
    assert error.problems[0].seen == head


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("nowhere,all,1", "line 2, unit: unknown unit"),
        ("e1,no,1", "line 2, contest: unknown contest"),
        ("e1,west,1", "line 2, unit: a unit outside the contest"),
        ("e1,east,0", "line 2, ballot: unknown ballot"),
    ],
)
def test_where_a_ballot_was_cast_must_be_known(row: str, message: str, tmp_path: Path) -> None:
    path = csv_of(tmp_path, f"unit,contest,ballot,1,2,7\n{row},0,,\n")
    assert str(refused(path, two_chambers())).startswith(f"ballots.csv, {message}")


def test_a_header_alone_is_no_ballots(tmp_path: Path) -> None:
    assert read(csv_of(tmp_path, "unit,petrov\n"), small(candidates=1)) == {}


def test_ballots_on_which_nobody_stands_are_counted(tmp_path: Path) -> None:
    election = election_of((Unit("a"),), (Contest("a", "a"),), ())
    assert read(csv_of(tmp_path, "unit\na\na\n"), election)["a", "a", 1][0]["took_part"] == 2


def test_ballots_are_told_apart_by_place_however_they_are_mixed(tmp_path: Path) -> None:
    election = small(candidates=2, precincts=3)
    rows = [[f"p{1 + n % 3}", 1 + n % 2, int(n % 5 == 0), int(n % 5 == 1)] for n in range(150_000)]
    found = read(write_csv(tmp_path / "ballots.csv", ["unit", "ballot", "petrov", "semenov"], rows), election)
    wanted = Counter((unit, ballot, left) for unit, ballot, left, _ in rows)
    for (unit, _, ballot), (_, votes) in found.items():
        assert votes["petrov"] == wanted[unit, ballot, 1]
    assert len(found) == 6


def test_a_law_that_does_not_say_how_many_names_cannot_read_ballots(tmp_path: Path) -> None:
    path = csv_of(tmp_path, "unit,petrov\np1,1\n")
    with pytest.raises(CountError, match=r"how many names may be left.*ballot\.may_leave"):
        list(read_ballots(path, small(candidates=1), built_in("ussr-1924")))
