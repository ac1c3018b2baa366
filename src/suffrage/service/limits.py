"""How often something may be asked for: counted in this process, which is the only one that answers."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest


def too_many(purpose: str, what: str, most: int, seconds: int) -> bool:
    """Count one more of a purpose (of an address, of a credential); whether there were more than `most` in a while."""
    key = hashlib.sha256(f"{purpose}|{what}".encode()).hexdigest()
    if cache.add(key, 1, seconds):
        return False
    try:
        return cache.incr(key) > most
    except ValueError:
        return False


def address(request: HttpRequest) -> str:
    """The network address that a request comes from; behind a proxy the one that the proxy saw."""
    if settings.BEHIND_PROXY:
        return request.headers.get("X-Forwarded-For", "").split(",")[-1].strip() or "proxy"
    return str(request.META.get("REMOTE_ADDR", ""))
