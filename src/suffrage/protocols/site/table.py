"""The table of all contests, its other orders, and the tiles: a row a contest."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from suffrage.count import ContestCount, ElectionCount
from suffrage.election import Candidate
from suffrage.protocols.site.charts import lead_of
from suffrage.protocols.site.standings import Standing, label_of, leader, said, standing_of, turnout
from suffrage.words import percent

MOST_TILES = 1_200
"""With more contests in a chamber, a bar of their outcomes takes the place of the tiles."""


@dataclass(frozen=True, slots=True)
class Row:
    """One contest. `people` are the elected, or else who is ahead (`ahead`); shares are as text and as numbers.

    Turnout and share are those of the last ballot held; `bar` is the share as the length of a bar, 0 to 100.
    """

    number: int
    id: str
    label: str
    chamber: str
    path: str
    standing: Standing
    said: str
    people: tuple[Candidate, ...]
    ahead: bool
    share: str
    bar: float
    turnout: str
    turnout_value: float
    reported: int
    expected: int


@dataclass(frozen=True, slots=True)
class Order:
    """The contests in another order, each with the value that it is ordered by."""

    title: str
    lines: Sequence[tuple[Row, str]]


def rows_of(counted: ElectionCount, paths: Mapping[str, str], chamber_names: Mapping[str, str]) -> tuple[Row, ...]:
    """A row a contest, in roll order."""
    return tuple(
        _row(number, contest, paths[contest.contest.id], chamber_names.get(contest.contest.chamber, ""))
        for number, contest in enumerate(counted.contests, 1)
    )


def _row(number: int, contest: ContestCount, path: str, chamber: str) -> Row:
    ballot = contest.ballots[-1]
    people: tuple[Candidate, ...] = tuple(contest.candidate(one) for one in dict.fromkeys(contest.outcome.elected))
    best = leader(ballot)
    ahead = not people and best is not None
    if ahead and best is not None:
        people = (ballot.candidates[best],)
    lead, took_part = lead_of(ballot, "valid"), turnout(ballot)
    return Row(
        number,
        contest.contest.id,
        label_of(contest),
        chamber,
        path,
        standing_of(contest),
        said(contest),
        people,
        ahead,
        percent(*lead) if lead else "",
        round(min(max(lead[0] * 100 / lead[1], 0), 100), 2) if lead else 0,
        percent(*took_part) if took_part else "",
        round(took_part[0] * 100 / took_part[1], 3) if took_part else -1,
        ballot.reported,
        ballot.expected,
    )


def orders(rows: Sequence[Row]) -> tuple[Order, ...]:
    """The same contests in other orders, for readers without JavaScript."""
    by_name = sorted(rows, key=lambda row: _plain(row.label))
    by_share = sorted((row for row in rows if row.share), key=lambda row: -row.bar)
    by_turnout = sorted((row for row in rows if row.turnout), key=lambda row: -row.turnout_value)
    every = list(Standing)
    by_outcome = sorted(rows, key=lambda row: every.index(row.standing))
    return (
        Order("By name", [(row, "") for row in by_name]),
        Order("By outcome", [(row, row.standing.words) for row in by_outcome]),
        Order("By the leader's share, the greatest first", [(row, row.share) for row in by_share]),
        Order("By turnout, the highest first", [(row, row.turnout) for row in by_turnout]),
    )


def _plain(text: str) -> list[tuple[bool, int | str]]:
    """A name as a key: without accents and case, numbers by their value."""
    letters = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)).casefold()
    parts: list[str] = []
    for letter in letters:
        if parts and parts[-1][-1].isdecimal() == letter.isdecimal():
            parts[-1] += letter
        else:
            parts.append(letter)
    return [(not part.isdecimal(), int(part) if part.isdecimal() else part) for part in parts]
