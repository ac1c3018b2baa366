"""Canonical JSON (RFC 8785): the same data give the same bytes, so that a hash or a signature speaks of the data."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import orjson
import rfc8785

_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER
# The first bytes, in UTF-8, of the characters that UTF-16 does not order as Unicode does.
_BEYOND = re.compile(rb"[\xee-\xf4]")


def canonical(value: Any) -> bytes:
    """The canonical bytes of texts, whole numbers, truth values, null, and lists and objects of them; no fractions.

    orjson gives the same bytes as RFC 8785 where no character lies beyond those that UTF-16 orders as Unicode does,
    and is many times faster; the rest goes to the library of the RFC. ValueError where a text is none of Unicode (a
    lone surrogate) or a number is beyond 2^53.
    """
    try:
        data = orjson.dumps(value, option=_OPTIONS)
    except orjson.JSONEncodeError as error:
        raise ValueError(str(error)) from None
    if not data.isascii() and _BEYOND.search(data):
        return rfc8785.dumps(value)
    return data


def sha256(data: bytes) -> str:
    """The SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def _holds_fraction(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_holds_fraction, value.values()))
    if isinstance(value, list):
        return any(map(_holds_fraction, value))
    return isinstance(value, float)


def strict_json(data: bytes) -> Any:
    """The value of canonical JSON bytes. ValueError where they are no JSON or not canonical (doubled keys included)."""
    value = orjson.loads(data)
    if _holds_fraction(value):
        raise ValueError("a number that is not whole")
    if canonical(value) != data:
        raise ValueError("not canonical JSON")
    return value
