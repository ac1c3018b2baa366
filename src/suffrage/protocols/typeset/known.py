"""Texts that a record holds in English (what is missing, what a check found), said in the language of the paper.

A text is known again by its English template in the data files; one that is not known stands as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cache

from suffrage.protocols.typeset.language import language_of
from suffrage.typeset.language import ENGLISH, Language

_PLACEHOLDER = re.compile(r"\\\{(\w+)\\\}")
_SAID = re.compile(
    r"(?P<place>.+?): (?P<check>.+?)"
    r"(?: \((?P<left>-?\d+)(?: against (?P<right>-?\d+))?\))?(?:, article (?P<article>.+))?"
)
_EQUATION = re.compile(r"[a-z][a-z_0-9]*|<=|>=|\*|\d+|[+=-]|\s+")
_NAME = re.compile(r"[a-z][a-z_0-9]*")
_SIGNS = {"<=": "\N{LESS-THAN OR EQUAL TO}", ">=": "\N{GREATER-THAN OR EQUAL TO}", "*": "\N{MULTIPLICATION SIGN}"}
_MORE = re.compile(r" and \d+ more")


@dataclass(frozen=True)
class Known:
    """Says known texts in a language. `label` names a figure of the law, `names` are those of the candidates."""

    language: Language
    label: Callable[[str], str]
    fields: Collection[str]
    names: frozenset[str] = field(default_factory=frozenset)

    def said(self, text: str) -> str:
        """A text in the language of the paper, figures by their labels; as it stands if it is not known."""
        for key, pattern in _patterns():
            match = pattern.fullmatch(text)
            if match is not None:
                values = {name: self._value(name, value) for name, value in match.groupdict().items()}
                return self.language.say(f"known.{key}", **values)
        return text

    def check(self, text: str) -> str:
        """What a check says: an equation in the labels of its figures, or a known text."""
        parts = _EQUATION.findall(text)
        names = [part for part in parts if _NAME.fullmatch(part)]
        relations = [part for part in parts if part in ("=", "<=", ">=")]
        if "".join(parts) != text or len(relations) != 1 or any(self._term(name) is None for name in names):
            return self.said(text)
        return "".join(_SIGNS.get(part) or self._term(part) or part for part in parts)

    def _term(self, name: str) -> str | None:
        if name in self.fields:
            label = self.label(name)
            return label[:1].lower() + label[1:]
        return self.language.find(f"terms.{name}")

    def _value(self, name: str, value: str) -> str:
        if name in ("names", "gone"):
            return self._listed(value)
        if name in ("seats", "units"):
            return self.language.noun(name, _number(value.rpartition(" ")[0]))
        if name == "expected":
            return self.language.number(_number(value))
        if name == "figure":
            return self._term(value) or value
        if name == "findings":
            return "; ".join(self._finding(part) for part in value.split("; "))
        return value

    def _listed(self, text: str) -> str:
        """A list of names, if it is one of candidates and of nothing else."""
        head, _, last = text.rpartition(" and ")
        names = [*(head.split(", ") if head else ()), last]
        return self.language.listed(names) if self.names.issuperset(names) else text

    def _finding(self, text: str) -> str:
        """One finding as the count says it: `unit: check (left against right), article 12`."""
        more = _MORE.search(text)
        rest = more[0] if more and more.end() == len(text) else ""
        match = _SAID.fullmatch(text.removesuffix(rest))
        if match is None:
            return text
        left, right = (None if match[side] is None else int(match[side]) for side in ("left", "right"))
        check = f"{match['place']}: {self.check(match['check'])}{sides_of(self.language, left, right)}"
        if rest:
            rest = self.language.say("lists.more", number=self.language.number(_number(rest)))
        return check + self.language.article(match["article"] or "") + rest


def sides_of(language: Language, left: int | None, right: int | None) -> str:
    """The two sides of a check in brackets, as far as they are given."""
    sides = [language.number(side) for side in (left, right) if side is not None]
    if len(sides) == 2:
        return language.say("findings.two_sides", left=sides[0], right=sides[1])
    return language.say("findings.one_side", left=sides[0]) if sides else ""


def _number(text: str) -> int:
    digits = "".join(c for c in text if c.isdigit())
    return int(digits) if digits else 0


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The English templates as patterns, the longest fixed text first."""
    templates: Mapping[str, str] = language_of(ENGLISH).words["known"]
    ordered = sorted(templates.items(), key=lambda item: -len(re.sub(r"\{\w+\}", "", item[1])))
    return tuple((key, re.compile(_PLACEHOLDER.sub(r"(?P<\1>.+)", re.escape(text)))) for key, text in ordered)
