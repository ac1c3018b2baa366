"""Recorded decisions that changed nothing: a withdrawal of nobody's finalist, a lot where there was no tie."""

from __future__ import annotations

from collections.abc import Sequence

from suffrage.count.findings import Finding, Severity
from suffrage.count.outcome import OutcomeKind
from suffrage.count.result import BallotCount
from suffrage.election.model import Decision, DecisionKind

_SAID = {
    DecisionKind.WITHDRAW: "the withdrawal of a candidate who is no finalist changes nothing",
    DecisionKind.ELECT: "the choice of a candidate who is in no tie changes nothing",
}

_TIES = ("majority.tie", "second_ballot.tie")


def idle(decisions: Sequence[Decision], first: BallotCount, second: BallotCount | None) -> list[Finding]:
    """A remark on every withdrawal and every decision of a tie that no step of the reasoning speaks of.

    Of a ballot that is undecided, or not held, nothing is said: the decision may yet be needed.
    """
    found = []
    for decision in decisions:
        if decision.kind not in _SAID:
            continue
        ballot = second if decision.kind is DecisionKind.ELECT and decision.ballot == 2 else first
        if ballot is None or ballot.outcome.kind is OutcomeKind.UNDECIDED:
            continue
        rules = ("second_ballot.withdrawal",) if decision.kind is DecisionKind.WITHDRAW else _TIES
        if not any(step.rule in rules and decision.candidate in step.candidates for step in ballot.outcome.steps):
            remark = f"decision {decision.id}"
            found.append(
                Finding(Severity.REMARK, decision.contest, ballot.ballot, "", _SAID[decision.kind], about=remark)
            )
    return found
