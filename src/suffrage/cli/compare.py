"""`suffrage compare`: the same votes under other laws."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape

from suffrage.cli import console
from suffrage.count.compare import ARITHMETIC, Comparison, ContestComparison, Contrast, Fate, Result, Tally
from suffrage.count.compare import compare as compare_counts
from suffrage.count.folder import count_folder
from suffrage.count.picture import picture
from suffrage.errors import WRONG_USE, CountError, Problem
from suffrage.outputs import whole_folder
from suffrage.tables import table_text
from suffrage.words import plural

FILES = ("compare.json", "compare.csv", "compare.svg")
SHOWN = 20
SECOND_BALLOTS = (
    "Under a law other than the election's own, figures of a second ballot are used where that law leads to one "
    "between the candidates who stood in it; elsewhere a contest stands as its first ballot leaves it."
)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--law",
    "laws",
    metavar="LAW",
    multiple=True,
    required=True,
    help="A law, by its id or its file; the first is compared with the others. Given once: the election's own with it.",
)
@click.option("--out", type=click.Path(path_type=Path), help=f"Write {', '.join(FILES)} into this folder.")
def compare(folder: Path, laws: tuple[str, ...], out: Path | None) -> None:
    """Count the election in FOLDER under several laws, and say where they part.

    This is arithmetic, not a prediction: under another law electors would have voted otherwise.
    """
    if len(set(laws)) < len(laws):
        raise CountError(Problem("--law", "a law given twice", ", ".join(laws), "each law once"), exit_code=WRONG_USE)
    with console.working("Counting") as tell:
        counts = []
        for law in laws if len(laws) > 1 else (None, *laws):
            tell(law or "the election's own law")
            counts.append(count_folder(folder, law))
        comparison = compare_counts(counts)
    if out is not None:
        with whole_folder(out, FILES) as made:
            write_comparison(comparison, made)
    screen = console.out()
    election = comparison.election
    screen.print(f"[bold]{escape(election.title)}[/]  ({election.kind.value})")
    screen.print(ARITHMETIC + "\n", style="italic")
    _outcomes(screen, comparison, "contests", lambda tally: tally.contests)
    if comparison.seats != len(comparison.contests):
        _outcomes(screen, comparison, "seats", lambda tally: tally.seats)
    for contrast in comparison.contrasts:
        _cross(screen, comparison, contrast)
    if comparison.parties:
        _parties(screen, comparison)
    for position, contrast in enumerate(comparison.contrasts):
        _persons(screen, comparison, contrast, position)
    screen.print(SECOND_BALLOTS, style="dim")
    if out is not None:
        screen.print(f"\nWritten to {escape(str(out))}: {', '.join(FILES)}")


def _outcomes(screen: Console, comparison: Comparison, what: str, number: Callable[[Tally], int]) -> None:
    """Contests, or seats, by outcome: two rows a law, a column for each result that occurs."""
    rows = [(law, "first ballot", law.first) for law in comparison.laws]
    rows += [(law, "in the end", law.final) for law in comparison.laws if law.second_used]
    occurring = [n for n, _ in enumerate(Result) if any(number(tallies[n]) for _, _, tallies in rows)]
    columns = [list(Result)[n].value for n in occurring]
    screen.print(f"[bold]{what.capitalize()} by outcome[/]")
    table = console.table("law", "", *columns)
    for law in comparison.laws:
        for same, when, tallies in rows:
            if same is law:
                name = escape(law.id) if when == "first ballot" else ""
                table.add_row(name, when, *(console.figure(number(tallies[n])) for n in occurring))
    _right(table)
    screen.print(table)
    for law in comparison.laws:
        own = " (the law of this election)" if law.own else ""
        used = f"; figures used of {console.figure(law.second_used)} of {plural(law.second_due, 'second ballot')}"
        screen.print(f"{escape(law.id)}: {escape(law.title)}{own}{used if law.second_due else ''}", style="dim")
    screen.print()


def _right(table: Any, first: int = 2) -> None:
    """Figures to the right; their headings may break."""
    for column in table.columns[first:]:
        column.justify = "right"


def _cross(screen: Console, comparison: Comparison, contrast: Contrast) -> None:
    """First ballots under the first law, row by row, against another."""
    results = list(Result)
    down = [n for n, row in enumerate(contrast.cross) if any(row)]
    across = [n for n, _ in enumerate(results) if any(row[n] for row in contrast.cross)]
    first = comparison.laws[0].id
    screen.print(f"[bold]First ballots: {escape(first)} (down) against {escape(contrast.law)} (across)[/]")
    table = console.table("", *(results[n].value for n in across), "contests")
    for row in down:
        numbers = [contrast.cross[row][column] for column in across]
        table.add_row(results[row].value, *map(console.figure, (*numbers, sum(numbers))))
    totals = [sum(contrast.cross[row][column] for row in down) for column in across]
    table.add_row("contests", *map(console.figure, (*totals, sum(totals))))
    _right(table, 1)
    screen.print(table)
    screen.print()


def _parties(screen: Console, comparison: Comparison) -> None:
    """Seats by party under each law, in the end; with what stays open they make up all seats."""
    screen.print("[bold]Seats by party, in the end[/]")
    table = console.table("party", *(escape(law.id) for law in comparison.laws))
    for party in comparison.parties[:SHOWN]:
        table.add_row(escape(party.party) or "no party given", *map(console.figure, party.seats))
    rest = comparison.parties[SHOWN:]
    if rest:
        sums = (sum(party.seats[n] for party in rest) for n, _ in enumerate(comparison.laws))
        table.add_row(plural(len(rest), "more party", "more parties"), *map(console.figure, sums))
    table.add_row("not filled by these votes", *(console.figure(law.seats_open) for law in comparison.laws))
    table.add_row("seats", *(console.figure(comparison.seats) for _ in comparison.laws))
    _right(table, 1)
    screen.print(table)
    screen.print()


def _persons(screen: Console, comparison: Comparison, contrast: Contrast, position: int) -> None:
    """The persons whom the first law elects and this one does not, the most definite first."""
    first = comparison.laws[0].id
    fates = [f"{console.figure(number)} {fate}" for fate, number in contrast.fates if number]
    screen.print(
        f"[bold]Elected under {escape(first)}, and under {escape(contrast.law)}:[/] {'; '.join(fates) or 'nobody'}"
    )
    order = list(Fate)
    found = [
        (contest, person, person.elsewhere[position])
        for contest in comparison.contests
        for person in contest.persons
        if person.elsewhere[position].fate is not Fate.ELECTED
    ]
    found.sort(key=lambda item: order.index(item[2].fate))
    if found:
        table = console.table("contest", f"elected under {escape(first)}", f"under {escape(contrast.law)}")
        for contest, person, elsewhere in found[:SHOWN]:
            party = f" ({person.candidate.party})" if person.candidate.party else ""
            table.add_row(*map(escape, (contest.name, f"{person.candidate.full_name}{party}", str(elsewhere))))
        screen.print(table)
    if len(found) > SHOWN:
        screen.print(f"and {plural(len(found) - SHOWN, 'more person', 'more persons')}: --out writes all", style="dim")
    screen.print()


def write_comparison(comparison: Comparison, folder: Path) -> None:
    """Write every file of a comparison into a folder that exists."""
    texts = (json.dumps(as_data(comparison), ensure_ascii=False, indent=1) + "\n", as_table(comparison))
    for name, text in zip(FILES, (*texts, picture(comparison)), strict=True):
        (folder / name).write_text(text, "utf-8", newline="")


def as_data(comparison: Comparison) -> dict[str, Any]:
    """The comparison as JSON values; laws, and what stands under each, are in the order in which they were given."""
    election = comparison.election
    results = [result.value for result in Result]
    return {
        "election": election.id,
        "title": election.title,
        "kind": election.kind.value,
        "note": f"{ARITHMETIC} {SECOND_BALLOTS}",
        "laws": [
            {
                "law": law.id,
                "title": law.title,
                "own": law.own,
                "first_ballot": _tallies(law.first),
                "final": _tallies(law.final),
                "second_ballots": {"due": law.second_due, "used": law.second_used},
                "seats_not_filled": law.seats_open,
            }
            for law in comparison.laws
        ],
        "against_the_first_law": [
            {
                "law": contrast.law,
                "first_ballots": {
                    row: dict(zip(results, numbers, strict=True))
                    for row, numbers in zip(results, contrast.cross, strict=True)
                },
                "persons": {fate.value: number for fate, number in contrast.fates},
            }
            for contrast in comparison.contrasts
        ],
        "parties": [{"party": party.party, "seats": list(party.seats)} for party in comparison.parties],
        "contests": [_contest(contest) for contest in comparison.contests],
    }


def _tallies(tallies: tuple[Tally, ...]) -> dict[str, dict[str, int]]:
    return {tally.result.value: {"contests": tally.contests, "seats": tally.seats} for tally in tallies}


def _contest(comparison: ContestComparison) -> dict[str, Any]:
    contest = comparison.contest
    return {
        "contest": contest.id,
        "name": contest.name,
        "seats": contest.seats,
        "under": [
            {
                "first_ballot": verdict.first.value,
                "final": verdict.final.value,
                "elected": [candidate.id for candidate in verdict.elected],
                "finalists": [candidate.id for candidate in verdict.finalists],
                "second_ballot_used": verdict.second_used,
            }
            for verdict in comparison.verdicts
        ],
        "elected_under_the_first_law": [
            {
                "candidate": person.candidate.id,
                "name": person.candidate.full_name,
                "party": person.candidate.party,
                "elsewhere": [
                    {"fate": elsewhere.fate.value, "others": [other.id for other in elsewhere.others]}
                    for elsewhere in person.elsewhere
                ],
            }
            for person in comparison.persons
        ],
    }


def as_table(comparison: Comparison) -> str:
    """A row a contest; the columns of a law begin with its identifier."""
    header = ["contest", "name", "seats"]
    for position, law in enumerate(comparison.laws):
        header += [f"{law.id}.first_ballot", f"{law.id}.final", f"{law.id}.elected", f"{law.id}.finalists"]
        header += [f"{law.id}.elected_under_the_first_law"] if position else []
    rows = []
    for contest in comparison.contests:
        row: list[object] = [contest.contest.id, contest.contest.name, contest.contest.seats]
        for position, verdict in enumerate(contest.verdicts):
            row += [verdict.first.value, verdict.final.value]
            row += [" ".join(candidate.id for candidate in who) for who in (verdict.elected, verdict.finalists)]
            if position:
                fates = (f"{person.candidate.id}: {person.elsewhere[position - 1]}" for person in contest.persons)
                row.append("; ".join(fates))
        rows.append(row)
    return table_text(header, rows)
