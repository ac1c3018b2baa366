"""How a protocol differs from the one that a count gives, in words for somebody who was not there."""

from __future__ import annotations

import json
from collections.abc import Mapping

from suffrage.errors import shown
from suffrage.protocols.canonical import canonical
from suffrage.protocols.record import Protocol
from suffrage.protocols.store import flat

_SHOWN = 3


def difference(found: Protocol, due: Protocol) -> str:
    """How a record differs from the one that the count draws."""
    record, counted = found.record, due.record
    written, right = flat(record), flat(counted)
    written["replaces"], right["replaces"] = record.get("replaces"), counted.get("replaces")
    names = [name for name in dict.fromkeys((*right, *written)) if _text(written, name) != _text(right, name)]
    names.sort(key=lambda name: (not name.startswith(("figures.", "votes.")), name))
    if not names and canonical(record) == found.text:
        return "its candidates do not stand as on the ballot paper, or one stands twice"
    if not names:
        return "is not in canonical JSON (RFC 8785)"
    more = f"; {len(names) - _SHOWN} more differ" if len(names) > _SHOWN else ""
    return "; ".join(_said(name, written.get(name), right.get(name)) for name in names[:_SHOWN]) + more


def _text(record: Mapping[str, object], name: str) -> bytes:
    """A value as bytes: in Python, 1 is equal to 1.0 and to true."""
    return canonical(record.get(name))


def _said(name: str, value: object, due: object) -> str:
    """One thing in which a record differs, in words."""
    match name:
        case "below":
            return "it names other protocols beneath it than the count gives"
        case "previous":
            return "it names another protocol of the first ballot than the count gives"
        case "law.sha256":
            return "it was made under another text of the law than law.toml"
        case "replaces.sha256":
            return "it does not name the protocol that is kept as the one it replaced"
        case "replaces" if value is None:
            return "it does not say which protocol it replaces"
        case "replaces" if due is None:
            return "it says that it replaces another, but none is kept"
    counted = name.startswith("figures.")
    if isinstance(value, dict) and isinstance(due, dict):
        counted = name.startswith("votes.") and _text(value, "votes") != _text(due, "votes")
    if isinstance(value, dict) and isinstance(due, dict) and not counted:
        # The first part that differs, so that a long text does not hide it.
        for key in dict.fromkeys((*due, *value)):
            if _text(value, key) != _text(due, key):
                return _said(f"{name}.{key}", value.get(key), due.get(key))
    return f"{name} is {_value(value)}, {'counted' if counted else 'expected'} {_value(due)}"


def _value(value: object) -> str:
    if value is None:
        return "absent"
    if value == "":
        return "empty"
    if isinstance(value, dict) and "votes" in value and "candidate" in value:
        return shown(value["votes"])
    return shown(json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list | bool) else value)
