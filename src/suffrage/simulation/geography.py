"""The tree of units: the country, its places, the districts of every chamber, and the precincts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from suffrage.election.model import Unit
from suffrage.simulation.districts import Division
from suffrage.simulation.places import COUNTRY, Place
from suffrage.simulation.portions import Ints
from suffrage.simulation.precincts import Line

NEIGHBOURS = 100
"""How many precincts turn out alike where no district holds them together."""


class Geography:
    """Where everything lies.

    A precinct hangs on its district of the first chamber that has districts, and is `also_in` those of the other
    chambers. Attributes: `neighbourhood`, by precinct, what turnout depends on: that first district, or where there is
    none a run of the line.
    """

    def __init__(self, places: Sequence[Place], line: Line, divisions: Sequence[Division]) -> None:
        self._places = places
        self._line = line
        self._divisions = [division for division in divisions if not division.whole]
        self._all = divisions
        whole = not self._divisions
        self._district: Ints = np.zeros(len(line), np.int64) if whole else self._divisions[0].of
        self.neighbourhood: Ints = np.arange(len(line)) // NEIGHBOURS if whole else self._district

    @cached_property
    def _ids(self) -> list[str]:
        """The identifiers of the precincts: the district that each hangs on, and its number there."""
        if not self._divisions:
            return [f"p{number}" for number in range(1, len(self._line) + 1)]
        districts = [district.unit for district in self._divisions[0].districts]
        return [
            f"{districts[district]}-p{number}"
            for district, number in zip(self._district.tolist(), self._numbers, strict=True)
        ]

    @cached_property
    def _numbers(self) -> list[int]:
        order = np.argsort(self._district, kind="stable")
        size = np.bincount(self._district)
        first = np.cumsum(size) - size
        number = np.empty(len(order), np.int64)
        number[order] = np.arange(len(order)) - first[self._district[order]] + 1
        found: list[int] = number.tolist()
        return found

    @cached_property
    def precincts(self) -> pa.Array[Any]:
        """The identifiers of the precincts as a column."""
        return pa.array(self._ids, pa.string())

    @cached_property
    def languages(self) -> list[tuple[str, ...]]:
        """The languages of every contest: those of the place in which its first precinct lies."""
        found: list[tuple[str, ...]] = []
        cells = self._line.cells
        for division in self._all:
            _, first = np.unique(division.of, return_index=True)
            whole = division.whole
            for cell in self._line.cell[first].tolist():
                place, host = cells[cell].place, cells[cell].host
                found.append(() if whole else place.languages or host.languages)
        return found

    @property
    def units(self) -> tuple[Unit, ...]:
        """Every unit, with the electors and inhabitants in it; those that hold others come before them."""
        return (*self._country(), *self._known_places(), *self._districts(), *self._precinct_units())

    def _people(self, mine: Ints | slice) -> tuple[int, int]:
        return int(self._line.electors[mine].sum()), int(self._line.inhabitants[mine].sum())

    def _country(self) -> list[Unit]:
        return [_unit(COUNTRY, "The whole country", COUNTRY, "", *self._people(slice(None)))]

    def _known_places(self) -> list[Unit]:
        units = []
        cells = self._line.cells
        for place in self._places:
            inside = np.array([place in (cell.place, cell.host) for cell in cells])
            people = self._people(np.flatnonzero(inside[self._line.cell]))
            units.append(_unit(place.id, place.name, place.kind, place.within or COUNTRY, *people))
        return units

    def _districts(self) -> list[Unit]:
        units = []
        for division in self._divisions:
            size = len(division.districts)
            sums = [np.zeros(size, np.int64), np.zeros(size, np.int64)]
            for total, column in zip(sums, (self._line.electors, self._line.inhabitants), strict=True):
                np.add.at(total, division.of, column)
            electors, inhabitants = (total.tolist() for total in sums)
            for above in division.above:
                below = [n for n, district in enumerate(division.districts) if district.parent == above.unit]
                units.append(
                    _unit(
                        above.unit,
                        above.name,
                        above.kind,
                        above.parent,
                        sum(electors[n] for n in below),
                        sum(inhabitants[n] for n in below),
                    )
                )
            units += [
                _unit(district.unit, district.name, district.kind, district.parent, electors[n], inhabitants[n])
                for n, district in enumerate(division.districts)
            ]
        return units

    def _precinct_units(self) -> list[Unit]:
        line, size = self._line, len(self._line)
        kinds = [f", {kind.kind}" if kind.kind else "" for kind in line.kinds]
        names = [f"Precinct No. {n}{kinds[k]}" for n, k in zip(self._numbers, line.kind.tolist(), strict=True)]
        parents = [COUNTRY] * size
        if self._divisions:
            districts = self._divisions[0].districts
            parents = [districts[n].unit for n in self._district.tolist()]
        also: list[tuple[str, ...]] = [()] * size
        if len(self._divisions) > 1:
            others = [[division.districts[n].unit for n in division.of.tolist()] for division in self._divisions[1:]]
            also = list(zip(*others, strict=True))
        return list(
            map(
                Unit,
                self._ids,
                names,
                ["precinct"] * size,
                parents,
                also,
                line.electors.tolist(),
                line.inhabitants.tolist(),
            )
        )


def _unit(identifier: str, name: str, kind: str, parent: str, registered: int, inhabitants: int) -> Unit:
    return Unit(identifier, name, kind, parent, registered=registered, inhabitants=inhabitants)
