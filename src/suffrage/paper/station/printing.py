"""Many parcels into files, on every processor, in memory that does not grow with their number."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path

from suffrage.election.translations import Translations
from suffrage.outputs import written
from suffrage.paper.station.parcel import Parcel
from suffrage.paper.station.press import ParcelPress
from suffrage.typeset.language import Language

_MOST_PRESSES = 4
_WAITING = 2


def print_parcels(
    parcels: Iterable[Parcel],
    folder: Path,
    language: Language,
    translations: Translations | None = None,
    progress: Callable[[int], None] = lambda done: None,
    *,
    presses: int | None = None,
) -> int:
    """Set parcels and write each to `ID.pdf` of a folder, whole or not at all; give how many there were.

    `parcels` is read as they are set, and `progress` is called with the number done so far. An interruption leaves
    whole files only. The first error ends the printing and is raised; OutputError where a file cannot be written.
    """
    number = presses or min(os.cpu_count() or 1, _MOST_PRESSES)
    own = threading.local()

    def print_one(parcel: Parcel) -> None:
        if not hasattr(own, "press"):
            own.press = ParcelPress(language, translations)
        written({folder / f"{parcel.unit.id}.pdf": own.press.parcel(parcel)})

    done = 0
    pending: set[Future[None]] = set()
    workers = ThreadPoolExecutor(number, "press")
    try:
        for parcel in parcels:
            pending.add(workers.submit(print_one, parcel))
            if len(pending) >= number * _WAITING:
                done, pending = _collected(done, pending, progress)
        while pending:
            done, pending = _collected(done, pending, progress)
    finally:
        workers.shutdown(wait=True, cancel_futures=True)
    return done


def _collected(done: int, pending: set[Future[None]], progress: Callable[[int], None]) -> tuple[int, set[Future[None]]]:
    """Wait for the next parcels; raise what went wrong with them."""
    finished, waiting = wait(pending, return_when=FIRST_COMPLETED)
    for future in finished:
        future.result()
    progress(done + len(finished))
    return done + len(finished), waiting
