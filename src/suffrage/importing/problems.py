"""Mistakes are gathered and raised together, so that a recipe is put right in one go."""

from __future__ import annotations

from collections.abc import Iterable

from suffrage.errors import DOES_NOT_HOLD, WRONG_USE, ImportingError, Problem, shown

LIMIT = 20
"""After so many problems nothing more is read."""


class Problems:
    """Problems that were found so far; each once."""

    def __init__(self) -> None:
        self._found: dict[Problem, None] = {}
        self._unreadable = False

    def __len__(self) -> int:
        return len(self._found)

    @property
    def full(self) -> bool:
        """Whether there are enough of them to stop."""
        return len(self._found) >= LIMIT

    def add(self, place: str, message: str, seen: object = "", expected: str = "", *, unreadable: bool = False) -> None:
        """Keep a problem. `unreadable`: wrong use, or a file that cannot be read at all (exit code 2)."""
        self._unreadable |= unreadable
        if not self.full:
            self._found[Problem(place, message, shown(seen), expected)] = None

    def raise_any(self) -> None:
        """Raise ImportingError if there is a problem."""
        if self._found:
            raise ImportingError(self._found, exit_code=WRONG_USE if self._unreadable else DOES_NOT_HOLD)


def listed(names: Iterable[str], limit: int = 12) -> str:
    """The first names of a collection, for what an error expected."""
    texts = list(names)
    more = f" and {len(texts) - limit} more" if len(texts) > limit else ""
    return ", ".join(texts[:limit]) + more
