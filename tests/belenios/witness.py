"""Whole records of an election judged by `tests/belenios/model.py`: ballots, trustees, tallies, decryptions, results.

`Wrong` names the first thing that does not hold.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.belenios.model import (
    PREFIX,
    ZERO,
    G,
    Point,
    Q,
    Wrong,
    add,
    check_disjunction,
    check_signature,
    ciphertext,
    compact,
    derived,
    digits,
    element,
    fields,
    hash_group,
    hash_of,
    listed,
    negative,
    point_of,
    power,
    product,
    proof,
    read,
    same,
)

# Sections "Ballots" and "Encrypted answers"


@dataclass(frozen=True)
class Checked:
    """What the check of a ballot went through: S0, S for each question, the hash of every proof, in order."""

    credential: str
    start: str
    strings: tuple[str, ...]
    challenges: tuple[int, ...]


def check_ballot(election: bytes, ballot: bytes) -> Checked:
    asked = json.loads(election)
    message, signature = fields(read(ballot), "message", "signature")
    uuid, fingerprint, credential, answers = fields(message, "election_uuid", "election_hash", "credential", "answers")
    if (uuid, fingerprint) != (asked["uuid"], hash_of(election)) or credential == digits(ZERO):
        raise Wrong("the ballot is of another election, or of nobody")
    check_signature("ballot", credential, message, signature)
    if len(listed(answers)) != len(asked["questions"]):
        raise Wrong("not as many answers as questions")
    start, y = f"{fingerprint}|{credential}", element(asked["public_key"])
    strings, hashes = [], []
    for question, answer in zip(asked["questions"], answers, strict=True):
        rules = question["value"]
        blank, low, high = rules.get("blank", False), rules["min"], rules["max"]
        names = ["choices", "individual_proofs", "overall_proof"] + ["blank_proof"] * blank
        choices, individual, overall, *blank_proof = fields(answer, *names)
        if not len(listed(choices)) == len(listed(individual)) == len(rules["answers"]) + blank:
            raise Wrong("not as many choices as answers")
        read_choices = [ciphertext(choice) for choice in choices]
        written = [f"{choice['alpha']},{choice['beta']}" for choice in choices]
        context = f"{start}|{','.join(written)}"
        strings.append(context)
        for (alpha, beta), text, proofs in zip(read_choices, written, individual, strict=True):
            branches = [(alpha, beta, 0), (alpha, beta, 1)]
            hashes.append(check_disjunction("prove", f"{start}|{text}|", y, branches, proofs))
        alpha, beta = (product(choice[at] for choice in read_choices[blank:]) for at in (0, 1))
        interval = [(alpha, beta, value) for value in range(low, high + 1)]
        if blank:
            first = read_choices[0]
            branches = [(*first, 0), (alpha, beta, 0)]
            hashes.append(check_disjunction("bproof0", context, y, branches, blank_proof[0]))
            hashes.append(check_disjunction("bproof1", context, y, [(*first, 1), *interval], overall))
        else:
            message_of_sum = f"{context}|{digits(alpha)},{digits(beta)}|"
            hashes.append(check_disjunction("prove", message_of_sum, y, interval, overall))
    return Checked(credential, start, tuple(strings), tuple(hashes))


# Sections "Encrypted tally", "Partial decryptions" and "Election result"


def tally(election: bytes, ballots: Iterable[bytes], weights: dict[str, int]) -> tuple[bytes, int, int]:
    """The encrypted tally of the last ballot of each credential, with their number and weight."""
    last = {message["credential"]: message["answers"] for message in (json.loads(text)["message"] for text in ballots)}
    shape = [
        len(question["value"]["answers"]) + question["value"].get("blank", False)
        for question in json.loads(election)["questions"]
    ]
    sums = [[[ZERO, ZERO] for _ in range(size)] for size in shape]
    for credential, answers in last.items():
        for row, answer in zip(sums, answers, strict=True):
            for pair, choice in zip(row, answer["choices"], strict=True):
                for at, name in enumerate(("alpha", "beta")):
                    pair[at] = add(pair[at], power(point_of(choice[name]), weights[credential]))
    written = [[{"alpha": digits(pair[0]), "beta": digits(pair[1])} for pair in row] for row in sums]
    return compact(written).encode(), len(last), sum(weights[credential] for credential in last)


def check_partial(fingerprint: str, tally: Any, key: str, certificate: str, partial: bytes) -> list[list[Point]]:
    """The factors of a trustee of a verification key, signed with the key of a certificate."""
    message, signature = fields(read(partial), "message", "signature")
    check_signature("partial_decryption", certificate, message, signature)
    factors: list[list[Point]] = []
    for row, found in zip(tally, message, strict=True):
        factors.append([])
        for item, given in zip(row, found, strict=True):
            factor, read_proof = fields(given, "factor", "proof")
            challenge, response = proof(read_proof)
            first = add(power(G, response), power(element(key), challenge))
            second = add(power(element(item["alpha"]), response), power(element(factor), challenge))
            if hash_group("decrypt", f"{fingerprint}|{key}|", [first, second]) != challenge:
                raise Wrong("the proof of a decryption factor does not hold")
            factors[-1].append(element(factor))
    return factors


def lagrange(index: int, present: Sequence[int]) -> int:
    """The coefficient of a trustee of a threshold group, by its index from 1."""
    found = 1
    for other in present:
        if other != index:
            found = found * other * pow(other - index, -1, Q) % Q
    return found


def logarithm(point: Point, bound: int) -> int:
    found = ZERO
    for value in range(bound + 1):
        if same(found, point):
            return value
        found = add(found, G)
    raise Wrong(f"the logarithm is above {bound}")


# Section "Trustees"


@dataclass(frozen=True)
class Group:
    """An item of the list of trustees: `threshold` of its keys decrypt; each key with that of its certificate."""

    kind: str
    threshold: int
    keys: tuple[tuple[str, str], ...]
    key: Point


def check_verification_key(value: Any, certificate: str) -> str:
    """A verification key that its own private key and the certificate signed."""
    inner, outer = fields(value, "message", "signature")
    raw, signature = fields(inner, "message", "signature")
    check_signature("verification_key", raw["public_key"], raw, signature)
    check_signature("outer-verification_key", certificate, inner, outer)
    return str(raw["public_key"])


def check_single(value: Any) -> Group:
    certificate, key = fields(value, "cert", "verification_key")
    message, signature = fields(certificate, "message", "signature")
    context, verification, encryption = fields(message, "context", "verification", "encryption")
    if context is not None:
        raise Wrong("the certificate of a single trustee has a context")
    element(encryption)
    check_signature("basic-cert", verification, message, signature)
    public = check_verification_key(key, verification)
    return Group("Single", 1, ((public, verification),), element(public))


def check_pedersen(value: Any) -> Group:
    names = ("context", "certs", "coefexps", "signatures", "verification_keys")
    context, certificates, coefexps, signatures, keys = fields(value, *names)
    # In the archives the context stands where the specification has the threshold alone, and names the cipher.
    _, _, people, threshold = fields(context, "algorithm", "group", "names", "threshold")
    if not len(people) == len(certificates) == len(coefexps) == len(signatures) == len(keys):
        raise Wrong("not as many certificates, polynomials and keys as names")
    given = [[element(item) for item in fields(row, "coefexps")[0]] for row in coefexps]
    found = []
    for index, (certificate, row, signed, key) in enumerate(
        zip(certificates, coefexps, signatures, keys, strict=True), 1
    ):
        message, signature = fields(certificate, "message", "signature")
        own, verification, encryption = fields(message, "context", "verification", "encryption")
        element(encryption)
        if own != {"context": index, "coefexps": hash_of(compact(row))} or len(row["coefexps"]) != threshold:
            raise Wrong(f"the certificate of trustee {index} is not over the coefficients")
        full = {**message, "context": {**own, "context": {"context": context, "index": index}}}
        check_signature("pedersen-cert", verification, full, signature)
        check_signature("pedersen-certs", verification, {"context": context, "certs": certificates}, signed)
        public = check_verification_key(key, verification)
        expected = product(power(item, index**k) for points in given for k, item in enumerate(points))
        if not same(element(public), expected) or key["message"]["message"].get("name") != people[index - 1]:
            raise Wrong(f"the verification key of trustee {index} is not that of the polynomials")
        found.append((public, verification))
    return Group("Pedersen", threshold, tuple(found), product(points[0] for points in given))


def opened(purpose: str, message: Any, seed: str, sender: str) -> Any:
    """Section "Channels": a message for the trustee of a seed, decrypted, and signed with the key of the sender."""
    key = derived("derive_dk", seed)
    shared = digits(add(element(message["beta"]), negative(power(element(message["alpha"]), key))))
    # The specification has one suffix for the signature and another for the encryption; in the files both are there.
    inner = f"{purpose}-channel_msg_inner"
    outer = f"{PREFIX}{inner}-channel_msg_outer"
    cipher = AESGCM(sha256(f"{outer}-key|{shared}".encode()).digest())
    nonce = sha256(f"{outer}-iv|{message['alpha']}".encode()).digest()
    read = json.loads(cipher.decrypt(nonce, bytes.fromhex(message["data"]), None))
    check_signature(inner, sender, read["message"], read["signature"])
    if read["message"]["recipient"] != digits(power(G, key)):
        raise Wrong("the message is for another")
    return read["message"]["message"]


def check_trustees(text: bytes) -> list[Group]:
    kinds = {"Single": check_single, "Pedersen": check_pedersen}
    return [kinds[kind](value) for kind, value in read(text)]


def election_key(groups: Iterable[Group]) -> str:
    return digits(product(group.key for group in groups))


def result(
    election: bytes, trustees: bytes, tally: bytes, partials: Sequence[tuple[int, bytes]], bound: int
) -> list[list[int]]:
    """The result that partial decryptions, each by the number of its trustee from 1, give; all of them are checked."""
    written, fingerprint, given = read(tally), hash_of(election), dict(partials)
    total = [[ZERO for _ in row] for row in written]
    owner = 0
    for group in check_trustees(trustees):
        factors = {}
        for index, (key, certificate) in enumerate(group.keys, 1):
            owner += 1
            if owner in given:
                factors[index] = check_partial(fingerprint, written, key, certificate, given[owner])
        present = sorted(factors)[: group.threshold]
        if len(present) < group.threshold:
            raise Wrong("too few partial decryptions")
        for index in present:
            exponent = lagrange(index, present)
            for sums, row in zip(total, factors[index], strict=True):
                sums[:] = [add(before, power(factor, exponent)) for before, factor in zip(sums, row, strict=True)]
    return [
        [logarithm(add(element(item["beta"]), negative(factor)), bound) for item, factor in zip(row, sums, strict=True)]
        for row, sums in zip(written, total, strict=True)
    ]
