"""The units of an election as people write them: by identifier or by name."""

from __future__ import annotations

from collections.abc import Mapping

from suffrage.roll.cells import match_key
from suffrage.roll.model import Reason


class Units:
    """The units that electors may be of; None: whatever the file says is kept as it is."""

    def __init__(self, units: Mapping[str, str] | None) -> None:
        self._any = units is None
        self._said: dict[str, tuple[str, Reason | None]] = {}
        self._ids = {match_key(unit): unit for unit in units or {}}
        self._names: dict[str, str] = {}
        self._ambiguous: set[str] = set()
        for unit, name in (units or {}).items():
            key = match_key(name)
            if self._names.setdefault(key, unit) != unit:
                self._ambiguous.add(key)
        self._only = next(iter(units)) if units is not None and len(units) == 1 else ""

    def knows(self, text: str) -> bool:
        """Whether a text is a unit; nothing is where any text would do."""
        key = match_key(text)
        return key in self._ids or key in self._names

    def found(self, text: str) -> tuple[str, Reason | None]:
        """The identifier of a unit, or why there is none. Where the election has one unit, nothing need be said."""
        if self._any:
            return text, None
        if text not in self._said:
            self._said[text] = self._find(text)
        return self._said[text]

    def _find(self, text: str) -> tuple[str, Reason | None]:
        if not text:
            return self._only, None if self._only or not self._ids else Reason.NO_UNIT
        key = match_key(text)
        if key in self._ids:
            return self._ids[key], None
        if key in self._ambiguous:
            return text, Reason.AMBIGUOUS_UNIT
        if key in self._names:
            return self._names[key], None
        return text, Reason.UNKNOWN_UNIT
