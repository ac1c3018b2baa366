"""Sending: whatever a server does, the journal says exactly what became of each mail."""

from __future__ import annotations

import threading
import time
from email.headerregistry import Address
from pathlib import Path

import pytest

from suffrage.authority import Codes, Order, parse_order
from suffrage.authority.mail import Account, Journal, Security, Sending, Sent, State, sending
from suffrage.errors import WRONG_USE, AuthorityError
from tests.authority.made import codes_of, data, document, order
from tests.authority.server import Server

SENDER = Address("The authority", addr_spec="authority@example.org")
FAST = 6000.0


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken connection is made again at once."""
    monkeypatch.setattr(sending, "_PAUSES", (0.0, 0.0))


class Office:
    """An election whose codes are mailed through a server."""

    def __init__(self, server: Server, journal: Journal, electors: int = 4) -> None:
        self.order: Order = order(electors)
        self.codes: Codes = codes_of(self.order)
        self.server = server
        self.journal = journal
        self.stop = threading.Event()

    def run(self, per_minute: float = FAST) -> Sent:
        account = Account(SENDER, "127.0.0.1", Security.NONE, self.server.port)
        with self.journal.sending():
            self.journal.queue(self.order)
            made = Sending(self.order, self.codes, account, self.journal, per_minute, self.stop)
            return made.run(self.journal.entries(State.QUEUED))

    @property
    def states(self) -> list[str]:
        return [entry.state.value for entry in self.journal.entries()]

    def came(self) -> list[str]:
        return [address for _, address, _ in self.server.handler.came]


@pytest.fixture
def office(server: Server, journal: Journal) -> Office:
    """Four electors, none of whom has been written to."""
    return Office(server, journal)


def test_everybody_gets_their_own_code_once(office: Office) -> None:
    assert office.run() == Sent(4, 0, 0, 0)
    assert office.came() == [f"elector{number}@example.org" for number in range(4)]
    for elector in office.order.electors:
        (mail,) = office.server.handler.to(elector.email)
        assert office.codes.codes[elector.id] in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert {sender for sender, _, _ in office.server.handler.came} == {"authority@example.org"}
    assert office.run() == Sent(0, 0, 0, 0)
    assert len(office.came()) == 4
    assert {entry.answer for entry in office.journal.entries()} == {"250 queued as 42"}
    assert {entry.times for entry in office.journal.entries()} == {1}


def test_the_journal_holds_no_code_and_is_its_owners_alone(office: Office, tmp_path: Path) -> None:
    handler = office.server.handler
    code = office.codes.codes["0001"]
    handler.on_text["elector1@example.org"] = [f"554 spam: {code}"]
    office.run()
    raw = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert not any(code.encode() in raw for code in office.codes.codes.values())
    assert "554 spam: …" in [entry.answer for entry in office.journal.entries()]
    for file in tmp_path.iterdir():
        assert file.stat().st_mode & 0o077 == 0, file


def test_what_is_refused_for_good_and_what_is_put_off(office: Office) -> None:
    handler = office.server.handler
    handler.on_address = {"elector0@example.org": ["550 no such user"], "elector1@example.org": ["450 try later"]}
    handler.on_text = {"elector2@example.org": ["554 not this"], "elector3@example.org": ["451 busy"]}
    assert office.run() == Sent(0, 2, 0, 2)
    assert office.states == ["failed", "queued", "failed", "queued"]
    assert [entry.answer for entry in office.journal.entries()] == [
        "550 no such user", "450 try later", "554 not this", "451 busy",
    ]  # fmt: skip
    assert office.run() == Sent(2, 0, 0, 0)
    assert office.came() == ["elector1@example.org", "elector3@example.org"]


def test_a_connection_that_breaks_before_the_text_is_made_again(office: Office) -> None:
    office.server.handler.on_address = {"elector1@example.org": ["hang up", "421 closing now"]}
    assert office.run() == Sent(3, 0, 0, 1)
    assert office.run() == Sent(1, 0, 0, 0)
    assert sorted(office.came()) == sorted(elector.email for elector in office.order.electors)


def test_a_connection_that_breaks_again_and_again_ends_the_run(office: Office) -> None:
    office.server.handler.on_address = {"elector1@example.org": ["hang up"] * 3}
    with pytest.raises(AuthorityError, match="again and again") as error:
        office.run()
    assert error.value.exit_code == WRONG_USE
    assert office.states == ["sent", "queued", "queued", "queued"]
    assert office.run() == Sent(3, 0, 0, 0)


def test_a_connection_that_breaks_after_the_text_leaves_it_uncertain(office: Office) -> None:
    office.server.handler.on_text = {"elector1@example.org": ["hang up"]}
    assert office.run() == Sent(3, 0, 1, 0)
    assert office.states == ["sent", "uncertain", "sent", "sent"]
    assert office.run() == Sent(0, 0, 0, 0), "nobody is sent a second mail unasked"
    office.journal.requeue({"0001": "elector1@example.org"}, "asked")
    assert office.run() == Sent(1, 0, 0, 0)


def test_a_run_that_is_stopped_goes_on_where_it_was(office: Office) -> None:
    office.server.handler.when_it_came = lambda address: office.stop.set() if address.startswith("elector1") else None
    assert office.run() == Sent(2, 0, 0, 2)
    assert office.states == ["sent", "sent", "queued", "queued"]
    office.stop.clear()
    assert office.run() == Sent(2, 0, 0, 0)
    assert office.came() == [f"elector{number}@example.org" for number in range(4)]


def test_a_program_that_dies_in_the_middle_leaves_the_mail_uncertain(office: Office, tmp_path: Path) -> None:
    with office.journal.sending():
        office.journal.queue(office.order)
        office.journal.mark("0002", State.SENDING, "", "<x@example.org>")
    with Journal(tmp_path / "mail.sqlite", "council") as again, again.sending():
        assert [entry.state for entry in again.entries()][2] is State.UNCERTAIN
        assert again.counts()[State.QUEUED] == 3


def test_only_one_process_sends(office: Office, tmp_path: Path) -> None:
    with office.journal.sending(), Journal(tmp_path / "mail.sqlite", "council") as other:
        with pytest.raises(AuthorityError, match="another process is sending"), other.sending():
            pass
        assert other.entries() == [], "but others may look"
    with office.journal.sending():
        pass


def test_a_server_that_refuses_everybody_is_asked_no_more(server: Server, journal: Journal) -> None:
    office = Office(server, journal, 15)
    server.handler.always = "550 daily limit exceeded"
    with pytest.raises(AuthorityError, match="10 mails in a row were not taken"):
        office.run()
    assert office.journal.counts()[State.FAILED] == 10
    assert office.journal.counts()[State.QUEUED] == 5


def test_a_sender_that_is_refused_ends_the_run_and_nobody_is_marked(office: Office) -> None:
    office.server.handler.on_sender = "550 not your address"
    with pytest.raises(AuthorityError, match="does not take this sender; seen: 550 not your address"):
        office.run()
    assert office.states == ["queued"] * 4


def test_no_faster_than_was_agreed(office: Office) -> None:
    begin = time.monotonic()
    office.run(per_minute=600)
    assert time.monotonic() - begin >= 0.3


def test_a_line_that_begins_with_a_dot_arrives(server: Server, journal: Journal) -> None:
    office = Office(server, journal, 1)
    made = document(1)
    made["electors"][0]["name"] = ".Ann"
    office.order = parse_order(data(made), "f")
    office.run()
    (mail,) = server.handler.to("elector0@example.org")
    assert mail.get_body(("plain",)).get_content().startswith(".Ann,")  # type: ignore[union-attr]


def test_a_new_address_is_used_where_mail_did_not_arrive(office: Office) -> None:
    office.server.handler.on_address = {"elector0@example.org": ["550 no such user"]}
    office.run()
    made = document(4)
    made["electors"][0]["email"] = "new0@example.org"
    made["electors"][1]["email"] = "new1@example.org"
    office.order = parse_order(data(made), "f")
    assert office.run() == Sent(1, 0, 0, 0)
    assert office.came()[-1] == "new0@example.org"
    assert [entry.address for entry in office.journal.entries()][:2] == ["new0@example.org", "elector1@example.org"]


def test_electors_who_come_later_are_queued(office: Office) -> None:
    office.run()
    office.order = order(6)
    office.codes = codes_of(office.order)
    assert office.run() == Sent(2, 0, 0, 0)


def test_a_journal_is_of_one_election(journal: Journal, tmp_path: Path) -> None:
    with pytest.raises(AuthorityError, match="another election"):
        Journal(tmp_path / "mail.sqlite", "other")
    (tmp_path / "broken.sqlite").write_bytes(b"this is no database" * 100)
    with pytest.raises(AuthorityError, match="cannot be used") as error:
        Journal(tmp_path / "broken.sqlite", "council")
    assert error.value.exit_code == WRONG_USE
    with pytest.raises(AuthorityError, match="no mail to this elector"):
        journal.mark("nobody", State.SENT)
