"""What a protocol is: its record, its canonical bytes and hash, and how one takes the place of another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import orjson

from suffrage.election import Decision, DecisionKind
from suffrage.protocols.canonical import canonical, sha256
from suffrage.protocols.published import Identity, Level

FORMAT = "suffrage-protocol/1"
LATER_RETURNS = "returns that came in later"
FOLLOWS = "a protocol that it names was replaced"
PAPER = "others stand on the ballot paper"

Record = dict[str, Any]
"""A protocol as JSON data; `docs/protocols.md` describes every key."""


@dataclass(frozen=True, slots=True)
class Protocol:
    """A protocol. `text` are the canonical bytes of its record, which are hashed and signed.

    `unexplained`: it replaces one that was complete, and no new decision says why; it must not be signed.
    """

    identity: Identity
    text: bytes
    sha256: str
    unexplained: bool = False

    @property
    def record(self) -> Record:
        """The record as JSON data, read anew each time: kept as bytes, a hundred thousand of them stay small."""
        record: Record = orjson.loads(self.text)
        return record


def identity_of(record: Mapping[str, Any]) -> Identity:
    """Which protocol a record is. KeyError, TypeError or ValueError where it is none."""
    unit = record["unit"]
    level = Level(record["level"])
    name = "" if unit is None else unit["id"]
    contest = record["contest"] if "contest" in record else {"id": "", "chamber": record["chamber"]}
    texts, ballot = (name, contest["id"], contest["chamber"]["id"]), record["ballot"]
    if not all(type(text) is str for text in texts) or type(ballot) is not int:
        raise TypeError("identifiers are texts, and a ballot is a number")
    return Identity(level, *texts, ballot)


def sealed(identity: Identity, record: Record, *, unexplained: bool = False) -> Protocol:
    """A record with its bytes and hash."""
    text = canonical(record)
    return Protocol(identity, text, sha256(text), unexplained)


def from_text(text: bytes) -> Protocol:
    """A protocol as it was written. ValueError, KeyError or TypeError where the bytes are no protocol."""
    return Protocol(identity_of(orjson.loads(text)), text, sha256(text))


def in_force(
    identity: Identity,
    record: Record,
    before: Protocol | None,
    decisions: Sequence[Decision],
    replacing: Mapping[str, str] = MappingProxyType({}),
) -> Protocol:
    """The protocol that holds after a count: the one from before where it says the same, else a new one.

    A new one names the hash that it replaces, the decisions that it adds, and the reasons.
    """
    new = sealed(identity, record)
    if before is None or before.sha256 == new.sha256:
        return new
    said = {key: value for key, value in before.record.items() if key != "replaces"}
    if said == record:
        return before
    added = [name for name in record["decisions"] if name not in said["decisions"]]
    reasons = [decision.reason for decision in decisions if decision.id in added and decision.reason]
    reason = "; ".join(dict.fromkeys(reasons))
    unexplained = False
    if not added:
        if incomplete(said) or _awaits_more(said, record):
            reason = LATER_RETURNS
        elif followed := _followed(said, record, replacing):
            reason = "; ".join(dict.fromkeys(filter(None, followed))) or FOLLOWS
        elif _same_but_for_the_paper(said, record):
            reason = PAPER
        else:
            unexplained = True
    elif record["level"] in ("precinct", "district") and not record.get("below") and _counted(said) != _counted(record):
        unexplained = not any(_changes(decision, record) for decision in decisions if decision.id in added)
    replaces = {
        "sha256": before.sha256,
        "decisions": added,
        "reason": reason,
    }
    return sealed(identity, {**record, "replaces": replaces}, unexplained=unexplained)


def names_of(record: Mapping[str, Any]) -> list[str]:
    """The hashes of the protocols that a record names: those beneath it, and the first ballot's."""
    return [*record.get("below", ()), *([record["previous"]] if "previous" in record else [])]


def needs_decision(said: Mapping[str, Any], record: Mapping[str, Any]) -> bool:
    """Whether a record can take the place of a signed one by a decision only, as far as the two of them show."""
    waited = incomplete(said) or _awaits_more(said, record)
    return not waited and names_of(said) == names_of(record) and not _same_but_for_the_paper(said, record)


def _followed(said: Mapping[str, Any], record: Mapping[str, Any], replacing: Mapping[str, str]) -> list[str]:
    """The reasons of the protocols that a record names anew and that themselves replace others."""
    named = set(names_of(said))
    return [replacing[name] for name in names_of(record) if name in replacing and name not in named]


def _counted(of: Mapping[str, Any]) -> tuple[Any, Any]:
    """What a return reports: its figures, and the votes of all who have any."""
    return of["figures"], [line for line in of["votes"] if line["votes"]]


def _changes(decision: Decision, record: Mapping[str, Any]) -> bool:
    """Whether a decision changes figures of this return; to accept it or to withdraw changes none."""
    return decision.kind in (DecisionKind.CORRECT, DecisionKind.ANNUL) and (decision.unit, decision.ballot) == (
        record["unit"]["id"],
        record["ballot"],
    )


def _same_but_for_the_paper(said: Mapping[str, Any], record: Mapping[str, Any]) -> bool:
    """Whether two returns differ only in candidates without a vote: who stands in a second ballot is no figure."""

    def essence(of: Mapping[str, Any]) -> dict[str, Any]:
        return {**of, "votes": [line for line in of["votes"] if line["votes"]]}

    return record["level"] == "precinct" and essence(said) == essence(record)


def _awaits_more(said: Mapping[str, Any], record: Mapping[str, Any]) -> bool:
    """Whether more contests are due now than were before: more have come to a second ballot."""
    return "contests" in said and bool(said["contests"]["expected"] < record["contests"]["expected"])


def incomplete(record: Mapping[str, Any]) -> bool:
    """Whether something beneath a protocol had not reported."""
    of = record.get("units") or record.get("contests") or {"expected": 0, "reported": 0}
    return bool(of["reported"] < of["expected"])
