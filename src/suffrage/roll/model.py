"""An elector as a roll has them, and what became of every line of a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


@dataclass(frozen=True, slots=True)
class RollElector:
    """Somebody on the roll. `id` is their number there, `unit` the identifier of a unit, `language` a code as `en`."""

    id: str
    name: str
    email: str = ""
    address: tuple[str, ...] = ()
    unit: str = ""
    language: str = ""


class FateKind(StrEnum):
    """What became of a line.

    `continued`: it belongs to the record that begins further up, inside quotation marks. `duplicate`: another line says
    exactly this.
    """

    HEADER = "header"
    BLANK = "blank"
    CONTINUED = "continued"
    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"
    REFUSED = "refused"


class Reason(StrEnum):
    """Why a line was refused, or what a person should look at in one that was not."""

    # A line is refused.
    NO_NAME = "no-name"
    NO_UNIT = "no-unit"
    UNKNOWN_UNIT = "unknown-unit"
    AMBIGUOUS_UNIT = "ambiguous-unit"
    MALFORMED_EMAIL = "malformed-email"
    ID_TWICE = "id-twice"
    CONTROL_CHARACTERS = "control-characters"
    TOO_LONG = "too-long"
    TOO_MANY_FIELDS = "too-many-fields"
    OPEN_QUOTE = "open-quote"

    # A line is taken, and remarked on.
    NO_EMAIL = "no-email"
    SAME_EMAIL = "same-email"
    SAME_NAME = "same-name"
    FORMULA = "formula"
    DAMAGED = "damaged"
    UNKNOWN_LANGUAGE = "unknown-language"
    ID_MADE = "id-made"


_SENTENCES: Mapping[Reason, str] = {
    Reason.NO_NAME: "no name",
    Reason.NO_UNIT: "no unit, and the election has several",
    Reason.UNKNOWN_UNIT: "the election has no such unit",
    Reason.AMBIGUOUS_UNIT: "several units have this name; give the unit's identifier",
    Reason.MALFORMED_EMAIL: "this is no e-mail address",
    Reason.ID_TWICE: "this number stands on another line, with other particulars",
    Reason.CONTROL_CHARACTERS: "characters that cannot be seen, or a line break where none belongs",
    Reason.TOO_LONG: "longer than any such text can be",
    Reason.TOO_MANY_FIELDS: "more fields than the file has columns",
    Reason.OPEN_QUOTE: "a quotation mark that is not closed as it should be",
    Reason.NO_EMAIL: "no e-mail address",
    Reason.SAME_EMAIL: "somebody else has this e-mail address",
    Reason.SAME_NAME: "somebody else of this unit has this name",
    Reason.FORMULA: "looks like a formula; it is kept as text",
    Reason.DAMAGED: "a character was lost before the file came here",
    Reason.UNKNOWN_LANGUAGE: "this is none of the election's languages; the usual one is taken",
    Reason.ID_MADE: "no number was given; one was made from the line",
}


@dataclass(frozen=True, slots=True)
class Remark:
    """What is wrong with a line, or strange about it: where, and what was seen there.

    `line` or `elector` name the other one that it is about, where there is another.
    """

    reason: Reason
    field: str = ""
    seen: str = ""
    line: int = 0
    elector: str = ""

    def __str__(self) -> str:
        text = _SENTENCES[self.reason]
        if self.field:
            text = f"{self.field}: {text}"
        if self.line:
            text += f" (line {self.line})"
        elif self.elector:
            text += f" (elector {self.elector})"
        return f"{text}; seen: {self.seen}" if self.seen else text


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one line of the file, counted from 1.

    A refused line has one or more `remarks` that say why; a line that was taken may have some to decide about.
    `elector` is the number of the elector it made or changed, `fields` what it changed; `of_line` is the line that a
    continued or doubled one belongs to.
    """

    line: int
    kind: FateKind
    elector: str = ""
    of_line: int = 0
    fields: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file: its heading, if it has one, and which field it is taken for; none: it is not read."""

    heading: str
    field: str


@dataclass(frozen=True)
class Roll:
    """What a file was read as. `fates` has an entry for every line, in order.

    `electors` are those that lines were taken for, in the order of the file. `absent` are the numbers of electors of
    the earlier roll of whom the file says nothing: nobody is struck off by an import.
    `certain` is false where the encoding had to be guessed from the letters: a person should look at the names.
    """

    encoding: str
    certain: bool
    delimiter: str
    header: bool
    columns: tuple[Column, ...]
    fates: tuple[Fate, ...]
    electors: tuple[RollElector, ...]
    absent: tuple[str, ...] = ()

    @cached_property
    def counts(self) -> Mapping[FateKind, int]:
        """How many lines there are of each fate, those of none included."""
        found = Counter(fate.kind for fate in self.fates)
        return {kind: found[kind] for kind in FateKind}

    @property
    def to_decide(self) -> tuple[Fate, ...]:
        """The lines that were taken and may be somebody who is on the roll already."""
        doubts = (Reason.SAME_EMAIL, Reason.SAME_NAME)
        return tuple(
            fate
            for fate in self.fates
            if fate.kind is not FateKind.REFUSED and any(remark.reason in doubts for remark in fate.remarks)
        )
