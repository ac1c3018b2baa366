"""The question of a contest under each law, and the return that the result of its urn gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from suffrage.belenios.question import CoreQuestion, Question
from suffrage.count import Mark, meaning
from suffrage.count.ballot import DOUBTFUL, figures_of_ballots
from suffrage.election import Candidate, Contest
from suffrage.errors import ReturnsError
from suffrage.law import Gap, Rule, Rules, built_in, built_in_ids
from suffrage.returns.sealed import answers_of, question_of, return_of

SEAT = Contest("seat", "d", "The seat")
SEATS = Contest("seats", "d", "The seats", seats=2)


def people(*names: str, contest: str = "seat") -> list[Candidate]:
    return [Candidate(contest, f"c{number}", number, name) for number, name in enumerate(names, 1)]


ABC = people("Petrov", "Semenov", "Sivakov")


@dataclass(frozen=True)
class Found:
    """What an archive says, as far as a return asks for it."""

    questions: Sequence[CoreQuestion]
    result: Sequence[Sequence[int]] | None
    voters: int
    credentials: int = 100
    weighted: bool = False


def found(question: Question, *votes: int, voters: int, **more: Any) -> Found:
    return Found([question.as_core()], [list(votes)], voters, **more)


def of(law: str, contest: Contest = SEAT, candidates: Sequence[Candidate] = ABC) -> Question:
    return question_of(contest, built_in(law), candidates)


def limits(question: Question) -> tuple[bool, int, int]:
    return question.blank, question.least, question.most


@pytest.mark.parametrize(
    ("law", "contest", "blank", "least", "most"),
    [
        ("ussr-1937", SEAT, False, 0, 1),
        ("ussr-1937", SEATS, True, 1, 2),
        ("ussr-1989", SEAT, False, 0, 1),
        ("ukraine-1994", SEAT, False, 0, 1),
        ("poland-1989", SEAT, False, 0, 1),
        ("party-1937", SEAT, True, 1, 3),
        ("vietnam-2015", SEAT, False, 1, 1),
        ("vietnam-2015", SEATS, False, 1, 2),
        ("france-assembly", SEAT, False, 1, 1),
        ("plurality", SEAT, False, 1, 1),
        ("plurality", SEATS, False, 1, 2),
        ("approval-majority", SEAT, False, 1, 3),
    ],
)
def test_how_each_law_asks(law: str, contest: Contest, blank: bool, least: int, most: int) -> None:
    question = of(law, contest)
    assert limits(question) == (blank, least, most)
    assert question.answers == ("Petrov", "Semenov", "Sivakov")
    assert question.text == contest.name


def test_every_built_in_law_asks_or_says_why_not() -> None:
    for law in built_in_ids():
        if law == "ussr-1924":
            with pytest.raises(ReturnsError, match="contest seat: the law does not say how many names may be left"):
                of(law)
        else:
            question = of(law)
            assert 0 <= question.least <= question.most <= len(question.answers)


def test_a_variant_of_a_law_asks_by_its_own_rules() -> None:
    question = question_of(SEAT, built_in("poland-1989").rules_for("national-list"), ABC)
    assert limits(question) == (True, 1, 3)


def test_a_law_that_is_silent_on_a_ballot_without_a_name_asks_nothing() -> None:
    law = built_in("ussr-1937")
    silent = replace(law, ballot=replace(law.ballot, all_struck=Rule.gap(Gap.SILENT)))
    with pytest.raises(ReturnsError, match=r"does not say what a ballot is on which no name is left.*all_struck"):
        question_of(SEAT, silent, ABC)


def test_nobody_to_choose() -> None:
    with pytest.raises(ReturnsError, match="contest seat: nobody stands in it"):
        of("ussr-1937", candidates=[])


def test_fewer_candidates_than_seats() -> None:
    assert limits(of("ussr-1937", replace(SEATS, seats=5))) == (True, 1, 3)
    assert limits(of("ussr-1937", SEATS, ABC[:1])) == (False, 0, 1)
    assert limits(of("vietnam-2015", replace(SEATS, seats=5), ABC[:2])) == (False, 1, 2)


def test_a_name_that_two_share_is_told_by_the_number() -> None:
    assert answers_of(people("Petrov", "Semenov", "Petrov")) == ["Petrov (no. 1)", "Semenov", "Petrov (no. 3)"]


def test_a_second_ballot_asks_for_its_finalists_in_the_order_of_the_paper() -> None:
    question = question_of(SEAT, built_in("ussr-1937"), ABC, finalists=[ABC[2], ABC[0]])
    assert question.answers == ("Petrov", "Sivakov")
    assert limits(question) == (False, 0, 1)
    assert limits(question_of(SEATS, built_in("ussr-1937"), ABC, ABC[:2], seats=1)) == (False, 0, 1)
    same = people("Petrov", "Semenov", "Petrov")
    assert question_of(SEAT, built_in("ussr-1937"), same, same[:2]).answers == ("Petrov (no. 1)", "Semenov")


# Returns


def drawn(report: Found, law: str = "ussr-1937", contest: Contest = SEAT, ballot: int = 1) -> Any:
    return return_of(report, contest, "d", built_in(law), ABC, ballot, "urn")


def test_one_seat_under_the_law_of_1937() -> None:
    made = drawn(found(of("ussr-1937"), 40, 30, 10, voters=90))
    assert (made.unit, made.contest, made.ballot) == ("d", "seat", 1)
    assert made.votes == {"c1": 40, "c2": 30, "c3": 10}
    assert made.figures == {
        "registered": 100,
        "ballots_none_left": 10,
        "ballots_some_left": 80,
        "ballots_too_many_left": 0,
        "ballots_unclear": 0,
    }


def test_several_seats_have_their_blank_ballots_first() -> None:
    made = drawn(found(of("ussr-1937", SEATS), 7, 50, 40, 20, voters=90), contest=SEATS)
    assert made.votes == {"c1": 50, "c2": 40, "c3": 20}
    assert (made.figures["ballots_none_left"], made.figures["ballots_some_left"]) == (7, 83)


def test_where_the_law_calls_a_ballot_without_a_name_invalid_there_is_none() -> None:
    made = drawn(found(of("vietnam-2015", SEATS), 50, 40, 20, voters=90), "vietnam-2015", SEATS)
    assert (made.figures["ballots_none_left"], made.figures["ballots_some_left"]) == (0, 90)


def test_an_urn_without_ballots() -> None:
    made = drawn(found(of("ussr-1937"), 0, 0, 0, voters=0))
    assert set(made.votes.values()) == {0}
    assert made.figures["ballots_some_left"] == 0


RIGHT = of("ussr-1937")
OTHERS = ("Petrov", "Sivakov", "Semenov")


@pytest.mark.parametrize(
    ("report", "said"),
    [
        (found(RIGHT, 1, 1, 1, voters=3, weighted=True), "urn: its votes count differently"),
        (Found([RIGHT.as_core()], None, 3), "urn: has no result yet"),
        (Found([RIGHT.as_core()] * 2, [[1, 1, 1]] * 2, 3), "urn: asks several questions; seen: 2"),
        (Found([], [], 3), "urn: asks several questions; seen: 0"),
        (found(replace(RIGHT, answers=OTHERS), 1, 1, 1, voters=3), "asks for others than the candidates of seat"),
        (found(replace(RIGHT, answers=("Petrov", "Semenov")), 1, 1, voters=3), "asks for others than the candidates"),
        (found(replace(RIGHT, answers=(*RIGHT.answers, "X")), 1, 1, 1, 0, voters=3), "asks for others"),
        (found(replace(RIGHT, answers=("Petrov",) * 3), 1, 1, 1, voters=3), "asks for others"),
        (found(replace(RIGHT, least=1), 1, 1, 1, voters=3), "seen: min 1, max 1, no blank; expected: min 0, max 1"),
        (found(replace(RIGHT, most=2), 1, 1, 1, voters=3), "asks in another way than the law"),
        (found(replace(RIGHT, blank=True), 0, 1, 1, 1, voters=3), "asks in another way than the law"),
        (found(RIGHT, 1, 1, voters=3), "its result has other figures than its question"),
        (found(RIGHT, 1, 1, 1, 0, voters=3), "its result has other figures than its question"),
        (Found([RIGHT.as_core()], [[1, 1, 1], [1]], 3), "its result has other figures than its question"),
        (Found([RIGHT.as_core()], [], 3), "its result has other figures than its question"),
        (found(RIGHT, 2, 1, 1, voters=3), "its votes cannot be those of its ballots; seen: 4 votes on 3 ballots"),
    ],
)
def test_what_is_no_urn_of_the_contest_is_refused(report: Found, said: str) -> None:
    with pytest.raises(ReturnsError) as caught:
        drawn(report)
    assert said in str(caught.value)


def test_figures_that_no_ballots_give_are_refused() -> None:
    several = of("ussr-1937", SEATS)
    for votes in ((11, 0, 0, 0), (5, 6, 0, 0), (5, 2, 2, 0), (0, 9, 9, 9), (1, 9, 9, 1)):
        with pytest.raises(ReturnsError, match="cannot be those of its ballots"):
            drawn(found(several, *votes, voters=10), contest=SEATS)
    assert drawn(found(several, 1, 9, 8, 1, voters=10), contest=SEATS).figures["ballots_none_left"] == 1


def test_in_a_second_ballot_some_of_the_candidates_stand() -> None:
    question = question_of(SEAT, built_in("ussr-1937"), ABC, finalists=ABC[1:])
    report = found(question, 40, 30, voters=80)
    assert drawn(report, ballot=2).votes == {"c2": 40, "c3": 30}
    with pytest.raises(ReturnsError, match="asks for others"):
        drawn(report, ballot=1)
    with pytest.raises(ReturnsError, match="expected: some of the candidates in the order of the ballot paper"):
        drawn(found(replace(question, answers=("Sivakov", "Semenov")), 40, 30, voters=80), ballot=2)
    fewer = question_of(SEATS, built_in("ussr-1937"), ABC, ABC[:2], seats=1)
    assert drawn(found(fewer, 5, 4, voters=10), contest=SEATS, ballot=2).votes == {"c1": 5, "c2": 4}
    with pytest.raises(ReturnsError, match="asks in another way than the law"):
        drawn(found(replace(fewer, blank=True), 0, 5, 4, voters=10), contest=SEATS, ballot=2)


LAWS = ("ussr-1937", "party-1937", "vietnam-2015", "plurality", "approval-majority", "poland-1989")


@given(st.data())
def test_sealed_and_open_ballots_mean_the_same(data: st.DataObject) -> None:
    """What an elector may seal is what the law holds valid, and the figures are those of the same open ballots."""
    law: Rules = built_in(data.draw(st.sampled_from(LAWS)))
    contest = Contest("seat", "d", seats=data.draw(st.integers(1, 4)))
    candidates = people(*(f"N{n}" for n in range(data.draw(st.integers(1, 5)))))
    question = question_of(contest, law, candidates)
    papers = data.draw(st.lists(st.tuples(*[st.booleans()] * len(candidates)), max_size=12))

    def may_seal(marks: Sequence[bool]) -> bool:
        return question.least <= sum(marks) <= question.most or (question.blank and not any(marks))

    meanings = [meaning([Mark(mark) for mark in marks], law, contest.seats) for marks in papers]
    for marks, one in zip(papers, meanings, strict=True):
        assert may_seal(marks) == one.meaning.startswith("valid")
    cast = [marks for marks in papers if may_seal(marks)]
    votes = [sum(marks[place] for marks in cast) for place in range(len(candidates))]
    blank = [sum(not any(marks) for marks in cast)] if question.blank else []
    made = return_of(found(question, *blank, *votes, voters=len(cast)), contest, "d", law, candidates)
    assert list(made.votes.values()) == votes
    read = figures_of_ballots({name: np.array([figure]) for name, figure in made.figures.items()}, law)
    assert int(read["valid"][0]) == int(read["took_part"][0]) == len(cast)
    assert int(read["all_struck"][0]) == sum(not any(marks) for marks in cast)
    assert int(read["invalid"][0]) == int(read[DOUBTFUL][0]) == 0
