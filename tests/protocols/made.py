"""Made-up elections with committees, keys and protocols: drawn in memory, or a folder whole with its bundle.

`published` gives a folder that is drawn, signed and bundled. The keys are made of their names alone, so that every run
has the same; they are secret to nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from suffrage.count import ElectionCount, count
from suffrage.count.folder import count_folder
from suffrage.election import Candidate, Contest, Decision, Election, Kind, Unit, write_folder
from suffrage.law import built_in, statute_text
from suffrage.protocols.bundle import write_bundle
from suffrage.protocols.draw import draw
from suffrage.protocols.keys import SigningKey
from suffrage.protocols.published import Identity, Level
from suffrage.protocols.record import Protocol
from suffrage.protocols.roster import ROSTER, ROSTER_SIGNATURE, Roster, parse_roster, replay_roster, roster_text
from suffrage.protocols.statements import Statements, read_statements
from suffrage.protocols.store import FOLDER, Store, read_store, redrawn, signed_by, write_store
from suffrage.returns import Return
from suffrage.tables import table_text
from tests.elections import POLLING_DAY, SECOND_DAY, batches, sound

FIELDS = ("registered", "took_part", "invalid", "valid", "all_struck")
UNION, NATIONS = "union", "nationalities"


@cache
def key(name: str) -> SigningKey:
    """The key of a name: always the same one."""
    return SigningKey(name, Ed25519PrivateKey.from_private_bytes(secret(name)))


def secret(name: str) -> bytes:
    """The secret half of `key`."""
    return sha256(b"a key for tests: " + name.encode()).digest()


def holds(public: str, signature: str, data: bytes) -> bool:
    """Whether a signature in hexadecimal is that of a public key over some bytes."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(signature), data)
    except Exception:
        return False
    return True


# The republic: two chambers that share their precincts

UNITS = (
    Unit("land", "The land", "country"),
    Unit("north", "North", "region", "land"),
    Unit("south", "South", "region", "land"),
    Unit("d1", "First district", "district", "north"),
    Unit("d2", "Second district", "district", "north"),
    Unit("d3", "Third district", "district", "south"),
    Unit("town", "The town", "town", "d1"),
    Unit("p1", "Precinct 1", "precinct", "town", ("hills",)),
    Unit("p2", "Precinct 2", "precinct", "town", ("hills",)),
    Unit("p3", "Precinct 3", "precinct", "d1", ("hills",)),
    Unit("p4", "Precinct 4", "precinct", "d2", ("hills",)),
    Unit("p5", "Precinct 5", "precinct", "d2", ("hills",)),
    Unit("hills", "The hills", "nation", "land"),
)
CONTESTS = (
    Contest("d1", "d1", "First district", UNION),
    Contest("d2", "d2", "Second district", UNION),
    Contest("d3", "d3", "Third district", UNION),
    Contest("hills", "hills", "The hills", NATIONS),
)


def republic(law: str = "ussr-1937", kind: Kind = Kind.DEMO, decisions: Iterable[Decision] = ()) -> Election:
    """Two regions, three districts, five precincts (two of them in a town), and a nation of the precincts.

    `d1` elects A, `d2` has a second ballot of A and B, `d3` reports itself, `hills` is of the other chamber.
    """
    people = [
        Candidate(contest.id, f"{contest.id}-{name.lower()}", number, name, "Anna")
        for contest in CONTESTS
        for number, name in enumerate("ABC", 1)
    ]
    return Election(
        id="republic",
        title="Election of a republic",
        law=law,
        kind=kind,
        units=UNITS,
        contests=CONTESTS,
        candidates=tuple(people),
        decisions=tuple(decisions),
        polling_day=POLLING_DAY,
        second_ballot_day=SECOND_DAY,
        time_zone="Europe/Kyiv",
        language="uk",
    )


def of(unit: str, contest: str, *votes: int, ballot: int = 1, **more: int) -> Return:
    """A return of the republic that adds up, with the votes of A, B and C."""
    names = {f"{contest}-{name}": number for name, number in zip("abc", votes, strict=False)}
    return sound(names, unit, contest, ballot, **more)


RETURNS = (
    of("p1", "d1", 40, 10, 3, struck=2, invalid=1, absent=5),
    of("p2", "d1", 35, 12, 4, absent=3),
    of("p3", "d1", 50, 0, 0, invalid=2, absent=1),
    of("p4", "d2", 20, 19, 8, struck=1, absent=2),
    of("p5", "d2", 18, 20, 9, invalid=1),
    of("d3", "d3", 90, 4, 1, absent=9),
    *(of(f"p{n}", "hills", 30, 10 + n, n, struck=1, invalid=1, absent=n) for n in range(1, 6)),
)
SECOND = (of("p4", "d2", 30, 18, ballot=2, absent=2), of("p5", "d2", 25, 22, ballot=2, absent=1))
EVERY = (*RETURNS, *SECOND)

COMMITTEES = {
    "": ("chair", "secretary", "member"),
    "north": ("chair", "deputy", "secretary"),
    "d1": ("chair", "secretary", "member"),
    "p1": ("chair", "secretary", "member", "member"),
    "p4": ("chair", "secretary"),
}
"""The roles of the committees of the republic by unit; the other units are served by the nearest above them."""


def without(returns: Iterable[Return], *units: str, ballot: int = 0, contest: str = "") -> tuple[Return, ...]:
    """The returns but for those of some units (in one ballot or contest, where it is named)."""
    return tuple(
        item
        for item in returns
        if not (item.unit in units and ballot in (0, item.ballot) and contest in ("", item.contest))
    )


def changed(returns: Iterable[Return], unit: str, contest: str, ballot: int = 1, **figures: int) -> tuple[Return, ...]:
    """The returns, with some figures and votes (`a`, `b`, `c`) of one of them put otherwise."""
    found = []
    for item in returns:
        if (item.unit, item.contest, item.ballot) == (unit, contest, ballot):
            votes = {f"{contest}-{name}": figures[name] for name in "abc" if name in figures}
            given = {name: figure for name, figure in figures.items() if name not in ("a", "b", "c")}
            item = replace(item, figures={**item.figures, **given}, votes={**item.votes, **votes})
        found.append(item)
    return tuple(found)


# In memory


def counted(election: Election, returns: Sequence[Return], size: int = 1000) -> ElectionCount:
    """The count with every return kept by itself."""
    law = built_in(election.law)
    return count(election, law, batches(election, returns, size), own=law, every_return=True)


def drawn(
    election: Election,
    returns: Sequence[Return],
    before: Mapping[Identity, Protocol] | None = None,
    statements: Statements | None = None,
) -> list[Protocol]:
    """The protocols of some returns under the election's built-in law."""
    return list(draw(counted(election, returns), statute_text(election.law), statements, before))


def again(store: Store, election: Election, returns: Sequence[Return], statements: Statements | None = None) -> Store:
    """The store after another drawing."""
    return redrawn(store, drawn(election, returns, store.signed(), statements))


def signed_store(election: Election, returns: Sequence[Return], store: Store | None = None) -> Store:
    """Everything drawn (again, over a store) and signed by one key that sits on every committee."""
    return all_signed(again(store or Store(), election, returns), election)


def all_signed(store: Store, election: Election) -> Store:
    """Every protocol in force signed by one key."""
    return signed_by(store, key("everywhere"), roster(election, {"": [("member", key("everywhere"))]}), election)[0]


def at(store: Store, level: str, unit: str = "", contest: str = "", chamber: str = UNION, ballot: int = 1) -> Protocol:
    """The protocol in force of a name; the contest of a district is that of its own id if none is named."""
    if level == "district":
        contest = contest or unit
    return store.in_force[Identity(Level(level), unit, contest, chamber, ballot)]


def named(protocols: Iterable[Protocol]) -> list[tuple[str, str, str, int]]:
    """Level, unit, contest (or chamber) and ballot of protocols."""
    made = [protocol.identity for protocol in protocols]
    return [(item.level.value, item.unit, item.contest or item.chamber, item.ballot) for item in made]


# Committees


def members_of(committees: Mapping[str, Sequence[str]] = COMMITTEES) -> dict[str, list[tuple[str, SigningKey]]]:
    """A member with a role and a key for every role of every committee."""
    return {
        unit: [(role, key(f"{role} {place} of {unit or 'the centre'}")) for place, role in enumerate(roles, 1)]
        for unit, roles in committees.items()
    }


def roster_bytes(election: Election, members: Mapping[str, Sequence[tuple[str, SigningKey]]]) -> bytes:
    """`roster.jsonl`, with the root key of `key("root")`."""
    listed = {
        unit: [(member.public.name, role, member.public.key) for role, member in committee]
        for unit, committee in members.items()
    }
    return roster_text(election, key("root").public.key, listed)


def roster(election: Election, members: Mapping[str, Sequence[tuple[str, SigningKey]]] | None = None) -> Roster:
    """The roster of `members_of`, or of others."""
    return parse_roster(roster_bytes(election, members_of() if members is None else members))


def sign_all(store: Store, roster: Roster, election: Election, keys: Iterable[SigningKey]) -> Store:
    """The store with the signatures of every key."""
    for member in keys:
        store, _ = signed_by(store, member, roster, election)
    return store


# Folders


@dataclass(frozen=True)
class Made:
    """An election folder that is drawn, signed and bundled. `members` by unit; a replay has its replayer alone."""

    folder: Path
    bundle: Path
    election: Election
    law: bytes
    root: SigningKey
    roster: Roster
    members: Mapping[str, Sequence[tuple[str, SigningKey]]]
    store: Store

    @property
    def keys(self) -> list[SigningKey]:
        """The keys of all members, those of the central committee first."""
        return [member for committee in self.members.values() for _, member in committee]


def write_returns(folder: Path, election: Election, returns: Iterable[Return]) -> None:
    """`returns.csv`, a row a return, the candidates by their numbers."""
    numbers = {(person.contest, person.id): str(person.number) for person in election.candidates}
    heads = sorted(set(numbers.values()), key=int)
    header = ["unit", "contest", "ballot", *FIELDS, *heads]
    rows: list[list[Any]] = []
    for item in returns:
        votes = {numbers[item.contest, name]: figure for name, figure in item.votes.items()}
        figures = [item.figures.get(name) for name in FIELDS]
        rows.append([item.unit, item.contest, item.ballot, *figures, *(votes.get(head) for head in heads)])
    (folder / "returns.csv").write_text(table_text(header, rows), "utf-8")


def write_election(folder: Path, election: Election, returns: Iterable[Return]) -> Path:
    """An election folder with its returns."""
    folder.mkdir(parents=True, exist_ok=True)
    write_folder(election, folder)
    write_returns(folder, election, returns)
    return folder


def write_roster(folder: Path, election: Election, members: Mapping[str, Sequence[tuple[str, SigningKey]]]) -> Roster:
    """`roster.jsonl` and `roster.sig` of an election folder; of a replay that of its root key alone."""
    if election.kind is Kind.REPLAY:
        data = replay_roster(election, key("root").public)
    else:
        data = roster_bytes(election, members)
    (folder / ROSTER).write_bytes(data)
    (folder / ROSTER_SIGNATURE).write_text(key("root").sign(data), "ascii")
    return parse_roster(data)


def redraw_folder(folder: Path) -> Store:
    """Draw the protocols of a folder into it, over those that it has; the same as `suffrage protocols draw`."""
    counted = count_folder(folder, every_return=True)
    election = counted.election
    store = read_store(folder) or Store()
    law, statements = statute_text(election.law, folder), read_statements(folder, election)
    store = redrawn(store, draw(counted, law, statements, store.signed()))
    write_store(store, folder)
    return store


def bundled(folder: Path, path: Path, election: Election) -> Path:
    """The bundle of a folder that has its roster and its protocols, signed with `key("root")`."""
    law = statute_text(election.law, folder)
    sealed = (folder / ROSTER).read_bytes(), (folder / ROSTER_SIGNATURE).read_text("ascii")
    write_bundle(path, election, folder, law, sealed, folder / FOLDER, key("root"))
    return path


def published(
    folder: Path,
    election: Election | None = None,
    returns: Sequence[Return] = EVERY,
    committees: Mapping[str, Sequence[str]] = COMMITTEES,
    statements: str = "",
) -> Made:
    """Write an election (the republic, if none is given), draw and sign its protocols, and bundle it all.

    Of kind `replay` its replayer, the root key, signs alone; otherwise every member of every committee. The folder is
    `folder/election`, the bundle `folder/bundle.zip`; `statements` is the text of `statements.csv`.
    """
    election = republic() if election is None else election
    home = write_election(folder / "election", election, returns)
    if statements:
        (home / "statements.csv").write_text(statements, "utf-8")
    replay = election.kind is Kind.REPLAY
    members = {"": [("replayer", key("root"))]} if replay else members_of(committees)
    roster = write_roster(home, election, members)
    store = redraw_folder(home)
    store = sign_all(store, roster, election, (member for group in members.values() for _, member in group))
    write_store(store, home)
    bundle = bundled(home, folder / "bundle.zip", election)
    law = statute_text(election.law, home)
    return Made(home, bundle, election, law, key("root"), roster, members, store)
