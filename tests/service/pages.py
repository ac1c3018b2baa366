"""What the tests of the officials' pages share: elections at every stage, and the pages that each role sees of one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.test import Client
from django.urls import reverse

from suffrage.service.demo import officials, society, way
from suffrage.service.models import Election

OFFICE = (
    "desk-election", "log", "mails", "setup", "setup-head", "setup-hours", "setup-place", "setup-contest",
    "setup-papers", "roll", "roll-upload", "people", "invite", "trustees", "codes", "poll", "results",
)  # fmt: skip
"""The pages of an election that the secretary can look at, at any stage."""

PUBLIC = ("public", "law")


def client_of(person: officials.Person) -> Client:
    """A browser in which somebody is signed in."""
    client = Client()
    client.force_login(person.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def drafted(
    count: int = 50, secretary: officials.Person | None = None, **head: object
) -> tuple[Election, officials.Person]:
    """An election that is set up, and its secretary."""
    secretary = secretary or officials.person(officials.SECRETARY)
    opens = datetime.now(UTC) + timedelta(days=10)
    election = way.draft(secretary, opens, opens + timedelta(hours=12), list(society.members(count)), head)
    return election, secretary


def addresses(election: Election) -> Iterator[str]:
    """The address of every page of an election that is only looked at."""
    for name in (*OFFICE, *PUBLIC):
        yield reverse(name, args=[election.slug])
    for key in ("fix", "make-urns", "extend", "erase"):
        yield reverse("propose", args=[election.slug, key])
    for contest in election.contests.all():
        yield reverse("setup-candidate", args=[election.slug, contest.pk])
