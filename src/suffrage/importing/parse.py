"""Reading a recipe: TOML to `Recipe`, every mistake with its line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path as FilePath
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from suffrage._core import TomlSyntaxError, parse_toml
from suffrage.election.head import IDENTIFIER
from suffrage.election.model import Kind
from suffrage.errors import WRONG_USE, ImportingError, Problem
from suffrage.importing.fields import Document, Path
from suffrage.importing.problems import Problems, listed
from suffrage.importing.recipe import ContestEntry, Head, Recipe
from suffrage.importing.sections import read_sections
from suffrage.importing.styles import read_styles
from suffrage.importing.template import IDENTIFIER_SAID

_TOP = (
    "parameters", "election", "contests", "files", "repair",
    "units", "candidates", "figures", "votes", "ballots", "second_ballot",
)  # fmt: skip
_TEXTS = ("id", "title", "law", "kind", "time_zone")
_DAYS = ("polling_day", "second_ballot_day")
_HEAD = (*_TEXTS, *_DAYS, "sources")
_CONTEST = ("unit", "each", "id", "name", "chamber", "seats", "rules")
WITHDRAWALS = "who-has-no-votes"


def read_recipe(path: FilePath, values: Mapping[str, str]) -> Recipe:
    """Read a recipe file; `values` override its parameters. ImportingError tells every mistake."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ImportingError.unreadable(str(path), error) from None
    except UnicodeDecodeError as error:
        problem = Problem(path.name, "not UTF-8 text", f"byte {error.start}", "UTF-8")
        raise ImportingError(problem, exit_code=WRONG_USE) from None
    try:
        root, lines = parse_toml(text)
    except TomlSyntaxError as error:
        place = f"{path.name}, line {error.line}"
        raise ImportingError(Problem(place, "not TOML", error.message, "a TOML document")) from None
    problems = Problems()
    recipe = _recipe(Document(path.name, root, lines, problems), values)
    problems.raise_any()
    return recipe


def _recipe(document: Document, values: Mapping[str, str]) -> Recipe:
    document.table(document.root, (), _TOP)
    document.parameters = _parameters(document, values)
    repair = document.table(document.root.get("repair", {}), ("repair",))
    return Recipe(
        name=document.name,
        parameters=document.parameters,
        head=_head(document),
        contests=_contests(document),
        styles=read_styles(document),
        repair={old: document.text(new, ("repair", old)) for old, new in repair.items()},
        sections=read_sections(document),
        withdrawals=_withdrawals(document),
    )


def _parameters(document: Document, values: Mapping[str, str]) -> dict[str, str]:
    given = document.table(document.root.get("parameters", {}), ("parameters",))
    parameters = {name: document.text(value, ("parameters", name)) for name, value in given.items()}
    for name, value in values.items():
        if name not in parameters:
            known = listed(parameters) or "none: the recipe has no [parameters]"
            document.problems.add(f"--set {name}", "unknown parameter", name, known, unreadable=True)
        else:
            parameters[name] = value
    return parameters


def _head(document: Document) -> Head:
    path: Path = ("election",)
    table = document.table(document.root.get("election", {}), path, (*_HEAD, "by"))
    found: dict[str, tuple[Any, Path]] = {key: (table[key], (*path, key)) for key in table if key != "by"}
    for parameter, choices in document.table(table.get("by", {}), (*path, "by")).items():
        found |= _chosen(document, parameter, choices, (*path, "by", parameter))
    texts = {key: document.filled(*found[key]) for key in _TEXTS if key in found}
    for key in ("id", "title", "law"):
        if not texts.get(key):
            document.problems.add(document.place((*path, key)), "is missing", "", f"the {key} of the election")
    if texts.get("id") and not IDENTIFIER.fullmatch(texts["id"]):
        document.problems.add(document.place(found["id"][1]), "not an identifier", texts["id"], IDENTIFIER_SAID)
    if texts.get("time_zone") and not _is_zone(texts["time_zone"]):
        place = document.place(found["time_zone"][1])
        document.problems.add(place, "unknown time zone", texts["time_zone"], 'such as "Europe/Paris"')
    kind = texts.get("kind", "replay")
    if kind not in tuple(Kind):
        document.problems.add(document.place(found["kind"][1]), "unknown kind", kind, "one of " + ", ".join(Kind))
    days = {key: _day(document, *found[key]) for key in _DAYS if key in found}
    return Head(
        id=texts.get("id", ""),
        title=texts.get("title", ""),
        law=texts.get("law", ""),
        kind=kind,
        time_zone=texts.get("time_zone", "UTC"),
        polling_day=days.get("polling_day"),
        second_ballot_day=days.get("second_ballot_day"),
        sources=document.texts(*found["sources"]) if "sources" in found else (),
        places={key: document.place(found[key][1] if key in found else path) for key in _HEAD},
    )


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _chosen(document: Document, parameter: str, choices: object, path: Path) -> dict[str, tuple[Any, Path]]:
    """What `[election.by.PARAMETER.VALUE]` says for the value that the parameter has."""
    by_value = document.table(choices, path)
    if parameter not in document.parameters:
        known = listed(document.parameters)
        document.problems.add(document.place(path), "no such parameter", parameter, known)
        return {}
    value = document.parameters[parameter]
    if value not in by_value:
        document.problems.add(document.place(path), f"nothing for this {parameter}", value, listed(by_value))
        return {}
    for other in by_value:
        document.table(by_value[other], (*path, other), _HEAD)
    table = by_value[value] if isinstance(by_value[value], dict) else {}
    return {key: (table[key], (*path, value, key)) for key in table}


def _day(document: Document, value: object, path: Path) -> date | None:
    if isinstance(value, str):
        text = document.filled(value, path)
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            value = text
    if type(value) is not date:
        document.problems.add(document.place(path), "not a date", value, "such as 2022-06-12")
        return None
    return value


def _contests(document: Document) -> tuple[ContestEntry, ...]:
    entries = []
    for value, path in document.tables("contests"):
        table = document.table(value, path, _CONTEST)
        texts = {key: document.filled(table[key], (*path, key)) for key in _CONTEST if key in table and key != "seats"}
        seats = table.get("seats", 1)
        if type(seats) is not int or not 1 <= seats <= 10_000:
            place = document.place((*path, "seats"))
            document.problems.add(place, "not a number of seats", seats, "1 to 10,000")
            seats = 1
        if ("unit" in table) == ("each" in table):
            expected = '"unit" (one unit) or "each" (every unit of a kind)'
            document.problems.add(document.place(path), "a contest needs a place", "", expected)
        for key in ("id", "name"):
            if "each" in table and key in table:
                place = document.place((*path, key))
                document.problems.add(place, "many contests cannot share one", table[key], "no such key beside each")
        entries.append(ContestEntry(place=document.place(path), seats=seats, **texts))
    if not entries:
        document.problems.add(document.name, "no contests", "", "[[contests]] with unit or each")
    return tuple(entries)


def _withdrawals(document: Document) -> bool:
    path: Path = ("second_ballot",)
    table = document.table(document.root.get("second_ballot", {}), path, ("withdrawals",))
    if "withdrawals" not in table:
        return False
    value = document.text(table["withdrawals"], (*path, "withdrawals"))
    if value != WITHDRAWALS:
        document.problems.add(document.place((*path, "withdrawals")), "unknown way", value, f'"{WITHDRAWALS}"')
    return True
