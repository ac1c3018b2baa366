"""Mail that came back: whose it was is found by the mail itself, or by the address."""

from __future__ import annotations

from pathlib import Path

import pytest

from suffrage.authority.mail import Bounce, Journal, State, mark_bounces, read_bounce
from suffrage.errors import WRONG_USE, AuthorityError
from tests.authority.made import order

NOTIFICATION = """\
From: MAILER-DAEMON@mx.example.org (Mail Delivery System)
To: authority@example.org
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="part"

--part
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--part
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
Arrival-Date: Sat, 28 Nov 2026 12:00:00 +0000

Final-Recipient: rfc822; {address}
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <{address}>: user
 unknown

--part
Content-Type: {kind}

{head}

--part--
"""


def notification(folder: Path, address: str, message_id: str = "", action: str = "failed", full: bool = True) -> Path:
    """A notification as mail servers write them, with or without the mail that came back."""
    file = folder / f"{address.partition('@')[0]}-{action}.eml"
    head = f"From: authority@example.org\nMessage-ID: {message_id}\n" + ("\nbody" if full else "")
    kind = "message/rfc822" if full else "text/rfc822-headers"
    text = NOTIFICATION.format(address=address, action=action, kind=kind, head=head if message_id else "Subject: x\n")
    file.write_text(text.replace("\n", "\r\n"), "utf-8", newline="")
    return file


@pytest.fixture
def written(journal: Journal) -> Journal:
    """A journal of three electors who were all written to; 0001 and 0002 at one address."""
    made = order(3)
    shared = [made.electors[0], *(one.model_copy(update={"email": "home@example.org"}) for one in made.electors[1:])]
    journal.queue(made.model_copy(update={"electors": tuple(shared)}))
    for elector in ("0000", "0001", "0002"):
        journal.mark(elector, State.SENDING, "", f"<{elector}@example.org>")
        journal.mark(elector, State.SENT, "250 ok", f"<{elector}@example.org>")
    return journal


def states(journal: Journal) -> list[str]:
    return [entry.state.value for entry in journal.entries()]


def test_a_notification_is_read(tmp_path: Path) -> None:
    for full in (True, False):
        file = notification(tmp_path, "ann@example.org", "<7@example.org>", full=full)
        reason = "5.1.1 550 5.1.1 <ann@example.org>: user unknown"
        assert read_bounce(file) == [Bounce("ann@example.org", "<7@example.org>", reason)]


@pytest.mark.parametrize("full", [True, False])
def test_it_is_marked_by_the_mail_that_came_back(written: Journal, tmp_path: Path, full: bool) -> None:
    file = notification(tmp_path, "forwarded@elsewhere.example", "<0001@example.org>", full=full)
    marked, strangers = mark_bounces(written, [file])
    assert list(marked) == ["0001"]
    assert not strangers
    assert states(written) == ["sent", "bounced", "sent"]
    assert "user unknown" in written.entries(State.BOUNCED)[0].answer


def test_without_the_mail_everybody_of_the_address_is_marked(written: Journal, tmp_path: Path) -> None:
    marked, _ = mark_bounces(written, [notification(tmp_path, "Home@example.org")])
    assert list(marked) == ["0001", "0002"]


def test_a_delay_is_no_bounce(written: Journal, tmp_path: Path) -> None:
    assert mark_bounces(written, [notification(tmp_path, "home@example.org", action="delayed")]) == ({}, [])
    assert states(written) == ["sent"] * 3


def test_a_bounce_of_a_stranger_is_told(written: Journal, tmp_path: Path) -> None:
    file = notification(tmp_path, "stranger@example.org")
    assert mark_bounces(written, [file]) == ({}, [file])


def test_one_wrong_file_and_nothing_is_marked(written: Journal, tmp_path: Path) -> None:
    plain = tmp_path / "plain.eml"
    plain.write_text("From: a@example.org\n\nYour mail was not delivered, it says here.\n")
    with pytest.raises(AuthorityError, match="is no delivery status notification"):
        mark_bounces(written, [notification(tmp_path, "home@example.org"), plain])
    assert states(written) == ["sent"] * 3


@pytest.mark.parametrize("raw", [b"", b"\xff\x00" * 50, b"MIME-Version: 1.0\n", b"Content-Type: multipart/report\n\n"])
def test_any_bytes_are_no_notification(tmp_path: Path, raw: bytes) -> None:
    file = tmp_path / "x.eml"
    file.write_bytes(raw)
    with pytest.raises(AuthorityError, match="is no delivery status"):
        read_bounce(file)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(AuthorityError) as error:
        read_bounce(tmp_path / "none.eml")
    assert error.value.exit_code == WRONG_USE
