"""What the background workers do: mail, closing polls, long jobs. What runs twice does nothing the second time."""

from __future__ import annotations

import logging

from django_tasks import task

from suffrage.errors import SuffrageError
from suffrage.service import mailing
from suffrage.service.acts import jobs, parcels, poll, results
from suffrage.service.models import Poll

LONG = "long"
"""The queue of what takes long, which has a worker of its own."""

LONG_ACTS = (results.DRAW, results.PREPARE, results.PUBLISH, parcels.PRINT)
"""What can be asked for: a worker knows the acts that are named here."""


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


@task(queue_name=LONG)
def do_job(pk: int) -> bool:
    """Do a long job that an official has asked for, beside what cannot wait for it."""
    return jobs.carry_out(pk)
