"""Deciding one ballot of a contest: turnout, majority, places, finalists, in the order of the law.

Both functions are pure. They raise `Open` where a return that is still out could change the outcome, and `Missing`
where a figure that a rule compares is not given.
"""

from __future__ import annotations

from collections.abc import Sequence

from suffrage.count import sentences
from suffrage.count.case import Case, share_step, term, undecided, unfilled
from suffrage.count.finalists import to_second_ballot
from suffrage.count.outcome import Outcome, OutcomeKind, Step
from suffrage.count.places import fill_seats
from suffrage.count.totals import Totals
from suffrage.law import Gap, Provision, Rules
from suffrage.words import grouped, plural


def first_ballot(case: Case, totals: Totals) -> Outcome:
    """The outcome of the first ballot."""
    steps: list[Step] = []
    if not case.candidates:
        steps.append(Step("candidates", False, "No candidate stands."))
        return unfilled(case, case.seats, (), steps)
    void = _turnout(case, totals, steps)
    if void is not None:
        return void
    everyone = range(len(case.candidates))
    if case.rules.majority.more_than.value is Gap.SILENT:
        return undecided("the law does not say what elects", steps, case.seats)
    able = _able(case.rules, totals)
    _explain_majority(case, totals, able, steps)
    placed = fill_seats(case, totals, able, case.seats, case.rules.majority.tie, "majority.tie", steps)
    if isinstance(placed, Outcome):
        return placed
    elected, tied = placed
    seats_left = case.seats - len(elected)
    if not seats_left:
        return Outcome(OutcomeKind.ELECTED, case.ids(elected), steps=tuple(steps))
    rest = [candidate for candidate in everyone if candidate not in elected]
    second = case.rules.second_ballot
    minimum = second.minimum_candidates.known or 0
    if second.finalists.known is None or len(rest) == 0 or (len(case.candidates) < minimum and not tied):
        if second.finalists.known is not None:
            text = (
                f"{plural(len(case.candidates), 'candidate')} stood, "
                f"a second ballot takes {minimum}{sentences.article_of(second.minimum_candidates)}."
            )
            steps.append(sentences.step("second_ballot.minimum_candidates", second.minimum_candidates, False, text))
        return unfilled(case, seats_left, elected, steps)
    return to_second_ballot(case, totals, tied or rest, seats_left, elected, steps)


def second_ballot(case: Case, totals: Totals) -> Outcome:
    """The outcome of the second ballot between the candidates of the case, for `case.seats` seats."""
    steps: list[Step] = []
    second = case.rules.second_ballot
    if not case.candidates:
        steps.append(Step("candidates", False, "No candidate stands."))
        return unfilled(case, case.seats, (), steps)
    if second.turnout_applies.known:
        void = _turnout(case, totals, steps)
        if void is not None:
            return void
    everyone = list(range(len(case.candidates)))
    if len(everyone) <= case.seats and second.alone_needs.known is not None:
        able = [c for c in everyone if totals.reaches(c, second.alone_needs, more=True)]
        path = "second_ballot.alone_needs"
        steps += [share_step(case, totals, c, second.alone_needs, path, more=True) for c in everyone]
    elif second.won_by.known == "majority":
        able = _able(case.rules, totals)
        _explain_majority(case, totals, able, steps)
    elif second.won_by.known == "most-votes":
        able = _with_votes(totals)
        steps.append(_most_votes_step(case, totals, second.won_by, "second_ballot.won_by"))
    else:
        return undecided("the law does not say how a second ballot is won", steps, case.seats)
    placed = fill_seats(case, totals, able, case.seats, second.tie, "second_ballot.tie", steps)
    if isinstance(placed, Outcome):
        return placed
    elected, tied = placed
    if tied:
        return Outcome(
            OutcomeKind.SECOND_BALLOT,
            case.ids(elected),
            case.ids(tied),
            case.seats - len(elected),
            case.last_day(second.within_days.known),
            steps=tuple(steps),
        )
    seats_left = case.seats - len(elected)
    if not seats_left:
        return Outcome(OutcomeKind.ELECTED, case.ids(elected), steps=tuple(steps))
    return unfilled(case, seats_left, elected, steps)


def _turnout(case: Case, totals: Totals, steps: list[Step]) -> Outcome | None:
    """The outcome where too few took part; None where enough did or the law asks for no turnout."""
    turnout = case.rules.turnout
    rule, counted = turnout.rule, turnout.counted.known
    if rule.known is None or counted is None:
        return None
    more = turnout.more_than is not None
    holds = totals.figure_reaches(counted, rule, more=more)
    steps.append(
        sentences.turnout(rule, counted, totals.base(counted), totals.base(rule.known[1]), more=more, holds=holds)
    )
    if holds:
        return None
    return term(case, turnout.otherwise, "turnout.else", case.seats, steps)


def _able(rules: Rules, totals: Totals) -> list[int]:
    """Who has the majority that the first ballot asks for; where the most votes elect, who has any."""
    majority = rules.majority
    if majority.more_than.known is None:
        return _with_votes(totals)
    return [
        candidate
        for candidate in range(len(totals.votes))
        if totals.reaches(candidate, majority.more_than, more=True)
        and all(totals.reaches(candidate, threshold, more=False) for threshold in majority.thresholds)
    ]


def _with_votes(totals: Totals) -> list[int]:
    """Who has a vote, or may still get one."""
    return [c for c, votes in enumerate(totals.votes) if votes > 0 or totals.outstanding != 0]


def _leader(totals: Totals) -> int:
    return max(range(len(totals.votes)), key=lambda candidate: (totals.votes[candidate], -candidate))


def _explain_majority(case: Case, totals: Totals, able: Sequence[int], steps: list[Step]) -> None:
    """What the majority asks and who has it; of those who have not, the leader shows by how much."""
    majority = case.rules.majority
    if majority.more_than.known is None:
        steps.append(_most_votes_step(case, totals, majority.more_than, "majority.more_than"))
        return
    for candidate in able or [_leader(totals)]:
        steps.append(share_step(case, totals, candidate, majority.more_than, "majority.more_than", more=True))
        for number, threshold in enumerate(majority.thresholds):
            path = f"majority.thresholds[{number + 1}]"
            steps.append(share_step(case, totals, candidate, threshold, path, more=False))


def _most_votes_step(case: Case, totals: Totals, rule: Provision, path: str) -> Step:
    order = sorted(range(len(totals.votes)), key=lambda candidate: -totals.votes[candidate])
    first = order[0]
    text = f"{case.candidates[first].full_name} has {plural(totals.votes[first], 'vote')}"
    figures = {"votes": totals.votes[first]}
    if len(order) > 1:
        second = order[1]
        figures |= {"next": totals.votes[second], "lead": totals.votes[first] - totals.votes[second]}
        text += f", {case.candidates[second].full_name} {grouped(totals.votes[second])}"
    text += f": the most votes elect{sentences.article_of(rule)}."
    return sentences.step(path, rule, totals.votes[first] > 0, text, case.ids(order[:2]), figures)
