"""The tree of units, and the contests that are held in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from suffrage._core import LARGEST_FIGURE
from suffrage.election.head import IDENTIFIER
from suffrage.election.model import Contest, Unit
from suffrage.importing.passes import Pass
from suffrage.importing.problems import Problems, listed
from suffrage.importing.recipe import ContestEntry
from suffrage.importing.source import Progress, Row
from suffrage.importing.template import IDENTIFIER_SAID


def read_units(passes: Sequence[Pass], problems: Problems, progress: Progress | None) -> list[Unit]:
    """The units of all passes. A unit may be told again by further rows, as long as they say the same."""
    units: dict[str, tuple[Unit, Pass, int]] = {}
    for one in passes:
        for row in one.rows(problems, progress):
            unit = _unit(one, row, problems)
            if unit is None:
                continue
            one.use(row)
            before, where, line = units.setdefault(unit.id, (unit, one, row.line))
            if before != unit:
                expected = f"the same as in {where.place(line, 'id')}: {_told(before)}; or another id"
                seen = f"{unit.id}: {_told(unit)}"
                problems.add(one.place(row.line, "id"), "one id for two units", seen, expected)
    for unit, one, line in units.values():
        if unit.parent and unit.parent not in units:
            expected = "the id of a unit, from the root down"
            problems.add(one.place(line, "parent"), "unknown unit", unit.parent, expected)
        for other in unit.also_in:
            if other not in units:
                problems.add(one.place(line, "also_in"), "unknown unit", other, "the id of a unit")
    if not units and not len(problems):
        problems.add(passes[0].section.place if passes else "", "no units", "", "a row that meets where")
    return [unit for unit, _, _ in units.values()]


def _told(unit: Unit) -> str:
    """What is said of a unit besides its id."""
    parts = (unit.name, unit.kind, unit.parent and f"in {unit.parent}", *unit.also_in)
    figures = [f"{figure:,}" for figure in (unit.registered, unit.inhabitants) if figure is not None]
    return ", ".join([part for part in parts if part] + figures)


def _unit(one: Pass, row: Row, problems: Problems) -> Unit | None:
    item = one.items[0]
    identifier = one.text(item, row, "id")
    if not IDENTIFIER.fullmatch(identifier):
        problems.add(one.place(row.line, "id"), "not an identifier", identifier, IDENTIFIER_SAID)
        return None
    return Unit(
        id=identifier,
        name=one.text(item, row, "name"),
        kind=one.text(item, row, "kind"),
        parent=one.text(item, row, "parent"),
        also_in=tuple(one.text(item, row, "also_in").split()),
        registered=whole_number(one, row, "registered", one.text(item, row, "registered"), problems),
        inhabitants=whole_number(one, row, "inhabitants", one.text(item, row, "inhabitants"), problems),
    )


def whole_number(one: Pass, row: Row, key: str, text: str, problems: Problems) -> int | None:
    """The number of a text; None where it is empty or is none."""
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) <= 13 and int(text) <= LARGEST_FIGURE:
        return int(text)
    problems.add(one.place(row.line, key), "not a figure", text, "a whole number, or an empty cell")
    return None


def made_contests(entries: Sequence[ContestEntry], units: Sequence[Unit], problems: Problems) -> list[Contest]:
    """The contests that the recipe holds in these units."""
    known = {unit.id for unit in units}
    contests: dict[str, Contest] = {}
    for entry in entries:
        if entry.unit and entry.unit not in known:
            problems.add(entry.place, "unknown unit", entry.unit, f"one of {listed(sorted(known))}")
        if entry.each and not any(unit.kind == entry.each for unit in units):
            kinds = dict.fromkeys(unit.kind for unit in units if unit.kind)
            problems.add(entry.place, "no unit is of this kind", entry.each, listed(kinds) or "a kind in [[units]]")
        for contest in _of_entry(entry, units):
            if contest.id in contests:
                problems.add(entry.place, "a second contest of this id", contest.id, "an id of its own")
            contests[contest.id] = contest
    return list(contests.values())


def _of_entry(entry: ContestEntry, units: Sequence[Unit]) -> Iterator[Contest]:
    if entry.unit:
        identifier = entry.id or entry.unit
        yield Contest(identifier, entry.unit, entry.name, entry.chamber, entry.seats, entry.rules)
    for unit in units:
        if entry.each and unit.kind == entry.each:
            yield Contest(unit.id, unit.id, unit.name, entry.chamber, entry.seats, entry.rules)
