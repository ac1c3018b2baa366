"""The background worker: takes tasks from the database, one after the other."""

from __future__ import annotations

import django
from django.core.management import call_command

from suffrage.service.orphans import end_with_parent


def work() -> None:
    """Work until the process is told to end."""
    end_with_parent()
    django.setup()
    call_command("db_worker", interval=0.5, startup_delay=False, verbosity=0)


if __name__ == "__main__":
    work()
