"""Published heads of urns: what the public was told of an archive, and whether the archive still holds it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

import orjson

from suffrage.errors import Problem, ServiceError
from suffrage.outputs import written
from suffrage.service import folders
from suffrage.service.models import Head, Urn

FORMAT = "suffrage-heads/1"
SEEN, SEEN_FORMAT = "published-heads.json", "suffrage-heads-seen/1"
"""Heads that were published before a restore, as somebody outside had kept them; beside the database. They may be of
several elections: an urn is found by its uuid alone."""

Heads: TypeAlias = Sequence[tuple[int, str, int]]
"""Published heads of an urn: height, hash of the event, length of the archive."""

_EVENT = 1024


def publish(urn: Urn, head: tuple[int, str, int], ballots: int, at: datetime) -> Head | None:
    """Publish a head of an urn; None where it is the one that was published last."""
    height, event, length = head
    last = urn.heads.last()
    if last is not None and last.event == event:
        return None
    return Head.objects.create(urn=urn, at=at, height=height, event=event, length=length, ballots=ballots)


def behind(urn: Urn, archive: Path) -> str:
    """Why an archive does not hold a head that was published of it, in words; empty where it holds all of them.

    Heads are those of the database, and those that were handed in at a restore.
    """
    known = [(head.height, head.event, head.length) for head in urn.heads.all()]
    try:
        known += handed_in().get(urn.uuid, ())
    except ServiceError as error:
        return str(error)
    try:
        size = archive.stat().st_size
        with archive.open("rb") as file:
            for height, event, length in known:
                if length > size:
                    return f"it ends before its published head of height {height}"
                file.seek(max(length - _EVENT, 0))
                if event != _event_at_end(file.read(min(_EVENT, length))):
                    return f"it has another event at its published height {height}"
    except OSError as error:
        return f"it cannot be read: {error.strerror or type(error).__name__}"
    return ""


def _event_at_end(data: bytes) -> str:
    """The hash of the event in the last two blocks of an archive: a header of the tar and the event."""
    header, body = data[:512], data[512:].rstrip(b"\0")
    name = header[:100].rstrip(b"\0").decode("ascii", "replace")
    digest = hashlib.sha256(body).hexdigest()
    return digest if name == f"{digest}.event.json" else ""


def last_event(archive: Path) -> Mapping[str, Any]:
    """The last event of an archive that nobody writes to; empty where it cannot be read."""
    try:
        with archive.open("rb") as file:
            file.seek(max(archive.stat().st_size - _EVENT, 0))
            data = file.read(_EVENT)
        found = orjson.loads(data[512:].rstrip(b"\0")) if _event_at_end(data) else {}
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def handed_in() -> dict[str, Heads]:
    """The heads that were handed in at a restore, by the uuid of the urn. ServiceError where they cannot be read."""
    path = folders.data() / SEEN
    if not path.exists():
        return {}
    try:
        value = orjson.loads(path.read_bytes())
        if value["format"] != SEEN_FORMAT:
            raise ValueError
        return {
            uuid: [(int(height), str(event), int(length)) for height, event, length in heads]
            for uuid, heads in value["urns"].items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise ServiceError(Problem(str(path), "cannot be read, and no urn is opened without it")) from None


def hand_in(seen: Mapping[str, Heads]) -> None:
    """Keep heads that somebody outside has seen, beside those that were handed in before."""
    kept = {uuid: list(heads) for uuid, heads in handed_in().items()}
    for uuid, heads in seen.items():
        mine = kept.setdefault(uuid, [])
        mine += [head for head in heads if head not in mine]
    value = {"format": SEEN_FORMAT, "urns": {uuid: sorted(heads) for uuid, heads in sorted(kept.items())}}
    written({folders.data() / SEEN: orjson.dumps(value, option=orjson.OPT_INDENT_2) + b"\n"})


def document(slug: str, urns: list[Urn], booth: Mapping[str, str]) -> dict[str, Any]:
    """What is published for monitors at `heads.json`."""
    return {
        "format": FORMAT,
        "election": slug,
        "generated": datetime.now(UTC).isoformat(timespec="seconds"),
        "booth": dict(booth),
        "urns": [
            {
                "uuid": urn.uuid,
                "contest": urn.contest.slug,
                "ballot": urn.ballot,
                "archive": f"/e/{slug}/urns/{urn.file}",
                "heads": [
                    {
                        "at": head.at.astimezone(UTC).isoformat(timespec="seconds"),
                        "height": head.height,
                        "event": head.event,
                        "length": head.length,
                        "ballots": head.ballots,
                    }
                    for head in urn.heads.all()
                ],
            }
            for urn in urns
        ],
    }
