"""The press of ballot papers: measured, arranged and set by Typst, the same bytes for the same data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import rfc8785
import typst

from suffrage.election.translations import Translations
from suffrage.errors import PaperError, Problem, shown
from suffrage.paper.code import FORM_DIGITS, MOST_PAGES, QUIET, Codes
from suffrage.paper.fitting import Arrangement, Measured, arranged
from suffrage.paper.form import Form
from suffrage.paper.geometry import geometry_of
from suffrage.paper.sheet import Missing, Sheet, paper_sheet, speakers
from suffrage.paper.style import GUTTER, MARK_INSET, SIZES, Style

_TEMPLATES = Path(__file__).parent / "templates"
_TEMPLATE = _TEMPLATES / "ballot.typ"
_ARCHIVAL: Literal["a-2u"] = "a-2u"


@dataclass(frozen=True, slots=True)
class Paper:
    """A ballot paper: the PDF, and where everything stands on it (canonical JSON, which holds the PDF's SHA-256).

    `sha256` is the hash of the geometry, and so of both: what a committee signs off. `missing` are the texts that
    nobody translated.
    """

    pdf: bytes
    geometry: bytes
    missing: tuple[Missing, ...]

    @property
    def sha256(self) -> str:
        """The SHA-256 of the geometry, in hexadecimal."""
        return hashlib.sha256(self.geometry).hexdigest()


class PaperPress:
    """One Typst compiler with the fonts that come with it; reuse it for many papers. For one thread at a time.

    A paper depends on its form, its style, the translations and the version of Typst, and on nothing else: no fonts of
    the system, no clock, no chance. So every copy of it is the same.
    """

    def __init__(self) -> None:
        self._compiler = typst.Compiler(
            input=_TEMPLATE,
            root=_TEMPLATES,
            font_paths=typst.Fonts(include_system_fonts=False),
            ignore_system_fonts=True,
        )

    def paper(
        self,
        form: Form,
        languages: Sequence[str],
        style: Style,
        translations: Translations | None = None,
        *,
        proof: bool,
    ) -> Paper:
        """One ballot paper in one or two languages; a `proof` bears that word across every page.

        PaperError where the size is too small for the text, or a letter is in no font.
        """
        told = speakers(form, languages, translations or Translations())
        codes = Codes(form.election.id, form.contest.id, form.ballot)
        sheet = {**paper_sheet(form, told), "style": _style(style, codes)}
        layout = self._arranged(sheet, style, form)
        sheet |= layout
        # The form is named by everything that stands on it, and where.
        name = hashlib.sha256(json.dumps(sheet, sort_keys=True).encode()).hexdigest()[:FORM_DIGITS]
        pages = int(sheet["pages"])
        drawn = [
            {"text": codes.text(name, page, pages), "drawing": codes.drawing(name, page, pages)}
            for page in range(1, pages + 1)
        ]
        pdf = self._compiled({**sheet, "codes": drawn, "step": "set", "proof": proof}, form)
        spots = json.loads(self._compiler.query("<spot>", field="value"))
        head = {"form": name, "languages": [one.language.code for one in told], "proof": proof}
        geometry = geometry_of(form, style, head, spots, [one["text"] for one in drawn], pdf)
        missing = tuple(note for speaker in told for note in speaker.missing)
        return Paper(pdf, rfc8785.dumps(geometry), missing)

    def _arranged(self, sheet: Sheet, style: Style, form: Form) -> Sheet:
        """Where every candidate stands: with words whole where there is a way, else with words that break."""
        layouts = [
            {
                "columns": columns,
                "width": style.column(columns),
                "beside": style.beside(columns, style.types[step]),
                "size": _type(style, step),
            }
            for columns, step in style.layouts()
        ]
        for broken in (False, True):
            self._compiled({**sheet, "step": "measure", "layouts": layouts, "broken": broken}, form)
            needs = json.loads(self._compiler.query("<needs>", field="value", one=True))
            found = arranged([_measured(sheet["style"], *item) for item in zip(style.layouts(), needs, strict=True)])
            if found is not None and found.pages <= MOST_PAGES:
                chosen = style.layouts().index((found.columns, found.step))
                need = needs[chosen]
                return {
                    "layout": layouts[chosen],
                    "broken": broken,
                    "pages": found.pages,
                    **{name: need[name] for name in ("head", "again", "thead")},
                    "placed": _rows(found),
                }
        larger = [size for size, (width, _) in SIZES.items() if width > style.page[0]]
        expected = " or ".join([*reversed(larger), "less text"])
        what = f"contest {form.contest.id}, ballot paper"
        raise PaperError(Problem(what, "the text does not fit on this size", _named(style), expected))

    def _compiled(self, sheet: Sheet, form: Form) -> bytes:
        try:
            made = self._compiler.compile(
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
                    f"contest {form.contest.id}, ballot paper",
                    "a letter that the fonts of the program do not have",
                    shown(letter),
                    "Latin, Greek, Cyrillic, Georgian or Armenian letters",
                )
            ) from None
        assert isinstance(made, bytes)
        return made


def _named(style: Style) -> str:
    return f"{style.size}, large print" if style.large else style.size


def _type(style: Style, step: int) -> dict[str, float]:
    size = style.types[step]
    return {"surname": size.surname, "names": size.names, "text": size.text, "head": size.head}


def _style(style: Style, codes: Codes) -> Sheet:
    return {
        "page": style.page,
        "sheet": style.sheet,
        "copies": style.copies,
        "up": style.up,
        "large": style.large,
        "margin": style.margin,
        "body": style.column(1),
        "gutter": GUTTER,
        "top": style.top,
        "bottom": MARK_INSET + style.mark + 1,
        "inset": MARK_INSET,
        "mark": style.mark,
        "box": style.box,
        "code": codes.side * style.module,
        "quiet": QUIET * style.module,
        "foot": 18 if style.large else {"a4": 9, "a5": 8, "a6": 7}[style.size],
    }


def _measured(style: Sheet, layout: tuple[int, int], need: dict[str, Any]) -> Measured:
    whole = style["page"][1] - style["top"] - style["bottom"] - style["code"] - style["quiet"]
    rooms = (whole - need["head"] - need["thead"], whole - need["again"] - need["thead"])
    return Measured(*layout, rooms, tuple(need["rows"]), need["fits"])


def _rows(found: Arrangement) -> list[dict[str, Any]]:
    return [
        {"candidate": place, "page": row.page + 1, "column": row.column, "y": row.y, "height": row.height}
        for place, row in enumerate(found.rows)
    ]
