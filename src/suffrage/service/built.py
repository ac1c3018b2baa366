"""The code that runs in browsers, as it was built: where it lies, and the hash that people compare."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings

_STATIC = Path(__file__).parent / "static"


@cache
def _digest(path: Path, changed: int) -> bytes:
    return hashlib.sha256(path.read_bytes()).digest()


def digest(name: str) -> bytes:
    """The SHA-256 of a built file; empty where it was not built."""
    path = _STATIC / "built" / name
    try:
        return _digest(path, path.stat().st_mtime_ns)
    except OSError:
        return b""


def integrity(name: str) -> str:
    """The same in the form in which a page tells the browser: it runs no other code than this."""
    found = digest(name)
    return f"sha256-{base64.b64encode(found).decode()}" if found else ""


def url(name: str) -> str:
    """Where a built file is served."""
    return f"{settings.STATIC_URL}built/{name}"
