"""Which mail has gone out: one SQLite file beside the codes, exact after any interruption; no code is in it."""

from __future__ import annotations

import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Self

from suffrage.authority.order import Order
from suffrage.errors import WRONG_USE, AuthorityError, Problem


class State(StrEnum):
    """How far the mail of an elector is.

    `sending`: it is being handed over this moment. `uncertain`: the line broke while it was, and nobody can say whether
    the server took it. `sent`: the server took it. `failed`: the server refused it for good. `bounced`: it came back.
    """

    QUEUED = "queued"
    SENDING = "sending"
    UNCERTAIN = "uncertain"
    SENT = "sent"
    FAILED = "failed"
    BOUNCED = "bounced"


@dataclass(frozen=True, slots=True)
class Entry:
    """The mail of one elector: where it goes, how far it is, since when, and what the server said last."""

    elector: str
    address: str
    state: State
    at: str
    answer: str
    times: int


_GONE = (State.SENT, State.SENDING, State.UNCERTAIN)
_FORMAT = 1
_TABLES = f"""
CREATE TABLE election (id TEXT NOT NULL);
CREATE TABLE mail (
    elector TEXT PRIMARY KEY, address TEXT NOT NULL, state TEXT NOT NULL, at TEXT NOT NULL,
    answer TEXT NOT NULL DEFAULT '', times INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX mail_state ON mail (state);
CREATE INDEX mail_address ON mail (address);
-- Everything that happened, in order; the last of an elector is what `mail` says.
CREATE TABLE event (
    at TEXT NOT NULL, elector TEXT NOT NULL, address TEXT NOT NULL, state TEXT NOT NULL, answer TEXT NOT NULL,
    message_id TEXT NOT NULL
);
CREATE INDEX event_message ON event (message_id);
PRAGMA user_version = {_FORMAT};
"""
_ENTRY = "elector, address, state, at, answer, times"


def _now() -> datetime:
    return datetime.now(UTC)


class Journal:
    """The journal of an election's mail. Every change is on the disk before the call returns."""

    def __init__(self, path: Path, election: str, clock: Callable[[], datetime] = _now) -> None:
        self._path = path
        self._clock = clock
        with self._refusing():
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            self._data = sqlite3.connect(path, timeout=10, isolation_level=None)
            self._data.execute("PRAGMA synchronous = FULL")
            with self._at_once():
                if self._data.execute("PRAGMA user_version").fetchone()[0] == 0:
                    for statement in _TABLES.split(";\n"):
                        self._data.execute(statement)
                    self._data.execute("INSERT INTO election VALUES (?)", (election,))
            found = self._data.execute("PRAGMA user_version").fetchone()[0]
            (own,) = self._data.execute("SELECT id FROM election").fetchone()
        if found != _FORMAT or own != election:
            self.close()
            raise AuthorityError(Problem(str(path), "is the journal of another election", own, election))

    def close(self) -> None:
        """Close the file."""
        self._data.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    @contextmanager
    def sending(self) -> Iterator[None]:
        """Keep every other process from sending; what one that was killed has left half-way becomes uncertain.

        AuthorityError (exit code 2) where another process is sending now.
        """
        with self._refusing():
            path = self._path.with_name(f"{self._path.name}.lock")
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            lock = sqlite3.connect(path, timeout=0, isolation_level=None)
        try:
            try:
                lock.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError:
                raise AuthorityError(
                    Problem(str(self._path), "another process is sending this mail", expected="one at a time"),
                    exit_code=WRONG_USE,
                ) from None
            for entry in self.entries(State.SENDING):
                self.mark(entry.elector, State.UNCERTAIN, "the program was stopped while this mail was handed over")
            yield
        finally:
            lock.close()

    def queue(self, order: Order) -> int:
        """Queue the mail of every elector who has an address and is not here yet; give how many are new.

        Who has another address now, and whose mail did not arrive, is queued again.
        """
        before = {entry.elector: entry for entry in self.entries()}
        new = 0
        with self._refusing(), self._at_once():
            for elector in order.entitled:
                old = before.get(elector.id)
                if old is None and elector.email:
                    self._data.execute(
                        f"INSERT INTO mail ({_ENTRY}) VALUES (?, ?, ?, ?, '', 0)",
                        (elector.id, elector.email, State.QUEUED, self._stamp()),
                    )
                    new += 1
                elif old is not None and elector.email not in ("", old.address) and old.state not in _GONE:
                    self._requeue(elector.id, elector.email, "has another address now")
        return new

    def entries(self, *states: State) -> list[Entry]:
        """The mail in some states, or all of it, in the order of the electors' numbers."""
        some = f"WHERE state IN ({', '.join('?' * len(states))})" if states else ""
        with self._refusing():
            rows = self._data.execute(f"SELECT {_ENTRY} FROM mail {some} ORDER BY elector", states).fetchall()
        return [Entry(elector, address, State(state), *rest) for elector, address, state, *rest in rows]

    def counts(self) -> Mapping[State, int]:
        """How many mails are in each state."""
        found = Counter(entry.state for entry in self.entries())
        return {state: found[state] for state in State}

    def mark(self, elector: str, state: State, answer: str = "", message_id: str = "") -> None:
        """Note how far the mail of an elector is, and what was answered."""
        with self._refusing(), self._at_once():
            self._mark(elector, state, answer, message_id)

    def requeue(self, addresses: Mapping[str, str], why: str) -> None:
        """Queue the mail of some electors once more, at these addresses. All of them or none."""
        with self._refusing(), self._at_once():
            for elector, address in addresses.items():
                self._requeue(elector, address, why)

    def of_message(self, message_id: str) -> str:
        """The elector to whom a mail with this Message-ID was sent; empty where none was."""
        with self._refusing():
            row = self._data.execute("SELECT elector FROM event WHERE message_id = ?", (message_id,)).fetchone()
        return str(row[0]) if row else ""

    def of_address(self, address: str) -> list[str]:
        """The electors to whom mail was sent at an address."""
        with self._refusing():
            rows = self._data.execute(
                "SELECT DISTINCT elector FROM event WHERE state = ? AND lower(address) = lower(?) ORDER BY elector",
                (State.SENDING, address),
            ).fetchall()
        return [elector for (elector,) in rows]

    def _requeue(self, elector: str, address: str, why: str) -> None:
        self._data.execute("UPDATE mail SET address = ? WHERE elector = ?", (address, elector))
        self._mark(elector, State.QUEUED, why, "")

    def _mark(self, elector: str, state: State, answer: str, message_id: str) -> None:
        at = self._stamp()
        more = 1 if state is State.SENDING else 0
        changed = self._data.execute(
            "UPDATE mail SET state = ?, at = ?, answer = ?, times = times + ? WHERE elector = ?",
            (state, at, answer, more, elector),
        )
        if changed.rowcount != 1:
            raise AuthorityError(
                Problem(str(self._path), "no mail to this elector", elector, "one who was queued"), exit_code=WRONG_USE
            )
        self._data.execute(
            "INSERT INTO event SELECT ?, elector, address, ?, ?, ? FROM mail WHERE elector = ?",
            (at, state, answer, message_id, elector),
        )

    def _stamp(self) -> str:
        return self._clock().isoformat(timespec="seconds")

    @contextmanager
    def _at_once(self) -> Iterator[None]:
        self._data.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._data.execute("COMMIT")
        except BaseException:
            self._data.execute("ROLLBACK")
            raise

    @contextmanager
    def _refusing(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            message = f"the journal cannot be used: {error}"
            raise AuthorityError(Problem(str(self._path), message), exit_code=WRONG_USE) from None
        except OSError as error:
            raise AuthorityError.unreadable(str(self._path), error) from None
