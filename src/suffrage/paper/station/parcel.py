"""What one polling station is sent: its precinct, the ballot papers that are handed out there, its electors."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from suffrage.election import Election, Unit
from suffrage.errors import WRONG_USE, PaperError, Problem, shown
from suffrage.law import Statute
from suffrage.paper.form import Form
from suffrage.paper.station.roll import Entry

LINES_UNSAID = 100
"""Lines of an empty poll book, and boxes a name, where nobody has said how many electors there are."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """The parcel of one precinct. Without a roll `electors` is None, and its poll book has empty lines."""

    election: Election
    statute: Statute
    unit: Unit
    forms: tuple[Form, ...]
    electors: tuple[Entry, ...] | None

    @property
    def lines(self) -> int:
        """How many lines the poll book has."""
        if self.electors is not None:
            return len(self.electors)
        return LINES_UNSAID if self.unit.registered is None else self.unit.registered

    @property
    def expected(self) -> int:
        """How many ballots the box may hold: of those who have not voted online."""
        return self.lines - sum(one.online for one in self.electors or ())


def precincts_of(election: Election, chosen: Sequence[str] = ()) -> list[Unit]:
    """The units with nothing below them that are named, or all. PaperError (exit code 2) where a name is not one."""
    index = election.index
    if not chosen:
        return [unit for place, unit in enumerate(election.units) if index.leaf[place]]
    problems = []
    for name in chosen:
        place = index.unit.get(name)
        if place is None:
            problems.append(Problem("precinct", "the election has no such unit", shown(name), "the id of a precinct"))
        elif not index.leaf[place]:
            problems.append(
                Problem("precinct", "this unit is no precinct", shown(name), "a unit with nothing below it")
            )
    if problems:
        raise PaperError(problems, exit_code=WRONG_USE)
    return [election.units[index.unit[name]] for name in dict.fromkeys(chosen)]


def parcels_of(
    election: Election,
    statute: Statute,
    precincts: Sequence[Unit],
    forms: Collection[Form],
    books: Mapping[str, tuple[Entry, ...]] | None,
) -> Iterator[Parcel]:
    """The parcel of each precinct where a ballot paper is handed out; `books` are the electors, None without a roll."""
    index = election.index
    handed: dict[int, list[Form]] = {}
    for form in forms:
        for place in index.reporting(index.unit[form.contest.unit]).tolist():
            handed.setdefault(place, []).append(form)
    for unit in precincts:
        own = handed.get(index.unit[unit.id])
        if own:
            yield Parcel(election, statute, unit, tuple(own), None if books is None else books.get(unit.id, ()))
