"""The totals of a count are those that a few lines of SQL make of the same files."""

from __future__ import annotations

import tempfile
from pathlib import Path
from random import Random

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suffrage.count import count_folder
from suffrage.election import Candidate, Contest, Election, Kind, Unit, write_folder
from suffrage.tables import table_text

FIGURES = ("registered", "took_part", "invalid", "valid", "all_struck")
DISTRICTS, CANDIDATES = 3, 3

TOTALS = """
    select contest, ballot, count(*) as returns, sum(registered), sum(took_part), sum(invalid), sum(valid),
           sum(all_struck), coalesce(sum(one), 0), coalesce(sum(two), 0), coalesce(sum(three), 0)
    from read_csv('{path}', header = true, all_varchar = false)
    group by contest, ballot
"""


def written(folder: Path, seed: int, precincts: int, absent: float) -> Election:
    """A made-up election whose precincts vote for two chambers, some of them missing, in two ballots."""
    random = Random(seed)
    units = [Unit("top", kind="country")]
    units += [Unit(f"d{n}", parent="top", kind="district") for n in range(DISTRICTS)]
    units += [Unit(f"n{n}", parent="top", kind="nation") for n in range(2)]
    for n in range(precincts):
        district, nation = f"d{n % DISTRICTS}", f"n{random.randrange(2)}"
        units.append(Unit(f"p{n}", parent=district, also_in=(nation,), kind="precinct"))
    contests = [
        Contest(f"{kind}{n}", f"{kind}{n}", chamber=kind) for kind in "dn" for n in range(DISTRICTS - (kind == "n"))
    ]
    candidates = [
        Candidate(contest.id, f"{contest.id}-{'xyz'[n]}", n + 1, "XYZ"[n])
        for contest in contests
        for n in range(CANDIDATES)
    ]
    made = Election("sql", "SQL", "ussr-1937", Kind.DEMO, tuple(units), tuple(contests), tuple(candidates))
    write_folder(made, folder)
    rows = []
    for unit in units[1 + DISTRICTS + 2 :]:
        for contest in (unit.parent, unit.also_in[0]):
            for ballot in (1, 2):
                if random.random() < absent:
                    continue
                votes = [random.randrange(0, 10 ** random.randrange(1, 6)) for _ in range(CANDIDATES)]
                struck, invalid = random.randrange(50), random.randrange(50)
                valid = sum(votes) + struck
                took_part = valid + invalid
                registered = took_part + random.randrange(500)
                rows.append((unit.id, contest, ballot, registered, took_part, invalid, valid, struck, *votes))
    random.shuffle(rows)
    header = ("unit", "contest", "ballot", *FIGURES, *(str(n + 1) for n in range(CANDIDATES)))
    (folder / "returns.csv").write_text(table_text(header, rows))
    return made


def by_sql(path: Path) -> dict[tuple[str, int], tuple[int, ...]]:
    text = path.read_text().replace(",1,2,3\n", ",one,two,three\n", 1)
    path.with_name("named.csv").write_text(text)
    with duckdb.connect() as connection:
        rows = connection.execute(TOTALS.format(path=path.with_name("named.csv"))).fetchall()
    return {(str(contest), int(ballot)): tuple(int(number) for number in rest) for contest, ballot, *rest in rows}


def agree(folder: Path, made: Election) -> None:
    sql = by_sql(folder / "returns.csv")
    ours = {}
    for contest in count_folder(folder).contests:
        for ballot in contest.ballots:
            if ballot.reported:
                votes = dict(
                    zip((candidate.number for candidate in ballot.candidates), ballot.totals.votes, strict=True)
                )
                figures = ballot.totals.figures
                numbers = [figures[name] for name in FIGURES]
                numbers += [votes.get(number + 1, 0) for number in range(CANDIDATES)]
                ours[contest.contest.id, ballot.ballot] = (ballot.reported, *numbers)
    assert ours == sql
    assert {contest for contest, _ in ours} <= {contest.id for contest in made.contests}


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 40), st.sampled_from([0.0, 0.3]))
def test_totals_are_those_of_sql(seed: int, precincts: int, absent: float) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = written(folder, seed, precincts, absent)
        if (folder / "returns.csv").read_text().count("\n") > 1:
            agree(folder, made)


@pytest.mark.slow
def test_totals_of_many_precincts_are_those_of_sql(tmp_path: Path) -> None:
    """More rows than the reader hands over at a time."""
    agree(tmp_path, written(tmp_path, 1937, 20_000, 0.01))
