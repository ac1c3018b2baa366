"""One mail with a code: plain text, and the same as simple HTML, in the language of the elector."""

from __future__ import annotations

import html
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from suffrage.authority.codes import Codes
from suffrage.authority.language import contact, contests, language_for, moment, second_factor
from suffrage.authority.order import Elector, Order
from suffrage.typeset.clean import clean, shortened

_CODE_STYLE = "font:700 20px/1.4 Menlo,Consolas,monospace;border-top:2px solid;border-bottom:2px solid;padding:12px 0"
_LONGEST_SUBJECT, _LONGEST_NAME = 150, 100


def mail_bytes(order: Order, codes: Codes, elector: Elector, sender: Address, message_id: str, date: datetime) -> bytes:
    """A mail as it goes over the wire. KeyError where the elector has no code."""
    language = language_for(order, elector)
    head = order.election
    title = clean(head.title)
    made = EmailMessage(policy=SMTP)
    made["From"] = sender
    made["To"] = address_of(elector)
    made["Subject"] = shortened(language.say("mail.subject", election=title), _LONGEST_SUBJECT)
    made["Date"] = format_datetime(date)
    made["Message-ID"] = message_id
    # So that no answering machine answers.
    made["Auto-Submitted"] = "auto-generated"
    when = language.say(
        "mail.when",
        opens=moment(language, head.local_opens),
        closes=moment(language, head.local_closes),
        zone=language.say("letter.zone", zone=head.time_zone),
    )
    said = _Said(
        greeting=language.say("mail.greeting", name=clean(elector.name)),
        intro=language.say("mail.intro"),
        title=title,
        mark=language.find(f"kinds.{head.kind.value}") or "",
        elected=(language.say("mail.elected"), contests(order, elector, language)),
        when=when,
        where=(language.say("mail.where"), head.url),
        code=(language.say("mail.code"), codes.codes[elector.id], language.say("letter.alphabet")),
        how=(language.say("letter.how"), _steps(language.words["letter"]["steps"], order, elector)),
        know=[
            language.say("letter.replaces"),
            language.say("mail.keep"),
            language.say("mail.secret"),
            contact(order, language),
        ],
    )
    made.set_content(said.plain(), cte="quoted-printable")
    made.add_alternative(said.html(language.spoken), subtype="html", cte="quoted-printable")
    made["Content-Language"] = language.spoken
    return made.as_bytes()


def address_of(elector: Elector) -> Address:
    """The address of an elector as a header has it. No name can end the header: it is quoted or encoded."""
    local, domain = ascii_address(elector.email).rsplit("@", 1)
    return Address(shortened(clean(elector.name), _LONGEST_NAME), local, domain)


def ascii_address(email: str) -> str:
    """An address that every server takes: a domain in another script as its name on the wire."""
    local, domain = email.rsplit("@", 1)
    return f"{local}@{domain if domain.isascii() else domain.encode('idna').decode()}"


def _steps(steps: list[str], order: Order, elector: Elector) -> list[str]:
    language = language_for(order, elector)
    # A mail has no square to point a camera at: its first step is said by the address alone.
    factor = second_factor(order, elector, language)
    return [language.say("mail.open"), steps[1], f"{steps[2]} {factor}".strip(), steps[3]]


@dataclass(frozen=True, slots=True)
class _Said:
    """What a mail says. Where there are several texts, the first is what is said before the others."""

    greeting: str
    intro: str
    title: str
    mark: str
    code: tuple[str, str, str]
    where: tuple[str, str]
    when: str
    elected: tuple[str, list[str]]
    how: tuple[str, list[str]]
    know: list[str]

    def plain(self) -> str:
        """As plain text."""
        parts = [
            self.greeting,
            "\n".join(filter(None, (self.intro, self.title, self.mark))),
            "\n".join((self.code[0], "", f"    {self.code[1]}", "", self.code[2])),
            "\n".join(self.where),
            self.when,
            "\n".join((self.elected[0], *(f"  - {contest}" for contest in self.elected[1]))),
            "\n".join((self.how[0], *(f"  {number}. {step}" for number, step in enumerate(self.how[1], 1)))),
            *self.know,
        ]
        return "\n\n".join(parts) + "\n"

    def html(self, language: str) -> str:
        """As HTML that needs nothing from elsewhere."""
        e = html.escape
        contests = "".join(f"<li>{e(contest)}</li>" for contest in self.elected[1])
        steps = "".join(f"<li>{e(step)}</li>" for step in self.how[1])
        url = e(self.where[1], quote=True)
        parts = [
            "<!doctype html>",
            f'<html lang="{e(language)}"><head><meta charset="utf-8"><title>{e(self.title)}</title></head>',
            '<body style="font:16px/1.5 Georgia,serif;color:#1b1d21;max-width:36em">',
            f"<p>{e(self.greeting)}</p>",
            f"<p>{e(self.intro)}<br><strong>{e(self.title)}</strong></p>",
            f"<p><strong>{e(self.mark)}</strong></p>" if self.mark else "",
            f"<p>{e(self.code[0])}</p>",
            f'<p style="{_CODE_STYLE}">{e(self.code[1])}</p>',
            f"<p>{e(self.code[2])}</p>",
            f'<p>{e(self.where[0])}<br><a href="{url}">{url}</a></p>',
            f"<p>{e(self.when)}</p>",
            f"<p>{e(self.elected[0])}</p><ul>{contests}</ul>",
            f"<p>{e(self.how[0])}</p><ol>{steps}</ol>",
            *(f"<p>{e(sentence)}</p>" for sentence in self.know),
            "</body></html>",
        ]
        return "\n".join(filter(None, parts)) + "\n"
