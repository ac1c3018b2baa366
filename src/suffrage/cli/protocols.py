"""`suffrage protocols`: draw the protocols of a folder, sign them, gather the signatures."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click
from rich.markup import escape

from suffrage.cli import console
from suffrage.cli.keys import opened, passphrase_file
from suffrage.election import Election, read_folder
from suffrage.errors import Problem, ProtocolError
from suffrage.protocols.folder import counted_for_protocols, drawn, roster_of
from suffrage.protocols.roster import committee_of, lacking
from suffrage.protocols.signatures import parse_signatures
from suffrage.protocols.store import Store, collected, drawn_store, read_store, redrawn, signed_by, write_store
from suffrage.words import plural

folder_argument = click.argument("folder", type=click.Path(path_type=Path))


@click.group()
def protocols() -> None:
    """Draw the protocols of an election folder, sign them, and see who has signed."""


@protocols.command()
@folder_argument
def draw(folder: Path) -> None:
    """Count FOLDER and draw the protocol of every committee into its folder `protocols`.

    What has been signed is never changed: a protocol that differs takes the place of the signed one, names the decision
    that says why, and must be signed anew. Without a decision nothing is drawn.
    """
    store = read_store(folder) or Store()
    with console.working("Drawing") as tell:
        counted = counted_for_protocols(folder, lambda rows: tell(f"{console.figure(rows)} rows"))
        fresh = redrawn(store, drawn(counted, folder, store.signed()))
        tell("writing")
        write_store(fresh, folder)
    _status(fresh, folder, counted.election)
    replaced = len(fresh.replaced) - len(store.replaced)
    if replaced:
        console.out().print(f"\n{plural(replaced, 'signed protocol')} replaced; the old ones are kept.")


@protocols.command()
@folder_argument
@click.option("--key", required=True, type=click.Path(path_type=Path), help="The key file of a committee member.")
@passphrase_file
def sign(folder: Path, key: Path, passphrase_file: Path | None) -> None:
    """Sign every protocol in FOLDER that the committees of this key answer for.

    Each member signs on a machine of their own, from figures that they have counted again there.
    """
    store = drawn_store(folder)
    election = read_folder(folder)
    roster, _, _ = roster_of(folder)
    member = opened(key, passphrase_file)
    if not any(member.public.key in committee for committee in roster.committees.values()):
        raise ProtocolError(Problem(str(key), "is on no committee of the roster", member.public.fingerprint))
    with console.working("Signing") as tell:
        signed, new = signed_by(store, member, roster, election, lambda done: tell(console.figure(done)))
        write_store(signed, folder)
    console.out().print(f"{plural(new, 'protocol')} signed by {escape(member.public.name)}.")
    _status(signed, folder, election)


@protocols.command()
@folder_argument
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def collect(folder: Path, files: tuple[Path, ...]) -> None:
    """Gather into FOLDER the signatures that members made on other machines.

    FILES are their `signatures.jsonl`. Only signatures of the protocols in FOLDER are taken.
    """
    store = drawn_store(folder)
    new = 0
    for file in files:
        try:
            with file.open("rb") as lines:
                store, more = collected(store, dict(parse_signatures(lines, str(file))))
        except OSError as error:
            raise ProtocolError.unreadable(str(file), error) from None
        new += more
    write_store(store, folder)
    console.out().print(f"{plural(new, 'new signature')}.")
    _status(store, folder, read_folder(folder))


@protocols.command()
@folder_argument
def status(folder: Path) -> None:
    """Say which protocols FOLDER has, and what is missing until they are signed."""
    _status(drawn_store(folder), folder, read_folder(folder))


def _status(store: Store, folder: Path, election: Election) -> None:
    """How many protocols of each level there are, and the first of those that lack signatures."""
    screen = console.out()
    table = console.table("protocols", "ballot", "drawn", "signed", numbers=("ballot", "drawn", "signed"))
    try:
        roster, _, statute = roster_of(folder)
    except ProtocolError:
        roster = None
    counts: Counter[tuple[str, int]] = Counter()
    whole: Counter[tuple[str, int]] = Counter()
    missing: list[str] = []
    for identity, protocol in store.in_force.items():
        group = identity.level.value, identity.ballot
        counts[group] += 1
        if roster is None:
            continue
        committee = committee_of(roster, election, identity.unit)
        lacks = lacking(statute, roster.kind, committee, [key for key, _ in store.signatures.get(protocol.sha256, ())])
        whole[group] += not lacks
        if lacks:
            missing.append(f"{identity}: {lacks}")
    for (level, ballot), number in counts.items():
        table.add_row(level, str(ballot), console.figure(number), console.figure(whole[level, ballot]))
    screen.print(table)
    if roster is None:
        screen.print("\nThere is no roster yet: `suffrage keys roster` makes it.", markup=False)
    for line in missing[:10]:
        screen.print(line, markup=False, style="dim")
    if len(missing) > 10:
        screen.print(f"and {console.figure(len(missing) - 10)} more that lack signatures", style="dim")
    if roster is not None and not missing:
        screen.print("\nEvery protocol is signed as the law says.")
