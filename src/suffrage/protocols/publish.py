"""Publishing an election: its protocols signed, on paper, as a site, as data, and as a bundle to count again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from suffrage.count import ElectionCount
from suffrage.election import Election, Kind
from suffrage.errors import Problem, ProtocolError
from suffrage.law import statute_text
from suffrage.protocols.bundle import write_bundle
from suffrage.protocols.elsewhere import RootSigner
from suffrage.protocols.exports import write_exports
from suffrage.protocols.folder import counted_for_protocols, drawn, roster_of
from suffrage.protocols.keys import SigningKey
from suffrage.protocols.published import Download, Identity, Level, Publication, PublishedProtocol, Signer
from suffrage.protocols.record import Protocol
from suffrage.protocols.roster import (
    ROSTER,
    Roster,
    committee_of,
    lacking,
    parse_roster,
    replay_roster,
)
from suffrage.protocols.site import pages
from suffrage.protocols.store import FOLDER, Store, drawn_store, redrawn, signed_by, write_files
from suffrage.protocols.typeset import print_papers, print_summary

Papers = Literal["districts", "all", "none"]
Tell = Callable[[str], None]

BUNDLE, SITE, EXPORTS, PAPERS, SUMMARY = "bundle.zip", "results.html", "data", "papers", "summary.pdf"
OUTPUTS = (BUNDLE, SITE, "contests", EXPORTS, PAPERS, SUMMARY)


@dataclass(frozen=True)
class Published:
    """What was published: how many protocols, signatures, papers and pages there are."""

    root: str
    protocols: int
    signatures: int
    papers: int
    pages: int


def publish(
    folder: Path,
    out: Path,
    key: RootSigner,
    papers: Papers = "districts",
    tell: Tell = lambda now: None,
    generated: datetime | None = None,
) -> Published:
    """Publish the election of a folder into the folder `out`, which exists and is empty.

    `key` is the root key. A replay without a roster is signed with it, as its replayer; any other election must have
    its roster and its protocols, signed as the law says. ProtocolError where something is missing, with all of it.

    With `SignedElsewhere` in the place of the key nothing secret is needed: UnsignedManifest carries the bytes that the
    holder of the root key has to sign; the same folder published again gives the same bytes. `generated` is the
    time that the data state (now, if none is given); no file of the bundle speaks of it.
    """
    counted = counted_for_protocols(folder, lambda rows: tell(f"{rows:,} rows counted"))
    election = counted.election
    tell("drawing the protocols")
    if election.kind is Kind.REPLAY and not (folder / ROSTER).exists():
        if not isinstance(key, SigningKey):
            raise ProtocolError(Problem(ROSTER, "there is none, and a replay is signed by its replayer's own key"))
        data = replay_roster(election, key.public)
        roster, sealed_roster = parse_roster(data), (data, key.sign(data))
        store = redrawn(Store(), drawn(counted, folder, {}))
        tell("signing")
        store, _ = signed_by(store, key, roster, election)
    else:
        roster, sealed_roster, _ = roster_of(folder)
        store = _as_signed(folder, counted, roster)
    if roster.root != key.public.key:
        raise ProtocolError(Problem(key.public.name, "is not the root key of the roster", key.public.key, roster.root))
    made = _Publishing(counted, folder, out, store, roster, tell)
    return made.published(key, sealed_roster, papers, generated or datetime.now(UTC).replace(microsecond=0))


def _as_signed(folder: Path, counted: ElectionCount, roster: Roster) -> Store:
    """The protocols of a folder, if they are what the count gives and are signed as the law says."""
    store = drawn_store(folder)
    fresh = redrawn(store, drawn(counted, folder, store.signed()))
    problems = []
    for identity, protocol in fresh.in_force.items():
        old = store.in_force.get(identity)
        if old is None or old.sha256 != protocol.sha256:
            problems.append(
                Problem(str(identity), "is not drawn as the count gives it", "", "`suffrage protocols draw`")
            )
            continue
        keys = [name for name, _ in store.signatures.get(protocol.sha256, ())]
        lacks = lacking(counted.statute, roster.kind, committee_of(roster, counted.election, identity.unit), keys)
        if lacks:
            problems.append(Problem(str(identity), "is not signed as the law says", lacks))
    if problems:
        raise ProtocolError(problems)
    return replace(fresh, signatures=store.signatures)


class _Publishing:
    def __init__(
        self, counted: ElectionCount, folder: Path, out: Path, store: Store, roster: Roster, tell: Tell
    ) -> None:
        self.counted = counted
        self.election: Election = counted.election
        self.folder = folder
        self.out = out
        self.store = store
        self.roster = roster
        self.tell = tell
        self._committees: dict[str, Mapping[str, Signer]] = {}

    def published(self, key: RootSigner, roster: tuple[bytes, str], papers: Papers, generated: datetime) -> Published:
        # First of all: where the signature is missing, no paper has been set in vain.
        self.tell("writing the bundle")
        self._bundle(key, roster)
        paths = {} if papers == "none" else self._paper_paths(papers)
        protocols = {
            identity: self._of(identity, protocol, paths) for identity, protocol in self.store.in_force.items()
        }
        if paths:
            (self.out / PAPERS).mkdir()
            self._print(protocols)
        (self.out / EXPORTS).mkdir()
        self.tell("writing the data")
        exports = write_exports(self.counted, self.out / EXPORTS, generated=generated)
        files = [(BUNDLE, "everything that is needed to count again")]
        files += [(f"{EXPORTS}/{name}", what) for name, what in exports]
        if paths:
            files.append((SUMMARY, "the summary of the election on paper"))
        downloads = tuple(self._download(name, what) for name, what in files)
        self.tell("writing the site")
        number = self._site(Publication(key.public.fingerprint, protocols, downloads))
        signatures = sum(len(signed) for signed in self.store.signatures.values())
        return Published(key.public.fingerprint, len(protocols), signatures, len(paths), number)

    def _bundle(self, key: RootSigner, roster: tuple[bytes, str]) -> None:
        protocols = self.out / FOLDER
        protocols.mkdir()
        write_files(self.store, protocols)
        law = statute_text(self.election.law, self.folder)
        write_bundle(self.out / BUNDLE, self.election, self.folder, law, roster, protocols, key)
        for file in protocols.iterdir():
            file.unlink()
        protocols.rmdir()

    def _signers(self, protocol: Protocol) -> tuple[Signer, ...]:
        unit = protocol.identity.unit
        committee = self._committees.get(unit)
        if committee is None:
            committee = self._committees[unit] = committee_of(self.roster, self.election, unit)
        keys = (name for name, _ in self.store.signatures.get(protocol.sha256, ()))
        return tuple(committee[name] for name in keys if name in committee)

    def _of(self, identity: Identity, protocol: Protocol, paths: Mapping[Identity, str]) -> PublishedProtocol:
        replaced = protocol.record["replaces"]["sha256"] if b'"replaces":' in protocol.text else ""
        return PublishedProtocol(identity, protocol.sha256, self._signers(protocol), replaced, paths.get(identity, ""))

    def _paper_paths(self, papers: Papers) -> dict[Identity, str]:
        """Where the paper of each protocol lies: numbered, since identifiers may be no names of files."""
        printed = [
            identity
            for identity in self.store.in_force
            if papers == "all" or identity.level not in (Level.PRECINCT, Level.PART)
        ]
        width = len(str(len(printed)))
        return {identity: f"{PAPERS}/{number:0{width}}.pdf" for number, identity in enumerate(printed, 1)}

    def _print(self, protocols: Mapping[Identity, PublishedProtocol]) -> None:
        printed = [protocol for protocol in protocols.values() if protocol.paper]
        items = (
            (self.out / paper.paper, self.store.in_force[paper.identity].record, paper.sha256, paper.signers)
            for paper in printed
        )
        number = len(printed)
        print_papers(items, self.counted.statute, lambda done: self.tell(f"{done:,} of {number:,} papers"))
        self.tell("the summary on paper")
        print_summary(self.out / SUMMARY, self.counted, protocols)

    def _site(self, publication: Publication) -> int:
        number = 0
        for number, (name, text) in enumerate(pages(self.counted, publication), 1):
            path = self.out / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8", newline="")
            if not number % 100:
                self.tell(f"{number:,} pages")
        return number

    def _download(self, name: str, what: str) -> Download:
        with (self.out / name).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256")
        return Download(name, what, (self.out / name).stat().st_size, digest.hexdigest())
