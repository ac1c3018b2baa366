"""Returns from the urns of an election: `urns.csv` and the archives in `urns/`.

Columns: `contest` (may be left out where there is one), `ballot` (1 where empty; 2 is the second ballot), `unit` (the
contest's where empty), `archive` (the name of a file in `urns/`). An urn without a result has not reported yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from suffrage.election.model import Election
from suffrage.errors import WRONG_USE, Problem, ReturnsError, shown
from suffrage.law import Statute
from suffrage.returns.archived import read_result
from suffrage.returns.batch import Batch, Return
from suffrage.returns.open import BALLOT_FIGURES
from suffrage.returns.sealed import Tallied, return_of
from suffrage.returns.slots import Slots
from suffrage.tables import Table, read_table

URNS, ARCHIVES = "urns.csv", "urns"

ARCHIVE_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,79}\.bel")
"""What the file of an archive may be called: the identifier of its election, or any other plain name."""

_FIGURES = ("registered", *BALLOT_FIGURES)


@dataclass(frozen=True, slots=True)
class ListedUrn:
    """The sealed ballots of one contest in one unit and ballot (1 or 2). `archive` is the name of a file in `urns/`."""

    contest: str
    ballot: int
    unit: str
    archive: str
    line: int

    @property
    def place(self) -> str:
        """The urn as an error names it."""
        return f"{URNS}, line {self.line}, {self.archive}"


def has_urns(folder: Path) -> bool:
    """Whether an election folder has urns."""
    return (folder / URNS).exists()


def urns_of(folder: Path, election: Election, slots: Slots | None = None) -> tuple[ListedUrn, ...]:
    """The urns of an election folder; none where it has no such file.

    ReturnsError names every row that is wrong; its exit code is 2 where an archive is missing.
    """
    if not has_urns(folder):
        return ()
    reader = _Rows(folder, election, slots or Slots(election))
    urns = [urn for urn in map(reader.urn, range(len(reader.table))) if urn is not None]
    if reader.problems:
        raise ReturnsError(reader.problems)
    if missing := [urn for urn in urns if not (folder / ARCHIVES / urn.archive).is_file()]:
        raise ReturnsError(
            [Problem(urn.place, "no such archive", "", f"a file of this name in {ARCHIVES}/") for urn in missing],
            exit_code=WRONG_USE,
        )
    return tuple(urns)


class _Rows:
    """Reads the rows of the table and gathers their problems."""

    def __init__(self, folder: Path, election: Election, slots: Slots) -> None:
        optional = ("contest", "ballot", "unit")
        self.table: Table = read_table(folder / URNS, ReturnsError, required=("archive",), optional=optional)
        self.election = election
        self.slots = slots
        self.problems: list[Problem] = []
        self._urns: set[tuple[str, str, str]] = set()
        self._archives: set[str] = set()

    def urn(self, row: int) -> ListedUrn | None:
        """The urn of a row; None where it is wrong."""
        columns, index = self.table.columns, self.election.index
        only = self.election.contests[0].id if len(self.election.contests) == 1 else ""
        contest, unit = columns["contest"][row] or only, columns["unit"][row]
        ballot, archive = columns["ballot"][row] or "1", columns["archive"][row]
        position = index.contest.get(contest, -1)
        unit = unit or (self.election.contests[position].unit if position >= 0 else "")
        if position < 0:
            wrong = "contest", "unknown contest", contest, "the id of a contest"
        elif unit not in index.unit:
            wrong = "unit", "unknown unit", unit, "the id of a unit"
        elif self.slots.of(np.array([position], np.int32), np.array([index.unit[unit]], np.int32))[0] < 0:
            wrong = "unit", "a unit outside the contest", unit, f"a unit of {contest}"
        elif ballot not in ("1", "2"):
            wrong = "ballot", "not a ballot", ballot, "1 or 2"
        elif not ARCHIVE_NAME.fullmatch(archive):
            wrong = "archive", "not the name of an archive", archive, "letters and digits, then .bel"
        elif archive.lower() in self._archives:
            wrong = "archive", "an archive named twice", archive, "one urn an archive"
        elif (contest, ballot, unit) in self._urns:
            wrong = "unit", "a second urn of this unit", f"{contest}, ballot {ballot}, {unit}", "one urn"
        else:
            # In small letters: on some systems two names that differ in capitals alone are one file.
            self._archives.add(archive.lower())
            self._urns.add((contest, ballot, unit))
            return ListedUrn(contest, int(ballot), unit, archive, int(self.table.lines[row]))
        column, message, seen, expected = wrong
        self.problems.append(Problem(self.table.place(row, column), message, shown(seen), expected))
        return None


def urn_return(urn: ListedUrn, report: Tallied, election: Election, statute: Statute) -> Return:
    """The return of an urn of an election under its own law; see `return_of`."""
    position = election.index.contest[urn.contest]
    contest = election.contests[position]
    candidates = [election.candidates[number] for number in election.index.standing[position]]
    rules = statute.rules_under(contest.rules)
    return return_of(report, contest, urn.unit, rules, candidates, urn.ballot, urn.place)


def read_urns(folder: Path, election: Election, statute: Statute, slots: Slots) -> Iterator[Batch]:
    """The returns of the urns that have a result, in one batch. `statute` is the election's own law.

    ReturnsError: a row or an archive that is wrong; an urn that asks another question than its contest.
    """
    returns = []
    urns = []
    for urn in urns_of(folder, election, slots):
        found = read_result(folder / ARCHIVES / urn.archive, urn.place)
        if found is not None:
            returns.append(urn_return(urn, found, election, statute))
            urns.append(urn)
    if returns:
        yield _batch(returns, [urn.line for urn in urns], election, slots)


def _batch(returns: Sequence[Return], lines: Sequence[int], election: Election, slots: Slots) -> Batch:
    index = election.index
    contest = np.array([index.contest[item.contest] for item in returns], np.int32)
    unit = np.array([index.unit[item.unit] for item in returns], np.int32)
    votes = [
        (row, index.candidate[int(contest[row]), candidate], number)
        for row, item in enumerate(returns)
        for candidate, number in item.votes.items()
    ]
    return Batch(
        slots.of(contest, unit),
        contest,
        unit,
        np.array([item.ballot for item in returns], np.int8),
        np.array(lines, np.int64),
        {name: np.array([item.figures[name] for item in returns], np.int64) for name in _FIGURES},
        np.array([row for row, _, _ in votes], np.int32),
        np.array([candidate for _, candidate, _ in votes], np.int32),
        np.array([number for _, _, number in votes], np.int64),
    )
