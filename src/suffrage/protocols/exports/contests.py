"""The elections of a NIST report: one for every chamber and ballot, with its contests and their counts.

What the standard has a field for stands there: votes (`VoteCounts`), electors on the roll (`VotersRegistered`), ballots
found and ballots held invalid (`BallotCounts`), votes that valid and blank ballots left unused (`Undervotes`). Every
other figure of the law (ballots issued, blank, void, with every name struck), and one that its field cannot say of this
contest because contests differ, is a count of type `other` under the name of the figure. Those counts belong to a
selection of no candidate, which is where the standard lets a contest have counts of a type of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import numpy as np
import numpy.typing as npt

from suffrage.count.result import BallotCount, ElectionCount
from suffrage.law import Rules
from suffrage.protocols.exports.blocks import Block, blocks, rules_of
from suffrage.protocols.exports.entries import count_status, entity, identifier, known_as, text, typed
from suffrage.protocols.exports.jsontext import Pieces, as_text, streamed
from suffrage.protocols.exports.people import candidacies, candidate_key, office_keys, party_keys
from suffrage.protocols.exports.places import Agreed, note_total, scope
from suffrage.returns.batch import ABSENT, Ints

Rows = npt.NDArray[np.intp]
"""Rows of a block."""

_CAST, _REJECTED = "took_part", "invalid"


class Elections:
    """Writes the elections of a report. `keys` are the identifiers of units, `electors` what the report says of them.

    Each chamber is an election of its own, since electors cast a ballot paper for each, and `BallotCounts` knows
    places but no contests. The second ballot is an election of the type `runoff`: it has its own day, candidates and
    counts, and the standard's `Round` is for the rounds in which one set of ranked ballots is counted.
    """

    def __init__(self, counted: ElectionCount, keys: list[str], electors: Ints, no_day: str) -> None:
        self._counted = counted
        self._election = counted.election
        self._keys = keys
        self._references = [as_text(key) for key in keys]
        self._registered = electors
        self._no_day = no_day
        self._scope = scope(counted)
        self._parties = party_keys(self._election)
        self._offices = office_keys(self._election)

    def written(self) -> Iterator[Pieces]:
        """Each election, first ballots before second ones."""
        chambers = list(dict.fromkeys(contest.chamber for contest in self._election.contests))
        for ballot in (1, 2):
            for chamber in chambers:
                if any(True for _ in self._blocks(ballot, chamber)):
                    yield self._of(ballot, chamber)

    def _blocks(self, ballot: int, chamber: str) -> Iterator[Block]:
        return (block for block in blocks(self._counted, ballot) if block.contest.contest.chamber == chamber)

    def _of(self, ballot: int, chamber: str) -> Pieces:
        election = self._election
        day = election.polling_day if ballot == 1 else election.second_ballot_day
        date = self._no_day if day is None else day.isoformat()
        ballots = {name: Agreed(len(self._keys)) for name in (_CAST, _REJECTED)}
        due = done = 0
        for block in self._blocks(ballot, chamber):
            due, done = due + block.count.expected, done + block.count.reported
            for name, figures in ballots.items():
                if name in block.figures:
                    figures.note(block.units, block.figures[name])
                note_total(figures, self._counted, block, name)
        said = {"registered": self._registered, **{name: figures.said for name, figures in ballots.items()}}
        members = typed(
            "Election",
            CountStatus=count_status(due, done),
            ElectionScopeId=self._scope,
            EndDate=date,
            ExternalIdentifier=known_as(election.id),
            Name=text(f"{election.title}: {chamber}" if chamber else election.title, election.language),
            StartDate=date,
            Type="general" if ballot == 1 else "runoff",
        )
        lists = {
            "BallotCounts": self._ballot_counts(said[_CAST], said[_REJECTED]),
            "Candidate": (
                [as_text(candidacy)]
                for candidacy in candidacies(self._counted, self._blocks(ballot, chamber), self._parties)
            ),
            "Contest": (self._contest(block, said) for block in self._blocks(ballot, chamber)),
        }
        return streamed(members, lists)

    def _ballot_counts(self, cast: Ints, rejected: Ints) -> Iterator[Pieces]:
        for unit in np.flatnonzero((cast != ABSENT) | (rejected != ABSENT)).tolist():
            counts = {"BallotsCast": int(cast[unit]), "BallotsRejected": int(rejected[unit])}
            given = {name: figure for name, figure in counts.items() if figure != ABSENT}
            yield [as_text(typed("BallotCounts", **given, GpUnitId=self._keys[unit], Type="total"))]

    def _contest(self, block: Block, said: dict[str, Ints]) -> Pieces:
        contest, count = block.contest.contest, block.count
        rules = rules_of(self._counted, block.contest)
        members = entity(
            "CandidateContest",
            identifier(f"contest{count.ballot}", contest.id),
            CountStatus=count_status(count.expected, count.reported),
            ElectionDistrictId=identifier("unit", contest.unit),
            ExternalIdentifier=known_as(contest.id),
            Name=contest.name or contest.id,
            NumberElected=_seats(block),
            NumberRunoff=len(count.outcome.finalists) or None,
            OfficeIds=[self._offices[contest.chamber]] if contest.chamber else None,
            SequenceOrder=block.position + 1,
            SubUnitsReported=count.reported,
            TotalSubUnits=count.expected,
            VoteVariation=_variation(rules, count),
            VotesAllowed=count.totals.most_names,
        )
        root = int(self._election.index.contest_unit[block.position])
        # A unit that is the whole contest is there once, with the totals.
        parts = np.flatnonzero(block.units != root)
        return streamed(
            members,
            {
                "OtherCounts": self._undervotes(block, rules, root, parts),
                "ContestSelection": chain(
                    self._candidates(block, root, parts), self._other_figures(block, said, root, parts)
                ),
            },
        )

    def _candidates(self, block: Block, root: int, parts: Rows) -> Iterator[Pieces]:
        count = block.count
        units = block.units[parts].tolist()
        for column, candidate in enumerate(count.candidates):
            key = candidate_key(count.ballot, candidate)
            members = entity(
                "CandidateSelection",
                key.replace("candidate", "selection", 1),
                CandidateIds=[key],
                SequenceOrder=candidate.number,
            )
            totals = self._vote_counts([root], [count.totals.votes[column]])
            returns = self._vote_counts(units, block.votes[parts, column].tolist())
            yield streamed(members, {"VoteCounts": (*totals, *returns) if len(block) else ()})

    def _other_figures(self, block: Block, said: dict[str, Ints], root: int, parts: Rows) -> Iterator[Pieces]:
        counts: list[Pieces] = []
        if len(block):
            for name, total in block.count.totals.figures.items():
                counts += self._vote_counts([root], [total], name)
        for name, column in block.figures.items():
            rows = parts[column[parts] != ABSENT]
            if name in said:
                rows = rows[column[rows] != said[name][block.units[rows]]]
            counts += self._vote_counts(block.units[rows].tolist(), column[rows].tolist(), name)
        if counts:
            key = identifier(f"figures{block.count.ballot}", block.contest.contest.id)
            yield streamed(entity("CandidateSelection", key), {"VoteCounts": counts})

    def _vote_counts(self, units: list[int], numbers: list[int], figure: str = "") -> list[Pieces]:
        """Counts of some units as one text: by far the most of a report, so no dictionary is made of them."""
        of = f'"Type":"other","OtherType":{as_text(figure)}' if figure else '"Type":"total"'
        head = f'{{"@type":"ElectionResults.VoteCounts",{of},"GpUnitId":'
        key = self._references
        entries = [f'{head}{key[unit]},"Count":{number}}}' for unit, number in zip(units, numbers, strict=True)]
        return [[",\n".join(entries)]] if entries else []

    def _undervotes(self, block: Block, rules: Rules, root: int, parts: Rows) -> Iterator[Pieces]:
        """The votes that valid ballots, and blank ones, left unused, where a ballot has a number of votes."""
        if rules.ballot.may_leave.known in (None, "any") or not len(block):
            return
        totals = block.count.totals
        names = np.append(np.int64(sum(totals.votes)), block.votes[parts].sum(axis=1))
        valid, blank = (_with_total(block, name, parts) for name in ("valid", "blank"))
        unused = totals.most_names * valid - names
        if rules.ballot.blank.known == "invalid":
            unused += totals.most_names * np.where(blank == ABSENT, 0, blank)
        # Fewer than none is a finding of the count, and no figure.
        rows = np.flatnonzero((valid != ABSENT) & (unused >= 0))
        units = np.append(np.int32(root), block.units[parts])[rows].tolist()
        key = self._references
        entries = [
            f'{{"@type":"ElectionResults.OtherCounts","GpUnitId":{key[unit]},"Undervotes":{number}}}'
            for unit, number in zip(units, unused[rows].tolist(), strict=True)
        ]
        if entries:
            yield [",\n".join(entries)]


def _with_total(block: Block, name: str, parts: Rows) -> Ints:
    """A figure of the whole contest, then of the rows of some units; ABSENT where it is not given."""
    column = block.figures.get(name)
    rows = np.full(len(parts), ABSENT, np.int64) if column is None else column[parts]
    return np.append(np.int64(block.count.totals.figures.get(name, ABSENT)), rows)


def _seats(block: Block) -> int:
    """How many are elected: in a second ballot, those whom the first one did not elect."""
    seats = block.contest.contest.seats
    return seats if block.count.ballot == 1 else block.contest.first.outcome.seats_left or seats


def _variation(rules: Rules, count: BallotCount) -> str:
    """The standard's word for how a ballot decides."""
    if rules.ballot.may_leave.value == "any":
        return "approval"
    second = count.ballot == 2 and rules.second_ballot.won_by.known == "most-votes"
    if rules.majority.more_than.known is not None and not second:
        return "majority"
    return "n-of-m" if count.totals.most_names > 1 else "plurality"
