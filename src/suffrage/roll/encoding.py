"""In which encoding a file is: by its mark, by its form, and only then by its letters; always the same answer."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

from suffrage.errors import WRONG_USE, Problem, RollError

ENCODINGS = (
    "utf-8", "utf-16", "utf-16-le", "utf-16-be", "windows-1251", "koi8-r", "koi8-u", "iso-8859-5", "cp866",
    "windows-1252", "iso-8859-1", "iso-8859-15", "windows-1250", "iso-8859-2", "windows-1257", "windows-1253",
    "windows-1254",
)  # fmt: skip
"""Encodings to offer to a person; any other that Python knows may be named as well."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UNMARKED = ("utf-16-le", "utf-16-be")
_BINARY = (
    (b"PK\x03\x04", "a workbook (.xlsx, .ods) or another archive"),
    (b"\xd0\xcf\x11\xe0", "a workbook (.xls)"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a compressed file"),
)
# Those that a roll may be in, likeliest first: the first of equal ones is taken.
_GUESSED = (
    "windows-1251", "windows-1252", "koi8-r", "koi8-u", "iso-8859-5", "cp866", "iso-8859-15", "windows-1250",
    "iso-8859-2",
)  # fmt: skip
_SAMPLE = 4000
"""So many different words with letters beyond ASCII are looked at."""
_WORD = re.compile(rb"[A-Za-z'\x80-\xff-]*[\x80-\xff][A-Za-z'\x80-\xff-]*")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_CYRILLIC = re.compile("[\u0400-\u045f\u0490\u0491]")
_PLAIN_SIGNS = frozenset("\u00a0«»„“”‘’–—…№°§€ªº")
# The letters of Russian, Ukrainian and Belarusian text by how often they come, in percent.
_OFTEN = dict(
    zip(
        "оаеинтсрвлкмдпуяыьгзбчйхжшюцщэфъёіїєґў",
        (9.5, 9, 8, 7.5, 7, 5.5, 5, 5, 5, 4.5, 4, 3, 3, 2.5, 2.5, 2, 1.5, 1.5, 1.7, 1.6, 1.6, 1.4, 1.2, 1, 1, 0.8,
         0.6, 0.4, 0.4, 0.3, 0.3, 0.1, 0.2, 2, 0.5, 0.4, 0.1, 0.3),
        strict=True,
    )
)  # fmt: skip
# Letters beyond ASCII of the languages of western, and of middle Europe.
_WESTERN = frozenset("àâäáãåæçèéêëìíîïñòóôöõøœùúûüýÿßšž")
_MIDDLE = frozenset("áäąăâćčçďđéęěëíîłľĺńňóôöőŕřśšșşťţúůüűýźžż")
_HOPELESS = 3.0


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file, the encoding that it was in, and whether that was certain."""

    text: str
    encoding: str
    certain: bool


def decoded(data: bytes, encoding: str = "") -> Decoded:
    """The text of a file, in the encoding that a person named or that it shows.

    RollError (exit code 2) where it is no text in that encoding, or no text at all.
    """
    for beginning, what in _BINARY:
        if data.startswith(beginning):
            raise RollError(
                Problem("the file", f"is {what}", expected="a table as text: save it as CSV"), exit_code=WRONG_USE
            )
    if encoding:
        return Decoded(_strict(data, _known(encoding)), encoding, True)
    for mark, named in _MARKS:
        if data.startswith(mark):
            return Decoded(_strict(data, "utf-8-sig" if named == "utf-8" else named), named, True)
    if b"\0" in data:
        # Commas, digits and line ends have a zero in UTF-16, before them or after them.
        named = "utf-16-le" if data[1::2].count(0) >= data[::2].count(0) else "utf-16-be"
        return Decoded(_strict(data, named), named, True)
    try:
        return Decoded(data.decode("utf-8"), "utf-8", True)
    except UnicodeDecodeError:
        named = guessed(data)
        return Decoded(_strict(data, named), named, False)


def guessed(data: bytes) -> str:
    """The encoding of one byte a letter that makes the most sense of the words of a file."""
    # Equally frequent words are ordered by where they first came, so the sample depends on the file alone.
    words = [word for word, _ in Counter(_WORD.findall(data)).most_common(_SAMPLE)]
    scores = {name: score for name in _GUESSED if (score := _strangeness(words, name)) is not None}
    best = min(scores, key=lambda name: scores[name], default="")
    if best and scores[best] < _HOPELESS:
        return best
    return _foreign(data) or best or "iso-8859-1"


def _foreign(data: bytes) -> str:
    """What charset-normalizer thinks of a file in none of the usual encodings."""
    from charset_normalizer import from_bytes

    best = from_bytes(data[: 1 << 16]).best()
    if best is None:
        return ""
    try:
        data.decode(best.encoding)
    except UnicodeDecodeError:
        return ""
    return best.encoding.replace("_", "-")


def _strangeness(words: list[bytes], encoding: str) -> float | None:
    """How strange words look in an encoding, for each of their letters; None where they cannot be in it."""
    total, letters = 0.0, 0
    for raw in words:
        try:
            word = raw.decode(encoding)
        except UnicodeDecodeError:
            return None
        beyond = [c for c in word if c > "\x7f"]
        letters += len(beyond)
        total += sum(map(_strange, beyond)) + _strange_word(word, encoding)
    return total / max(letters, 1)


def _strange(character: str) -> float:
    low = character.lower()
    if low in _OFTEN:
        return 1.0 - _OFTEN[low] / 10
    if low in _WESTERN:
        return 0.8
    if low in _MIDDLE:
        return 1.0
    if character in _PLAIN_SIGNS:
        return 1.0
    category = unicodedata.category(character)
    return 20.0 if category in ("Cc", "Cn") else 2.5 if category.startswith("L") else 5.0


def _strange_word(word: str, encoding: str) -> float:
    """What is strange about a word beyond its letters: two scripts in it, capitals inside, a row of accents."""
    found = 0.0
    if _CYRILLIC.search(word) and _LATIN.search(word):
        found += 4.0 * len(word)
    for part in re.split(r"['-]", word):
        beyond = [c for c in part if c > "\x7f"]
        if any(c.isupper() for c in part[1:]) and any(c.islower() for c in part):
            found += 3.0 * len(beyond)
        run = max((len(one) for one in re.findall("[\u00c0-\u024f]+", part)), default=0)
        if run > 2:
            found += 2.0 * len(beyond)
    return found


def _known(encoding: str) -> str:
    try:
        name = codecs.lookup(encoding).name
        "".encode(name)
    except (LookupError, ValueError):
        raise RollError(
            Problem("encoding", "is not known", encoding, f"one such as {', '.join(ENCODINGS[:6])}"),
            exit_code=WRONG_USE,
        ) from None
    return "utf-8-sig" if name == "utf-8" else name


def _strict(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].decode(encoding, "replace").replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
        raise RollError(
            Problem(f"line {line}", "bytes that are no text", data[error.start : error.end].hex(" "), encoding),
            exit_code=WRONG_USE,
        ) from None
    # The other encodings take their mark off themselves; a second one is part of the first line.
    return text.removeprefix("\ufeff") if encoding in _UNMARKED else text
