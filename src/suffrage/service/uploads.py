"""Files between two steps of a page: they lie in the data folder under a random name, and are gone after hours."""

from __future__ import annotations

import os
import re
import secrets
import time
from pathlib import Path

from suffrage.service import folders

LONGEST = 8 * 3600
"""Seconds for which a file is kept that nobody came back for."""

_NAME = re.compile(r"[0-9a-f]{32}")


def _folder() -> Path:
    made = folders.data() / "uploads"
    made.mkdir(mode=0o700, parents=True, exist_ok=True)
    return made


def keep(data: bytes) -> str:
    """Put a file aside; gives the name under which it is found again, which belongs into the session alone."""
    for old in _folder().iterdir():
        if old.stat().st_mtime < time.time() - LONGEST:
            old.unlink(missing_ok=True)
    name = secrets.token_hex(16)
    descriptor = os.open(_folder() / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    return name


def found(name: str) -> bytes | None:
    """A file that was put aside; None where it is gone."""
    if not _NAME.fullmatch(name):
        return None
    try:
        return (_folder() / name).read_bytes()
    except FileNotFoundError:
        return None


def drop(name: str) -> None:
    """Remove a file that was put aside."""
    if _NAME.fullmatch(name):
        (_folder() / name).unlink(missing_ok=True)
