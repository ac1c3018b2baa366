"""Many letters into files of a few hundred pages each, in memory that does not grow with their number."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from suffrage.authority.codes import Codes
from suffrage.authority.letters.press import LetterPress
from suffrage.authority.letters.sheet import Window
from suffrage.authority.order import Elector, Order
from suffrage.belenios.progress import Progress
from suffrage.roll.cells import neutral
from suffrage.tables import table_text
from suffrage.typeset.presses import print_side_by_side

LETTERS_AT_ONCE = 200
"""How many letters a file holds: a stack that a printer takes."""

INDEX = "index.csv"
_WAITING = 2


@dataclass(frozen=True, slots=True)
class Printed:
    """A file of letters, and of which electors they are."""

    path: Path
    electors: tuple[Elector, ...]


def print_letters(
    order: Order,
    codes: Codes,
    electors: Sequence[Elector],
    folder: Path,
    window: Window = "left",
    tell: Progress | None = None,
    *,
    at_once: int = LETTERS_AT_ONCE,
    presses: int | None = None,
) -> list[Printed]:
    """Set the letters of electors, in their order, into files of a folder that their owner alone may read.

    A table beside them (`index.csv`) says on which page of which file each elector's letter is; no code is in it.
    Threads do the work, since Typst runs outside the interpreter's lock. The first error ends the printing and is
    raised; OSError where a file cannot be written.
    """
    digits = len(str(len(electors)))
    runs = [
        Printed(
            folder / f"letters-{start + 1:0{digits}}-{min(start + at_once, len(electors)):0{digits}}.pdf",
            tuple(electors[start : start + at_once]),
        )
        for start in range(0, len(electors), at_once)
    ]
    done = 0
    counting = threading.Lock()

    def print_one(press: LetterPress, run: Printed) -> None:
        nonlocal done
        _write(run.path, press.letters(run.electors))
        with counting:
            done += len(run.electors)

    def progress(_: int) -> None:
        if tell is not None:
            tell(done, len(electors))

    print_side_by_side(
        runs, lambda: LetterPress(order, codes, window), print_one, progress, presses=presses, waiting=_WAITING
    )
    rows = (
        (neutral(elector.id), neutral(elector.name), run.path.name, page)
        for run in runs
        for page, elector in enumerate(run.electors, 1)
    )
    _write(folder / INDEX, table_text(("id", "name", "file", "page"), rows).encode())
    return runs


def _write(path: Path, data: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
