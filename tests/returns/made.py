"""Made-up elections with their returns and ballots, and the files that they can stand in."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import strategies as st

from suffrage.election import Candidate, Contest, Election, Kind, Unit
from suffrage.returns import Batch, Return, Slots
from suffrage.returns.batch import ABSENT

Key: TypeAlias = tuple[str, str, int]
Ballot: TypeAlias = tuple[str, str, int, tuple[int, ...]]
"""Unit, contest, ballot, and the marks in the order of the candidates (1, 0, or -1 where unclear)."""

FIELDS = ("registered", "took_part", "valid", "invalid", "all_struck")
LARGEST = 10**12

PEOPLE = ("petrov", "semenov", "sivakov", "ilyin", "k.orlova", "bahn-o", "sokil", "wan:g", "ünal", "Zeller")


def election_of(
    units: Iterable[Unit], contests: Iterable[Contest], candidates: Iterable[Candidate], law: str = "ussr-1937"
) -> Election:
    return Election("test", "A test", law, Kind.DEMO, tuple(units), tuple(contests), tuple(candidates))


def small(candidates: int = 3, precincts: int = 2, law: str = "ussr-1937", seats: int = 1) -> Election:
    """One contest in a country of a few precincts: `p1`, `p2`; candidates `petrov`, `semenov`, `sivakov`."""
    units = (Unit("land"), *(Unit(f"p{n + 1}", f"Precinct {n + 1}", parent="land") for n in range(precincts)))
    people = (Candidate("seat", PEOPLE[n], n + 1, PEOPLE[n].title(), "Ivan") for n in range(candidates))
    return election_of(units, (Contest("seat", "land", "The seat", seats=seats),), people, law)


def two_chambers() -> Election:
    """Two districts with a precinct each; a contest in each district, and one in the whole country."""
    units = (Unit("land"), Unit("east", parent="land"), Unit("west", parent="land"), Unit("e1", parent="east"))
    return election_of(
        (*units, Unit("w1", parent="west")),
        (Contest("east", "east"), Contest("west", "west"), Contest("all", "land")),
        (
            Candidate("east", "petrov", 1, "Petrov"),
            Candidate("east", "semenov", 2, "Semenov"),
            Candidate("west", "ilyin", 1, "Ilyin"),
            Candidate("all", "petrov", 1, "Petrov"),
            Candidate("all", "sokil", 7, "Sokil"),
        ),
    )


@st.composite
def elections(draw: st.DrawFn, law: str = "ussr-1937", most_seats: int = 3, least_candidates: int = 1) -> Election:
    """Some districts with precincts, a contest in each, perhaps one more in the whole country."""
    units = [Unit("land", kind="country")]
    contests = []
    for district in range(draw(st.integers(1, 3))):
        name = f"d{district}"
        units.append(Unit(name, f"District {district}", "district", "land"))
        contests.append(Contest(name, name, seats=draw(st.integers(1, most_seats))))
        precincts = range(draw(st.integers(0, 2)))
        units += [Unit(f"{name}-{n}", f"Precinct {district}/{n}", "precinct", name) for n in precincts]
    if draw(st.booleans()):
        contests.append(Contest("land", "land", seats=draw(st.integers(1, most_seats))))
    candidates = []
    for contest in contests:
        ids = draw(st.lists(st.sampled_from(PEOPLE), min_size=least_candidates, max_size=5, unique=True))
        numbers = draw(st.permutations(range(1, len(ids) + 3)))
        candidates += [
            Candidate(contest.id, person, number, person.title(), "Anna")
            for person, number in zip(ids, numbers, strict=False)
        ]
    return election_of(units, contests, candidates, law)


def pairs_of(election: Election) -> list[tuple[str, str]]:
    """Every (unit, contest) where a return can come from."""
    slots = Slots(election)
    return [
        (election.units[unit].id, election.contests[contest].id)
        for unit, contest in zip(slots.unit.tolist(), slots.contest.tolist(), strict=True)
    ]


def candidates_of(election: Election, contest: str) -> list[Candidate]:
    return [person for person in election.candidates if person.contest == contest]


FIGURES = st.integers(0, 3000) | st.integers(-LARGEST, LARGEST)


@st.composite
def returns_of(draw: st.DrawFn, election: Election) -> list[Return]:
    """Returns in any order, with figures missing here and there, but at least one in each."""
    where = draw(st.lists(st.tuples(st.sampled_from(pairs_of(election)), st.sampled_from((1, 2))), unique=True))
    found = []
    for (unit, contest), ballot in where:
        people = [person.id for person in candidates_of(election, contest)]
        names = draw(st.lists(st.sampled_from([*FIELDS, *people]), min_size=1, unique=True))
        given = {name: draw(FIGURES) for name in names}
        found.append(
            Return(
                unit,
                contest,
                ballot,
                {name: figure for name, figure in given.items() if name in FIELDS},
                {name: figure for name, figure in given.items() if name not in FIELDS},
            )
        )
    return found


def as_returns(batches: Iterable[Batch], election: Election) -> dict[Key, Return]:
    """Batches as single returns, looked at row by row."""
    found: dict[Key, Return] = {}
    for batch in batches:
        votes: list[dict[str, int]] = [{} for _ in range(len(batch))]
        triplets = zip(batch.vote_row.tolist(), batch.vote_candidate.tolist(), batch.votes.tolist(), strict=True)
        for row, position, figure in triplets:
            person = election.candidates[position]
            assert person.contest == election.contests[batch.contest[row]].id
            assert person.id not in votes[row]
            votes[row][person.id] = figure
        for row in range(len(batch)):
            key = (
                election.units[batch.unit[row]].id,
                election.contests[batch.contest[row]].id,
                int(batch.ballot[row]),
            )
            assert key not in found
            given = {name: int(column[row]) for name, column in batch.figures.items() if column[row] != ABSENT}
            found[key] = Return(*key, given, votes[row])
    return found


# Files


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Path:
    """Rows as delimited text; None is an empty cell. `.gz` too."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    text = stream.getvalue().encode()
    path.write_bytes(gzip.compress(text, 1) if path.suffix == ".gz" else text)
    return path


def write_parquet(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Path:
    """Rows as Parquet, with the types that Arrow takes them for."""
    columns = list(zip(*rows, strict=True)) or [()] * len(header)
    pq.write_table(pa.table({name: pa.array(column) for name, column in zip(header, columns, strict=True)}), path)
    return path


def wide(election: Election, returns: Sequence[Return], by_number: bool) -> tuple[list[str], list[list[Any]]]:
    """One row a return, candidates by their id or their number."""
    heads: dict[str, dict[tuple[str, str], int]] = {}
    for entry in returns:
        for person in candidates_of(election, entry.contest):
            head = str(person.number) if by_number else person.id
            column = heads.setdefault(head, {})
            if person.id in entry.votes:
                column[entry.unit + " " + str(entry.ballot), entry.contest] = entry.votes[person.id]
    header = ["unit", "contest", "ballot", *FIELDS, *heads]
    rows = [
        [
            *(entry.unit, entry.contest, entry.ballot),
            *(entry.figures.get(name) for name in FIELDS),
            *(column.get((entry.unit + " " + str(entry.ballot), entry.contest)) for column in heads.values()),
        ]
        for entry in returns
    ]
    return header, rows


def long(election: Election, returns: Sequence[Return], by_number: bool) -> tuple[list[str], list[list[Any]]]:
    """One row a figure."""
    numbers = {(person.contest, person.id): str(person.number) for person in election.candidates}
    rows = []
    for entry in returns:
        votes = {numbers[entry.contest, name] if by_number else name: votes for name, votes in entry.votes.items()}
        for name, figure in {**entry.figures, **votes}.items():
            rows.append([entry.unit, entry.contest, entry.ballot, name, figure])
    return ["unit", "contest", "ballot", "field", "figure"], rows


@st.composite
def ballots_of(draw: st.DrawFn, election: Election, second: bool = True) -> list[Ballot]:
    """Marked ballots in any order; `second`: of the second ballot too."""
    where = st.tuples(st.sampled_from(pairs_of(election)), st.sampled_from((1, 2) if second else (1,)))
    found = []
    for (unit, contest), ballot in draw(st.lists(where, max_size=12)):
        size = len(candidates_of(election, contest))
        marks = draw(st.lists(st.sampled_from((0, 1, -1)), min_size=size, max_size=size))
        found.append((unit, contest, ballot, tuple(marks)))
    return found


def marks_table(
    election: Election, ballots: Sequence[Ballot], words: Mapping[int, Any]
) -> tuple[list[str], list[list[Any]]]:
    """One row a ballot, a column a candidate id; None where nobody of that id stands."""
    heads = list(dict.fromkeys(person.id for person in election.candidates))
    rows = []
    for unit, contest, ballot, marks in ballots:
        of = {person.id: mark for person, mark in zip(candidates_of(election, contest), marks, strict=True)}
        rows.append([unit, contest, ballot, *(words[of[head]] if head in of else None for head in heads)])
    return ["unit", "contest", "ballot", *heads], rows
