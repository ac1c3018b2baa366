"""The same votes under several laws: what each law makes of every contest, and of everybody whom the first one elects.

All of it is arithmetic on one count per law; nothing here says how anybody would have voted under another law.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from suffrage.count.outcome import Outcome, OutcomeKind
from suffrage.count.result import ContestCount, ElectionCount
from suffrage.election.model import Candidate, Contest, Election
from suffrage.errors import WRONG_USE, CountError, Problem

ARITHMETIC = (
    "The same votes, counted under another law: this is arithmetic, not a prediction. "
    "Under another law electors would have voted otherwise, and others might have stood."
)
"""What has to stand beside every comparison."""


class Result(StrEnum):
    """What a ballot of a contest leads to; new elections by their reason."""

    ELECTED = "elected"
    SECOND_BALLOT = "second ballot"
    NEW_TURNOUT = "new election: too few took part"
    NEW_OTHER = "new election: other reason"
    VACANT = "seat stays vacant"
    UNDECIDED = "undecided"


class Fate(StrEnum):
    """What another law makes of a person whom the first law elects, the more definite before the less."""

    ELECTED = "elected as well"
    LOST = "would have lost"
    OUT = "would not have been in the second ballot"
    SECOND_BALLOT = "would have gone to a second ballot"
    NEW_ELECTION = "new election"
    VACANT = "the seat would have stayed vacant"
    UNDECIDED = "not decided by these votes"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many contests have a result, and how many seats: filled, or waiting for it."""

    result: Result
    contests: int
    seats: int


@dataclass(frozen=True, slots=True)
class LawResult:
    """An election under one law.

    `first` and `final` have a tally of every result, in the order of `Result`. `final` is what stands in the end, where
    a second ballot was held that can be used; `second_due` contests lead to a second ballot, in `second_used` of them
    its figures are used. `seats_open` are the seats that these votes do not fill. `own`: the law of the election.
    """

    id: str
    title: str
    own: bool
    first: tuple[Tally, ...]
    final: tuple[Tally, ...]
    second_due: int
    second_used: int

    @property
    def seats_open(self) -> int:
        """How many seats these votes do not fill."""
        return sum(tally.seats for tally in self.final if tally.result is not Result.ELECTED)


@dataclass(frozen=True, slots=True)
class Contrast:
    """Another law against the first.

    `cross` holds the contests by their first ballots under the first law (rows) and under the other (columns), both
    in the order of `Result`. `fates` says how many of the persons whom the first law elects have each fate.
    """

    law: str
    cross: tuple[tuple[int, ...], ...]
    fates: tuple[tuple[Fate, int], ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One contest under one law, everybody with the most votes first.

    `elected` are those of the end, `finalists` those whom the first ballot sends to a second, `to_come` those who meet
    in a second ballot that these votes do not hold.
    """

    first: Result
    final: Result
    elected: tuple[Candidate, ...]
    finalists: tuple[Candidate, ...]
    to_come: tuple[Candidate, ...]
    second_used: bool


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What another law makes of a person; `others` are those elected instead, or those in the second ballot."""

    fate: Fate
    others: tuple[Candidate, ...] = ()

    def __str__(self) -> str:
        names = ", ".join(other.full_name for other in self.others)
        if self.fate is Fate.LOST:
            return f"{self.fate}: {names} elected instead"
        return f"{self.fate}: {names}" if self.fate is Fate.OUT else self.fate.value


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom the first law elects, and what each of the other laws makes of them."""

    candidate: Candidate
    elsewhere: tuple[Elsewhere, ...]


@dataclass(frozen=True, slots=True)
class ContestComparison:
    """One contest under every law, in the order of the laws; `persons` are those whom the first law elects."""

    contest: Contest
    verdicts: tuple[Verdict, ...]
    persons: tuple[Person, ...]

    @property
    def name(self) -> str:
        """The name of the contest with its identifier."""
        name, identifier = self.contest.name, self.contest.id
        return identifier if name in ("", identifier) else f"{name} ({identifier})"


@dataclass(frozen=True, slots=True)
class PartySeats:
    """The seats of a party under each law, as far as these votes decide; an empty name: no party is given."""

    party: str
    seats: tuple[int, ...]


@dataclass(frozen=True)
class Comparison:
    """An election under several laws. `parties` is empty where no candidate names one."""

    election: Election
    laws: tuple[LawResult, ...]
    contrasts: tuple[Contrast, ...]
    contests: tuple[ContestComparison, ...]
    parties: tuple[PartySeats, ...]

    @property
    def seats(self) -> int:
        """All seats of the election."""
        return sum(comparison.contest.seats for comparison in self.contests)


def compare(counts: Sequence[ElectionCount]) -> Comparison:
    """Compare counts of one election under different laws; the first is what the others are compared with.

    CountError where there is nothing to compare.
    """
    _refuse(counts)
    contests = tuple(_contest(same) for same in zip(*(count.contests for count in counts), strict=True))
    return Comparison(
        counts[0].election,
        tuple(_law(count, [c.verdicts[n] for c in contests]) for n, count in enumerate(counts)),
        tuple(_contrast(count.statute.id, n, contests) for n, count in enumerate(counts) if n),
        contests,
        _parties(counts[0].election, contests, len(counts)),
    )


def _refuse(counts: Sequence[ElectionCount]) -> None:
    laws = [count.statute.id for count in counts]
    if len(laws) < 2 or len(set(laws)) < len(laws):
        seen = ", ".join(laws) or "none"
        raise CountError(
            Problem("laws", "there is nothing to compare", seen, "two laws or more, each once"), exit_code=WRONG_USE
        )
    if any(count.election != counts[0].election for count in counts):
        seen = ", ".join(count.election.id for count in counts)
        raise CountError(Problem("counts", "not the same election", seen, "one election under every law"))


def result_of(outcome: Outcome) -> Result:
    """The class of an outcome: exactly one."""
    if outcome.kind is not OutcomeKind.NEW_ELECTION:
        return Result(outcome.kind.value)
    if outcome.follows == "vacant":
        return Result.VACANT
    few = any(step.rule == "turnout.else" for step in outcome.steps)
    return Result.NEW_TURNOUT if few else Result.NEW_OTHER


def _seats_of(result: Result, elected: int, seats: int) -> Counter[Result]:
    """The seats of one contest: those filled, and what the rest wait for."""
    rest = Result.VACANT if result is Result.ELECTED else result
    return Counter({Result.ELECTED: elected}) + Counter({rest: seats - elected})


def _law(count: ElectionCount, verdicts: Sequence[Verdict]) -> LawResult:
    first: Counter[Result] = Counter()
    final: Counter[Result] = Counter()
    for counted, verdict in zip(count.contests, verdicts, strict=True):
        seats = counted.contest.seats
        first += _seats_of(verdict.first, len(set(counted.first.outcome.elected)), seats)
        final += _seats_of(verdict.final, len(verdict.elected), seats)
    return LawResult(
        count.statute.id,
        count.statute.title,
        count.statute.id == count.own,
        _tallies(Counter(verdict.first for verdict in verdicts), first),
        _tallies(Counter(verdict.final for verdict in verdicts), final),
        sum(verdict.first is Result.SECOND_BALLOT for verdict in verdicts),
        sum(verdict.second_used for verdict in verdicts),
    )


def _tallies(contests: Mapping[Result, int], seats: Mapping[Result, int]) -> tuple[Tally, ...]:
    return tuple(Tally(result, contests.get(result, 0), seats.get(result, 0)) for result in Result)


def _contrast(law: str, position: int, contests: Sequence[ContestComparison]) -> Contrast:
    pairs = Counter((c.verdicts[0].first, c.verdicts[position].first) for c in contests)
    fates = Counter(person.elsewhere[position - 1].fate for c in contests for person in c.persons)
    cross = tuple(tuple(pairs[row, column] for column in Result) for row in Result)
    return Contrast(law, cross, tuple((fate, fates[fate]) for fate in Fate))


def _contest(same: Sequence[ContestCount]) -> ContestComparison:
    """One contest under every law."""
    by_id = {candidate.id: candidate for candidate in same[0].first.candidates}
    verdicts = tuple(_verdict(counted, by_id) for counted in same)
    persons = tuple(
        Person(candidate, tuple(_elsewhere(candidate, verdict, verdicts[0].elected) for verdict in verdicts[1:]))
        for candidate in verdicts[0].elected
    )
    return ContestComparison(same[0].contest, verdicts, persons)


def _verdict(counted: ContestCount, by_id: Mapping[str, Candidate]) -> Verdict:
    first, final = counted.first.outcome, counted.outcome
    return Verdict(
        result_of(first),
        result_of(final),
        tuple(by_id[identifier] for identifier in dict.fromkeys(final.elected)),
        tuple(by_id[identifier] for identifier in first.finalists),
        tuple(by_id[identifier] for identifier in final.finalists),
        first.kind is OutcomeKind.SECOND_BALLOT and counted.second is not None,
    )


def _elsewhere(person: Candidate, verdict: Verdict, elected: Sequence[Candidate]) -> Elsewhere:
    """What a law makes of a person whom the first law elects, together with all of `elected`."""
    if person in verdict.elected:
        return Elsewhere(Fate.ELECTED)
    match verdict.final:
        case Result.ELECTED:
            instead = tuple(other for other in verdict.elected if other not in elected)
            return Elsewhere(Fate.LOST, instead) if instead else Elsewhere(Fate.VACANT)
        case Result.SECOND_BALLOT:
            if person in verdict.to_come:
                return Elsewhere(Fate.SECOND_BALLOT)
            return Elsewhere(Fate.OUT, verdict.to_come)
        case Result.NEW_TURNOUT | Result.NEW_OTHER:
            return Elsewhere(Fate.NEW_ELECTION)
        case Result.VACANT:
            return Elsewhere(Fate.VACANT)
        case Result.UNDECIDED:
            return Elsewhere(Fate.UNDECIDED)


def _parties(election: Election, contests: Sequence[ContestComparison], laws: int) -> tuple[PartySeats, ...]:
    """Seats by party, most seats first, in the order of the laws; a party without a seat under any law is left out."""
    if not any(candidate.party for candidate in election.candidates):
        return ()
    seats: dict[str, list[int]] = {}
    for contest in contests:
        for law, verdict in enumerate(contest.verdicts):
            for candidate in verdict.elected:
                seats.setdefault(candidate.party, [0] * laws)[law] += 1
    return tuple(
        PartySeats(party, tuple(numbers))
        for party, numbers in sorted(seats.items(), key=lambda item: ([-n for n in item[1]], item[0]))
    )
