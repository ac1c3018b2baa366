"""What a mutation is: one change to a bundle, and the names of which a right examination gives one first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from suffrage.errors import shown
from suffrage.protocols.record import Record
from tests.audit.bundles import MANIFEST, ROSTER, ROSTER_SEAL, SEAL, Bundle, Original, Seal

Place = tuple[Original, Bundle, Random, Path]
"""What a change may use: the original, the bundle to be changed, chance, and an empty folder."""

SEALS = "what holds the bundle together"
"""The name to expect where nothing but the hashes and signatures of the manifest and the roster can tell a change."""

Change = Callable[[Original, Bundle, Random, Path], tuple[str, ...]]
"""Changes a bundle. Gives the names that the first failure may have once the manifest knows the change."""


@dataclass(frozen=True)
class Mutant:
    """A kind of change. `replays`: it can be made to the bundle of a replay too."""

    name: str
    change: Change
    replays: bool = True


MUTANTS: list[Mutant] = []


def mutant(replays: bool = True) -> Callable[[Change], Change]:
    """Enter a change into the list of all."""

    def entered(change: Change) -> Change:
        MUTANTS.append(Mutant(change.__name__, change, replays))
        return change

    return entered


def is_named(record: str, expected: str) -> bool:
    """Whether a failure is about what was to be named: itself, or a line or cell of it."""
    return record == expected or record.startswith((f"{expected} (", f"{expected}, line ")) or f"({expected})" in record


def expected_first(original: Original, changed: Bundle, seal: Seal, names: tuple[str, ...]) -> tuple[str, ...]:
    """What the first failure must be about; empty where the bundle holds in itself."""
    before, after = original.bundle.files, changed.files
    touched = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    if seal is Seal.LEFT:
        inputs = tuple(
            shown(name) for name in touched if not name.startswith("protocols/") and name not in (MANIFEST, SEAL)
        )
        return inputs or names_but_seals(names) or tuple(touched)
    if seal is Seal.LISTED and {ROSTER, ROSTER_SEAL} & set(touched):
        return (ROSTER, ROSTER_SEAL, *names)
    if seal is Seal.LISTED and not names_but_seals(names):
        return (MANIFEST,)
    # What the root key signed anew may hold now.
    return () if SEALS in names else names


def names_but_seals(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names of records among those to expect."""
    return tuple(name for name in names if name != SEALS)


def flipped(data: bytes, chance: Random) -> bytes:
    """The bytes with one bit of one of them turned, no line broken."""
    while True:
        place, bit = chance.randrange(len(data)), 1 << chance.randrange(8)
        if b"\n" not in (bytes([data[place]]), bytes([data[place] ^ bit])):
            return data[:place] + bytes([data[place] ^ bit]) + data[place + 1 :]


def some_record(original: Original, chance: Random, *keys: str) -> tuple[int, Record]:
    """Any protocol that has something under the keys."""
    records = original.bundle.records()
    place = chance.choice([n for n, record in enumerate(records) if all(record.get(key) for key in keys)])
    return place, records[place]


def other(value: Any, chance: Random) -> Any:
    """Another value of the same kind."""
    match value:
        case bool():
            return not value
        case int():
            return value + chance.choice((-3, -1, 1, 2, 1000))
        case str():
            return value + chance.choice(("x", " ", "\N{LATIN SMALL LETTER E WITH ACUTE}"))
        case None:
            return "somebody"
        case list():
            return [*value, *(value[-1:] or ["x"])]
        case _:
            return {**value, "x": 1}
