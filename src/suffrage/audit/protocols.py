"""Protocols held against a count: every record as the count draws it, in its place, once, with what it replaced."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from suffrage.audit.differing import difference
from suffrage.audit.forms import checked_record
from suffrage.audit.report import Findings, Stage
from suffrage.election import Election
from suffrage.errors import shown
from suffrage.protocols.canonical import canonical, sha256
from suffrage.protocols.published import Identity
from suffrage.protocols.record import Protocol, from_text, needs_decision
from suffrage.protocols.store import PROTOCOLS, REPLACED


def read_lines(path: Path) -> Iterator[bytes]:
    """The lines of a file without their ends; nothing where it is missing, which has been noted."""
    if path.exists():
        with path.open("rb") as lines:
            for line in lines:
                yield line.removesuffix(b"\n")


def _parsed(text: bytes) -> Protocol:
    """A line as a protocol, of whatever contents. ValueError where it is none."""
    try:
        protocol = from_text(text)
        # Deeper than any record, it would be too deep to be shown.
        canonical(protocol.record)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ValueError("is no protocol") from None
    return protocol


def _replaced(text: bytes, election: Election) -> Protocol:
    """A line as a protocol that was replaced. ValueError where it is none, or of another election."""
    protocol = _parsed(text)
    record = protocol.record
    checked_record(record)
    if canonical(record) != text:
        raise ValueError("is not in canonical JSON (RFC 8785)")
    if (record["election"]["id"], record["kind"]) != (election.id, election.kind.value):
        raise ValueError("is of another election, or of another kind of election")
    return protocol


def replaced_protocols(texts: Iterable[bytes], election: Election, findings: Findings) -> dict[Identity, Protocol]:
    """The last of the replaced protocols of each identity: that which the one in force must name.

    What is no protocol, stands alone, or replaces another without a decision is noted.
    """
    known = {decision.id for decision in election.decisions}
    replaced: dict[str, Protocol] = {}
    for number, text in enumerate(texts, 1):
        try:
            protocol = _replaced(text, election)
        except ValueError as error:
            findings.add(Stage.REPLACED, 0, f"{REPLACED}, line {number}", str(error))
            continue
        if protocol.sha256 in replaced:
            findings.add(Stage.REPLACED, 0, replaced_name(protocol.identity), "stands twice among those replaced")
        replaced[protocol.sha256] = protocol
    last = dict(replaced)
    for protocol in replaced.values():
        link = protocol.record.get("replaces")
        if link is None:
            continue
        before, named = replaced.get(link["sha256"]), link["decisions"]
        if before is None or before.identity != protocol.identity or last.pop(before.sha256, None) is None:
            findings.add(Stage.REPLACED, 0, replaced_name(protocol.identity), "replaces no protocol that is kept")
        elif not named and needs_decision(before.record, protocol.record):
            findings.add(
                Stage.REPLACED, 0, replaced_name(protocol.identity), "replaces a complete protocol without a decision"
            )
        elif unknown := [name for name in named if name not in known]:
            findings.add(
                Stage.PROTOCOLS,
                0,
                replaced_name(protocol.identity),
                f"names a decision that is not recorded: {unknown[0]}",
            )
    before_those_in_force: dict[Identity, Protocol] = {}
    for protocol in last.values():
        if before_those_in_force.setdefault(protocol.identity, protocol) is not protocol:
            findings.add(
                Stage.REPLACED, 0, replaced_name(protocol.identity), "was replaced by no protocol that is kept"
            )
    return before_those_in_force


def replaced_name(identity: Identity) -> str:
    """How a protocol that was replaced is named."""
    return f"{shown(identity, 200)} (replaced)"


def compare(
    expected: Iterable[Protocol], path: Path, before: Mapping[Identity, Protocol], findings: Findings
) -> dict[str, tuple[int, Identity]]:
    """Hold the protocols of a file against those that the count draws.

    Gives the place in the order of drawing and the identity of every line that is a protocol, by hash.
    """
    lines = [sha256(text) for text in read_lines(path)]
    present = set(lines)
    right: dict[str, tuple[int, Identity]] = {}
    missing: dict[Identity, tuple[int, Protocol]] = {}
    waiting = dict(before)
    for place, protocol in enumerate(expected):
        old = waiting.pop(protocol.identity, None)
        if protocol.unexplained:
            findings.add(
                Stage.PROTOCOLS,
                place,
                str(protocol.identity),
                "differs from the one it replaces, but no decision says why",
            )
        elif old is not None and old.sha256 == protocol.sha256:
            findings.add(
                Stage.PROTOCOLS, place, str(protocol.identity), "is kept as replaced, but the count still gives it"
            )
        if protocol.sha256 in present:
            right[protocol.sha256] = place, protocol.identity
        else:
            missing[protocol.identity] = place, protocol
    for identity in waiting:
        findings.add(Stage.PROTOCOLS, len(right), replaced_name(identity), "was replaced by nothing that is in force")
    _check_order(lines, right, findings)
    extra = _extra(lines, path, right)
    place = -1
    for number, sha in enumerate(lines if extra else (), 1):
        place = _judge(number, extra[number], place, missing, right, findings) if number in extra else right[sha][0]
    for identity, (place, _) in missing.items():
        findings.add(Stage.PROTOCOLS, place, str(identity), "is missing")
    for number, text in extra.items():
        try:
            protocol = _parsed(text)
        except ValueError:
            continue
        right.setdefault(protocol.sha256, (number - 1, protocol.identity))
    return right


def _extra(lines: Sequence[str], path: Path, right: Mapping[str, object]) -> dict[int, bytes]:
    """The lines that no count draws, by number."""
    numbers = {number for number, sha in enumerate(lines, 1) if sha not in right}
    if not numbers:
        return {}
    return {number: text for number, text in enumerate(read_lines(path), 1) if number in numbers}


def _check_order(lines: Sequence[str], right: Mapping[str, tuple[int, Identity]], findings: Findings) -> None:
    for sha, times in Counter(lines).items():
        if times > 1 and sha in right:
            place, identity = right[sha]
            findings.add(Stage.PROTOCOLS, place, str(identity), f"stands {times} times in {PROTOCOLS}")
    found = list(dict.fromkeys(sha for sha in lines if sha in right))
    for sha, due in zip(found, (sha for sha in right), strict=False):
        if sha != due:
            place, identity = right[sha]
            due_place, due_identity = right[due]
            findings.add(Stage.PROTOCOLS, due_place, str(identity), f"stands where the {due_identity}, belongs")
            return


def _judge(
    number: int,
    text: bytes,
    after: int,
    missing: dict[Identity, tuple[int, Protocol]],
    right: Mapping[str, tuple[int, Identity]],
    findings: Findings,
) -> int:
    """Say what is wrong with a line that no count draws, which stands behind the place `after`; its own place."""
    where = f"{PROTOCOLS}, line {number}"
    try:
        protocol = _parsed(text)
    except ValueError as error:
        findings.add(Stage.PROTOCOLS, after, where, str(error))
        return after
    place, due = missing.pop(protocol.identity, (after, None))
    name = f"{shown(protocol.identity, 200)} ({where})"
    if due is None:
        second = any(identity == protocol.identity for _, identity in right.values())
        reason = "is there a second time, with other contents" if second else "no returns give such a protocol"
    else:
        reason = difference(protocol, due)
    findings.add(Stage.PROTOCOLS, place, name, reason)
    return place
