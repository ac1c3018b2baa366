"""Sending: one mail after the other, no faster than was agreed, each noted before and after it is handed over."""

from __future__ import annotations

import re
import secrets
import smtplib
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event

from suffrage.authority.codes import Codes
from suffrage.authority.mail.account import Account, said
from suffrage.authority.mail.journal import Entry, Journal, State
from suffrage.authority.mail.message import ascii_address, mail_bytes
from suffrage.authority.order import Order
from suffrage.belenios.progress import Progress
from suffrage.errors import WRONG_USE, AuthorityError, Problem

_MOST_IN_A_ROW = 10
"""After so many mails that a server refused one after the other, it is the server, not the addresses."""
_PAUSES = (0.5, 5.0, 20.0)
"""Seconds before a broken connection is made again; then it is given up."""
_DOT = re.compile(rb"(?m)^\.")


@dataclass(frozen=True, slots=True)
class Sent:
    """What a run came to. `left` wait for the next one: the server put them off, or the run was stopped."""

    sent: int
    failed: int
    uncertain: int
    left: int


class _LostError(Exception):
    """The connection broke; `certain` tells that the server cannot have taken the mail."""

    def __init__(self, reason: str, certain: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.certain = certain


@dataclass(frozen=True, slots=True)
class _Answer:
    code: int
    text: str

    @property
    def accepted(self) -> bool:
        return 200 <= self.code < 300

    @property
    def final(self) -> bool:
        return self.code >= 500


class Sending:
    """A run of the mail. `stop` ends it after the mail that is being handed over."""

    def __init__(
        self, order: Order, codes: Codes, account: Account, journal: Journal, per_minute: float, stop: Event
    ) -> None:
        self._order = order
        self._codes = codes
        self._account = account
        self._journal = journal
        self._pause = 60.0 / per_minute
        self._stop = stop
        self._server: smtplib.SMTP | None = None
        self._next = 0.0
        self._in_a_row = 0

    def run(self, entries: Sequence[Entry], tell: Progress | None = None) -> Sent:
        """Send what is queued of these entries. AuthorityError where the server cannot be used; what was sent is noted.

        Call it inside `Journal.sending`.
        """
        counts = dict.fromkeys((State.SENT, State.FAILED, State.UNCERTAIN, State.QUEUED), 0)
        try:
            for done, entry in enumerate(entries):
                if tell is not None:
                    tell(done, len(entries))
                if self._waited():
                    counts[State.QUEUED] += len(entries) - done
                    break
                counts[self._send(entry)] += 1
            if tell is not None:
                tell(len(entries), len(entries))
        finally:
            self._hang_up()
        return Sent(counts[State.SENT], counts[State.FAILED], counts[State.UNCERTAIN], counts[State.QUEUED])

    def _waited(self) -> bool:
        """Wait for the next mail's turn; whether to stop instead."""
        stopped = self._stop.wait(max(0.0, self._next - time.monotonic()))
        self._next = time.monotonic() + self._pause
        return stopped

    def _send(self, entry: Entry) -> State:
        sender = self._account.sender
        message_id = f"<{secrets.token_hex(16)}@{sender.domain}>"
        elector = self._order.by_id[entry.elector]
        mail = mail_bytes(self._order, self._codes, elector, sender, message_id, datetime.now(UTC))
        for pause in (*_PAUSES, None):
            try:
                answer = self._hand_over(entry.elector, ascii_address(elector.email), mail, message_id)
                break
            except _LostError as lost:
                self._hang_up()
                if not lost.certain:
                    return self._noted(entry.elector, State.UNCERTAIN, lost.reason, message_id)
                if pause is None or self._stop.wait(pause):
                    message = "the connection breaks again and again; run the command again later"
                    raise AuthorityError(
                        Problem(self._account.host, message, lost.reason), exit_code=WRONG_USE
                    ) from None
        if answer.code == 421:
            # The server closes the connection, as it says.
            self._hang_up()
        state = State.SENT if answer.accepted else State.FAILED if answer.final else State.QUEUED
        return self._noted(entry.elector, state, f"{answer.code} {answer.text}", message_id)

    def _noted(self, elector: str, state: State, answer: str, message_id: str) -> State:
        # No server repeats what it was sent; if one does, the code stays out of the journal all the same.
        self._journal.mark(
            elector, state, answer.replace(self._codes.codes[elector], "\N{HORIZONTAL ELLIPSIS}"), message_id
        )
        self._in_a_row = 0 if state is State.SENT else self._in_a_row + 1
        if self._in_a_row >= _MOST_IN_A_ROW:
            raise self._unusable(f"{_MOST_IN_A_ROW} mails in a row were not taken; nothing more was tried", answer)
        return state

    def _unusable(self, message: str, seen: str) -> AuthorityError:
        return AuthorityError(Problem(self._account.host, message, seen), exit_code=WRONG_USE)

    def _hand_over(self, elector: str, address: str, mail: bytes, message_id: str) -> _Answer:
        """One mail, step by step (RFC 5321): as long as no text was sent, the server cannot have taken it."""
        server = self._server = self._server or self._account.connected()
        try:
            code, text = server.mail(self._account.sender.addr_spec)
            if not 200 <= code < 300:
                raise self._unusable("does not take this sender", f"{code} {said(text)}")
            code, text = server.rcpt(address)
            if 200 <= code < 300:
                code, text = server.docmd("DATA")
            if code != 354:
                if code != 421:
                    server.rset()
                return _Answer(code if code >= 400 else 554, said(text))
        except (smtplib.SMTPException, OSError) as error:
            raise _LostError(said(str(error)), certain=True) from None
        self._journal.mark(elector, State.SENDING, "", message_id)
        try:
            server.send(_DOT.sub(b"..", mail) + b".\r\n")
            code, text = server.getreply()
        except (smtplib.SMTPException, OSError) as error:
            raise _LostError(
                f"the connection broke before the server answered: {said(str(error))}", certain=False
            ) from None
        except BaseException:
            self._journal.mark(elector, State.UNCERTAIN, "stopped before the server answered", message_id)
            raise
        return _Answer(code, said(text))

    def _hang_up(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
            server.close()
