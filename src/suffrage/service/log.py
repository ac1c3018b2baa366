"""The log of acts: who did what, when and why; each entry names the hash of the one before.

An entry is canonical JSON. It never holds a code, a key, a token, a choice, or who has which credential.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, transaction
from django.db.models import QuerySet

from suffrage.protocols.canonical import canonical, sha256
from suffrage.service.models import Election, LogEntry, Membership

FIRST = "0" * 64
"""What the first entry names as the one before."""

OPERATOR = "the operator of the server"
"""How the log names whoever did something on the server by a command."""

_LOCK = 0x5F5F_1937


def record(
    by: AbstractBaseUser | str | None,
    act: str,
    election: Election | None = None,
    reason: str = "",
    /,
    **about: Any,
) -> LogEntry:
    """Write down an act in the transaction in which it is done. `by` is None where the clock did it."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        last = LogEntry.objects.order_by("-number").first()
        number = last.number + 1 if last else 1
        entry = {
            "number": number,
            "previous": last.sha256 if last else FIRST,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "by": name_of(by, election),
            "act": act,
            "election": election.slug if election else "",
            "reason": reason,
            "about": about,
        }
        text = canonical(entry)
        return LogEntry.objects.create(number=number, election=election, record=text.decode(), sha256=sha256(text))


def name_of(by: AbstractBaseUser | str | None, election: Election | None) -> str:
    """How the log names a person: by the name in the election, else by the account."""
    if by is None:
        return "the clock"
    if isinstance(by, str):
        return by
    member = Membership.objects.filter(user_id=by.pk, election=election).first() if election else None
    return member.name if member else by.get_username()


def of(election: Election) -> QuerySet[LogEntry]:
    """The acts of an election as they are kept, the newest first."""
    return LogEntry.objects.filter(election=election).order_by("-number")


def said(entry: LogEntry) -> Mapping[str, Any]:
    """What an entry says, with its hash."""
    return {**json.loads(entry.record), "sha256": entry.sha256}


def entries(election: Election) -> Iterator[Mapping[str, Any]]:
    """The acts of an election, the newest first."""
    for entry in of(election):
        yield said(entry)


def broken() -> list[str]:
    """What does not hold in the chain; empty where all of it does."""
    problems, previous, number = [], FIRST, 0
    for entry in LogEntry.objects.select_related("election").order_by("number").iterator(chunk_size=1000):
        number += 1
        if entry.number != number:
            problems.append(f"entry {number} is missing, {entry.number} is in its place")
            number = entry.number
        if sha256(entry.record.encode()) != entry.sha256:
            problems.append(f"entry {number} was changed: its hash is another")
        record = _parsed(entry.record)
        if record.get("number") != number:
            problems.append(f"entry {number} says another number")
        if record.get("election") != (entry.election.slug if entry.election else ""):
            problems.append(f"entry {number} stands in the log of another election")
        if record.get("previous") != previous:
            problems.append(f"entry {number} does not name the one before it")
        previous = entry.sha256
    return problems


def _parsed(text: str) -> Mapping[str, Any]:
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return record if isinstance(record, dict) else {}
