"""Published heads: what a server says, again and again, of the archives of an election and of the booth's code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from suffrage.errors import AuditError, Problem, shown

FORMAT = "suffrage-heads/1"
HEADS = "heads.json"

_UUID = re.compile(r"[1-9A-HJ-NP-Za-km-z]{14,64}")
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class PublishedHead:
    """The end of an archive at some moment: the last event, the length in bytes and the ballots up to it."""

    height: int
    event: str
    length: int
    ballots: int
    at: str = ""

    @property
    def essence(self) -> tuple[int, str, int, int]:
        """What may never change, however the moment is written."""
        return self.height, self.event, self.length, self.ballots

    def as_json(self) -> dict[str, Any]:
        """The head as `head_of` reads it."""
        return {
            "at": self.at,
            "height": self.height,
            "event": self.event,
            "length": self.length,
            "ballots": self.ballots,
        }


@dataclass(frozen=True)
class PublishedUrn:
    """An urn: its archive, by the address that the server gives, and every head that was published, newest last."""

    uuid: str
    contest: str
    ballot: int
    archive: str
    heads: tuple[PublishedHead, ...]


@dataclass(frozen=True)
class Published:
    """What a server says. `booth_path` is empty where it serves no booth."""

    election: str
    urns: tuple[PublishedUrn, ...]
    booth_sha256: str = ""
    booth_path: str = ""


def parse_heads(data: bytes, place: str) -> Published:
    """Read `heads.json`. AuditError with the place and the field where it is not what was agreed."""
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        raise AuditError(Problem(place, "is not JSON", "", FORMAT)) from None
    reading = _Reading(place)
    if reading.field(value, "format", str) != FORMAT:
        raise AuditError(Problem(f"{place}, format", "is another one", shown(value["format"]), FORMAT))
    booth = reading.field(value, "booth", dict)
    sha256, path = "", ""
    if booth:
        sha256 = reading.hash(booth, "booth.js", "booth, ")
        path = reading.field(booth, "path", str, "booth, ")
    urns = tuple(
        reading.urn(entry, f"urn {number}, ") for number, entry in enumerate(reading.field(value, "urns", list), 1)
    )
    if len({urn.uuid for urn in urns}) < len(urns):
        raise AuditError(Problem(f"{place}, urns", "an urn stands twice"))
    return Published(reading.field(value, "election", str), urns, sha256, path)


def head_of(value: Any, place: str, inside: str = "") -> PublishedHead:
    """One head. AuditError where it is none."""
    reading = _Reading(place)
    height, length, ballots = (reading.field(value, name, int, inside) for name in ("height", "length", "ballots"))
    if min(height, length, ballots) < 0:
        raise AuditError(Problem(f"{place}, {inside}head", "has a figure below 0"))
    return PublishedHead(
        height, reading.hash(value, "event", inside), length, ballots, reading.field(value, "at", str, inside)
    )


class _Reading:
    def __init__(self, place: str) -> None:
        self._place = place

    def field(self, value: Any, name: str, kind: type, inside: str = "") -> Any:
        found = value.get(name) if isinstance(value, Mapping) else None
        if type(found) is not kind:
            seen = "nothing" if found is None else type(found).__name__
            expected = {str: "a text", int: "a whole number", list: "a list", dict: "an object"}[kind]
            raise AuditError(Problem(f"{self._place}, {inside}{name}", "is of another kind", seen, expected))
        return found

    def hash(self, value: Any, name: str, inside: str) -> str:
        found = self.field(value, name, str, inside)
        if not _HASH.fullmatch(found):
            raise AuditError(
                Problem(f"{self._place}, {inside}{name}", "is no hash", shown(found), "64 hexadecimal digits")
            )
        return str(found)

    def urn(self, value: Any, inside: str) -> PublishedUrn:
        uuid = self.field(value, "uuid", str, inside)
        # It becomes the name of a file.
        if not _UUID.fullmatch(uuid):
            raise AuditError(
                Problem(f"{self._place}, {inside}uuid", "is no identifier", shown(uuid), "14 or more of Base58")
            )
        heads = self.field(value, "heads", list, inside)
        return PublishedUrn(
            uuid,
            self.field(value, "contest", str, inside),
            self.field(value, "ballot", int, inside),
            self.field(value, "archive", str, inside),
            tuple(head_of(head, self._place, f"{inside}head {number}, ") for number, head in enumerate(heads, 1)),
        )
