"""Deciding one ballot of a contest: turnout, majority, places, finalists, in the order of the law.

Both functions are pure. They raise `Open` where a return that is still out could change the outcome, and `Missing`
where a figure that a rule compares is not given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from suffrage.count import sentences
from suffrage.count.outcome import Outcome, OutcomeKind, Step
from suffrage.count.totals import Open, Totals
from suffrage.election.model import Candidate
from suffrage.law import Gap, Provision, Rule, Rules, ShareRule, TermRule
from suffrage.law.statute import Tie
from suffrage.words import grouped, listed, plural


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


def first_ballot(case: Case, totals: Totals) -> Outcome:
    """The outcome of the first ballot."""
    steps: list[Step] = []
    if not case.candidates:
        steps.append(Step("candidates", False, "No candidate stands."))
        return _unfilled(case, case.seats, (), steps)
    void = _turnout(case, totals, steps)
    if void is not None:
        return void
    everyone = range(len(case.candidates))
    if case.rules.majority.more_than.value is Gap.SILENT:
        return _undecided("the law does not say what elects", steps, case.seats)
    able = _able(case.rules, totals)
    _explain_majority(case, totals, able, steps)
    placed = _places(case, totals, able, case.seats, case.rules.majority.tie, "majority.tie", steps)
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
        return _unfilled(case, seats_left, elected, steps)
    return _to_second_ballot(case, totals, tied or rest, seats_left, elected, steps)


def second_ballot(case: Case, totals: Totals) -> Outcome:
    """The outcome of the second ballot between the candidates of the case, for `case.seats` seats."""
    steps: list[Step] = []
    second = case.rules.second_ballot
    if not case.candidates:
        steps.append(Step("candidates", False, "No candidate stands."))
        return _unfilled(case, case.seats, (), steps)
    if second.turnout_applies.known:
        void = _turnout(case, totals, steps)
        if void is not None:
            return void
    everyone = list(range(len(case.candidates)))
    if len(everyone) <= case.seats and second.alone_needs.known is not None:
        able = [c for c in everyone if totals.reaches(c, second.alone_needs, more=True)]
        path = "second_ballot.alone_needs"
        steps += [_share_step(case, totals, c, second.alone_needs, path, more=True) for c in everyone]
    elif second.won_by.known == "majority":
        able = _able(case.rules, totals)
        _explain_majority(case, totals, able, steps)
    elif second.won_by.known == "most-votes":
        able = _with_votes(totals)
        steps.append(_most_votes_step(case, totals, second.won_by, "second_ballot.won_by"))
    else:
        return _undecided("the law does not say how a second ballot is won", steps, case.seats)
    placed = _places(case, totals, able, case.seats, second.tie, "second_ballot.tie", steps)
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
    return _unfilled(case, seats_left, elected, steps)


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
    return _term(case, turnout.otherwise, "turnout.else", case.seats, steps)


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
        steps.append(_share_step(case, totals, candidate, majority.more_than, "majority.more_than", more=True))
        for number, threshold in enumerate(majority.thresholds):
            path = f"majority.thresholds[{number + 1}]"
            steps.append(_share_step(case, totals, candidate, threshold, path, more=False))


def _share_step(case: Case, totals: Totals, candidate: int, rule: ShareRule, path: str, *, more: bool) -> Step:
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


def _places(
    case: Case,
    totals: Totals,
    able: Sequence[int],
    seats: int,
    tie: Rule[Tie],
    path: str,
    steps: list[Step],
) -> tuple[list[int], list[int]] | Outcome:
    """Who of the able fills the seats, most votes first; with those who tie for what is left and vote again.

    An outcome where the law ends a tie otherwise.
    """
    inside, tied = _top(totals, able, seats)
    if totals.outstanding != 0 and any(totals.votes[candidate] <= 0 for candidate in inside):
        raise Open
    places = seats - len(inside)
    if not tied:
        if inside:
            steps.append(Step("elected", True, f"Elected: {case.names(inside)}.", candidates=case.ids(inside)))
        return inside, []
    names = case.names(tied)
    votes = totals.votes[tied[0]]
    text = f"{names} have {plural(votes, 'vote')} each for {plural(places, 'place')}"
    rule = tie.known
    chosen = [candidate for candidate in tied if case.candidates[candidate].id in case.chosen]
    if rule == "older" and not chosen:
        chosen = _older(case, tied, places)
    if rule in ("lot", "older", None) and len(chosen) == places:
        how = {"lot": "the lot decided for", "older": "the older is"}.get(rule or "", "it was decided for")
        text += f"; {how} {case.names(chosen)}{sentences.article_of(tie)}."
        steps.append(sentences.step(path, tie, True, text, case.ids(chosen), {"votes": votes}))
        return [*inside, *chosen], []
    ends = {
        "lot": "the lot decides",
        "older": "the older is elected",
        "second-ballot": "they meet in a second ballot",
        "ballot-again": "they are voted on again",
        "new-election": "a new election is held",
    }.get(rule or "", "the law does not say who is elected")
    steps.append(
        sentences.step(
            path, tie, False, f"{text}; {ends}{sentences.article_of(tie)}.", case.ids(tied), {"votes": votes}
        )
    )
    if rule in ("second-ballot", "ballot-again"):
        return inside, tied
    if rule == "new-election":
        return _unfilled(case, places, inside, steps)
    waits = {
        "lot": f"the lot between {names}",
        "older": f"the birth dates of {names}",
    }.get(rule or "", f"a decision between {names}: the law is silent on this tie")
    return replace(_undecided(waits, steps, places), elected=case.ids(inside))


def _top(totals: Totals, able: Sequence[int], seats: int) -> tuple[list[int], list[int]]:
    """Those surely among the first `seats`, most votes first, and those who tie for the last of these places."""
    inside, tied = [], []
    for candidate in able:
        ahead_at_least, _ = totals.ahead(candidate, able)
        _, level_at_most = totals.ahead(candidate, able, or_equal=True)
        if level_at_most < seats:
            inside.append(candidate)
        elif ahead_at_least < seats:
            if totals.outstanding != 0:
                raise Open
            tied.append(candidate)
    inside.sort(key=lambda candidate: -totals.votes[candidate])
    return inside, tied


def _older(case: Case, tied: Sequence[int], places: int) -> list[int]:
    """The oldest of those who tie, if birth dates tell them apart."""
    born = [(case.candidates[candidate].birth_date, candidate) for candidate in tied]
    dated = sorted((day, candidate) for day, candidate in born if day is not None)
    if len(dated) < len(tied) or (places < len(dated) and dated[places - 1][0] == dated[places][0]):
        return []
    return [candidate for _, candidate in dated[:places]]


def _to_second_ballot(
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
                return replace(_undecided(waits, steps, seats_left), elected=case.ids(elected))
            if replacing:
                finalists += replacing
                days = None if days is None else days + second.withdrawal.moves_days
                text += f"; {case.names(replacing)} stands instead"
                if second.withdrawal.moves_days:
                    text += f" and the day moves by {plural(second.withdrawal.moves_days, 'day')}"
        elif isinstance(second.withdrawal.value, Gap):
            waits = f"the law is silent on the withdrawal of {case.names(left)}"
            return replace(_undecided(waits, steps, seats_left), elected=case.ids(elected))
        text += f"{sentences.article_of(second.withdrawal)}."
        steps.append(sentences.step("second_ballot.withdrawal", second.withdrawal, True, text, case.ids(left)))
    if not finalists:
        return _unfilled(case, seats_left, elected, steps)
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
        leaders, tied = _top(totals, rest, 2 * seats_left)
        if tied and not set(tied) <= set(others):
            placed = _places(case, totals, rest, 2 * seats_left, case.rules.majority.tie, "majority.tie", steps)
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
            steps.append(_share_step(case, totals, candidate, also, "second_ballot.also_at_least", more=False))
    return sorted(leaders, key=lambda candidate: -totals.votes[candidate])


def _unfilled(case: Case, seats_left: int, elected: Sequence[int], steps: list[Step]) -> Outcome:
    """What follows where neither a majority nor a second ballot fills the seats."""
    outcome = _term(case, case.rules.new_election.no_majority, "new_election.no_majority", seats_left, steps)
    if outcome.follows == "vacant" and elected:
        outcome = replace(outcome, kind=OutcomeKind.ELECTED)
    return replace(outcome, elected=case.ids(elected))


def _term(case: Case, rule: TermRule, path: str, seats_left: int, steps: list[Step]) -> Outcome:
    """What follows when seats stay unfilled: a new election, or the statement that the law does not say."""
    if isinstance(rule.value, Gap):
        return _undecided(
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


def _undecided(missing: str, steps: list[Step], seats_left: int) -> Outcome:
    steps.append(Step("undecided", False, f"Undecided: {missing}."))
    return Outcome(OutcomeKind.UNDECIDED, seats_left=seats_left, missing=(missing,), steps=tuple(steps))
