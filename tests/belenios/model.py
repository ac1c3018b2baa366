"""The group, the hashes and the proofs of the Belenios specification 4.0 in plain Python: big integers and `hashlib`.

Nothing of the Rust core is in here: with `tests/belenios/witness.py` it is what the fast programs are held against.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import reduce
from hashlib import sha256
from typing import Any

P = 2**255 - 19
"""The field of the curve."""
Q = 2**252 + 27742317777372353535851937790883648493
"""The order of the group."""
D = -121665 * pow(121666, -1, P) % P
PREFIX = "BELENIOS-V2-"

Point = tuple[int, int, int, int]
"""X, Y, Z, T with x = X/Z, y = Y/Z, x y = T/Z."""
ZERO: Point = (0, 1, 1, 0)


class Wrong(Exception):
    """Something that does not hold."""


# Section "Ed25519"


def add(a: Point, b: Point) -> Point:
    """The complete addition law of -x^2 + y^2 = 1 + d x^2 y^2."""
    left, right = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    twice, double = 2 * D * a[3] * b[3] % P, 2 * a[2] * b[2] % P
    e, f, g, h = right - left, double - twice, double + twice, right + left
    return e * f % P, g * h % P, f * g % P, e * h % P


def negative(a: Point) -> Point:
    return (-a[0] % P, a[1], a[2], -a[3] % P)


def power(a: Point, exponent: int) -> Point:
    """The exponent is not reduced: points may be of any order."""
    if exponent < 0:
        return power(negative(a), -exponent)
    found = ZERO
    for bit in bin(exponent)[2:]:
        found = add(found, found)
        if bit == "1":
            found = add(found, a)
    return found


def product(points: Iterable[Point]) -> Point:
    return reduce(add, points, ZERO)


def same(a: Point, b: Point) -> bool:
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


def digits(a: Point) -> str:
    """The 64 hexadecimal digits of z = y + (x mod 2) 2^255."""
    inverse = pow(a[2], -1, P)
    x, y = a[0] * inverse % P, a[1] * inverse % P
    return f"{y | (x & 1) << 255:064x}"


def point_of(text: object) -> Point:
    """Any point of the curve, from its only spelling."""
    if not isinstance(text, str) or len(text) != 64 or set(text) - set("0123456789abcdef"):
        raise Wrong(f"{text!r} is not 64 digits")
    sign, y = divmod(int(text, 16), 2**255)
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        raise Wrong(f"{text} is no point")
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def element(text: object) -> Point:
    """A point of the subgroup of prime order."""
    point = point_of(text)
    if not same(power(point, Q), ZERO):
        raise Wrong(f"{text} is not of prime order")
    return point


G = element(f"{4 * pow(5, -1, P) % P:064x}")


# Section "Auxiliary functions", RFC 9380 sections 5.2 and 5.3.1


def expand_message(tag: bytes, message: bytes, length: int) -> bytes:
    tag += bytes([len(tag)])
    first = sha256(bytes(64) + message + length.to_bytes(2, "big") + b"\0" + tag).digest()
    block, made, number = bytes(32), b"", 0
    while len(made) < length:
        number += 1
        block = sha256(bytes(a ^ b for a, b in zip(first, block, strict=True)) + bytes([number]) + tag).digest()
        made += block
    return made[:length]


def hash_to_field(tag: str, message: str, count: int = 1) -> list[int]:
    data = expand_message(tag.encode(), message.encode(), 48 * count)
    return [int.from_bytes(data[at : at + 48], "big") % Q for at in range(0, len(data), 48)]


def hash_group(purpose: str, message: str, elements: Iterable[Point | str] = ()) -> int:
    written = ",".join(item if isinstance(item, str) else digits(item) for item in elements)
    return hash_to_field(f"{PREFIX}{purpose}-group_hash-Ed25519-SHA256", message + written)[0]


def derived(purpose: str, message: str) -> int:
    """A secret exponent: `derive_credential`, `derive_sk`, `derive_dk`."""
    return hash_to_field(f"{PREFIX}{purpose}-SHA256", message)[0]


def hash_of(text: bytes | str) -> str:
    return sha256(text.encode() if isinstance(text, str) else text).hexdigest()


# Records


def compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def read(text: bytes) -> Any:
    """A record that is written in the one way."""
    try:
        value = json.loads(text)
        if compact(value).encode() == text:
            return value
    except (ValueError, RecursionError):
        pass
    raise Wrong("the record is not compact JSON")


def fields(value: Any, *names: str) -> list[Any]:
    if not isinstance(value, dict) or list(value) != list(names):
        raise Wrong(f"{compact(value)[:60]} does not have the fields {', '.join(names)}")
    return list(value.values())


def listed(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise Wrong(f"{compact(value)[:60]} is no list")
    return value


def scalar(text: Any) -> int:
    plain = isinstance(text, str) and len(text) < 100 and text.isascii() and text.isdigit()
    if not plain or str(int(text)) != text:
        raise Wrong(f"{text!r} is no number")
    if int(text) >= Q:
        raise Wrong(f"{text} is not reduced")
    return int(text)


def proof(value: Any) -> tuple[int, int]:
    challenge, response = fields(value, "challenge", "response")
    return scalar(challenge), scalar(response)


def ciphertext(value: Any) -> tuple[Point, Point]:
    alpha, beta = fields(value, "alpha", "beta")
    return element(alpha), element(beta)


# Sections "Signing" and "Proofs of interval membership"


def check_signature(purpose: str, key: str, message: Any, signature: Any) -> None:
    challenge, response = proof(signature)
    commitment = add(power(G, response), power(element(key), challenge))
    if hash_group(purpose, f"{key}|{compact(message)}", [commitment]) != challenge:
        raise Wrong(f"the signature for {purpose} does not hold")


Branch = tuple[Point, Point, int]
"""alpha, beta, and the value that they are said to encrypt."""


def check_disjunction(purpose: str, message: str, y: Point, branches: Sequence[Branch], proofs: Any) -> int:
    """Whether one of the branches is true; gives the hash."""
    read = [proof(item) for item in listed(proofs)]
    if len(read) != len(branches):
        raise Wrong(f"{len(read)} proofs for {len(branches)} branches")
    commitments = []
    for (alpha, beta, value), (challenge, response) in zip(branches, read, strict=True):
        shifted = add(beta, power(G, -value))
        commitments.append(add(power(G, response), power(alpha, challenge)))
        commitments.append(add(power(y, response), power(shifted, challenge)))
    due = hash_group(purpose, message, commitments)
    if due != sum(challenge for challenge, _ in read) % Q:
        raise Wrong(f"the proof for {purpose} does not hold")
    return due
