"""What an examination found: everything that was checked, and every record that does not hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum

from suffrage.errors import shown


class Stage(IntEnum):
    """Where a failure lies, causes before what follows from them."""

    ROOT = 1
    FILES = 2
    ARCHIVES = 3
    INPUTS = 4
    REPLACED = 5
    PROTOCOLS = 6
    SIGNATURES = 7
    CONTAINER = 8


@dataclass(frozen=True, slots=True, order=True)
class Failure:
    """One record that does not hold. `place` orders the failures of a stage; `record` names it, `reason` says why."""

    stage: Stage
    place: int
    record: str
    reason: str

    def __str__(self) -> str:
        return f"{self.record}: {self.reason}"


@dataclass(frozen=True)
class Report:
    """The result of an examination.

    `root` is the fingerprint of the key that signs the roster. `law` says whether the law in the bundle is the one
    that comes with suffrage. `checked` counts what was examined, by name.
    """

    title: str
    kind: str
    root: str
    law: str
    checked: tuple[tuple[str, int], ...]
    failures: tuple[Failure, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing was found."""
        return not self.failures


@dataclass
class Findings:
    """Failures as they are found."""

    failures: list[Failure] = field(default_factory=list)

    def add(self, stage: Stage, place: int, record: str, reason: str) -> None:
        """Note a record that does not hold; what a stranger wrote in either text is made fit to be printed."""
        self.failures.append(Failure(stage, place, shown(record, 300), shown(reason, 1000)))

    def in_order(self) -> tuple[Failure, ...]:
        """Each failure once: files before what they say, protocols in the order of drawing, then what holds them."""
        failures: dict[tuple[Stage, str, str], Failure] = {}
        for failure in sorted(self.failures):
            failures.setdefault((failure.stage, failure.record, failure.reason), failure)
        return tuple(failures.values())

    def any_in(self, stages: Iterable[Stage]) -> bool:
        """Whether something was found in one of these stages."""
        return any(failure.stage in stages for failure in self.failures)
