"""Marked ballots, one a row: `ballots.csv`, a column for each candidate, 1 for a name left or marked, 0 for another."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from suffrage.importing.figures import Returns
from suffrage.importing.passes import Item, Pass
from suffrage.importing.problems import Problems
from suffrage.importing.source import Progress, Row

BALLOTS = "ballots.csv"
_MARKS = frozenset(("1", "0", "", "?"))


def write_ballots(
    passes: Sequence[Pass], returns: Returns, path: Path, problems: Problems, progress: Progress | None
) -> int:
    """Write the ballots row by row as they are read; how many there are."""
    election = returns.election
    if len(election.contests) != 1:
        seen = f"{len(election.contests)} contests"
        problems.add(passes[0].section.place, "marked ballots of several contests", seen, "one contest")
        return 0
    header = [candidate.id for candidate in election.candidates]
    several_units = len(election.units) > 1
    second = any("ballot" in one.section.texts for one in passes)
    number = 0
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([*(["unit"] if several_units else []), *(["ballot"] if second else []), *header])
        for one in passes:
            positions = _positions(one, header, returns, problems)
            if len(problems):
                return number
            for row in one.rows(problems, progress):
                key = returns.key(one, one.items[0], row, problems)
                marks = _marks(one, row, positions, problems)
                if key is not None:
                    unit = election.units[int(returns.slots.unit[key[1]])].id
                    writer.writerow([*([unit] if several_units else []), *([key[0]] if second else []), *marks])
                    one.use(row)
                    number += 1
    return number


def _marks(one: Pass, row: Row, positions: Sequence[int], problems: Problems) -> list[str]:
    marks = ["" if at < 0 else row.cells[at] for at in positions]
    for at, mark in zip(positions, marks, strict=True):
        if mark not in _MARKS and one.source is not None:
            place = one.source.place(row.line, one.source.header[at])
            problems.add(place, "not a mark", mark, "1 (left, marked), 0 (struck, not marked), or an empty cell")
    return marks


def _positions(one: Pass, header: Sequence[str], returns: Returns, problems: Problems) -> list[int]:
    """The column of every candidate; -1 where a file has none (a second ballot has but two)."""
    found: dict[str, int] = {}
    top = Row(-1, 1, one.source.header if one.source is not None else [])
    for item in one.items:
        identifier = _who(one, item, top, returns, problems)
        if identifier and identifier in found:
            expected = "one column for each"
            problems.add(one.place(top.line, "candidate"), "two columns for one candidate", identifier, expected)
        found[identifier] = item.position
    return [found.get(identifier, -1) for identifier in header]


def _who(one: Pass, item: Item, top: Row, returns: Returns, problems: Problems) -> str:
    contest = returns.election.contests[0].id
    return returns.candidates.named(one, item, top, contest, problems)
