"""Signatures held against the roster: every protocol signed as the law says, by keys of its own committee."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from suffrage._core import verify_signatures
from suffrage.audit.protocols import read_lines, replaced_name
from suffrage.audit.report import Findings, Stage
from suffrage.election import Election
from suffrage.errors import shown
from suffrage.law import Statute
from suffrage.protocols.canonical import sha256
from suffrage.protocols.keys import fingerprint
from suffrage.protocols.published import Identity, Signer
from suffrage.protocols.record import from_text
from suffrage.protocols.roster import Roster, committee_of, lacking
from suffrage.protocols.signatures import SIGNATURES, hexadecimal, parse_line, signature_line
from suffrage.protocols.store import PROTOCOLS, REPLACED

_AT_A_TIME = 16_384


@dataclass
class Signed:
    """The signatures of a folder of protocols, each held against the bytes of the protocol that it stands for.

    `lines`: by the hash of the protocol, public keys and signatures. `failed`: hash and position of those that do not
    hold. `malformed`: number and fault of the lines that are none. `unread`: hashes whose protocol is not there.
    """

    lines: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    failed: set[tuple[str, int]] = field(default_factory=set)
    malformed: list[tuple[int, str]] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)


def check_signatures(folder: Path) -> Signed:
    """Check every signature of a folder against the protocol's bytes, whoever's it is.

    Needs nothing but the files, so that it can go on beside the count; most of it is done without the GIL.
    """
    signed = Signed()
    for number, line in enumerate(read_lines(folder / SIGNATURES), 1):
        try:
            sha, signatures = parse_line(line)
        except ValueError:
            signed.malformed.append((number, "is no line of signatures"))
            continue
        if signature_line(sha, signatures) != line + b"\n":
            signed.malformed.append((number, "is not in canonical JSON (RFC 8785)"))
        if sha in signed.lines:
            signed.malformed.append((number, "stands for a protocol that has a line already"))
        signed.lines[sha] = signatures
    signed.unread = set(signed.lines)
    entries: list[tuple[bytes, bytes, bytes]] = []
    places: list[tuple[str, int]] = []
    for text in (text for name in (PROTOCOLS, REPLACED) for text in read_lines(folder / name)):
        sha = sha256(text)
        if sha not in signed.unread:
            continue
        signed.unread.remove(sha)
        for position, (key, signature) in enumerate(signed.lines[sha]):
            entries.append((hexadecimal(key), hexadecimal(signature), text))
            places.append((sha, position))
        if len(entries) >= _AT_A_TIME:
            signed.failed.update(places[failure] for failure in verify_signatures(entries))
            entries.clear()
            places.clear()
    signed.failed.update(places[failure] for failure in verify_signatures(entries))
    return signed


class SignatureCheck:
    """Holds checked signatures against the roster."""

    def __init__(self, election: Election, statute: Statute, roster: Roster, findings: Findings) -> None:
        self._election = election
        self._statute = statute
        self._roster = roster
        self._findings = findings
        self._committees: dict[str, Mapping[str, Signer]] = {}

    def check(self, signed: Signed, replaced: Path, identities: Mapping[str, tuple[int, Identity]]) -> int:
        """Note every protocol that is not signed as the law says; the number of signatures that hold.

        `identities` gives place and identity of the protocols in force by hash; `replaced` is the file of the others.
        """
        # Malformed lines first, since what they stand for is then not signed; last what no protocol needs.
        for place, (number, fault) in enumerate(signed.malformed):
            self._add(place, f"{SIGNATURES}, line {number}", fault)
        before, after = len(signed.malformed), len(signed.malformed) + len(identities)
        for sha in signed.unread:
            self._add(after + 1, f"{SIGNATURES}, protocol {shown(sha, 16)}", "is signed, but is not in the bundle")
        holding = 0
        for sha, (place, identity) in identities.items():
            keys = self._holding(signed, sha, before + place, shown(identity, 200), identity.unit)
            holding += len(keys)
            missing = lacking(self._statute, self._roster.kind, self._committee(identity.unit), keys)
            if missing:
                self._add(before + place, shown(identity, 200), f"is not signed as the law says: {missing}")
        for sha, identity in _replaced(replaced):
            name = replaced_name(identity)
            keys = self._holding(signed, sha, after, name, identity.unit)
            holding += len(keys)
            # It may have been replaced before all had signed; what nobody signed was never kept.
            if not keys:
                self._add(after, name, "is signed by nobody of its committee")
        return holding

    def _add(self, place: int, record: str, reason: str) -> None:
        self._findings.add(Stage.SIGNATURES, place, record, reason)

    def _committee(self, unit: str) -> Mapping[str, Signer]:
        found = self._committees.get(unit)
        if found is None:
            found = self._committees[unit] = committee_of(self._roster, self._election, unit)
        return found

    def _holding(self, signed: Signed, sha: str, place: int, name: str, unit: str) -> list[str]:
        """Hold the signatures of one protocol against its committee; the keys of those that count."""
        committee = self._committee(unit)
        holding: list[str] = []
        seen: set[str] = set()
        for position, (key, _) in enumerate(signed.lines.get(sha, ())):
            member = committee.get(key)
            if member is None:
                reason = _stranger(key)
            elif key in seen:
                reason = "is signed twice by one key"
            elif (sha, position) in signed.failed:
                reason = f"the signature of {shown(member.name)} ({shown(member.role)}) does not hold"
            else:
                reason = ""
                holding.append(key)
            seen.add(key)
            if reason:
                self._add(place, name, reason)
        return holding


def _replaced(path: Path) -> Iterator[tuple[str, Identity]]:
    """The replaced protocols; what is none has been noted by others."""
    for text in read_lines(path):
        try:
            yield sha256(text), from_text(text).identity
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            continue


def _stranger(key: str) -> str:
    """What is said of a key that is on no committee of the protocol."""
    if len(hexadecimal(key)) != 32:
        return f"is signed by what is no key: {shown(key)}"
    return (
        f"is signed by a key that is not of its committee (fingerprint {fingerprint(key)[:16]}\N{HORIZONTAL ELLIPSIS})"
    )
