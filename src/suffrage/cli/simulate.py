"""`suffrage simulate`: an invented election under a law, as a folder that `suffrage count` counts."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from suffrage.cli import console
from suffrage.law import find_statute
from suffrage.simulation import SimulationReport
from suffrage.simulation import simulate as simulated


@click.command()
@click.option(
    "--law", "law_id", metavar="LAW", required=True, help="A law by its id, or by its file (ending in .toml)."
)
@click.option("--electors", type=int, required=True, help="How many electors: 1000 to 1000000000.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same files.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The folder to write; new or empty.")
@click.option(
    "--chamber", "chambers", metavar="ID", multiple=True, help="Only this chamber of the law; may be repeated."
)
@click.option(
    "--polling-day",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Otherwise the second Sunday of December of the year in which the law was adopted.",
)
def simulate(
    law_id: str, electors: int, seed: int, out: Path, chambers: tuple[str, ...], polling_day: datetime | None
) -> None:
    """Invent an election under a law: places, precincts, candidates and the returns of the first ballot.

    Districts, seats and ballots follow from the law; the rest is assumed, and said in the documentation. The folder is
    written whole or not at all.
    """
    statute = find_statute(law_id)
    day = polling_day.date() if polling_day else None
    with _progress() as progress:
        report = simulated(statute, electors, seed, out, progress, chambers=chambers, polling_day=day)
    _summary(report)


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """Show on standard error how far it is, where a person is looking."""
    screen = Console(stderr=True)
    columns = (TextColumn("{task.description:<10}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as bars:
        tasks: dict[str, TaskID] = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage.capitalize(), total=total)
            bars.update(tasks[stage], completed=done)

        yield show


def _summary(report: SimulationReport) -> None:
    screen = console.out()
    day = f", polling day {report.polling_day}" if report.polling_day else ""
    screen.print(f"Simulated under {escape(report.law)}{day}: every person and every figure is invented.")
    screen.print(
        f"{console.figure(report.electors)} electors of {console.figure(report.inhabitants)} inhabitants "
        f"in {console.figure(report.precincts)} precincts, {console.figure(report.returns)} returns\n"
    )
    numbers = ("districts", "seats", "candidates")
    table = console.table("chamber", *numbers, numbers=numbers)
    for chamber in report.chambers:
        figures = (chamber.districts, chamber.seats, chamber.candidates)
        table.add_row(escape(chamber.name), *map(console.figure, figures))
    screen.print(table)
    screen.print()
    for note in report.notes:
        screen.print(escape(note), style="yellow")
    screen.print(f"Written to {escape(str(report.folder))}: {', '.join(report.files)}")
    screen.print(f"Count it:   suffrage count {escape(shlex.quote(str(report.folder)))}", soft_wrap=True)
