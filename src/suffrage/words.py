"""Figures, shares and lists as words of a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

_WORDS = {2: "half", 3: "third", 4: "quarter", 5: "fifth", 8: "eighth", 10: "tenth"}


def grouped(number: int) -> str:
    """A figure with its digits in groups of three."""
    return f"{number:,}".replace(",", "\N{NO-BREAK SPACE}")


def percent(part: int, whole: int) -> str:
    """A share with one decimal, cut (not rounded), so that 49.99 % never reads as 50.0 %; empty if it is of nothing."""
    if whole <= 0:
        return ""
    tenths = part * 1000 // whole
    return f"{tenths // 10}.{tenths % 10} %"


def in_fours(digits: str) -> str:
    """Hexadecimal digits in groups of four, as people compare them or read them aloud."""
    return " ".join(digits[place : place + 4] for place in range(0, len(digits), 4))


def share_words(share: Fraction) -> str:
    """A share in words: half, a quarter, two thirds, 12.5 %."""
    if share.denominator == 2:
        return "half"
    if share.numerator == 1 and share.denominator in _WORDS:
        return f"{'an' if share.denominator == 8 else 'a'} {_WORDS[share.denominator]}"
    percent = share * 100
    if percent.denominator == 1:
        return f"{percent} %"
    return f"{share.numerator}/{share.denominator}"


def plural(number: int, one: str, many: str = "") -> str:
    """A number with its noun."""
    return f"{grouped(number)} {one if number == 1 else many or one + 's'}"


def listed(names: Sequence[str]) -> str:
    """Names in a sentence: A; A and B; A, B and C."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else "nobody"
