"""`suffrage audit-ballot`: whether the booth sealed what an elector chose, by a ballot that it opened for a test."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape

from suffrage.audit.opened import Answered, hold_against_archive, hold_against_election, read_election, read_opened
from suffrage.belenios.fingerprint import Fingerprint
from suffrage.cli import console
from suffrage.errors import shown
from suffrage.words import listed

file = click.Path(path_type=Path)


@click.command("audit-ballot")
@click.argument("opened", metavar="FILE", type=file)
@click.option("--archive", type=file, metavar="X.bel", help="The ballot must be of this archive's election, not in it.")
@click.option("--election", type=file, metavar="election.json", help="The ballot must be of this election.")
def audit_ballot(opened: Path, archive: Path | None, election: Path | None) -> None:
    """Say what is in a ballot that the booth sealed and then opened for a test.

    FILE is what the booth saved. Every proof of the ballot is checked, and that each ciphertext in it is the one that
    the opening says. Compare what it says with what you chose. A ballot that was opened must have been thrown away: one
    that stands in the archive does not pass.

    Leaves with 0 where the ballot holds, with 1 where it does not, with 2 where a file cannot be read.
    """
    if archive is not None and election is not None:
        raise click.UsageError("--archive and --election: one of the two says which election it is")
    ballot = read_opened(opened)
    if archive is not None:
        hold_against_archive(ballot, archive)
    if election is not None:
        hold_against_election(ballot, read_election(election), str(election))
    screen = console.out()
    screen.print(f"[bold]{escape(shown(ballot.election.name, 200))}[/]")
    table = console.table("", "")
    table.add_row("election", escape(shown(ballot.election.uuid)))
    table.add_row("fingerprint", str(Fingerprint.of(ballot.text)))
    table.add_row("tracking number", str(ballot.tracking_number))
    screen.print(table)
    for answered in ballot.answers:
        screen.print()
        _say(screen, answered)
    screen.print("\n[green]The ballot holds, and this is what is in it.[/]")
    if archive is not None:
        said = f"It is of the election in {archive}, and does not stand there."
    elif election is not None:
        said = f"It is of the election in {election}. Whether it was thrown away, --archive checks."
    else:
        said = (
            "Compare the fingerprint with the one that the election has published; or give --archive or --election. "
            "Only --archive also checks that the ballot was thrown away."
        )
    screen.print(said, markup=False, soft_wrap=True, style="dim")


def _say(screen: Console, answered: Answered) -> None:
    screen.print(f"[bold]{escape(shown(answered.question.text, 200))}[/]", soft_wrap=True)
    if answered.blank:
        said = "A blank vote."
    elif answered.chosen:
        said = f"Chosen (left on the ballot, or marked): {_names(answered.chosen)}."
    else:
        said = "No name is chosen: all are struck, or none is marked."
    screen.print(said, markup=False, soft_wrap=True)
    if answered.chosen and answered.others:
        screen.print(f"Not chosen: {_names(answered.others)}.", markup=False, soft_wrap=True)


def _names(names: tuple[str, ...]) -> str:
    return listed([shown(name, 100) for name in names])
