"""The words that electors are written to in: those of the papers, and the authority's own."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path

from suffrage.authority.order import Elector, Order
from suffrage.protocols.typeset.language import language_of as language_of_papers
from suffrage.typeset.clean import clean
from suffrage.typeset.language import Language

WORDS = Path(__file__).parent / "words"
_MOST_CONTESTS = 8


@cache
def language_of(tag: str) -> Language:
    """The language of a tag (BCP 47) with the words of letters and mail; English where it has none of its own."""
    language = language_of_papers(tag)
    own = tomllib.loads((WORDS / f"{language.spoken}.toml").read_text("utf-8"))
    return replace(language, words={**language.words, **own})


def language_for(order: Order, elector: Elector) -> Language:
    """The language of an elector; that of the election where they have none."""
    return language_of(elector.language or order.election.language)


def moment(language: Language, time: datetime) -> str:
    """A day and a time of day in words."""
    return language.say("letter.moment", day=language.day(time.date().isoformat()), time=f"{time:%H:%M}")


def contests(order: Order, elector: Elector, language: Language) -> list[str]:
    """What an elector votes on, one line a contest; very many are not all named."""
    found = [
        clean(urn.contest)
        if not urn.unit or urn.unit.casefold() in urn.contest.casefold()
        else language.say("letter.contest", contest=clean(urn.contest), unit=clean(urn.unit))
        for urn in order.contests_of(elector)
    ]
    if len(found) > _MOST_CONTESTS:
        more = len(found) - _MOST_CONTESTS + 1
        found = [*found[: _MOST_CONTESTS - 1], language.say("letter.more", number=language.number(more))]
    return found


def contact(order: Order, language: Language) -> str:
    """Whom to ask."""
    asked = clean(order.election.contact).rstrip(".")
    return language.say("letter.contact", contact=asked) if asked else language.say("letter.contact_unknown")


def second_factor(order: Order, elector: Elector, language: Language) -> str:
    """What is asked for beside the code; empty where nothing is."""
    if not order.election.second_factor:
        return ""
    if not elector.email:
        return language.say("letter.factor_unknown")
    # A letter or a mail that somebody else opens does not tell the whole address.
    local, _, domain = elector.email.partition("@")
    return language.say("letter.factor", address=f"{local[0]}…@{domain}")
