"""The form of a ballot: who stands on it, and what its law asks of the elector."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Literal

from suffrage.election import Candidate, Contest, Election
from suffrage.errors import WRONG_USE, PaperError, Problem, shown
from suffrage.law import Statute

Marking = Literal["strike-out", "mark"]


@dataclass(frozen=True, slots=True)
class Form:
    """One ballot of one contest. `most` is how many names may be left (or marked), `seats` how many are to be filled.

    `chamber` is the chamber's name as the law has it. `none_left` says what a ballot without any name left is.
    """

    election: Election
    contest: Contest
    ballot: int
    day: date
    candidates: tuple[Candidate, ...]
    chamber: str
    marking: Marking
    most: int
    seats: int
    none_left: Literal["valid", "invalid"] | None

    @property
    def may_leave_all(self) -> bool:
        """Whether every name may be left."""
        return self.most >= len(self.candidates)


def form_of(
    election: Election,
    statute: Statute,
    contest: str,
    ballot: int = 1,
    *,
    finalists: Collection[str] | None = None,
    seats: int | None = None,
) -> Form:
    """The form of a contest under its law.

    The second ballot needs its `finalists` (ids) and how many `seats` they stand for: the count knows both. PaperError
    where there is no such contest, nobody stands, there is no day, or the law has no ballot paper.
    """
    position = election.index.contest.get(contest)
    if position is None:
        raise PaperError(
            Problem("contest", "unknown contest", shown(contest), "the id of a contest"), exit_code=WRONG_USE
        )
    chosen = election.contests[position]
    standing = tuple(election.candidates[place] for place in election.index.standing[position])
    if ballot == 2:
        standing = _finalists(chosen, standing, finalists)
    if not standing:
        raise PaperError(Problem(f"contest {chosen.id}", "nobody stands in it", "", "at least one candidate"))
    if chosen.rules and chosen.rules not in statute.variants:
        raise PaperError(
            Problem(f"contest {chosen.id}, rules", "no variant of the law", chosen.rules, ", ".join(statute.variants))
        )
    rules = statute.rules_for(chosen.rules).ballot
    marking = rules.marking.known
    if marking not in ("strike-out", "mark"):
        raise PaperError(
            Problem(
                f"law {statute.id}, ballot.marking", "has no ballot paper", rules.marking.value, "strike-out or mark"
            )
        )
    places = seats or chosen.seats
    most = rules.most_names(places, len(standing))
    if most is None:
        raise PaperError(
            Problem(
                f"law {statute.id}, ballot.may_leave",
                "does not say how many names may be left",
                str(rules.may_leave.value),
                "a number",
            )
        )
    names = {item.id: item.name for item in statute.chambers}
    return Form(
        election=election,
        contest=chosen,
        ballot=ballot,
        day=_day(election, ballot),
        candidates=standing,
        chamber=names.get(chosen.chamber, chosen.chamber),
        marking="mark" if marking == "mark" else "strike-out",
        most=most,
        seats=places,
        none_left=rules.none_left,
    )


def _finalists(
    contest: Contest, standing: tuple[Candidate, ...], finalists: Collection[str] | None
) -> tuple[Candidate, ...]:
    if not finalists:
        raise PaperError(
            Problem(
                f"contest {contest.id}", "has no second ballot", "", "a count of the first ballot that leads to one"
            )
        )
    known = {candidate.id for candidate in standing}
    strangers = [name for name in finalists if name not in known]
    if strangers:
        raise PaperError(
            Problem(f"contest {contest.id}", "a finalist who does not stand", shown(strangers[0]), "a candidate")
        )
    return tuple(candidate for candidate in standing if candidate.id in finalists)


def _day(election: Election, ballot: int) -> date:
    name, day = (
        ("polling_day", election.polling_day) if ballot == 1 else ("second_ballot_day", election.second_ballot_day)
    )
    if day is None:
        raise PaperError(Problem(f"election.toml, {name}", "is missing", "", "the day that stands on the ballot paper"))
    return day
