"""A background worker: takes tasks of a queue from the database, one after the other."""

from __future__ import annotations

import sys

import django
from django.core.management import call_command

from suffrage.service.orphans import end_with_parent


def work(queue: str) -> None:
    """Work until the process is told to end."""
    end_with_parent()
    django.setup()
    from suffrage.service import tasks
    from suffrage.service.acts import jobs

    if queue == tasks.LONG:
        jobs.take_up()
    call_command("db_worker", queue_name=queue, interval=0.5, startup_delay=False, verbosity=0)


if __name__ == "__main__":
    work(sys.argv[1])
