"""What marked ballots mean under a law: one at a time, or as the counted classes of a return."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from suffrage.law import Rules
from suffrage.returns.batch import Ints
from suffrage.returns.open import BALLOT_FIGURES, NONE_LEFT, SOME_LEFT, TOO_MANY_LEFT, UNCLEAR

DOUBTFUL = "doubtful"
"""The figure of ballots that the committee has yet to decide on."""


class Mark(IntEnum):
    """What stands at one name: struck out (or left unmarked), left (or marked), or not clear."""

    UNCLEAR = -1
    STRUCK = 0
    LEFT = 1


class Meaning(StrEnum):
    """What a ballot is. `UNDECIDED`: doubtful, and the committee has yet to decide."""

    VALID = "valid"
    VALID_NONE_LEFT = "valid, no name left"
    INVALID_NONE_LEFT = "invalid, no name left"
    INVALID_TOO_MANY = "invalid, too many names left"
    INVALID_UNCLEAR = "invalid, unclear"
    UNDECIDED = "doubtful, to be decided by the committee"


@dataclass(frozen=True, slots=True)
class MarkedBallot:
    """What a ballot means, and whom it is for (positions on the ballot paper)."""

    meaning: Meaning
    votes_for: tuple[int, ...] = ()


def meaning(marks: Sequence[Mark], rules: Rules, seats: int = 1) -> MarkedBallot:
    """The meaning of the marks on one ballot, in the order of the names.

    More names left than allowed make it invalid whatever else is unclear; any other unclear mark leaves it to the
    rule on unclear ballots, for whichever way it is read the ballot would count differently.
    """
    left = tuple(position for position, mark in enumerate(marks) if mark is Mark.LEFT)
    most = rules.ballot.most_names(seats, len(marks))
    if most is None:
        return MarkedBallot(Meaning.UNDECIDED)
    if len(left) > most:
        kind = TOO_MANY_LEFT
    elif Mark.UNCLEAR in marks:
        kind = UNCLEAR
    else:
        kind = SOME_LEFT if left else NONE_LEFT
    means = meaning_of(kind, rules)
    return MarkedBallot(means, left if means is Meaning.VALID else ())


def meaning_of(kind: str, rules: Rules) -> Meaning:
    """The meaning of a class of ballots (`suffrage.returns.open`)."""
    if kind == SOME_LEFT:
        return Meaning.VALID
    if kind == TOO_MANY_LEFT:
        return Meaning.INVALID_TOO_MANY
    if kind == UNCLEAR:
        return Meaning.INVALID_UNCLEAR if rules.ballot.unclear.known == "invalid" else Meaning.UNDECIDED
    none_left = {"valid": Meaning.VALID_NONE_LEFT, "invalid": Meaning.INVALID_NONE_LEFT}
    return none_left.get(rules.ballot.none_left or "", Meaning.UNDECIDED)


_FIGURE = {
    Meaning.VALID: "valid",
    Meaning.VALID_NONE_LEFT: "valid",
    Meaning.INVALID_NONE_LEFT: "invalid",
    Meaning.INVALID_TOO_MANY: "invalid",
    Meaning.INVALID_UNCLEAR: "invalid",
    Meaning.UNDECIDED: DOUBTFUL,
}


def figures_of_ballots(figures: Mapping[str, Ints], rules: Rules) -> dict[str, Ints]:
    """The figures of returns that were made from ballots, as the law reads them; other returns as they are."""
    if not set(BALLOT_FIGURES) <= set(figures):
        return dict(figures)
    whole = {name: column for name, column in figures.items() if name not in BALLOT_FIGURES}
    nothing = figures[SOME_LEFT] * 0
    for name in ("valid", "invalid", DOUBTFUL):
        kinds = [kind for kind in BALLOT_FIGURES if _FIGURE[meaning_of(kind, rules)] == name]
        whole[name] = sum((figures[kind] for kind in kinds), nothing)
    whole["took_part"] = sum((figures[kind] for kind in BALLOT_FIGURES), nothing)
    whole["all_struck"] = figures[NONE_LEFT]
    return whole
