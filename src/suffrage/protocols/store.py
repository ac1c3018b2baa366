"""The protocols of an election folder: those in force, those that were replaced, and who signed them.

`protocols/` in the folder holds `protocols.jsonl` and `replaced.jsonl` (a record a line) and `signatures.jsonl`.
Nothing signed is ever changed: a protocol that differs takes the place of the one before, which is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, TypeVar

from suffrage.election import Election
from suffrage.errors import WRONG_USE, Problem, ProtocolError
from suffrage.outputs import whole_folder
from suffrage.protocols.keys import SigningKey
from suffrage.protocols.published import Identity
from suffrage.protocols.record import Protocol, from_text
from suffrage.protocols.roster import Roster, committee_of
from suffrage.protocols.signatures import SIGNATURES, parse_signatures, signature_line

K = TypeVar("K")
V = TypeVar("V")

FOLDER = "protocols"
PROTOCOLS, REPLACED = "protocols.jsonl", "replaced.jsonl"
FILES = (PROTOCOLS, REPLACED, SIGNATURES)


@dataclass(frozen=True)
class Store:
    """Protocols in force in the order of drawing, those replaced in the order of replacing, signatures by hash."""

    in_force: Mapping[Identity, Protocol] = field(default_factory=dict)
    replaced: Sequence[Protocol] = ()
    signatures: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)

    def signed(self) -> dict[Identity, Protocol]:
        """Those in force that somebody has signed: they can only be replaced."""
        last = {p.identity: p for p in self.replaced}
        return last | {identity: p for identity, p in self.in_force.items() if self.signatures.get(p.sha256)}


def read_store(folder: Path) -> Store | None:
    """The protocols of an election folder; None where it has none. ProtocolError with file and line."""
    home = folder / FOLDER
    if not home.exists():
        return None
    try:
        with (home / SIGNATURES).open("rb") as lines:
            signatures = _each_once(parse_signatures(lines, f"{FOLDER}/{SIGNATURES}"), SIGNATURES)
        in_force = _each_once(((protocol.identity, protocol) for protocol in _read(home / PROTOCOLS)), PROTOCOLS)
        replaced = _each_once(((protocol.sha256, protocol) for protocol in _read(home / REPLACED)), REPLACED)
        return Store(in_force, tuple(replaced.values()), signatures)
    except OSError as error:
        raise ProtocolError.unreadable(str(error.filename or home), error) from None


def drawn_store(folder: Path) -> Store:
    """The protocols of an election folder; ProtocolError (exit code 2) where none have been drawn."""
    store = read_store(folder)
    if store is None:
        raise ProtocolError(
            Problem(str(folder / FOLDER), "no protocols have been drawn", expected="`suffrage protocols draw` first"),
            exit_code=WRONG_USE,
        )
    return store


def _each_once(entries: Iterable[tuple[K, V]], name: str) -> dict[K, V]:
    """Entries by their name. ProtocolError where one stands twice: nobody could tell which of the two holds."""
    found: dict[K, V] = {}
    for number, (key, value) in enumerate(entries, 1):
        if key in found:
            raise ProtocolError(Problem(f"{FOLDER}/{name}, line {number}", "stands twice", str(key), "each once"))
        found[key] = value
    return found


def _read(path: Path) -> Iterator[Protocol]:
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield from_text(line.removesuffix(b"\n"))
            except (ValueError, KeyError, TypeError, RecursionError):
                where = f"{FOLDER}/{path.name}, line {number}"
                raise ProtocolError(Problem(where, "is no protocol", expected="one record a line")) from None


def write_store(store: Store, folder: Path) -> None:
    """Write the protocols of an election folder, all of the files or none."""
    with whole_folder(folder / FOLDER, FILES) as made:
        write_files(store, made)


def write_files(store: Store, folder: Path) -> None:
    """The three files, into a folder that exists."""
    with (folder / PROTOCOLS).open("wb") as file:
        _lines(file, store.in_force.values())
    with (folder / REPLACED).open("wb") as file:
        _lines(file, store.replaced)
    with (folder / SIGNATURES).open("wb") as file:
        for protocol in (*store.in_force.values(), *store.replaced):
            file.write(signature_line(protocol.sha256, store.signatures.get(protocol.sha256, ())))


def _lines(file: BinaryIO, protocols: Iterable[Protocol]) -> None:
    for protocol in protocols:
        file.write(protocol.text + b"\n")


def redrawn(store: Store, drawn: Iterable[Protocol]) -> Store:
    """The store after a new drawing, which was made with `store.signed()` before it.

    ProtocolError where a signed protocol differs and no decision says why, or where nothing takes its place.
    """
    before = store.signed()
    in_force: dict[Identity, Protocol] = {}
    replaced = list(store.replaced)
    kept_already = {protocol.sha256 for protocol in replaced}
    problems = []
    for protocol in drawn:
        in_force[protocol.identity] = protocol
        old = before.pop(protocol.identity, None)
        if protocol.unexplained and old is not None:
            problems.append(_unexplained(old, protocol))
        elif old is not None and old.sha256 != protocol.sha256:
            if old.sha256 not in kept_already:
                replaced.append(old)
        elif old is not None and old.sha256 in kept_already:
            replaced.remove(old)
    problems += [
        Problem(str(identity), "is signed, but nothing is reported for it any more", expected="its return")
        for identity in before
    ]
    if problems:
        raise ProtocolError(problems)
    kept = {protocol.sha256 for protocol in (*in_force.values(), *replaced)}
    return Store(in_force, replaced, {sha: signed for sha, signed in store.signatures.items() if sha in kept})


def _unexplained(old: Protocol, new: Protocol) -> Problem:
    return Problem(
        str(new.identity),
        f"is signed, and a count now says otherwise ({', '.join(differing(old, new))})",
        expected="a decision about it in decisions.csv",
    )


def differing(old: Protocol, new: Protocol) -> list[str]:
    """The names of what differs between two records, figures and votes one by one."""
    before, after = flat(old.record), flat(new.record)
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


def flat(record: Mapping[str, object]) -> dict[str, object]:
    """A record with its figures and votes as entries of their own: `figures.valid`, `votes.petrov`."""
    found: dict[str, object] = {}
    for name, value in record.items():
        if name == "figures" and isinstance(value, Mapping):
            found |= {f"figures.{field}": number for field, number in value.items()}
        elif name == "votes" and isinstance(value, list) and all(isinstance(line, Mapping) for line in value):
            found |= {f"votes.{line.get('candidate')}": line for line in value}
        elif name != "replaces":
            found[name] = value
    return found


def signed_by(
    store: Store, key: SigningKey, roster: Roster, election: Election, tell: Callable[[int], None] | None = None
) -> tuple[Store, int]:
    """The store with the signatures of a key on every protocol in force of its committees, and how many are new."""
    signatures = dict(store.signatures)
    mine: dict[str, bool] = {}
    new = 0
    for identity, protocol in store.in_force.items():
        if identity.unit not in mine:
            mine[identity.unit] = key.public.key in committee_of(roster, election, identity.unit)
        before = signatures.get(protocol.sha256, ())
        if mine[identity.unit] and key.public.key not in (name for name, _ in before):
            signatures[protocol.sha256] = (*before, (key.public.key, key.sign(protocol.text)))
            new += 1
            if tell is not None and not new % 1000:
                tell(new)
    return replace(store, signatures=signatures), new


def collected(store: Store, other: Mapping[str, Sequence[tuple[str, str]]]) -> tuple[Store, int]:
    """The store with the signatures that were made of the same protocols elsewhere, and how many are new."""
    signatures = dict(store.signatures)
    new = 0
    for protocol in (*store.in_force.values(), *store.replaced):
        before = signatures.get(protocol.sha256, ())
        have = {key for key, _ in before}
        more = [(key, signed) for key, signed in dict(other.get(protocol.sha256, ())).items() if key not in have]
        if more:
            signatures[protocol.sha256] = (*before, *more)
            new += len(more)
    return replace(store, signatures=signatures), new
