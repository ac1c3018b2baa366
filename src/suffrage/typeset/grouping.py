"""Digits in groups of three, as each language sets them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

NO_BREAK, NARROW = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"
_MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True, slots=True)
class Grouping:
    """What stands between groups, and from how many digits on a number is grouped."""

    separator: str = NO_BREAK
    least_digits: int = 4

    def text(self, number: int) -> str:
        """A number inside a sentence."""
        return self._grouped(number, len(str(abs(number))) >= self.least_digits)

    def column(self, numbers: Sequence[int]) -> list[str]:
        """Numbers beneath each other: if one of them is grouped, all are, or their digits would not be in line."""
        longest = max((len(str(abs(number))) for number in numbers), default=0)
        return [self._grouped(number, longest >= self.least_digits) for number in numbers]

    def _grouped(self, number: int, group: bool) -> str:
        digits = f"{abs(number):,}".replace(",", self.separator) if group else str(abs(number))
        return f"{_MINUS}{digits}" if number < 0 else digits


# Russian, Ukrainian, Belarusian, Bulgarian, Polish and Spanish leave four digits together.
_BY_LANGUAGE = {
    "fr": Grouping(NARROW),
    **dict.fromkeys(("ru", "uk", "be", "bg", "pl", "es"), Grouping(NO_BREAK, 5)),
}


def grouping_of(language: str) -> Grouping:
    """How a language (its first subtag, in small letters) groups digits; no-break spaces where unknown."""
    return _BY_LANGUAGE.get(language, Grouping())
