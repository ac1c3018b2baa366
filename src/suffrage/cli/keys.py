"""`suffrage keys`: keys of committee members, and the roster that says whose they are."""

from __future__ import annotations

from pathlib import Path

import click
from rich.markup import escape

from suffrage.cli import console
from suffrage.election import Kind, read_folder
from suffrage.errors import WRONG_USE, Problem, ProtocolError
from suffrage.outputs import written
from suffrage.protocols.keys import PublicKey, SigningKey, new_key, open_key, show_key, write_key
from suffrage.protocols.roster import (
    ROSTER,
    ROSTER_SIGNATURE,
    parse_roster,
    read_members,
    replay_roster,
    roster_text,
)
from suffrage.words import in_fours

passphrase_file = click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Read the passphrase from the first line of this file instead of asking for it.",
)


def passphrase(file: Path | None, *, new: bool = False) -> str:
    """The passphrase of a key file: asked for, or the first line of a file."""
    if file is None:
        asked: str = click.prompt("Passphrase", hide_input=True, confirmation_prompt=new, err=True)
        return asked
    try:
        return file.read_text("utf-8").split("\n", 1)[0].removesuffix("\r")
    except UnicodeDecodeError:
        raise ProtocolError(Problem(str(file), "not UTF-8 text"), exit_code=WRONG_USE) from None
    except OSError as error:
        raise ProtocolError.unreadable(str(file), error) from None


def opened(key: Path, file: Path | None) -> SigningKey:
    """A key file, opened with the passphrase that was asked for."""
    show_key(key)
    return open_key(key, passphrase(file))


@click.group()
def keys() -> None:
    """Make keys for committee members, and the roster of the committees."""


@keys.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--name", required=True, help="Whose key it is, as it shall stand on the protocols.")
@passphrase_file
def new(file: Path, name: str, passphrase_file: Path | None) -> None:
    """Make a key in FILE, sealed under a passphrase.

    The file is secret, and of no use without the passphrase; neither can be recovered. `suffrage keys show` prints the
    public half, which goes on the roster.
    """
    if file.exists():
        raise ProtocolError(
            Problem(str(file), "exists already, and a key is never written over", expected="a new file"),
            exit_code=WRONG_USE,
        )
    key = new_key(name)
    write_key(key, passphrase(passphrase_file, new=True), file)
    _show(key.public)
    console.out().print(f"\nThe secret half is in {file}: keep it, and tell nobody the passphrase.", markup=False)


@keys.command()
@click.argument("file", type=click.Path(path_type=Path))
def show(file: Path) -> None:
    """Show the public half of the key in FILE: name, key and fingerprint. Needs no passphrase."""
    _show(show_key(file))


@keys.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--members",
    type=click.Path(path_type=Path),
    help="A table with the columns unit, role, name, key; no unit: the central committee.",
)
@click.option("--key", required=True, type=click.Path(path_type=Path), help="The root key, which signs the roster.")
@passphrase_file
def roster(folder: Path, members: Path | None, key: Path, passphrase_file: Path | None) -> None:
    """Write the roster of the committees into the election folder FOLDER, signed with the root key.

    Publish the fingerprint of the root key apart from the results, on paper if you can: it is what everything else is
    held against. A replay has no committees: its roster needs no members, and holds the replayer alone.
    """
    election = read_folder(folder)
    if (members is None) != (election.kind is Kind.REPLAY):
        message = "a replay has no members" if members else "the members are missing"
        raise ProtocolError(Problem("--members", message, election.kind.value), exit_code=WRONG_USE)
    committees = read_members(members, election) if members is not None else {}
    root = opened(key, passphrase_file)
    if members is None:
        text = replay_roster(election, root.public)
    else:
        text = roster_text(election, root.public.key, committees)
    written({folder / ROSTER: text, folder / ROSTER_SIGNATURE: root.sign(text).encode()})
    made = parse_roster(text)
    screen = console.out()
    table = console.table("committee", "members", numbers=("members",))
    for unit, committee in list(made.committees.items())[:20]:
        table.add_row(escape(unit or "central"), console.figure(len(committee)))
    screen.print(table)
    if len(made.committees) > 20:
        screen.print(f"and {console.figure(len(made.committees) - 20)} more", style="dim")
    screen.print(f"\nFingerprint of the root key:\n{in_fours(root.public.fingerprint)}", markup=False)


def _show(key: PublicKey) -> None:
    table = console.table("", "")
    table.add_row("name", escape(key.name))
    table.add_row("public key", key.key)
    table.add_row("fingerprint", in_fours(key.fingerprint))
    console.out().print(table)
