"""Measure casting over HTTP: verified and durable ballots a second, client and server on the same machine.

`python benchmarks/casting.py [--ballots 18000] [--seconds 60] [--connections 12]`, with DATABASE_URL for PostgreSQL (a
database that is empty), else SQLite. The ballots are sealed beforehand. Beside it stands what the disk allows: one
fsync after each ballot, alone.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.table import Table


def main() -> None:
    """Prepare an election of one contest, seal, cast, verify, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ballots", type=int, default=18_000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--connections", type=int, default=12)
    parser.add_argument("--port", type=int, default=8093)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="suffrage-bench-") as folder:
        measure(Path(folder), asked.ballots, asked.seconds, asked.connections, asked.port)


def measure(data: Path, count: int, seconds: float, connections: int, port: int) -> None:
    url = f"http://127.0.0.1:{port}"
    os.environ["SUFFRAGE_SECOND_FACTOR"] = "optional"
    from suffrage.cli.serve import configured, migrated

    configured(data, url)
    migrated()
    from suffrage import _core
    from suffrage.belenios.urn import open_urn
    from suffrage.service import folders
    from suffrage.service.demo.load import all_at_once, percentile
    from suffrage.service.demo.society import members
    from suffrage.service.demo.way import prepared

    now = datetime.now(UTC)
    print(f"preparing an election of {count:,} electors", file=sys.stderr)
    played = prepared(now - timedelta(minutes=5), now + timedelta(hours=5), list(members(count)))
    urn = played.election.urns.get(ballot=1, contest__slug="chair")
    election = open_urn(folders.urns() / urn.file).election
    print("sealing", file=sys.stderr)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        codes = list(played.codes.values())
        ballots = list(pool.map(lambda code: (urn.uuid, election.seal(code, [[0, 1, 0]])), codes))
    command = [sys.executable, "-c", "from suffrage.cli import main; main()", "serve"]
    command += ["--data", str(data), "--port", str(port)]
    service = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{url}/health/", timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        print("casting", file=sys.stderr)
        begun = time.perf_counter()
        answers = all_at_once(url, played.election.slug, ballots, connections, seconds)
        took = time.perf_counter() - begun
    finally:
        service.terminate()
        service.wait()
    good = [answer for answer in answers if answer.status == 200]
    report = _core.audit_archive(folders.urns() / urn.file)
    assert not report.failures
    assert report.ballots == len(good), (report.ballots, len(good))
    table = Table("casting over HTTP", "", title=os.environ.get("DATABASE_URL", "sqlite").partition(":")[0])
    table.add_row("verified, durable casts a second", f"{len(good) / took:.0f}")
    table.add_row("ballots cast, with a receipt", f"{len(good):,}")
    table.add_row("errors", str(len(answers) - len(good)))
    for share in (0.5, 0.99):
        table.add_row(f"p{share * 100:.0f}", f"{percentile((a.seconds for a in good), share) * 1000:.0f} ms")
    table.add_row("one fsync a ballot, alone (disk)", f"{disk(data, ballots[0][1]):.0f} a second")
    Console(stderr=False).print(table)


def disk(folder: Path, ballot: bytes) -> float:
    """How many writes of a ballot with an fsync each the disk takes in a second."""
    with (folder / "disk").open("wb") as file:
        begun, number = time.perf_counter(), 0
        while time.perf_counter() - begun < 2:
            file.write(ballot)
            file.flush()
            os.fsync(file.fileno())
            number += 1
    return number / 2


if __name__ == "__main__":
    main()
