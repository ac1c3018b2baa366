"""A PostgreSQL of the tests' own, on a socket in a temporary folder; skipped where its programs are not installed."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

_USERS = ("postgres", "nobody")


def programs() -> Path | None:
    """Where initdb and pg_ctl are, the newest of them; None where there are none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def _other_user() -> str | None:
    """Whom the server runs as: it refuses root. None where this process is somebody else already."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in _USERS if name in known)


@contextmanager
def postgres() -> Iterator[str]:
    """Run a server; gives the DATABASE_URL of its first database, of which `new_database` makes others."""
    home = programs()
    if home is None:
        pytest.skip("PostgreSQL's programs (initdb, pg_ctl) are not installed")
    user = _other_user()
    folder = Path(tempfile.mkdtemp(prefix="suffrage-pg-", dir="/tmp"))
    before = ["runuser", "-u", user, "--"] if user else []
    try:
        if user:
            shutil.chown(folder, user)
        base = str(folder / "base")
        _run([*before, str(home / "initdb"), "-D", base, "-U", "suffrage", "-A", "trust", "-E", "UTF8", "--locale=C"])
        options = f"-c listen_addresses='' -k {folder} -c fsync=off -c full_page_writes=off"
        control = [*before, str(home / "pg_ctl"), "-D", base, "-w", "-l", str(folder / "log")]
        _run([*control, "-o", options, "start"])
        try:
            yield f"postgresql://suffrage@/postgres?host={folder}"
        finally:
            _run([*control, "-m", "immediate", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def new_database(url: str) -> str:
    """A new, empty database on the server of a URL, and its own URL."""
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return url.replace("/postgres?", f"/{name}?")


def _run(command: list[str]) -> None:
    # Its output goes to nobody: a server that outlives the command would hold a pipe open.
    done = subprocess.run(command, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120)
    assert done.returncode == 0, f"{command[-1]}: {done.returncode}"
