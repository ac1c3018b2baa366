"""Texts that people gave, made fit to be set: nothing in a name may disturb what stands around it."""

from __future__ import annotations

import re
import unicodedata

from suffrage.words import in_fours

# Overrides and embeddings would turn the rest of a line around; marks of direction inside a name do no harm.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_BREAKS = re.compile(r"[\t-\r\x1c-\x1e\x85\u2028\u2029]+")
_LONG = re.compile(r"[^\s\u200b]{31,}")
_PIECE = 24

# Capital letters of Georgian, for which the fonts have no shapes: the same letters in their usual form.
_GEORGIAN = {capital: capital - 0x1C90 + 0x10D0 for capital in range(0x1C90, 0x1CC0)}


def clean(text: object) -> str:
    """A text as one line, without characters that cannot be set; very long words may break anywhere."""
    line = _BREAKS.sub(" ", _TURNING.sub("", str(text))).translate(_GEORGIAN)
    line = "".join(c if unicodedata.category(c) not in ("Cc", "Cs") else "\N{REPLACEMENT CHARACTER}" for c in line)
    return _LONG.sub(_breakable, line).strip()


def paragraphs(text: object) -> list[str]:
    """A longer text, a paragraph a line."""
    return [line for line in (clean(part) for part in str(text).splitlines()) if line]


def shortened(text: str, most: int) -> str:
    """A text of at most so many characters, with an ellipsis where some are left out."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "\N{HORIZONTAL ELLIPSIS}"


def capital(text: str) -> str:
    """A text with its first letter large. Georgian has no use for large letters."""
    first = text[:1]
    return text if "\u10a0" <= first <= "\u10ff" else first.upper() + text[1:]


def in_lines(digits: str, width: int) -> list[str]:
    """A hash in groups of four, so many digits a line."""
    return [in_fours(line) for line in _pieces(digits, width)]


def _pieces(text: str, size: int) -> list[str]:
    return [text[start : start + size] for start in range(0, len(text), size)]


def _breakable(word: re.Match[str]) -> str:
    return "\u200b".join(_pieces(word[0], _PIECE))
