"""Figures and votes: many rows of many files gathered into one return a unit, contest and ballot."""

from __future__ import annotations

import csv
from array import array
from collections.abc import Sequence
from pathlib import Path

from suffrage._core import ABSENT, LARGEST_FIGURE
from suffrage.election.model import Election
from suffrage.importing.candidates import Candidates, ids_by_contest
from suffrage.importing.passes import Item, Pass
from suffrage.importing.problems import Problems, listed
from suffrage.importing.source import Progress, Row
from suffrage.returns.columns import KEY_COLUMNS
from suffrage.returns.paper import LONG_COLUMNS
from suffrage.returns.slots import Slots

Key = tuple[int, int]
"""A return: ballot, and slot of the election (which goes by contest, then unit)."""


class Returns:
    """The returns of an election: by key, the figures of the law's fields, then the votes of those who stand."""

    def __init__(self, election: Election, candidates: Candidates, fields: Sequence[str]) -> None:
        self.election = election
        self.candidates = candidates
        self.fields = {name: position for position, name in enumerate(fields)}
        self.slots = Slots(election)
        self._only_unit = election.units[0].id if len(election.units) == 1 else ""
        self._only = self.slots.only_slot.tolist()
        pairs = zip(self.slots.contest.tolist(), self.slots.unit.tolist(), strict=True)
        self._slot = {pair: slot for slot, pair in enumerate(pairs)}
        self._contest_of: list[int] = self.slots.contest.tolist()
        standing = ids_by_contest(election.candidates)
        self._votes_at = [
            {name: len(fields) + position for position, name in enumerate(standing[contest.id])}
            for contest in election.contests
        ]
        self._rows: dict[Key, array[int]] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def key(self, one: Pass, item: Item, row: Row, problems: Problems) -> Key | None:
        """The return that a row belongs to; a problem where it belongs to none."""
        name = one.text(item, row, "unit", self._only_unit)
        unit = self.election.index.unit.get(name)
        if unit is None:
            problems.add(one.place(row.line, "unit"), "unknown unit", name, "the id of a unit of [[units]]")
            return None
        slot = self._only[unit]
        if (contest := one.text(item, row, "contest")) or "contest" in item.texts:
            slot = self._slot.get((self.election.index.contest.get(contest, -1), unit), -3)
        if slot < 0:
            message = {-1: "no contest is held in this unit", -2: "several contests are held in this unit"}
            expected = (
                f"contest = ... in [[{one.section.kind}]]" if slot == -2 else "a contest that is held in the unit"
            )
            seen = contest if slot == -3 else name
            problems.add(one.place(row.line, "unit"), message.get(slot, f"not a contest of {name}"), seen, expected)
            return None
        ballot = one.text(item, row, "ballot", "1")
        if ballot not in ("1", "2"):
            problems.add(one.place(row.line, "ballot"), "not a ballot", ballot, "1 or 2")
            return None
        return int(ballot), slot

    def vote_position(self, one: Pass, item: Item, row: Row, key: Key, problems: Problems) -> int | None:
        """Where the votes of a row's candidate stand in the return; a problem where nobody is meant."""
        where = self._contest_of[key[1]]
        contest = self.election.contests[where].id
        identifier = self.candidates.named(one, item, row, contest, problems)
        return self._votes_at[where][identifier] if identifier else None

    def stands(self, one: Pass, item: Item, row: Row, key: Key) -> bool:
        """Whether the contest has a candidate whom a row's text means."""
        contest = self.election.contests[self._contest_of[key[1]]].id
        return bool(self.candidates.namesakes(contest, one.text(item, row, "candidate")))

    def contest(self, key: Key) -> int:
        """The position of a return's contest."""
        return self._contest_of[key[1]]

    def set(self, one: Pass, row: Row, key: Key, position: int, figure: int, problems: Problems) -> None:
        """Enter a figure; a problem where there is one already and the section does not add rows up."""
        figures = self._rows.get(key)
        if figures is None:
            width = len(self.fields) + len(self._votes_at[self._contest_of[key[1]]])
            figures = self._rows[key] = array("q", [ABSENT]) * width
        before = figures[position]
        if before != ABSENT and one.section.add:
            figure += before
        elif before != ABSENT:
            expected = 'one row for each, or repeated = "add"'
            message = f"a figure of {self._said(key)} is given twice"
            problems.add(one.place(row.line, "unit"), message, f"{before}, then {figure}", expected)
        if figure > LARGEST_FIGURE:
            problems.add(one.place(row.line, "unit"), "the sum is too large", figure, f"at most {LARGEST_FIGURE}")
            return
        figures[position] = figure

    def _said(self, key: Key) -> str:
        unit = self.election.units[int(self.slots.unit[key[1]])].id
        return f"{unit}, ballot {key[0]}"

    def silent(self) -> int:
        """How many units should have reported in the first ballot and have not."""
        due = self.slots.expected.nonzero()[0].tolist()
        covered: set[int] = set()
        index = self.election.index
        for _, slot in (key for key in self._rows if key[0] == 1):
            covered.add(slot)
            if not self.slots.expected[slot]:
                contest = self._contest_of[slot]
                below = index.below(int(self.slots.unit[slot])).tolist()
                covered.update(self._slot[contest, unit] for unit in below)
        return sum(slot not in covered for slot in due)

    def voteless(self) -> list[str]:
        """The candidates, as `contest/id`, for whom the first ballot has no figure at all."""
        found: set[tuple[int, int]] = set()
        for (ballot, slot), figures in self._rows.items():
            if ballot == 1:
                contest = self._contest_of[slot]
                found.update((contest, at) for at, figure in enumerate(figures) if figure != ABSENT)
        return [
            f"{contest.id}/{name}"
            for where, contest in enumerate(self.election.contests)
            for name, at in self._votes_at[where].items()
            if (where, at) not in found
        ]

    def write(self, path: Path) -> None:
        """Write `returns.csv`: one row a return, one column a figure, one a candidate."""
        used = [name for name, at in self.fields.items() if any(row[at] != ABSENT for row in self._rows.values())]
        by_number = self._by_number()
        numbers = {(c.contest, c.id): c.number for c in self.election.candidates}
        candidates = sorted(set(numbers.values())) if by_number else list(self._votes_at[0])
        columns: list[list[int]] = []
        for contest, votes_at in zip(self.election.contests, self._votes_at, strict=True):
            mine = {numbers[contest.id, name] if by_number else name: at for name, at in votes_at.items()}
            columns.append([self.fields[name] for name in used] + [mine.get(name, -1) for name in candidates])
        several = bool((self.slots.only_slot == -2).any())
        units, contests = self.election.units, self.election.contests
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(["unit", *(["contest"] if several else []), "ballot", *used, *candidates])
            for key in sorted(self._rows):
                ballot, slot = key
                figures = self._rows[key]
                contest_at = self._contest_of[slot]
                head = [units[int(self.slots.unit[slot])].id]
                if several:
                    head.append(contests[contest_at].id)
                cells = ("" if at < 0 or figures[at] == ABSENT else figures[at] for at in columns[contest_at])
                writer.writerow([*head, ballot, *cells])

    def _by_number(self) -> bool:
        """Whether candidates are called by their numbers: in many contests, or where an id reads like a figure."""
        reserved = {*KEY_COLUMNS, *LONG_COLUMNS, *self.fields}
        ids = {candidate.id for candidate in self.election.candidates}
        return len(self.election.contests) > 1 or bool(ids & reserved)


def read_figures(passes: Sequence[Pass], returns: Returns, problems: Problems, progress: Progress | None) -> None:
    """Enter the figures of `[[figures]]`."""
    for one in passes:
        for name in one.fields:
            if name not in returns.fields:
                problems.add(one.section.places[name], "no figure of the law", name, f"one of {listed(returns.fields)}")
        if len(problems):
            return
        fields = [(returns.fields[name], positions) for name, positions in one.fields.items()]
        for row in one.rows(problems, progress):
            key = returns.key(one, one.items[0], row, problems)
            if key is None:
                continue
            given = False
            for at, positions in fields:
                figure = one.sum(row, positions, problems)
                if figure != ABSENT:
                    given = True
                    returns.set(one, row, key, at, figure, problems)
            if given:
                one.use(row)
            else:
                one.pass_over(row, "no figure in it")


def read_votes(passes: Sequence[Pass], returns: Returns, problems: Problems, progress: Progress | None) -> None:
    """Enter the votes of `[[votes]]`."""
    for one in passes:
        known: dict[tuple[int, int], int] = {}
        fixed = one.is_fixed("candidate") and one.is_fixed("distinguish")
        for row in one.rows(problems, progress):
            given = False
            key = returns.key(one, one.items[0], row, problems)
            for item in one.items if key is not None else ():
                positions = one.fields["votes"] if item.position < 0 else (item.position,)
                figure = one.sum(row, positions, problems)
                if figure == ABSENT or key is None:
                    continue
                column = (item.position, returns.contest(key))
                at = known.get(column) if fixed else None
                if at is None:
                    # In a table with a column for each, a nought stands also where somebody does not stand.
                    if figure == 0 and item.position >= 0 and not returns.stands(one, item, row, key):
                        continue
                    at = returns.vote_position(one, item, row, key, problems)
                if at is not None:
                    given = True
                    known[column] = at
                    returns.set(one, row, key, at, figure, problems)
            if given:
                one.use(row)
            elif key is not None:
                one.pass_over(row, "no votes in it")
