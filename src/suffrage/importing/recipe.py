"""A recipe in memory: which columns of which files say what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from suffrage.importing.template import Template


@dataclass(frozen=True, slots=True)
class Style:
    """How a source file is written. `delimiter` empty: the one that stands most often in the header."""

    encoding: str = "utf-8"
    delimiter: str = ""
    empty: frozenset[str] = frozenset()
    thousands: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """A column must hold one of these values for a row to be used; `negated`: none of them."""

    column: str
    values: tuple[str, ...]
    place: str
    negated: bool = False

    @property
    def broken(self) -> str:
        """Why a row is not used that does not meet the condition."""
        values = " or ".join(value or "empty" for value in self.values)
        return f"{self.column} is {'' if self.negated else 'not '}{values}"


@dataclass(frozen=True, slots=True)
class Columns:
    """A column for each candidate: those `named`, with what the recipe calls them, or all but `others`."""

    place: str
    named: Mapping[str, str] = field(default_factory=dict)
    others: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One `[[units]]`, `[[candidates]]`, `[[figures]]`, `[[votes]]` or `[[ballots]]`.

    `file` is empty where the section speaks of one constant thing. `texts` are its templates by key, `fields` the
    columns of each figure, whose numbers are added up. `add`: rows of one return are added up as well. `places` tell
    where in the recipe the file and each field are named.
    """

    kind: str
    name: str
    place: str
    file: str = ""
    where: tuple[Condition, ...] = ()
    texts: Mapping[str, Template] = field(default_factory=dict)
    columns: Columns | None = None
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    add: bool = False
    places: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ContestEntry:
    """One `[[contests]]`: of a unit, or of every unit of a kind."""

    place: str
    unit: str = ""
    each: str = ""
    id: str = ""
    name: str = ""
    chamber: str = ""
    seats: int = 1
    rules: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """What `election.toml` says of the whole election; `places` tell where the recipe says it."""

    id: str
    title: str
    law: str
    kind: str
    time_zone: str
    polling_day: date | None
    second_ballot_day: date | None
    sources: tuple[str, ...]
    places: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Recipe:
    """A whole recipe, its parameters filled in. `styles` are by file name; the one of "" is for all others."""

    name: str
    parameters: Mapping[str, str]
    head: Head
    contests: tuple[ContestEntry, ...]
    styles: Mapping[str, Style]
    repair: Mapping[str, str]
    sections: Mapping[str, tuple[Section, ...]]
    withdrawals: bool

    def style(self, file: str) -> Style:
        """How a file is written; compressed or not, it has one name."""
        return self.styles.get(file) or self.styles.get(file.removesuffix(".gz")) or self.styles[""]
