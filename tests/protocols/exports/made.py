"""Made-up counts that kept every return, and their NIST report read back.

`NIST_V2_election_results_reporting.json` beside this file is the schema of NIST SP 1500-100, version 2, as published in
the repository usnistgov/ElectionResultsReporting (its licence: `NIST_LICENSE.txt`).
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache, cached_property
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import assume, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator

from suffrage.count import ElectionCount, count
from suffrage.election import Election
from suffrage.errors import CountError
from suffrage.law import built_in
from suffrage.protocols.exports import write_report
from suffrage.returns import Return, Slots
from tests.elections import batches, elections

NOON = datetime(2026, 11, 23, 12, 0, 0, 123, tzinfo=UTC)
SOME = settings(max_examples=max(10, settings().max_examples // 4))
"""For properties that each write a report or tables and read them back."""

LAWS = ("ussr-1937", "france-assembly", "vietnam-2015", "approval-majority", "plurality", "party-1937")


def counted(made: Election, *returns: Return, law: str = "") -> ElectionCount:
    """The count of some returns, each kept by itself."""
    own = built_in(made.law)
    return count(made, built_in(law) if law else own, batches(made, returns), own=own, every_return=True)


# Random counts


def _figures(random: Random, names: int, law: str) -> dict[str, int]:
    """Figures that the law knows; they mostly add up, and some of them are left out."""
    struck, invalid, blank = random.randrange(9), random.randrange(9), random.randrange(4)
    figures = {
        "registered": names + struck + invalid + random.randrange(50),
        "issued": names + struck + invalid + random.randrange(5),
        "took_part": names + struck + invalid,
        "invalid": invalid,
        "blank": min(blank, invalid),
        "void": invalid - min(blank, invalid),
        "valid": names + struck,
        "all_struck": struck,
    }
    known = built_in(law).returns.fields
    return {name: figure for name, figure in figures.items() if name in known and random.random() < 0.9}


def returns_of(made: Election, random: Random, absent: float) -> Iterator[Return]:
    """Returns of the precincts, or now and then of the unit of a contest in their place, in one ballot or two."""
    slots = Slots(made)
    for position, contest in enumerate(made.contests):
        mine = slice(int(slots.first[position]), int(slots.first[position + 1]))
        units = slots.unit[mine][slots.expected[mine]].tolist()
        if random.random() < 0.2:
            units = [made.index.unit[contest.unit]]
        standing = [made.candidates[place].id for place in made.index.standing[position]]
        for ballot in (1, 2)[: random.randrange(1, 3)]:
            for unit in units:
                if random.random() >= absent:
                    size = 10 ** random.randrange(1, 9)
                    votes = {name: random.randrange(size) for name in standing if random.random() < 0.8}
                    figures = _figures(random, sum(votes.values()), made.law)
                    yield Return(made.units[unit].id, contest.id, ballot, figures, votes)


@st.composite
def counts(draw: st.DrawFn) -> ElectionCount:
    """Counts of elections with everything that a folder can hold, under a law that counts them."""
    law = draw(st.sampled_from(LAWS))
    made = draw(elections())
    contests = tuple(replace(contest, rules="") for contest in made.contests)
    made = replace(made, law=law, contests=contests)
    random = Random(draw(st.integers(0, 2**32)))
    returns = list(returns_of(made, random, draw(st.sampled_from((0.0, 0.3, 1.0)))))
    random.shuffle(returns)
    try:
        return counted(made, *returns)
    except CountError:  # somebody in two districts, where the law allows one
        assume(False)
        raise


# The report, read back


@cache
def _published() -> dict[str, Any]:
    text = Path(__file__).with_name("NIST_V2_election_results_reporting.json").read_text("utf-8")
    return dict(json.loads(text))


@cache
def schema() -> Draft4Validator:
    """The published schema."""
    return Draft4Validator(_published())


def definitions() -> dict[str, Any]:
    """The classes of the standard by the name that stands at `@type`."""
    return dict(_published()["definitions"])


def written(of: ElectionCount, **options: Any) -> str:
    """A report as text."""
    file = io.StringIO()
    write_report(of, file, **{"generated": NOON, **options})
    return file.getvalue()


@dataclass(frozen=True)
class Read:
    """A report as a reader of the standard sees it, who knows nothing of how it was made."""

    data: dict[str, Any]

    @cached_property
    def units(self) -> dict[str, dict[str, Any]]:
        """Reporting units by the identifier of the election folder (the place of the whole under its own)."""
        return {_id(unit): unit for unit in self.data.get("GpUnit", ())}

    @cached_property
    def folder_unit(self) -> dict[str, str]:
        """The identifier in the folder of each unit of the report."""
        return {unit["@id"]: name for name, unit in self.units.items()}

    def election(self, ballot: int, chamber: str = "") -> dict[str, Any]:
        """The election of a ballot, and chamber."""
        kind = "general" if ballot == 1 else "runoff"
        ends = f": {chamber}" if chamber else ""
        (found,) = (
            election
            for election in self.data["Election"]
            if election["Type"] == kind and election["Name"]["Text"][0]["Content"].endswith(ends)
        )
        return dict(found)

    def contests(self) -> Iterator[tuple[dict[str, Any], int, dict[str, Any]]]:
        """Every contest: its election, its ballot, itself."""
        for election in self.data.get("Election", ()):
            for contest in election.get("Contest", ()):
                yield election, 1 if election["Type"] == "general" else 2, contest

    def contest(self, identifier: str, ballot: int = 1) -> dict[str, Any]:
        """One contest in one ballot."""
        (found,) = (one for _, held, one in self.contests() if held == ballot and _id(one) == identifier)
        return dict(found)

    def votes(self, contest: dict[str, Any]) -> dict[tuple[int, str], int]:
        """The votes in a contest by the number on the ballot paper and unit."""
        return {
            (selection["SequenceOrder"], self.folder_unit[entry["GpUnitId"]]): entry["Count"]
            for selection in contest.get("ContestSelection", ())
            if "CandidateIds" in selection
            for entry in selection.get("VoteCounts", ())
        }

    def figures(self, election: dict[str, Any], contest: dict[str, Any]) -> dict[tuple[str, str], int]:
        """The figures of a contest by name and unit: from the fields of the standard, or counts of their own."""
        found = {}
        for unit in self.units.values():
            if "VotersRegistered" in unit:
                found["registered", _id(unit)] = unit["VotersRegistered"]
        for entry in election.get("BallotCounts", ()):
            for name, field in (("took_part", "BallotsCast"), ("invalid", "BallotsRejected")):
                if field in entry:
                    found[name, self.folder_unit[entry["GpUnitId"]]] = entry[field]
        for selection in contest.get("ContestSelection", ()):
            if "CandidateIds" not in selection:
                for entry in selection["VoteCounts"]:
                    found[entry["OtherType"], self.folder_unit[entry["GpUnitId"]]] = entry["Count"]
        return found

    def undervotes(self, contest: dict[str, Any]) -> dict[str, int]:
        """The votes left unused, by unit."""
        return {self.folder_unit[e["GpUnitId"]]: e["Undervotes"] for e in contest.get("OtherCounts", ())}

    def status(self, ballot: int = 1) -> dict[str, str | None]:
        """What became of every candidate, by name."""
        return {
            candidate["BallotName"]["Text"][0]["Content"]: candidate.get("PostElectionStatus")
            for election in self.data["Election"]
            if election["Type"] == ("general" if ballot == 1 else "runoff")
            for candidate in election["Candidate"]
        }


def _id(found: dict[str, Any]) -> str:
    names = found.get("ExternalIdentifier", ())
    return str(names[0]["Value"]) if names else str(found["@id"])


def read(of: ElectionCount, **options: Any) -> Read:
    """The report of a count, checked against the schema and read back."""
    data = json.loads(written(of, **options))
    schema().validate(data)
    return Read(data)


def totals(of: ElectionCount) -> Sequence[tuple[str, int, int, dict[str, int], dict[int, int]]]:
    """Of every contest and ballot held: how many returns came, the sums of figures that all give, votes by number.

    As the sums themselves tell them: without the electors of units that are still out.
    """
    found = []
    for position, contest in enumerate(of.contests):
        for ballot in contest.ballots:
            sums = of.gathered.sums.get(ballot.ballot)
            if sums is not None:
                figures, _, _ = sums.of_nodes(sums.nodes_of(position))
                first, last = of.gathered.slots.first[position : position + 2]
                returns = int(sums.reported[first:last].sum())
                numbers = [candidate.number for candidate in ballot.candidates]
                votes = dict(zip(numbers, ballot.totals.votes, strict=True))
                found.append((contest.contest.id, ballot.ballot, returns, figures if returns else {}, votes))
    return found
