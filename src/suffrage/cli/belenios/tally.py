"""The end of an election: closing, decrypting, and the result."""

from __future__ import annotations

from pathlib import Path

import click

from suffrage.belenios import decryption
from suffrage.belenios.files import write_new
from suffrage.belenios.urn import close as close_urn
from suffrage.belenios.urn import open_urn
from suffrage.cli.belenios.terminal import (
    archive_argument,
    file_argument,
    progress,
    say,
    show_election,
    show_outputs,
    show_result,
)
from suffrage.words import listed, plural


@click.command()
@archive_argument
@click.option("--yes", is_flag=True, help="Do not ask: close it.")
def close(archive: Path, yes: bool) -> None:
    """End the voting in ARCHIVE, for good, and append the encrypted tally.

    The whole archive is audited before; one that does not hold is left as it is.
    """
    urn = open_urn(archive)
    show_election(urn)
    if not yes:
        click.confirm("After this no ballot can be cast any more. Close it?", abort=True, err=True)
    with progress("Auditing") as tell:
        report = close_urn(archive, tell)
    say(f"Closed. {plural(report.voters, 'ballot')} will be counted, of {plural(report.ballots, 'ballot')} cast.")
    say(f"Now the trustees decrypt: {listed([str(member) for member in urn.trustees.members])}.")


@click.command()
@archive_argument
@click.option("--key", required=True, type=file_argument, help="The trustee's ID.privkey, or ID.key; - to read it.")
@click.option("--share", type=file_argument, help="ID.dkey, for a trustee of a threshold group.")
@click.option("--out", required=True, type=file_argument, help="The file for the partial decryption.")
def decrypt(archive: Path, key: Path, share: Path | None, out: Path) -> None:
    """Decrypt a trustee's part of the tally in ARCHIVE, on the trustee's own machine.

    The whole archive is audited before. What is decrypted is the sum of all ballots, never a ballot.
    """
    urn = open_urn(archive)
    show_election(urn)
    with progress("Auditing") as tell:
        trustee, output = decryption.decrypt(urn, key, share, out, tell)
    write_new([output])
    say(f"Decrypted by {trustee}.")
    show_outputs([output], receiver="the administrator")


@click.command()
@archive_argument
@click.option(
    "--partial", "partials", type=file_argument, metavar="FILE", multiple=True, required=True, help="From a trustee."
)
def result(archive: Path, partials: tuple[Path, ...]) -> None:
    """Check partial decryptions and append them to ARCHIVE; compute the result as soon as there are enough."""
    urn = open_urn(archive)
    show_election(urn)
    found = decryption.add_partials(urn, [decryption.read_partial(file) for file in partials])
    say(f"Decrypted by {listed([str(member) for member in found.owners])}.")
    if found.result is None:
        say(f"For the result is still missing: {'; '.join(found.lacking)}.")
    else:
        say()
        show_result(urn.questions, found.result)
        say(f"The result is in the archive. Anyone checks it: suffrage verify {archive}")
