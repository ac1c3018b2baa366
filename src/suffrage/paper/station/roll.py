"""The electors of each precinct, from the roll that the office has."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from suffrage.election import Election
from suffrage.errors import WRONG_USE, PaperError, Problem, shown
from suffrage.roll import FateKind, Roll, read_roll
from suffrage.roll.columns import heading_key
from suffrage.roll.encoding import decoded
from suffrage.roll.lines import lines_of, records, said_delimiter

ONLINE = "online"
"""The column that says who has voted online; it need not be there."""

_ANSWERS = {"yes": True, "no": False, "": False}


@dataclass(frozen=True, slots=True)
class Entry:
    """One elector of a poll book."""

    id: str
    name: str
    address: tuple[str, ...]
    online: bool


def poll_books(data: bytes, election: Election, file: str) -> Mapping[str, tuple[Entry, ...]]:
    """The electors of a roll by precinct, in the order of the alphabet; precincts without any are not there.

    PaperError names every line that cannot be taken: a unit that the election has not or that is no precinct, a number
    that two electors have. RollError where the file is no text.
    """
    units = {unit.id: unit.name or unit.id for unit in election.units}
    roll = read_roll(data, units=units)
    problems = [
        Problem(f"{file}, line {fate.line}", str(fate.remarks[0]), "", "an elector of a precinct")
        for fate in roll.fates
        if fate.kind is FateKind.REFUSED
    ]
    answers = _online(data, roll, file, problems)
    lines = {fate.elector: fate.line for fate in reversed(roll.fates) if fate.kind is FateKind.ADDED}
    index = election.index
    books: dict[str, list[Entry]] = {}
    for elector in roll.electors:
        if not index.leaf[index.unit[elector.unit]]:
            place = f"{file}, line {lines[elector.id]}, unit"
            problems.append(Problem(place, "this unit is no precinct", elector.unit, "a unit with nothing below it"))
        entry = Entry(elector.id, elector.name, elector.address, answers.get(elector.id, False))
        books.setdefault(elector.unit, []).append(entry)
    if problems:
        raise PaperError(problems, exit_code=WRONG_USE)
    return {unit: tuple(sorted(entries, key=alphabetical)) for unit, entries in books.items()}


def alphabetical(entry: Entry) -> tuple[str, str, int, str]:
    """Where an elector stands: by the letters of the name without accents, then with them, then by the number.

    The same on every computer: no locale is asked.
    """
    spread = unicodedata.normalize("NFKD", entry.name).casefold()
    letters = "".join(c if c.isalnum() else " " for c in spread if not unicodedata.combining(c))
    return " ".join(letters.split()), unicodedata.normalize("NFC", entry.name).casefold(), len(entry.id), entry.id


def _online(data: bytes, roll: Roll, file: str, problems: list[Problem]) -> dict[str, bool]:
    """Who has voted online, by number. Adds to `problems` what is neither yes nor no, or is said both ways."""
    place = next((at for at, column in enumerate(roll.columns) if heading_key(column.heading) == ONLINE), None)
    if place is None:
        return {}
    lines = lines_of(decoded(data, roll.encoding).text)
    fates = {fate.line: fate for fate in roll.fates}
    answers: dict[str, bool] = {}
    for record in records(lines, roll.delimiter, 1 if said_delimiter(lines) else 0):
        fate = fates[record.line]
        if fate.kind not in (FateKind.ADDED, FateKind.DUPLICATE) or record.fields is None:
            continue
        text = record.fields[place].strip() if place < len(record.fields) else ""
        answer = _ANSWERS.get(text.casefold())
        if answer is None:
            problems.append(
                Problem(f"{file}, line {record.line}, {ONLINE}", "neither yes nor no", shown(text), "yes, no")
            )
        elif answers.setdefault(fate.elector, answer) != answer:
            problems.append(
                Problem(f"{file}, line {record.line}, {ONLINE}", "another line says otherwise", text, "one answer")
            )
    return answers
