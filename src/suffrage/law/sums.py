"""Sums of figures and the checks between them, as a statute file writes them.

`"names + all_struck = valid"`: terms are fields of a return joined by `+` and `-`, each with an optional whole-number
factor or `may_leave` (the most names a valid ballot can hold) before a `*`; two sums are joined by `=`, `<=` or `>=`.
`names` is the sum of the votes of all candidates. The same sum serves one return (ints) and a million (NumPy arrays).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

NAMES = "names"
MAY_LEAVE = "may_leave"

_TERM = re.compile(r"\s*([+-]?)\s*(?:(\d{1,6}|may_leave)\s*\*\s*)?([a-z][a-z_0-9]*)\s*")
_RELATION = re.compile(r"<=|>=|=")

Relation = Literal["=", "<=", ">="]


@dataclass(frozen=True, slots=True)
class Term:
    """`sign * factor * field`; a factor of None stands for `may_leave`."""

    sign: Literal[1, -1]
    factor: int | None
    field: str

    def __str__(self) -> str:
        factor = {None: f"{MAY_LEAVE} * ", 1: ""}.get(self.factor, f"{self.factor} * ")
        return f"{factor}{self.field}"


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum of fields of one return."""

    terms: tuple[Term, ...]

    @property
    def fields(self) -> frozenset[str]:
        """The fields that it speaks of."""
        return frozenset(term.field for term in self.terms)

    def of(self, figures: Mapping[str, Any], may_leave: Any = 1) -> Any:
        """The sum over `figures` (ints, or arrays of one length). KeyError names a field that is not there."""
        total: Any = 0
        for term in self.terms:
            value = figures[term.field]
            if term.factor != 1:
                value = value * (may_leave if term.factor is None else term.factor)
            total = total + value if term.sign > 0 else total - value
        return total

    def __str__(self) -> str:
        text = ""
        for position, term in enumerate(self.terms):
            sign = "-" if term.sign < 0 else "+"
            text += (f" {sign} " if position else sign.replace("+", "")) + str(term)
        return text

    @classmethod
    def parse(cls, text: str) -> Sum:
        """Read a sum; ValueError says what was expected."""
        terms: list[Term] = []
        position = 0
        while position < len(text) or not terms:
            match = _TERM.match(text, position)
            if match is None or (terms and not match[1]):
                raise ValueError('fields of a return joined by "+" or "-", such as "valid + invalid"')
            factor = None if match[2] == MAY_LEAVE else int(match[2] or 1)
            terms.append(Term(-1 if match[1] == "-" else 1, factor, match[3]))
            position = match.end()
        return cls(tuple(terms))


@dataclass(frozen=True, slots=True)
class Equation:
    """Two sums and what holds between them."""

    left: Sum
    relation: Relation
    right: Sum

    @property
    def fields(self) -> frozenset[str]:
        """The fields that it speaks of."""
        return self.left.fields | self.right.fields

    def holds(self, left: Any, right: Any) -> Any:
        """Whether the relation holds between two values of the sums (a bool, or an array of bools)."""
        if self.relation == "=":
            return left == right
        return left <= right if self.relation == "<=" else left >= right

    def __str__(self) -> str:
        return f"{self.left} {self.relation} {self.right}"

    @classmethod
    def parse(cls, text: str) -> Equation:
        """Read a check; ValueError says what was expected."""
        sides = _RELATION.split(text)
        relation = _RELATION.search(text)
        if relation is None or len(sides) != 2:
            raise ValueError('two sums joined by "=", "<=" or ">=", such as "valid + invalid = took_part"')
        return cls(Sum.parse(sides[0]), relation[0], Sum.parse(sides[1]))  # type: ignore[arg-type]


def _parsed(kind: type[Any]) -> Any:
    def read(seen: object) -> Any:
        if isinstance(seen, kind):
            return seen
        if not isinstance(seen, str):
            raise ValueError("text in quotation marks")
        return kind.parse(seen)

    return read


def _as_text(example: str, kind: type[Any]) -> tuple[Any, ...]:
    return (
        BeforeValidator(_parsed(kind)),
        PlainSerializer(str, return_type=str),
        WithJsonSchema({"type": "string", "examples": [example]}),
    )


SumText = Annotated[Sum, *_as_text("valid + invalid", Sum)]
EquationText = Annotated[Equation, *_as_text("names + all_struck = valid", Equation)]
