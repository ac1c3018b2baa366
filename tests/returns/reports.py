"""Reports of cast vote records as real programs write them, made from ballots.

`NIST_V0_cast_vote_records.json` beside this file is the schema of NIST SP 1500-103 as published in the repository
usnistgov/CastVoteRecords (commit 6a8ff0361b6535c9befaf2a3bc405ed78aa8af40), unchanged, with NIST's notice in
`NIST_LICENSE.txt`. Every report that a test takes for a proper one is held against it.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeAlias

import pytest
from jsonschema import Draft4Validator

from suffrage.election import Election
from suffrage.errors import ReturnsError
from suffrage.law import built_in
from suffrage.returns import Return
from suffrage.returns.cvr import read_cast_vote_records
from tests.returns.made import Ballot, Key, as_returns, candidates_of, small

Part: TypeAlias = dict[str, Any]
Naming: TypeAlias = Literal["id", "code", "name"]
"""What links a report's objects to the election: their @id, a code, or their name."""


@cache
def _schema() -> Draft4Validator:
    return Draft4Validator(json.loads(Path(__file__).with_name("NIST_V0_cast_vote_records.json").read_text("utf-8")))


def check(report: Part) -> None:
    """Fail where a report is not after the schema."""
    _schema().validate(report)


def write(path: Path, report: Part, *, proper: bool = True) -> Path:
    """A report as a file; `.gz` too."""
    if proper:
        check(report)
    text = json.dumps(report, ensure_ascii=False).encode()
    path.write_bytes(gzip.compress(text, 1) if path.suffix == ".gz" else text)
    return path


def code(value: str) -> Part:
    return {"@type": "CVR.Code", "Type": "other", "OtherType": "OtherId", "Value": value}


def position(indication: str = "yes", allocable: str | None = None, votes: int = 1, **more: Any) -> Part:
    found = {"@type": "CVR.SelectionPosition", "HasIndication": indication, "NumberVotes": votes, **more}
    return found if allocable is None else {**found, "IsAllocable": allocable}


def selection(identifier: str | None, *positions: Part, **more: Any) -> Part:
    found: Part = {"@type": "CVR.CVRContestSelection", "SelectionPosition": list(positions), **more}
    return found if identifier is None else {**found, "ContestSelectionId": identifier}


def contest(identifier: str, *selections: Part, **more: Any) -> Part:
    return {"@type": "CVR.CVRContest", "ContestId": identifier, "CVRContestSelection": list(selections), **more}


def snapshot(identifier: str, *contests: Part, kind: str = "original") -> Part:
    return {"@type": "CVR.CVRSnapshot", "@id": identifier, "Type": kind, "CVRContest": list(contests)}


def record(*snapshots: Part, unit: str | None = None, current: str | None = None, **more: Any) -> Part:
    """A record; without `current`, its last snapshot counts."""
    found: Part = {
        "@type": "CVR.CVR",
        "CVRSnapshot": list(snapshots),
        "CurrentSnapshotId": snapshots[-1]["@id"] if current is None else current,
        "ElectionId": "_election",
        **more,
    }
    return found if unit is None else {**found, "BallotStyleUnitId": unit}


@dataclass
class Report:
    """A report about an election: its objects, and the identifiers that its records must use."""

    election: Election
    naming: Naming = "code"
    records: list[Part] = field(default_factory=list)

    def unit(self, unit: str) -> str:
        return unit if self.naming == "id" else f"_u{self.election.index.unit[unit]}"

    def contest(self, contest: str) -> str:
        return contest if self.naming == "id" else f"_c{self.election.index.contest[contest]}"

    def candidate(self, contest: str, n: int) -> str:
        return f"_p{self.election.index.contest[contest]}.{n}"

    def selection(self, contest: str, n: int) -> str:
        """Numbered anew in each contest, as some programs do."""
        return candidates_of(self.election, contest)[n].id if self.naming == "id" else f"_s{n}"

    def _known(self, identifier: str, name: str) -> Part:
        known: dict[Naming, Part] = {
            "id": {},
            "code": {"Code": [code(identifier)]},
            "name": {"Name": name or identifier},
        }
        return known[self.naming]

    def _contest(self, contest: str) -> Part:
        people = candidates_of(self.election, contest)
        return {
            "@type": "CVR.CandidateContest",
            "@id": self.contest(contest),
            **self._known(contest, self.election.contests[self.election.index.contest[contest]].name),
            "ContestSelection": [
                *(
                    {
                        "@type": "CVR.CandidateSelection",
                        "@id": self.selection(contest, n),
                        "CandidateIds": [self.candidate(contest, n)],
                    }
                    for n in range(len(people))
                ),
                {"@type": "CVR.CandidateSelection", "@id": "_write-in", "IsWriteIn": True},
            ],
        }

    def _candidates(self, contest: str) -> Iterable[Part]:
        for n, person in enumerate(candidates_of(self.election, contest)):
            known = {"Code": [code(person.id)]} if self.naming == "id" else self._known(person.id, person.full_name)
            yield {"@type": "CVR.Candidate", "@id": self.candidate(contest, n), **known}

    def whole(self, records_first: bool = False) -> Part:
        contests = [entry.id for entry in self.election.contests]
        head = {
            "@type": "CVR.CastVoteRecordReport",
            "Version": "1.0.0",
            "GeneratedDate": "2026-11-23T10:00:00Z",
            "ReportGeneratingDeviceIds": ["_device"],
            "ReportingDevice": [{"@type": "CVR.ReportingDevice", "@id": "_device"}],
        }
        objects = {
            "GpUnit": [
                {
                    "@type": "CVR.GpUnit",
                    "@id": self.unit(unit.id),
                    "Type": "precinct",
                    **self._known(unit.id, unit.name),
                }
                for unit in self.election.units
            ],
            "Election": [
                {
                    "@type": "CVR.Election",
                    "@id": "_election",
                    "ElectionScopeId": self.unit(self.election.units[0].id),
                    "Contest": [self._contest(entry) for entry in contests],
                    "Candidate": [part for entry in contests for part in self._candidates(entry)],
                }
            ],
        }
        records = {"CVR": self.records}
        return {**head, **records, **objects} if records_first else {**head, **objects, **records}

    def add(self, unit: str, *ballots: tuple[str, Sequence[int]]) -> None:
        """One more record: the marks in some contests, as a program might put them; positions vary with the record."""
        turn = len(self.records)
        current = [
            contest(
                self.contest(where),
                *(
                    selection(self.selection(where, n), self._position(mark, turn + n))
                    for n, mark in enumerate(marks)
                    if mark or (turn + n) % 2
                ),
            )
            for where, marks in ballots
        ]
        before = [contest(self.contest(where)) for where, _ in ballots]
        name = f"_{turn}"
        self.records.append(
            record(snapshot(f"{name}-before", *before), snapshot(name, *current), unit=self.unit(unit), current=name)
        )

    @staticmethod
    def _position(mark: int, turn: int) -> Part:
        ways = {
            1: [position(), position("yes", "yes"), position("yes", "no", Status=["invalidated-rules"], votes=0)],
            0: [position("no"), position("no", "no", 0), position("yes", "no"), position("unknown", "no")],
            -1: [
                position("unknown"),
                position("yes", "unknown"),
                position("no", "unknown"),
                position("unknown", "yes"),
            ],
        }[mark]
        return ways[turn % len(ways)]


def report_of(election: Election, ballots: Iterable[Ballot], naming: Naming = "code") -> Report:
    """A report with one record a ballot, all of the first ballot."""
    report = Report(election, naming)
    for unit, where, number, marks in ballots:
        assert number == 1
        report.add(unit, (where, marks))
    return report


def objects(report: Part, what: str) -> list[Part]:
    """The units, contests, candidates or selections of a report."""
    election = report["Election"][0]
    found: list[Part] = {
        "GpUnit": report["GpUnit"],
        "Contest": election["Contest"],
        "Candidate": election["Candidate"],
        "ContestSelection": election["Contest"][0]["ContestSelection"],
    }[what]
    return found


def for_petrov(naming: Naming = "code", election: Election | None = None) -> Part:
    return report_of(election or small(), [("p1", "seat", 1, (1, 0, 0))], naming).whole()


EXAMPLE = report_of(small(), [("p1", "seat", 1, (1, -1, 0)), ("p2", "seat", 1, (0, 1, 0))]).whole()
"""A small proper report, to be spoiled."""


def read(path: Path, election: Election, law: str = "ussr-1937") -> dict[Key, Return]:
    """The returns that come of a report."""
    return as_returns(read_cast_vote_records(path, election, built_in(law)), election)


def refused(path: Path, election: Election) -> ReturnsError:
    """The error with which a report is refused."""
    with pytest.raises(ReturnsError) as caught:
        list(read_cast_vote_records(path, election, built_in("ussr-1937")))
    return caught.value
