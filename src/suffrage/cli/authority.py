"""`suffrage authority`: the credential authority makes the codes, prints or mails them, and keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from rich.markup import escape

from suffrage.authority.codes import Codes, codes_text, public_lists, read_codes, with_codes_for
from suffrage.authority.folder import AUTHORITY, CODES, JOURNAL, PUBLIC, open_order
from suffrage.authority.letters import LetterPress, print_letters
from suffrage.authority.mail.bounces import mark_bounces
from suffrage.authority.mail.journal import Journal, State
from suffrage.authority.order import Elector, Order, parse_order
from suffrage.cli import console
from suffrage.cli.authority_check import check
from suffrage.cli.authority_mail import mail
from suffrage.cli.belenios.terminal import progress, say
from suffrage.cli.keys import passphrase, passphrase_file
from suffrage.errors import WRONG_USE, AuthorityError, Problem
from suffrage.outputs import whole_folder, written
from suffrage.words import plural

_SHOWN = 200

folder_argument = click.argument("folder", type=click.Path(path_type=Path))
path_option = click.Path(path_type=Path)
window_option = click.option(
    "--window",
    type=click.Choice(["left", "right"]),
    default="left",
    show_default=True,
    help="Where the envelopes have their window.",
)


@click.group()
def authority() -> None:
    """Make the voting codes of an election, and hand each elector their own, by letter or by mail.

    Everything lies in one folder: codes.json (sealed under a passphrase), public.json for the election's service, and
    the journal of the mail.
    """


@authority.command()
@click.argument("file", type=path_option, metavar="AUTHORITY.json")
@click.option("--out", required=True, type=path_option, metavar="FOLDER", help="The authority's own folder.")
@passphrase_file
def codes(file: Path, out: Path, passphrase_file: Path | None) -> None:
    """Make a code for every elector of AUTHORITY.json, which the election's service gives.

    Where FOLDER holds codes of this election already they stay as they are, and only electors who came later get one.
    """
    data = _read(file)
    order = parse_order(data, str(file))
    known = out / CODES
    if known.exists():
        secret = passphrase(passphrase_file)
        held = read_codes(known, secret)
        if held.election != order.election.id:
            raise AuthorityError(
                Problem(str(known), "holds the codes of another election", held.election, order.election.id),
                exit_code=WRONG_USE,
            )
    else:
        secret = passphrase(passphrase_file, new=True)
        held = Codes(order.election.id, {})
    before = len(held.codes)
    with progress("Making codes") as tell:
        made = with_codes_for(held, (elector.id for elector in order.entitled), tell)
    sealed = codes_text(made, secret)
    with progress("Making the public lists") as tell:
        lists = public_lists(order, made, tell)
    _make_private(out)
    written(
        {known: sealed, out / AUTHORITY: data, out / PUBLIC: lists}, private=(known, out / AUTHORITY)
    )  # fmt: skip
    say(f"{plural(len(made.codes) - before, 'new code')}, {plural(len(made.codes), 'code')} together.")
    without = len(order.electors) - len(order.entitled)
    if without:
        say(f"{plural(without, 'elector')} with nothing to vote on got none.")
    gone = len(made.codes.keys() - {elector.id for elector in order.entitled})
    if gone:
        say(f"{plural(gone, 'code')} of electors who are on the roll no more: kept, and on no list.")
    say(f"SECRET {known}: the authority keeps it until the last ballot is over, and shows it to nobody.")
    say(f"       {out / PUBLIC}: goes to the election's service.")


@authority.command()
@folder_argument
@click.option("--out", required=True, type=path_option, help="A new folder for the letters; it is SECRET.")
@click.option("--only", multiple=True, metavar="NUMBER", help="Only this elector; may be given again.")
@click.option("--without-email", is_flag=True, help="Only electors who have no e-mail address.")
@click.option("--contact", help="Whom electors may ask, where the election does not say.")
@window_option
@passphrase_file
def letters(
    folder: Path,
    out: Path,
    only: tuple[str, ...],
    without_email: bool,
    contact: str | None,
    window: str,
    passphrase_file: Path | None,
) -> None:
    """Print the letters of FOLDER: a page an elector, in their language, two hundred a file.

    The address stands where a long envelope has its window. index.csv says where each elector's letter is.
    """
    order = open_order(folder, contact)
    chosen = [one for one in _chosen(order, only) if not (without_email and one.email)]
    if not chosen:
        raise AuthorityError(Problem(str(folder), "no elector is left to write to"), exit_code=WRONG_USE)
    held = read_codes(folder / CODES, passphrase(passphrase_file))
    with whole_folder(out, private=True) as made, progress("Setting letters") as tell:
        runs = print_letters(order, held, chosen, made, "right" if window == "right" else "left", tell)
    say(f"{plural(len(chosen), 'letter')} in {plural(len(runs), 'file')}.")
    say(f"SECRET {out}: every page holds a code. Print it where nobody looks on, and remove it then.")


authority.add_command(mail)
authority.add_command(check)


@authority.command()
@folder_argument
@click.option("--all", "everybody", is_flag=True, help="Everybody, and not only those whose mail is no simple matter.")
def status(folder: Path, everybody: bool) -> None:
    """Show how far the mail of FOLDER is, and what became of it where it was not simply sent."""
    order = open_order(folder)
    with Journal(folder / JOURNAL, order.election.id) as journal:
        entries = journal.entries()
        counts = journal.counts()
    screen = console.out()
    table = console.table("mail", "electors", numbers=("electors",))
    for state, number in counts.items():
        if number:
            table.add_row(_STATES[state], console.figure(number))
    written_to = {entry.elector for entry in entries}
    later = [one for one in order.entitled if one.id not in written_to]
    table.add_row("not queued yet", console.figure(sum(bool(one.email) for one in later)))
    table.add_row("no e-mail address: print a letter", console.figure(sum(not one.email for one in later)))
    screen.print(table)
    # Mail that waits and was never tried is no trouble; mail that a server put off has an answer.
    shown = [
        entry
        for entry in entries
        if everybody or not (entry.state is State.SENT or (entry.state is State.QUEUED and not entry.answer))
    ]
    if not shown:
        return
    screen.print()
    table = console.table("number", "name", "address", "mail", "since", "times", "what was said", numbers=("times",))
    for entry in shown if everybody else shown[:_SHOWN]:
        one = order.by_id.get(entry.elector)
        name = one.name if one is not None else ""
        cells = (entry.elector, name, entry.address, _STATES[entry.state], entry.at, str(entry.times), entry.answer)
        table.add_row(*map(escape, cells))
    screen.print(table)
    if len(shown) > _SHOWN and not everybody:
        say(f"and {plural(len(shown) - _SHOWN, 'more elector')}; --all shows everybody.")


_STATES = {
    State.QUEUED: "waiting",
    State.SENDING: "being sent",
    State.UNCERTAIN: "uncertain",
    State.SENT: "sent",
    State.FAILED: "refused",
    State.BOUNCED: "came back",
}


@authority.command()
@folder_argument
@click.argument("files", type=path_option, nargs=-1)
@click.option("--id", "numbers", multiple=True, metavar="NUMBER", help="The mail of this elector came back.")
def bounced(folder: Path, files: tuple[Path, ...], numbers: tuple[str, ...]) -> None:
    """Note mail of FOLDER that came back: delivery status notifications (.eml) in FILES, or electors by number.

    `suffrage authority mail --retry bounced`, or a corrected address in a new AUTHORITY.json, sends it again.
    """
    if not files and not numbers:
        raise AuthorityError(Problem("FILES, --id", "nothing was given", expected="one of them"), exit_code=WRONG_USE)
    order = open_order(folder)
    strangers: list[Path] = []
    with Journal(folder / JOURNAL, order.election.id) as journal:
        known = {entry.elector for entry in journal.entries()}
        _refuse_unknown([number for number in numbers if number not in known], "--id", "an elector who was written to")
        marked, strangers = mark_bounces(journal, files)
        for number in numbers:
            journal.mark(number, State.BOUNCED, "noted by hand")
            marked[number] = "noted by hand"
    for number, reason in marked.items():
        name = order.by_id[number].name if number in order.by_id else ""
        say(f"{number} {name}: {reason}")
    say(f"{plural(len(marked), 'mail')} came back.")
    if strangers:
        raise AuthorityError([Problem(str(file), "is about nobody who was written to") for file in strangers])


@authority.command()
@folder_argument
@click.argument("number")
@click.option("--letter", type=path_option, metavar="FILE", help="Write the letter there instead: a new PDF.")
@click.option("--contact", help="Whom electors may ask, where the election does not say.")
@window_option
@passphrase_file
def show(
    folder: Path, number: str, letter: Path | None, contact: str | None, window: str, passphrase_file: Path | None
) -> None:
    """Show the code of the elector NUMBER of FOLDER once more, or print their letter again.

    Make sure first who is asking.
    """
    order = open_order(folder, contact)
    (elector,) = _chosen(order, (number,))
    if letter is not None and letter.exists():
        raise AuthorityError(Problem(str(letter), "exists already", expected="a new file"), exit_code=WRONG_USE)
    held = read_codes(folder / CODES, passphrase(passphrase_file))
    if letter is None:
        say(f"{elector.id} {elector.name}")
        say(held.codes[elector.id])
        return
    made = LetterPress(order, held, "right" if window == "right" else "left").letters([elector])
    written({letter: made}, private=(letter,))
    say(f"SECRET {letter}: the letter of {elector.id} {elector.name}.")


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise AuthorityError.unreadable(str(file), error) from None


def _make_private(folder: Path) -> None:
    if not folder.exists():
        try:
            folder.mkdir(0o700, parents=True)
        except OSError as error:
            message = f"cannot be made: {error.strerror or error}"
            raise AuthorityError(Problem(str(folder), message), exit_code=WRONG_USE) from None


def _chosen(order: Order, only: Sequence[str]) -> list[Elector]:
    """The electors of some numbers, in the order of the roll; all of them where no number is given."""
    entitled = {elector.id for elector in order.entitled}
    _refuse_unknown([number for number in only if number not in entitled], "elector", "the number of one with a code")
    wanted = frozenset(only) or entitled
    return [elector for elector in order.entitled if elector.id in wanted]


def _refuse_unknown(numbers: Sequence[str], place: str, expected: str) -> None:
    if numbers:
        raise AuthorityError(
            [Problem(place, "no such elector", number, expected) for number in numbers], exit_code=WRONG_USE
        )
