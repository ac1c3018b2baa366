"""From an elector's choice to a sealed ballot. The choice and the code stay on the elector's machine."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from suffrage import _core
from suffrage.belenios.fingerprint import Fingerprint
from suffrage.belenios.question import Question, question_of
from suffrage.belenios.refusal import about, misused, refused
from suffrage.belenios.urn import Urn

Choices = list[list[int]]
"""The numbers that are sealed: for each question 0 or 1 for each answer, after one for blank where that is allowed."""


def named_choices(questions: Sequence[Question], names: Sequence[str], *, blank: bool = False) -> Choices:
    """The choice of answers by their texts, `N:TEXT` where several questions have that answer.

    `blank` is a blank vote in every question in which nothing is chosen. BeleniosError (exit code 2) names what was
    asked for and cannot be chosen; it repeats no choice that is possible.
    """
    chosen: list[list[int]] = [[] for _ in questions]
    for name in names:
        number, place = _found(questions, name)
        if place in chosen[number]:
            raise misused("--choose", f"an answer of question {number + 1} is chosen twice")
        chosen[number].append(place)
    answered = zip(questions, chosen, strict=True)
    return [_plain(number, question, tuple(places), blank) for number, (question, places) in enumerate(answered, 1)]


def _plain(number: int, question: Question, places: tuple[int, ...], blank: bool) -> list[int]:
    if blank and not places:
        if not question.blank:
            raise misused("--blank", f"question {number} allows no blank vote")
        return question.plain((), blank=True)
    if not question.least <= len(places) <= question.most:
        expected = (
            str(question.least) if question.least == question.most else f"from {question.least} to {question.most}"
        )
        more = ", or --blank" if question.blank else ""
        raise misused("--choose", f"another number of answers than question {number} asks for", "", expected + more)
    return question.plain(places)


def _found(questions: Sequence[Question], name: str) -> tuple[int, int]:
    """The question and the answer, from 0, that a text names."""
    found = [(n, question.answers.index(name)) for n, question in enumerate(questions) if name in question.answers]
    number, colon, text = name.partition(":")
    if not found and colon and number.isascii() and number.isdigit() and 1 <= int(number[:9]) <= len(questions):
        question = questions[int(number) - 1]
        found = [(int(number) - 1, question.answers.index(text))] if text in question.answers else []
    if len(found) == 1:
        return found[0]
    if found:
        which = ", ".join(str(n + 1) for n, _ in found)
        raise misused("--choose", "stands in several questions", name, f"N:TEXT, with N one of {which}")
    answers = "; ".join(answer for question in questions for answer in question.answers)
    raise misused("--choose", "is no answer", name, f"one of {answers}")


def parsed_choices(questions: Sequence[Question], text: str) -> Choices:
    """The choice as lists of numbers, as the official tool takes it (`[[1,0,0]]`). No error repeats it."""
    expected = "; ".join(f"{question.choices} numbers, 0 or 1" for question in questions)
    try:
        choices = json.loads(text)
        right = len(choices) == len(questions) and all(
            len(numbers) == question.choices and all(type(n) is int and n in (0, 1) for n in numbers)
            for question, numbers in zip(questions, choices, strict=True)
        )
    except (ValueError, TypeError, RecursionError):
        choices, right = [], False
    if not right:
        raise misused("--choices", "do not fit the questions", "", f"a list for each question: {expected}")
    for number, (question, numbers) in enumerate(zip(questions, choices, strict=True), 1):
        blank = question.blank and numbers[0] == 1
        _plain(number, question, tuple(place for place, n in enumerate(numbers[int(question.blank) :]) if n), blank)
        if blank and any(numbers[1:]):
            raise misused("--choices", f"a blank vote and answers in question {number}", "", "one or the other")
    return [list(numbers) for numbers in choices]


def sealed(urn: Urn, code: str, choices: Choices, place: Path | str) -> bytes:
    """Seal a choice with a private code, and check what was made. `place` is where the code came from.

    BeleniosError where the code is none, or none of this election; it does not repeat the code.
    """
    with about(place):
        public = _core.public_credential(urn.election.uuid, code)
        if public not in urn.credentials:
            raise refused(place, f"the code is none of the election {urn.election.uuid}", "", "a code of this election")
        ballot = urn.election.seal(code, choices)
        urn.election.check(ballot)
    return ballot


def tracking_number(ballot: bytes) -> Fingerprint:
    """What an elector finds the ballot by: the hash of its bytes."""
    return Fingerprint.of(ballot)


def questions_of(election: _core.SealedElection) -> tuple[Question, ...]:
    """The questions of an election."""
    return tuple(question_of(question) for question in election.questions)
