"""A mail with a code: well-formed, in the elector's language, and nothing in a name can change its head."""

from __future__ import annotations

import email
import email.policy
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suffrage.authority import Codes, Elector, Order
from suffrage.authority.mail import mail_bytes
from suffrage.authority.mail.account import sender_of
from suffrage.authority.mail.message import address_of, ascii_address
from suffrage.errors import AuthorityError
from tests.authority.made import codes_of, order

SENDER = Address("The authority", addr_spec="authority@example.org")
DATE = datetime(2026, 11, 28, 12, tzinfo=UTC)


def mail(given: Order, codes: Codes, elector: Elector) -> EmailMessage:
    raw = mail_bytes(given, codes, elector, SENDER, "<1@example.org>", DATE)
    made = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(made, EmailMessage)
    return made


def texts(made: EmailMessage) -> tuple[str, str]:
    plain, html = made.get_body(("plain",)), made.get_body(("html",))
    assert plain is not None
    assert html is not None
    return plain.get_content(), html.get_content()


@pytest.mark.parametrize(
    ("number", "subject", "said"),
    [
        (0, "Your voting code: Election of the Council", "The poll is open from 1 December 2026, 08:00 to 12 December"),
        (1, "Votre code de vote : Election of the Council", "Le scrutin est ouvert du 1er décembre 2026 à 08:00"),
        (2, "Ваш код для голосования: Election of the Council", "Голосование открыто с 08:00 1 декабря 2026"),
    ],
)
def test_a_mail_in_each_language(number: int, subject: str, said: str) -> None:
    made_of = order(3, kind="demo")
    codes = codes_of(made_of)
    elector = made_of.electors[number]
    made = mail(made_of, codes, elector)
    assert made["Subject"] == subject
    assert made["To"].addresses[0].display_name == elector.name
    assert made["To"].addresses[0].addr_spec == elector.email
    assert made["From"].addresses[0].addr_spec == "authority@example.org"
    assert made["Date"].datetime == DATE
    assert made["Content-Language"] == elector.language
    assert made["Auto-Submitted"] == "auto-generated"
    assert made.get_content_type() == "multipart/alternative"
    for text in texts(made):
        words = " ".join(text.split()).replace("\u00a0", " ")
        assert said in words
        assert codes.codes[elector.id] in text
        assert made_of.election.url in text
        assert sum(code in text for code in codes.codes.values()) == 1
    assert not any(code in str(made.items()) for code in codes.codes.values()), "no head of a mail holds a code"
    # Plain 7-bit lines of at most 998 characters, each ended by CR LF (RFC 5322).
    raw = mail_bytes(made_of, codes, elector, SENDER, "<1@example.org>", DATE)
    assert raw.isascii()
    assert raw.endswith(b"\r\n")
    assert all(len(line) <= 998 and b"\n" not in line and b"\r" not in line for line in raw.split(b"\r\n"))


def test_whom_to_ask_and_the_second_factor_without_the_address() -> None:
    made_of = order(1, contact="office@example.org", second_factor=True)
    for text in texts(mail(made_of, codes_of(made_of), made_of.electors[0])):
        assert "office@example.org" in text
        assert "e…@example.org" in text
        assert "elector0@example.org" not in text


def test_html_is_escaped_and_asks_nothing_of_others() -> None:
    made_of = order(1, title="<script>alert(1)</script>")
    elector = made_of.electors[0].model_copy(update={"name": "<img src=x>"})
    html = texts(mail(made_of, codes_of(made_of), elector))[1]
    assert "<script" not in html
    assert "<img" not in html
    assert "src=" not in html.replace("&lt;img src=x&gt;", "")
    assert html.count("http") == 2, "the booth's address, as text and as link"


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=60))
def test_no_name_adds_a_line_to_the_head(name: str) -> None:
    made_of = order(1)
    elector = made_of.electors[0].model_copy(update={"name": name + "\r\nBcc: everybody@example.org\n\nbody"})
    made = mail(made_of, codes_of(made_of), elector)
    assert set(made.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Language", "MIME-Version",
        "Content-Type",
    }  # fmt: skip
    assert [one.addr_spec for one in made["To"].addresses] == ["elector0@example.org"]


def test_an_address_in_another_script_goes_over_the_wire_in_ascii() -> None:
    elector = order(1).electors[0].model_copy(update={"email": "anna@почта.рф"})
    assert ascii_address(elector.email) == "anna@xn--80a1acny.xn--p1ai"
    assert address_of(elector).addr_spec == "anna@xn--80a1acny.xn--p1ai"


@pytest.mark.parametrize(
    ("text", "name"), [("a@example.org", ""), ("The authority <a@example.org>", "The authority"), ("Ü <a@x.org>", "Ü")]
)
def test_a_sender(text: str, name: str) -> None:
    assert sender_of(text).display_name == name


@pytest.mark.parametrize("text", ["", "nobody", "a@x.org, b@x.org", "A\n <a@x.org>\nBcc: b@x.org", "a@почта.рф", "<>"])
def test_what_is_no_sender(text: str) -> None:
    with pytest.raises(AuthorityError, match="is no sender"):
        sender_of(text)
