"""The results as a report after NIST SP 1500-100, version 2 (Election Results Common Data Format), in JSON."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any, TextIO

from suffrage.count.result import ElectionCount
from suffrage.election.model import Kind
from suffrage.protocols.exports.blocks import Block, blocks
from suffrage.protocols.exports.contests import Elections
from suffrage.protocols.exports.entries import typed
from suffrage.protocols.exports.jsontext import Pieces, as_text, streamed
from suffrage.protocols.exports.people import named, office_keys, party_keys, persons
from suffrage.protocols.exports.places import registered, reporting_units, unit_keys

_NOTES = {
    Kind.REAL: "",
    Kind.REHEARSAL: "A rehearsal: nobody is elected by these figures.",
    Kind.DEMO: "A demonstration: these are no results of an election.",
    Kind.REPLAY: "A replay: figures of an election that others held, counted again. No committee issues this report.",
}


def write_report(
    counted: ElectionCount,
    file: TextIO,
    *,
    generated: datetime,
    certified: bool = False,
    issuer: str = "suffrage",
    issuer_abbreviation: str = "",
) -> None:
    """Write the report of a count that kept every return; the same bytes for the same count and arguments.

    `generated` is the moment that the report gives as its own (aware of its time zone; ValueError). `certified`: the
    central committee has signed these results; said of nothing but the complete results of a real election.
    """
    if generated.tzinfo is None:
        raise ValueError("the moment of a report needs a time zone")
    moment = generated.astimezone(UTC).replace(microsecond=0)
    election = counted.election
    keys, electors = unit_keys(counted), registered(counted)
    by_itself = any(
        (block.units != election.index.contest_unit[block.position]).any() for block in _every_block(counted)
    )
    members = typed(
        "ElectionReport",
        Format="precinct-level" if by_itself else "summary-contest",
        GeneratedDate=moment.isoformat().replace("+00:00", "Z"),
        **_test(counted),
        Issuer=issuer,
        IssuerAbbreviation=issuer_abbreviation or issuer,
        Notes=_notes(counted),
        SequenceEnd=1,
        SequenceStart=1,
        Status=_status(counted, certified),
        VendorApplicationId=f"suffrage {version('suffrage')}",
    )
    lists = {
        "GpUnit": _each(reporting_units(counted, keys, electors)),
        "Party": _each(named("Party", party_keys(election), election.language)),
        "Office": _each(named("Office", office_keys(election), election.language)),
        "Person": _each(persons(election)),
        "Election": Elections(counted, keys, electors, moment.date().isoformat()).written(),
    }
    for piece in streamed(members, lists):
        file.write(piece)
    file.write("\n")


def _each(objects: Iterator[dict[str, Any]]) -> Iterator[Pieces]:
    return ([as_text(found)] for found in objects)


def _every_block(counted: ElectionCount) -> Iterator[Block]:
    return (block for ballot in (1, 2) for block in blocks(counted, ballot))


def _test(counted: ElectionCount) -> dict[str, Any]:
    """Whether the report is a test: not for a replay, whose figures are results, unless another law counts them."""
    kind = counted.election.kind
    if kind in (Kind.DEMO, Kind.REHEARSAL):
        return {"IsTest": True, "TestType": kind.value}
    if counted.statute.id != counted.own:
        return {"IsTest": True, "TestType": "counted under another law"}
    return {"IsTest": False}


def _status(counted: ElectionCount, certified: bool) -> str:
    """What the standard calls a count: whether all returns are in, and whether the results have been certified.

    A replay is never certified: that was for those who held the election.
    """
    ballots = [ballot for contest in counted.contests for ballot in contest.ballots]
    if not any(ballot.reported for ballot in ballots):
        return "pre-election"
    if any(ballot.missing for ballot in ballots):
        return "unofficial-partial"
    real = counted.election.kind is Kind.REAL and counted.statute.id == counted.own
    return "certified" if certified and real else "unofficial-complete"


def _notes(counted: ElectionCount) -> str:
    election, law = counted.election, counted.statute
    notes = [_NOTES[election.kind]]
    if law.id == counted.own:
        notes.append(f"Counted under the law {law.id} ({law.title}).")
    else:
        notes.append(f"Counted under the law {law.id} ({law.title}), but held under {counted.own}.")
    second = any(contest.second is not None for contest in counted.contests)
    if election.polling_day is None or (second and election.second_ballot_day is None):
        notes.append("A polling day that is not recorded is given as the day of this report.")
    notes += [f"Source: {source}" for source in election.sources]
    return " ".join(note for note in notes if note)
