"""What a reader can check: protocols with their signers, and the fingerprint of the root key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from suffrage.protocols.published import Download, Level, Publication, PublishedProtocol

BUNDLE = "bundle.zip"
"""What the bundle is called where the downloads hold no archive."""

LEVEL_WORDS = {
    Level.PRECINCT: ("precinct", "precincts"),
    Level.PART: ("part of a district", "parts of districts"),
    Level.DISTRICT: ("district", "districts"),
    Level.AREA: ("area", "areas"),
    Level.CENTRE: ("centre", "centre"),
}


@dataclass(frozen=True, slots=True)
class LevelRow:
    """How many protocols of a level are in force in each ballot, and how many signatures they bear."""

    level: str
    numbers: tuple[int, ...]
    signatures: int


def levels(publication: Publication) -> tuple[LevelRow, ...]:
    """The protocols by level, from the precincts up; only what there is."""
    numbers = Counter((identity.level, identity.ballot) for identity in publication.protocols)
    signatures: Counter[Level] = Counter()
    for identity, protocol in publication.protocols.items():
        signatures[identity.level] += len(protocol.signers)
    ballots = ballots_of(publication)
    return tuple(
        LevelRow(LEVEL_WORDS[level][1], tuple(numbers[level, ballot] for ballot in ballots), signatures[level])
        for level in Level
        if any(numbers[level, ballot] for ballot in ballots)
    )


def ballots_of(publication: Publication) -> tuple[int, ...]:
    """The ballots of which there are protocols."""
    return tuple(sorted({identity.ballot for identity in publication.protocols}))


def by_contest(publication: Publication) -> Mapping[str, Sequence[PublishedProtocol]]:
    """The protocols of every contest by its id; those above districts under the empty one."""
    groups: dict[str, list[PublishedProtocol]] = {}
    for protocol in publication.protocols.values():
        groups.setdefault(protocol.identity.contest, []).append(protocol)
    return groups


def bundle_of(publication: Publication) -> str:
    """The file name of the bundle that the checking command is given."""
    archives = [download.path for download in publication.downloads if download.path.endswith(".zip")]
    return archives[0].rsplit("/", 1)[-1] if archives else BUNDLE


def size_words(download: Download) -> str:
    """A size as people read it, in decimal units."""
    size: float = download.size
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000 or unit == "GB":
            break
        size /= 1000
    return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"
