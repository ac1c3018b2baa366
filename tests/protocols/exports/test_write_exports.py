"""Writing every export: the files, their bytes, what is refused, and how much memory it takes."""

from __future__ import annotations

import io
import json
import tracemalloc
from pathlib import Path

import duckdb
import pytest

from suffrage.count import count, count_folder
from suffrage.election import Contest, Unit
from suffrage.law import built_in
from suffrage.protocols.exports import FILES, write_exports, write_report
from suffrage.protocols.exports import tables as tables_module
from suffrage.simulation import simulate
from tests.elections import batches, election, sound
from tests.protocols.exports.made import NOON, Read, counted, schema

EXAMPLES = Path(__file__).parents[3] / "examples"


def test_the_files_and_their_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    units = (Unit("d"), *(Unit(f"p{n}", parent="d") for n in range(20)))
    of = counted(election(units), *(sound({"a": n, "b": 20 - n}, f"p{n}") for n in range(20)))
    monkeypatch.setattr(tables_module, "ROWS_AT_A_TIME", 7)
    written = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        told: list[int] = []
        assert write_exports(of, tmp_path / name, generated=NOON, progress=told.append) == list(FILES.items())
        assert told == sorted(set(told))
        assert told[-1] == len(FILES)
        written.append({path.name: path.read_bytes() for path in sorted((tmp_path / name).iterdir())})
    assert written[0] == written[1]
    assert set(written[0]) == set(FILES)


def test_a_count_that_kept_no_single_returns_is_refused(tmp_path: Path) -> None:
    made = election((Unit("d"), Unit("p", parent="d")))
    of = count(made, built_in("ussr-1937"), batches(made, [sound({"a": 1}, "p")]))
    with pytest.raises(ValueError, match="every_return"):
        write_exports(of, tmp_path, generated=NOON)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["france-2022", "draft-ballot-1937", "simulated"])
def test_whole_elections(name: str, tmp_path: Path) -> None:
    folder = EXAMPLES / name
    if name == "simulated":
        folder = tmp_path / "election"
        simulate(built_in("ussr-1937"), 200_000, 1, folder)
    of = count_folder(folder, every_return=True)
    out = tmp_path / "exports"
    out.mkdir()
    write_exports(of, out, generated=NOON)
    report = json.loads((out / "results.nist.json").read_text("utf-8"))
    schema().validate(report)
    votes, found = Read(report), 0
    with duckdb.connect() as database:
        query = f"select contest, ballot, number, sum(votes)::bigint from '{out}/votes.parquet' group by all"
        summed = {
            (contest, ballot, number): total for contest, ballot, number, total in database.execute(query).fetchall()
        }
    for contest in of.contests:
        for ballot in contest.ballots:
            told = votes.votes(votes.contest(contest.contest.id, ballot.ballot)) if ballot.reported else {}
            for candidate, total in zip(ballot.candidates, ballot.totals.votes, strict=True):
                if ballot.reported:
                    found += 1
                    assert told[candidate.number, contest.contest.unit] == total
                    assert summed[contest.contest.id, ballot.ballot, candidate.number] == total
    assert found == len(summed)


class Nowhere(io.StringIO):
    """A file that keeps nothing but how long it would be."""

    length = 0

    def write(self, text: str) -> int:
        self.length += len(text)
        return len(text)


def test_a_report_is_longer_than_what_is_held_of_it() -> None:
    size = 5000
    units = (
        Unit("top"),
        *(Unit(f"d{n}", parent="top") for n in range(10)),
        *(Unit(f"p{n}", parent=f"d{n % 10}") for n in range(size)),
    )
    contests = [Contest(f"d{n}", f"d{n}") for n in range(10)]
    made = election(units, contests, law="plurality")
    of = counted(made, *(sound({"a": n, "b": 9}, f"p{n}", f"d{n % 10}") for n in range(size)))
    file = Nowhere()
    tracemalloc.start()
    try:
        write_report(of, file, generated=NOON)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert file.length > 4_000_000
    assert peak < file.length / 2
