"""The outcome of a contest: a pure function of its totals and its law, with the reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class OutcomeKind(StrEnum):
    """What a ballot leads to."""

    ELECTED = "elected"
    SECOND_BALLOT = "second ballot"
    NEW_ELECTION = "new election"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the reasoning: the rule that was applied, to what figures, and what it gave.

    `rule` is the path in the statute. `figures` are whole numbers by name: what was counted (`votes`, `base`), the
    least number that would have been enough (`needed`), by how much it was missed (`short`). `text` says the same in
    a sentence.
    """

    rule: str
    holds: bool
    text: str
    article: str = ""
    certainty: str = ""
    candidates: tuple[str, ...] = ()
    figures: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one ballot of a contest leads to.

    `elected` and `finalists` are candidate ids, most votes first. `seats_left` is how many seats are not filled. `by`
    is the last day of the second ballot or new election, where the polling day is known; `follows` names the kind of
    new election. `missing` says what an undecided contest waits for. `certain`: returns are still out, and whatever
    they bring, the kind and the names cannot change.
    """

    kind: OutcomeKind
    elected: tuple[str, ...] = ()
    finalists: tuple[str, ...] = ()
    seats_left: int = 0
    by: date | None = None
    follows: str = ""
    missing: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    certain: bool = False

    @property
    def reasoning(self) -> str:
        """The reasoning as sentences."""
        return " ".join(step.text for step in self.steps)
