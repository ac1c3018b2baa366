"""Taking electors from the records of a roll, one after the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from suffrage.errors import shown
from suffrage.roll.cells import clean, looks_like_formula, match_key, original, was_damaged
from suffrage.roll.columns import language_code
from suffrage.roll.email import email_key, is_email
from suffrage.roll.model import Fate, FateKind, Reason, Remark, RollElector
from suffrage.roll.units import Units

_SHORTEST_ID = 4
_NAMES = ("name", "surname", "names")
_CODED = ("email", "unit", "language")
_COMPARED = ("name", "email", "address", "unit", "language")


class Taking:
    """What was taken from a file so far, and what the next record makes of it."""

    def __init__(
        self,
        fields: Sequence[str],
        units: Units,
        existing: Iterable[RollElector],
        languages: Sequence[str],
        email_spared: Collection[str] | None,
        lines: int,
    ) -> None:
        self.electors: list[RollElector] = []
        self._fields = fields
        self._units = units
        self._languages = frozenset(languages)
        # Units whose electors need no mail address; None: nobody needs one.
        self._email_spared = email_spared
        self._digits = max(_SHORTEST_ID, len(str(lines)))
        self._existing = {one.id: one for one in existing}
        # Who has a mail address, or a name in a unit: number and line (0: of the earlier roll).
        self._by_email: dict[str, tuple[str, int]] = {}
        self._by_name: dict[tuple[str, str], tuple[str, int]] = {}
        self._same: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for one in self._existing.values():
            self._by_email.setdefault(email_key(one.email), (one.id, 0))
            self._by_name.setdefault(_name_key(one), (one.id, 0))
            self._same[_name_key(one)].append(one.id)
        self._by_email.pop("", None)
        self._taken: dict[str, tuple[int, RollElector]] = {}
        self._columns = frozenset("name" if field in _NAMES else field for field in fields)

    def absent(self) -> tuple[str, ...]:
        """The electors of the earlier roll whom no line was about."""
        return tuple(one for one in self._existing if one not in self._taken)

    def fate(self, line: int, cells: Sequence[str]) -> Fate:
        """What becomes of the record that begins in a line."""
        remarks: list[Remark] = []
        refusals: list[Remark] = []
        if len(cells) > len(self._fields) and any(map(str.strip, cells[len(self._fields) :])):
            refusals.append(Remark(Reason.TOO_MANY_FIELDS, "", str(len(cells))))
        values = self._values(cells, refusals, remarks)
        one = self._elector(values, refusals, remarks)
        if refusals:
            return Fate(line, FateKind.REFUSED, one.id, remarks=tuple(refusals))
        made = not one.id
        one = self._identified(one, line)
        before = self._taken.get(one.id)
        if before is not None:
            return self._again(line, one, before)
        if made and one.id not in self._existing:
            doubled = self._doubled(one)
            if doubled is not None:
                return Fate(line, FateKind.DUPLICATE, doubled[1].id, doubled[0])
            if "id" in self._fields:
                remarks.append(Remark(Reason.ID_MADE, "id", one.id))
        return self._take(line, one, remarks)

    def _values(self, cells: Sequence[str], refusals: list[Remark], remarks: list[Remark]) -> dict[str, str]:
        values: dict[str, str] = {}
        for field, cell in zip(self._fields, cells, strict=False):
            if not field or not cell:
                continue
            text, reason = clean(cell, field)
            if reason is not None:
                refusals.append(Remark(reason, field, shown(cell)))
                continue
            if field in _CODED and not any(map(str.isalnum, text)):
                # A dash is how people leave a cell empty.
                continue
            if looks_like_formula(text):
                text = original(text)
                remarks.append(Remark(Reason.FORMULA, field, shown(text)))
            if was_damaged(text):
                remarks.append(Remark(Reason.DAMAGED, field, shown(text)))
            if text:
                between = "\n" if field == "address" else " "
                values[field] = f"{values[field]}{between}{text}" if field in values else text
        return values

    def _elector(self, values: dict[str, str], refusals: list[Remark], remarks: list[Remark]) -> RollElector:
        """The elector of a record, as far as one can be made of it."""
        # A whole name beside its parts says it as the office wants it.
        name = values.get("name") or f"{values.get('surname', '')} {values.get('names', '')}".strip()
        if not any(map(str.isalpha, name)) and not any(one.field in _NAMES for one in refusals):
            refusals.append(Remark(Reason.NO_NAME, "name", shown(name)))
        email = values.get("email", "")
        if email and not is_email(email):
            refusals.append(Remark(Reason.MALFORMED_EMAIL, "email", shown(email)))
        unit, reason = self._units.found(values.get("unit", ""))
        if not email and self._email_spared is not None and unit not in self._email_spared:
            remarks.append(Remark(Reason.NO_EMAIL, "email"))
        if reason is not None:
            refusals.append(Remark(reason, "unit", shown(values.get("unit", ""))))
        language = language_code(values.get("language", ""))
        if language and language not in self._languages:
            remarks.append(Remark(Reason.UNKNOWN_LANGUAGE, "language", shown(values["language"])))
            language = ""
        address = values.get("address", "")
        return RollElector(
            values.get("id", ""), name, email, tuple(address.split("\n")) if address else (), unit, language
        )

    def _identified(self, one: RollElector, line: int) -> RollElector:
        """An elector with a number: that of the same person on the earlier roll, or one made from the line."""
        if one.id:
            return one
        found = self._by_email.get(email_key(one.email)) if one.email else None
        if found is not None and found[1] == 0 and found[0] not in self._taken:
            return replace(one, id=found[0])
        free = [same for same in self._same.get(_name_key(one), ()) if same not in self._taken]
        if free and not (one.email and self._existing[free[0]].email):
            return replace(one, id=free[0])
        identity = plain = f"{line:0{self._digits}}"
        again = 1
        while identity in self._taken or identity in self._existing:
            again += 1
            identity = f"{plain}-{again}"
        return replace(one, id=identity)

    def _doubled(self, one: RollElector) -> tuple[int, RollElector] | None:
        """The line that says exactly the same of somebody whose mail address nobody else can have."""
        number, line = self._by_email.get(email_key(one.email), ("", 0)) if one.email else ("", 0)
        if line and replace(self._taken[number][1], id=one.id) == one:
            return self._taken[number]
        return None

    def _again(self, line: int, one: RollElector, before: tuple[int, RollElector]) -> Fate:
        if self._merged(one) == before[1]:
            return Fate(line, FateKind.DUPLICATE, one.id, before[0])
        remark = Remark(Reason.ID_TWICE, "id", shown(one.id), line=before[0])
        return Fate(line, FateKind.REFUSED, one.id, before[0], remarks=(remark,))

    def _merged(self, one: RollElector) -> RollElector:
        """An elector with what the file does not speak of as the earlier roll has it."""
        old = self._existing.get(one.id)
        if old is None:
            return one
        kept = {field: getattr(old, field) for field in _COMPARED if field not in self._columns}
        if "unit" not in self._columns and not old.unit:
            kept.pop("unit", None)
        return replace(one, **kept)

    def _take(self, line: int, one: RollElector, remarks: list[Remark]) -> Fate:
        old = self._existing.get(one.id)
        one = self._merged(one)
        key = _name_key(one)
        changed = () if old is None else tuple(f for f in _COMPARED if getattr(old, f) != getattr(one, f))
        if old is None or changed:
            remarks += self._doubts(one, key, changed if old is not None else _COMPARED)
        self._taken[one.id] = line, one
        self.electors.append(one)
        if one.email:
            _note(self._by_email, email_key(one.email), one.id, line)
        _note(self._by_name, key, one.id, line)
        kind = FateKind.ADDED if old is None else FateKind.CHANGED if changed else FateKind.UNCHANGED
        return Fate(line, kind, one.id, fields=changed, remarks=tuple(remarks))

    def _doubts(self, one: RollElector, key: tuple[str, str], changed: Sequence[str]) -> list[Remark]:
        """Who else has the same mail address, or the same name in the same unit."""
        found = []
        if one.email and "email" in changed:
            other = self._by_email.get(email_key(one.email))
            if other is not None and other[0] != one.id:
                found.append(Remark(Reason.SAME_EMAIL, "email", one.email, other[1], other[0]))
        if "name" in changed or "unit" in changed:
            other = self._by_name.get(key)
            if other is not None and other[0] != one.id:
                found.append(Remark(Reason.SAME_NAME, "name", shown(one.name), other[1], other[0]))
        return found


_K = TypeVar("_K")


def _note(known: dict[_K, tuple[str, int]], key: _K, number: str, line: int) -> None:
    """The first line that has something is the one that later ones are held against."""
    if key not in known or known[key][1] == 0:
        known[key] = number, line


def _name_key(one: RollElector) -> tuple[str, str]:
    return match_key(one.name), one.unit
