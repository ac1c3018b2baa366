"""Which candidate stands where: the fewest pages, then the fewest columns, then the largest type. Pure arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_STRETCH = 9.0
_SHARE = 0.6
_SLACK = 1e-6
_HALVINGS = 40


@dataclass(frozen=True, slots=True)
class Measured:
    """What one layout would need, in millimetres.

    `room` is how high the first page and each that follows is below its head; `rows` are the heights of the
    candidates. `fits`: no word is wider than its place.
    """

    columns: int
    step: int
    room: tuple[float, float]
    rows: tuple[float, ...]
    fits: bool


@dataclass(frozen=True, slots=True)
class Row:
    """Where a candidate stands: the page and column, from 0; how far below the head of the table; how high."""

    page: int
    column: int
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The layout that was chosen, and where each candidate stands in it."""

    columns: int
    step: int
    pages: int
    rows: tuple[Row, ...]


def arranged(layouts: Sequence[Measured]) -> Arrangement | None:
    """The best of some layouts, or None where none holds the candidates."""
    found: list[tuple[tuple[int, int, int], Measured]] = []
    for layout in layouts:
        columns = _filled(layout, layout.room) if layout.fits else None
        if columns is not None:
            found.append(((_pages(columns, layout), layout.columns, layout.step), layout))
    if not found:
        return None
    (pages, _, _), best = min(found, key=lambda item: item[0])
    return _placed(best, _level(best, pages), pages)


def _filled(layout: Measured, room: tuple[float, float]) -> list[list[int]] | None:
    """The candidates of each column in turn; None where one of them is higher than a page."""
    columns: list[list[int]] = [[]]
    left = room[0]
    for place, height in enumerate(layout.rows):
        if height > left + _SLACK:
            left = room[0] if len(columns) < layout.columns else room[1]
            columns.append([])
            if height > left + _SLACK or not columns[0]:
                return None
        columns[-1].append(place)
        left -= height
    return columns


def _pages(columns: Sequence[Sequence[int]], layout: Measured) -> int:
    return -(-len(columns) // layout.columns)


def _level(layout: Measured, pages: int) -> list[list[int]]:
    """The same candidates in columns of about the same height, so that nobody stands alone on a last page."""
    low, high = 0.0, max(layout.room)
    best = _filled(layout, layout.room)
    assert best is not None
    for _ in range(_HALVINGS):
        limit = (low + high) / 2
        columns = _filled(layout, (min(layout.room[0], limit), min(layout.room[1], limit)))
        if columns is None or _pages(columns, layout) > pages:
            low = limit
        else:
            high, best = limit, columns
    return best


def _placed(layout: Measured, columns: Sequence[Sequence[int]], pages: int) -> Arrangement:
    rows: list[Row] = []
    for place, column in enumerate(columns):
        page = place // layout.columns
        room = layout.room[0 if page == 0 else 1]
        on_page = columns[page * layout.columns : (page + 1) * layout.columns]
        # What is left of a page makes its rows wider, all by the same: a stroke needs room.
        most = max(len(one) for one in on_page)
        free = room - max(sum(layout.rows[one] for one in other) for other in on_page)
        extra = min(_STRETCH, _SHARE * max(free, 0.0) / most)
        y = 0.0
        for one in column:
            rows.append(Row(page, place % layout.columns, y, layout.rows[one] + extra))
            y += layout.rows[one] + extra
    return Arrangement(layout.columns, layout.step, pages, tuple(rows))
