"""Totals of one contest in one ballot, and what can be said of them while returns are still out.

Every test that a law makes is linear in the ballots: so many votes against such a share of a base. A ballot that is
still out can move a linear form by no more than the best and the worst that one ballot can do, so each test is decided
from the number of electors whose return is missing: it holds whatever they bring, it fails whatever they bring, or it
is open. An outcome all of whose tests are decided can no longer change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from suffrage.law import ShareRule
from suffrage.law.rules import Base


class Open(Exception):
    """A test that depends on returns that are still out."""


class Missing(Exception):
    """A figure that a rule compares and no return gives."""

    def __init__(self, figure: str) -> None:
        self.figure = figure
        super().__init__(figure)


@dataclass(frozen=True)
class Totals:
    """Sums of the returns of a contest in one ballot.

    `votes` are those of each candidate, in the order of the ballot paper. `figures` are sums by field, a field left out
    where some return does not give it; `registered` includes the units that are still out, when their number is known.
    `outstanding` is the number of electors of the units still out: 0 when all have reported, None when it is not known.
    `most_names` and `none_left_valid` say what a ballot still out can do.
    """

    votes: tuple[int, ...]
    figures: Mapping[str, int]
    outstanding: int | None = 0
    most_names: int = 1
    none_left_valid: bool = False

    def base(self, name: str) -> int:
        """The figure that a share is a share of; Missing if no return gives it."""
        figure = "valid" if name == "valid_ballots" else name
        if figure not in self.figures:
            raise Missing(figure)
        return self.figures[figure]

    def against(self, candidate: int) -> int | None:
        """Ballots on which the name was struck (or not marked) and which are valid."""
        return self.figures["valid"] - self.votes[candidate] if "valid" in self.figures else None

    def reaches(self, candidate: int, rule: ShareRule, *, more: bool) -> bool:
        """Whether a candidate has the share of a rule: more than it, or at least it. Open, Missing."""
        share, base = _known(rule)
        return self._decided({candidate: share.denominator}, {_figure(base): -share.numerator}, strict=more)

    def figure_reaches(self, counted: Base, rule: ShareRule, *, more: bool) -> bool:
        """Whether a figure (who took part) has the share of a rule. Open, Missing."""
        share, base = _known(rule)
        form = {_figure(counted): share.denominator}
        form[_figure(base)] = form.get(_figure(base), 0) - share.numerator
        return self._decided({}, form, strict=more)

    def ahead(self, candidate: int, others: Sequence[int], *, or_equal: bool = False) -> tuple[int, int]:
        """How many of `others` are ahead of a candidate: (at least, at most), the same when nothing is out."""
        mine = self.votes[candidate]
        if self.outstanding == 0:
            number = sum(self.votes[o] > mine or (or_equal and self.votes[o] == mine) for o in others if o != candidate)
            return number, number
        surely = possibly = 0
        for other in others:
            if other == candidate:
                continue
            low, high = self._span({other: 1, candidate: -1}, {})
            surely += low is not None and (low > 0 or (or_equal and low == 0))
            possibly += high is None or high > 0 or (or_equal and high == 0)
        return surely, possibly

    def _decided(self, votes: Mapping[int, int], figures: Mapping[str, int], *, strict: bool) -> bool:
        low, high = self._span(votes, figures)
        if low is not None and (low > 0 or (not strict and low == 0)):
            return True
        if high is not None and (high < 0 or (strict and high == 0)):
            return False
        raise Open

    def _span(self, votes: Mapping[int, int], figures: Mapping[str, int]) -> tuple[int | None, int | None]:
        """The least and the greatest value of a linear form, whatever the missing returns bring; None is no bound."""
        value = sum(factor * self.votes[candidate] for candidate, factor in votes.items())
        value += sum(factor * self.base(name) for name, factor in figures.items() if factor)
        if self.outstanding == 0:
            return value, value
        worst, best = self._of_one_ballot(votes, figures)
        if self.outstanding is None:
            unknown = bool(figures.get("registered"))
            return (None if worst < 0 or unknown else value), (None if best > 0 or unknown else value)
        return value + worst * self.outstanding, value + best * self.outstanding

    def _of_one_ballot(self, votes: Mapping[int, int], figures: Mapping[str, int]) -> tuple[int, int]:
        """The least and the most by which one elector who is still out can move a linear form."""
        # Somebody is left on such a ballot: one who is no part of the form, unless everybody is.
        factors = sorted([*votes.values(), *[0] * (len(votes) < len(self.votes))])
        least = sum(factor for factor in factors[: self.most_names] if factor < 0) or min(factors, default=0)
        most = sum(factor for factor in factors[::-1][: self.most_names] if factor > 0) or max(factors, default=0)
        cast, valid = figures.get("took_part", 0), figures.get("valid", 0)
        invalid, issued = figures.get("invalid", 0), figures.get("issued", 0)
        none_left = figures.get("all_struck", 0) + (valid if self.none_left_valid else invalid)
        effects = [0, cast + invalid, cast + none_left, cast + valid + least, cast + valid + most]
        return min(effects) + min(issued, 0), max(effects) + max(issued, 0)


def _known(rule: ShareRule) -> tuple[Fraction, Base]:
    known = rule.known
    if known is None:
        raise ValueError("a rule without a share cannot be tested")
    return known


def _figure(base: Base) -> str:
    return "valid" if base == "valid_ballots" else base
