"""Who stands in the second ballot: the leaders, those whom a further share lets in, less those who withdrew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from suffrage.count import sentences
from suffrage.count.case import Case, share_step, undecided, unfilled
from suffrage.count.outcome import Outcome, OutcomeKind, Step
from suffrage.count.places import fill_seats, top
from suffrage.count.totals import Open, Totals
from suffrage.law import Gap
from suffrage.words import plural


def to_second_ballot(
    case: Case,
    totals: Totals,
    rest: Sequence[int],
    seats_left: int,
    elected: Sequence[int],
    steps: list[Step],
) -> Outcome:
    """The second ballot: the finalists by the law, less those who withdrew."""
    second = case.rules.second_ballot
    ranked = _finalists(case, totals, rest, seats_left, steps)
    if isinstance(ranked, Outcome):
        return replace(ranked, elected=case.ids(elected), seats_left=seats_left)
    finalists = ranked
    days = second.within_days.known
    left = [candidate for candidate in finalists if case.candidates[candidate].id in case.withdrawn]
    if left:
        finalists = [candidate for candidate in finalists if candidate not in left]
        text = f"{case.names(left)} withdrew"
        if second.withdrawal.value == "next-replaces":
            if totals.outstanding != 0:
                raise Open
            waiting = [c for c in rest if c not in ranked and case.candidates[c].id not in case.withdrawn]
            waiting.sort(key=lambda candidate: -totals.votes[candidate])
            replacing = waiting[: len(left)]
            if (
                len(waiting) > len(left)
                and replacing
                and totals.votes[waiting[len(left)]] == totals.votes[replacing[-1]]
            ):
                waits = f"who of {case.names(waiting)} replaces {case.names(left)}"
                return replace(undecided(waits, steps, seats_left), elected=case.ids(elected))
            if replacing:
                finalists += replacing
                days = None if days is None else days + second.withdrawal.moves_days
                text += f"; {case.names(replacing)} stands instead"
                if second.withdrawal.moves_days:
                    text += f" and the day moves by {plural(second.withdrawal.moves_days, 'day')}"
        elif isinstance(second.withdrawal.value, Gap):
            waits = f"the law is silent on the withdrawal of {case.names(left)}"
            return replace(undecided(waits, steps, seats_left), elected=case.ids(elected))
        text += f"{sentences.article_of(second.withdrawal)}."
        steps.append(sentences.step("second_ballot.withdrawal", second.withdrawal, True, text, case.ids(left)))
    if not finalists:
        return unfilled(case, seats_left, elected, steps)
    by = case.last_day(days)
    between = f"between {case.names(finalists)}" if len(finalists) > 1 else f"on {case.names(finalists)} alone"
    text = f"A second ballot is held {between}{sentences.day_words(by, days)}{sentences.article_of(second.finalists)}."
    steps.append(sentences.step("second_ballot.finalists", second.finalists, True, text, case.ids(finalists)))
    return Outcome(
        OutcomeKind.SECOND_BALLOT, case.ids(elected), case.ids(finalists), seats_left, by, steps=tuple(steps)
    )


def _finalists(
    case: Case, totals: Totals, rest: Sequence[int], seats_left: int, steps: list[Step]
) -> list[int] | Outcome:
    """The finalists before any withdrawal, most votes first."""
    second = case.rules.second_ballot
    also = second.also_at_least
    others = [] if also.known is None else [c for c in rest if totals.reaches(c, also, more=False)]
    if second.finalists.known == "two-leaders":
        leaders, tied = top(totals, rest, 2 * seats_left)
        if tied and not set(tied) <= set(others):
            placed = fill_seats(case, totals, rest, 2 * seats_left, case.rules.majority.tie, "majority.tie", steps)
            if isinstance(placed, Outcome):
                return replace(placed, elected=())
            leaders = [*placed[0], *placed[1]]
    else:
        leaders = []
        for candidate in rest:
            at_least, at_most = totals.ahead(candidate, rest)
            if at_most <= seats_left:
                leaders.append(candidate)
            elif at_least <= seats_left:
                raise Open
    for candidate in others:
        if candidate not in leaders:
            leaders.append(candidate)
            steps.append(share_step(case, totals, candidate, also, "second_ballot.also_at_least", more=False))
    return sorted(leaders, key=lambda candidate: -totals.votes[candidate])
