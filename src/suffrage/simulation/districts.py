"""The districts of a chamber, by its norms of representation or its fixed number of seats.

Norms are read so: a norm with a unit speaks of every place of that kind, less the places in it of which another norm of
the chamber speaks; one without a unit speaks of each republic (or, where there is none, of the country) by its
inhabitants or electors. Every place has one deputy at least, and no more districts than it has precincts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from suffrage.errors import WRONG_USE, Problem, SimulationError
from suffrage.law import Statute
from suffrage.law.statute import Chamber, Norm
from suffrage.simulation.assumptions import Assumptions
from suffrage.simulation.places import COUNTRY, Place
from suffrage.simulation.portions import Ints, cut, portions
from suffrage.simulation.precincts import Line


@dataclass(frozen=True, slots=True)
class District:
    """Where one contest of a chamber is held: a unit, and where it lies."""

    unit: str
    name: str
    kind: str
    parent: str
    seats: int


@dataclass(frozen=True)
class Division:
    """A chamber's districts. `of` is the district of each precinct of the line.

    `above` are units of which the law speaks and nothing else is known, with districts in them. `deputies` is the
    number that follows from the law, which the districts have too unless there were too few precincts.
    """

    chamber: Chamber
    variant: str
    districts: tuple[District, ...]
    above: tuple[District, ...]
    of: Ints
    deputies: int

    @property
    def seats(self) -> int:
        """The seats of all districts."""
        return sum(district.seats for district in self.districts)

    @property
    def whole(self) -> bool:
        """Whether the one contest is held in the whole country."""
        return len(self.districts) == 1 and self.districts[0].unit == COUNTRY


@dataclass(slots=True)
class _Area:
    """Precincts that have `deputies` together; `itself`: the area is the district if there is but one."""

    precincts: Ints
    deputies: int
    name: str
    parent: str
    kind: str = ""
    itself: bool = False


def divided(
    chamber: Chamber, statute: Statute, places: Sequence[Place], line: Line, assumptions: Assumptions
) -> Division:
    """The districts of a chamber. SimulationError where the law does not say how many deputies it has."""
    return _Divider(chamber, statute, places, line, assumptions).division()


@dataclass
class _Divider:
    chamber: Chamber
    statute: Statute
    places: Sequence[Place]
    line: Line
    assumptions: Assumptions
    districts: list[District] = field(default_factory=list)
    above: list[District] = field(default_factory=list)

    def division(self) -> Division:
        chamber = self.chamber
        variant = variant_of(chamber, self.statute)
        seats = self.statute.rules_for(variant).ballot.seats.known or self.assumptions.seats_of_district
        of = np.full(len(self.line), -1, np.int64)
        areas = list(self._areas())
        for area in areas:
            if not len(area.precincts):
                continue
            if (of[area.precincts] >= 0).any():
                raise self._error("two norms of the chamber speak of the same places", area.name)
            of[area.precincts] = len(self.districts) + self._laid(area, seats)
        if (of < 0).any():
            place = self.line.cells[int(self.line.cell[int(np.argmax(of < 0))])].place
            raise self._error("no norm of the chamber speaks of a part of the country", place.name or place.id)
        deputies = sum(area.deputies for area in areas)
        return Division(chamber, variant, tuple(self.districts), tuple(self.above), of, deputies)

    def _error(self, message: str, seen: str, expected: str = "") -> SimulationError:
        where = f"{self.statute.id}, chamber {self.chamber.id}"
        return SimulationError(Problem(where, message, seen, expected), exit_code=WRONG_USE)

    # What the law says

    def _areas(self) -> Iterator[_Area]:
        norms, seats = self.chamber.norms, self.chamber.seats.known if self.chamber.seats else None
        if norms:
            yield from self._of_norms(norms, seats)
        elif seats:
            yield from self._of_seats(seats)
        else:
            expected = "norms of representation or a number of seats"
            raise self._error("the law does not say how many deputies the chamber has", "silent", expected)

    def _of_norms(self, norms: Sequence[Norm], seats: int | None) -> Iterator[_Area]:
        known = {place.kind for place in self.places}
        kinds = {norm.unit for norm in norms if norm.unit in known}
        unknown = [norm for norm in norms if norm.unit and norm.unit not in known and norm.unit != COUNTRY]
        if unknown and len(unknown) < len(norms):
            raise self._error("nothing is known of units of this kind", unknown[0].unit, ", ".join(sorted(known)))
        if unknown:
            yield from self._of_unknown(unknown, seats)
            return
        for norm in norms:
            if norm.unit == COUNTRY:
                areas = [self._country()]
            elif norm.unit:
                areas = list(self._of_kind(norm.unit, kinds))
            else:
                areas = list(self._of_hosts())
            for area in areas:
                area.deputies = self._deputies(norm, area.precincts)
                yield area

    def _deputies(self, norm: Norm, precincts: Ints) -> int:
        if norm.each is not None:
            return norm.each
        people = self.line.electors if norm.of == "electors" else self.line.inhabitants
        number = int(people[precincts].sum())
        per = norm.one_per or 1
        return max((2 * number + per) // (2 * per), 1)

    def _country(self) -> _Area:
        return _Area(np.arange(len(self.line)), 0, "", COUNTRY, COUNTRY, itself=True)

    def _of_kind(self, kind: str, kinds: set[str]) -> Iterator[_Area]:
        """The places of a kind, less what lies in places of the other kinds."""
        owner = [cell.place if cell.place.kind in kinds else cell.host for cell in self.line.cells]
        for place in self.places:
            if place.kind == kind:
                mine = np.array([other is place for other in owner])
                yield _Area(np.flatnonzero(mine[self.line.cell]), 0, place.name, place.id)

    def _of_hosts(self) -> Iterator[_Area]:
        """The republics; the country where there are none."""
        if not self.places:
            yield self._country()
            return
        for place in self.places:
            if not place.within:
                mine = np.array([cell.host is place for cell in self.line.cells])
                yield _Area(np.flatnonzero(mine[self.line.cell]), 0, place.name, place.id)

    def _of_seats(self, seats: int) -> Iterator[_Area]:
        """A fixed number of seats, divided between the republics by their inhabitants."""
        areas = list(self._of_hosts())
        if len(areas) > seats:
            areas = [self._country()]
        weights = np.array([self.line.inhabitants[area.precincts].sum() for area in areas], np.int64)
        for area, deputies in zip(areas, portions(seats, weights, least=1).tolist(), strict=True):
            area.deputies = deputies
            yield area

    def _of_unknown(self, norms: Sequence[Norm], seats: int | None) -> Iterator[_Area]:
        """Units of which nothing is known: numbered runs of precincts of about the same size."""
        units = self.assumptions.units_without_data
        if seats and len(norms) == 1 and norms[0].each:
            units = max(seats // norms[0].each, 1)
        total = min(units * len(norms), len(self.line))
        run = cut(self.line.inhabitants, total)
        bounds = np.searchsorted(run, np.arange(total + 1))
        for position, norm in enumerate(norms):
            mine = range(position * units, min((position + 1) * units, total))
            for number, unit in enumerate(mine, 1):
                precincts = np.arange(bounds[unit], bounds[unit + 1])
                name = f"{norm.unit.replace('-', ' ').capitalize()} No. {number}"
                yield _Area(
                    precincts, self._deputies(norm, precincts), name, "", norm.unit, itself=norm.each is not None
                )

    # What becomes of it

    def _laid(self, area: _Area, seats: int) -> Ints:
        """Lay the districts of an area; the district of each of its precincts, counted from 0."""
        wanted = -(-area.deputies // seats)
        number = min(wanted, len(area.precincts))
        each = [min(seats, area.deputies)] * number
        if number == wanted:
            each = [area.deputies // number + (position < area.deputies % number) for position in range(number)]
        if area.kind == COUNTRY and number == 1:
            self.districts.append(District(COUNTRY, self.chamber.name, COUNTRY, "", each[0]))
            return np.zeros(len(area.precincts), np.int64)
        if area.itself and wanted == 1 and area.kind != COUNTRY:
            self._add(area.name, area.kind, COUNTRY, each[0])
            return np.zeros(len(area.precincts), np.int64)
        parent = area.parent
        if not parent:
            parent = f"{self.chamber.id}-area-{len(self.above) + 1}"
            self.above.append(District(parent, area.name, area.kind, COUNTRY, 0))
        place = "" if area.kind == COUNTRY or not area.name else f" ({area.name})"
        for seats_here in each:
            name = f"{self.chamber.name}, district No. {len(self.districts) + 1}{place}"
            self._add(name, f"{self.chamber.id}-district", parent, seats_here)
        return cut(self.line.inhabitants[area.precincts], number)

    def _add(self, name: str, kind: str, parent: str, seats: int) -> None:
        self.districts.append(District(f"{self.chamber.id}-{len(self.districts) + 1}", name, kind, parent, seats))


def variant_of(chamber: Chamber, statute: Statute) -> str:
    """The variant of the rules for a chamber: the one that bears its name."""
    return chamber.id if chamber.id in statute.variants else ""


def chambers_of(statute: Statute, only: Sequence[str] = ()) -> tuple[Chamber, ...]:
    """The chambers that are elected: those named, or all. SimulationError where there is none, or none of that name."""
    known = {chamber.id: chamber for chamber in statute.chambers}
    if not known:
        raise SimulationError(
            Problem(statute.id, "the law names no chamber", "", "[[chambers]] with norms or a number of seats"),
            exit_code=WRONG_USE,
        )
    for name in only:
        if name not in known:
            raise SimulationError(
                Problem(statute.id, "unknown chamber", name, f"one of {', '.join(known)}"), exit_code=WRONG_USE
            )
    return tuple(chamber for chamber in statute.chambers if not only or chamber.id in only)
