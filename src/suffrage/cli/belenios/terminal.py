"""What the commands of sealed ballots show, and how far they are."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from suffrage.belenios.files import Output
from suffrage.belenios.fingerprint import Fingerprint
from suffrage.belenios.question import Question
from suffrage.belenios.urn import Urn, named_result
from suffrage.cli import console
from suffrage.errors import shown

PATIENCE = 2.0
"""Seconds after which it is shown how far a command is."""

file_argument = click.Path(path_type=Path)


def archive_argument(command: Callable[..., None]) -> Callable[..., None]:
    """The archive that a command works on."""
    return click.argument("archive", type=file_argument)(command)


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error for what takes longer than a moment, where a person is looking."""
    screen = Console(stderr=True)
    if not screen.is_terminal:
        yield lambda done, total: None
        return
    begun = time.monotonic()
    columns = TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn()
    bar = Progress(*columns, console=screen, transient=True)
    task = bar.add_task(what, total=None)

    def tell(done: int, total: int) -> None:
        if not bar.live.is_started and time.monotonic() - begun > PATIENCE:
            bar.start()
        bar.update(task, completed=done, total=total)

    try:
        yield tell
    finally:
        bar.stop()


def say(text: str = "") -> None:
    """A line of the result; a long name or number is not broken."""
    console.out().print(text, markup=False, soft_wrap=True)


def show_election(urn: Urn) -> None:
    """Which election an archive is of, and the fingerprint to compare."""
    say(f"{shown(urn.election.name, 200)} ({urn.election.uuid})")
    say(f"fingerprint of the election: {urn.fingerprint}")


def show_fingerprint(what: str, fingerprint: Fingerprint) -> None:
    """A fingerprint in both of its spellings."""
    say(f"{what}: {fingerprint}")
    say(f"  in hexadecimal: {fingerprint.hex}")


def show_outputs(outputs: Iterable[Output], keeper: str = "", receiver: str = "") -> None:
    """Which files were written, which of them is secret, who keeps it, and who gets the others."""
    for output in outputs:
        if output.secret and keeper:
            say(f"SECRET {output.path}: {keeper} keeps it, and shows it to nobody.")
        else:
            say(f"       {output.path}" + (f": goes to {receiver}." if receiver else ""))


def show_result(questions: Sequence[Question], numbers: Sequence[Sequence[int]]) -> None:
    """The votes of each answer, blank ones last."""
    screen = console.out()
    for question, votes in zip(questions, named_result(questions, numbers), strict=True):
        screen.print(f"[bold]{escape(shown(question.text, 300))}[/]")
        table = console.table("answer", "votes", numbers=("votes",))
        for answer, number in (*votes[int(question.blank) :], *votes[: int(question.blank)]):
            table.add_row(escape(shown(answer, 200)) or "[dim]blank[/]", console.figure(number))
        screen.print(table)
        screen.print()
