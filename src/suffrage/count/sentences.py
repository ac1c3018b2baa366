"""The steps of the reasoning as sentences: what was needed, what there was, how many votes short, which article."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from suffrage.count.outcome import Step
from suffrage.law import Provision, ShareRule
from suffrage.law.rules import Base
from suffrage.words import grouped, plural, share_words

BASE_WORDS = {
    "registered": "electors on the roll",
    "issued": "ballots issued",
    "took_part": "ballots found in the box",
    "valid_ballots": "valid ballots",
    "valid": "valid ballots",
}


def article_of(rule: Provision) -> str:
    """The article in brackets, where the law file names one."""
    return f" (article {rule.article})" if rule.article else ""


def step(
    path: str,
    rule: Provision,
    holds: bool,
    text: str,
    candidates: Sequence[str] = (),
    figures: Mapping[str, int] | None = None,
) -> Step:
    """A step with its source in the law."""
    given = tuple((figures or {}).items())
    return Step(path, holds, text, rule.article, rule.certainty.value, tuple(candidates), given)


def needed(share: Fraction, base: int, *, more: bool) -> int:
    """The least whole number that is more than a share of a base, or at least it."""
    if more:
        return share.numerator * base // share.denominator + 1
    return -(-share.numerator * base // share.denominator)


def turnout(rule: ShareRule, counted: Base, turned_out: int, base: int, *, more: bool, holds: bool) -> Step:
    """Whether enough electors took part."""
    assert rule.known is not None
    share, base_name = rule.known
    wanted = needed(share, base, more=more)
    measure = "more than" if more else "at least"
    text = (
        f"{plural(turned_out, *_singular(BASE_WORDS[counted]))} of {plural(base, *_singular(BASE_WORDS[base_name]))}: "
        f"{'' if holds else 'not '}{measure} {share_words(share)}"
    )
    text += (
        f"{article_of(rule)}."
        if holds
        else f", {grouped(wanted - turned_out)} short of {grouped(wanted)}{article_of(rule)}."
    )
    figures = {"counted": turned_out, "base": base, "needed": wanted, "short": max(wanted - turned_out, 0)}
    return step(f"turnout.{'more_than' if more else 'at_least'}", rule, holds, text, figures=figures)


def _singular(words: str) -> tuple[str, str]:
    """The noun for one and for many, of a phrase whose first word carries the plural."""
    first, _, rest = words.partition(" ")
    if first == "valid":
        return "valid ballot", words
    return f"{first.removesuffix('s')} {rest}".strip(), words


def majority(
    path: str, rule: ShareRule, name: str, candidate: str, votes: int, base: int, *, more: bool, holds: bool
) -> Step:
    """Whether a candidate has the share of the base that elects."""
    assert rule.known is not None
    share, base_name = rule.known
    wanted = needed(share, base, more=more)
    measure = "More than" if more else "At least"
    subject = f"{measure} {share_words(share)} of the {grouped(base)} {BASE_WORDS[base_name]} is {grouped(wanted)}"
    has = f"{name} has {grouped(votes)}"
    text = (
        f"{subject}: {has}{article_of(rule)}."
        if holds
        else (f"{subject}. {has}: {grouped(wanted - votes)} short{article_of(rule)}.")
    )
    figures = {"votes": votes, "base": base, "needed": wanted, "short": max(wanted - votes, 0)}
    return step(path, rule, holds, text, (candidate,), figures)


def day_words(by: date | None, within: int | None) -> str:
    """The last day of a term, or the term where the day it starts from is not known."""
    if by is not None:
        return f" by {by.day} {by:%B} {by.year} at the latest"
    return f" within {plural(within, 'day')}" if within is not None else ""
