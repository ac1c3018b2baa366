"""Complaints and dissenting opinions that are attached to protocols: `statements.csv` in the election folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from suffrage.election import Election
from suffrage.errors import Problem, ProtocolError, shown
from suffrage.tables import Table, read_table

STATEMENTS = "statements.csv"
COLUMNS = ("kind", "contest", "chamber", "unit", "ballot", "by", "text", "answer")


@dataclass(frozen=True, slots=True)
class Statement:
    """A complaint with the committee's answer, or the dissenting opinion of a member.

    It belongs to the protocol of `unit` in `contest` and `ballot`; without a unit to that of the contest's unit;
    without a contest to that of an area, and without either to the centre's (of `chamber`).
    """

    kind: Literal["complaint", "opinion"]
    contest: str
    chamber: str
    unit: str
    ballot: int
    by: str
    text: str
    answer: str = ""


Place = tuple[str, str, str, int]
"""Contest, chamber (empty where there is a contest), unit and ballot that a statement belongs to."""


@dataclass(frozen=True)
class Statements:
    """The statements of an election by the protocol they belong to."""

    by_place: Mapping[Place, tuple[Statement, ...]] = field(default_factory=dict)

    def of(self, place: Place) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
        """Complaints and opinions as a record holds them."""
        found = self.by_place.get(place, ())
        complaints = [{"by": s.by, "text": s.text, "answer": s.answer} for s in found if s.kind == "complaint"]
        return complaints, [{"by": s.by, "text": s.text} for s in found if s.kind == "opinion"]


def read_statements(folder: Path, election: Election) -> Statements:
    """The statements of a folder; none where it has no such file. ProtocolError names every row that is wrong."""
    path = folder / STATEMENTS
    if not path.exists():
        return Statements()
    table = read_table(path, ProtocolError, required=("kind", "by", "text"), optional=COLUMNS)
    problems: list[Problem] = []
    statements: dict[Place, list[Statement]] = {}
    for row in range(len(table)):
        statement = _statement(table, row, election, problems)
        if statement is not None:
            unit = statement.unit or _unit_of(election, statement.contest)
            place = (statement.contest, "" if statement.contest else statement.chamber, unit, statement.ballot)
            statements.setdefault(place, []).append(statement)
    if problems:
        raise ProtocolError(problems)
    return Statements({place: tuple(group) for place, group in statements.items()})


def _unit_of(election: Election, contest: str) -> str:
    return election.contests[election.index.contest[contest]].unit if contest else ""


def _misplaced(election: Election, contest: str, chamber: str, unit: str) -> list[tuple[str, str, str]]:
    """What keeps a statement from belonging to any protocol."""
    index = election.index
    if contest:
        position = index.contest[contest]
        own = election.contests[position].chamber
        if chamber not in ("", own):
            return [("chamber", "not the chamber of this contest", own or "nothing")]
        if unit and index.unit[unit] not in index.below(int(index.contest_unit[position])):
            return [("unit", "a unit outside the contest", f"a unit of {contest}")]
        return []
    chambers = {item.chamber for item in election.contests}
    if chamber not in chambers:
        return [("chamber", "unknown chamber", "one of " + ", ".join(sorted(chambers)))]
    if unit and index.unit[unit] not in _areas(election, chamber):
        return [("unit", "no unit above districts", "such a unit, or nothing for the centre; or a contest")]
    return []


def _areas(election: Election, chamber: str) -> set[int]:
    """The units that have a protocol of an area: those above districts but the uppermost."""
    parent = election.index.parent.tolist()
    found = set()
    for contest in election.contests:
        if contest.chamber == chamber:
            above = parent[election.index.unit[contest.unit]]
            while above >= 0 and parent[above] >= 0:
                found.add(above)
                above = parent[above]
    return found


def _statement(table: Table, row: int, election: Election, problems: list[Problem]) -> Statement | None:
    cells = {name: table.columns[name][row] for name in COLUMNS}
    wrong = []
    if cells["kind"] not in ("complaint", "opinion"):
        wrong.append(("kind", "unknown kind of statement", "complaint or opinion"))
    if cells["contest"] and cells["contest"] not in election.index.contest:
        wrong.append(("contest", "unknown contest", "the id of a contest, or nothing"))
    if cells["unit"] and cells["unit"] not in election.index.unit:
        wrong.append(("unit", "unknown unit", "the id of a unit, or nothing"))
    if cells["ballot"] not in ("", "1", "2"):
        wrong.append(("ballot", "not a ballot", "1 or 2"))
    if not wrong:
        wrong += _misplaced(election, cells["contest"], cells["chamber"], cells["unit"])
    wrong += [(name, "is missing", "a text") for name in ("by", "text") if not cells[name]]
    if wrong:
        problems += [Problem(table.place(row, name), said, shown(cells[name]), right) for name, said, right in wrong]
        return None
    return Statement(
        "complaint" if cells["kind"] == "complaint" else "opinion",
        cells["contest"],
        cells["chamber"],
        cells["unit"],
        int(cells["ballot"] or 1),
        cells["by"],
        cells["text"],
        cells["answer"],
    )
