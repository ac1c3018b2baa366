"""What a single rule is: a value or the statement that there is none, with its article and its certainty."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Any, ClassVar, Generic, Literal, Self, TypeVar

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StrictInt,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import ArgsKwargs

T = TypeVar("T")


class Gap(StrEnum):
    """A rule that has no value: the law does not speak of it, or it has no place in this system."""

    SILENT = "silent"
    NOT_APPLICABLE = "not_applicable"


class Certainty(StrEnum):
    """How well a rule is known to whoever wrote the statute file."""

    READ = "read"
    SECONDARY = "secondary"
    RECALLED = "recalled"
    DECIDED = "decided"


_NUMBER = re.compile(r"[0-9]+([/.][0-9]+)?")
"""What a share may be written as; `Fraction` would also take "1e999999999", and work on it for ever."""


def _share(seen: object) -> Fraction:
    """A share as people write it: "1/2", "25 %", "0.125"; never a binary floating-point number."""
    if isinstance(seen, Fraction):
        value = seen
    elif isinstance(seen, str):
        text = seen.replace(" ", "")
        percent = text.endswith("%")
        number = text.removesuffix("%")
        try:
            value = Fraction(number if _NUMBER.fullmatch(number) else "")
        except (ValueError, ZeroDivisionError):
            raise ValueError('a share such as "1/2" or "25 %"') from None
        value = value / 100 if percent else value
    elif isinstance(seen, int) and not isinstance(seen, bool):
        value = Fraction(seen)
    else:
        raise ValueError('a share in quotation marks, such as "1/2" or "25 %"')
    if not 0 <= value <= 1:
        raise ValueError("a share from 0 to 1")
    return value


Share = Annotated[
    Fraction,
    BeforeValidator(_share),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "description": 'a share: "1/2", "25 %"', "examples": ["1/2", "25 %"]}),
]

Count = Annotated[StrictInt, Field(ge=0)]

Base = Literal["registered", "issued", "took_part", "valid_ballots"]
"""What a share is a share of. *Took part* means ballots found in the urn or box."""


@dataclass(frozen=True, kw_only=True)
class Provision:
    """Where a rule comes from. `article` is empty only in a file whose rules have no articles."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    article: str = ""
    certainty: Certainty = Certainty.READ
    note: str = ""

    @model_validator(mode="before")
    @classmethod
    def _from_bare_value(cls, seen: Any) -> Any:
        """`seats = 1` is short for `seats = { value = 1 }`."""
        return seen if isinstance(seen, dict | ArgsKwargs | Provision) else {"value": seen}


@dataclass(frozen=True, kw_only=True)
class Rule(Provision, Generic[T]):
    """A rule with one value. A gap is tried first, or "silent" would be a text like any other."""

    value: Annotated[Gap | T, Field(union_mode="left_to_right")]

    @property
    def known(self) -> T | None:
        """The value, or None where the law is silent or the rule does not apply."""
        return None if isinstance(self.value, Gap) else self.value

    @classmethod
    def gap(cls, gap: Gap = Gap.NOT_APPLICABLE, article: str = "") -> Self:
        """A rule without a value."""
        return cls(value=gap, article=article)


@dataclass(frozen=True, kw_only=True)
class ShareRule(Provision):
    """A share of a base: `{ value = "1/2", base = "valid_ballots", article = "104" }`."""

    value: Share | Gap
    base: Base | None = None

    @property
    def known(self) -> tuple[Fraction, Base] | None:
        """The share and its base, or None where the rule has no value."""
        if isinstance(self.value, Gap) or self.base is None:
            return None
        return self.value, self.base


@dataclass(frozen=True, kw_only=True)
class TermRule(Provision):
    """What follows, and within how many days: `{ value = "new-election", within_days = 14 }`."""

    value: Literal["new-election", "supplementary-election", "vacant"] | Gap
    within_days: Count | None = None


@dataclass(frozen=True, kw_only=True)
class WithdrawalRule(Provision):
    """What happens when a finalist leaves before the second ballot.

    `moves_days` is by how many days the second ballot then moves.
    """

    value: Literal["other-stands-alone", "the-rest-stand", "next-replaces"] | Gap
    moves_days: Count = 0


@dataclass(frozen=True, kw_only=True)
class Deadline(Provision):
    """A moment relative to polling day, or a term that starts with some other event.

    Exactly one of: `before` (whole days before polling day), `after` (days after it), `within` (days from `of`, an
    event named in words, such as a complaint).
    """

    before: Count | None = None
    after: Count | None = None
    within: Count | None = None
    of: str = ""
    title: str = ""
    value: Gap | None = None
