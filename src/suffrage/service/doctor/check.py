"""What a check found."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from suffrage.errors import SuffrageError


class Health(StrEnum):
    """How a thing is."""

    OK = "ok"
    WARNING = "warning"
    FAILS = "fails"


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, how it is, a sentence about it, and what to do where it is not well."""

    what: str
    health: Health
    says: str
    remedy: str = ""


def ok(what: str, says: str) -> Check:
    """A thing that is well."""
    return Check(what, Health.OK, says)


def warning(what: str, says: str, remedy: str) -> Check:
    """A thing that does no harm yet."""
    return Check(what, Health.WARNING, says, remedy)


def fails(what: str, says: str, remedy: str) -> Check:
    """A thing with which no poll can be held."""
    return Check(what, Health.FAILS, says, remedy)


def guarded(what: str, look: Callable[[], Iterable[Check]]) -> Iterator[Check]:
    """What a look found; where the look itself comes to grief, that is what was found."""
    try:
        yield from look()
    except SuffrageError as error:
        yield fails(what, str(error.problems[0]), "Put this right, and ask the doctor again.")
    except Exception as error:
        # Its text may hold what nobody should read.
        logging.getLogger("suffrage.service").debug("a check failed", exc_info=error)
        yield fails(what, f"cannot be looked at ({type(error).__name__}).", "Put what is above right first.")
