"""A prover in plain Python that has every random number in its hand, to make what no honest program makes.

Strange ballots that hold (no randomness, sums that vanish, keys that are the generator), and wrong ones of which all
holds but one thing. Nothing here is constant in time or secret.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from random import Random
from typing import Any

from tests.belenios.model import (
    ZERO,
    G,
    P,
    Point,
    Q,
    Wrong,
    add,
    compact,
    digits,
    element,
    hash_group,
    hash_of,
    point_of,
    power,
    product,
    same,
)

Draw = Callable[[], int]
"""The next random number, below the order of the group."""
Place = tuple[int, int]
"""A question and a choice of it, from 0."""


def _torsion() -> dict[int, Point]:
    """A point of each small order."""
    y = 1
    while True:
        y += 1
        try:
            eighth = power(point_of(f"{y:064x}"), Q)
        except Wrong:
            continue
        if digits(power(eighth, 4)) != digits(ZERO):
            return {order: power(eighth, 8 // order) for order in (2, 4, 8)}


TORSION = _torsion()
MINUS_ONE = f"{P - 1:064x}"
"""The point of order 2, (0, -1)."""


def drawing(seed: object) -> Draw:
    """The same numbers for the same seed."""
    random = Random(str(seed))
    return lambda: random.randrange(1, Q)


def written(challenge: int, response: int) -> dict[str, str]:
    return {"challenge": str(challenge), "response": str(response)}


@cache
def public(exponent: int) -> str:
    """The digits of g^exponent."""
    return digits(power(G, exponent))


def sign(purpose: str, secret: int, message: Any, draw: Draw) -> dict[str, str]:
    """Section "Signing"."""
    nonce = draw()
    challenge = hash_group(purpose, f"{public(secret)}|{compact(message)}", [public(nonce)])
    return written(challenge, (nonce - secret * challenge) % Q)


def signed(purpose: str, secret: int, message: Any, draw: Draw) -> dict[str, Any]:
    return {"message": message, "signature": sign(purpose, secret, message, draw)}


@dataclass(frozen=True)
class Known:
    """One branch of a disjunction: the ciphertext, the value it is said to have, and the r that made it."""

    alpha: Point
    beta: Point
    value: int
    randomness: int


def prove(
    purpose: str, message: str, y: Point, branches: Sequence[Known], true: int, draw: Draw, multiple: int = 1
) -> list[dict[str, str]]:
    """A disjunction of which the branch `true` is true; tried again until its challenge is a multiple.

    Where that branch is not true either, the proof does not hold. With a multiple of 8 a point of small order beside
    alpha or beta is not felt.
    """
    commitments, proofs = [], []
    for at, known in enumerate(branches):
        challenge, response = (0, 0) if at == true else (draw(), draw())
        proofs.append((challenge, response))
        commitments.append(add(power(G, response), power(known.alpha, challenge)))
        shifted = add(known.beta, power(G, -known.value))
        commitments.append(add(power(y, response), power(shifted, challenge)))
    drawn = sum(challenge for challenge, _ in proofs)
    while True:
        nonce = draw()
        commitments[2 * true : 2 * true + 2] = [power(G, nonce), power(y, nonce)]
        challenge = (hash_group(purpose, message, commitments) - drawn) % Q
        if challenge % multiple == 0:
            proofs[true] = challenge, (nonce - branches[true].randomness * challenge) % Q
            return [written(*proof) for proof in proofs]


@dataclass(frozen=True)
class Twist:
    """What is not as an honest program would have it, by question and choice.

    `randomness`: the r of a ciphertext. `alpha`, `beta`: a point added to it after all.
    """

    randomness: Mapping[Place, int] = field(default_factory=dict)
    alpha: Mapping[Place, Point] = field(default_factory=dict)
    beta: Mapping[Place, Point] = field(default_factory=dict)

    @cached_property
    def multiple(self) -> int:
        """What challenges must be multiples of, so that no added point is felt."""
        added = [*self.alpha.values(), *self.beta.values()]
        return next(order for order in (1, 2, 4, 8) if all(same(power(point, order), ZERO) for point in added))


def twisted(part: str, place: Place, point: Point) -> Twist:
    """One point beside one alpha or beta."""
    return Twist(alpha={place: point}) if part == "alpha" else Twist(beta={place: point})


def answer(
    question: Mapping[str, Any], values: Sequence[int], at: int, start: str, y: Point, draw: Draw, twist: Twist
) -> dict[str, Any]:
    """Section "Encrypted answers"; S0 is `start`."""
    blank, low, high = question.get("blank", False), question["min"], question["max"]
    multiple = twist.multiple
    made = []
    for number, value in enumerate(values):
        randomness = twist.randomness.get((at, number), draw())
        alpha = add(power(G, randomness), twist.alpha.get((at, number), ZERO))
        beta = add(add(power(y, randomness), power(G, value)), twist.beta.get((at, number), ZERO))
        made.append(Known(alpha, beta, value, randomness))
    choices = [{"alpha": digits(known.alpha), "beta": digits(known.beta)} for known in made]
    texts = [f"{choice['alpha']},{choice['beta']}" for choice in choices]
    context = f"{start}|{','.join(texts)}"

    def branch(known: Known, value: int) -> Known:
        return Known(known.alpha, known.beta, value, known.randomness)

    individual = [
        prove(
            "prove", f"{start}|{text}|", y, [branch(known, 0), branch(known, 1)], int(known.value == 1), draw, multiple
        )
        for known, text in zip(made, texts, strict=True)
    ]
    counted = made[blank:]
    total = Known(
        product(known.alpha for known in counted),
        product(known.beta for known in counted),
        sum(known.value for known in counted),
        sum(known.randomness for known in counted) % Q,
    )
    interval = [branch(total, value) for value in range(low, high + 1)]
    place = min(max(total.value - low, 0), high - low)
    found = {"choices": choices, "individual_proofs": individual}
    if not blank:
        message = f"{context}|{digits(total.alpha)},{digits(total.beta)}|"
        return {**found, "overall_proof": prove("prove", message, y, interval, place, draw, multiple)}
    first = made[0]
    branches = [branch(first, 1), *interval]
    overall = prove("bproof1", context, y, branches, 0 if first.value else place + 1, draw, multiple)
    pair = [branch(first, 0), branch(total, 0)]
    return {
        **found,
        "overall_proof": overall,
        "blank_proof": prove("bproof0", context, y, pair, int(first.value != 0), draw, multiple),
    }


NO_TWIST = Twist()


def seal(
    election: bytes, exponent: int, choices: Sequence[Sequence[int]], draw: Draw, twist: Twist = NO_TWIST
) -> bytes:
    """A ballot under the credential g^exponent, whatever the choices are."""
    asked, credential = json.loads(election), public(exponent)
    start, y = f"{hash_of(election)}|{credential}", element(asked["public_key"])
    answers = [
        answer(question["value"], values, at, start, y, draw, twist)
        for at, (question, values) in enumerate(zip(asked["questions"], choices, strict=True))
    ]
    message = {
        "election_uuid": asked["uuid"],
        "election_hash": hash_of(election),
        "credential": credential,
        "answers": answers,
    }
    return compact(signed("ballot", exponent, message, draw)).encode()


def resigned(ballot: bytes, exponent: int, change: Callable[[Any], object], draw: Draw) -> bytes:
    """A ballot whose message is changed in place and signed anew."""
    message = json.loads(ballot)["message"]
    change(message)
    return compact(signed("ballot", exponent, message, draw)).encode()


def single(secret: int, draw: Draw, name: str = "server") -> bytes:
    """Section "Basic trustees": the public parameters of a trustee whose decryption key is `secret`."""
    signing, decryption = draw(), draw()
    certificate = {
        "context": None,
        "verification": digits(power(G, signing)),
        "encryption": digits(power(G, decryption)),
    }
    inner = signed("verification_key", secret, {"public_key": public(secret), "name": name}, draw)
    return compact(
        {
            "cert": signed("basic-cert", signing, certificate, draw),
            "verification_key": signed("outer-verification_key", signing, inner, draw),
        }
    ).encode()
