"""What a contest has come to, as a sign, a colour and words."""

from __future__ import annotations

from datetime import date
from enum import Enum

from suffrage.count import BallotCount, ContestCount, OutcomeKind
from suffrage.count.compare import Result, result_of
from suffrage.count.picture import SIGNS
from suffrage.election import Candidate
from suffrage.words import listed, plural


class Standing(Enum):
    """What stands in a contest so far: the class of its colour, its sign, and words.

    Colour never speaks alone: what has no sign is told apart by being filled (elected at once) or drawn in outline.
    """

    FIRST = (*SIGNS[Result.ELECTED], "elected in the first ballot")
    SECOND = ("e2", "", "elected in the second ballot")
    TO_COME = (*SIGNS[Result.SECOND_BALLOT], "second ballot to come")
    NEW_TURNOUT = (*SIGNS[Result.NEW_TURNOUT], Result.NEW_TURNOUT.value)
    NEW_OTHER = (*SIGNS[Result.NEW_OTHER], Result.NEW_OTHER.value)
    VACANT = (*SIGNS[Result.VACANT], Result.VACANT.value)
    UNDECIDED = (*SIGNS[Result.UNDECIDED], Result.UNDECIDED.value)

    def __init__(self, css: str, sign: str, words: str) -> None:
        self.css = css
        self.sign = sign
        self.words = words


_BY_RESULT = {
    Result.ELECTED: Standing.FIRST,
    Result.SECOND_BALLOT: Standing.TO_COME,
    Result.NEW_TURNOUT: Standing.NEW_TURNOUT,
    Result.NEW_OTHER: Standing.NEW_OTHER,
    Result.VACANT: Standing.VACANT,
    Result.UNDECIDED: Standing.UNDECIDED,
}


def standing_of(contest: ContestCount) -> Standing:
    """What stands in a contest so far."""
    standing = _BY_RESULT[result_of(contest.outcome)]
    second = contest.second is not None and contest.first.outcome.kind is OutcomeKind.SECOND_BALLOT
    return Standing.SECOND if standing is Standing.FIRST and second else standing


def said(contest: ContestCount) -> str:
    """What stands in a contest so far, and whether it is certain, in a sentence without its full stop."""
    certain = "; certain, whatever the returns that are still out bring" if contest.outcome.certain else ""
    return come_to(contest) + certain


def come_to(contest: ContestCount) -> str:
    """What stands in a contest so far, in a sentence without its full stop; without the names of the elected."""
    outcome, standing = contest.outcome, standing_of(contest)
    match standing:
        case Standing.TO_COME:
            text = "Second ballot"
            if outcome.finalists:
                text += " between " if len(outcome.finalists) > 1 else " on "
                text += listed([name_of(contest.candidate(finalist)) for finalist in outcome.finalists])
                text += "" if len(outcome.finalists) > 1 else " alone"
            text += _by(outcome.by)
        case Standing.NEW_TURNOUT | Standing.NEW_OTHER:
            follows = outcome.follows.replace("-", " ") or "new election"
            text = follows[:1].upper() + follows[1:] + _by(outcome.by)
            text += ": too few took part" if standing is Standing.NEW_TURNOUT else ""
        case Standing.VACANT:
            text = f"{plural(outcome.seats_left, 'seat stays', 'seats stay')} vacant"
        case Standing.UNDECIDED:
            text = f"Undecided; missing: {'; '.join(outcome.missing)}"
        case _:
            text = standing.words[:1].upper() + standing.words[1:]
    if outcome.elected and standing not in (Standing.FIRST, Standing.SECOND):
        text += f"; {len(outcome.elected)} of {plural(contest.contest.seats, 'seat')} filled"
    return text


def _by(day: date | None) -> str:
    return f" by {day_words(day)}" if day else ""


def day_words(day: date | None) -> str:
    """A day in words: 12 December 1937; nothing where it is not known."""
    return f"{day.day} {day:%B} {day.year}" if day else ""


def name_of(candidate: Candidate) -> str:
    """The name on the ballot paper, or the id where there is none."""
    return candidate.full_name or candidate.id


def label_of(contest: ContestCount) -> str:
    """What a contest is called on the pages."""
    return contest.contest.name or contest.contest.id


def ballot_words(ballot: int) -> str:
    """First ballot, second ballot."""
    return "first ballot" if ballot == 1 else "second ballot"


def turnout(ballot: BallotCount) -> tuple[int, int] | None:
    """Who took part and who was on the roll, of the units that have reported; None where no return says it."""
    figures = ballot.totals.figures
    if "took_part" not in figures or "registered" not in figures:
        return None
    # The roll of units that are still out is part of the sum; nobody of theirs can be in the other figure.
    roll = figures["registered"] - (ballot.totals.outstanding or 0)
    return (figures["took_part"], roll) if roll > 0 else None


def leader(ballot: BallotCount) -> int | None:
    """The position of the candidate with the most votes; None where nobody has any."""
    votes = ballot.totals.votes
    best = max(range(len(votes)), key=lambda candidate: votes[candidate], default=None)
    return best if best is not None and votes[best] > 0 else None
