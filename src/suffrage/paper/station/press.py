"""The press of parcels: set by Typst, the same bytes for the same data."""

from __future__ import annotations

from pathlib import Path

import typst

from suffrage.election.translations import Translations
from suffrage.errors import PaperError, Problem, shown
from suffrage.paper.station.parcel import Parcel
from suffrage.paper.station.sheet import parcel_sheet
from suffrage.typeset.language import Language
from suffrage.typeset.setting import forget, new_compiler, set_pdf

_TEMPLATE = Path(__file__).parent / "templates" / "parcel.typ"


class ParcelPress:
    """One Typst compiler with the fonts that come with it. For one thread at a time."""

    def __init__(self, language: Language, translations: Translations | None = None) -> None:
        self._language = language
        self._translations = translations or Translations()
        self._compiler = new_compiler()

    def parcel(self, parcel: Parcel) -> bytes:
        """A parcel as PDF. PaperError where a letter is in no font."""
        sheet = parcel_sheet(parcel, self._language, self._translations)
        try:
            made = set_pdf(self._compiler, _TEMPLATE, sheet, "a-2u")
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
        forget(self._compiler)
        return made
