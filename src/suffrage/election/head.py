"""`election.toml`: what is elected, under which law, when, and in which contests."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import tomli_w

from suffrage._core import TomlSyntaxError, parse_toml
from suffrage.election.model import Contest, Election, Kind, Unit
from suffrage.errors import WRONG_USE, ElectionError, Problem, shown

ELECTION = "election.toml"

IDENTIFIER = re.compile(r"[^\W_][\w.:-]{0,79}")
"""What an identifier may be: letters of any script, digits, and - . : _, beginning with a letter or digit."""

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")
"""What a language may be: a tag of BCP 47 with at most a script and a country."""

_TEXT_KEYS = ("id", "title", "law", "kind", "time_zone", "language")


class HeadReader:
    """Reads `election.toml` and gathers its problems."""

    def __init__(self, folder: Path) -> None:
        self.problems: list[Problem] = []
        path = folder / ELECTION
        try:
            text = path.read_bytes().decode("utf-8-sig")
        except OSError as error:
            raise ElectionError.unreadable(str(path), error) from None
        except UnicodeDecodeError as error:
            raise ElectionError(
                Problem(ELECTION, "not UTF-8 text", f"byte {error.start}", "UTF-8"), exit_code=WRONG_USE
            ) from None
        try:
            self._document, self._lines = parse_toml(text)
        except TomlSyntaxError as error:
            raise ElectionError(
                Problem(f"{ELECTION}, line {error.line}", "not TOML", error.message, "a TOML document")
            ) from None

    def _problem(self, place: str, message: str, seen: object = "", expected: str = "") -> None:
        self.problems.append(Problem(place, message, shown(seen), expected))

    def head(self) -> dict[str, Any]:
        """The fields of `Election` that stand above its contests; placeholders where something is wrong."""
        document, lines = self._document, self._lines

        def place(key: str) -> str:
            return f"{ELECTION}, line {lines.get((key,), 1)}, {key}"

        known = {*_TEXT_KEYS, "polling_day", "second_ballot_day", "sources", "contests"}
        for key in document:
            if key not in known:
                self._problem(place(key), "unknown key", key, f"one of {', '.join(sorted(known))}")
        head: dict[str, Any] = {"time_zone": "UTC", "language": "en", "kind": "", "title": "", "id": "", "law": ""}
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
        if not LANGUAGE.fullmatch(head["language"]):
            self._problem(place("language"), "not a language", head["language"], 'a tag such as "fr" or "uk"')
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

    def contests(self, units: Sequence[Unit]) -> tuple[tuple[Contest, ...], list[int]]:
        """The contests, and the line on which each is written."""
        document, lines = self._document, self._lines
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


def head_text(election: Election) -> str:
    """The text of `election.toml`."""
    head: dict[str, Any] = {
        "id": election.id,
        "title": election.title,
        "law": election.law,
        "kind": election.kind.value,
        "time_zone": election.time_zone,
        "language": election.language,
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
