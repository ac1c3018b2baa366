"""The law's checks between the figures of a return, in words that a committee reads beside the boxes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from suffrage.law import Rules
from suffrage.law.sums import NAMES, Equation, Sum
from suffrage.typeset.grouping import NO_BREAK
from suffrage.typeset.language import Language

_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without I and O, which are read as a word and as figures."""

_RELATIONS = {"=": "eq", "<=": "le", ">=": "ge"}


@dataclass(frozen=True, slots=True)
class Letters:
    """The letter of every figure of a return, in the order of the law; last the votes for all candidates together."""

    of: Mapping[str, str]

    @classmethod
    def for_rules(cls, rules: Rules) -> Letters:
        """The letters of the returns of a law."""
        return cls({name: _letter(place) for place, name in enumerate((*rules.returns.fields, NAMES))})

    def sum(self, total: Sum, most: int) -> str:
        """A sum as it is written on the form: A + B, 2 x C where a ballot may hold two names."""
        text = ""
        for place, term in enumerate(total.terms):
            sign = "\N{MINUS SIGN}" if term.sign < 0 else "+"
            factor = most if term.factor is None else term.factor
            times = "" if factor == 1 else f"{factor}{NO_BREAK}\N{MULTIPLICATION SIGN}{NO_BREAK}"
            before = f"{NO_BREAK}{sign} " if place else sign.replace("+", "")
            text += f"{before}{times}{self.of[term.field]}"
        return text


def checks_in_words(rules: Rules, most: int, language: Language) -> list[str]:
    """Every check of a law that holds for ballots with so many names at most, with its article."""
    letters = Letters.for_rules(rules)
    kinds = ("any", "one" if most == 1 else "several")
    return [
        _sentence(check.check, check.otherwise, letters, most, language) + language.article(check.article)
        for check in rules.returns.checks
        if check.names in kinds and check.check.fields <= letters.of.keys()
    ]


def _sentence(equation: Equation, otherwise: str, letters: Letters, most: int, language: Language) -> str:
    return language.say(
        f"station.checks.{otherwise}_{_RELATIONS[equation.relation]}",
        left=letters.sum(equation.left, most),
        right=letters.sum(equation.right, most),
    )


def _letter(place: int) -> str:
    turns, rest = divmod(place, len(_ALPHABET))
    return (_ALPHABET[turns - 1] if turns else "") + _ALPHABET[rest]
