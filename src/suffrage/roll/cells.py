"""One cell of a roll: cleaned of what only typing left there, and what is wrong with it."""

from __future__ import annotations

import re
import unicodedata

from suffrage.roll.model import Reason

LONGEST = {"id": 64, "name": 200, "email": 254, "address": 600, "unit": 200, "language": 40}
MOST_ADDRESS_LINES = 8

# What a spreadsheet would compute instead of showing. Spreadsheets take the full-width signs for the plain ones.
_FORMULA = re.compile("'*[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]")
_FORMULA_SIGNS = frozenset("'=+-@\t\r\uff1d\uff0b\uff0d\uff20")
_NEUTRALISED = re.compile("'+[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]")
# Controls, separators of lines, what turns a line around, and halves of characters.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ue000-\uf8ff\ufff9-\ufffb]")
_NOTHING = str.maketrans(dict.fromkeys("\u200b\u2060\ufeff\u00ad"))
_LOST = "\N{REPLACEMENT CHARACTER}"


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet would take a cell for a formula; so too one that was made harmless before."""
    return text[:1] in _FORMULA_SIGNS and _FORMULA.match(text) is not None


def neutral(text: str) -> str:
    """A cell for a file that a spreadsheet may open: with an apostrophe before what it would take for a formula."""
    return f"'{text}" if looks_like_formula(text) else text


def original(text: str) -> str:
    """The cell that `neutral` was given."""
    return text[1:] if _NEUTRALISED.match(text) else text


def clean(text: str, field: str) -> tuple[str, Reason | None]:
    """A cell in one spelling (NFC, single spaces), and why it cannot be taken, if it cannot.

    The lines of an address are kept apart.
    """
    if text.isprintable() and "  " not in text and unicodedata.is_normalized("NFC", text):
        found = text.strip()
    else:
        if _UNSEEN.search(text) or ("\n" in text.strip() and field != "address"):
            return text, Reason.CONTROL_CHARACTERS
        lines = (" ".join(line.split()) for line in unicodedata.normalize("NFC", text.translate(_NOTHING)).split("\n"))
        found = "\n".join(line for line in lines if line)
    if len(found) > LONGEST.get(field, LONGEST["name"]) or ("\n" in found and found.count("\n") >= MOST_ADDRESS_LINES):
        return found, Reason.TOO_LONG
    return found, None


def was_damaged(text: str) -> bool:
    """Whether a program that had the file before could not read one of its characters."""
    return _LOST in text


def match_key(text: str) -> str:
    """What spellings of one name have in common."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
