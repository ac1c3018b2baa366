"""The trustees: a key held alone, or the ceremony by which a group makes a key that any few of them can use."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from suffrage.belenios import trustees as files
from suffrage.belenios.files import Output, read_record, write_new
from suffrage.belenios.refusal import misused, refused
from suffrage.belenios.urn import open_urn
from suffrage.cli.belenios.terminal import file_argument, say, show_election, show_outputs

context_option = click.option(
    "--context", required=True, type=file_argument, help="threshold_context.json, from the administrator."
)
certificates_option = click.option(
    "--certificates", required=True, type=file_argument, help="certs.jsons, from the administrator."
)
key_option = click.option("--key", required=True, type=file_argument, help="The trustee's ID.key, under this name.")
folder_option = click.option("--out", type=file_argument, default=".", help="The folder; otherwise this one.")
record_argument = click.argument("records", nargs=-1, required=True, type=file_argument)


@click.group()
def trustee() -> None:
    """Make the trustees' keys.

    A trustee with a key of their own (`single`) is needed for every decryption. In a threshold group any few are
    enough. After `context` (administrator) its key is made in six steps: `certificate` (each trustee), `check`
    (administrator), `polynomial` (each trustee), `route` (administrator), `share` (each trustee), `combine`
    (administrator).
    """


@trustee.command()
@click.option("--name", help="The trustee's name, for everybody to read.")
@folder_option
def single(name: str | None, out: Path) -> None:
    """Make the key of a trustee who holds it alone: ID.privkey (secret) and ID.pubkey."""
    identity, outputs = files.single(name, out)
    write_new(outputs)
    say(f"key {identity}")
    _show(outputs)


@trustee.command()
@click.option("--name", "names", multiple=True, required=True, help="A trustee's name; once for each, in order.")
@click.option("--threshold", required=True, type=int, help="How many of them must decrypt; fewer than all.")
@click.option("--out", type=file_argument, default="threshold_context.json", show_default=True, help="The file.")
def context(names: tuple[str, ...], threshold: int, out: Path) -> None:
    """Begin a ceremony (administrator): who takes part, and how many of them must decrypt."""
    write_new([Output(out, files.context_text(names, threshold))])
    say(f"{out}: goes to every trustee. Any {threshold} of these decrypt:")
    for index, name in enumerate(names, 1):
        say(f"  {index} {name}")


@trustee.command()
@context_option
@click.option("--index", required=True, type=int, help="The trustee's number in the context, from 1.")
@folder_option
def certificate(context: Path, index: int, out: Path) -> None:
    """Step 1 (each trustee): make ID.key (secret) and ID.cert."""
    identity, outputs = files.certificate(context, index, out)
    write_new(outputs)
    say(f"certificate {identity}")
    _show(outputs)


@trustee.command()
@click.argument("records", nargs=-1, type=file_argument)
@click.option("--context", type=file_argument, help="threshold_context.json; RECORDS are certificates.")
@click.option("--out", type=file_argument, help="Where to put the certificates together; otherwise certs.jsons.")
def check(records: tuple[Path, ...], context: Path | None, out: Path | None) -> None:
    """Step 2 (administrator): check the certificates ID.cert, and put them together in order.

    Without --context: check everything in an ID.pubkey, a trustees.json or an archive that can be checked, and say who
    the trustees are. Before the voting each trustee does this with the archive, and looks for the own identifier: it is
    the name of the own files.
    """
    if not records:
        raise misused("FILES", "are missing", "", "certificates with --context, or a list of trustees, or an archive")
    if context is not None:
        _gather(context, records, out)
        return
    for file in records:
        _describe(file)


@trustee.command()
@context_option
@certificates_option
@key_option
@folder_option
def polynomial(context: Path, certificates: Path, key: Path, out: Path) -> None:
    """Step 3 (each trustee): check the certificates, and make ID.polynomial."""
    identity, record = files.polynomial(context, certificates, key)
    made = [Output(out / f"{identity}.polynomial", record + b"\n")]
    write_new(made)
    _show(made)


@trustee.command()
@record_argument
@context_option
@certificates_option
@folder_option
def route(records: tuple[Path, ...], context: Path, certificates: Path, out: Path) -> None:
    """Step 4 (administrator): from every ID.polynomial make polynomials.jsons, and ID.vinput for each trustee."""
    outputs = files.route(context, certificates, records, out)
    write_new(outputs)
    for output in outputs:
        say(f"       {output.path}: {'stays here' if output.path.suffix == '.jsons' else 'goes to its trustee'}.")


@trustee.command()
@context_option
@certificates_option
@key_option
@click.option("--vinput", required=True, type=file_argument, help="ID.vinput, from the administrator.")
@folder_option
def share(context: Path, certificates: Path, key: Path, vinput: Path, out: Path) -> None:
    """Step 5 (each trustee): check what the others sent, and make ID.voutput."""
    identity, record = files.share(context, certificates, key, vinput)
    made = [Output(out / f"{identity}.voutput", record + b"\n")]
    write_new(made)
    _show(made)


@trustee.command()
@record_argument
@context_option
@certificates_option
@click.option("--polynomials", required=True, type=file_argument, help="polynomials.jsons, of step 4.")
@folder_option
def combine(records: tuple[Path, ...], context: Path, certificates: Path, polynomials: Path, out: Path) -> None:
    """Step 6 (administrator): from every ID.voutput make threshold.json, and ID.dkey for each trustee."""
    identities, outputs = files.combine(context, certificates, polynomials, records, out)
    write_new(outputs)
    say(f"       {outputs[0].path}: for `suffrage belenios setup --threshold`.")
    for output in outputs[1:]:
        say(f"       {output.path}: goes to its trustee, who alone can read it and needs it to decrypt.")
    say(f"The group of {len(identities)} has a key.")


def _show(outputs: Sequence[Output]) -> None:
    """What a trustee has made: secrets stay, the rest goes to the administrator."""
    show_outputs((output for output in outputs if output.secret), "the trustee")
    show_outputs((output for output in outputs if not output.secret), receiver="the administrator")


def _gather(context: Path, records: tuple[Path, ...], out: Path | None) -> None:
    certificates = files.checked_certificates(context, records)
    say(f"{len(certificates)} certificates hold.")
    # One file is the list itself: nothing is to be put together.
    if len(records) > 1 or out is not None:
        made = Output(out or Path("certs.jsons"), b"".join(line + b"\n" for line in certificates))
        write_new([made])
        say(f"       {made.path}: goes to every trustee.")


def _describe(file: Path) -> None:
    """Check a file of public keys, and say whose they are."""
    if file.suffix == ".bel":
        urn = open_urn(file)
        text = urn.trustees_text
        show_election(urn)
    elif file.suffix == ".pubkey":
        text = files.trustees_text([file], [])
    else:
        text = read_record(file)
    made = files.election_key(text, file)
    if file.suffix == ".bel" and made != urn.election.public_key:
        raise refused(file, "the key of the election is not that of its trustees", urn.election.public_key, made)
    found = files.parse_trustees(text, file)
    for member in found.members:
        alone = "" if member.group else ", always needed"
        say(f"  {member}, {member.identity}{alone}")
    for group, threshold in found.thresholds.items():
        say(f"  {threshold} of the {sum(member.group == group for member in found.members)} of a group are enough")
    say(f"  the keys hold; together: {made}")
