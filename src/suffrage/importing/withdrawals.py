"""Who withdrew before the second ballot, where the source does not say it: finalists for whom no votes are reported."""

from __future__ import annotations

from collections.abc import Iterator

from suffrage.count.outcome import OutcomeKind
from suffrage.count.result import ContestCount, ElectionCount
from suffrage.election.model import Decision, DecisionKind

REASON = "no votes are reported for this finalist in the second ballot"
BY = "inferred when the figures were imported"


def inferred(counted: ElectionCount) -> tuple[list[Decision], list[str]]:
    """The withdrawals in an election counted under its own law, and the contests that could not be looked at."""
    decisions: list[Decision] = []
    undecided = []
    for contest in counted.contests:
        if contest.second is None:
            continue
        if contest.first.outcome.kind is OutcomeKind.UNDECIDED:
            undecided.append(contest.contest.id)
        for candidate in _absent(contest):
            decisions.append(
                Decision(
                    id=f"withdrawal-{len(decisions) + 1}",
                    kind=DecisionKind.WITHDRAW,
                    contest=contest.contest.id,
                    ballot=2,
                    candidate=candidate,
                    by=BY,
                    reason=REASON,
                )
            )
    return decisions, undecided


def _absent(contest: ContestCount) -> Iterator[str]:
    second = contest.second
    if second is None or contest.first.outcome.kind is not OutcomeKind.SECOND_BALLOT:
        return
    votes = {who.id: number for who, number in zip(second.candidates, second.totals.votes, strict=True)}
    yield from (finalist for finalist in contest.first.outcome.finalists if not votes.get(finalist))
