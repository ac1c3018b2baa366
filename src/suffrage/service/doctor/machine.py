"""The machine and the data folder: program, disk, permissions, clock of the machine, what runs, the last backup."""

from __future__ import annotations

import os
import platform
import shutil
import socket
import stat
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

import orjson
from django.conf import settings

from suffrage import _core
from suffrage.service import built, folders, secret_key
from suffrage.service.backups import form
from suffrage.service.doctor.check import Check, fails, ok, warning
from suffrage.service.models import Poll, Stage
from suffrage.service.supervisor import ALIVE
from suffrage.words import plural

LEAST_FREE = 256 << 20
"""Bytes of the disk under which no poll should be open."""

_SILENT = 60.0
_BUILT = ("booth.js", "trustee.js", "signing.js", "codes.html")
_BACKUP = timedelta(hours=24)


def program() -> Iterator[Check]:
    """Python, the core, and the code for browsers."""
    uuid = _core.new_uuid()
    _core.public_credential(uuid, _core.new_code())
    yield ok("program", f"suffrage {version('suffrage')}, Python {platform.python_version()}, and the core answers.")
    missing = [name for name in _BUILT if not built.digest(name)]
    if missing:
        said = f"The pages for browsers are not built: {', '.join(missing)}."
        yield fails("pages", said, "Run `npm ci && npm run build` in frontend/, or install a built package.")
    else:
        yield ok("pages", f"The booth is built; its SHA-256 begins with {built.digest('booth.js').hex()[:16]}.")


def disk() -> Iterator[Check]:
    """Free space, against what the archives take."""
    free = shutil.disk_usage(folders.data()).free
    archives = sum(path.stat().st_size for path in folders.urns().glob("*.bel"))
    said = f"{_size(free)} free; the archives take {_size(archives)}."
    if free < LEAST_FREE:
        yield fails("disk", said, f"Make room: at least {_size(LEAST_FREE)}; a full disk stops every urn.")
    elif free < 4 * archives:
        yield warning("disk", said, "Make room: closing, exports and publishing write what the archives take again.")
    else:
        yield ok("disk", said)


def permissions() -> Iterator[Check]:
    """Who can read the data folder and the secrets in it."""
    data = folders.data()
    open_to = data.stat().st_mode & 0o077
    if open_to:
        yield fails("data folder", f"{data} is open to other users of the machine.", f"chmod 700 {data}")
    elif not os.access(data, os.W_OK):
        yield fails("data folder", f"{data} cannot be written by this user.", "Run as the user of the service.")
    else:
        yield ok("data folder", f"{data} is the service's alone.")
    secrets = [data / secret_key.FILE, *sorted(folders.keys().glob("*.privkey"))]
    wrong = [path for path in secrets if not _is_secret(path, data)]
    if wrong:
        named = ", ".join(str(path.relative_to(data)) for path in wrong[:3])
        said = f"{len(wrong)} of {len(secrets)} secret files can be read by others, or are another user's: {named}."
        yield fails("secret files", said, "chmod 400 FILE, and chown it to the user of the service.")
    else:
        yield ok("secret files", f"{len(secrets)} secret files are readable by their owner alone.")


def _is_secret(path: Path, data: Path) -> bool:
    found = path.stat()
    return stat.S_ISREG(found.st_mode) and not found.st_mode & 0o077 and found.st_uid == data.stat().st_uid


def address() -> Iterator[Check]:
    """The public address."""
    url = settings.PUBLIC_URL
    here = url.startswith(("http://127.0.0.1", "http://localhost", "http://[::1]"))
    if settings.SECURE and settings.BEHIND_PROXY:
        yield ok("address", f"The public reaches the service at {url}, through a proxy with TLS.")
    elif settings.SECURE:
        said = f"{url} is an address with TLS, and SUFFRAGE_PROXY is not 1: the proxy's word on addresses is not taken."
        yield warning("address", said, "Set SUFFRAGE_PROXY=1 behind the proxy that speaks TLS.")
    elif here:
        yield warning("address", f"Only this machine reaches {url}.", "For a real poll set SUFFRAGE_URL=https://...")
    else:
        said = f"{url} has no TLS: ballots are sealed, passwords of officials are not."
        yield fails("address", said, "Put a proxy with TLS before it, and set SUFFRAGE_URL=https://...")


def worker(port: int) -> Iterator[Check]:
    """Whether the service runs, and whether its port is free where it does not."""
    alive = folders.data() / ALIVE
    age = time.time() - alive.stat().st_mtime if alive.exists() else None
    taken = _taken(port)
    if age is not None and age < _SILENT:
        yield ok("service", f"It runs: its worker was last seen {max(age, 0):.0f} seconds ago.")
    elif age is None:
        yield warning("service", "It does not run, and never did on this data folder.", "Start it: suffrage serve")
    else:
        said = f"It does not run: its worker was last seen {_long(timedelta(seconds=age))} ago."
        yield warning("service", said, "Start it: suffrage serve. While it does not run, no poll closes.")
    if taken and not (age is not None and age < _SILENT):
        said = f"Port {port} is taken by another program."
        yield warning("port", said, "Choose another: suffrage serve --port N")
    else:
        yield ok("port", f"Port {port} is {'that of the running service' if taken else 'free'}.")


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def backup() -> Iterator[Check]:
    """When the last backup was made."""
    path = folders.data() / form.LAST
    remedy = "suffrage backup --out FILE, and carry the file to another machine."
    ready = Poll.objects.filter(stage=Stage.READY).exists()
    if not path.exists():
        said = "There never was a backup."
        lost = Poll.objects.exists()
        yield warning("backup", said, remedy) if lost else ok("backup", f"{said} There is nothing to lose yet.")
        return
    age = datetime.now(UTC) - datetime.fromisoformat(orjson.loads(path.read_bytes())["at"])
    said = f"The last backup is {_long(age)} old."
    yield warning("backup", said, remedy) if age > _BACKUP and ready else ok("backup", said)


def _long(age: timedelta) -> str:
    minutes = max(0, int(age.total_seconds() // 60))
    if minutes < 120:
        return plural(minutes, "minute")
    return plural(minutes // 60, "hour") if minutes < 2 * 24 * 60 else plural(minutes // (24 * 60), "day")


def _size(number: int) -> str:
    for unit, size in (("GB", 10**9), ("MB", 10**6)):
        if number >= size:
            return f"{number / size:.1f} {unit}"
    return f"{number / 1000:.0f} kB"
