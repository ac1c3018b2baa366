"""Measure the count against the same sums in SQL (DuckDB), on the same files, in one run.

`python benchmarks/run.py [--small]`. Each row is the best of a few runs in one process; imports and the making of the
files are not counted. The files go to out/bench/ and are used again.
"""

from __future__ import annotations

import argparse
import csv
import gc
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import duckdb
from made_up import NAMES, ballots_folder, returns_folder
from rich.console import Console
from rich.table import Table

from suffrage._core import CsvReader
from suffrage.count import ElectionCount, count_folder
from suffrage.importing import import_election

HERE = Path(__file__).parent
OUT = HERE.parent / "out" / "bench"
DATA = HERE.parent.parent / "shared" / "data"


@dataclass(frozen=True)
class Row:
    """One line of the table; times in seconds, memory in MB."""

    what: str
    ours: float
    sql: float
    memory: int
    aim: str


def best(work: Callable[[], Any], times: int) -> tuple[float, Any]:
    """The shortest time of a few runs, and what the last one gave."""
    shortest, result = float("inf"), None
    for _ in range(times):
        gc.collect()
        start = time.perf_counter()
        result = work()
        shortest = min(shortest, time.perf_counter() - start)
    return shortest, result


def returns_sql(folder: Path, candidates: list[str], contest: str, all_struck: str) -> str:
    """The comparison for a folder of returns."""
    votes = ", ".join(f'sum("{name}") AS "{name}"' for name in candidates)
    names = " + ".join(f'coalesce("{name}", 0)' for name in candidates)
    return (
        (HERE / "returns.sql")
        .read_text()
        .format(returns=folder / "returns.csv", contest=contest, votes=votes, names=names, all_struck=all_struck)
    )


def agree(what: str, ours: object, theirs: object) -> None:
    """Stop where the two counts differ: a comparison of different results is none."""
    if ours != theirs:
        sys.exit(f"{what}: the counts differ: {ours} against {theirs}")


def of_returns(what: str, folder: Path, contest: str, all_struck: str, by_number: bool, aim: str, times: int) -> Row:
    """Count a folder of returns both ways."""
    sql = duckdb.connect()
    ours, counted = best(lambda: count_folder(folder), times)
    columns = [str(c.number) if by_number else c.id for c in counted.contests[0].first.candidates]
    query = returns_sql(folder, columns, contest, all_struck)
    units = (HERE / "units.sql").read_text().format(units=folder / "units.csv")
    theirs, rows = best(lambda: (sql.execute(query).fetchall(), sql.execute(units).fetchall())[0], times)
    agree(what, sums_of(counted), {(row[0], row[1]): [int(n or 0) for n in row[3 : 7 + len(columns)]] for row in rows})
    return Row(what, ours, theirs, peak(folder), aim)


def sums_of(counted: ElectionCount) -> dict[tuple[str, int], list[int]]:
    """Our sums in the order of the SQL."""
    found = {}
    for contest in counted.contests:
        for ballot in contest.ballots:
            votes = {candidate.id: n for candidate, n in zip(ballot.candidates, ballot.totals.votes, strict=True)}
            figures = [ballot.totals.figures[name] for name in ("registered", "issued", "invalid", "valid")]
            everyone = [votes.get(candidate.id, 0) for candidate in contest.first.candidates]
            found[contest.contest.id, ballot.ballot] = figures + everyone
    return found


def of_ballots(what: str, folder: Path, aim: str, times: int) -> Row:
    """Count a folder of ballots both ways."""
    numbers = range(1, NAMES + 1)
    query = (
        (HERE / "ballots.sql")
        .read_text()
        .format(
            ballots=folder / "ballots.parquet",
            marks=", ".join(f'"{n}"::INT AS c{n}' for n in numbers),
            names_left=" + ".join(f'"{n}"::INT' for n in numbers),
            votes=", ".join(f"sum(c{n}) FILTER (WHERE names_left = 1) AS c{n}" for n in numbers),
        )
    )
    sql = duckdb.connect()
    ours, counted = best(lambda: count_folder(folder), times)
    theirs, rows = best(lambda: sql.execute(query).fetchall(), times)
    mine = {
        contest.contest.id: [
            *(contest.first.totals.figures[name] for name in ("took_part", "valid", "all_struck")),
            *contest.first.totals.votes,
        ]
        for contest in counted.contests
    }
    agree(what, mine, {row[0]: [int(n) for n in row[1:]] for row in rows})
    return Row(what, ours, theirs, peak(folder), aim)


def peak(folder: Path) -> int:
    """The peak memory of a process that does nothing but count the folder, in MB."""
    # VmHWM, since the maximum that getrusage tells of a child begins with that of its parent.
    code = (
        "import sys; from pathlib import Path; from suffrage.count import count_folder; "
        "count_folder(Path(sys.argv[1])); "
        "print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
    )
    run = subprocess.run([sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=True)
    return int(run.stdout) // 1024


def parse_alone(screen: Console, path: Path) -> None:
    """What the Rust reader is for: the same file through Python's csv module and int()."""

    def in_rust() -> int:
        reader = CsvReader(path)
        figures: list[Literal["figure"]] = ["figure"] * (len(reader.header) - 1)
        reader.declare(["text", *figures])
        rows = 0
        while (batch := reader.next_batch(16_384)) is not None:
            rows += batch.rows
        return rows

    def in_python() -> int:
        with path.open(newline="", encoding="utf-8") as file:
            rows = csv.reader(file)
            next(rows)
            return sum(1 for row in rows if [int(cell) if cell else None for cell in row[1:]])

    rust, rows = best(in_rust, 5)
    python, same = best(in_python, 3)
    agree("the parse alone", rows, same)
    screen.print(
        f"The parse of {path.name} alone ({rows:,} rows): {rust * 1000:.0f} ms in Rust, "
        f"{python * 1000:.0f} ms with Python's csv module and int()."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="a hundredth of the sizes, to see that it works")
    small = parser.parse_args().small
    screen = Console()
    rows = []
    scale = 100 if small else 1
    poland = OUT / "poland-2015"
    if not poland.exists() and DATA.exists():
        recipe = HERE.parent / "examples" / "recipes" / "poland-president-2015.toml"
        import_election(recipe, DATA, poland, {})
    if poland.exists():
        what = "Poland 2015, both ballots: 2 x 27,586 precincts, CSV"
        rows.append(of_returns(what, poland, "'poland'", "0", False, "1.5 s, 3 x SQL", 5))
    else:
        screen.print(f"Poland 2015 is left out: its files are not in {DATA}", style="yellow")
    precincts, ballots = 100_000 // scale, 100_000_000 // scale
    folder = OUT / f"returns-{precincts}"
    if not folder.exists():
        returns_folder(folder, precincts, 10)
    what = f"{precincts:,} precincts x 10 contests, CSV"
    rows.append(of_returns(what, folder, "contest", "all_struck", True, "5 s", 3))
    folder = OUT / f"ballots-{ballots}"
    if not folder.exists():
        screen.print(f"making {ballots:,} ballots")
        ballots_folder(folder, ballots, 300)
    rows.append(of_ballots(f"{ballots:,} ballots of four names, Parquet", folder, "2 x SQL, 2 GB", 2))
    table = Table("what", "suffrage", "SQL", "ratio", "memory", "aim", box=None)
    for row in rows:
        ratio = f"{row.ours / row.sql:.2f}"
        table.add_row(row.what, f"{row.ours:.3f} s", f"{row.sql:.3f} s", ratio, f"{row.memory:,} MB", row.aim)
    screen.print(table)
    if poland.exists():
        parse_alone(screen, poland / "returns.csv")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**30
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    screen.print(
        f"{platform.system()} {platform.machine()}, {cores} cores, {memory} GB; Python {platform.python_version()}, "
        f"DuckDB {duckdb.__version__}",
        style="dim",
    )


if __name__ == "__main__":
    main()
