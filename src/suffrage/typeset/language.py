"""The language of a paper: its fixed words, numbers, days and lists."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from suffrage.typeset.clean import capital
from suffrage.typeset.grouping import NO_BREAK, Grouping

ENGLISH = "en"

_TAG = re.compile(r"([a-z]{2,3})(?:-[a-z]{4})?(?:-([a-z]{2}))?(?:-.*)?", re.IGNORECASE)
_SHARES = {2: "half", 3: "third", 4: "quarter", 5: "fifth", 8: "eighth", 10: "tenth"}


def parts_of(tag: str) -> tuple[str, str]:
    """The language and the region (empty where there is none) of a tag of BCP 47; English where it is no such tag."""
    match = _TAG.fullmatch(tag)
    return (match[1].lower(), (match[2] or "").upper()) if match else (ENGLISH, "")


@dataclass(frozen=True)
class Language:
    """The words of one language.

    `code` and `region` are those of the tag, for hyphenation and for readers of the file. `words` are nested tables;
    a text is named by its path, such as `facts.seats`. `spoken` is the language that the words are in.
    """

    code: str
    region: str
    spoken: str
    words: Mapping[str, Any]
    grouping: Grouping

    def say(self, path: str, **values: str) -> str:
        """A text with its placeholders filled. KeyError if there is none of that path, or a value is not given."""
        found = self.find(path)
        if found is None:
            raise KeyError(path)
        return found.format_map(values)

    def find(self, path: str) -> str | None:
        """A text as the data file has it, or None."""
        found: Any = self.words
        for name in path.split("."):
            found = found.get(name) if isinstance(found, Mapping) else None
        return found if isinstance(found, str) else None

    def number(self, number: int) -> str:
        """A number inside a sentence."""
        return self.grouping.text(number)

    def noun(self, name: str, number: int) -> str:
        """A number with its noun."""
        forms = self.words["nouns"][name]
        text: str = forms.get(plural_form(self.spoken, number), forms["other"])
        return text.format(n=self.number(number))

    def listed(self, names: Sequence[str]) -> str:
        """Names in a sentence: A; A and B; A, B and C."""
        if not names:
            return self.say("lists.nobody")
        if len(names) == 1:
            return names[0]
        return self.say("lists.two", first=", ".join(names[:-1]), last=names[-1])

    def day(self, iso: str) -> str:
        """A day (ISO 8601) in words; as it stands where it is none."""
        try:
            day = date.fromisoformat(iso)
        except ValueError:
            return iso
        path = "date.first" if day.day == 1 else "date.day"
        month = self.words["date"]["months"][day.month - 1]
        return self.say(path, day=str(day.day), month=month, year=str(day.year))

    def share(self, share: Fraction) -> str:
        """A share in words: half, a quarter, 35 %, 2/3."""
        if share.denominator in _SHARES and share.numerator == 1:
            return self.say(f"shares.{_SHARES[share.denominator]}")
        percent = share * 100
        if percent.denominator == 1:
            return self.say("shares.percent", percent=str(percent))
        return f"{share.numerator}/{share.denominator}"

    def article(self, article: str) -> str:
        """The article in brackets and on one line, a space before it; nothing where the law has none."""
        return self.say("article.suffix", article=article.replace(" ", NO_BREAK)) if article else ""

    def ballot(self, ballot: int) -> str:
        """Which ballot."""
        return self.say("ballots.first" if ballot == 1 else "ballots.second")

    def label(self, label: str) -> str:
        """The label of a figure: in this language where it is known, else as the law has it."""
        return capital(self.words["labels"].get(label, label))


def plural_form(language: str, number: int) -> str:
    """The plural category of a whole number (Unicode CLDR) in a language that has words of its own."""
    number = abs(number)
    if language == "ru":
        tens, ones = number % 100, number % 10
        if ones == 1 and tens != 11:
            return "one"
        return "few" if ones in (2, 3, 4) and tens not in (12, 13, 14) else "many"
    return "one" if number == 1 or (language == "fr" and number == 0) else "other"
