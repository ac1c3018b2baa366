"""`suffrage backup`: one sealed file with everything, taken while the service runs."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from suffrage.cli import console
from suffrage.cli.belenios.terminal import progress
from suffrage.cli.keys import passphrase, passphrase_file
from suffrage.cli.serve import configured, data_option
from suffrage.errors import WRONG_USE, Problem, ServiceError
from suffrage.words import grouped, plural


def existing(data: Path) -> None:
    """ServiceError (exit code 2) where this is no data folder of the service, which would make one."""
    if not (data / "secret_key").is_file():
        raise ServiceError(
            Problem(str(data), "is no data folder of the service", "", "--data DIR, as `suffrage serve` has it"),
            exit_code=WRONG_USE,
        )


@contextmanager
def stoppable() -> Iterator[None]:
    """Being told to end (SIGTERM) is Ctrl-C: nothing is left that was half done."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@click.command()
@data_option
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The new file.")
@passphrase_file
def backup(data: Path, out: Path, passphrase_file: Path | None) -> None:
    """Copy the database, the archives, the keys and the published sites into one file under a passphrase.

    The service may run, and the poll be open: the file holds one moment of the database, and of each archive every
    ballot that had a receipt when the backup began. Who is signed in, one-time codes and mails with a link or a code
    are left out. The file appears under its name once it is whole.

    Keep the passphrase apart from the file: together they are the roll and the server's keys.
    """
    existing(data)
    secret = passphrase(passphrase_file, new=True)
    configured(data)
    from suffrage.service.backups.making import make

    with stoppable(), progress("Backing up") as tell:
        made = make(out, secret, tell)
    screen = console.out()
    table = console.table("", "", numbers=("",))
    table.add_row("rows of the database", console.figure(sum(made.rows.values())))
    table.add_row("urns", console.figure(len(made.archives)))
    table.add_row("ballots in them", console.figure(sum(archive.ballots for archive in made.archives)))
    table.add_row("files", console.figure(made.files))
    table.add_row("bytes", console.figure(made.size))
    screen.print(f"{out} is the backup of {made.at:%Y-%m-%d %H:%M:%S} UTC.", markup=False, soft_wrap=True)
    screen.print(table)
    for archive in made.archives:
        said = f"urn {archive.uuid}: {plural(archive.ballots, 'ballot')}, up to height {grouped(archive.height)}"
        screen.print(said, markup=False, soft_wrap=True, style="dim")
    for sentence in made.lacking:
        click.echo(f"suffrage: warning: {sentence}", err=True)
