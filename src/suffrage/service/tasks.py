"""What the background worker does: mail, and closing polls. Each may run twice, and does nothing the second time."""

from __future__ import annotations

import logging

from django_tasks import task

from suffrage.errors import SuffrageError
from suffrage.service import mailing
from suffrage.service.acts import poll
from suffrage.service.models import Poll


@task()
def send_mail() -> int:
    """Send the mail that is due."""
    return mailing.send_due()


@task()
def close_poll(pk: int) -> bool:
    """Close a poll whose time is over; the clock asks again where it could not be done."""
    found = Poll.objects.select_related("election").get(pk=pk)
    if not poll.due(found):
        return False
    try:
        poll.close(found)
    except SuffrageError as error:
        logging.getLogger("suffrage.service").error("a poll could not be closed: %s", error)
        return False
    return True
