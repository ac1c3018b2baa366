"""Measure printing the parcels of polling stations to files: how many a second, and whether memory stays flat.

`python benchmarks/parcels.py [--precincts 1000] [--electors 40]`. A fifth of the precincts are printed first, in a
process of its own: what its memory grows by while it prints is to be what it grows by for all of them. The presses are
threads, so that the memory of a process is that of all its workers.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from suffrage.count.folder import law_of
from suffrage.election import Candidate, Contest, Election, Kind, Unit, read_folder, write_folder
from suffrage.paper.form import form_of
from suffrage.paper.station import parcels_of, poll_books, precincts_of, print_parcels, station_language

SURNAMES = ("PETROV", "SEMENOV", "SIVAKOV")
OF_TEN = 10


def write_made_up(folder: Path, precincts: int, electors: int) -> None:
    """An election folder of one contest with three candidates, and the roll: every tenth elector has voted online."""
    units = [Unit("d", "District")] + [Unit(f"p{n}", f"Precinct {n}", "precinct", "d") for n in range(precincts)]
    standing = [
        Candidate("d", f"c{n}", n, surname, "Ivan Semenovich", ("the general assembly of workers of plant no. 22",))
        for n, surname in enumerate(SURNAMES, 1)
    ]
    folder.mkdir()
    contests = (Contest("d", "d", "District contest"),)
    day = date(2026, 12, 6)
    write_folder(
        Election("bench", "Made-up", "ussr-1937", Kind.DEMO, tuple(units), contests, tuple(standing), polling_day=day),
        folder,
    )
    with (folder / "roll.csv").open("w", encoding="utf-8") as roll:
        roll.write("number,name,address,unit,online\n")
        for n in range(precincts * electors):
            online = "yes" if n % OF_TEN == 0 else "no"
            roll.write(f'{n},"Elector {n}","{n} Long Street, Northtown",p{n // electors},{online}\n')


def peak() -> int:
    """The most memory that this process has had so far, in MB."""
    status = Path("/proc/self/status").read_text().splitlines()
    return int(next(line.split()[1] for line in status if line.startswith("VmHWM"))) // 1024


def measure(precincts: int, electors: int) -> dict[str, float]:
    """Print a made-up election into a folder that is thrown away."""
    with tempfile.TemporaryDirectory(prefix="suffrage-bench-") as home:
        folder, out = Path(home) / "election", Path(home) / "parcels"
        write_made_up(folder, precincts, electors)
        out.mkdir()
        begun = time.perf_counter()
        election = read_folder(folder)
        law = law_of(election, folder)
        books = poll_books((folder / "roll.csv").read_bytes(), election, "roll.csv")
        forms = [form_of(election, law, "d")]
        parcels = parcels_of(election, law, precincts_of(election), forms, books)
        read, before = time.perf_counter() - begun, peak()
        begun = time.perf_counter()
        number = print_parcels(parcels, out, station_language("en"))
        took = time.perf_counter() - begun
        written = sum(path.stat().st_size for path in out.iterdir())
        assert number == precincts == len(list(out.iterdir()))
    return {"read": read, "print": took, "before": before, "peak": peak(), "bytes": written}


def measured(precincts: int, electors: int) -> dict[str, Any]:
    """The same in a process of its own."""
    command = [sys.executable, __file__, "--stage", "--precincts", str(precincts), "--electors", str(electors)]
    run = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--precincts", type=int, default=1_000)
    parser.add_argument("--electors", type=int, default=40)
    parser.add_argument("--stage", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.stage:
        print(json.dumps(measure(given.precincts, given.electors)))
        return
    table = Table("parcels", "roll read", "printed", "a second", "MB", "memory before", "at most", "aim", box=None)
    for number in (max(1, given.precincts // 5), given.precincts):
        one = measured(number, given.electors)
        table.add_row(
            f"{number:,} of {given.electors} electors",
            f"{one['read']:.1f} s",
            f"{one['print']:.1f} s",
            f"{number / one['print']:.1f}",
            f"{one['bytes'] / 1e6:.0f}",
            f"{one['before']:,} MB",
            f"{one['peak']:,} MB",
            f"{0.3 * number:.0f} s",
        )
    Console().print(table)


if __name__ == "__main__":
    main()
