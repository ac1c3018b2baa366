"""`suffrage verify`: count a published bundle again, and hold everything in it against the count; audit archives."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click
from rich.markup import escape

from suffrage.audit import Report, verify_bundle
from suffrage.audit.archives import SUFFIX
from suffrage.cli import console
from suffrage.cli.archives import verify_archives
from suffrage.errors import DOES_NOT_HOLD, WRONG_USE, AuditError, Problem, shown
from suffrage.law import built_in
from suffrage.words import in_fours, plural

SHOWN = 20


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@click.option("--root", metavar="FINGERPRINT", help="The root key's fingerprint, as published elsewhere.")
@click.option("--statute", metavar="ID", help="The law in the bundle must equal this built-in law.")
@click.option(
    "--against",
    metavar="OLD.bel",
    type=click.Path(path_type=Path),
    help="Nothing may have vanished from the archive since this older copy of it.",
)
@click.option("--all", "every", is_flag=True, help=f"List every record that does not hold, not only {SHOWN}.")
def verify(paths: tuple[Path, ...], root: str | None, statute: str | None, against: Path | None, every: bool) -> None:
    """Verify a bundle, or the archives of sealed elections, with nothing but the files themselves.

    PATH is a bundle, or one or more archives (`.bel`), or a folder with archives anywhere below it.

    Of a bundle every figure is counted again from the bottom up, and every record held against the count; the archives
    in it are audited. Without --root it says that the bundle agrees with itself; only with the fingerprint that the
    central committee published elsewhere does it say whose bundle it is.

    Of an archive every ballot, every proof, the tally, every partial decryption and the result are checked.

    Leaves with 0 where everything holds, with 1 where something does not, with 2 where it cannot be read.
    """
    archives = [path for path in paths if path.suffix == SUFFIX or path.is_dir()]
    if archives:
        _verify_archives(paths, archives, root, statute, against, every)
        return
    if len(paths) > 1:
        raise click.UsageError(f"Got unexpected extra argument ({paths[1]}): a bundle is verified by itself")
    if against is not None:
        raise click.UsageError("--against needs an archive, not a bundle")
    if statute is not None:
        built_in(statute)
    fingerprint = "" if root is None else _fingerprint(root)
    with console.working("Verifying") as tell:
        report = verify_bundle(paths[0], fingerprint, statute or "", tell)
    try:
        _show(report, asked=bool(root))
    except BrokenPipeError:
        # Nobody reads the table; the verdict is still told by the exit code and on standard error.
        sys.stdout = None
    if not report.holds:
        _complain(report, every)
        sys.exit(DOES_NOT_HOLD)


def _verify_archives(
    paths: Sequence[Path],
    archives: Sequence[Path],
    root: str | None,
    statute: str | None,
    against: Path | None,
    every: bool,
) -> None:
    if others := [path for path in paths if path not in archives]:
        raise click.UsageError(f"{others[0]} is no archive ({SUFFIX}): a bundle is verified by itself")
    if root is not None or statute is not None:
        raise click.UsageError(f"{'--root' if root is not None else '--statute'} needs a bundle, not an archive")
    if against is not None and (len(archives) > 1 or archives[0].is_dir()):
        raise click.UsageError("--against needs exactly one archive")
    if not verify_archives(archives, against, every, SHOWN):
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
