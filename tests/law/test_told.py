"""Statutes in plain words: nothing is left out, and every rule has words of its own."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from suffrage.law import Rule, ShareRule, Statute, TermRule, built_in_ids, find_statute, lines
from suffrage.law.phrases import BASES, LABELS, VALUES
from suffrage.law.rules import Base
from suffrage.law.statute import Tie
from suffrage.law.told import ToldRule, told


def rules(statute: Statute) -> dict[str, ToldRule]:
    return {rule.line.path: rule for section in told(statute) for rule in (*section.rules, *section.gaps)}


@pytest.mark.parametrize("law", built_in_ids())
def test_every_rule_is_told_once_under_a_label(law: str) -> None:
    statute = find_statute(law)
    found = [rule for section in told(statute) for rule in (*section.rules, *section.gaps)]
    assert sorted(rule.line.path for rule in found) == sorted(
        line.path for line in lines(statute) if line.certainty is not None
    )
    for rule in found:
        assert rule.label
        assert rule.says
        assert rule.gap == (rule.says in ("the law is silent", "does not apply"))
        if isinstance(rule.line.rule, Rule | ShareRule | TermRule):
            path = re.sub(r"^variants\.[^.]+\.", "", rule.line.path)
            assert re.sub(r"\[[^]]*\]", "[]", path) in LABELS


@pytest.mark.parametrize(
    ("law", "path", "label", "says"),
    [
        ("ussr-1937", "franchise.minimum_age", "Age on polling day", "18 years"),
        ("ussr-1937", "turnout.at_least", "Must take part", "at least half of the electors on the roll"),
        ("ussr-1937", "turnout.else", "Where too few take part", "a new election, within 14 days"),
        ("ussr-1937", "majority.more_than", "Elected is who has", "more than half of the valid ballots"),
        ("plurality", "majority.more_than", "Elected is who has", "the most votes"),
        ("france-assembly", "majority.thresholds[1]", "And also", "at least a quarter of the electors on the roll"),
        ("france-assembly", "second_ballot.withdrawal", "Where a finalist leaves", "the rest stand"),
        (
            "ussr-1937",
            "chambers[union].norms[1]",
            "Council of the Union: norm of representation",
            "one deputy for every 300\N{NO-BREAK SPACE}000 inhabitants",
        ),
        ("ussr-1937", "committees.levels[precinct]", "Members at the level precinct", "4 to 8"),
        ("ussr-1937", "committees.levels[central]", "Members at the level central", "15"),
        ("ussr-1937", "voting.precincts[ship]", "Size of a precinct: ship", "at least 25"),
        (
            "ussr-1937",
            "returns.fields.took_part",
            "Ballots found in the box",
            "may be given; where it is not, it is valid ballots + invalid ballots",
        ),
        (
            "ussr-1937",
            "returns.checks[1]",
            "Check 1",
            "votes for all names + ballots with every name struck out = valid ballots (ballots of one name); "
            "else it is an error",
        ),
        ("ussr-1937", "calendar.roll_displayed", "Lists of electors displayed", "30 days before polling day"),
        ("ussr-1937", "calendar.protocols_sent_up", "Copies of precinct protocols sent up", "1 day after polling day"),
        (
            "ussr-1937",
            "calendar.complaints_decided",
            "Complaints decided",
            "within 3 days of a complaint about the list",
        ),
        ("ussr-1937", "ballot.blank", "A ballot without a mark", "does not apply"),
        ("poland-1989", "variants.national-list.ballot.may_leave", LABELS["ballot.may_leave"], "any number"),
    ],
)
def test_a_rule_in_words(law: str, path: str, label: str, says: str) -> None:
    rule = rules(find_statute(law))[path]
    assert (rule.label, rule.says) == (label, says)


def test_the_variants_have_sections_of_their_own() -> None:
    titles = [section.title for section in told(find_statute("poland-1989"))]
    assert "Variant national-list: What a ballot means" in titles
    assert len(titles) == len(set(titles))


def test_every_value_of_a_closed_rule_has_words() -> None:
    assert set(VALUES["majority.tie"]) == set(get_args(Tie))
    assert set(BASES) == set(get_args(Base))
