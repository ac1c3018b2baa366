"""A count as plain data and as tables: what `--out` writes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from suffrage.count.findings import Finding
from suffrage.count.outcome import Outcome
from suffrage.count.result import BallotCount, ContestCount, ElectionCount
from suffrage.tables import table_text

FILES = ("count.json", "contests.csv", "candidates.csv", "findings.csv")


def write_report(counted: ElectionCount, folder: Path) -> None:
    """Write every file of a count into a folder that exists."""
    (folder / "count.json").write_text(
        json.dumps(as_data(counted), ensure_ascii=False, indent=1) + "\n", "utf-8", newline=""
    )
    write_tables(counted, folder)


def write_tables(counted: ElectionCount, folder: Path) -> None:
    """Write contests, candidates and findings as tables into a folder that exists."""
    texts = {
        "contests.csv": _contests(counted),
        "candidates.csv": _candidates(counted),
        "findings.csv": _findings(counted),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8", newline="")


def as_data(counted: ElectionCount) -> dict[str, Any]:
    """The count as JSON values: figures are numbers, days are ISO 8601, absent things are left out."""
    election = counted.election
    return {
        "election": election.id,
        "title": election.title,
        "kind": election.kind.value,
        "law": counted.statute.id,
        "polling_day": election.polling_day and election.polling_day.isoformat(),
        "contests": [_contest(contest) for contest in counted.contests],
    }


def _contest(counted: ContestCount) -> dict[str, Any]:
    contest = counted.contest
    return {
        "contest": contest.id,
        "name": contest.name,
        "chamber": contest.chamber,
        "unit": contest.unit,
        "seats": contest.seats,
        "outcome": outcome_data(counted.outcome),
        "ballots": [_ballot(ballot) for ballot in counted.ballots],
    }


def _ballot(ballot: BallotCount) -> dict[str, Any]:
    totals = ballot.totals
    return {
        "ballot": ballot.ballot,
        "units": {"expected": ballot.expected, "reported": ballot.reported, "missing": list(ballot.missing)},
        "electors_outstanding": totals.outstanding,
        "figures": dict(totals.figures),
        "candidates": [
            {
                "candidate": candidate.id,
                "number": candidate.number,
                "name": candidate.full_name,
                "votes": totals.votes[position],
                "against": totals.against(position),
            }
            for position, candidate in enumerate(ballot.candidates)
        ],
        "findings": [_finding(finding) for finding in ballot.findings],
        "outcome": outcome_data(ballot.outcome),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "severity": finding.severity.value,
        "unit": finding.unit,
        "about": finding.about,
        "check": finding.check,
        "left": finding.left,
        "right": finding.right,
        "article": finding.article,
        "settled_by": finding.settled_by,
        "line": finding.line,
    }


def outcome_data(outcome: Outcome) -> dict[str, Any]:
    """An outcome with its reasoning as JSON values."""
    return {
        "kind": outcome.kind.value,
        "elected": list(outcome.elected),
        "finalists": list(outcome.finalists),
        "seats_left": outcome.seats_left,
        "by": outcome.by and outcome.by.isoformat(),
        "follows": outcome.follows,
        "missing": list(outcome.missing),
        "certain_though_incomplete": outcome.certain,
        "reasoning": [
            {
                "rule": step.rule,
                "article": step.article,
                "certainty": step.certainty,
                "holds": step.holds,
                "candidates": list(step.candidates),
                "figures": dict(step.figures),
                "text": step.text,
            }
            for step in outcome.steps
        ],
    }


_FIGURES = ("registered", "issued", "took_part", "invalid", "valid", "all_struck")


def _contests(counted: ElectionCount) -> str:
    header = (
        "contest", "name", "chamber", "seats", "ballot", "outcome", "elected", "finalists", "by", "units", "reported",
        *_FIGURES, "errors", "remarks", "reasoning",
    )  # fmt: skip
    rows = []
    for contest in counted.contests:
        for ballot in contest.ballots:
            outcome = ballot.outcome
            errors = sum(finding.severity == "error" for finding in ballot.findings)
            rows.append(
                (
                    contest.contest.id,
                    contest.contest.name,
                    contest.contest.chamber,
                    contest.contest.seats,
                    ballot.ballot,
                    outcome.kind.value,
                    " ".join(outcome.elected),
                    " ".join(outcome.finalists),
                    outcome.by,
                    ballot.expected,
                    ballot.reported,
                    *(ballot.totals.figures.get(name) for name in _FIGURES),
                    errors,
                    len(ballot.findings) - errors,
                    outcome.reasoning,
                )
            )
    return table_text(header, rows)


def _candidates(counted: ElectionCount) -> str:
    header = ("contest", "ballot", "number", "candidate", "name", "party", "votes", "against", "outcome")
    rows = []
    for contest in counted.contests:
        for ballot in contest.ballots:
            for position, candidate in enumerate(ballot.candidates):
                outcome = ballot.outcome
                stands = (
                    "elected"
                    if candidate.id in outcome.elected
                    else "second ballot"
                    if candidate.id in outcome.finalists
                    else ""
                )
                rows.append(
                    (
                        contest.contest.id,
                        ballot.ballot,
                        candidate.number,
                        candidate.id,
                        candidate.full_name,
                        candidate.party,
                        ballot.totals.votes[position],
                        ballot.totals.against(position),
                        stands,
                    )
                )
    return table_text(header, rows)


def _findings(counted: ElectionCount) -> str:
    header = (
        "severity",
        "contest",
        "ballot",
        "unit",
        "about",
        "line",
        "check",
        "left",
        "right",
        "article",
        "settled_by",
    )
    return table_text(header, [tuple(getattr(finding, name) for name in header) for finding in counted.findings])
