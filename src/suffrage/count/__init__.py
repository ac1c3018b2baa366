"""What a marked ballot means, checks, totals, and the outcome of every contest; pure functions."""

from suffrage.count.ballot import Mark, MarkedBallot, Meaning, meaning
from suffrage.count.findings import Finding, Severity
from suffrage.count.folder import count_folder
from suffrage.count.outcome import Outcome, OutcomeKind, Step
from suffrage.count.result import BallotCount, ContestCount, ElectionCount
from suffrage.count.run import count
from suffrage.count.totals import Totals

__all__ = [
    "BallotCount",
    "ContestCount",
    "ElectionCount",
    "Finding",
    "Mark",
    "MarkedBallot",
    "Meaning",
    "Outcome",
    "OutcomeKind",
    "Severity",
    "Step",
    "Totals",
    "count",
    "count_folder",
    "meaning",
]
