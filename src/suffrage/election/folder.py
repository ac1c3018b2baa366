"""The election folder: `election.toml`, `units.csv`, `candidates.csv` and `decisions.csv`, written for people.

`read_folder(write_folder(e)) == e`. Every mistake is reported at once, with file, line and column.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from suffrage._core import LARGEST_FIGURE
from suffrage.election.consistency import inconsistencies
from suffrage.election.head import ELECTION, IDENTIFIER, HeadReader, head_text
from suffrage.election.model import Candidate, Contest, Decision, DecisionKind, Election, Unit
from suffrage.errors import WRONG_USE, ElectionError, Problem, shown
from suffrage.tables import Table, read_table, table_text

UNITS, CANDIDATES, DECISIONS = "units.csv", "candidates.csv", "decisions.csv"

UNIT_COLUMNS = ("id", "name", "kind", "parent", "also_in", "registered", "inhabitants")
CANDIDATE_COLUMNS = (
    "contest", "number", "id", "surname", "names", "supporters", "party", "birth_date", "occupation",
)  # fmt: skip
DECISION_COLUMNS = (
    "id", "kind", "contest", "ballot", "unit", "candidate", "field", "figure", "date", "by", "reason", "article",
)  # fmt: skip


def read_folder(folder: Path) -> Election:
    """Read an election folder, figures excepted.

    ElectionError names everything that is wrong; its exit code is 2 where a file is missing or cannot be read.
    """
    if not folder.is_dir():
        raise ElectionError(Problem(str(folder), "no such folder", "", "an election folder"), exit_code=WRONG_USE)
    reader = _Reader(folder)
    election = reader.election()
    if reader.problems:
        raise ElectionError(reader.problems)
    return election


class _Reader:
    """Reads one folder and gathers its problems."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []

    def election(self) -> Election:
        head = HeadReader(self.folder)
        units_table = read_table(self.folder / UNITS, ElectionError, required=("id",), optional=UNIT_COLUMNS[1:])
        units = self._units(units_table)
        fields = head.head()
        contests, contest_places = head.contests(units)
        candidates_table = read_table(
            self.folder / CANDIDATES, ElectionError, required=("id", "surname"), optional=CANDIDATE_COLUMNS
        )
        candidates = self._candidates(candidates_table, contests)
        decisions: tuple[Decision, ...] = ()
        decisions_table = Table(DECISIONS, {}, ())
        if (self.folder / DECISIONS).exists():
            decisions_table = read_table(
                self.folder / DECISIONS,
                ElectionError,
                required=("id", "kind"),
                optional=DECISION_COLUMNS,
            )
            decisions = self._decisions(decisions_table, contests)
        self.problems[:0] = head.problems
        found = inconsistencies(units, contests, candidates, decisions)
        places: dict[str, Callable[[int, str], str]] = {
            "unit": units_table.place,
            "contest": lambda row, key: f"{ELECTION}, line {contest_places[row]}" + (f", {key}" if key else ""),
            "candidate": candidates_table.place,
            "decision": decisions_table.place,
        }
        self.problems += [
            Problem(places[item.table](item.row, item.column), item.message, shown(item.seen), item.expected)
            for item in found
        ]
        return Election(units=units, contests=contests, candidates=candidates, decisions=decisions, **fields)

    def _problem(self, place: str, message: str, seen: object = "", expected: str = "") -> None:
        self.problems.append(Problem(place, message, shown(seen), expected))

    def _units(self, table: Table) -> tuple[Unit, ...]:
        columns = table.columns
        self._identifiers(table, "id")
        registered = self._figures(table, "registered")
        inhabitants = self._figures(table, "inhabitants")
        return tuple(
            map(
                Unit,
                columns["id"],
                columns["name"],
                columns["kind"],
                columns["parent"],
                [tuple(text.split()) if text else () for text in columns["also_in"]],
                registered,
                inhabitants,
            )
        )

    def _candidates(self, table: Table, contests: Sequence[Contest]) -> tuple[Candidate, ...]:
        columns = table.columns
        self._identifiers(table, "id")
        numbers = self._figures(table, "number")
        birth_dates = self._dates(table, "birth_date")
        only = contests[0].id if len(contests) == 1 else ""
        last: dict[str, int] = {}
        candidates = []
        for row, identifier in enumerate(columns["id"]):
            contest = columns["contest"][row] or only
            given = numbers[row]
            number = last.get(contest, 0) + 1 if given is None else given
            last[contest] = number
            if identifier.isdigit():
                self._problem(
                    table.place(row, "id"),
                    "could be taken for a number on the ballot",
                    identifier,
                    "a letter in it",
                )
            if not columns["surname"][row]:
                self._problem(table.place(row, "surname"), "is missing", "", "the name on the ballot paper")
            supporters = columns["supporters"][row]
            candidates.append(
                Candidate(
                    contest=contest,
                    id=identifier,
                    number=number,
                    surname=columns["surname"][row],
                    names=columns["names"][row],
                    supporters=tuple(part.strip() for part in supporters.split(";")) if supporters else (),
                    party=columns["party"][row],
                    birth_date=birth_dates[row],
                    occupation=columns["occupation"][row],
                )
            )
        return tuple(candidates)

    def _decisions(self, table: Table, contests: Sequence[Contest]) -> tuple[Decision, ...]:
        columns = table.columns
        self._identifiers(table, "id")
        ballots = self._figures(table, "ballot")
        figures = self._figures(table, "figure")
        dates = self._dates(table, "date")
        only = contests[0].id if len(contests) == 1 else ""
        decisions = []
        for row, kind in enumerate(columns["kind"]):
            if kind not in tuple(DecisionKind):
                self._problem(table.place(row, "kind"), "unknown kind of decision", kind, ", ".join(DecisionKind))
                continue
            decisions.append(
                Decision(
                    id=columns["id"][row],
                    kind=DecisionKind(kind),
                    contest=columns["contest"][row] or only,
                    ballot=1 if ballots[row] is None else ballots[row] or 0,
                    unit=columns["unit"][row],
                    candidate=columns["candidate"][row],
                    field=columns["field"][row],
                    figure=figures[row],
                    date=dates[row],
                    by=columns["by"][row],
                    reason=columns["reason"][row],
                    article=columns["article"][row],
                )
            )
        return tuple(decisions)

    def _identifiers(self, table: Table, column: str) -> None:
        texts = table.columns[column]
        if all(map(IDENTIFIER.fullmatch, texts)):
            return
        for row, text in enumerate(texts):
            if not IDENTIFIER.fullmatch(text):
                self._problem(
                    table.place(row, column), "not an identifier", text, "1 to 80 letters, digits and - . : _"
                )

    def _figures(self, table: Table, column: str) -> list[int | None]:
        texts = table.columns[column]
        if not any(texts):
            return [None] * len(texts)
        return [self._figure(table, row, column, text) if text else None for row, text in enumerate(texts)]

    def _figure(self, table: Table, row: int, column: str, text: str) -> int | None:
        if text.isascii() and text.isdigit() and len(text) <= 13 and int(text) <= LARGEST_FIGURE:
            return int(text)
        self._problem(table.place(row, column), "not a figure", text, "a whole number up to 10^12")
        return None

    def _dates(self, table: Table, column: str) -> list[date | None]:
        dates: list[date | None] = []
        for row, text in enumerate(table.columns[column]):
            value = None
            if text:
                try:
                    value = date.fromisoformat(text)
                except ValueError:
                    self._problem(table.place(row, column), "not a date", text, "such as 1937-12-12")
            dates.append(value)
        return dates


def write_folder(election: Election, folder: Path) -> None:
    """Write the files of an election into a folder that exists. Columns that are empty throughout are left out."""
    for name, text in folder_texts(election).items():
        (folder / name).write_text(text, "utf-8", newline="")


def folder_texts(election: Election) -> dict[str, str]:
    """The text of every file of the folder, by name."""
    units = [(u.id, u.name, u.kind, u.parent, " ".join(u.also_in), u.registered, u.inhabitants) for u in election.units]
    candidates = [
        (
            c.contest,
            c.number,
            c.id,
            c.surname,
            c.names,
            "; ".join(c.supporters),
            c.party,
            c.birth_date,
            c.occupation,
        )
        for c in election.candidates
    ]
    decisions = [tuple(getattr(d, column) for column in DECISION_COLUMNS) for d in election.decisions]
    texts = {
        ELECTION: head_text(election),
        UNITS: _sparse_table(UNIT_COLUMNS, units, required=1),
        CANDIDATES: _sparse_table(CANDIDATE_COLUMNS, candidates, required=4),
    }
    if decisions:
        texts[DECISIONS] = _sparse_table(DECISION_COLUMNS, decisions, required=4)
    return texts


def _sparse_table(header: Sequence[str], rows: Sequence[Sequence[object]], required: int) -> str:
    kept = [n for n in range(len(header)) if n < required or any(row[n] not in (None, "") for row in rows)]
    return table_text([header[n] for n in kept], ([row[n] for n in kept] for row in rows))
