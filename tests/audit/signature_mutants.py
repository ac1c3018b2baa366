"""Changes to the signatures of protocols."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import orjson

from suffrage.protocols.canonical import canonical, sha256
from tests.audit.bundles import ATTACKER, PROTOCOLS, SIGNATURES, Bundle, Original
from tests.audit.mutants import SEALS, flipped, mutant

Line = tuple[str, list[tuple[str, str]]]


def in_force(original: Original, bundle: Bundle, chance: Random) -> tuple[list[Line], int, str, bytes]:
    """The lines of signatures; place, name and bytes of a protocol in force, which has the same place in them."""
    texts = bundle.lines(PROTOCOLS)
    place = chance.randrange(len(texts))
    lines = bundle.signatures()
    assert lines[place][0] == sha256(texts[place])
    return lines, place, original.names[place], texts[place]


@mutant()
def signed_by_an_outsider(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    """Beside the members, or in the place of one."""
    lines, place, name, text = in_force(original, bundle, chance)
    signed = lines[place][1]
    at = chance.randrange(len(signed) + 1)
    signed[at : at + chance.randrange(2)] = [(ATTACKER.public.key, ATTACKER.sign(text))]
    bundle.put_signatures(lines)
    return (name,)


@mutant(replays=False)
def signed_by_a_member_of_another_committee(
    original: Original, bundle: Bundle, chance: Random, folder: Path
) -> tuple[str, ...]:
    lines, place, name, text = in_force(original, bundle, chance)
    own = {public for public, _ in lines[place][1]}
    stranger = chance.choice([member for member in original.made.keys if member.public.key not in own])
    lines[place][1].append((stranger.public.key, stranger.sign(text)))
    bundle.put_signatures(lines)
    return (name,)


@mutant()
def signed_twice_by_one_key(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    lines, place, name, _ = in_force(original, bundle, chance)
    signed = lines[place][1]
    signed.insert(chance.randrange(len(signed) + 1), chance.choice(signed))
    bundle.put_signatures(lines)
    return (name,)


@mutant()
def signed_by_too_few(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    lines, place, name, _ = in_force(original, bundle, chance)
    signed = lines[place][1]
    kept = chance.sample(signed, chance.randrange(len(signed) // 2 + 1))
    lines[place] = (lines[place][0], kept)
    bundle.put_signatures(lines)
    return (name,)


@mutant()
def one_signature_fewer_than_there_were(
    original: Original, bundle: Bundle, chance: Random, folder: Path
) -> tuple[str, ...]:
    """More than half are left, as many as the law asks for; of a replay none is."""
    lines, place, name, _ = in_force(original, bundle, chance)
    signed = lines[place][1]
    signed.pop(chance.randrange(len(signed)))
    bundle.put_signatures(lines)
    return (name,) if not signed else (SEALS,)


@mutant()
def signatures_of_another_protocol(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    lines = bundle.signatures()
    one, two = sorted(chance.sample(range(len(original.names)), 2))
    lines[one], lines[two] = (lines[one][0], lines[two][1]), (lines[two][0], lines[one][1])
    bundle.put_signatures(lines)
    return (original.names[one],)


@mutant()
def a_bit_of_a_signature(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    lines, place, name, _ = in_force(original, bundle, chance)
    signed = lines[place][1]
    at = chance.randrange(len(signed))
    parts = [bytearray.fromhex(part) for part in signed[at]]
    part = chance.choice(parts)
    part[chance.randrange(len(part))] ^= 1 << chance.randrange(8)
    signed[at] = (parts[0].hex(), parts[1].hex())
    bundle.put_signatures(lines)
    return (name,)


@mutant()
def a_signature_written_otherwise(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    lines, place, name, _ = in_force(original, bundle, chance)
    signed = lines[place][1]
    at = chance.randrange(len(signed))
    pair = list(signed[at])
    which = chance.randrange(2)
    pair[which] = chance.choice((pair[which].upper(), pair[which] + "00", pair[which][:-2], f" {pair[which]}", "", "é"))
    signed[at] = (pair[0], pair[1])
    bundle.put_signatures(lines)
    return (name,)


@mutant()
def a_signature_of_small_order(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    """The neutral element as key or as commitment: lax libraries take such a signature for one of any text."""
    lines, place, name, _ = in_force(original, bundle, chance)
    neutral, signed = f"01{'00' * 31}", lines[place][1]
    signed[0] = chance.choice(((neutral, neutral + "00" * 32), (signed[0][0], neutral + "00" * 32)))
    bundle.put_signatures(lines)
    return (name,)


@mutant()
def a_line_of_signatures_dropped(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    lines, place, name, _ = in_force(original, bundle, chance)
    del lines[place]
    bundle.put_signatures(lines)
    return (name,)


@mutant(replays=False)
def a_replaced_protocol_unsigned(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    lines = bundle.signatures()
    place = chance.randrange(len(original.names), len(lines))
    lines[place] = (lines[place][0], [])
    bundle.put_signatures(lines)
    return ("replaced",)


@mutant()
def a_line_of_signatures_doubled(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    lines = bundle.lines(SIGNATURES)
    line = chance.choice(lines)
    lines.insert(chance.randrange(len(lines) + 1), line)
    bundle.put(SIGNATURES, lines)
    second = [number for number, found in enumerate(lines, 1) if found == line][1]
    return (f"signatures.jsonl, line {second}",)


@mutant()
def signatures_of_nothing(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    lines = bundle.signatures()
    text = b"no protocol"
    lines.insert(chance.randrange(len(lines) + 1), (sha256(text), [(ATTACKER.public.key, ATTACKER.sign(text))]))
    bundle.put_signatures(lines)
    return (f"signatures.jsonl, protocol {sha256(text)[:15]}\N{HORIZONTAL ELLIPSIS}",)


@mutant()
def a_bit_of_a_line_of_signatures(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    """It may fall into the hash, a key, a signature, or the form of the line."""
    lines = bundle.lines(SIGNATURES)
    place = chance.randrange(len(original.names))
    lines[place] = flipped(lines[place], chance)
    bundle.put(SIGNATURES, lines)
    return f"signatures.jsonl, line {place + 1}", original.names[place]


@mutant()
def a_line_of_signatures_malformed(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    lines = bundle.lines(SIGNATURES)
    place = chance.randrange(len(lines))
    value: dict[str, Any] = orjson.loads(lines[place])
    match chance.randrange(8):
        case 0:
            lines[place] = canonical({**value, "more": 1})
        case 1:
            lines[place] = canonical({**value, "protocol": None})
        case 2:
            lines[place] = canonical({**value, "signatures": {"key": "signature"}})
        case 3:
            lines[place] = canonical({**value, "signatures": [None, *value["signatures"]]})
        case 4:
            lines[place] = canonical({**value, "signatures": [{"key": 1, "signature": []}]})
        case 5:
            lines[place] = lines[place].replace(b",", b", ", 1)
        case 6:
            lines[place] = b""
        case 7:
            lines[place] = b"[" * 1500
    bundle.put(SIGNATURES, lines)
    return (f"signatures.jsonl, line {place + 1}",)


@mutant()
def signatures_in_another_order(original: Original, bundle: Bundle, chance: Random, folder: Path) -> tuple[str, ...]:
    """Their order says nothing."""
    lines = bundle.signatures()
    chance.shuffle(lines)
    bundle.put_signatures(lines)
    return (SEALS,)
