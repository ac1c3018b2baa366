"""Every export of an election, into one folder."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from suffrage.count.report import write_tables
from suffrage.count.result import ElectionCount
from suffrage.protocols.exports.nist import write_report
from suffrage.protocols.exports.tables import write_figures_parquet, write_votes_csv, write_votes_parquet
from suffrage.protocols.exports.units import write_units
from suffrage.returns.source import Progress

FILES = {
    "results.nist.json": "the results after NIST SP 1500-100, version 2: places, candidates, contests, counts",
    "contests.csv": "a row a contest and ballot: totals, outcome and reasoning",
    "candidates.csv": "a row a contest, ballot and candidate: votes and what came of them",
    "findings.csv": "a row a check that a return or a contest fails",
    "units.csv": "a row a unit, contest and ballot at every level: returns due and come, figures",
    "votes.csv": "a row a return and candidate: the votes",
    "figures.parquet": "a row a return: every figure that it gives",
    "votes.parquet": "a row a return and candidate: the votes",
}
"""The files of an export, and what each holds."""


def write_exports(
    counted: ElectionCount,
    folder: Path,
    *,
    generated: datetime,
    certified: bool = False,
    issuer: str = "suffrage",
    progress: Progress | None = None,
) -> list[tuple[str, str]]:
    """Write every export of a count that kept every return into a folder that exists; what was written, and what it is.

    `generated`, `certified` and `issuer` are those of `write_report`; no other file speaks of them. The same count
    gives the same bytes. `progress` is called with the number of files written so far. OSError where the disk
    refuses, ValueError where the count keeps no single returns.
    """

    def nist(path: Path) -> None:
        with path.open("w", encoding="utf-8", newline="") as file:
            write_report(counted, file, generated=generated, certified=certified, issuer=issuer)

    writers: dict[str, Callable[[Path], object]] = {
        "results.nist.json": nist,
        "units.csv": lambda path: write_units(counted, path),
        "votes.csv": lambda path: write_votes_csv(counted, path),
        "figures.parquet": lambda path: write_figures_parquet(counted, path),
        "votes.parquet": lambda path: write_votes_parquet(counted, path),
    }
    write_tables(counted, folder)
    for number, (name, write) in enumerate(writers.items(), len(FILES) - len(writers) + 1):
        write(folder / name)
        if progress is not None:
            progress(number)
    return list(FILES.items())
