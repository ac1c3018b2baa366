"""`suffrage verify` of archives: the audit of sealed elections, one after the other, and what it found."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from suffrage.audit.archives import archives_in, audit_archive, continued, failures_of
from suffrage.belenios.fingerprint import Fingerprint
from suffrage.belenios.question import CoreQuestion, question_of
from suffrage.cli import console
from suffrage.errors import shown
from suffrage.words import in_fours, plural

if TYPE_CHECKING:
    from suffrage._core import ArchiveReport

PHASES = {
    "empty": "not set up",
    "open": "open: ballots can be cast",
    "closed": "closed: no more ballots, the tally is not made yet",
    "tallied": "tallied: the trustees have yet to decrypt",
    "decrypted": "the result is published",
}
"""How far an election has come, in words."""


def verify_archives(paths: Sequence[Path], against: Path | None, every: bool, most: int) -> bool:
    """Audit the archives that some paths mean, and show what was found. Whether everything holds.

    At most `most` failures of each archive are listed, unless `every` one is asked for.
    """
    archives = list(dict.fromkeys(archive for path in paths for archive in archives_in(path)))
    right: list[bool] = []
    for number, archive in enumerate(archives, 1):
        of = f" ({number} of {len(archives)})" if len(archives) > 1 else ""
        with _measured(archive, f"{shown(archive.name, 40)}{of}") as progress:
            report = audit_archive(archive, progress)
        failures = failures_of(archive, report)
        kept, parts = (0, "") if against is None else continued(against, archive)
        if parts:
            failures.append(f"does not continue {against}: {parts}")
        _told(partial(_show, archive=archive, report=report, after=bool(right)))
        if against is not None and not parts:
            _told(partial(_show_kept, against=against, height=kept))
        if failures:
            _complain(archive, failures, every, most)
        else:
            _told(lambda screen: screen.print("\n[green]Everything holds.[/]"))
        right.append(not failures)
    if len(archives) > 1:
        wrong = right.count(False)
        verdict = f"{plural(wrong, 'does', 'do')} not hold" if wrong else "all of them hold"
        _told(lambda screen: screen.print(f"\n{plural(len(archives), 'archive')}: {verdict}."))
    return all(right)


def _told(tell: Callable[[Console], object]) -> None:
    """Show something. Where nobody reads on, the verdict is still told by the exit code and on standard error."""
    if sys.stdout is not None:
        try:
            tell(console.out())
        except BrokenPipeError:
            sys.stdout = None


@contextmanager
def _measured(archive: Path, name: str) -> Iterator[Callable[[int, int], None] | None]:
    """A bar on standard error, of the bytes of an archive, where a person is looking.

    Yields what is told the ballots and the bytes that are done; nothing may be printed meanwhile.
    """
    screen = Console(stderr=True)
    if not screen.is_terminal or not archive.exists():
        yield None
        return
    columns = TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn()
    with Progress(*columns, TimeRemainingColumn(), console=screen, transient=True) as bar:
        task = bar.add_task(escape(name), total=archive.stat().st_size)
        yield lambda ballots, done: bar.update(
            task, completed=done, description=f"{escape(name)}: {plural(ballots, 'ballot')}"
        )


def _show(screen: Console, archive: Path, report: ArchiveReport, after: bool) -> None:
    """What is in an archive, what was checked of it, and its result; `after` another one."""
    if after:
        screen.print()
    if not report.uuid:
        return
    title = escape(shown(report.name, 200)) or "[dim]without a name[/]"
    screen.print(f"[bold]{title}[/]  ({escape(shown(archive.name, 100))})")
    table = console.table("", "")
    table.add_row("election", escape(shown(report.uuid)))
    table.add_row("state", PHASES.get(report.phase, escape(report.phase)))
    table.add_row("electors on the list", console.figure(report.credentials) + (", weighted" * report.weighted))
    table.add_row("ballots", console.figure(report.ballots))
    table.add_row("of these re-votes", console.figure(report.revotes))
    share = console.percent(report.voters, report.credentials)
    table.add_row("voters", console.figure(report.voters) + (f", {share}" if share else ""))
    if report.weighted:
        table.add_row("their weight", console.figure(report.total_weight))
    table.add_row("fingerprint", Fingerprint(bytes.fromhex(report.fingerprint)).compact)
    table.add_row("in hexadecimal", in_fours(report.fingerprint))
    table.add_row("last event", f"height {console.figure(report.height)}, {in_fours(report.head)}")
    table.add_row("length", f"{console.figure(report.length)} bytes")
    screen.print(table)
    checks = console.table("checked", "", numbers=("",))
    for what, number in report.checks:
        checks.add_row(escape(what), console.figure(number))
    screen.print()
    screen.print(checks)
    # Figures that do not hold are no result.
    if report.result is not None and not report.failures:
        for question, figures in zip(report.questions, report.result, strict=True):
            screen.print()
            _result(screen, question, figures, report)


def _result(screen: Console, core: CoreQuestion, figures: Sequence[int], report: ArchiveReport) -> None:
    question = question_of(core)
    table = console.table("answer", "votes", "of ballots", numbers=("votes", "of ballots"))
    for answer, number in zip(question.answers, figures[question.blank :], strict=True):
        table.add_row(escape(shown(answer, 100)), console.figure(number), console.percent(number, report.total_weight))
    if question.blank:
        table.add_row("[dim]blank[/]", console.figure(figures[0]), console.percent(figures[0], report.total_weight))
    elif question.least == 0 and question.most == 1:
        nobody = report.total_weight - sum(figures)
        table.add_row("[dim]none chosen[/]", console.figure(nobody), console.percent(nobody, report.total_weight))
    screen.print(f"[bold]{escape(shown(question.text, 200))}[/]")
    screen.print(table)


def _show_kept(screen: Console, against: Path, height: int) -> None:
    said = f"Nothing vanished: the archive begins with all of {shown(against, 300)}, up to height {height}."
    screen.print(f"\n{said}", markup=False, soft_wrap=True)


def _complain(archive: Path, failures: Sequence[str], every: bool, most: int) -> None:
    """The failures of an archive on standard error."""
    print(
        f"suffrage: {shown(archive, 300)}: {plural(len(failures), 'record does', 'records do')} not hold; the first:",
        file=sys.stderr,
    )
    for failure in failures if every else failures[:most]:
        print(f"suffrage: {shown(archive.name, 100)}: {shown(failure, 400)}", file=sys.stderr)
    if len(failures) > most and not every:
        print(f"suffrage: and {len(failures) - most} more; --all lists them", file=sys.stderr)
