"""The credential authority: makes the codes, hands them out, and holds the list of an archive against its own."""

from __future__ import annotations

from pathlib import Path

import click

from suffrage.belenios.credentials import (
    chosen_electors,
    compare_codes,
    fingerprint_of,
    new_credentials,
    outputs,
    read_codes,
)
from suffrage.belenios.files import write_new
from suffrage.belenios.urn import open_urn
from suffrage.cli.belenios.terminal import (
    archive_argument,
    file_argument,
    progress,
    say,
    show_election,
    show_fingerprint,
    show_outputs,
)
from suffrage.words import plural


@click.command()
@click.option("--uuid", required=True, help="The election's identifier, as the administrator chose it.")
@click.option("--count", type=int, metavar="N", help="So many electors, known by numbers.")
@click.option("--electors", type=file_argument, metavar="FILE", help="A table of electors: id, or id,weight.")
@click.option("--out", type=file_argument, default=".", help="The folder for the two files; otherwise this one.")
def credentials(uuid: str, count: int | None, electors: Path | None, out: Path) -> None:
    """Make a private code for every elector, and the list of public credentials.

    A code is good in this election alone. `private_creds.json` is secret: the authority hands each elector their own
    code, on paper or by mail, and nobody else sees it. `public_creds.json` goes to the administrator.
    """
    people = chosen_electors(count, electors)
    with progress("Making codes") as tell:
        made = new_credentials(uuid, people, tell)
    private, listed = files = outputs(made, out)
    write_new(files)
    say(f"{plural(len(made.listed), 'code')} for the election {uuid}.")
    show_outputs([private], "the credential authority")
    show_outputs([listed], receiver="the administrator")
    show_fingerprint("fingerprint of the list", fingerprint_of(made))


@click.command("check-credentials")
@archive_argument
@click.option("--codes", required=True, type=file_argument, help="The authority's private_creds.json.")
def check_credentials(archive: Path, codes: Path) -> None:
    """Check that the list in ARCHIVE is the one that the authority's codes make: nobody added, nobody left out.

    The authority does this before the first code is handed out.
    """
    urn = open_urn(archive)
    number = compare_codes(read_codes(codes), urn.election.uuid, urn.credentials, codes)
    show_election(urn)
    say(f"{plural(number, 'code')}, and exactly their credentials are on the list.")
