"""What the terminal shows: tables and figures on standard output, progress and complaints on standard error."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from suffrage.errors import SuffrageError
from suffrage.words import grouped
from suffrage.words import percent as percent

PROBLEMS_SHOWN = 30

OUTCOME_STYLES = {
    "elected": "green",
    "second ballot": "blue",
    "new election": "red",
    "undecided": "yellow",
}


class _Results(Console):
    def on_broken_pipe(self) -> None:
        """Leave to the command what it means that nobody reads on; rich would end the program as if it had failed."""
        raise BrokenPipeError


def out() -> Console:
    """The console of results. It is as wide as the terminal, or 120 columns where there is none."""
    return _Results(highlight=False, soft_wrap=False, width=None if sys.stdout.isatty() else 120)


def complain(error: SuffrageError) -> None:
    """Every problem on a line of its own, on standard error."""
    for problem in error.problems[:PROBLEMS_SHOWN]:
        print(f"suffrage: {problem}", file=sys.stderr)
    more = len(error.problems) - PROBLEMS_SHOWN
    if more > 0:
        print(f"suffrage: and {more} more problems", file=sys.stderr)


def table(*columns: str, title: str = "", numbers: tuple[str, ...] = ()) -> Table:
    """A table in the one style of the program; `numbers` are the columns that hold figures."""
    made = Table(
        title=title or None,
        title_justify="left",
        title_style="bold",
        box=None,
        pad_edge=False,
        header_style="dim",
        show_header=any(columns),
    )
    for column in columns:
        figure = column in numbers
        made.add_column(column, justify="right" if figure else "left", no_wrap=figure, overflow="fold")
    return made


def figure(number: int | None) -> str:
    """A figure, or a dash where there is none."""
    return "\N{EN DASH}" if number is None else grouped(number)


def outcome(kind: str) -> str:
    """The kind of an outcome in its colour."""
    return f"[{OUTCOME_STYLES.get(kind, 'default')}]{escape(kind)}[/]"


@contextmanager
def working(what: str) -> Iterator[Callable[[str], None]]:
    """Show on standard error that something goes on, and for how long, where a person is looking.

    Yields a function that says what is being done now.
    """
    screen = Console(stderr=True)
    if not screen.is_terminal:
        yield lambda now: None
        return
    columns = SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()
    with Progress(*columns, console=screen, transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda now: bar.update(task, description=f"{what}: {now}")


def paragraph(screen: Console, text: str) -> None:
    """Sentences at the width of the screen. Unlike rich, this does not break a figure at its no-break spaces."""
    screen.print(textwrap.fill(text, screen.width), markup=False, soft_wrap=True)
