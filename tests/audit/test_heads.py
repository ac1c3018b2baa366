"""Published heads as a stranger's server gives them: read exactly, or refused with the place."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from suffrage.audit.heads import parse_heads
from suffrage.errors import AuditError

HEAD = {"at": "2030-01-01T00:00:00+00:00", "height": 1, "event": "a" * 64, "length": 1024, "ballots": 1}
URN = {"uuid": "1111111111test", "contest": "d1", "ballot": 1, "archive": "/a.bel", "heads": [HEAD]}


def value() -> dict[str, Any]:
    booth = {"booth.js": "b" * 64, "path": "/booth.js"}
    made = {"format": "suffrage-heads/1", "election": "x", "generated": "", "booth": booth, "urns": [URN]}
    copy: dict[str, Any] = json.loads(json.dumps(made))
    return copy


def test_what_is_published_is_read() -> None:
    found = parse_heads(json.dumps(value()).encode(), "heads.json")
    assert (found.election, found.booth_sha256, found.booth_path) == ("x", "b" * 64, "/booth.js")
    [urn] = found.urns
    assert (urn.uuid, urn.contest, urn.ballot, urn.archive) == ("1111111111test", "d1", 1, "/a.bel")
    [head] = urn.heads
    assert head.as_json() == HEAD
    assert head.essence == (1, "a" * 64, 1024, 1)
    none = parse_heads(json.dumps({**value(), "booth": {}, "urns": []}).encode(), "heads.json")
    assert (none.urns, none.booth_path) == ((), "")


Change = Callable[[dict[str, Any]], object]
WRONG: dict[str, tuple[Change, str]] = {
    "format": (lambda v: v.update(format="suffrage-heads/2"), "heads.json, format"),
    "election": (lambda v: v.update(election=1), "heads.json, election"),
    "booth": (lambda v: v.pop("booth"), "heads.json, booth"),
    "hash of the booth": (lambda v: v["booth"].update({"booth.js": "B" * 64}), "booth, booth.js"),
    "path of the booth": (lambda v: v["booth"].pop("path"), "booth, path"),
    "urns": (lambda v: v.update(urns={}), "heads.json, urns"),
    "an urn": (lambda v: v["urns"].append(1), "urn 2, uuid"),
    "an urn twice": (lambda v: v["urns"].append(URN), "stands twice"),
    "a path for a name": (lambda v: v["urns"][0].update(uuid="../../../../../x"), "urn 1, uuid"),
    "a short identifier": (lambda v: v["urns"][0].update(uuid="111"), "urn 1, uuid"),
    "a ballot that is true": (lambda v: v["urns"][0].update(ballot=True), "urn 1, ballot"),
    "a head": (lambda v: v["urns"][0].update(heads=[None]), "urn 1, head 1, height"),
    "a height below 0": (lambda v: v["urns"][0]["heads"][0].update(height=-1), "below 0"),
    "a fraction": (lambda v: v["urns"][0]["heads"][0].update(length=1.0), "head 1, length"),
    "a number too large": (lambda v: v["urns"][0]["heads"][0].update(length=2**64), "head 1, length"),
    "an event": (lambda v: v["urns"][0]["heads"][0].update(event="a" * 63), "head 1, event"),
}


@pytest.mark.parametrize("name", list(WRONG))
def test_what_is_wrong_is_named(name: str) -> None:
    made = value()
    change, said = WRONG[name]
    change(made)
    with pytest.raises(AuditError) as error:
        parse_heads(json.dumps(made).encode(), "heads.json")
    assert said in str(error.value)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"null", b"1", b"\xff", b"[" * 5000])
def test_what_is_no_such_file_is_refused(data: bytes) -> None:
    with pytest.raises(AuditError, match=r"^heads\.json"):
        parse_heads(data, "heads.json")
