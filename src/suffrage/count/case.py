"""What a decision on one ballot needs beside the totals, and the ways in which one can end without a winner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from suffrage.count import sentences
from suffrage.count.outcome import Outcome, OutcomeKind, Step
from suffrage.count.totals import Totals
from suffrage.election.model import Candidate
from suffrage.law import Gap, Rules, ShareRule, TermRule
from suffrage.words import listed, plural


@dataclass(frozen=True)
class Case:
    """What a decision needs beside the totals.

    `candidates` stand in the order of `Totals.votes`. `day` is the day of the ballot. `withdrawn` left before the
    second ballot; `chosen` were decided for by a recorded decision where the law leaves a tie to one (the lot).
    """

    rules: Rules
    seats: int
    candidates: tuple[Candidate, ...]
    day: date | None = None
    withdrawn: frozenset[str] = frozenset()
    chosen: tuple[str, ...] = ()

    def ids(self, positions: Sequence[int]) -> tuple[str, ...]:
        """The ids of candidates by position."""
        return tuple(self.candidates[position].id for position in positions)

    def names(self, positions: Sequence[int]) -> str:
        """The names of candidates by position, as a sentence lists them."""
        return listed([self.candidates[position].full_name for position in positions])

    def last_day(self, days: int | None) -> date | None:
        """The last day of a term that starts on the day of the ballot; None where either is not known."""
        if self.day is None or days is None:
            return None
        try:
            return self.day + timedelta(days=days)
        except OverflowError:
            return None


def share_step(case: Case, totals: Totals, candidate: int, rule: ShareRule, path: str, *, more: bool) -> Step:
    """Whether a candidate has the share of a rule, as a step. Missing, if the base of the share is not given."""
    assert rule.known is not None
    share, base_name = rule.known
    base, votes = totals.base(base_name), totals.votes[candidate]
    reached = votes * share.denominator - share.numerator * base
    who = case.candidates[candidate]
    return sentences.majority(
        path,
        rule,
        who.full_name,
        who.id,
        votes,
        base,
        more=more,
        holds=reached > 0 or (not more and reached == 0),
    )


def unfilled(case: Case, seats_left: int, elected: Sequence[int], steps: list[Step]) -> Outcome:
    """What follows where neither a majority nor a second ballot fills the seats."""
    outcome = term(case, case.rules.new_election.no_majority, "new_election.no_majority", seats_left, steps)
    if outcome.follows == "vacant" and elected:
        outcome = replace(outcome, kind=OutcomeKind.ELECTED)
    return replace(outcome, elected=case.ids(elected))


def term(case: Case, rule: TermRule, path: str, seats_left: int, steps: list[Step]) -> Outcome:
    """What follows when seats stay unfilled: a new election, or the statement that the law does not say."""
    if isinstance(rule.value, Gap):
        return undecided(
            f"the law does not say what follows where {plural(seats_left, 'seat')} stay unfilled",
            steps,
            seats_left,
        )
    by = case.last_day(rule.within_days)
    follows = rule.value
    if follows == "vacant":
        text = f"{plural(seats_left, 'seat stays', 'seats stay')} vacant{sentences.article_of(rule)}."
    else:
        name = follows.replace("-", " ")
        text = f"A {name} is held{sentences.day_words(by, rule.within_days)}{sentences.article_of(rule)}."
    steps.append(sentences.step(path, rule, True, text))
    kind = OutcomeKind.NEW_ELECTION
    return Outcome(kind, seats_left=seats_left, by=by, follows=follows, steps=tuple(steps))


def undecided(missing: str, steps: list[Step], seats_left: int) -> Outcome:
    """The outcome that waits for something, which `missing` says."""
    steps.append(Step("undecided", False, f"Undecided: {missing}."))
    return Outcome(OutcomeKind.UNDECIDED, seats_left=seats_left, missing=(missing,), steps=tuple(steps))
