"""`suffrage doctor`: whether the service can hold a poll, and what to do where it cannot."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.markup import escape

from suffrage.cli import console
from suffrage.cli.backup import existing
from suffrage.cli.serve import configured, data_option
from suffrage.errors import DOES_NOT_HOLD, shown
from suffrage.words import plural

STYLES = {"ok": "green", "warning": "yellow", "fails": "bold red"}


@click.command()
@data_option
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="As `serve` has it.")
def doctor(data: Path, port: int) -> None:
    """Look at everything that a poll needs, and say what to do about what is not well.

    Nothing is changed, and no mail is sent. It looks with the environment that it is started in: give it the same
    variables as the service.

    Leaves with 0 where nothing fails (there may be warnings), with 1 where something does.
    """
    existing(data)
    configured(data)
    from suffrage.service.doctor.check import Health
    from suffrage.service.doctor.run import examine

    with console.working("Looking") as tell:
        found = []
        for check in examine(port):
            tell(check.what)
            found.append(check)
    screen = console.out()
    table = console.table("what", "", "how it is")
    for check in found:
        says = escape(shown(check.says, 400))
        if check.remedy:
            says += f"\n[dim]→[/] {escape(shown(check.remedy, 400))}"
        table.add_row(escape(check.what), f"[{STYLES[check.health]}]{check.health}[/]", says)
    screen.print(table)
    failing = sum(check.health is Health.FAILS for check in found)
    warned = sum(check.health is Health.WARNING for check in found)
    if failing:
        verdict = f"{plural(failing, 'check')} failed" + (f", {plural(warned, 'warning')}" if warned else "")
        print(f"suffrage: {verdict}", file=sys.stderr)
        sys.exit(DOES_NOT_HOLD)
    said = f"Nothing fails; {plural(warned, 'warning')}." if warned else "All is well."
    screen.print(f"\n{said}")
