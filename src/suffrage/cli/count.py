"""`suffrage count`: a folder of figures to the outcome of every contest."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape

from suffrage.cli import console
from suffrage.count.findings import Severity
from suffrage.count.folder import count_folder
from suffrage.count.outcome import OutcomeKind
from suffrage.count.report import FILES, write_report
from suffrage.count.result import BallotCount, ContestCount, ElectionCount
from suffrage.errors import WRONG_USE, CountError, Problem, shown
from suffrage.outputs import whole_folder

SHOWN = 20


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--law", metavar="LAW", help="Count under this law instead of the election's own.")
@click.option("--contest", metavar="ID", help="Show one contest in full: every candidate and the reasoning.")
@click.option("--all", "every", is_flag=True, help=f"List every contest, not only the first {SHOWN}.")
@click.option("--out", type=click.Path(path_type=Path), help=f"Write {', '.join(FILES)} into this folder.")
def count(folder: Path, law: str | None, contest: str | None, every: bool, out: Path | None) -> None:
    """Count the election in FOLDER: the outcome of every contest, with the arithmetic and the article.

    An outcome that is undecided says what is missing; errors in the returns stay errors until a decision is recorded
    in decisions.csv.
    """
    with console.working("Counting"):
        counted = count_folder(folder, law)
    chosen = None
    if contest is not None:
        chosen = next((item for item in counted.contests if item.contest.id == contest), None)
        if chosen is None:
            raise CountError(
                Problem("--contest", "unknown contest", shown(contest), "the id of a contest"),
                exit_code=WRONG_USE,
            )
    screen = console.out()
    if out is not None:
        with whole_folder(out, FILES) as made:
            write_report(counted, made)
    if chosen is not None:
        _in_full(screen, chosen)
    else:
        _summary(screen, counted)
        if len(counted.contests) == 1:
            _in_full(screen, counted.contests[0])
        else:
            _contests(screen, counted, every)
    if out is not None:
        screen.print(f"\nWritten to {escape(str(out))}: {', '.join(FILES)}")


def _summary(screen: Console, counted: ElectionCount) -> None:
    election = counted.election
    screen.print(f"[bold]{escape(election.title)}[/]  ({election.kind.value})")
    own = "" if counted.statute.id == election.law else f" (held under {escape(election.law)})"
    screen.print(f"Counted under {escape(counted.statute.id)}: {escape(counted.statute.title)}{own}\n", style="dim")
    table = console.table("outcome", "first ballot", "in the end", numbers=("first ballot", "in the end"))
    first = Counter(contest.first.outcome.kind for contest in counted.contests)
    final = Counter(contest.outcome.kind for contest in counted.contests)
    held = any(contest.second for contest in counted.contests)
    for kind in OutcomeKind:
        if first[kind] or final[kind]:
            table.add_row(console.outcome(kind), str(first[kind]), str(final[kind]) if held else "")
    table.add_row("contests", str(len(counted.contests)), "")
    screen.print(table)
    screen.print()
    _findings(screen, counted)


def _findings(screen: Console, counted: ElectionCount) -> None:
    """How often each check failed, and by which way."""
    groups: Counter[tuple[str, int, str, str]] = Counter()
    higher: Counter[tuple[str, int, str, str]] = Counter()
    for finding in counted.findings:
        key = (finding.severity.value, finding.ballot, finding.check, finding.article)
        groups[key] += 1
        higher[key] += finding.left is not None and finding.right is not None and finding.left > finding.right
    if not groups:
        return
    table = console.table(
        "finding", "ballot", "what must hold", "returns", "left is more", numbers=("returns", "left is more")
    )
    for key, number in sorted(groups.items()):
        severity, ballot, check, article = key
        said = escape(check) + (f" (article {escape(article)})" if article else "")
        style = "red" if severity == Severity.ERROR else "yellow"
        table.add_row(f"[{style}]{severity}[/]", str(ballot), said, console.figure(number), console.figure(higher[key]))
    screen.print(table)
    screen.print()


def _contests(screen: Console, counted: ElectionCount, every: bool) -> None:
    # What needs a person comes first.
    order = {OutcomeKind.UNDECIDED: 0}
    contests = sorted(counted.contests, key=lambda contest: order.get(contest.outcome.kind, 1))
    shown_contests = contests if every else contests[:SHOWN]
    table = console.table("contest", "name", "outcome", "who, or what is missing")
    for contest in shown_contests:
        outcome = contest.outcome
        names = [contest.candidate(identifier).full_name for identifier in (outcome.elected or outcome.finalists)]
        says = (
            ", ".join(names)
            if names
            else "; ".join(outcome.missing) or (outcome.steps[0].text if outcome.steps else "")
        )
        mark = " (certain)" if outcome.certain else ""
        table.add_row(
            escape(contest.contest.id),
            escape(contest.contest.name),
            console.outcome(outcome.kind) + mark,
            escape(says),
        )
    screen.print(table)
    more = len(contests) - len(shown_contests)
    if more > 0:
        screen.print(f"and {console.figure(more)} more: --all lists them, --contest ID shows one in full", style="dim")


def _in_full(screen: Console, counted: ContestCount) -> None:
    contest = counted.contest
    seats = f", {contest.seats} seats" if contest.seats > 1 else ""
    screen.print(f"[bold]{escape(contest.name or contest.id)}[/]{seats}")
    for ballot in counted.ballots:
        _ballot(screen, ballot)


def _ballot(screen: Console, ballot: BallotCount) -> None:
    totals = ballot.totals
    name = "First ballot" if ballot.ballot == 1 else "Second ballot"
    units = f"{console.figure(ballot.reported)} of {console.figure(ballot.expected)} units reported"
    screen.print(f"\n[bold]{name}[/]  [dim]{units}[/]")
    figures = console.table("figure", "", numbers=("",))
    for field, number in totals.figures.items():
        figures.add_row(escape(field.replace("_", " ")), console.figure(number))
    screen.print(figures)
    screen.print()
    valid = totals.figures.get("valid", 0)
    table = console.table(
        "no.",
        "candidate",
        "votes",
        "of valid",
        "against",
        "",
        numbers=("no.", "votes", "of valid", "against"),
    )
    for position in sorted(range(len(ballot.candidates)), key=lambda c: -totals.votes[c]):
        candidate = ballot.candidates[position]
        outcome = ballot.outcome
        stands = ""
        if candidate.id in outcome.elected:
            stands = console.outcome("elected")
        elif candidate.id in outcome.finalists:
            stands = console.outcome("second ballot")
        table.add_row(
            str(candidate.number),
            escape(candidate.full_name),
            console.figure(totals.votes[position]),
            console.percent(totals.votes[position], valid),
            console.figure(totals.against(position)),
            stands,
        )
    screen.print(table)
    screen.print(f"\n{console.outcome(ballot.outcome.kind)}. {escape(ballot.outcome.reasoning)}")
