"""The form of a record that a stranger wrote, checked before anything relies on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from suffrage.protocols.published import Identity, Level
from suffrage.protocols.record import FORMAT, identity_of

_EVERY = {
    *("format", "kind", "election", "law", "level", "ballot", "day", "language", "unit", "figures"),
    *("decisions", "complaints", "opinions"),
}
_BY_LEVEL = {
    Level.PRECINCT: {"contest", "votes", "findings"},
    Level.PART: {"contest", "votes", "units", "below"},
    Level.DISTRICT: {
        *("contest", "votes", "units", "below", "findings"),
        *("breaches", "electors_outstanding", "outcome"),
    },
    Level.AREA: {"chamber", "contests", "outcomes", "below"},
    Level.CENTRE: {"chamber", "contests", "outcomes", "below"},
}
_NOT_ALWAYS = {"replaces", "previous"}


def _are_texts(values: Any) -> bool:
    return all(type(value) is str for value in values)


def checked_record(record: Any) -> Identity:
    """Which protocol a record is. ValueError where it has not the form that a count gives to records of its level.

    The form alone: what its figures, votes and outcome say is for a count, and for those who signed it.
    """
    try:
        identity = identity_of(record)
        right = (
            set(record) - _NOT_ALWAYS == _EVERY | _BY_LEVEL[identity.level]
            and record["format"] == FORMAT
            and _are_texts([record["kind"], record["language"], *record["election"].values(), *record["law"].values()])
            and set(record["election"]) == {"id", "title"}
            and _are_texts(record["decisions"])
            and type(record["decisions"]) is list
            and all(type(figure) is int for figure in record["figures"].values())
            and all(type(line["votes"]) is int for line in record.get("votes", ()))
            and _are_counts(record.get("units") or record.get("contests") or {"expected": 0, "reported": 0})
            and _is_replacing(record.get("replaces"))
        )
    except (KeyError, TypeError, AttributeError):
        right = False
    if not right:
        raise ValueError("is no protocol")
    return identity


def _are_counts(value: Mapping[str, Any]) -> bool:
    return set(value) == {"expected", "reported"} and all(type(number) is int for number in value.values())


def _is_replacing(value: Any) -> bool:
    return value is None or (
        set(value) == {"sha256", "decisions", "reason"}
        and _are_texts([value["sha256"], value["reason"], *value["decisions"]])
        and type(value["decisions"]) is list
    )
