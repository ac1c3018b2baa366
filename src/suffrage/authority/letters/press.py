"""The press of letters: a run of pages set by Typst into one PDF, the same bytes for the same data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from suffrage.authority.codes import Codes
from suffrage.authority.letters.sheet import Window, letters_sheet
from suffrage.authority.order import Elector, Order
from suffrage.typeset.setting import forget, new_compiler, set_pdf

_TEMPLATE = Path(__file__).parent / "templates" / "letters.typ"


class LetterPress:
    """One Typst compiler with the fonts that come with it. For one thread at a time."""

    def __init__(self, order: Order, codes: Codes, window: Window = "left") -> None:
        self._order = order
        self._codes = codes
        self._window: Window = window
        self._compiler = new_compiler()

    def letters(self, electors: Sequence[Elector]) -> bytes:
        """The letters of some electors as one PDF, a page each. KeyError where one of them has no code."""
        sheet = letters_sheet(self._order, self._codes, electors, self._window)
        made = set_pdf(self._compiler, _TEMPLATE, sheet)
        forget(self._compiler)
        return made
