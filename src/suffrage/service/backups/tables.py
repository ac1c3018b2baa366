"""The tables of the database, as rows of JSON: read in one snapshot, and put into an empty database."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import orjson
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Field, Model

from suffrage.errors import Problem, ServiceError
from suffrage.service.models import MailStatus

LEFT_OUT = frozenset(
    {
        "sessions.session",  # who is signed in
        "service.doorcode",  # one-time codes of the door
        "account.emailconfirmation",  # its keys are tokens
        "django_tasks_database.dbtaskresult",  # what waits for the worker is queued again by the clock
    }
)
KEPT_MAIL = frozenset({"second-ballot", "new-election"})
"""Mail without a code or a link that lets somebody in: it may still be sent after a restore."""

_PART = 4 << 20
_AT_ONCE = 2000
Row = dict[str, Any]


@contextmanager
def snapshot() -> Iterator[None]:
    """One moment of the database, to which nothing is written meanwhile; the service goes on."""
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    sqlite: Any = connection
    mode, sqlite.transaction_mode = sqlite.transaction_mode, "DEFERRED"
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            # The snapshot of a deferred transaction is that of its first reading.
            cursor.execute("SELECT COUNT(*) FROM sqlite_master")
            yield
    finally:
        sqlite.transaction_mode = mode


def ordered(models: Iterable[type[Model]]) -> list[type[Model]]:
    """Models after those that they refer to."""
    left = sorted((m for m in models if m._meta.managed and not m._meta.proxy), key=lambda m: m._meta.label_lower)
    done: list[type[Model]] = []
    while left:
        known = {model._meta.label_lower for model in done}
        ready = [model for model in left if _refers_to(model) <= known | {model._meta.label_lower}]
        if not ready:
            raise ServiceError(Problem("the database", "has tables that refer to each other in a circle"))
        done += ready
        left = [model for model in left if model not in ready]
    return done


def _refers_to(model: type[Model]) -> set[str]:
    fields = model._meta.concrete_fields
    return {field.remote_field.model._meta.label_lower for field in fields if field.remote_field is not None}


def parts(model: type[Model]) -> Iterator[tuple[bytes, int]]:
    """The rows of a table in parts of a few megabytes, each with how many they are."""
    names = [field.attname for field in model._meta.concrete_fields]
    change = _CHANGED.get(model._meta.label_lower)
    head = orjson.dumps(names) + b"\n"
    lines, size = [head], 0
    rows = model._base_manager.order_by("pk").values_list(*names)
    for values in rows.iterator(chunk_size=_AT_ONCE):
        row = change(dict(zip(names, values, strict=True))).values() if change else values
        line = orjson.dumps(list(row), default=_as_text) + b"\n"
        lines.append(line)
        size += len(line)
        if size >= _PART:
            yield b"".join(lines), len(lines) - 1
            lines, size = [head], 0
    yield b"".join(lines), len(lines) - 1


def _as_text(value: object) -> str:
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    raise TypeError(type(value).__name__)


def _mail(row: Row) -> Row:
    """A mail without the code or the link in it; such a one is not sent after a restore."""
    if row["purpose"] in KEPT_MAIL:
        return row
    if row["status"] == MailStatus.QUEUED:
        row = {**row, "status": MailStatus.FAILED.value, "answer": "its text is in no backup"}
    return {**row, "body": ""}


_CHANGED: Mapping[str, Callable[[Row], Row]] = {"service.mail": _mail}


def applied() -> list[list[str]]:
    """The form of the database: its migrations."""
    return [list(name) for name in sorted(MigrationExecutor(connection).loader.applied_migrations)]


class Filling:
    """An empty database that is given the form that a backup had, then its rows, then the form of this version."""

    def __init__(self, migrations: Sequence[Sequence[str]]) -> None:
        executor = MigrationExecutor(connection)
        wanted = {(app, name) for app, name in migrations}
        if unknown := wanted - set(executor.loader.graph.nodes):
            expected = "a version of suffrage at least as new as the one that made the backup"
            raise ServiceError(Problem("the backup", "is of a newer version", str(sorted(unknown)[0]), expected))
        last = [node for node in wanted if not any(n in wanted and n[0] == node[0] for n in _after(executor, node))]
        state = executor.migrate(last)
        models = ordered(state.apps.get_models(include_auto_created=True))
        self._models = {model._meta.label_lower: model for model in models}
        self.rows: dict[str, int] = {}
        self._table = ""
        # Migrations may have made rows, which are in the backup too.
        with connection.cursor() as cursor:
            for model in reversed(models):
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")

    def add(self, table: str, part: bytes) -> None:
        """Put a part of a table in."""
        model = self._models.get(table)
        lines = part.splitlines()
        if model is None or not lines:
            raise ServiceError(Problem("the backup", "holds a table that there is not", table))
        fields: list[Field[Any, Any]] = list(model._meta.concrete_fields)
        by_name = {field.attname: field for field in fields}
        names: list[str] = orjson.loads(lines[0])
        if set(names) != set(by_name):
            raise ServiceError(Problem(f"the backup, table {table}", "has other columns", ", ".join(names)))
        taken = [by_name[name] for name in names]
        if connection.vendor == "postgresql" and table != self._table:
            # What the table before refers to is checked now: the server remembers every row until then.
            connection.check_constraints()
        self._table = table
        self._insert(model, taken, (_values(taken, line) for line in lines[1:]))
        self.rows[table] = self.rows.get(table, 0) + len(lines) - 1

    def _insert(self, model: type[Model], fields: Sequence[Field[Any, Any]], rows: Iterator[list[Any]]) -> None:
        quoted = connection.ops.quote_name
        table, columns = quoted(model._meta.db_table), ", ".join(quoted(str(field.column)) for field in fields)
        with connection.cursor() as opened:
            cursor: Any = opened
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
            else:
                places = ", ".join(["%s"] * len(fields))
                cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", rows)

    def finish(self) -> None:
        """Check what refers to what, and go on counting where the backup stopped."""
        connection.check_constraints()
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), list(self._models.values())):
                cursor.execute(statement)


def upgrade() -> None:
    """Bring a database that was filled to the form of this version."""
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def _after(executor: MigrationExecutor, node: tuple[str, str]) -> set[tuple[str, str]]:
    return {child.key for child in executor.loader.graph.node_map[node].children}


def _values(fields: Sequence[Field[Any, Any]], line: bytes) -> list[Any]:
    row = orjson.loads(line)
    return [
        field.get_db_prep_save(field.to_python(value), connection) for field, value in zip(fields, row, strict=True)
    ]
