"""What a publication shows of its protocols: plain data that papers, site and exports are made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """Whose protocol it is.

    `precinct`: a unit's own return. `part`: a unit inside a contest's unit, with others below it. `district`: the unit
    of a contest, with its outcome. `area`: a unit above districts. `centre`: the whole election, or one chamber of it.
    """

    PRECINCT = "precinct"
    PART = "part"
    DISTRICT = "district"
    AREA = "area"
    CENTRE = "centre"


@dataclass(frozen=True, slots=True)
class Identity:
    """Which protocol it is: of every identity one is in force, and those that it replaced are kept.

    `unit` is empty at the centre. `contest` is empty above districts, where `chamber` says which body is meant.
    """

    level: Level
    unit: str
    contest: str
    chamber: str
    ballot: int

    def __str__(self) -> str:
        ballot = "first ballot" if self.ballot == 1 else "second ballot"
        where = " ".join(part for part in (self.level.value, self.unit) if part)
        what = f", contest {self.contest}" if self.contest and self.contest != self.unit else ""
        chamber = f", chamber {self.chamber}" if self.chamber and not self.contest else ""
        return f"protocol of the {where}{what}{chamber}, {ballot}"


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed a protocol. `fingerprint` is the SHA-256 of the public key, in hexadecimal."""

    name: str
    role: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class PublishedProtocol:
    """A protocol in force: its hash, who signed it, what it replaced, and where its paper lies (empty: not printed)."""

    identity: Identity
    sha256: str
    signers: tuple[Signer, ...]
    replaces: str = ""
    paper: str = ""


@dataclass(frozen=True, slots=True)
class Download:
    """A file beside the site: its path relative to the site, what it holds, its size and hash."""

    path: str
    what: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Publication:
    """What a published election consists of beside its count. `root` is the fingerprint of the root key."""

    root: str
    protocols: Mapping[Identity, PublishedProtocol]
    downloads: tuple[Download, ...] = ()
