"""The administrator: an identifier first, and the archive when the questions, the trustees and the list are there."""

from __future__ import annotations

from pathlib import Path

import click

from suffrage import _core
from suffrage.belenios.credentials import read_listed
from suffrage.belenios.files import read_record
from suffrage.belenios.fingerprint import Fingerprint
from suffrage.belenios.question import Template, read_template
from suffrage.belenios.refusal import misused
from suffrage.belenios.trustees import election_key, trustees_text
from suffrage.belenios.urn import set_up
from suffrage.cli.belenios.terminal import file_argument, say, show_election, show_fingerprint
from suffrage.words import plural


@click.command()
def uuid() -> None:
    """Print a new identifier for an election. The credential authority needs it to make the codes."""
    say(_core.new_uuid())


@click.command()
@click.option("--uuid", required=True, help="The identifier that the credentials were made for.")
@click.option("--title", default="", help="Otherwise from the file of questions.")
@click.option("--description", default="", help="Otherwise from the file of questions.")
@click.option(
    "--question",
    "questions",
    type=file_argument,
    metavar="FILE",
    multiple=True,
    required=True,
    help="Questions, as TOML or as a template of the official tool (.json); may be repeated.",
)
@click.option("--trustee", "keys", type=file_argument, metavar="FILE", multiple=True, help="A file ID.pubkey.")
@click.option(
    "--threshold", "thresholds", type=file_argument, metavar="FILE", multiple=True, help="A file threshold.json."
)
@click.option("--trustees", type=file_argument, metavar="FILE", help="A file trustees.json, instead of the two above.")
@click.option("--credentials", required=True, type=file_argument, help="The authority's public_creds.json.")
@click.option("--administrator", default="", help="The administrator's name, for the electors to read.")
@click.option("--authority", default="", help="The credential authority's name, for the electors to read.")
@click.option("--out", type=file_argument, default=".", help="The folder for the archive; otherwise this one.")
def setup(
    uuid: str,
    title: str,
    description: str,
    questions: tuple[Path, ...],
    keys: tuple[Path, ...],
    thresholds: tuple[Path, ...],
    trustees: Path | None,
    credentials: Path,
    administrator: str,
    authority: str,
    out: Path,
) -> None:
    """Make the archive UUID.bel, with election.json and trustees.json beside it.

    Whoever is named with --trustee is needed for every decryption; of a threshold group any few are enough.
    """
    given = {"title": title, "description": description, "administrator": administrator}
    template = _template(questions, {**given, "credential_authority": authority})
    if trustees is not None and (keys or thresholds):
        raise misused("--trustees", "stands for --trustee and --threshold", "both", "one of the two")
    text = read_record(trustees) if trustees is not None else trustees_text(keys, thresholds)
    if trustees is not None:
        election_key(text, trustees)
    listed = read_listed(credentials)
    urn = set_up(uuid, template, text, listed, out)
    show_election(urn)
    show_fingerprint("fingerprint of the list", Fingerprint.of(listed))
    say(f"{plural(len(urn.credentials), 'credential')} on the list. The election is decrypted by:")
    members = urn.trustees
    for member in members.members:
        alone = "" if member.group else ", always needed"
        say(f"  {member}{alone}")
    for group, threshold in members.thresholds.items():
        size = sum(member.group == group for member in members.members)
        say(f"  {threshold} of the {size} of the threshold group are enough")
    say(f"\nThe archive {urn.path} is open. Publish it, and both fingerprints apart from it.")


def _template(files: tuple[Path, ...], given: dict[str, str]) -> Template:
    """All questions in their order; of the texts those given, or else the first that a file has."""
    templates = [read_template(file) for file in files]
    texts: dict[str, str] = {
        name: value or next((getattr(one, name) for one in templates if getattr(one, name)), "")
        for name, value in given.items()
    }
    made = Template(tuple(question for one in templates for question in one.questions), **texts)
    if not made.title:
        raise misused("--title", "the election has no title", "", "--title, or a title in the file of questions")
    return made
