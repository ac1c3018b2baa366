"""`suffrage count`: a folder of figures to the outcome of every contest."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape

from suffrage.cli import console
from suffrage.count.ballot import DOUBTFUL
from suffrage.count.findings import Severity
from suffrage.count.folder import count_folder
from suffrage.count.levels import kinds, totals_of
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
@click.option("--by", "level", metavar="KIND", help="Show the totals of every unit of a kind, such as a province.")
@click.option("--all", "every", is_flag=True, help=f"List every contest, not only the first {SHOWN}.")
@click.option("--out", type=click.Path(path_type=Path), help=f"Write {', '.join(FILES)} into this folder.")
def count(folder: Path, law: str | None, contest: str | None, level: str | None, every: bool, out: Path | None) -> None:
    """Count the election in FOLDER: the outcome of every contest, with the arithmetic and the article.

    An outcome that is undecided says what is missing; errors in the returns stay errors until a decision is recorded
    in decisions.csv.
    """
    with console.working("Counting") as tell:
        counted = count_folder(folder, law, lambda rows: tell(f"{console.figure(rows)} rows"))
    chosen = None
    if contest is not None:
        chosen = next((item for item in counted.contests if item.contest.id == contest), None)
        if chosen is None:
            raise CountError(
                Problem("--contest", "unknown contest", shown(contest), "the id of a contest"),
                exit_code=WRONG_USE,
            )
    if level is not None and level not in kinds(counted):
        expected = f"one of {', '.join(kinds(counted))}" if kinds(counted) else "nothing: no unit has others below it"
        raise CountError(
            Problem("--by", "no unit of this kind has others below it", shown(level), expected), exit_code=WRONG_USE
        )
    screen = console.out()
    if out is not None:
        with whole_folder(out, FILES) as made:
            write_report(counted, made)
    if chosen is not None:
        _in_full(screen, chosen)
    elif level is not None:
        _levels(screen, counted, level)
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
    own = "" if counted.statute.id == counted.own else f" (held under {escape(counted.own)})"
    screen.print(f"Counted under {escape(counted.statute.id)}: {escape(counted.statute.title)}{own}\n", style="dim")
    table = console.table("outcome", "first ballot", "in the end", numbers=("first ballot", "in the end"))
    held = any(contest.second for contest in counted.contests)
    chambers = list(dict.fromkeys(contest.contest.chamber for contest in counted.contests))
    names = {chamber.id: chamber.name for chamber in counted.statute.chambers}
    for chamber in chambers:
        contests = [contest for contest in counted.contests if contest.contest.chamber == chamber]
        if len(chambers) > 1:
            table.add_row(f"[bold]{escape(names.get(chamber, chamber))}[/]", "", "")
        first = Counter(contest.first.outcome.kind for contest in contests)
        final = Counter(contest.outcome.kind for contest in contests)
        for kind in OutcomeKind:
            if first[kind] or final[kind]:
                table.add_row(console.outcome(kind), str(first[kind]), str(final[kind]) if held else "")
        table.add_row("contests", str(len(contests)), "")
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


def _levels(screen: Console, counted: ElectionCount, level: str) -> None:
    """The totals of the units of one kind, the leader of each contest beside them."""
    numbers = ("ballot", "returns", "registered", "took part", "valid", "votes", "of valid")
    several = len(counted.contests) > 1
    table = console.table("unit", *["contest"] * several, *numbers[:5], "most votes", *numbers[5:], numbers=numbers)
    standing = {contest.contest.id: contest.first.candidates for contest in counted.contests}
    for row in totals_of(counted, level):
        leader = max(range(len(row.votes)), key=lambda c: row.votes[c], default=None)
        figures = [console.figure(row.figures.get(name)) for name in ("registered", "took_part", "valid")]
        who = ["", "", ""]
        if leader is not None:
            share = console.percent(row.votes[leader], row.figures.get("valid", 0))
            who = [escape(standing[row.contest][leader].surname), console.figure(row.votes[leader]), share]
        contest = [escape(row.contest)] * several
        table.add_row(
            escape(row.name or row.unit), *contest, str(row.ballot), console.figure(row.returns), *figures, *who
        )
    screen.print(table)


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
    name = "First ballot" if ballot.ballot == 1 else "Second ballot"
    units = f"{console.figure(ballot.reported)} of {console.figure(ballot.expected)} units reported"
    screen.print(f"\n[bold]{name}[/]  [dim]{units}[/]")
    if ballot.reported:
        _figures(screen, ballot)
    screen.print(f"\n{console.outcome(ballot.outcome.kind)}")
    console.paragraph(screen, ballot.outcome.reasoning)


def _figures(screen: Console, ballot: BallotCount) -> None:
    totals = ballot.totals
    figures = console.table("figure", "", numbers=("",))
    for field, number in totals.figures.items():
        if field == DOUBTFUL and not number:
            continue
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
