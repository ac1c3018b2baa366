"""Bundles as data: the files of one, changed at will, linked and sealed anew as far as a forger can, and zipped."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import Any

import orjson

from suffrage.count.folder import count_folder
from suffrage.election import Decision, DecisionKind, Kind
from suffrage.law import parse_statute
from suffrage.protocols.canonical import canonical, sha256
from suffrage.protocols.draw import draw
from suffrage.protocols.keys import SigningKey
from suffrage.protocols.published import Identity
from suffrage.protocols.record import Record, from_text, identity_of
from suffrage.protocols.signatures import parse_line, signature_line
from suffrage.protocols.statements import read_statements
from suffrage.protocols.store import write_store
from tests.protocols.made import (
    EVERY,
    RETURNS,
    Made,
    bundled,
    key,
    published,
    redraw_folder,
    republic,
    sign_all,
    write_election,
)

PROTOCOLS, REPLACED = "protocols/protocols.jsonl", "protocols/replaced.jsonl"
SIGNATURES, ROSTER, LAW = "protocols/signatures.jsonl", "roster.jsonl", "law.toml"
MANIFEST, SEAL, ROSTER_SEAL = "manifest.json", "manifest.sig", "roster.sig"
RETURNS_CSV, DECISIONS, STATEMENTS = "election/returns.csv", "election/decisions.csv", "election/statements.csv"

COMMITTEES = {
    "": ("chair", "deputy", "secretary", "member", "member"),
    "north": ("chair", "secretary", "member"),
    "d1": ("chair", "deputy", "secretary", "member"),
    "d2": ("chair", "secretary", "member"),
    "p1": ("chair", "secretary", "member"),
    "p3": ("chair", "secretary", "member", "member", "member"),
    "p4": ("chair", "secretary", "member"),
}
SAID = (
    "kind,contest,chamber,unit,ballot,by,text,answer\n"
    "complaint,d1,,p1,1,A voter,The door was closed until eight,It was opened at seven\n"
    "complaint,,union,north,1,An observer,The protocol was shown late,\n"
    "opinion,d1,,,1,A member,I counted otherwise,\n"
    "opinion,,union,,1,A member,The second ballot comes too soon,\n"
)
RECOUNT = tuple(
    Decision(
        f"r{place}",
        DecisionKind.CORRECT,
        "d1",
        unit="p1",
        candidate=f"d1-{name}",
        figure=figure,
        by="district committee",
        reason="recount of p1",
    )
    for place, (name, figure) in enumerate((("a", 39), ("b", 11)), 1)
)
"""One vote goes from A to B: protocols of the precinct, the town, the district, the region and the centre change."""

ATTACKER = key("somebody else altogether")


class Seal(Enum):
    """How far a forger went in hiding a change.

    `LEFT`: the manifest is as it was. `LISTED`: it knows the new hashes, but the signature is the old one. `ANEW`: it,
    and the roster, are signed by a root key of the forger's own. `TRUE`: they are signed by the true root key.
    """

    LEFT = "manifest as it was"
    LISTED = "manifest with the new hashes"
    ANEW = "signed anew with another root key"
    TRUE = "signed anew with the true root key"


@dataclass
class Bundle:
    """The files of a bundle by name, in the order of the archive."""

    files: dict[str, bytes]
    root: SigningKey

    def copy(self) -> Bundle:
        """Another bundle of the same files."""
        return Bundle(dict(self.files), self.root)

    def lines(self, name: str) -> list[bytes]:
        """The lines of a file without their ends."""
        return self.files[name].splitlines()

    def put(self, name: str, lines: Iterable[bytes]) -> None:
        """Write the lines of a file."""
        self.files[name] = b"".join(line + b"\n" for line in lines)

    def records(self, name: str = PROTOCOLS) -> list[Record]:
        """The records of a file of protocols."""
        return [orjson.loads(line) for line in self.lines(name)]

    def signatures(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The lines of signatures: the hash of the protocol, keys and signatures."""
        return [parse_line(line) for line in self.lines(SIGNATURES)]

    def put_signatures(self, lines: Iterable[tuple[str, Sequence[tuple[str, str]]]]) -> None:
        """Write the lines of signatures."""
        self.files[SIGNATURES] = b"".join(signature_line(*line) for line in lines)

    def relinked(self, changed: Mapping[int, Record]) -> None:
        """Put records in the place of others, and every hash that names one of those: all but the signatures."""
        new: dict[str, str] = {}
        lines = []
        for place, (text, record) in enumerate(zip(self.lines(PROTOCOLS), self.records(), strict=True)):
            made = changed.get(place) or record
            if "below" in made:
                made["below"] = [new.get(sha, sha) for sha in made["below"]]
            if "previous" in made:
                made["previous"] = new.get(made["previous"], made["previous"])
            lines.append(canonical(made))
            new[sha256(text)] = sha256(lines[-1])
        self.put(PROTOCOLS, lines)
        self.put_signatures((new.get(sha, sha), signed) for sha, signed in self.signatures())

    def redrawn(self, folder: Path) -> None:
        """Draw every protocol anew from the files as they now are; the old signatures stay at those of each name."""
        home = folder / "election"
        home.mkdir(exist_ok=True)
        for name, data in self.files.items():
            if name.startswith("election/"):
                (folder / name).write_bytes(data)
        law = self.files[LAW]
        counted = count_folder(home, own=parse_statute(law.decode(), LAW), every_return=True)
        last = {protocol.identity: protocol for protocol in map(from_text, self.lines(REPLACED))}
        old = {from_text(line).identity: sha256(line) for line in self.lines(PROTOCOLS)}
        drawn = list(draw(counted, law, read_statements(home, counted.election), last))
        self.put(PROTOCOLS, (protocol.text for protocol in drawn))
        new = {old[protocol.identity]: protocol.sha256 for protocol in drawn if protocol.identity in old}
        self.put_signatures((new.get(sha, sha), signed) for sha, signed in self.signatures())

    def sealed(self, seal: Seal) -> None:
        """Make manifest and roster as good as the forger can."""
        if seal is Seal.LEFT:
            return
        root = ATTACKER if seal is Seal.ANEW else self.root
        if seal is Seal.ANEW:
            old, new = self.root.public.key.encode(), root.public.key.encode()
            self.files[ROSTER] = self.files.get(ROSTER, b"").replace(old, new, 1)
        if seal in (Seal.ANEW, Seal.TRUE):
            self.files[ROSTER_SEAL] = root.sign(self.files.get(ROSTER, b"")).encode()
        manifest = orjson.loads(self.files[MANIFEST])
        manifest["root"] = root.public.key
        manifest["files"] = [
            {"path": name, "sha256": sha256(data), "size": len(data)}
            for name, data in self.files.items()
            if name not in (MANIFEST, SEAL)
        ]
        self.seal_manifest(manifest, root if seal in (Seal.ANEW, Seal.TRUE) else None)

    def seal_manifest(self, manifest: Any, root: SigningKey | None) -> None:
        """Write a manifest, and sign it."""
        self.files[MANIFEST] = canonical(manifest)
        if root is not None:
            self.files[SEAL] = root.sign(self.files[MANIFEST]).encode()

    def zipped(self, path: Path) -> Path:
        """Write the archive."""
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in self.files.items():
                archive.writestr(name, data)
        return path


def named(record: Record) -> str:
    """The name of a protocol as failures show it."""
    return str(identity_of(record))


@dataclass(frozen=True)
class Original:
    """A bundle that holds, and what a forger would know of it."""

    bundle: Bundle
    made: Made

    @cached_property
    def fingerprint(self) -> str:
        """The fingerprint of the root key."""
        return self.made.root.public.fingerprint

    @cached_property
    def names(self) -> list[str]:
        """The names of the protocols in force, in the order of drawing."""
        return [named(record) for record in self.bundle.records()]

    @cached_property
    def place(self) -> dict[Identity, int]:
        """Where each protocol stands."""
        return {identity_of(record): place for place, record in enumerate(self.bundle.records())}

    def places(self, which: Callable[[Record], object]) -> list[int]:
        """Where the protocols stand that are as asked for."""
        return [place for place, record in enumerate(self.bundle.records()) if which(record)]


def opened(made: Made) -> Original:
    """A made bundle as data."""
    with zipfile.ZipFile(made.bundle) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    return Original(Bundle(files, made.root), made)


def demo(folder: Path) -> Original:
    """Two chambers, two ballots, a correction after signing, complaints; every committee has three to five members."""
    made = published(folder, returns=RETURNS, committees=COMMITTEES, statements=SAID)
    for decisions, returns in ((RECOUNT, RETURNS), (RECOUNT, EVERY)):
        election = republic(decisions=decisions)
        write_election(made.folder, election, returns)
        store = sign_all(redraw_folder(made.folder), made.roster, election, made.keys)
        write_store(store, made.folder)
    bundled(made.folder, made.bundle, election)
    return opened(replace(made, election=election, store=store))


def replay(folder: Path) -> Original:
    """The same figures as a replay, which its replayer signs alone."""
    return opened(published(folder, republic(kind=Kind.REPLAY), statements=SAID))
