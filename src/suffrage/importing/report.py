"""What an import has done: how much was written, and which rows of the sources were left unused, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from suffrage.errors import shown
from suffrage.words import grouped, plural


@dataclass(frozen=True, slots=True)
class SourceReport:
    """One source file: how many rows it has, and how many of them no section used, by reason.

    Where several sections passed a row over, the reason is that of the last. `repaired` counts the replacements in rows
    that were used, by what was replaced and by what.
    """

    file: str
    rows: int
    unused: Mapping[str, int]
    repaired: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @property
    def used(self) -> int:
        """How many rows something was made of."""
        return self.rows - sum(self.unused.values())


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What was written, from which rows. `returns` are rows of `returns.csv`, `ballots` rows of `ballots.csv`."""

    out: Path
    units: int
    contests: int
    candidates: int
    returns: int
    ballots: int
    decisions: int
    sources: tuple[SourceReport, ...]
    notes: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """The report as lines of text."""
        words = ("unit", "contest", "candidate", "return", "ballot", "decision")
        counts = (self.units, self.contests, self.candidates, self.returns, self.ballots, self.decisions)
        written = [plural(number, word) for number, word in zip(counts, words, strict=True) if number]
        lines = [f"{self.out}: {', '.join(written)}"]
        for source in self.sources:
            told = f"{plural(source.rows, 'row')}, {grouped(source.used)} used" if source.rows else "only the header"
            lines.append(f"{source.file}: {told}")
            lines += [f"  not used: {plural(number, 'row')}, {reason}" for reason, number in source.unused.items()]
            for (old, new), number in source.repaired.items():
                lines.append(f'  repaired: "{shown(old)}" is "{shown(new)}", {plural(number, "time")}')
        return lines + [f"note: {note}" for note in self.notes]
