"""The ballot papers of an election as electors see them, and why one cannot be drawn yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from suffrage.errors import SuffrageError
from suffrage.returns.sealed import question_of
from suffrage.service.export import candidates_as_model, contest_as_model, rules_of
from suffrage.service.models import Candidate, Contest, Election
from suffrage.service.words import words


@dataclass(frozen=True, slots=True)
class BallotPaper:
    """A ballot paper: the contest, how it is marked, who stands; or what is in the way."""

    contest: Contest
    rule: str
    candidates: list[Candidate]
    trouble: str = ""


def said_publicly(language: str) -> Mapping[str, str]:
    """The sentences of the public pages in a language, by their name."""
    found = words(language).items()
    return {name.removeprefix("public."): text for name, text in found if name.startswith("public.")}


def ballot_papers(election: Election, language: str = "") -> list[BallotPaper]:
    """The papers of the first ballot, in their order."""
    contests = election.contests.select_related("unit", "election").prefetch_related("candidates")
    return [_paper(contest, language or election.language) for contest in contests]


def _paper(contest: Contest, language: str) -> BallotPaper:
    people = list(contest.candidates.all())
    try:
        rules = rules_of(contest)
        question = question_of(contest_as_model(contest), rules, candidates_as_model(contest))
    except SuffrageError as error:
        return BallotPaper(contest, "", people, str(error))
    said, strikes = said_publicly(language), rules.ballot.marking.known == "strike-out"
    if strikes and len(people) == 1:
        rule = said["rule_single"]
    else:
        rule = said[("rule_" if strikes else "rule_mark_") + ("one" if question.most == 1 else "many")]
    return BallotPaper(contest, rule.format(count=question.most), people)
