"""Where everything stands on a ballot paper, in millimetres from its upper left corner: as its own layout says."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from suffrage.paper.form import Form
from suffrage.paper.style import Style

FORMAT = "suffrage-paper/1"

Spot = Mapping[str, Any]
Box = dict[str, float]

_OPEN = "bottom-right"
"""The corner mark that is an open square; the other three are full."""


def geometry_of(
    form: Form, style: Style, head: Mapping[str, Any], spots: Sequence[Spot], codes: Sequence[str], pdf: bytes
) -> dict[str, Any]:
    """The geometry of a paper from the spots that its layout reported, page by page."""
    pages = [
        _page(form, style, [spot for spot in spots if spot["page"] == number], number, text)
        for number, text in enumerate(codes, 1)
    ]
    return {
        "format": FORMAT,
        "election": form.election.id,
        "kind": form.election.kind.value,
        "contest": form.contest.id,
        "ballot": form.ballot,
        "marking": form.marking,
        "seats": form.seats,
        "most": form.most,
        **head,
        "unit": "mm",
        "size": _size(style.page),
        "large_print": style.large,
        "sheet": {**_size(style.sheet), "copies": [{"x": round(x, 2), "y": round(y, 2)} for x, y in style.copies]},
        "pages": pages,
        "pdf": hashlib.sha256(pdf).hexdigest(),
    }


def _page(form: Form, style: Style, spots: Sequence[Spot], number: int, code: str) -> dict[str, Any]:
    numbers = {candidate.id: candidate.number for candidate in form.candidates}
    boxes: dict[tuple[str, str], Box] = {(spot["kind"], spot["id"]): _box(spot, style) for spot in spots}
    candidates = []
    for kind, identifier in boxes:
        if kind == "row":
            found = {"id": identifier, "number": numbers[identifier]}
            places = {name: boxes[name, identifier] for name in ("row", "name", "box") if (name, identifier) in boxes}
            candidates.append({**found, **places})
    return {
        "page": number,
        "marks": [
            {"corner": identifier, "full": identifier != _OPEN, **box}
            for (kind, identifier), box in boxes.items()
            if kind == "mark"
        ],
        "qr": {"text": code, **boxes["qr", ""]},
        "candidates": candidates,
    }


def _size(size: tuple[float, float]) -> Box:
    return {"width": size[0], "height": size[1]}


def _box(spot: Spot, style: Style) -> Box:
    x, y = style.copies[0]
    return {
        "x": round(spot["x"] - x, 2),
        "y": round(spot["y"] - y, 2),
        "width": round(spot["width"], 2),
        "height": round(spot["height"], 2),
    }
