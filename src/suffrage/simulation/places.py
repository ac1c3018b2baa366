"""The places of an election: republics and other units of which `places.toml` knows something, in the order of a line.

A *cell* is a piece of territory that no place divides further: what lies in a republic outside its autonomous places,
or one of those. Cells follow each other in a line, so that every place is some of them, and every district a run.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from suffrage.law import Statute

COUNTRY = "country"
"""The identifier and the kind of the unit that holds all the others."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place and its inhabitants in thousands, those of the places in it included. `within`: the id of its host."""

    id: str
    name: str
    kind: str
    within: str
    thousands: int
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: the innermost place, the one that holds it (or the same one), and the weight of its inhabitants."""

    place: Place
    host: Place
    weight: int


WHOLE = Place(COUNTRY, "", COUNTRY, "", 1)
"""The country, where nothing is known of its parts."""


def data(name: str) -> dict[str, Any]:
    """A data file of this package."""
    return tomllib.loads((resources.files("suffrage.simulation") / name).read_text("utf-8"))


def slug(text: str) -> str:
    """A text as an identifier."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


@cache
def _periods() -> tuple[tuple[int, tuple[Place, ...]], ...]:
    periods = []
    for period in data("places.toml")["periods"]:
        places = tuple(
            Place(
                slug(entry["name"]),
                entry["name"],
                kind,
                slug(entry.get("in", "")),
                entry["thousands"],
                tuple(entry.get("languages", ())),
            )
            for kind, entries in period["kinds"].items()
            for entry in entries
        )
        periods.append((period["from"], places))
    return tuple(sorted(periods))


def places_of(statute: Statute, kinds: Collection[str]) -> tuple[Place, ...]:
    """The places of those kinds at the time of a law, with their hosts, each followed by those that lie in it.

    Empty where nothing is known of any of the kinds.
    """
    year = int(statute.adopted[:4]) if statute.adopted[:4].isdigit() else None
    periods = [places for begin, places in _periods() if year is not None and begin <= year]
    known = periods[-1] if periods else ()
    if not {place.kind for place in known} & set(kinds):
        return ()
    inner = [place for place in known if place.within and place.kind in kinds]
    hosts = [place for place in known if not place.within]
    return tuple(place for host in hosts for place in (host, *(p for p in inner if p.within == host.id)))


def cells_of(places: tuple[Place, ...]) -> tuple[Cell, ...]:
    """The cells of the places, in the order of the line; one cell, the country, where there are no places."""
    if not places:
        return (Cell(WHOLE, WHOLE, 1),)
    hosts = {place.id: place for place in places if not place.within}
    taken = dict.fromkeys(hosts, 0)
    for place in places:
        if place.within:
            taken[place.within] += place.thousands
    return tuple(
        Cell(place, hosts[place.within or place.id], place.thousands - taken.get(place.id, 0)) for place in places
    )
