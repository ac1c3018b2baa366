"""The roster: which keys sit on which committee, signed by the root key of the central committee.

`roster.jsonl` holds canonical JSON lines: a head, then a committee a line. `roster.sig` is the root key's signature of
the whole file, in hexadecimal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from suffrage.election import Election, Kind
from suffrage.errors import Problem, ProtocolError, SuffrageError, shown
from suffrage.law import Statute
from suffrage.protocols.canonical import canonical
from suffrage.protocols.keys import PublicKey, checked_public, fingerprint
from suffrage.protocols.published import Signer
from suffrage.tables import read_table
from suffrage.words import plural

FORMAT = "suffrage-roster/1"
ROSTER, ROSTER_SIGNATURE = "roster.jsonl", "roster.sig"
ROLES = ("chair", "deputy", "secretary", "member")
REPLAYER = "replayer"


@dataclass(frozen=True)
class Roster:
    """The committees of an election. `committees` by unit; the central committee stands under the empty unit.

    `root` is the public key that signs the roster; a committee gives the signer of every public key on it.
    """

    election: str
    kind: str
    root: str
    committees: Mapping[str, Mapping[str, Signer]]

    @property
    def central(self) -> Mapping[str, Signer]:
        """The members of the central committee by public key."""
        return self.committees.get("", {})


def committee_of(roster: Roster, election: Election, unit: str) -> Mapping[str, Signer]:
    """The committee that signs for a unit: its own, or that of the nearest unit above it, at last the central one."""
    units, index = election.units, election.index
    position = index.unit.get(unit, -1)
    while position >= 0:
        found = roster.committees.get(units[position].id)
        if found is not None:
            return found
        position = int(index.parent[position])
    return roster.central


def lacking(statute: Statute, kind: str, committee: Mapping[str, Signer], keys: Sequence[str]) -> str:
    """What is missing for a protocol to be signed as the law says, in words; empty where nothing is.

    `keys` are those whose signatures hold. *All present* is read as the quorum, more than half of the members: who was
    present is told by who signed. So is a law that is silent. A replay needs its replayer.
    """
    if not committee:
        return "the roster has no committee for it"
    signed = {key for key in keys if key in committee}
    rule = statute.protocols.signed_by.known
    if kind == Kind.REPLAY or rule == "all":
        needed = len(committee)
    elif rule == "chair-and-secretary":
        roles = {committee[key].role for key in signed}
        missing = [role for role in ("chair", "secretary") if role not in roles]
        return f"the signature of the {' and the '.join(missing)} is missing" if missing else ""
    else:
        needed = len(committee) // 2 + 1
    if len(signed) >= needed:
        return ""
    return (
        f"{plural(len(signed), 'signature')} of {needed} needed (the committee has {plural(len(committee), 'member')})"
    )


def replay_roster(election: Election, replayer: PublicKey) -> bytes:
    """The roster of a replay: its replayer alone, who is the root too."""
    return roster_text(election, replayer.key, {"": [(replayer.name, REPLAYER, replayer.key)]})


def read_members(path: Path, election: Election) -> dict[str, list[tuple[str, str, str]]]:
    """The members in a table (`unit`, `role`, `name`, `key`) by unit: name, role, public key.

    An empty unit is the central committee. ProtocolError names every row that is wrong.
    """
    table = read_table(path, ProtocolError, required=("unit", "role", "name", "key"))
    problems: list[Problem] = []
    committees: dict[str, list[tuple[str, str, str]]] = {"": []}
    for row in range(len(table)):
        unit, role, name, key = (table.columns[column][row] for column in ("unit", "role", "name", "key"))
        if unit and unit not in election.index.unit:
            problems.append(Problem(table.place(row, "unit"), "unknown unit", shown(unit), "a unit, or nothing"))
        if role not in ROLES:
            problems.append(Problem(table.place(row, "role"), "unknown role", shown(role), ", ".join(ROLES)))
        if not name:
            problems.append(Problem(table.place(row, "name"), "is missing", "", "the name of the member"))
        try:
            key = checked_public(key, table.place(row, "key"))
        except ProtocolError as error:
            problems += error.problems
        members = committees.setdefault(unit, [])
        if key in (other for *_, other in members):
            problems.append(Problem(table.place(row, "key"), "a key twice on one committee", key, "one key a member"))
        members.append((name, role, key))
    if not committees[""]:
        problems.append(Problem(path.name, "no central committee", expected="members without a unit"))
    if problems:
        raise ProtocolError(problems)
    return committees


def roster_text(election: Election, root: str, committees: Mapping[str, Sequence[tuple[str, str, str]]]) -> bytes:
    """The bytes of `roster.jsonl`: committees in the order of the units, the central one first."""
    lines: list[Any] = [{"format": FORMAT, "election": election.id, "kind": election.kind.value, "root": root}]
    place = {"": -1, **election.index.unit}
    for unit in sorted(committees, key=lambda name: place[name]):
        members = [{"name": name, "role": role, "key": key} for name, role, key in committees[unit]]
        lines.append({"unit": unit, "members": members})
    return b"".join(canonical(line) + b"\n" for line in lines)


def parse_roster(data: bytes, place: str = ROSTER) -> Roster:
    """A roster as it was written. ProtocolError with the line where it is malformed."""
    committees: dict[str, dict[str, Signer]] = {}
    head: dict[str, Any] = {}
    number = 0
    try:
        for number, line in enumerate(data.splitlines(), 1):
            value = orjson.loads(line)
            if number == 1:
                head = value
                if head["format"] != FORMAT:
                    raise ValueError
                texts = head["election"], head["kind"]
                if checked_public(head["root"], place) != head["root"] or not all(type(t) is str for t in texts):
                    raise ValueError
                continue
            if type(value["unit"]) is not str or value["unit"] in committees:
                raise ValueError
            members = {m["key"]: Signer(m["name"], m["role"], fingerprint(m["key"])) for m in value["members"]}
            if len(members) != len(value["members"]) or not all(
                checked_public(public, place) == public
                and type(signer.name) is str
                and signer.role in (*ROLES, REPLAYER)
                for public, signer in members.items()
            ):
                raise ValueError
            committees[value["unit"]] = members
        return Roster(head["election"], head["kind"], head["root"], committees)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, SuffrageError):
        where = f"{place}, line {max(number, 1)}"
        raise ProtocolError(
            Problem(where, "is no line of a roster", expected=f"{FORMAT}, a committee a line")
        ) from None
