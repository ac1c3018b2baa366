"""Heads that somebody outside has kept: `heads.json` as it was published, or what a monitor remembers."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import orjson

from suffrage.audit.heads import PublishedHead, head_of, parse_heads
from suffrage.audit.watched import FORMAT as MONITOR
from suffrage.errors import AuditError, Problem

Seen = dict[str, list[tuple[int, str, int]]]


def read_seen(paths: Iterable[Path]) -> Seen:
    """The heads in some files, by the uuid of the urn. AuditError where one of them is no such file."""
    seen: Seen = {}
    for path in paths:
        try:
            data = path.read_bytes()
        except OSError as error:
            raise AuditError.unreadable(str(path), error) from None
        for uuid, heads in _heads(data, str(path)):
            seen.setdefault(uuid, []).extend((head.height, head.event, head.length) for head in heads)
    return seen


def _heads(data: bytes, place: str) -> list[tuple[str, list[PublishedHead]]]:
    try:
        value = orjson.loads(data)
        if value["format"] != MONITOR:
            raise KeyError
        urns = value["urns"].items()
        return [(uuid, [head_of(head, place) for head in urn["heads"]]) for uuid, urn in urns]
    except (KeyError, TypeError, ValueError):
        published = parse_heads(data, place)
        return [(urn.uuid, list(urn.heads)) for urn in published.urns]
    except AttributeError:
        raise AuditError(Problem(place, "is not what a monitor remembers", "", MONITOR)) from None
