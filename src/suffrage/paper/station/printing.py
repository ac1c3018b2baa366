"""Many parcels into files, on every processor, in memory that does not grow with their number."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from suffrage.election.translations import Translations
from suffrage.outputs import written
from suffrage.paper.station.parcel import Parcel
from suffrage.paper.station.press import ParcelPress
from suffrage.typeset.language import Language
from suffrage.typeset.presses import print_side_by_side

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

    def print_one(press: ParcelPress, parcel: Parcel) -> None:
        written({folder / f"{parcel.unit.id}.pdf": press.parcel(parcel)})

    return print_side_by_side(
        parcels,
        lambda: ParcelPress(language, translations),
        print_one,
        progress,
        presses=presses,
        waiting=_WAITING,
    )
