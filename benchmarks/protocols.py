"""Measure drawing, signing, printing, bundling and verifying protocols, each in a process of its own.

`python benchmarks/protocols.py [--small]`. Beside our check of the signatures stands that of the `cryptography` package
(OpenSSL), beside our recount the sum of the same protocols in SQL (DuckDB), on the same bundle in the same run.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from made_up import returns_folder
from rich.console import Console
from rich.table import Table

from suffrage.audit import verify_bundle
from suffrage.count.folder import count_folder
from suffrage.law import statute_text
from suffrage.protocols.bundle import write_bundle
from suffrage.protocols.draw import draw
from suffrage.protocols.keys import SigningKey, new_key
from suffrage.protocols.published import Level, Signer
from suffrage.protocols.roster import parse_roster, replay_roster, roster_text
from suffrage.protocols.store import Store, redrawn, signed_by, write_files

HERE = Path(__file__).parent
OUT = HERE.parent / "out" / "bench"
FRANCE = HERE.parent / "examples" / "france-2022"
MEMBERS = ("chair", "secretary", "member")


class Laps:
    """Seconds by the name of a step."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.seconds[name] = self.seconds.get(name, 0) + now - self._last
        self._last = now


def build(folder: Path, bundle: Path) -> dict[str, float]:
    """Draw, sign by three members a committee, and bundle."""
    laps = Laps()
    counted = count_folder(folder, every_return=True)
    laps.lap("count")
    election = counted.election
    law = statute_text(election.law, folder)
    store = redrawn(Store(), draw(counted, law))
    laps.lap("draw")
    root = new_key("Root")
    keys = {unit: [new_key(f"{unit} {role}") for role in MEMBERS] for unit in ("", *election.index.unit)}
    roster = roster_text(
        election,
        root.public.key,
        {
            unit: [(key.public.name, role, key.public.key) for key, role in zip(three, MEMBERS, strict=True)]
            for unit, three in keys.items()
        },
    )
    laps.lap("make keys and roster")
    store = signed_by_all(store, keys)
    laps.lap("sign")
    with tempfile.TemporaryDirectory() as protocols:
        write_files(store, Path(protocols))
        write_bundle(bundle, election, folder, law, (roster, root.sign(roster)), Path(protocols), root)
    laps.lap("write the bundle")
    return laps.seconds


def signed_by_all(store: Store, keys: dict[str, list[SigningKey]]) -> Store:
    """Every protocol signed by its own committee: what thousands of people do apart, here in one loop."""
    signatures = {
        protocol.sha256: [(key.public.key, key.sign(protocol.text)) for key in keys[identity.unit]]
        for identity, protocol in store.in_force.items()
    }
    return Store(store.in_force, store.replaced, signatures)


def verify(bundle: Path) -> dict[str, float]:
    """Verify a bundle; the time of each step as the program tells of them."""
    laps = Laps()
    step = "unpack"

    def tell(now: str) -> None:
        nonlocal step
        laps.lap(step)
        step = "signatures" if now.startswith("signatures") else now.split(",")[0]

    report = verify_bundle(bundle, tell=tell)
    laps.lap(step)
    if not report.holds:
        sys.exit(f"the bundle does not hold: {report.failures[0]}")
    return laps.seconds


def papers(small: bool) -> dict[str, float]:
    """The district protocols of France 2022: signed, and set on paper."""
    from suffrage.protocols.typeset import print_papers

    counted = count_folder(FRANCE, every_return=True)
    key = new_key("Replayer")
    roster = parse_roster(replay_roster(counted.election, key.public))
    store = redrawn(Store(), draw(counted, statute_text(counted.election.law, FRANCE)))
    districts = {i: p for i, p in store.in_force.items() if i.level is Level.DISTRICT}
    store = Store(dict(list(districts.items())[: 12 if small else None]))
    laps = Laps()
    store, number = signed_by(store, key, roster, counted.election)
    laps.lap(f"sign {number:,} district protocols")
    signers = (Signer(key.public.name, "replayer", key.public.fingerprint),)
    with tempfile.TemporaryDirectory() as folder:
        items = (
            (Path(folder) / f"{place}.pdf", protocol.record, protocol.sha256, signers)
            for place, protocol in enumerate(store.in_force.values())
        )
        print_papers(items, counted.statute, lambda done: None)
    laps.lap(f"set {number:,} district protocols on paper")
    return laps.seconds


def peer(bundle: Path) -> dict[str, float]:
    """The signatures with the cryptography package, and the sum of the precinct protocols in SQL."""
    laps = Laps()
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(bundle) as archive:
        archive.extract("protocols/protocols.jsonl", folder)
        archive.extract("protocols/signatures.jsonl", folder)
        home = Path(folder) / "protocols"
        laps.lap("unpack")
        with (home / "protocols.jsonl").open("rb") as texts, (home / "signatures.jsonl").open("rb") as lines:
            for text, line in zip(texts, lines, strict=True):
                for item in json.loads(line)["signatures"]:
                    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(item["key"]))
                    key.verify(bytes.fromhex(item["signature"]), text[:-1])
        laps.lap("signatures, one by one (OpenSSL)")
        query = (HERE / "protocols.sql").read_text().format(protocols=home / "protocols.jsonl")
        beneath, above = duckdb.connect().execute(query).fetchall()[0]
        laps.lap("sum of the precincts (DuckDB)")
        if beneath != above:
            sys.exit(f"the precincts come to {beneath}, the centre says {above}")
    return laps.seconds


STAGES: dict[str, Callable[..., dict[str, float]]] = {"build": build, "verify": verify, "papers": papers, "peer": peer}


def measured(stage: str, *arguments: object) -> tuple[dict[str, float], int]:
    """A stage in a process of its own: seconds by step, and its peak memory in MB."""
    command = [sys.executable, __file__, "--stage", stage, *map(str, arguments)]
    run = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    result: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return result["seconds"], result["memory"]


def run_stage(stage: str, arguments: list[str]) -> None:
    if stage == "papers":
        seconds = papers(arguments == ["small"])
    else:
        seconds = STAGES[stage](*map(Path, arguments))
    status = Path("/proc/self/status").read_text().splitlines()
    peak = next(line.split()[1] for line in status if line.startswith("VmHWM"))
    print(json.dumps({"seconds": seconds, "memory": int(peak) // 1024}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="a hundredth of the sizes, to see that it works")
    parser.add_argument("--stage", nargs="+", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.stage:
        run_stage(given.stage[0], given.stage[1:])
        return
    precincts = 1_000 if given.small else 100_000
    folder, bundle = OUT / f"protocols-{precincts}", OUT / f"protocols-{precincts}.zip"
    if not folder.exists():
        returns_folder(folder, precincts, 1)
    table = Table("what", "step", "time", "memory", "aim", box=None)
    stages = [
        (f"bundle of {precincts:,} precincts, three signatures each", "60 s", measured("build", folder, bundle)),
        ("the same verified", "20 s, 1,500 MB", measured("verify", bundle)),
        ("the same by other means, no recount", "", measured("peer", bundle)),
        ("France 2022", "2 s; 60 s", measured("papers", *["small"] * given.small)),
    ]
    for what, aim, (seconds, memory) in stages:
        table.add_row(what, "", f"{sum(seconds.values()):.1f} s", f"{memory:,} MB", aim, style="bold")
        for step, time_taken in seconds.items():
            table.add_row("", step, f"{time_taken:.2f} s", "", "")
    screen = Console()
    screen.print(table)
    screen.print(f"The bundle has {bundle.stat().st_size / 1e6:.0f} MB.")


if __name__ == "__main__":
    main()
