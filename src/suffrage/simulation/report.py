"""What a simulation tells of itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from suffrage.words import plural


@dataclass(frozen=True, slots=True)
class ChamberReport:
    """What was laid for one chamber.

    `deputies` is the number that the law asks for, `seats` that of the districts. `note` is what the law's file says
    beside the number of seats.
    """

    id: str
    name: str
    districts: int
    deputies: int
    seats: int
    candidates: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class SimulationReport:
    """What was written. `outside_limits` precincts could not keep the size that the law, or the model, gives."""

    folder: Path
    law: str
    electors: int
    inhabitants: int
    precincts: int
    outside_limits: int
    chambers: tuple[ChamberReport, ...]
    returns: int
    files: tuple[str, ...]
    polling_day: date | None

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know, as sentences."""
        notes = []
        for chamber in self.chambers:
            if chamber.seats < chamber.deputies:
                notes.append(
                    f"{chamber.name}: {plural(chamber.seats, 'seat')} instead of {chamber.deputies}; "
                    "so few electors make no more precincts for districts."
                )
            if chamber.note:
                notes.append(f"{chamber.name}: {chamber.note}.")
        if self.outside_limits:
            size = plural(self.outside_limits, "precinct")
            notes.append(f"{size} could not keep the limits of size; the places are too small for it.")
        return tuple(notes)
