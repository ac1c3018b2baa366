"""Mail that came back: reading delivery status notifications (RFC 3464), and noting whose they are."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import EmailMessage, Message
from pathlib import Path

from suffrage.authority.mail.account import said
from suffrage.authority.mail.journal import Journal, State
from suffrage.errors import AuthorityError, Problem


@dataclass(frozen=True, slots=True)
class Bounce:
    """One address that mail could not be delivered to: which mail it was, where that is told, and why."""

    address: str
    message_id: str
    reason: str


def read_bounce(path: Path) -> list[Bounce]:
    """What a notification says did not arrive; nothing where it only tells of a delay.

    AuthorityError where the file is no such notification; exit code 2 where it cannot be read.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise AuthorityError.unreadable(str(path), error) from None
    made = email.message_from_bytes(data, _class=EmailMessage, policy=email.policy.compat32)
    status = next((part for part in made.walk() if part.get_content_type() == "message/delivery-status"), None)
    blocks = status.get_payload() if status is not None else None
    if not isinstance(blocks, list):
        expected = "a mail with a part message/delivery-status; mark others with --id"
        raise AuthorityError(Problem(str(path), "is no delivery status notification", expected=expected))
    message_id = _returned_id(made)
    found = []
    for block in blocks:
        if isinstance(block, Message) and str(block.get("Action", "")).strip().lower() == "failed":
            address = _value(block, "Original-Recipient") or _value(block, "Final-Recipient")
            reason = f"{block.get('Status', '')} {_value(block, 'Diagnostic-Code')}"
            found.append(Bounce(address.strip("<>"), message_id, said(reason)))
    return found


def mark_bounces(journal: Journal, files: Iterable[Path]) -> tuple[dict[str, str], list[Path]]:
    """Note what came back: the reason by elector, and the files that are about nobody here.

    All files are read before anything is noted. AuthorityError with every file that is no notification.
    """
    problems: list[Problem] = []
    marked: dict[str, str] = {}
    strangers = []
    for file in files:
        try:
            bounces = read_bounce(file)
        except AuthorityError as error:
            problems += error.problems
            continue
        found = {elector: bounce.reason for bounce in bounces for elector in _electors(journal, bounce)}
        if bounces and not found:
            strangers.append(file)
        marked |= found
    if problems:
        raise AuthorityError(problems)
    for elector, reason in marked.items():
        journal.mark(elector, State.BOUNCED, reason)
    return marked, strangers


def _electors(journal: Journal, bounce: Bounce) -> list[str]:
    """Whose mail it was: by its Message-ID, which is certain, or everybody who was written to at that address."""
    own = journal.of_message(bounce.message_id) if bounce.message_id else ""
    return [own] if own else journal.of_address(bounce.address)


def _returned_id(made: Message) -> str:
    """The Message-ID of the mail that came back, where its head came with it."""
    for part in made.walk():
        kind = part.get_content_type()
        if kind == "message/rfc822":
            payload = part.get_payload()
            inner = payload[0] if isinstance(payload, list) and payload else None
        elif kind == "text/rfc822-headers":
            raw = part.get_payload(decode=True)
            inner = email.message_from_bytes(raw) if isinstance(raw, bytes) else None
        else:
            continue
        if isinstance(inner, Message) and inner.get("Message-ID"):
            return str(inner["Message-ID"]).strip()
    return ""


def _value(block: Message, field: str) -> str:
    """The value of a field that has a type before it: `rfc822; a@example.org`."""
    return str(block.get(field, "")).partition(";")[2].strip()
