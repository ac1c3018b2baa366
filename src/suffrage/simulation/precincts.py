"""The precincts: how many there are of each kind, and how many inhabitants and electors each has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from suffrage.law import Statute
from suffrage.law.statute import PrecinctSize
from suffrage.simulation.assumptions import Assumptions
from suffrage.simulation.places import Cell
from suffrage.simulation.portions import Ints, grouped_portions, portions

BLOCK = 40
"""So many precincts of one kind follow each other in the line: towns are not scattered house by house."""


@dataclass(frozen=True, slots=True)
class Line:
    """The precincts of the country, cell by cell. `kind` is a position in `kinds`; `cell` one in `cells`."""

    cells: tuple[Cell, ...]
    kinds: tuple[PrecinctSize, ...]
    cell: Ints
    kind: Ints
    inhabitants: Ints
    electors: Ints
    outside_limits: int

    def __len__(self) -> int:
        return len(self.cell)


def line_of(
    statute: Statute, cells: Sequence[Cell], electors: int, assumptions: Assumptions, rng: np.random.Generator
) -> Line:
    """Lay the precincts of the country. The electors of all of them are exactly `electors`."""
    kinds = statute.voting.precincts or (assumptions.precinct,)
    least, most = _limits(kinds, assumptions)
    weights = np.array([cell.weight for cell in cells], np.int64)
    electors_of_cell = portions(electors, weights, least=min(20, electors // (2 * len(cells))))
    all_inhabitants = electors * assumptions.inhabitants // assumptions.of_electors
    inhabitants_of_cell = portions(max(all_inhabitants, electors), electors_of_cell)
    share = _shares(kinds, assumptions)
    main = int(np.argmax(share))
    only_electors = np.array([kind.kind in assumptions.only_electors_in for kind in kinds])
    only_electors[main] = False
    number, total = _numbers(share, least, most, electors_of_cell, inhabitants_of_cell, only_electors, rng)
    group = np.repeat(np.arange(number.size), number.ravel())
    inhabitants = _sizes(
        group, number.ravel(), total.ravel(), np.tile(least, len(cells)), np.tile(most, len(cells)), rng
    )
    order = _order(group, len(kinds), rng)
    cell, kind, inhabitants = (group // len(kinds))[order], (group % len(kinds))[order], inhabitants[order]
    outside = int(((inhabitants < least[kind]) | (inhabitants > most[kind])).sum())
    return Line(
        tuple(cells),
        tuple(kinds),
        cell,
        kind,
        inhabitants,
        _electors(cell, inhabitants, only_electors[kind], electors_of_cell, rng),
        outside,
    )


def _limits(kinds: Sequence[PrecinctSize], assumptions: Assumptions) -> tuple[Ints, Ints]:
    least = np.array([max(kind.least, 1) for kind in kinds], np.int64)
    most = [kind.least * assumptions.most_for_least if kind.most is None else kind.most for kind in kinds]
    return least, np.maximum(np.array(most, np.int64), least)


def _numbers(
    share: npt.NDArray[np.float64],
    least: Ints,
    most: Ints,
    electors: Ints,
    inhabitants: Ints,
    only_electors: npt.NDArray[np.bool_],
    rng: np.random.Generator,
) -> tuple[Ints, Ints]:
    """How many precincts of each kind a cell has (cell by kind), and the inhabitants of all of them together.

    The kind with the largest share takes what the others leave; its number is such that its limits can be kept.
    """
    main = int(np.argmax(share))
    mean = (least + most) // 2
    wanted = inhabitants[:, None] * share / mean
    number = np.floor(wanted + rng.random(wanted.shape)).astype(np.int64)
    number[:, main] = 0
    total = number * mean
    # A cell that is too small for precincts of the other kinds has none.
    crowded = (total.sum(axis=1) > inhabitants - least[main]) | (number.sum(axis=1) > electors // 4)
    crowded |= (total * only_electors).sum(axis=1) > electors // 2
    number[crowded] = 0
    total[crowded] = 0
    rest = inhabitants - total.sum(axis=1)
    fewest = np.maximum(-(-rest // most[main]), 1)
    within = np.clip(rest // mean[main], fewest, np.maximum(rest // least[main], fewest))
    number[:, main] = np.clip(within, 1, np.maximum(electors // 4, 1))
    total[:, main] = rest
    return number, total


def _shares(kinds: Sequence[PrecinctSize], assumptions: Assumptions) -> npt.NDArray[np.float64]:
    given = [assumptions.inhabitants_by_precinct.get(kind.kind) for kind in kinds]
    unnamed = given.count(None)
    rest = max(1 - sum(share for share in given if share is not None), 0.0)
    return np.array([rest / unnamed if share is None else share for share in given])


def _sizes(group: Ints, number: Ints, total: Ints, least: Ints, most: Ints, rng: np.random.Generator) -> Ints:
    """The inhabitants of every precinct: those of a group add up to its total, and keep its limits where they can.

    Precincts go in pairs, of which one gets as many more than the mean as the other gets less.
    """
    safe = np.maximum(number, 1)
    mean = total // safe
    first = np.cumsum(number) - number
    place = np.arange(len(group)) - first[group]
    reach = np.maximum(np.minimum(mean - least, most - mean - 1), 0)
    drawn = np.floor(rng.random(len(group)) * (reach[group] + 1)).astype(np.int64)
    partner = place ^ 1
    paired = partner < number[group]
    difference = np.where(paired, drawn[first[group] + place // 2 * 2], 0) * np.where(place % 2 == 0, 1, -1)
    sizes = mean[group] + (place < total[group] - mean[group] * number[group]) + difference
    mixed = np.lexsort((rng.random(len(group)), group))
    result: Ints = sizes[mixed]
    return result


def _order(group: Ints, kinds: int, rng: np.random.Generator) -> npt.NDArray[np.intp]:
    """The order of the precincts in the line: cell by cell, in blocks of one kind."""
    number = np.bincount(group)
    first = np.cumsum(number) - number
    place = np.arange(len(group)) - first[group]
    key = rng.random(len(group))[first[group] + place // BLOCK * BLOCK]
    return np.lexsort((np.arange(len(group)), key, group // kinds))


def _electors(
    cell: Ints,
    inhabitants: Ints,
    only_electors: npt.NDArray[np.bool_],
    electors_of_cell: Ints,
    rng: np.random.Generator,
) -> Ints:
    """The electors of every precinct; those of a cell add up, and every precinct has one at least."""
    electors = np.where(only_electors, inhabitants, 0)
    rest = electors_of_cell.copy()
    np.subtract.at(rest, cell, electors)
    others = np.flatnonzero(~only_electors)
    weights = inhabitants[others] * rng.integers(95, 106, len(others))
    electors[others] = grouped_portions(rest, cell[others], weights, least=1)
    return electors
