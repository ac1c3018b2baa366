"""Changes to the roster of those who may sign."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import orjson

from suffrage.protocols.canonical import canonical
from suffrage.protocols.roster import committee_of
from tests.audit.bundles import ATTACKER, ROSTER, ROSTER_SEAL, Bundle, Original
from tests.audit.mutants import SEALS, mutant


def committees(bundle: Bundle) -> tuple[bytes, list[dict[str, Any]]]:
    """The head of the roster, and its committees as data."""
    head, *lines = bundle.lines(ROSTER)
    return head, [orjson.loads(line) for line in lines]


def first_signed(original: Original, unit: str) -> str:
    """The first protocol that the committee of a unit signs."""
    roster, election = original.made.roster, original.made.election
    committee = roster.committees[unit]
    return next(str(name) for name in original.place if committee_of(roster, election, name.unit) == committee)


@mutant()
def a_member_added(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    """More than half of them have signed still; of a replay there is then one who has not."""
    head, listed = committees(bundle)
    committee = chance.choice(listed)
    committee["members"].append({"name": "A friend", "role": "member", "key": ATTACKER.public.key})
    bundle.put(ROSTER, (head, *map(canonical, listed)))
    return (ROSTER,) if len(listed) == 1 else (SEALS,)


@mutant(replays=False)
def a_key_exchanged(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    head, listed = committees(bundle)
    committee = chance.choice(listed)
    chance.choice(committee["members"])["key"] = ATTACKER.public.key
    bundle.put(ROSTER, (head, *map(canonical, listed)))
    return (first_signed(original, committee["unit"]),)


@mutant(replays=False)
def a_committee_dropped(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    head, listed = committees(bundle)
    committee = listed.pop(chance.randrange(len(listed)))
    bundle.put(ROSTER, (head, *map(canonical, listed)))
    return (first_signed(original, committee["unit"]),)


@mutant()
def a_role_or_a_name_changed(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    head, listed = committees(bundle)
    number = chance.randrange(len(listed))
    member = chance.choice(listed[number]["members"])
    if chance.random() < 0.5:
        member["name"] += "a"
        expected = SEALS
    else:
        member["role"] = chance.choice(("king", "", ["member"], {"member": 1}, None, 5, "replayer"))
        expected = ROSTER
    bundle.put(ROSTER, (head, *map(canonical, listed)))
    return (SEALS,) if bundle.files == original.bundle.files else (expected,)


@mutant()
def a_roster_malformed(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    head, listed = committees(bundle)
    member = listed[0]["members"][0]
    match chance.randrange(9):
        case 0:
            member["key"] = chance.choice(([], {}, None, "", "00", member["key"].upper(), "z" * 64))
        case 1:
            listed[0]["unit"] = chance.choice(([], {}, None, 5, "nowhere"))
        case 2:
            listed.append(listed[0])
        case 3:
            listed[0]["members"].append(member)
        case 4:
            listed[0]["members"] = chance.choice((None, 5, {"a": 1}, [[]], ["x"]))
        case 5:
            head = canonical({**orjson.loads(head), "kind": chance.choice(("real", None, [], {}))})
        case 6:
            head = canonical({**orjson.loads(head), "election": chance.choice(("another", None, [], {}))})
        case 7:
            head = chance.choice(
                (b"", b"[]", b"{}", b"[" * 5000, b"\xff", canonical({**orjson.loads(head), "format": 1}))
            )
        case 8:
            head, listed = b"", []
    bundle.put(ROSTER, (head, *map(canonical, listed)))
    return (ROSTER,)


@mutant()
def the_signature_of_the_roster(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    """Another's, none, or one written otherwise; whoever has the root key makes it right again."""
    text = bundle.files[ROSTER_SEAL]
    theirs = ATTACKER.sign(bundle.files[ROSTER]).encode()
    bundle.files[ROSTER_SEAL] = chance.choice((theirs, b"", text.upper(), text + b"\n", text[:-2], b"\xff" * 128))
    return (SEALS,)
