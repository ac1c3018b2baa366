"""Everything that can be wrong with a sealed ballot, one thing at a time.

`mutants` takes a sound ballot with the exponent of its credential. Where the fault lies in what is signed, it is there
twice: under the old signature, and signed anew by the voter, so that nothing but the fault itself can give it away.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from tests.belenios.forge import TORSION, resigned
from tests.belenios.model import G, P, Q, Wrong, add, compact, digits, negative, point_of

Path = tuple[str | int, ...]
NONCE = 20_260_101
"""The nonce of every signature: two of them betray the exponent, which is nobody's, and save minutes."""
NON_CANONICAL = {
    "identity, y not reduced": f"{P + 1:064x}",
    "identity with the sign of x": f"{1 | 1 << 255:064x}",
    "y = -1 with the sign of x": f"{P - 1 | 1 << 255:064x}",
    "y = 0, not reduced": f"{P:064x}",
    "y = 18, not reduced": f"{P + 18:064x}",
    "all ones": "f" * 64,
}
"""Spellings that are not the one of their point."""


def off_the_curve() -> str:
    """A y that no point has."""
    y = 2
    while True:
        try:
            point_of(f"{y:064x}")
        except Wrong:
            return f"{y:064x}"
        y += 1


SMALL = {f"of order {order}": digits(point) for order, point in TORSION.items()}
OFF_THE_CURVE = off_the_curve()


def scalars(text: str) -> Iterator[tuple[str, Any]]:
    """What may not stand for a scalar, and other scalars."""
    number = int(text)
    yield "plus one", str((number + 1) % Q)
    yield "negated", str(-number % Q)
    yield "zero", "0"
    yield "not reduced", str(number + Q)
    yield "not reduced, in 256 bits", str(number + 15 * Q)
    yield "negative", str(number - Q)
    yield "minus", f"-{text}"
    yield "plus sign", f"+{text}"
    yield "leading zero", f"0{text}"
    yield "leading zeros", f"{text:0>80}"
    yield "space", f" {text}"
    yield "fraction", f"{text}.0"
    yield "exponent", f"{text}e0"
    yield "hexadecimal", f"{number:x}"
    yield "underscore", f"{text[:2]}_{text[2:]}"
    yield "other digits", text.translate({ord("0") + at: 0x660 + at for at in range(10)})
    yield "no digits", ""
    yield "a number of JSON", number
    yield "null", None
    yield "many digits", "9" * 5000


def elements(text: str) -> Iterator[tuple[str, Any]]:
    """What may not stand for an element, and other elements."""
    point = point_of(text)
    yield "next element", digits(add(point, G))
    yield "inverse", digits(negative(point))
    yield "other sign", f"{int(text, 16) ^ 1 << 255:064x}"
    yield "identity", f"{1:064x}"
    yield "generator", digits(G)
    yield "not on the curve", OFF_THE_CURVE
    for order, small in TORSION.items():
        yield f"of mixed order, {order}", digits(add(point, small))
    yield from SMALL.items()
    yield from NON_CANONICAL.items()
    yield "upper case", text.upper()
    yield "digit less", text[1:]
    yield "digit more", f"0{text}"
    yield "prefix", f"0x{text[2:]}"
    yield "space", f" {text[1:]}"
    yield "other byte order", bytes.fromhex(text)[::-1].hex()
    yield "no digits", ""
    yield "null", None
    yield "a list", [text]


def hashes(text: str) -> Iterator[tuple[str, Any]]:
    yield "other hash", f"{int(text, 16) ^ 1:064x}"
    yield "upper case", text.upper()
    yield "digit less", text[1:]
    yield "digit more", f"0{text}"
    yield "null", None


def identifiers(text: str) -> Iterator[tuple[str, Any]]:
    yield "other identifier", text[::-1] if text[::-1] != text else f"{text}1"
    yield "longer", f"{text}1"
    yield "shorter", text[:-1]
    yield "none", ""
    yield "no Base58", f"{text[:-1]}0"


KINDS: dict[str, Callable[[str], Iterator[tuple[str, Any]]]] = {
    "challenge": scalars,
    "response": scalars,
    "alpha": elements,
    "beta": elements,
    "credential": elements,
    "election_hash": hashes,
    "election_uuid": identifiers,
}


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """The texts of a record, with where they stand."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from leaves(item, (*path, name))
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from leaves(item, (*path, at))
    else:
        yield path, value


def at(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value


def put(value: Any, path: Path, new: Any) -> None:
    at(value, path[:-1])[path[-1]] = new


Change = Callable[[Any], object]
"""Changes a record in place."""
TWO = [{"challenge": "1", "response": "1"}] * 2


def fields(message: Any) -> Iterator[tuple[str, Change]]:
    """Each field of what is signed, with each thing that may not stand there."""
    for path, text in leaves(message):
        for name, new in KINDS[str(path[-1])](text):
            if new != text:
                yield f"{'.'.join(map(str, path))}: {name}", putting(path, new)


def putting(path: Path, new: Any) -> Change:
    return lambda value: put(value, path, new)


def within(path: Path, change: Change) -> Change:
    return lambda value: change(at(value, path))


def swapped(one: Path, other: Path) -> Change:
    def change(value: Any) -> None:
        first, second = at(value, one), at(value, other)
        put(value, one, second)
        put(value, other, first)

    return change


def shapes(message: Any) -> Iterator[tuple[str, Change]]:
    """Lists that are too long, too short or out of order; fields that are missing, many or in another order."""
    lists: list[Path] = [("answers",)]
    for number, answer in enumerate(message["answers"]):
        here: Path = ("answers", number)
        lists += [(*here, name) for name in answer]
        lists += [(*here, "individual_proofs", choice) for choice in range(len(answer["choices"]))]
        yield f"answer {number}: no blank_proof", within(here, lambda item: item.pop("blank_proof"))
        if "blank_proof" not in answer:
            yield f"answer {number}: a blank_proof", within(here, lambda item: item.update(blank_proof=TWO))
        yield f"answer {number}: null", putting(here, None)
        yield f"answer {number}: nothing", putting(here, {})
    for path in lists:
        items, name = at(message, path), ".".join(map(str, path))
        yield f"{name}: empty", putting(path, [])
        yield f"{name}: null", putting(path, None)
        yield f"{name}: one less", within(path, lambda item: item.pop())
        yield f"{name}: the first twice", within(path, lambda item: item.append(item[0]))
        yield f"{name}: one deeper", putting(path, [items])
        if len(items) > 1 and items[0] != items[1]:
            yield f"{name}: swapped", swapped((*path, 0), (*path, 1))
            yield f"{name}: copied", putting((*path, 1), items[0])
    first: Path = ("answers", 0)
    pairs: list[tuple[str, Path, Path]] = [
        ("alpha and beta", (*first, "choices", 0, "alpha"), (*first, "choices", 0, "beta")),
        (
            "challenge and response",
            (*first, "individual_proofs", 0, 0, "challenge"),
            (*first, "individual_proofs", 0, 0, "response"),
        ),
        ("a proof of a choice and one of the sum", (*first, "individual_proofs", 0, 0), (*first, "overall_proof", 0)),
    ]
    for name, one, other in pairs:
        yield f"exchanged: {name}", swapped(one, other)


def texts(ballot: bytes) -> Iterator[tuple[str, bytes]]:
    """Other ways to write the same ballot, and what is no ballot at all."""
    value = json.loads(ballot)
    yield "spaces", json.dumps(value).encode()
    yield "indented", json.dumps(value, indent=1).encode()
    yield "sorted fields", json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
    for name in ("message", "signature", "election_uuid", "credential", "answers", "choices", "alpha", "challenge"):
        mark = f'"{name}":'.encode()
        start = ballot.index(mark)
        yield f"escaped name {name}", ballot.replace(mark, f'"\\u{ord(name[0]):04x}{name[1:]}":'.encode(), 1)
        yield f"space after {name}", ballot.replace(mark, mark + b" ", 1)
        yield f"other name for {name}", ballot.replace(mark, f'"{name.upper()}":'.encode(), 1)
        _, end = json.JSONDecoder().raw_decode(ballot.decode(), start + len(mark))
        yield f"{name} twice", ballot[:end] + b"," + ballot[start:end] + ballot[end:]
        yield f"more after {name}", ballot[:end] + b',"more":1' + ballot[end:]
        rest = ballot[end + 1 :] if ballot[end : end + 1] == b"," else ballot[end:]
        yield f"no {name}", ballot[:start] + rest
    digit = str(value["signature"]["challenge"])[0]
    escaped = f'"challenge":"\\u{ord(digit):04x}'.encode()
    yield "escaped digit", ballot.replace(f'"challenge":"{digit}'.encode(), escaped, 1)
    for name, before, after in (
        ("byte order mark", b"\xef\xbb\xbf", b""),
        ("space before", b" ", b""),
        ("line end", b"", b"\n"),
        ("space after", b"", b" "),
        ("NUL", b"", b"\0"),
        ("brace", b"", b"}"),
        ("comma", b"", b","),
        ("twice", b"", ballot),
        ("in a list", b"[", b"]"),
    ):
        yield name, before + ballot + after
    for length in (0, 1, 10, len(ballot) // 2, len(ballot) - 1):
        yield f"first {length} bytes", ballot[:length]
    for text in (b"null", b"{}", b"[]", b"0", b'""', b"\xff\xfe", b'{"message":{},"signature":{}}'):
        yield f"other text {text!r}", text


def signatures(ballot: bytes) -> Iterator[tuple[str, bytes]]:
    """The signature with each thing that may not stand there."""
    value = json.loads(ballot)
    for name in ("challenge", "response"):
        for what, new in scalars(value["signature"][name]):
            changed = {**value, "signature": {**value["signature"], name: new}}
            if changed != value:
                yield f"signature.{name}: {what}", compact(changed).encode()
    yield "no signature", compact({**value, "signature": None}).encode()


def mutants(ballot: bytes, exponent: int) -> Iterator[tuple[str, bytes]]:
    """Every one of them, with its name. Sound ones are not among them."""
    yield from texts(ballot)
    yield from signatures(ballot)
    for name, change in (*fields(json.loads(ballot)["message"]), *shapes(json.loads(ballot)["message"])):
        value = json.loads(ballot)
        try:
            change(value["message"])
        except (KeyError, IndexError):
            continue
        if value == json.loads(ballot):
            continue
        yield name, compact(value).encode()
        yield f"{name} (signed anew)", resigned(ballot, exponent, change, lambda: NONCE)
