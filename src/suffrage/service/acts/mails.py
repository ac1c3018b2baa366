"""Mail that a server refused: it is queued again, as far as its text is still there."""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from suffrage.service.acts.permission import MANAGERS, refused, require
from suffrage.service.log import record
from suffrage.service.models import Mail, MailStatus


def again(by: AbstractBaseUser, mail: Mail) -> None:
    """Queue a mail again that was given up."""
    election = mail.election
    if election is None:
        raise refused("mail", "is of no election")
    require(by, election, *MANAGERS)
    with transaction.atomic():
        held = Mail.objects.select_for_update().get(pk=mail.pk)
        if held.status != MailStatus.FAILED:
            raise refused("mail", "is not one that failed", held.status)
        if not held.body:
            raise refused("mail", "held a link or a code, and was wiped", "", "the invitation anew, or a new code")
        Mail.objects.filter(pk=mail.pk).update(
            status=MailStatus.QUEUED, attempts=0, answer="", due=datetime.now(UTC)
        )  # fmt: skip
        record(by, "send a mail again", election, mail=mail.pk, purpose=held.purpose)
