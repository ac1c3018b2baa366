"""Archives read and written in plain Python, so that one can be changed and made whole again.

`events` gives the events of an archive with the records that carry something; `archive` writes events, and makes every
hash, name, height, parent and reference itself. `relinked` is both: what was planted is then the only fault.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from tests.belenios.model import compact

BLOCK = 512


@dataclass(frozen=True)
class Event:
    """An event with its records, but for those that only refer to others: these are made when it is written.

    `numbers`: of EncryptedTally num_tallied and total_weight, of PartialDecryption the owner.
    """

    kind: str
    records: tuple[bytes, ...] = ()
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True)
class Record:
    """A file of the tar: its name, what is in it, and where its header stands."""

    name: str
    body: bytes
    offset: int = 0


def header(name: str, size: int, timestamp: int) -> bytes:
    """An old-style header, as the official tool writes it."""
    fields = [name.encode().ljust(100, b"\0"), b"0000644\0", b"0000000\0", b"0000000\0"]
    fields += [f"{size:011o}\0".encode(), f"{timestamp:011o}\0".encode()]
    start, end = b"".join(fields), b"0".ljust(356, b"\0")
    checksum = sum(start) + 8 * ord(" ") + sum(end)
    return start + f"{checksum:06o}\0 ".encode() + end


def tar(records: Sequence[Record], timestamp: int) -> bytes:
    """The bytes of an archive with these records."""
    return b"".join(
        header(record.name, len(record.body), timestamp) + record.body + bytes(-len(record.body) % BLOCK)
        for record in records
    )


def untar(data: bytes) -> list[Record]:
    """The records of a sound archive."""
    found, at = [], 0
    while at < len(data):
        name, size = data[at : at + 100].rstrip(b"\0").decode(), int(data[at + 124 : at + 135], 8)
        found.append(Record(name, data[at + BLOCK : at + BLOCK + size], at))
        at += BLOCK + size + -size % BLOCK
    return found


def timestamp(data: bytes) -> int:
    """The one time that stands in an archive."""
    return int(json.loads(untar(data)[0].body)["timestamp"])


def named(body: bytes, what: str = "data") -> Record:
    """A record under its own hash."""
    return Record(f"{sha256(body).hexdigest()}.{what}.json", body)


def events(data: bytes) -> list[Event]:
    """The events of a sound archive, in their order."""
    found: list[Event] = []
    waiting: list[bytes] = []
    for record in untar(data)[1:]:
        if record.name.endswith(".data.json"):
            waiting.append(record.body)
            continue
        kind = json.loads(record.body)["type"][0]
        numbers: tuple[int, ...] = ()
        if kind in ("Setup", "EncryptedTally", "PartialDecryption"):
            refers = json.loads(waiting.pop())
            numbers = tuple(value for value in refers.values() if isinstance(value, int))
        found.append(Event(kind, tuple(waiting), numbers))
        waiting = []
    return found


def references(event: Event) -> list[bytes]:
    """The record that refers to those of an event, where there is one."""
    hashes = [sha256(record).hexdigest() for record in event.records]
    match event.kind:
        case "Setup":
            names = ("election", "trustees", "credentials", "credentials_certificate")
            return [compact(dict(zip(names, hashes, strict=False))).encode()]
        case "EncryptedTally":
            count, weight = event.numbers
            sized = {"num_tallied": count, "total_weight": weight, "encrypted_tally": hashes[0]}
            return [compact(sized).encode()]
        case "PartialDecryption":
            return [compact({"owner": event.numbers[0], "payload": hashes[0]}).encode()]
    return []


def records(events: Sequence[Event], timestamp: int) -> list[Record]:
    """Everything that an archive with these events holds."""
    found = [Record("BELENIOS", compact({"version": 1, "timestamp": timestamp}).encode())]
    parent = None
    for height, event in enumerate(events):
        payloads = [*event.records, *references(event)]
        found += [named(payload) for payload in payloads]
        written = {
            **({"parent": parent} if parent else {}),
            "height": height,
            "type": [event.kind],
            **({"payload": sha256(payloads[-1]).hexdigest()} if payloads else {}),
        }
        found.append(named(compact(written).encode(), "event"))
        parent = sha256(found[-1].body).hexdigest()
    return found


def archive(events: Sequence[Event], timestamp: int) -> bytes:
    """The archive with these events."""
    return tar(records(events, timestamp), timestamp)


def relinked(data: bytes, change: Callable[[list[Event]], Sequence[Event]]) -> bytes:
    """An archive with changed events, in which all that links them is right."""
    return archive(change(events(data)), timestamp(data))


def ballots(data: bytes) -> list[bytes]:
    """The ballots of an archive, in the order in which they were cast."""
    return [event.records[0] for event in events(data) if event.kind == "Ballot"]


def with_ballots(data: bytes, change: Callable[[int, bytes], bytes]) -> bytes:
    """An archive in which `change` of its place (from 0) and bytes stands for each ballot."""

    def changed(found: list[Event]) -> list[Event]:
        places = iter(range(len(found)))
        return [
            replace(event, records=(change(next(places), event.records[0]),)) if event.kind == "Ballot" else event
            for event in found
        ]

    return relinked(data, changed)
