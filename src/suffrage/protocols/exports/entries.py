"""The small parts that every object of a NIST report is made of: identifiers, texts, typed objects."""

from __future__ import annotations

import re
from typing import Any

_NO_NAME_CHARACTER = re.compile(
    "[^-.0-9A-Za-z"
    "\u00b7\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u037d\u037f-\u1fff\u200c\u200d\u203f\u2040\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff]"
)
"""What may not stand in a name of XML without a colon; and the underscore, which marks what was replaced."""


def identifier(prefix: str, *parts: str) -> str:
    """An identifier of a report, made of identifiers of the election; different ones for different parts.

    The XML form of the standard wants names without a colon that begin with a letter, so the JSON form keeps to it: any
    other character is written as its number in hexadecimal between underscores, and parts are joined by two.
    """
    return f"{prefix}-" + "__".join(_NO_NAME_CHARACTER.sub(_numbered, part) for part in parts)


def _numbered(found: re.Match[str]) -> str:
    return f"_{ord(found[0]):x}_"


def typed(kind: str, **members: Any) -> dict[str, Any]:
    """An object of a class of the standard; members that are None are left out."""
    return {"@type": f"ElectionResults.{kind}"} | {name: value for name, value in members.items() if value is not None}


def entity(kind: str, key: str, **members: Any) -> dict[str, Any]:
    """An object that others refer to."""
    return {"@id": key, **typed(kind, **members)}


def text(content: str, language: str) -> dict[str, Any]:
    """A text in the language of the election."""
    return typed("InternationalizedText", Text=[typed("LanguageString", Content=content, Language=language)])


def known_as(identifier: str) -> list[dict[str, Any]]:
    """The identifier that something has in the election folder and in the tables."""
    return [typed("ExternalIdentifier", Type="other", OtherType="election folder", Value=identifier)]


def count_status(due: int, done: int) -> list[dict[str, Any]]:
    """How far counting is, from how many returns are due and how many have come."""
    status = "completed" if done == due else "in-process" if done else "not-processed"
    return [typed("CountStatus", Type="total", Status=status)]
