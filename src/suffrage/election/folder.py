"""The election folder: `election.toml`, `units.csv`, `candidates.csv` and `decisions.csv`, written for people.

`read_folder(write_folder(e)) == e`. Every mistake is reported at once, with file, line and column.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import tomli_w

from suffrage._core import TomlSyntaxError, parse_toml
from suffrage.election.consistency import inconsistencies
from suffrage.election.model import Candidate, Contest, Decision, DecisionKind, Election, Kind, Unit
from suffrage.errors import WRONG_USE, ElectionError, Problem, shown
from suffrage.tables import Table, read_table, table_text

ELECTION, UNITS, CANDIDATES, DECISIONS = "election.toml", "units.csv", "candidates.csv", "decisions.csv"

UNIT_COLUMNS = ("id", "name", "kind", "parent", "also_in", "registered", "inhabitants")
CANDIDATE_COLUMNS = (
    "contest", "number", "id", "surname", "names", "supporters", "party", "birth_date", "occupation",
)  # fmt: skip
DECISION_COLUMNS = (
    "id", "kind", "contest", "ballot", "unit", "candidate", "field", "figure", "date", "by", "reason", "article",
)  # fmt: skip

IDENTIFIER = re.compile(r"[^\W_][\w.:-]{0,79}")
"""What an identifier may be: letters of any script, digits, and - . : _, beginning with a letter or digit."""
_TEXT_KEYS = ("id", "title", "law", "kind", "time_zone")
_LARGEST = 1_000_000_000_000


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
        document, lines = self._toml()
        units_table = read_table(self.folder / UNITS, ElectionError, required=("id",), optional=UNIT_COLUMNS[1:])
        units = self._units(units_table)
        head = self._head(document, lines)
        contests, contest_places = self._contests(document, lines, units)
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
        return Election(units=units, contests=contests, candidates=candidates, decisions=decisions, **head)

    # election.toml

    def _toml(self) -> tuple[dict[str, Any], dict[tuple[str | int, ...], int]]:
        path = self.folder / ELECTION
        try:
            text = path.read_bytes().decode("utf-8-sig")
        except OSError as error:
            raise ElectionError.unreadable(str(path), error) from None
        except UnicodeDecodeError as error:
            raise ElectionError(
                Problem(ELECTION, "not UTF-8 text", f"byte {error.start}", "UTF-8"), exit_code=WRONG_USE
            ) from None
        try:
            return parse_toml(text)
        except TomlSyntaxError as error:
            raise ElectionError(
                Problem(f"{ELECTION}, line {error.line}", "not TOML", error.message, "a TOML document")
            ) from None

    def _problem(self, place: str, message: str, seen: object = "", expected: str = "") -> None:
        self.problems.append(Problem(place, message, shown(seen), expected))

    def _head(self, document: dict[str, Any], lines: dict[tuple[str | int, ...], int]) -> dict[str, Any]:
        def place(key: str) -> str:
            return f"{ELECTION}, line {lines.get((key,), 1)}, {key}"

        known = {*_TEXT_KEYS, "polling_day", "second_ballot_day", "sources", "contests"}
        for key in document:
            if key not in known:
                self._problem(place(key), "unknown key", key, f"one of {', '.join(sorted(known))}")
        head: dict[str, Any] = {"time_zone": "UTC", "kind": "", "title": "", "id": "", "law": ""}
        for key in _TEXT_KEYS:
            value = document.get(key, head[key])
            if not isinstance(value, str):
                self._problem(place(key), "not text", value, "text in quotation marks")
            elif not value:
                self._problem(place(key), "is missing", "", f"the {key} of the election")
            else:
                head[key] = value
        if head["id"] and not IDENTIFIER.fullmatch(head["id"]):
            self._problem(place("id"), "not an identifier", head["id"], "letters, digits and - . : _")
        if head["kind"] not in tuple(Kind):
            if head["kind"]:
                self._problem(place("kind"), "unknown kind", head["kind"], "one of " + ", ".join(Kind))
            head["kind"] = Kind.REPLAY
        head["kind"] = Kind(head["kind"])
        try:
            ZoneInfo(head["time_zone"])
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self._problem(place("time_zone"), "unknown time zone", head["time_zone"], 'such as "Europe/Paris"')
        for key in ("polling_day", "second_ballot_day"):
            value = document.get(key)
            if value is not None and type(value) is not date:
                self._problem(place(key), "not a date", value, "such as 2022-06-12, without quotation marks")
                value = None
            head[key] = value
        sources = document.get("sources", [])
        if not isinstance(sources, list) or not all(isinstance(item, str) for item in sources):
            self._problem(place("sources"), "not a list of texts", sources, "texts in square brackets")
            sources = []
        head["sources"] = tuple(sources)
        return head

    def _contests(
        self, document: dict[str, Any], lines: dict[tuple[str | int, ...], int], units: Sequence[Unit]
    ) -> tuple[tuple[Contest, ...], list[int]]:
        contests: list[Contest] = []
        places: list[int] = []
        entries = document.get("contests", [])
        if not isinstance(entries, list) or not entries:
            self._problem(f"{ELECTION}, contests", "no contests", "", "[[contests]] with unit or each")
            entries = []
        for position, entry in enumerate(entries):
            line = lines.get(("contests", position), 1)
            if isinstance(entry, dict):
                made = list(self._contests_of(entry, f"{ELECTION}, line {line}", units))
                contests += made
                places += [line] * len(made)
            else:
                self._problem(f"{ELECTION}, line {line}", "not a contest", entry, "a table")
        return tuple(contests), places

    def _contests_of(self, entry: dict[str, Any], place: str, units: Sequence[Unit]) -> Iterator[Contest]:
        known = {"id": str, "unit": str, "each": str, "name": str, "chamber": str, "seats": int, "rules": str}
        wrong = False
        for key, value in entry.items():
            if key not in known:
                self._problem(f"{place}, {key}", "unknown key", key, f"one of {', '.join(known)}")
            elif type(value) is not known[key]:
                self._problem(
                    f"{place}, {key}",
                    "not a value for this key",
                    value,
                    "a number" if key == "seats" else "text",
                )
                wrong = True
        seats = entry.get("seats", 1)
        if type(seats) is int and not 1 <= seats <= 10_000:
            self._problem(f"{place}, seats", "not a number of seats", seats, "1 to 10,000")
            wrong = True
        if ("unit" in entry) == ("each" in entry):
            self._problem(place, "a contest needs a place", "", '"unit" (one unit) or "each" (every unit of a kind)')
            wrong = True
        if wrong:
            return
        common = {"seats": seats, "chamber": entry.get("chamber", ""), "rules": entry.get("rules", "")}
        if "unit" in entry:
            if "id" in entry and not IDENTIFIER.fullmatch(entry["id"]):
                self._problem(f"{place}, id", "not an identifier", entry["id"], "letters, digits and - . : _")
            yield Contest(id=entry.get("id", entry["unit"]), unit=entry["unit"], name=entry.get("name", ""), **common)
            return
        for key in ("id", "name"):
            if key in entry:
                self._problem(
                    f"{place}, {key}",
                    "many contests cannot share one",
                    entry[key],
                    'no such key beside "each"',
                )
        kind = entry["each"]
        of_kind = [unit for unit in units if unit.kind == kind]
        if not of_kind:
            self._problem(f"{place}, each", "no unit is of this kind", kind, "a kind that stands in units.csv")
        yield from (Contest(id=unit.id, unit=unit.id, name=unit.name, **common) for unit in of_kind)

    # the tables

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
        if text.isascii() and text.isdigit() and len(text) <= 13 and int(text) <= _LARGEST:
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
        ELECTION: _head_text(election),
        UNITS: _sparse_table(UNIT_COLUMNS, units, required=1),
        CANDIDATES: _sparse_table(CANDIDATE_COLUMNS, candidates, required=4),
    }
    if decisions:
        texts[DECISIONS] = _sparse_table(DECISION_COLUMNS, decisions, required=4)
    return texts


def _sparse_table(header: Sequence[str], rows: Sequence[Sequence[object]], required: int) -> str:
    kept = [n for n in range(len(header)) if n < required or any(row[n] not in (None, "") for row in rows)]
    return table_text([header[n] for n in kept], ([row[n] for n in kept] for row in rows))


def _head_text(election: Election) -> str:
    head: dict[str, Any] = {
        "id": election.id,
        "title": election.title,
        "law": election.law,
        "kind": election.kind.value,
        "time_zone": election.time_zone,
    }
    for key in ("polling_day", "second_ballot_day"):
        if getattr(election, key) is not None:
            head[key] = getattr(election, key)
    if election.sources:
        head["sources"] = list(election.sources)
    head["contests"] = _contest_entries(election)
    return tomli_w.dumps(head)


def _contest_entries(election: Election) -> list[dict[str, Any]]:
    """The contests as few entries as possible: `each` where every unit of a kind has the same contest."""
    of_kind: dict[str, list[Unit]] = {}
    for unit in election.units:
        of_kind.setdefault(unit.kind, []).append(unit)
    kinds = {unit.id: unit.kind for unit in election.units}
    entries: list[dict[str, Any]] = []
    contests = election.contests
    position = 0
    while position < len(contests):
        first = contests[position]
        units = of_kind[kinds[first.unit]] if kinds[first.unit] else []
        run = contests[position : position + len(units)]
        common = {"chamber": first.chamber, "seats": first.seats, "rules": first.rules}
        whole = [Contest(id=unit.id, unit=unit.id, name=unit.name, **common) for unit in units]  # type: ignore[arg-type]
        if len(run) > 1 and list(run) == whole:
            entry = {"each": kinds[first.unit], **common}
            position += len(run)
        else:
            entry = {"id": first.id, "unit": first.unit, "name": first.name, **common}
            position += 1
        entries.append({key: value for key, value in entry.items() if value != ""})
    return entries
