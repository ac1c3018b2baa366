"""Measure sealing ballots, checking them one by one, and auditing archives of them, each audit in a process of its own.

`python benchmarks/belenios.py [--small] [--ballots N]`. The archives go to out/bench/ and are used again. Beside the
audit stands the official tool: 21.5 ms a ballot of "1 of 4", measured by others on a machine of 2 cores, on one
of them (Belenios source snapshot 47e0c82a).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from suffrage._core import (
    ArchiveWriter,
    SealedElection,
    archive_setup,
    bulk_profile,
    election_text,
    new_code,
    new_trustee,
    new_uuid,
    public_credentials,
    trustees_key,
    trustees_text,
)

HERE = Path(__file__).parent
OUT = HERE.parent / "out" / "bench"
OFFICIAL_MS = 21.5
"""Milliseconds a ballot of choosing 1 of 4 takes the official tool, on one core."""
GROUP = 500


@dataclass(frozen=True)
class Kind:
    """A question with a vote."""

    what: str
    answers: int
    blank: bool
    low: int
    high: int
    chosen: int

    def vote(self, number: int) -> list[list[int]]:
        """The vote of a voter: the names chosen move on from one to the next, and every tenth is blank."""
        if self.blank and number % 10 == 0:
            return [[1] + [0] * self.answers]
        row = [0] * self.answers
        for place in range(self.chosen):
            row[(number + place) % self.answers] = 1
        return [[0] * self.blank + row]

    @property
    def proofs(self) -> int:
        """How many 0/1 proofs a ballot has."""
        return self.answers + self.blank


# The first is what the official tool was measured with; the next two are the strike-out ballot, all struck allowed; the
# last fills five seats.
KINDS = (
    Kind("1 of 4", 4, False, 1, 1, 1),
    Kind("1 of 3 left", 3, False, 0, 1, 1),
    Kind("1 of 10 left", 10, False, 0, 1, 1),
    Kind("5 of 20, blank", 20, True, 1, 5, 5),
)


def archive(kind: Kind, ballots: int) -> Path:
    """An archive of sealed ballots, made if it is not there."""
    OUT.mkdir(parents=True, exist_ok=True)
    path = OUT / f"sealed-{kind.answers}-{kind.low}-{kind.high}-{int(kind.blank)}-{ballots}.bel"
    if path.exists():
        return path
    _, public = new_trustee("server")
    keepers, uuid = trustees_text([public], []), new_uuid()
    answers = [f"Candidate {number}" for number in range(1, kind.answers + 1)]
    questions = [(answers, kind.blank, kind.low, kind.high, kind.what)]
    text = election_text(uuid, kind.what, "", questions, "office", "authority", trustees_key(keepers))
    sealed, codes = SealedElection(text), [new_code() for _ in range(ballots)]
    credentials = json.dumps(
        [{"credential": credential} for credential in public_credentials(uuid, codes)], separators=(",", ":")
    )
    made = path.with_suffix(".part")
    made.unlink(missing_ok=True)
    with (
        ArchiveWriter.create(made, 1_700_000_000, text, keepers, credentials.encode()) as writer,
        ThreadPoolExecutor() as threads,
    ):
        for first in range(0, ballots, GROUP):
            some = range(first, min(first + GROUP, ballots))
            group = threads.map(lambda voter: sealed.seal(codes[voter], kind.vote(voter)), some)
            writer.append_ballots(list(group))
    made.rename(path)
    return path


def audit(path: Path, cores: int, times: int) -> tuple[float, int]:
    """The shortest of a few audits in a process of its own, in seconds, and its peak memory in MB."""
    # VmHWM, since the maximum that getrusage tells of a child begins with that of its parent.
    code = (
        "import sys, time; from suffrage._core import audit_archive\n"
        "start = time.perf_counter(); report = audit_archive(sys.argv[1]); spent = time.perf_counter() - start\n"
        "assert not report.failures, report.failures\n"
        "print(spent, next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
    )
    found = []
    for _ in range(times):
        run = subprocess.run(
            [sys.executable, "-c", code, str(path)],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "RAYON_NUM_THREADS": str(cores)},
        )
        seconds, memory = run.stdout.split()
        found.append((float(seconds), int(memory) // 1024))
    return min(found)


def one_by_one(kind: Kind, path: Path, ballots: int) -> tuple[float, float]:
    """Milliseconds of sealing a ballot and of the plain check of it, on one core."""
    sealed, code = SealedElection(archive_setup(path)[0]), new_code()
    start = time.perf_counter()
    made = [sealed.seal(code, kind.vote(number)) for number in range(ballots)]
    middle = time.perf_counter()
    for ballot in made:
        sealed.check(ballot)
    end = time.perf_counter()
    return (middle - start) * 1000 / ballots, (end - middle) * 1000 / ballots


def steps(screen: Console, path: Path, ballots: int, proof: float) -> None:
    """What a 0/1 proof would cost were it nothing but its field multiplications, and the share of each step."""
    election = archive_setup(path)[0]
    sealed, code = SealedElection(election), new_code()
    found = bulk_profile(election, [sealed.seal(code, KINDS[0].vote(n)) for n in range(64)], ballots)
    floor = (found.product * found.products + found.square * found.squares) / 1000
    screen.print(
        f"Arithmetic: {found.vector}. "
        f"A 0/1 proof: {found.products:,} field multiplications of {found.product:.2f} ns and "
        f"{found.squares:,} squares of {found.square:.2f} ns are {floor:.1f} us; measured {proof:.1f} us, "
        f"{proof / floor:.2f} times that"
    )
    total = sum(spent for _, spent in found.steps)
    table = Table("step", "us a ballot", "share", box=None)
    for name, spent in found.steps:
        table.add_row(name, f"{spent:.1f}", f"{spent / total:.0%}")
    screen.print(table)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="200 ballots a kind, to see that it works")
    parser.add_argument("--ballots", type=int, default=20_000, help="of each kind (default: 20,000)")
    options = parser.parse_args(arguments)
    screen = Console()
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    count = 200 if options.small else options.ballots
    table = Table(
        *("ballots", "1 core", "2 cores", "a ballot", "memory", "to seal", "plain check"),
        box=None,
        title=f"{count:,} sealed ballots of each kind: audit, sealing of one, plain check of one",
    )
    alone: dict[Kind, float] = {}
    for kind in KINDS:
        ballots = count
        path = archive(kind, ballots)
        times = 1 if options.small else 3
        one, _ = audit(path, 1, times)
        two, memory = audit(path, 2, times)
        sealing, check = one_by_one(kind, path, 50 if options.small else 500)
        alone[kind] = one / ballots
        table.add_row(
            kind.what,
            f"{ballots / one:,.0f}/s",
            f"{ballots / two:,.0f}/s" if available > 1 else "",
            f"{two / ballots * 1000:.3f} ms",
            f"{memory:,} MB",
            f"{sealing:.2f} ms",
            f"{check:.2f} ms",
        )
    screen.print(table)
    first, three, ten = KINDS[:3]
    # Two kinds that differ in nothing but the number of names: the rest of a ballot cancels.
    proof = (alone[ten] - alone[three]) / (ten.proofs - three.proofs) * 1e6
    screen.print(
        f"A 0/1 proof: {proof:.1f} us on one core. {first.what}: {alone[first] * 1000:.3f} ms on one core. "
        f"The official tool: {OFFICIAL_MS} ms, one thread (its snapshot 47e0c82a, measured on another day): "
        f"{OFFICIAL_MS / 1000 / alone[first]:,.0f} times that."
    )
    steps(screen, archive(first, count), count, proof)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**30
    screen.print(
        f"{platform.system()} {platform.machine()}, {available} cores, {memory} GB; Python {platform.python_version()}",
        style="dim",
    )


if __name__ == "__main__":
    main()
