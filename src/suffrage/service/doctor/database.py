"""The database: whether it answers, has the right form, keeps what it is told, and agrees about the time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from suffrage.service import accounts, log
from suffrage.service.doctor.check import Check, fails, ok, warning
from suffrage.service.models import LogEntry, Membership

OLDEST_POSTGRESQL = 140000
_APART, _FAR_APART = 2.0, 30.0


def reached() -> Iterator[Check]:
    """Whether the database answers."""
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        # To connect would make an empty one.
        yield fails("database", "There is none yet.", "Start `suffrage serve`, or restore a backup.")
        return
    connection.ensure_connection()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA journal_mode")
            mode = str(cursor.fetchone()[0])
            cursor.execute("SELECT sqlite_version()")
            said = f"SQLite {cursor.fetchone()[0]}, journal {mode}."
            if mode != "wal":
                remedy = "Put the data folder on a local disk: a network disk cannot keep a write-ahead log."
                yield fails("database", said, remedy)
                return
            cursor.execute("PRAGMA quick_check(1)")
            if (found := str(cursor.fetchone()[0])) != "ok":
                yield fails("database", f"{said} Its file is damaged: {found[:100]}", "Restore the last backup.")
                return
            yield ok("database", f"{said} Its file is sound.")
            return
        cursor.execute("SELECT current_setting('server_version_num')::int, current_setting('server_version')")
        number, name = cursor.fetchone()
        cursor.execute("SELECT current_setting('fsync'), current_setting('synchronous_commit')")
        fsync, commit = cursor.fetchone()
    if number < OLDEST_POSTGRESQL:
        yield fails("database", f"PostgreSQL {name} is too old.", "Use PostgreSQL 14 or newer.")
    elif "off" in (fsync, commit):
        said = f"PostgreSQL {name} does not wait for its disk (fsync {fsync}, synchronous_commit {commit})."
        yield warning("database", said, "Turn both on: after a power cut acts would be lost.")
    else:
        yield ok("database", f"PostgreSQL {name}, waits for its disk.")


def migrated() -> Iterator[Check]:
    """Whether the database has the form that this version needs."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    unknown = set(executor.loader.applied_migrations) - set(executor.loader.graph.nodes)
    replaced = {old for migration in executor.loader.replacements.values() for old in migration.replaces}
    if unknown - replaced:
        said = "The database is of a newer version of suffrage."
        yield fails("form of the database", said, "Install the version that made it.")
    elif plan:
        said = f"{len(plan)} changes of form wait."
        yield fails("form of the database", said, "Make a backup, then start `suffrage serve`: it makes them.")
    else:
        yield ok("form of the database", "It is that of this version.")


def time() -> Iterator[Check]:
    """Whether the machine's clock agrees with the database's, and with what was written already."""
    here = datetime.now(UTC)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            apart = abs((cursor.fetchone()[0] - here).total_seconds())
        said = f"The clocks of this machine and of the database are {apart:.1f} seconds apart."
        if apart > _APART:
            made = fails if apart > _FAR_APART else warning
            yield made("clock", said, "Keep both right with NTP (chrony, systemd-timesyncd): polls close by the clock.")
            return
    last = LogEntry.objects.order_by("-number").first()
    moments = [datetime.fromisoformat(json.loads(last.record)["at"])] if last else []
    ahead = max(((moment - here).total_seconds() for moment in moments), default=0.0)
    if ahead > _APART:
        said = f"The last entry of the log is {ahead:.0f} seconds in the future: the clock was set back."
        yield fails("clock", said, "Set the clock right, with NTP.")
    else:
        yield ok("clock", f"It is {here:%Y-%m-%d %H:%M:%S} UTC; nothing in the log is later.")


def chain() -> Iterator[Check]:
    """Whether the log of acts is whole."""
    if broken := log.broken():
        said = f"It does not hold: {broken[0]}."
        yield fails("log", said, "Somebody changed the database. Compare with a backup and with what was published.")
    else:
        yield ok("log", f"{LogEntry.objects.count()} acts, each names the one before it.")


def officials() -> Iterator[Check]:
    """Whether every official has a second factor."""
    members = Membership.objects.filter(user__is_active=True).select_related("user")
    people = {member.user_id: member for member in members}
    without = [member for member in people.values() if not accounts.has_second_factor(member.user)]
    if without:
        named = ", ".join(sorted(member.name for member in without)[:5])
        named += f", and {len(without) - 5} more" if len(without) > 5 else ""
        said = f"{len(without)} of {len(people)} officials have none: {named}."
        yield warning("second factor", said, "Each sets one under their account: an authenticator or a passkey.")
    else:
        yield ok("second factor", f"All {len(people)} officials have one." if people else "There is no official yet.")
