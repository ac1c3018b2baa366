"""The database: SQLite in the data folder unless DATABASE_URL names another."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.db.backends.signals import connection_created

from suffrage.errors import WRONG_USE, Problem, SuffrageError

SQLITE = "db.sqlite3"


def configuration(url: str, data: Path) -> dict[str, Any]:
    """Django's settings of the database that a URL names; SuffrageError (exit code 2) where it names none."""
    if not url:
        return _sqlite(data / SQLITE)
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path)))
    # Neither the URL nor its password is repeated.
    expected = "postgresql://USER:PASSWORD@HOST:PORT/NAME, or sqlite:///PATH"
    if parts.scheme not in ("postgresql", "postgres"):
        raise SuffrageError(
            Problem("DATABASE_URL", "is no address of a database", parts.scheme, expected), exit_code=WRONG_USE
        )
    try:
        port = parts.port
    except ValueError:
        raise SuffrageError(Problem("DATABASE_URL", "has no right port", "", expected), exit_code=WRONG_USE) from None
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or "") or dict(parse_qsl(parts.query)).get("host", ""),
        "PORT": port or "",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {},
    }


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        # A writer waits for another one; and takes its lock at the beginning, so that it never has to give up later.
        "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE"},
    }


def _prepare(sender: object, connection: Any, **kwargs: object) -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode=WAL")
            cursor.execute("PRAGMA synchronous=FULL")
            # What is wiped is gone from the file as well, and the write-ahead log does not keep it for long.
            cursor.execute("PRAGMA secure_delete=ON")
            cursor.execute("PRAGMA journal_size_limit=0")


def listen() -> None:
    """Give every new connection of SQLite its write-ahead log, and durable commits."""
    connection_created.connect(_prepare, dispatch_uid="suffrage.service.database")
