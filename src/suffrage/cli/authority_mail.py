"""`suffrage authority mail`: sending the codes by the authority's own account."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from types import FrameType

import click

from suffrage.authority.codes import read_codes
from suffrage.authority.folder import CODES, JOURNAL, open_order
from suffrage.authority.mail.account import Account, Security, sender_of
from suffrage.authority.mail.journal import Entry, Journal, State
from suffrage.authority.mail.sending import Sending, Sent
from suffrage.authority.order import Order
from suffrage.cli.belenios.terminal import progress, say
from suffrage.cli.keys import passphrase, passphrase_file
from suffrage.errors import WRONG_USE, AuthorityError, Problem
from suffrage.words import plural

INTERRUPTED = 130
_RETRIED = (State.FAILED, State.BOUNCED, State.UNCERTAIN)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--from", "sender", required=True, metavar="ADDRESS", help="The sender: an address, or 'Name <address>'.")
@click.option("--host", required=True, help="The server of the authority's mail account.")
@click.option("--port", type=click.IntRange(1, 65535), help="Its port; otherwise the usual one.")
@click.option(
    "--security",
    type=click.Choice([security.value for security in Security]),
    default=Security.STARTTLS.value,
    show_default=True,
    help="How the connection is encrypted; none only with a server on this machine.",
)
@click.option("--user", default="", help="The account's name there. Without it nobody signs in.")
@click.option("--password-file", type=click.Path(path_type=Path), help="Read its password from this file's first line.")
@click.option("--ca-file", type=click.Path(path_type=Path), help="Certificates of a server inside the house.")
@click.option(
    "--per-minute", type=click.FloatRange(0.1, 6000), default=30.0, show_default=True, help="How many mails at most."
)
@click.option("--limit", type=click.IntRange(1), metavar="N", help="So many mails in this run, at most.")
@click.option("--only", multiple=True, metavar="NUMBER", help="Only this elector, if not sent yet; may be repeated.")
@click.option("--resend", multiple=True, metavar="NUMBER", help="Send this elector the same code again, and only them.")
@click.option(
    "--retry",
    multiple=True,
    type=click.Choice([state.value for state in _RETRIED]),
    help="Queue again what was refused, came back, or is uncertain.",
)
@click.option("--contact", help="Whom electors may ask, where the election does not say.")
@passphrase_file
def mail(
    folder: Path,
    sender: str,
    host: str,
    port: int | None,
    security: str,
    user: str,
    password_file: Path | None,
    ca_file: Path | None,
    per_minute: float,
    limit: int | None,
    only: tuple[str, ...],
    resend: tuple[str, ...],
    retry: tuple[str, ...],
    contact: str | None,
    passphrase_file: Path | None,
) -> None:
    """Mail each elector of FOLDER who has an address their code.

    The journal beside the codes notes every mail; stop this with Ctrl-C whenever you like, and run it again: it goes on
    with those who have not got theirs. A mail counts as sent only once the server has taken it.
    """
    order = open_order(folder, contact)
    account = Account(
        sender=sender_of(sender), host=host, security=Security(security), port=port or 0, user=user,
        password=_password(password_file) if user else "", ca_file=ca_file,
    )  # fmt: skip
    codes = read_codes(folder / CODES, passphrase(passphrase_file))
    with Journal(folder / JOURNAL, order.election.id) as journal, journal.sending():
        journal.queue(order)
        _queue_again(journal, order, resend, retry)
        due = _due(journal, order, (*only, *resend))[:limit]
        with _stoppable() as stop, progress("Sending") as tell:
            sent = Sending(order, codes, account, journal, per_minute, stop).run(due, tell)
        counts = journal.counts()
    say(f"{plural(sent.sent, 'mail')} sent, {_others(sent)}.")
    _say_what_is_left(folder, counts[State.QUEUED], counts[State.UNCERTAIN])
    if stop.is_set():
        print("suffrage: interrupted; run it again to go on", file=sys.stderr)
        raise SystemExit(INTERRUPTED)


def _others(sent: Sent) -> str:
    parts = [f"{sent.failed} refused", f"{sent.left} put off"]
    return ", ".join([*parts, f"{sent.uncertain} uncertain"] if sent.uncertain else parts)


def _say_what_is_left(folder: Path, queued: int, uncertain: int) -> None:
    if queued:
        say(f"{plural(queued, 'mail')} still to be sent: run this again.")
    if uncertain:
        say(
            f"{plural(uncertain, 'mail')} may or may not have gone: look into the account's sent mail, then --resend, "
            "or --retry uncertain. To get the same code twice does no harm."
        )
    say(f"`suffrage authority status {folder}` tells more.")


def _password(file: Path | None) -> str:
    if file is None:
        asked: str = click.prompt("Password of the mail account", hide_input=True, err=True)
        return asked
    return passphrase(file)


def _queue_again(journal: Journal, order: Order, resend: tuple[str, ...], retry: tuple[str, ...]) -> None:
    known = {entry.elector for entry in journal.entries()}
    unknown = [number for number in resend if number not in known or not _address(order, number)]
    if unknown:
        raise AuthorityError(
            [Problem("--resend", "no mail to such an elector", number, "one with an address") for number in unknown],
            exit_code=WRONG_USE,
        )
    journal.requeue({number: _address(order, number) for number in resend}, "to be sent again")
    if retry:
        again = [entry for entry in journal.entries(*map(State, retry)) if _address(order, entry.elector)]
        journal.requeue({entry.elector: _address(order, entry.elector) for entry in again}, "to be tried again")


def _address(order: Order, number: str) -> str:
    elector = order.by_id.get(number)
    return elector.email if elector is not None else ""


def _due(journal: Journal, order: Order, only: tuple[str, ...]) -> list[Entry]:
    """What is queued and can be sent: electors who have left the roll since, or have no address any more, get none."""
    entitled = {elector.id for elector in order.entitled if elector.email}
    unknown = [number for number in only if number not in entitled]
    if unknown:
        raise AuthorityError(
            [Problem("--only", "no elector with an address", number, "a number of the roll") for number in unknown],
            exit_code=WRONG_USE,
        )
    wanted = entitled.intersection(only) if only else entitled
    return [entry for entry in journal.entries(State.QUEUED) if entry.elector in wanted]


@contextmanager
def _stoppable() -> Iterator[Event]:
    """An event that the first Ctrl-C sets; the second one interrupts as always."""
    stop = Event()

    def on_interrupt(number: int, frame: FrameType | None) -> None:
        stop.set()
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, on_interrupt)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)
