"""What one marked ballot means under a law."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from suffrage.errors import CountError, Problem
from suffrage.law import Gap, Rules


class Mark(IntEnum):
    """What stands at one name: struck out (or left unmarked), left (or marked), or not clear."""

    UNCLEAR = -1
    STRUCK = 0
    LEFT = 1


class Meaning(StrEnum):
    """What a ballot is. `UNDECIDED`: doubtful, and the committee has yet to decide."""

    VALID = "valid"
    VALID_ALL_STRUCK = "valid, every name struck out"
    INVALID_ALL_STRUCK = "invalid, no name left"
    INVALID_TOO_MANY = "invalid, too many names left"
    INVALID_UNCLEAR = "invalid, unclear"
    UNDECIDED = "doubtful, to be decided by the committee"


@dataclass(frozen=True, slots=True)
class MarkedBallot:
    """What a ballot means, and whom it is for (positions on the ballot paper)."""

    meaning: Meaning
    votes_for: tuple[int, ...] = ()


def most_names(rules: Rules, seats: int, candidates: int) -> int:
    """The most names that may be left on a ballot of a contest.

    CountError where the law is silent on it.
    """
    most = rules.ballot.may_leave.value
    if isinstance(most, Gap):
        raise CountError(Problem("ballot.may_leave", "the law does not say how many names may be left", most.value))
    if isinstance(most, int):
        return most
    return seats if most == "seats" else candidates


def meaning(marks: Sequence[Mark], rules: Rules, seats: int = 1) -> MarkedBallot:
    """The meaning of the marks on one ballot, in the order of the names.

    More names left than allowed make it invalid whatever else is unclear; any other unclear mark leaves it to the
    rule on unclear ballots, for whichever way it is read the ballot would count differently.
    """
    left = tuple(position for position, mark in enumerate(marks) if mark is Mark.LEFT)
    if len(left) > most_names(rules, seats, len(marks)):
        return MarkedBallot(Meaning.INVALID_TOO_MANY)
    if Mark.UNCLEAR in marks:
        decided = rules.ballot.unclear.known == "invalid"
        return MarkedBallot(Meaning.INVALID_UNCLEAR if decided else Meaning.UNDECIDED)
    if left:
        return MarkedBallot(Meaning.VALID, left)
    none_left = rules.ballot.none_left
    if none_left is None:
        return MarkedBallot(Meaning.UNDECIDED)
    return MarkedBallot(Meaning.VALID_ALL_STRUCK if none_left == "valid" else Meaning.INVALID_ALL_STRUCK)
