"""Who fills the seats: the most votes first, and what the law says of a tie for the last place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from suffrage.count import sentences
from suffrage.count.case import Case, undecided, unfilled
from suffrage.count.outcome import Outcome, Step
from suffrage.count.totals import Open, Totals
from suffrage.law import Rule
from suffrage.law.statute import Tie
from suffrage.words import plural


def fill_seats(
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
    inside, tied = top(totals, able, seats)
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
        return unfilled(case, places, inside, steps)
    waits = {
        "lot": f"the lot between {names}",
        "older": f"the birth dates of {names}",
    }.get(rule or "", f"a decision between {names}: the law is silent on this tie")
    return replace(undecided(waits, steps, places), elected=case.ids(inside))


def top(totals: Totals, able: Sequence[int], seats: int) -> tuple[list[int], list[int]]:
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
