"""`suffrage server-keys`: the server's keys on paper, and from paper back into their files."""

from __future__ import annotations

from pathlib import Path

import click

from suffrage.cli import console
from suffrage.cli.backup import existing
from suffrage.cli.serve import configured, data_option, migrated
from suffrage.errors import WRONG_USE, Problem, ServiceError
from suffrage.words import plural


@click.group(name="server-keys")
def server_keys() -> None:
    """Print the server's keys of an election once, to be locked away; enter one again where its file is lost."""


@server_keys.command(name="print")
@data_option
@click.argument("election")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The new PDF.")
@click.option("--again", default="", metavar="REASON", help="Print what was printed already, and why. It is recorded.")
def print_(data: Path, election: str, out: Path, again: str) -> None:
    """Print the keys of the urns of ELECTION that were not printed yet into a file that its owner alone can read."""
    existing(data)
    configured(data)
    migrated()
    from suffrage.service.acts import server_keys as acts
    from suffrage.service.models import Election

    held = Election.objects.filter(slug=election).first()
    if held is None:
        known = ", ".join(Election.objects.values_list("slug", flat=True)[:20])
        raise ServiceError(Problem("ELECTION", "there is none of this name", election, known), exit_code=WRONG_USE)
    urns = acts.print_keys(held, out, again)
    console.out().print(
        f"{plural(len(urns), 'key')} in {out}. Print it, lock the paper away, and delete the file.", markup=False
    )


@server_keys.command()
@data_option
@click.argument("uuid")
@click.option("--key-file", type=click.Path(path_type=Path), help="The first line of a file; otherwise asked for.")
def enter(data: Path, uuid: str, key_file: Path | None) -> None:
    """Put the key of the urn UUID back, as it stands on its paper; spaces do not count."""
    existing(data)
    configured(data)
    migrated()
    from suffrage.belenios.files import read_secret
    from suffrage.service.acts import server_keys as acts

    typed = read_secret(key_file) if key_file else click.prompt("Key", hide_input=True)
    urn = acts.enter_key(uuid, typed)
    console.out().print(f"The key of {urn.contest.name} is in its place.", markup=False)
