"""Mail: whether the server answers, and what waits."""

from __future__ import annotations

import os
import smtplib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import get_connection

from suffrage.service.doctor.check import Check, fails, ok, warning
from suffrage.service.models import Mail, MailStatus

_PATIENT = timedelta(hours=1)


def server() -> Iterator[Check]:
    """Whether the mail server answers and lets us in. No mail is sent."""
    if not settings.MAIL_ENABLED:
        said = "No mail server is named: what should go out waits in the outbox."
        yield warning("mail server", said, "Set SUFFRAGE_MAIL=smtp://USER:PASSWORD@HOST:PORT and SUFFRAGE_FROM.")
        return
    if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
        folder = Path(str(getattr(settings, "EMAIL_FILE_PATH", "")))
        near = next(path for path in (folder, *folder.parents) if path.exists())
        if os.access(near, os.W_OK):
            yield warning("mail server", f"Mail is written to {folder}, and reaches nobody.", "Name a mail server.")
        else:
            yield fails("mail server", f"Mail cannot be written to {folder}.", "Name a folder that can be written.")
        return
    place = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    # The server's own words are left out: they may repeat what we told it.
    connection: Any = get_connection(timeout=10)
    try:
        connection.open()
        # Without TLS and a name nothing was said to it yet.
        connection.connection.ehlo_or_helo_if_needed()
        connection.close()
    except smtplib.SMTPAuthenticationError:
        yield fails("mail server", f"{place} does not let us in.", "Put name and password in SUFFRAGE_MAIL right.")
    except (OSError, smtplib.SMTPException) as error:
        said = f"{place} does not answer as it should ({type(error).__name__})."
        yield fails("mail server", said, "Put host, port and kind (smtp, smtps, smtp+plain) in SUFFRAGE_MAIL right.")
    else:
        if settings.DEFAULT_FROM_EMAIL == "suffrage@localhost":
            said = f"{place} answers; the sender is {settings.DEFAULT_FROM_EMAIL}."
            yield warning("mail server", said, "Set SUFFRAGE_FROM to an address of the domain.")
        else:
            yield ok("mail server", f"{place} answers; the sender is {settings.DEFAULT_FROM_EMAIL}.")


def outbox() -> Iterator[Check]:
    """What waits, and what was given up."""
    queued = Mail.objects.filter(status=MailStatus.QUEUED)
    waiting, failed = queued.count(), Mail.objects.filter(status=MailStatus.FAILED).count()
    oldest = queued.order_by("made").values_list("made", flat=True).first()
    said = f"{waiting} wait, {failed} were given up."
    if oldest is not None and datetime.now(UTC) - oldest > _PATIENT:
        hours = (datetime.now(UTC) - oldest).total_seconds() / 3600
        said += f" The oldest has waited for {hours:.0f} hours."
        yield warning("outbox", said, "Look at mail server and service above.")
    elif failed:
        yield warning("outbox", said, "The page Mail of the election says whose, and why.")
    else:
        yield ok("outbox", said)
