"""All checks, in the order in which things depend on each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from suffrage.service.doctor import database, machine, post, urns
from suffrage.service.doctor.check import Check, Health, guarded


def examine(port: int) -> Iterator[Check]:
    """Look at everything. What needs the database is left out where it does not answer."""
    yield from guarded("program", machine.program)
    yield from guarded("data folder", machine.permissions)
    yield from guarded("disk", machine.disk)
    yield from guarded("address", machine.address)
    yield from guarded("service", lambda: machine.worker(port))
    yield from guarded("mail server", post.server)
    for what, look in _OF_THE_DATABASE:
        well = True
        for check in guarded(what, look):
            well = well and check.health is not Health.FAILS
            yield check
        if not well and what in ("database", "form of the database"):
            return
    yield from guarded("urns", urns.urns)


_OF_THE_DATABASE: tuple[tuple[str, Callable[[], Iterable[Check]]], ...] = (
    ("database", database.reached),
    ("form of the database", database.migrated),
    ("clock", database.time),
    ("log", database.chain),
    ("second factor", database.officials),
    ("outbox", post.outbox),
    ("backup", machine.backup),
)
