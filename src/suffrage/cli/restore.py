"""`suffrage restore`: a backup into an empty data folder, and nothing that does not hold."""

from __future__ import annotations

from pathlib import Path

import click

from suffrage.cli import console
from suffrage.cli.backup import stoppable
from suffrage.cli.belenios.terminal import progress
from suffrage.cli.keys import passphrase, passphrase_file
from suffrage.cli.serve import configured
from suffrage.errors import ServiceError, shown
from suffrage.service.backups.restoring import Restored
from suffrage.service.backups.restoring import restore as put_back
from suffrage.service.backups.seen import read_seen
from suffrage.words import grouped, plural

DANGER = """\
a restored archive lacks every ballot that was cast after the backup. If the service takes ballots into it, electors
with a receipt lose their vote unseen. Hand in what was published: --heads FILE, with heads.json as observers have kept
it, or state.json of `suffrage monitor`; an urn that is behind is then not opened. Only where nobody has any,
--no-heads goes on without."""


@click.command()
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="SUFFRAGE_DATA",
    required=True,
    help="The data folder to make: a new or an empty one.",
)
@click.option(
    "--heads",
    "kept",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    help="Heads that were published: heads.json of an election, or a monitor's state.json. May be given several times.",
)
@click.option("--no-heads", "without", is_flag=True, help="Nobody has kept any published head.")
@passphrase_file
def restore(file: Path, data: Path, kept: tuple[Path, ...], without: bool, passphrase_file: Path | None) -> None:
    """Restore the backup FILE into an empty data folder, and into the empty database of DATABASE_URL where it is set.

    Every byte of the backup, every archive, the log and what refers to what are checked first; where anything does not
    hold, nothing is put in place. Stop the old service for good before: two services with one key are two urns.

    Leaves with 0 where it is done, with 1 where something does not hold, also where an urn is behind a head that was
    published: it is restored, and the service will not open it.
    """
    if bool(kept) == without:
        raise click.UsageError(DANGER if not kept else "--heads and --no-heads: only one of the two")
    seen = read_seen(kept)
    secret = passphrase(passphrase_file)
    with stoppable(), progress("Restoring") as tell:
        restored = put_back(file, data.absolute(), secret, seen, configured, tell)
    _show(restored, file, data)
    if restored.behind:
        raise ServiceError(restored.behind)


def _show(restored: Restored, file: Path, data: Path) -> None:
    screen = console.out()
    said = f"{data} is as {file} was made, {restored.made}, by suffrage {restored.version}."
    screen.print(said, markup=False, soft_wrap=True)
    table = console.table("", "", numbers=("",))
    table.add_row("rows of the database", console.figure(sum(restored.rows.values())))
    table.add_row("urns", console.figure(len(restored.archives)))
    table.add_row("ballots in them", console.figure(sum(archive.ballots for archive in restored.archives)))
    screen.print(table)
    for archive in restored.archives:
        ballots = plural(archive.ballots, "ballot")
        said = f"urn {archive.uuid}: {archive.phase}, {ballots}, height {grouped(archive.height)}"
        screen.print(said, markup=False, soft_wrap=True, style="dim")
    for sentence in restored.lacking:
        click.echo(f"suffrage: warning: {sentence}", err=True)
    if restored.unseen:
        named = ", ".join(shown(uuid) for uuid in restored.unseen)
        said = f"nobody has said how far these urns had come: {named}. Ballots cast after the backup are not in them."
        click.echo(f"suffrage: warning: {said}", err=True)
