"""The QR code of a protocol's hash, as a small drawing."""

from __future__ import annotations

import io

import segno

_QUIET = 4
_MASK = 3
"""Any of the eight masks can be read; to try them all for the fairest would take most of the time of a paper."""


def code_text(sha256: str) -> str:
    """What the code says."""
    return f"suffrage:sha256:{sha256}"


def code_drawing(sha256: str) -> str:
    """The code as SVG, with the white border that readers need; the same hash gives the same drawing."""
    made = segno.make_qr(code_text(sha256), error="m", mode="byte", mask=_MASK, boost_error=False)
    drawing = io.BytesIO()
    made.save(
        drawing, kind="svg", border=_QUIET, light="#fff", xmldecl=False, svgns=True, svgclass=None, lineclass=None
    )
    return drawing.getvalue().decode()
