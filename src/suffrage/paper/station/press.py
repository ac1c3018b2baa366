"""The press of parcels: set by Typst, the same bytes for the same data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

import typst

import suffrage
from suffrage.election.translations import Translations
from suffrage.errors import PaperError, Problem, shown
from suffrage.paper.station.parcel import Parcel
from suffrage.paper.station.sheet import parcel_sheet
from suffrage.typeset.language import Language

# Parcels have the look of the other papers: both templates lie in the package.
_ROOT = Path(suffrage.__file__).parent
_TEMPLATE = Path(__file__).parent / "templates" / "parcel.typ"
_ARCHIVAL: Literal["a-2u"] = "a-2u"

_REMEMBERED = 10


class ParcelPress:
    """One Typst compiler with the fonts that come with it. For one thread at a time."""

    def __init__(self, language: Language, translations: Translations | None = None) -> None:
        self._language = language
        self._translations = translations or Translations()
        self._compiler = typst.Compiler(
            root=_ROOT, font_paths=typst.Fonts(include_system_fonts=False), ignore_system_fonts=True
        )

    def parcel(self, parcel: Parcel) -> bytes:
        """A parcel as PDF. PaperError where a letter is in no font."""
        sheet = parcel_sheet(parcel, self._language, self._translations)
        try:
            made = self._compiler.compile(
                _TEMPLATE,
                format="pdf",
                sys_inputs={"sheet": json.dumps(sheet, ensure_ascii=False)},
                pdf_standards=_ARCHIVAL,
                timestamp=0,
            )
        except typst.TypstError as error:
            if "could not be displayed" not in error.message:
                raise
            letter = error.message.partition("`")[2].partition("`")[0].strip('"')
            raise PaperError(
                Problem(
                    f"precinct {parcel.unit.id}, parcel",
                    "a letter that the fonts of the program do not have",
                    shown(letter),
                    "Latin, Greek, Cyrillic, Georgian or Armenian letters",
                )
            ) from None
        assert isinstance(made, bytes)
        self._forget()
        return made

    def _forget(self) -> None:
        """Let Typst drop what it has set: it keeps that for ten more runs, and no parcel comes twice."""
        for _ in range(_REMEMBERED):
            self._compiler.compile(b"", format="svg")
