"""`suffrage serve`: the online service, in one command."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import click

from suffrage.cli import console
from suffrage.errors import WRONG_USE, Problem, ServiceError

data_option = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="SUFFRAGE_DATA",
    default="suffrage-data",
    show_default=True,
    help="The data folder: database, urns, keys. SUFFRAGE_DATA says the same.",
)


def configured(data: Path, url: str = "") -> None:
    """Set Django up for a data folder, in this process and in those that it starts."""
    os.environ["SUFFRAGE_DATA"] = str(data.absolute())
    if url:
        os.environ["SUFFRAGE_URL"] = url
    os.environ["DJANGO_SETTINGS_MODULE"] = "suffrage.service.settings"
    import django

    django.setup()


def migrated() -> None:
    """Bring the database to the form that this version needs. ServiceError where it cannot be reached."""
    from django.core.management import call_command
    from django.db import OperationalError

    try:
        call_command("migrate", verbosity=0, interactive=False)
    except OperationalError as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ServiceError(Problem("the database", f"cannot be used: {reason}"), exit_code=WRONG_USE) from None


def refuse_taken(host: str, port: int) -> None:
    """ServiceError where something listens on a port already."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise ServiceError(
                Problem(f"{host}:{port}", f"cannot be listened on: {error.strerror}", "", "--port N, with a free one"),
                exit_code=WRONG_USE,
            ) from None


@click.command()
@data_option
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--url", envvar="SUFFRAGE_URL", default="", help="Where the public reaches it: https://vote.example.org.")
@click.option("--threads", type=click.IntRange(1, 256), default=16, show_default=True, help="Requests at a time.")
def serve(data: Path, host: str, port: int, url: str, threads: int) -> None:
    """Run the online service: one command, no other server needed.

    The database is brought up to date first. Ctrl-C ends it; ballots that have a receipt are on the disk.
    """
    from suffrage.service.orphans import end_with_parent
    from suffrage.service.supervisor import Supervisor

    if os.environ.pop("SUFFRAGE_ENDS_WITH_PARENT", ""):
        end_with_parent()
    refuse_taken(host, port)
    configured(data, url or f"http://{host}:{port}")
    with console.working("Starting") as tell:
        tell("preparing the database")
        migrated()
    screen = console.out()
    screen.print(f"The service runs at {os.environ['SUFFRAGE_URL']} (data in {data}). Ctrl-C ends it.", soft_wrap=True)
    Supervisor(data.absolute(), os.environ, host, port, threads).run(
        lambda text: print(f"suffrage: {text}", file=sys.stderr)
    )
    screen.print("The service has ended.")


@click.command()
@data_option
@click.argument("email")
@click.option("--password-file", type=click.Path(path_type=Path), help="The first line of a file; otherwise asked for.")
def official(data: Path, email: str, password_file: Path | None) -> None:
    """Make the account of the first official, who then begins elections and invites the others."""
    from suffrage.cli.keys import passphrase

    configured(data)
    migrated()
    from suffrage.service.acts.officials import account

    account(email, passphrase(password_file, new=True))
    console.out().print(f"{email} has an account. `suffrage serve`, then sign in at /account/login/.", markup=False)
