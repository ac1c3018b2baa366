"""How a ballot paper is set: its size, how many lie on a sheet, its margins and sizes of type, all in millimetres."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from suffrage.errors import WRONG_USE, PaperError, Problem

Size = Literal["a4", "a5", "a6"]

A4 = (210.0, 297.0)
SIZES: dict[Size, tuple[float, float]] = {"a4": A4, "a5": (148.0, 210.0), "a6": (105.0, 148.0)}

SHEETS: dict[int, tuple[Size | None, tuple[float, float], tuple[int, int]]] = {
    1: (None, (0.0, 0.0), (1, 1)),
    2: ("a5", (A4[1], A4[0]), (2, 1)),
    4: ("a6", A4, (2, 2)),
}
"""How many papers lie on a sheet: of which size they must be, the sheet, and columns and rows of papers on it."""

MARK_INSET = 6.0
"""From the edge to a corner mark: what the printers of an office leave white is less."""

GUTTER = 6.0
_LEAST_COLUMN = 60.0
_LEAST_BESIDE = 112.0
_POINT = 25.4 / 72


@dataclass(frozen=True, slots=True)
class Type:
    """Sizes of type in points: of surnames, of the other names, of supporters, of the head."""

    surname: float
    names: float
    text: float
    head: float

    @property
    def scale(self) -> float:
        """How large it is beside the usual size."""
        return self.text / 9.5


USUAL = (
    Type(20, 14, 11, 12),
    Type(17, 12.5, 10.5, 11),
    Type(15, 11.5, 9.5, 10.5),
    Type(13, 10.5, 9, 10),
    Type(11.5, 9.5, 8.5, 9.5),
    Type(10.5, 9, 8, 8.5),
)
LARGE = (Type(28, 22, 20, 20), Type(24, 20, 18, 19), Type(20, 18, 18, 18))
"""From the largest down to what is still read with ease: 8 points, or 18 in large print."""


@dataclass(frozen=True, slots=True)
class Style:
    """What the office chooses. Without a size: A5, A6 four a sheet, A4 in large print. PaperError if it cannot be."""

    size: Size
    up: int = 1
    large: bool = False

    @classmethod
    def chosen(cls, size: Size | None = None, up: int = 1, *, large: bool = False) -> Style:
        """A style, with what was not chosen filled in."""
        if up not in SHEETS:
            raise PaperError(Problem("up", "not a number of papers a sheet", str(up), "1, 2 or 4"), exit_code=WRONG_USE)
        needed = SHEETS[up][0]
        if size is not None and size not in SIZES:
            raise PaperError(Problem("size", "unknown size", size, ", ".join(SIZES)), exit_code=WRONG_USE)
        if size is not None and needed is not None and size != needed:
            raise PaperError(
                Problem("size", f"{up} papers of this size do not lie on a sheet of A4", size, needed),
                exit_code=WRONG_USE,
            )
        return cls(size or needed or ("a4" if large else "a5"), up, large)

    @property
    def page(self) -> tuple[float, float]:
        """Width and height of one paper."""
        return SIZES[self.size]

    @property
    def sheet(self) -> tuple[float, float]:
        """Width and height of what is printed on."""
        return self.page if self.up == 1 else SHEETS[self.up][1]

    @property
    def copies(self) -> tuple[tuple[float, float], ...]:
        """Where each paper on the sheet begins. What half a sheet has more than a paper is left on both sides."""
        columns, rows = SHEETS[self.up][2]
        width, height = self.sheet[0] / columns, self.sheet[1] / rows
        aside, above = (width - self.page[0]) / 2, (height - self.page[1]) / 2
        return tuple((column * width + aside, row * height + above) for row in range(rows) for column in range(columns))

    @property
    def mark(self) -> float:
        """The side of a corner mark."""
        return 3.2 if self.size == "a6" else 4.0

    @property
    def margin(self) -> float:
        """From the edge to the text, left and right."""
        return {"a4": 18.0, "a5": 13.0, "a6": 10.0}[self.size]

    @property
    def top(self) -> float:
        """From the upper edge to the text."""
        return MARK_INSET + self.mark + (4.0 if self.size == "a4" else 1.0)

    @property
    def module(self) -> float:
        """The side of one square of the QR code."""
        return 0.42 if self.size == "a6" else 0.5

    @property
    def types(self) -> tuple[Type, ...]:
        """The sizes of type to try, from the largest."""
        return LARGE if self.large else USUAL

    @property
    def box(self) -> float:
        """The side of a box that is to be marked."""
        return 9.0 if self.large else {"a4": 8.0, "a5": 7.0, "a6": 6.0}[self.size]

    def column(self, columns: int) -> float:
        """The width of a column, where there are so many."""
        return (self.page[0] - 2 * self.margin - (columns - 1) * GUTTER) / columns

    def beside(self, columns: int, size: Type) -> bool:
        """Whether the supporters stand beside the name; else they stand beneath it."""
        return self.column(columns) >= _LEAST_BESIDE * size.scale

    def layouts(self) -> list[tuple[int, int]]:
        """Numbers of columns, each with the number of every size of type that is fit for them."""
        found = []
        for columns in range(1, 5):
            for step, size in enumerate(self.types):
                if columns == 1 or self.column(columns) >= _LEAST_COLUMN * size.scale:
                    found.append((columns, step))
        return found
