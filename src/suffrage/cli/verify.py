"""`suffrage verify`: count a published bundle again, and hold everything in it against the count."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.markup import escape

from suffrage.audit import Report, verify_bundle
from suffrage.cli import console
from suffrage.errors import DOES_NOT_HOLD, WRONG_USE, AuditError, Problem, shown
from suffrage.law import built_in
from suffrage.words import in_fours, plural

SHOWN = 20


@click.command()
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option("--root", metavar="FINGERPRINT", help="The root key's fingerprint, as published elsewhere.")
@click.option("--statute", metavar="ID", help="The law in the bundle must equal this built-in law.")
@click.option("--all", "every", is_flag=True, help=f"List every record that does not hold, not only {SHOWN}.")
def verify(bundle: Path, root: str | None, statute: str | None, every: bool) -> None:
    """Count the election in BUNDLE again from the bottom up, and hold every record in it against the count.

    Needs nothing but the bundle. Without --root it says that the bundle agrees with itself; only with the fingerprint
    that the central committee published elsewhere does it say whose bundle it is. Leaves with 0 where everything holds,
    with 1 where something does not, with 2 where it cannot be read.
    """
    if statute is not None:
        built_in(statute)
    fingerprint = "" if root is None else _fingerprint(root)
    with console.working("Verifying") as tell:
        report = verify_bundle(bundle, fingerprint, statute or "", tell)
    try:
        _show(report, asked=bool(root))
    except BrokenPipeError:
        # Nobody reads the table; the verdict is still told by the exit code and on standard error.
        sys.stdout = None
    if not report.holds:
        _complain(report, every)
        sys.exit(DOES_NOT_HOLD)


def _fingerprint(text: str) -> str:
    """A fingerprint as people write it: with or without spaces and colons, in any case."""
    plain = text.lower().replace(" ", "").replace(":", "")
    if len(plain) != 64 or plain.strip("0123456789abcdef"):
        raise AuditError(
            Problem("--root", "not a fingerprint", shown(text, 100), "64 hexadecimal digits"), exit_code=WRONG_USE
        )
    return plain


def _show(report: Report, *, asked: bool) -> None:
    screen = console.out()
    if not report.title:
        return
    screen.print(f"[bold]{escape(shown(report.title, 200))}[/]  ({escape(shown(report.kind))})")
    table = console.table("", "")
    table.add_row("law", escape(shown(report.law, 200)))
    for name, number in report.checked:
        table.add_row(name, console.figure(number))
    table.add_row("root key", in_fours(report.root))
    screen.print(table)
    if report.holds:
        screen.print("\n[green]Everything holds.[/]")
        if not asked:
            screen.print(
                "Compare the fingerprint of the root key with the one that was published elsewhere, or give it with "
                "--root: whoever signs a whole bundle anew has another one.",
                style="dim",
            )


def _complain(report: Report, every: bool) -> None:
    """The failures on standard error, the first of them first."""
    failures = report.failures
    print(f"suffrage: {plural(len(failures), 'record does', 'records do')} not hold; the first:", file=sys.stderr)
    for failure in failures if every else failures[:SHOWN]:
        print(f"suffrage: {shown(failure, 400)}", file=sys.stderr)
    more = len(failures) - SHOWN
    if more > 0 and not every:
        print(f"suffrage: and {more} more; --all lists them", file=sys.stderr)
