"""`suffrage belenios`: sealed ballots, a command for each step of each role."""

from __future__ import annotations

import click

from suffrage.cli.belenios.authority import check_credentials, credentials
from suffrage.cli.belenios.elector import ballot, cast
from suffrage.cli.belenios.new import new
from suffrage.cli.belenios.setup import setup, uuid
from suffrage.cli.belenios.tally import close, decrypt, result
from suffrage.cli.belenios.trustee import trustee


@click.group()
def belenios() -> None:
    """Hold an election with sealed ballots, after the Belenios specification 4.0.

    Each role does its steps on its own machine; `new` prepares a folder for each. What is secret is written to a file
    of its own, once, and printed nowhere. The archive `UUID.bel` is public: anyone checks it with `suffrage verify`.
    """


for command in (new, uuid, credentials, check_credentials, trustee, setup, ballot, cast, close, decrypt, result):
    belenios.add_command(command)
