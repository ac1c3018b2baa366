"""The outbox: mail is queued in the transaction of the act that causes it, and sent by the background worker."""

from __future__ import annotations

import smtplib
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from suffrage.service.models import Election, Elector, Invitation, Mail, MailStatus
from suffrage.service.words import words

MOST_ATTEMPTS = 8
SECRET = frozenset({"invitation", "factor", "account"})
"""Purposes whose mails hold a link or a code: their text is wiped as soon as they are given up, too."""

PER_SECOND = 10
"""How many mails the service sends in a second at most; the codes go out by the authority's own account."""


def queue(
    to: str, subject: str, body: str, purpose: str, election: Election | None = None, elector: Elector | None = None
) -> Mail:
    """Queue a mail. A line break in a subject would be a header of its own: there is none."""
    return Mail.objects.create(
        to=to, subject=" ".join(subject.split())[:200], body=body, purpose=purpose, election=election, elector=elector
    )


def queue_worded(
    purpose: str, language: str, to: str, election: Election, elector: Elector | None = None, /, **values: str
) -> Mail:
    """Queue the mail of a purpose (`factor`, `second-ballot`, ...) in the words of a language."""
    said = words(language)
    values = {"title": election.title, "contact": election.contact, **values}
    subject, body = said[f"{purpose}.subject"].format_map(values), said[f"{purpose}.body"].format_map(values)
    return queue(to, subject, body.strip() + "\n", purpose, election, elector)


def queue_invitation(invitation: Invitation, link: str) -> None:
    """The mail that asks an official in."""
    language = invitation.election.language
    role = words(language)[f"role.{invitation.role}"]
    queue_worded(
        "invitation", language, invitation.email, invitation.election, name=invitation.name, role=role, link=link
    )


def send_due(tell: Callable[[int], None] = lambda sent: None) -> int:
    """Send what is due, one by one; what a server refuses is tried again later. Gives how many went out.

    A mail is marked as sent only after the server took it; then its text is wiped, since it may hold a link or a code.
    """
    if not settings.MAIL_ENABLED:
        return 0
    sent = 0
    due = Mail.objects.filter(status=MailStatus.QUEUED, due__lte=datetime.now(UTC)).order_by("due", "id")
    connection = get_connection()
    try:
        for mail in due[:500]:
            begun = time.monotonic()
            try:
                EmailMessage(
                    mail.subject, mail.body, settings.DEFAULT_FROM_EMAIL, [mail.to], connection=connection
                ).send()
            except (OSError, smtplib.SMTPException, ValueError) as error:
                _put_off(mail, error)
                connection.close()
                continue
            Mail.objects.filter(pk=mail.pk).update(
                status=MailStatus.SENT, body="", attempts=mail.attempts + 1, answer=""
            )
            sent += 1
            tell(sent)
            time.sleep(max(0.0, 1 / PER_SECOND - (time.monotonic() - begun)))
    finally:
        connection.close()
    return sent


def _put_off(mail: Mail, error: Exception) -> None:
    """Try a mail again after a while that doubles; give it up after the last, or where it is refused for good."""
    attempts = mail.attempts + 1
    final = isinstance(error, smtplib.SMTPRecipientsRefused) and all(
        500 <= code < 600 for code, _answer in error.recipients.values()
    )
    answer = f"{type(error).__name__}" + (
        f" {error.smtp_code}" if isinstance(error, smtplib.SMTPResponseException) else ""
    )
    failed = final or attempts >= MOST_ATTEMPTS
    Mail.objects.filter(pk=mail.pk).update(
        status=MailStatus.FAILED if failed else MailStatus.QUEUED,
        body="" if failed and mail.purpose in SECRET else mail.body,
        attempts=attempts,
        answer=answer,
        due=datetime.now(UTC) + timedelta(seconds=30 * 2**attempts),
    )
