"""The QR code of a ballot paper: which paper it is, and which page; the same on every copy."""

from __future__ import annotations

import io
from dataclasses import dataclass

import segno

_MASK = 3
"""Any of the eight masks can be read; a fixed one gives the same drawing always."""

QUIET = 4
"""How many squares around the code stay white."""

MOST_PAGES = 99
FORM_DIGITS = 16


def code_text(election: str, contest: str, ballot: int, form: str, page: int, pages: int) -> str:
    """What the code says: election, contest, ballot, form and page. No identifier holds a slash."""
    return f"SUFFRAGE/1/{election}/{contest}/{ballot}/{form}/{page}/{pages}"


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes of one paper: all of them as large as the longest text needs."""

    election: str
    contest: str
    ballot: int

    @property
    def _version(self) -> int:
        longest = self.text("0" * FORM_DIGITS, MOST_PAGES, MOST_PAGES)
        version = _made(longest).version
        assert isinstance(version, int)
        return version

    @property
    def side(self) -> int:
        """How many squares wide a code is, without its white border."""
        return 17 + 4 * self._version

    def text(self, form: str, page: int, pages: int) -> str:
        """What the code of a page says."""
        return code_text(self.election, self.contest, self.ballot, form, page, pages)

    def drawing(self, form: str, page: int, pages: int) -> str:
        """The code of a page as SVG, without a white border."""
        return _drawn(_made(self.text(form, page, pages), self._version))


def _made(text: str, version: int | None = None) -> segno.QRCode:
    return segno.make_qr(text.encode(), error="m", mode="byte", mask=_MASK, boost_error=False, version=version)


def _drawn(code: segno.QRCode) -> str:
    drawing = io.BytesIO()
    code.save(drawing, kind="svg", border=0, xmldecl=False, svgns=True, svgclass=None, lineclass=None)
    return drawing.getvalue().decode()
