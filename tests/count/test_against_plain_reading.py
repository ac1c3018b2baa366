"""Outcomes of every small ballot, against the articles written out once more as a few plain lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product

import pytest

from suffrage.count import OutcomeKind
from suffrage.count.decide import first_ballot, second_ballot
from tests.elections import case, tally

ELECTED, SECOND, NEW, UNDECIDED = OutcomeKind
Plain = tuple[OutcomeKind, set[int]]


def law_of_1937(votes: Sequence[int], struck: int, invalid: int, registered: int) -> Plain:
    """Articles 104, 106 and 107."""
    valid = sum(votes) + struck
    if (valid + invalid) < registered / 2:
        return NEW, set()
    for candidate, number in enumerate(votes):
        if number > valid / 2:
            return ELECTED, {candidate}
    if len(votes) < 2:
        return NEW, set()
    second_highest = sorted(votes)[-2]
    return SECOND, {candidate for candidate, number in enumerate(votes) if number >= second_highest}


def second_of_1937(votes: Sequence[int], struck: int, invalid: int, registered: int) -> Plain:
    """Article 107, and what is decided where it is silent."""
    cast = sum(votes) + struck + invalid
    if cast < registered / 2:
        return NEW, set()
    if len(votes) == 1:
        return (ELECTED, {0}) if votes[0] > cast / 2 else (NEW, set())
    best = {candidate for candidate, number in enumerate(votes) if number == max(votes)}
    return (ELECTED, best) if len(best) == 1 and max(votes) > 0 else (NEW, set())


def law_of_1989(votes: Sequence[int], struck: int, invalid: int, registered: int) -> Plain:
    """More than half of who took part; one or two candidates: a new election; silent on a tie for the second place."""
    cast = sum(votes) + struck + invalid
    if cast < registered / 2:
        return NEW, set()
    for candidate, number in enumerate(votes):
        if number > cast / 2:
            return ELECTED, {candidate}
    return two_leaders(votes, set()) if len(votes) > 2 else (NEW, set())


def two_leaders(votes: Sequence[int], also: set[int]) -> Plain:
    """The two with the most votes, and some others; undecided where it is not clear who the two are."""
    second_highest = sorted(votes)[-2:][0]
    leaders = {candidate for candidate, number in enumerate(votes) if number >= second_highest}
    level = {candidate for candidate in leaders if votes[candidate] == second_highest}
    if len(leaders) > 2 and not level <= also:
        return UNDECIDED, set()
    return SECOND, leaders | also


def french_code(votes: Sequence[int], struck: int, invalid: int, registered: int) -> Plain:
    """Articles L. 126 and L. 162. (A French ballot has nothing struck: such ballots are among the invalid.)"""
    valid = sum(votes)
    for candidate, number in enumerate(votes):
        if number > valid / 2 and number >= registered / 4:
            return ELECTED, {candidate}
    if not votes:
        return NEW, set()
    return two_leaders(
        votes, {candidate for candidate, number in enumerate(votes) if number >= registered * 12.5 / 100}
    )


def most_votes(votes: Sequence[int], struck: int, invalid: int, registered: int) -> Plain:
    """The most votes; a tie waits for the lot."""
    best = {candidate for candidate, number in enumerate(votes) if number == max(votes) > 0}
    if not best:
        return NEW, set()
    return (ELECTED, best) if len(best) == 1 else (UNDECIDED, set())


@pytest.mark.parametrize(
    ("law", "ballot", "plain", "struck_are_valid"),
    [
        ("ussr-1937", 1, law_of_1937, True),
        ("ussr-1937", 2, second_of_1937, True),
        ("ussr-1989", 1, law_of_1989, True),
        ("france-assembly", 1, french_code, False),
        ("france-assembly", 2, most_votes, False),
        ("plurality", 1, most_votes, False),
    ],
)
def test_the_outcome_is_that_of_a_plain_reading(
    law: str, ballot: int, plain: Callable[..., Plain], struck_are_valid: bool
) -> None:
    met = set()
    for size in range(1 if ballot == 2 else 0, 4):
        made = case(law, size)
        for *votes, struck, invalid, absent in product(*[range(5)] * size, (0, 1, 3), (0, 2), (0, 1, 7, 20)):
            cast = sum(votes) + struck + invalid
            totals = tally(
                votes,
                struck=struck if struck_are_valid else 0,
                invalid=invalid if struck_are_valid else invalid + struck,
                registered=cast + absent,
            )
            outcome = (first_ballot if ballot == 1 else second_ballot)(made, totals)
            names = {ord(name) - ord("a") for name in outcome.elected or outcome.finalists}
            expected = plain(votes, struck, invalid, cast + absent)
            assert (outcome.kind, names) == expected, (votes, struck, invalid, absent)
            met.add(outcome.kind)
    assert met >= {ELECTED, NEW}
