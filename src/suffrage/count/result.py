"""The result of a count, as frozen data: ballots of a contest, contests of an election."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from suffrage.count.findings import Finding, Severity
from suffrage.count.gather import Gathered
from suffrage.count.outcome import Outcome
from suffrage.count.totals import Totals
from suffrage.election.model import Candidate, Contest, Election
from suffrage.law import Statute


@dataclass(frozen=True)
class BallotCount:
    """One ballot (first or second) of one contest.

    `candidates` stand in the order of `totals.votes`. `expected` is how many units are to report, `missing` are those
    that have not.
    """

    ballot: int
    candidates: tuple[Candidate, ...]
    totals: Totals
    expected: int
    missing: Sequence[str]
    findings: tuple[Finding, ...]
    outcome: Outcome

    @property
    def reported(self) -> int:
        """How many units have reported."""
        return self.expected - len(self.missing)


@dataclass(frozen=True)
class ContestCount:
    """One contest: its first ballot, the second where one was held, and what stands in the end."""

    contest: Contest
    first: BallotCount
    second: BallotCount | None
    outcome: Outcome

    @property
    def ballots(self) -> tuple[BallotCount, ...]:
        """The ballots that were held, in order."""
        return (self.first,) if self.second is None else (self.first, self.second)

    def candidate(self, identifier: str) -> Candidate:
        """A candidate of this contest by id."""
        return next(candidate for candidate in self.first.candidates if candidate.id == identifier)


@dataclass(frozen=True)
class ElectionCount:
    """A whole election counted under one law.

    `own` is the id of the law it was held under. `gathered` holds the sums that totals of inner units are taken from.
    """

    election: Election
    statute: Statute
    contests: tuple[ContestCount, ...]
    own: str
    gathered: Gathered = field(repr=False, compare=False)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding of every contest and ballot."""
        return tuple(f for contest in self.contests for ballot in contest.ballots for f in ballot.findings)

    def number_of(self, severity: Severity) -> int:
        """How many findings of a severity there are."""
        return sum(finding.severity is severity for finding in self.findings)
