"""What is printed on a PDF and where, as a reader of the file finds it: nothing here asks the program that made it."""

from __future__ import annotations

import ctypes
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import pypdfium2
from pypdfium2 import raw

MM = 25.4 / 72
TOUCH = 0.2
"""Millimetres by which two boxes may go into each other: the side bearings of letters and half the width of a line."""

_THIN = 0.8
_LONG = 15.0


@dataclass(frozen=True, slots=True)
class Box:
    """Millimetres from the upper left corner of the page."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Whether the two share some of the page."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > TOUCH and down > TOUCH

    def lies_in(self, other: Box, slack: float = TOUCH) -> bool:
        """Whether nothing of it stands out of the other."""
        return (
            self.left >= other.left - slack
            and self.top >= other.top - slack
            and self.right <= other.right + slack
            and self.bottom <= other.bottom + slack
        )


@dataclass(frozen=True, slots=True)
class Text:
    """Letters in one line that are set in one font: the box of their ink, and of that of each letter."""

    said: str
    box: Box
    glyphs: tuple[Box, ...]
    baseline: float

    def meets(self, other: Text) -> bool:
        """Whether letters of both stand in each other; neighbours in a line may lean to each other a little."""
        if not self.box.meets(other.box):
            return False
        across = min(self.box.right, other.box.right) - max(self.box.left, other.box.left)
        if self.baseline == other.baseline and across < (self.box.bottom - self.box.top) / 5:
            return False
        return any(one.meets(another) for one in self.glyphs for another in other.glyphs)

    def crosses(self, shape: Box) -> bool:
        """Whether a letter stands neither in something drawn nor beside it."""
        return self.box.meets(shape) and any(one.meets(shape) and not one.lies_in(shape) for one in self.glyphs)


@dataclass(slots=True)
class Page:
    """A page: its texts, what is drawn, and the words that run slanting across it, beneath everything."""

    box: Box
    texts: list[Text] = field(default_factory=list)
    drawn: list[Box] = field(default_factory=list)
    across: list[str] = field(default_factory=list)

    def rules(self) -> list[Box]:
        """The long level lines, from the top."""
        found = [one for one in self.drawn if one.bottom - one.top < _THIN and one.right - one.left > _LONG]
        return sorted(found, key=lambda one: one.top)

    def bands(self) -> Iterator[tuple[Box, list[Text]]]:
        """What stands between each two level lines of which one lies beneath the other, column by column."""
        columns: dict[tuple[int, int], list[Box]] = {}
        for rule in self.rules():
            columns.setdefault((round(rule.left), round(rule.right)), []).append(rule)
        for rules in columns.values():
            for upper, lower in pairwise(rules):
                band = Box(upper.left, upper.bottom, upper.right, lower.top)
                yield band, [text for text in self.texts if text.box.lies_in(band)]


def pages(pdf: bytes) -> list[Page]:
    """Every page of a PDF."""
    document = pypdfium2.PdfDocument(pdf)
    found = [_page(page) for page in document]
    document.close()
    return found


def _page(page: pypdfium2.PdfPage) -> Page:
    width, height = page.get_size()
    made = Page(Box(0, 0, width * MM, height * MM))

    def placed(bounds: tuple[float, float, float, float]) -> Box:
        left, bottom, right, top = (value * MM for value in bounds)
        return Box(left, height * MM - top, right, height * MM - bottom)

    said, glyphs = _letters_of(page, placed)
    for one in page.get_objects():
        assert one.level == 0 or one.type != raw.FPDF_PAGEOBJ_TEXT, "a text whose place is not that of the page"
        if one.level:
            continue
        if one.type != raw.FPDF_PAGEOBJ_TEXT:
            made.drawn.append(_inked(one, placed(one.get_bounds())))
            continue
        words, matrix = "".join(said[_address(one.raw)]), one.get_matrix()
        if matrix.b:
            made.across.append(words)
        elif letters(words):
            box = placed(one.get_bounds())
            made.texts.append(Text(words, box, tuple(glyphs[_address(one.raw)]), height * MM - matrix.f * MM))
    return made


def _letters_of(
    page: pypdfium2.PdfPage, placed: Callable[[tuple[float, float, float, float]], Box]
) -> tuple[dict[int, list[str]], dict[int, list[Box]]]:
    """Of each text of a page, by its address, its letters and their boxes."""
    words = page.get_textpage()
    said: dict[int, list[str]] = defaultdict(list)
    glyphs: dict[int, list[Box]] = defaultdict(list)
    for place in range(words.count_chars()):
        owner = raw.FPDFText_GetTextObject(words.raw, place)
        if owner:
            letter = chr(raw.FPDFText_GetUnicode(words.raw, place))
            said[_address(owner)].append(letter)
            if not letter.isspace():
                glyphs[_address(owner)].append(placed(words.get_charbox(place)))
    return said, glyphs


def _address(pointer: object) -> int:
    return ctypes.cast(pointer, ctypes.c_void_p).value or 0  # type: ignore[arg-type]


def _inked(drawn: pypdfium2.PdfObject, box: Box) -> Box:
    """The box of a drawing: the library puts the whole width of a line around it, where half of it is inked."""
    width, stroked, filled = ctypes.c_float(), ctypes.c_int(), ctypes.c_int()
    if drawn.type != raw.FPDF_PAGEOBJ_PATH:
        return box
    raw.FPDFPath_GetDrawMode(drawn.raw, ctypes.byref(filled), ctypes.byref(stroked))
    if not stroked.value:
        return box
    raw.FPDFPageObj_GetStrokeWidth(drawn.raw, ctypes.byref(width))
    line = width.value * MM
    # A line ends where it ends; a frame is as thick to its sides as it is up and down.
    across = line if box.bottom - box.top < 2.5 * line else line / 2
    down = line if box.right - box.left < 2.5 * line else line / 2
    return Box(box.left + across, box.top + down, box.right - across, box.bottom - down)


def letters(said: str) -> str:
    """A text without what setting it may add, leave out or write in another way."""
    return "".join(one for one in unicodedata.normalize("NFKC", said) if one.isalnum())


def faults(page: Page, frames: Sequence[Box] = ()) -> list[str]:
    """What is wrong on a page: texts in each other, through a line or a box, or out of every frame (or the page)."""
    found = []
    ordered = sorted(page.texts, key=lambda text: text.box.top)
    for place, text in enumerate(ordered):
        for other in ordered[place + 1 :]:
            if other.box.top > text.box.bottom:
                break
            if text.meets(other):
                found.append(f"{text.said!r} and {other.said!r} stand in each other: {text.box}, {other.box}")
        found += [
            f"{text.said!r} runs through what is drawn: {text.box}, {shape}"
            for shape in page.drawn
            if text.crosses(_solid(shape))
        ]
    whole = frames or [page.box]
    for box, said in [(text.box, text.said) for text in page.texts] + [(one, "a drawing") for one in page.drawn]:
        if not any(box.lies_in(frame) for frame in whole):
            found.append(f"{said!r} stands out of the page: {box}")
    return found


def _solid(shape: Box) -> Box:
    """A line as thick as can be met at all."""
    across = max(0.0, 2.5 * TOUCH - (shape.right - shape.left)) / 2
    down = max(0.0, 2.5 * TOUCH - (shape.bottom - shape.top)) / 2
    return Box(shape.left - across, shape.top - down, shape.right + across, shape.bottom + down)


def apart(printed: Iterable[Page], wanted: Sequence[Sequence[str]], times: int = 1) -> list[str]:
    """Of the things that stand between two lines each (all texts of one together and no other), those that do not.

    They are compared by their letters, in the order in which the file has them; each must be there so many `times`.
    """
    bands = Counter(_letters(text.said for text in texts) for page in printed for _, texts in page.bands())
    return [texts[0] for texts in wanted if bands[_letters(texts)] != times]


def _letters(texts: Iterable[str]) -> str:
    return "".join(map(letters, texts))
