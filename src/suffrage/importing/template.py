"""Texts with holes: `"{dept}-{district}"`, `"{surname|slug}"`.

A hole names a column of the file (or a parameter of the recipe) and may pass it through filters. `{{` and `}}` are
braces that mean themselves.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from suffrage.importing.problems import Problems, listed

Filter = Callable[[str], str]
Bound = Callable[[Sequence[str]], str]
"""A template that knows where its columns stand: from the cells of a row to a text."""

IDENTIFIER_SAID = "1 to 80 letters, digits and - . : _, the first no sign; {column|slug} makes one"

_TOKEN = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]|[^{}]+")
_WORD = re.compile(r"[^\W_]+")
# Latin letters that are no letter with a mark on it, as far as Unicode is concerned.
_LATIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)


def normal(name: str) -> str:
    """The name of a column as it is compared: without blanks around it, accents composed."""
    return unicodedata.normalize("NFC", name.strip())


@lru_cache(maxsize=1 << 16)
def slug(text: str) -> str:
    """Small letters and digits with hyphens between; Latin letters lose their marks, other scripts stay.

    >>> slug("Wałęsa, Lech"), slug("J.FRANÇOIS"), slug("Калинин Михаил")
    ('walesa-lech', 'j-francois', 'калинин-михаил')
    """
    plain: list[str] = []
    for character in unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).lower()):
        if not unicodedata.combining(character) or not (plain and plain[-1].isascii()):
            plain.append(character)
    whole = unicodedata.normalize("NFC", "".join(plain)).translate(_LATIN)
    return "-".join(_WORD.findall(whole))


def _words(text: str) -> str:
    return " ".join(text.split())


_PLAIN: Mapping[str, Filter] = {
    "strip": _words,
    "slug": slug,
    "title": str.title,
    "upper": str.upper,
    "lower": str.lower,
    "first-word": lambda text: text.split(None, 1)[0] if text.strip() else "",
    "without-first-word": lambda text: _words(text).partition(" ")[2],
    "last-word": lambda text: text.split()[-1] if text.strip() else "",
    "without-last-word": lambda text: _words(text).rpartition(" ")[0],
}
_WITH_ARGUMENT: Mapping[str, Callable[[str], Filter]] = {
    "before": lambda mark: lambda text: text.partition(mark)[0].strip(),
    "after": lambda mark: lambda text: text.partition(mark)[2].strip(),
    "pad": lambda width: lambda text: text.zfill(int(width)) if text else "",
}
FILTERS = (*_PLAIN, "before:X", "after:X", "pad:N")


@dataclass(frozen=True, slots=True)
class Hole:
    """One `{name|filter|...}`."""

    name: str
    filters: tuple[Filter, ...]

    def filled(self, value: str) -> str:
        """The value, passed through the filters."""
        for apply in self.filters:
            value = apply(value)
        return value


@dataclass(frozen=True, slots=True)
class Template:
    """A text with holes, and the place in the recipe where it stands."""

    text: str
    place: str
    parts: tuple[str | Hole, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """What its holes name, each once."""
        return tuple(dict.fromkeys(part.name for part in self.parts if isinstance(part, Hole)))

    def bind(
        self, columns: Mapping[str, int], constants: Mapping[str, str], problems: Problems, file: str = ""
    ) -> Bound:
        """Find every hole among the columns of a file, then among the constants; a problem where it is neither."""
        pieces: list[str | tuple[Hole, int]] = []
        for part in self.parts:
            if isinstance(part, str):
                pieces.append(part)
            elif (position := columns.get(part.name)) is not None:
                pieces.append((part, position))
            elif part.name in constants:
                pieces.append(part.filled(constants[part.name]))
            else:
                message = f"no such column in {file}" if file else "no such parameter"
                known = [*columns, *constants]
                problems.add(self.place, message, part.name, f"one of {listed(known, 40)}")
        return _function(pieces)


def _function(pieces: Sequence[str | tuple[Hole, int]]) -> Bound:
    if all(isinstance(piece, str) for piece in pieces):
        constant = "".join(str(piece) for piece in pieces)
        return lambda cells: constant
    if len(pieces) == 1 and isinstance(pieces[0], tuple):
        hole, position = pieces[0]
        return (lambda cells: hole.filled(cells[position])) if hole.filters else (lambda cells: cells[position])

    def filled(cells: Sequence[str]) -> str:
        return "".join(piece if isinstance(piece, str) else piece[0].filled(cells[piece[1]]) for piece in pieces)

    return filled


def parse_template(text: str, place: str, problems: Problems) -> Template:
    """Read a template; a problem for every brace without its partner and every unknown filter."""
    parts: list[str | Hole] = []
    for token in _TOKEN.finditer(text):
        piece = token.group()
        if piece in ("{{", "}}"):
            parts.append(piece[0])
        elif piece in ("{", "}"):
            problems.add(place, "a brace without its partner", text, "{column}, or {{ and }} for braces")
        elif token.group(1) is None:
            parts.append(piece)
        else:
            parts.append(_hole(token.group(1), place, problems))
    return Template(text, place, tuple(parts))


def _hole(inside: str, place: str, problems: Problems) -> Hole:
    name, *chain = inside.split("|")
    if not name.strip():
        problems.add(place, "a hole without a name", "{" + inside + "}", "the name of a column between the braces")
    filters: list[Filter] = []
    for item in chain:
        kind, colon, argument = item.partition(":")
        kind = kind.strip()
        if not colon and kind in _PLAIN:
            filters.append(_PLAIN[kind])
        elif argument and kind in _WITH_ARGUMENT and (kind != "pad" or argument.strip().isdecimal()):
            filters.append(_WITH_ARGUMENT[kind](argument))
        else:
            problems.add(place, "unknown filter", item, f"one of {', '.join(FILTERS)}")
    return Hole(normal(name), tuple(filters))
