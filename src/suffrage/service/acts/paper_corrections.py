"""Correcting one figure of a return from paper whose protocol is signed: a recorded decision, taken by two persons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import AbstractBaseUser

from suffrage.election import DecisionKind
from suffrage.service import paper_forms
from suffrage.service.acts.decisions import keep
from suffrage.service.acts.paper_returns import Key, in_force, signed
from suffrage.service.acts.permission import TwoPersonAct, refused, two_persons
from suffrage.service.models import Election, Role


def _key(election: Election, arguments: Mapping[str, Any]) -> Key:
    contest = election.contests.filter(slug=arguments.get("contest")).first()
    unit = election.units.filter(slug=arguments.get("unit"), paper=True).first()
    if contest is None or unit is None:
        raise refused("return", "is none from paper", arguments.get("unit", ""), "a place that votes on paper")
    return Key(contest, unit, int(arguments.get("ballot", 1)))


def _check(election: Election, arguments: Mapping[str, Any]) -> None:
    key = _key(election, arguments)
    if (key.contest.pk, key.unit.pk) not in in_force(election, key.ballot):
        raise refused("return", "was not accepted yet", key.unit.name, "one that there is")
    if not signed(election, key):
        raise refused("return", "is in no signed protocol", key.unit.name, "a new double entry, with its reason")
    what, figure = str(arguments.get("what", "")), arguments.get("figure")
    slugs = {person.slug for person in paper_forms.people(key.contest, key.ballot)}
    if what not in paper_forms.fields(key.contest) and what not in slugs:
        raise refused("figure", "is none of this return", what)
    if type(figure) is not int or not 0 <= figure <= 10**12:
        raise refused("figure", "is none", figure, "0 or more")


def _correct(by: AbstractBaseUser, election: Election, arguments: Mapping[str, Any], reason: str) -> None:
    key, what = _key(election, arguments), str(arguments["what"])
    is_field = what in paper_forms.fields(key.contest)
    keep(
        by,
        election,
        "correct a return from paper",
        DecisionKind.CORRECT,
        reason,
        contest=key.contest,
        ballot=key.ballot,
        unit=key.unit.slug,
        field=what if is_field else "",
        candidate="" if is_field else what,
        figure=arguments["figure"],
        article=str(arguments.get("article", "")),
    )


CORRECT = two_persons(
    TwoPersonAct("correct-return", "Correct a return from paper", (Role.COMMITTEE,), _correct, _check)
)
