"""JSON written piece by piece, so that a report of any length needs no more memory than its longest list of counts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Pieces = Iterable[str]
"""The text of one JSON value, or of several joined by commas, in as many pieces as is convenient; never empty."""

as_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""A value that is at hand as JSON text."""


def streamed(members: Mapping[str, Any], lists: Mapping[str, Iterable[Pieces]]) -> Iterator[str]:
    """An object: members that are at hand (at least one), then lists whose items are written as they come.

    A list without items is left out.
    """
    yield as_text(members)[:-1]
    for name, items in lists.items():
        opened = False
        for item in items:
            yield ",\n" if opened else f",{as_text(name)}:[\n"
            opened = True
            yield from item
        if opened:
            yield "]"
    yield "}"
