"""`suffrage monitor`: keep copies of the archives of an online election, and shout when one does not only grow."""

from __future__ import annotations

import sys
import time
from datetime import datetime
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape

from suffrage.audit.fetching import Server
from suffrage.audit.monitor import Finding, Level, Monitor, Round
from suffrage.audit.watched import LOG, Folder
from suffrage.cli import console
from suffrage.errors import DOES_NOT_HOLD, WRONG_USE
from suffrage.words import plural

STYLES = {Level.ALARM: "bold red", Level.WARNING: "yellow", Level.NOTICE: "bold"}


@click.command()
@click.argument("url", metavar="URL")
@click.option(
    "--out",
    metavar="DIR",
    default="monitor",
    show_default=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder for the copies, the log and the evidence.",
)
@click.option(
    "--every",
    metavar="SECONDS",
    default=60,
    show_default=True,
    type=click.IntRange(min=1),
    help="How long to wait between two rounds.",
)
@click.option("--once", is_flag=True, help="One round, for a scheduler.")
@click.option("--whole", is_flag=True, help="Fetch the archives whole in the first round, not only their new bytes.")
def monitor(url: str, out: Path, every: int, once: bool, whole: bool) -> None:
    """Watch the online election at URL (https://HOST/e/ELECTION/) from outside, until Ctrl-C.

    Every round fetches the published heads, the archive of every urn and the booth's code, and checks that each archive
    only grew since the last round, that every head ever published lies on its chain and was not taken back, that the
    code is the one whose hash is published, and, once an urn is closed, everything in it.

    With --once it leaves with 0 where everything holds, with 1 where something does not, with 2 where something could
    not be fetched. Stopped by Ctrl-C it leaves with 1 if there was an alarm in any round, else with 0.
    """
    watching = Monitor(Server(url), Folder(out), whole)
    alarmed = False
    try:
        while True:
            with console.working("Fetching") as tell:
                found = watching.round(tell)
            alarmed = alarmed or found.any(Level.ALARM)
            _show(found, out)
            if once:
                break
            time.sleep(every)
    except KeyboardInterrupt:
        print(f"suffrage: stopped; the copies in {out} are whole", file=sys.stderr)
        sys.exit(DOES_NOT_HOLD if alarmed else 0)
    if alarmed:
        sys.exit(DOES_NOT_HOLD)
    if found.any(Level.WARNING):
        sys.exit(WRONG_USE)


def _show(found: Round, out: Path) -> None:
    """One line for the round, then what was found: an alarm cannot be overlooked."""
    moment = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M:%S")
    ballots = sum(urn.ballots for urn in found.urns)
    if found.any(Level.ALARM):
        verdict = "[bold red]SOMETHING DOES NOT HOLD[/]"
    elif found.any(Level.WARNING):
        verdict = "[yellow]not everything could be examined[/]"
    else:
        verdict = "[green]everything holds[/]"
    said = f"{plural(len(found.urns), 'urn')}, {plural(ballots, 'ballot')}"
    title = f"{escape(found.election)}: " if found.election else ""
    console.out().print(f"{moment}  {title}{said}, {verdict}", soft_wrap=True)
    screen = Console(stderr=True, highlight=False, soft_wrap=True)
    for finding in found.findings:
        _shout(screen, finding)
    if found.any(Level.ALARM):
        screen.print(f"The copies, the evidence and {LOG} are in {out}: keep them.", markup=False)


def _shout(screen: Console, finding: Finding) -> None:
    word = finding.level.value.upper() if finding.level is Level.ALARM else finding.level.value
    screen.print(f"suffrage: {word}: {finding}", markup=False, style=STYLES[finding.level])
