"""The press of letters: a run of pages set by Typst into one PDF, the same bytes for the same data."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import typst

import suffrage
from suffrage.authority.codes import Codes
from suffrage.authority.letters.sheet import Window, letters_sheet
from suffrage.authority.order import Elector, Order

# Letters have the look of the papers: both templates lie in the package.
_ROOT = Path(suffrage.__file__).parent
_TEMPLATE = Path(__file__).parent / "templates" / "letters.typ"

_REMEMBERED = 10


class LetterPress:
    """One Typst compiler with the fonts that come with it. For one thread at a time."""

    def __init__(self, order: Order, codes: Codes, window: Window = "left") -> None:
        self._order = order
        self._codes = codes
        self._window: Window = window
        self._compiler = typst.Compiler(
            root=_ROOT, font_paths=typst.Fonts(include_system_fonts=False), ignore_system_fonts=True
        )

    def letters(self, electors: Sequence[Elector]) -> bytes:
        """The letters of some electors as one PDF, a page each. KeyError where one of them has no code."""
        sheet = letters_sheet(self._order, self._codes, electors, self._window)
        made = self._compiler.compile(
            _TEMPLATE, format="pdf", sys_inputs={"sheet": json.dumps(sheet, ensure_ascii=False)}, timestamp=0
        )
        assert isinstance(made, bytes)
        self._forget()
        return made

    def _forget(self) -> None:
        """Let Typst drop what it has set: it keeps that for ten more runs, and no run of letters comes twice."""
        for _ in range(_REMEMBERED + 1):
            self._compiler.compile(b"", format="svg")
