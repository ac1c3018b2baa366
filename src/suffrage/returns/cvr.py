"""Returns from cast vote records: a report after NIST SP 1500-103, version 1.0.0, in JSON (`cvr.json`, `cvr.json.gz`).

Of each record the current snapshot counts, by its marks; what the exporting program made of them (overvotes, totals,
flags) is not looked at. docs/ballots.md says what each mark means, and what is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

from suffrage.election.model import Election
from suffrage.errors import Problem, ReturnsError, shown
from suffrage.law import Statute
from suffrage.returns.batch import Batch, Positions
from suffrage.returns.cvrnames import NOBODY, Names, Part, RefusedError, parts, text_of
from suffrage.returns.jsonstream import members
from suffrage.returns.open import Sheet, most_names, tallied
from suffrage.returns.slots import Slots
from suffrage.returns.source import Progress

REPORT = {"@type": "CVR.CastVoteRecordReport", "Version": "1.0.0"}
HEAD = (*REPORT, "Election", "GpUnit")

BALLOTS_A_SHEET = 65_536
_PROBLEMS_SHOWN = 20

UNCLEAR, STRUCK, LEFT = -1, 0, 1

MARKS: dict[tuple[object, object], int] = {
    ("yes", "yes"): LEFT,
    ("yes", None): LEFT,
    ("yes", "unknown"): UNCLEAR,
    ("yes", "no"): STRUCK,
    ("no", "no"): STRUCK,
    ("no", None): STRUCK,
    ("no", "unknown"): UNCLEAR,
    ("no", "yes"): UNCLEAR,
    ("unknown", "yes"): UNCLEAR,
    ("unknown", None): UNCLEAR,
    ("unknown", "unknown"): UNCLEAR,
    ("unknown", "no"): STRUCK,
}
"""What HasIndication and IsAllocable say together of one position."""


def read_cast_vote_records(
    path: Path, election: Election, statute: Statute, slots: Slots | None = None, progress: Progress | None = None
) -> Iterator[Batch]:
    """The returns of a report of cast vote records, one a unit and contest, all of the first ballot.

    `progress` is called now and then with the number of ballots read so far.

    ReturnsError: no such report, or records in it that cannot be taken, up to twenty at once, by their numbers.
    """
    slots = slots or Slots(election)
    records = _Records(path, election, statute, slots)
    yield from tallied(records.sheets(progress), records.columns, election, statute, slots, records.place)


def _head(path: Path) -> dict[str, Any]:
    """What a report says before, or after, its records."""
    head = {}
    with closing(members(path, "CVR", "record", careful=False)) as found:
        for key, number, value in found:
            if key in HEAD and not number:
                head[key] = value
            if len(head) == len(HEAD):
                break
    problems = [
        Problem(f"{path.name}, {key}", "not a report of cast vote records", shown(head.get(key, "")), expected)
        for key, expected in REPORT.items()
        if head.get(key) != expected
    ]
    problems += [
        Problem(f"{path.name}, {key}", "missing", "", "what the identifiers of the records mean")
        for key in HEAD[len(REPORT) :]
        if key not in head
    ]
    if problems:
        raise ReturnsError(problems)
    return head


class _Records:
    """Turns records into sheets of marks, with one column a place on the ballot paper of the contest."""

    def __init__(self, path: Path, election: Election, statute: Statute, slots: Slots) -> None:
        self.path = path
        self.election = election
        self.slots = slots
        self._names = Names(_head(path), path.name, election)
        self._most = [most_names(election, statute, position) for position in range(len(election.contests))]
        standing = election.index.standing
        tables: list[Positions] = [
            np.array([people[n] if n < len(people) else -1 for people in standing], np.int32)
            for n in range(max(map(len, standing), default=0))
        ]
        self.columns = {str(n + 1): table for n, table in enumerate(tables)}
        self._column = {position: n for people in standing for n, position in enumerate(people)}
        self._problems: list[Problem] = []
        # What identifiers were found to mean; None where they were refused, once.
        self._units: dict[str, int | None] = {}
        self._contests: dict[str, int | None] = {}
        self._selections: dict[tuple[str, str], int | None] = {}
        self._begin()

    def _begin(self) -> None:
        self._unit: list[int] = []
        self._contest: list[int] = []
        self._line: list[int] = []
        self._marks: list[tuple[int, int, int]] = []

    def place(self, line: int, _column: int = 0) -> str:
        """Where a record is, for an error."""
        return f"{self.path.name}, record {line}"

    def sheets(self, progress: Progress | None) -> Iterator[Sheet]:
        """The ballots of all records, some at a time; ReturnsError with the problems of those read so far."""
        ballots = 0
        with closing(members(self.path, "CVR", "record")) as found:
            for key, number, record in found:
                if number:
                    try:
                        self._take(number, record)
                    except RefusedError as refused:
                        self._problems.append(refused.problem(self.place(number)))
                        if len(self._problems) >= _PROBLEMS_SHOWN:
                            break
                    if len(self._line) >= BALLOTS_A_SHEET:
                        ballots += len(self._line)
                        yield self._sheet()
                        if progress is not None:
                            progress(ballots)
                elif key == "CVR":
                    raise ReturnsError(Problem(f"{self.path.name}, CVR", "not an array", shown(record), "an array"))
        if self._line or self._problems:
            ballots += len(self._line)
            yield self._sheet()
            if progress is not None:
                progress(ballots)

    def _take(self, number: int, record: object) -> None:
        if type(record) is not dict:
            raise RefusedError("", "not a record", record, "an object")
        if record.get("@type") != "CVR.CVR":
            raise RefusedError("@type", "not a record", record.get("@type", ""), "CVR.CVR")
        current = text_of(record, "CurrentSnapshotId")
        found = [part for part in parts(record, "CVRSnapshot", "CVR.CVRSnapshot") if part.get("@id") == current]
        if len(found) != 1:
            message = "several snapshots have this @id" if found else "no snapshot has this @id"
            raise RefusedError("CurrentSnapshotId", message, current, "the @id of one snapshot")
        unit = self._unit_of(text_of(record, "BallotStyleUnitId"))
        before = len(self._contest)
        for part in parts(found[0], "CVRContest", "CVR.CVRContest"):
            identifier = text_of(part, "ContestId")
            contest = self._contest_of(identifier)
            if contest is None or unit is None:
                continue
            if contest in self._contest[before:]:
                raise RefusedError("ContestId", "a contest given twice in one record", identifier, "each contest once")
            self._take_contest(contest, identifier, part)
            self._contest.append(contest)
            self._unit.append(unit)
            self._line.append(number)

    def _unit_of(self, identifier: str) -> int | None:
        """The unit; -1 where the record does not name any; None where it was refused before."""
        if identifier not in self._units:
            self._units[identifier] = None
            self._units[identifier] = self._names.unit(identifier) if identifier else -1
        return self._units[identifier]

    def _contest_of(self, identifier: str) -> int | None:
        if identifier not in self._contests:
            self._contests[identifier] = None
            self._contests[identifier] = self._names.contest(identifier)
        return self._contests[identifier]

    def _column_of(self, contest: int, contest_id: str, identifier: str) -> int | None:
        """The column of a name; NOBODY for a write-in; None where it was refused before."""
        key = contest_id, identifier
        if key not in self._selections:
            self._selections[key] = None
            candidate = self._names.candidate(contest, contest_id, identifier)
            self._selections[key] = NOBODY if candidate == NOBODY else self._column[candidate]
        return self._selections[key]

    def _take_contest(self, contest: int, contest_id: str, part: Part) -> None:
        by_rules = _says(part, "overvoted") or _says(part, "invalidated-rules")
        marks: dict[int, int] = {}
        for selection in parts(part, "CVRContestSelection", "CVR.CVRContestSelection"):
            positions = parts(selection, "SelectionPosition", "CVR.SelectionPosition")
            identifier = text_of(selection, "ContestSelectionId")
            if identifier:
                column = self._column_of(contest, contest_id, identifier)
            elif any("CVRWriteIn" in position for position in positions):
                column = NOBODY
            else:
                raise RefusedError("ContestSelectionId", "missing", "", "whom the mark is for")
            if column is None:
                continue
            for position in positions:
                mark = _mark(position, selection, by_rules)
                # Several positions are one name: a clear mark in one of them leaves it, whatever the others say.
                if mark == LEFT or (mark == UNCLEAR and marks.get(column) != LEFT):
                    marks[column] = mark
        if NOBODY in marks:
            del marks[NOBODY]
            self._make_unclear(contest, marks)
        row = len(self._line)
        self._marks += [(column, row, mark) for column, mark in marks.items()]

    def _make_unclear(self, contest: int, marks: dict[int, int]) -> None:
        """A mark for nobody who stands: the ballot is unclear, unless too many names are left anyway."""
        left = sum(mark == LEFT for mark in marks.values())
        if not self.election.index.standing[contest]:
            raise RefusedError("CVRContest", "a mark where nobody stands", self.election.contests[contest].id, "none")
        if left <= self._most[contest]:
            marks[0] = UNCLEAR

    def _sheet(self) -> Sheet:
        contest, unit = np.array(self._contest, np.int32), np.array(self._unit, np.int32)
        line = np.array(self._line, np.int64)
        slot = self.slots.of(contest, np.maximum(unit, 0))
        first, size = self.slots.first[:-1], np.diff(self.slots.first)
        slot = np.where(unit < 0, np.where(size == 1, first, -1)[contest], slot).astype(np.int32)
        for row in np.flatnonzero(slot < 0)[: _PROBLEMS_SHOWN - len(self._problems)].tolist():
            where = self.election.contests[contest[row]].id
            named = unit[row] >= 0
            refused = RefusedError(
                "BallotStyleUnitId",
                "a unit outside the contest" if named else "missing",
                self.election.units[unit[row]].id if named else "",
                f"a unit of {where}",
            )
            self._problems.append(refused.problem(self.place(int(line[row]))))
        if self._problems:
            raise ReturnsError(self._problems)
        marks = np.zeros((len(self.columns), len(line)), np.int8)
        if self._marks:
            columns, rows, given = np.array(self._marks, np.int32).T
            marks[columns, rows] = given
        self._begin()
        return Sheet(slot, np.ones(len(line), np.int8), list(marks), line)


def _says(part: Part, status: str) -> bool:
    found = part.get("Status")
    if found is None:
        return False
    if type(found) is not list:
        raise RefusedError("Status", "not an array", found, "an array")
    return status in found


def _mark(position: Part, selection: Part, by_rules: bool) -> int:
    """What stands at one position. `by_rules`: the contest was invalidated by a program's rules, not by its marks."""
    indication, allocable = position.get("HasIndication"), position.get("IsAllocable")
    if allocable == "no" and not _says(position, "adjudicated"):
        # Somebody else's rules made the mark count for nothing; whether it does is for the law to say.
        by_rules = by_rules or _says(position, "invalidated-rules") or _says(selection, "invalidated-rules")
        allocable = None if by_rules else "no"
    try:
        mark = MARKS[indication, allocable]
    except (KeyError, TypeError):
        seen = f"HasIndication {indication}, IsAllocable {allocable}"
        raise RefusedError("SelectionPosition", "no such mark", seen, "yes, no or unknown") from None
    if mark == STRUCK:
        return mark
    rules_made_it = _says(position, "generated-rules") or _says(selection, "generated-rules")
    if rules_made_it or (position.get("IsGenerated") and not _says(position, "adjudicated")):
        raise RefusedError("SelectionPosition", "a mark that rules made", "generated", "the marks of the elector")
    for part in (position, selection):
        if part.get("Rank") not in (None, 1):
            raise RefusedError("Rank", "ranked ballots are not supported", part["Rank"], "names marked or struck")
    votes = position.get("NumberVotes")
    one = type(votes) is int and (votes == 1 or (votes == 0 and (by_rules or mark == UNCLEAR)))
    if not one or "FractionalVotes" in position:
        raise RefusedError("NumberVotes", "not one vote", position.get("FractionalVotes", votes), "1")
    return mark
