"""The urn of a contest: the question that its sealed ballots answer, and the return that its result gives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Protocol

from suffrage.belenios.question import CoreQuestion, Question
from suffrage.belenios.question import question_of as question_from_core
from suffrage.election.model import Candidate, Contest
from suffrage.errors import Problem, ReturnsError, shown
from suffrage.law import Rules
from suffrage.returns.batch import Return
from suffrage.returns.open import NONE_LEFT, SOME_LEFT, TOO_MANY_LEFT, UNCLEAR
from suffrage.words import plural


class Tallied(Protocol):
    """What a return is drawn from: the report of an audit, or what an archive says of itself."""

    @property
    def questions(self) -> Sequence[CoreQuestion]:
        """The questions, in their order, as the core gives them."""

    @property
    def result(self) -> Sequence[Sequence[int]] | None:
        """The figures of each question, the blank ballots first where it allows blank; None where there is none."""

    @property
    def voters(self) -> int:
        """The ballots that were tallied, one an elector."""

    @property
    def credentials(self) -> int:
        """The electors on the list."""

    @property
    def weighted(self) -> bool:
        """Whether some electors count more than once."""


def answers_of(candidates: Sequence[Candidate]) -> list[str]:
    """The answer of each candidate: the name as on the ballot paper, with the number where two of them share it."""
    times = Counter(person.full_name for person in candidates)
    return [
        person.full_name if times[person.full_name] == 1 else f"{person.full_name} (no. {person.number})"
        for person in candidates
    ]


def question_of(
    contest: Contest,
    rules: Rules,
    candidates: Sequence[Candidate],
    finalists: Sequence[Candidate] = (),
    seats: int = 0,
) -> Question:
    """The question that the sealed ballots of a contest answer: choosing a candidate is leaving (or marking) the name.

    `candidates` are all who stand in the contest, in the order of the ballot paper. In a second ballot `finalists` are
    those of them who stand in it, and `seats` those that are left to fill (else the contest's).

    A ballot with no name left is one that chooses nobody where the law allows one name, and a blank one where it allows
    several; where the law calls it invalid it cannot be cast. ReturnsError where the law is silent on either, or nobody
    stands.
    """
    names = dict(zip((person.id for person in candidates), answers_of(candidates), strict=True))
    standing = [person for person in candidates if not finalists or person in finalists]
    if not standing:
        raise ReturnsError(Problem(f"contest {contest.id}", "nobody stands in it", "", "candidates"))
    blank, least, most = _limits(contest, rules, len(standing), seats or contest.seats)
    answers = tuple(names[person.id] for person in standing)
    return Question(contest.name or contest.id, answers, least, most, blank)


def _limits(contest: Contest, rules: Rules, candidates: int, seats: int) -> tuple[bool, int, int]:
    """Whether a question allows blank, and how many answers a ballot chooses, at least and at most."""
    most = rules.ballot.most_names(seats, candidates)
    none_left = rules.ballot.none_left
    if most is None or none_left is None:
        silent = "how many names may be left" if most is None else "what a ballot is on which no name is left"
        rule = "ballot.may_leave" if most is None else "ballot.all_struck, or ballot.blank"
        raise ReturnsError(Problem(f"contest {contest.id}", f"the law does not say {silent}", "", rule))
    most = min(most, candidates)
    if none_left == "invalid":
        return False, 1, most
    return (False, 0, 1) if most == 1 else (True, 1, most)


def return_of(
    report: Tallied,
    contest: Contest,
    unit: str,
    rules: Rules,
    candidates: Sequence[Candidate],
    ballot: int = 1,
    place: str = "",
) -> Return:
    """The return of an urn: electors on its list, its ballots by kind, as those of open ballots, votes by candidate.

    `rules` and `candidates` are those of the contest; `place` names the archive in errors. The text of the question is
    not compared: it may be in any language.

    ReturnsError: votes that count more than once, no result yet, another question than the contest's, figures that
    cannot be those of its ballots.
    """
    place = place or f"the urn of {contest.id} in {unit}"
    if report.weighted:
        raise ReturnsError(Problem(place, "its votes count differently", "weights", "one elector, one vote"))
    if report.result is None:
        raise ReturnsError(Problem(place, "has no result yet", "", "an archive with its result"))
    if len(report.questions) != 1:
        raise ReturnsError(Problem(place, "asks several questions", str(len(report.questions)), "one, its contest's"))
    question = question_from_core(report.questions[0])
    standing = _standing(question, contest, rules, candidates, ballot, place)
    votes = list(report.result[0]) if len(report.result) == 1 else []
    if len(votes) != len(standing) + question.blank:
        raise ReturnsError(Problem(place, "its result has other figures than its question", shown(report.result)))
    chosen = votes[question.blank :]
    none_left = votes[0] if question.blank else report.voters - sum(chosen) if question.least == 0 else 0
    some_left = report.voters - none_left
    if (
        not question.least * some_left <= sum(chosen) <= question.most * some_left
        or none_left < 0
        or max(chosen) > some_left
    ):
        seen = f"{plural(sum(chosen), 'vote')} on {plural(report.voters, 'ballot')}"
        raise ReturnsError(Problem(place, "its votes cannot be those of its ballots", seen))
    figures = {
        "registered": report.credentials,
        NONE_LEFT: none_left,
        SOME_LEFT: some_left,
        TOO_MANY_LEFT: 0,
        UNCLEAR: 0,
    }
    by_id = {person.id: number for person, number in zip(standing, chosen, strict=True)}
    return Return(unit, contest.id, ballot, figures, by_id)


def _standing(
    question: Question, contest: Contest, rules: Rules, candidates: Sequence[Candidate], ballot: int, place: str
) -> list[Candidate]:
    """The candidates whom the answers stand for.

    In the first ballot they are all of the contest, in a second one some of them, whom a count holds against the
    outcome of the first.
    """
    names = answers_of(candidates)
    position = {name: place for place, name in enumerate(names)}
    found = [position.get(answer, -1) for answer in question.answers]
    in_order = all(before < after for before, after in zip([-1, *found], found, strict=False))
    if not found or not in_order or (ballot == 1 and len(found) < len(names)):
        some = "" if ballot == 1 else "some of "
        expected = f"{some}the candidates in the order of the ballot paper: {shown(', '.join(names), 200)}"
        raise ReturnsError(
            Problem(
                place, f"asks for others than the candidates of {contest.id}", ", ".join(question.answers), expected
            )
        )
    # In a second ballot there may be fewer seats left.
    seats = range(contest.seats if ballot == 1 else 1, contest.seats + 1)
    allowed = [_limits(contest, rules, len(found), number) for number in seats]
    limits = question.blank, question.least, question.most
    if limits not in allowed:
        raise ReturnsError(
            Problem(place, "asks in another way than the law", _limits_in_words(limits), _limits_in_words(allowed[-1]))
        )
    return [candidates[place] for place in found]


def _limits_in_words(limits: tuple[bool, int, int]) -> str:
    blank, least, most = limits
    return f"min {least}, max {most}, {'blank allowed' if blank else 'no blank'}"
