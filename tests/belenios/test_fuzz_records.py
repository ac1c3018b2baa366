"""Damaged ballots, keys and trustees' files by the thousand: a clear error, or what the plain witness accepts too.

Chance is seeded, and the number of a case is in what a failure says. HYPOTHESIS_PROFILE=soak goes on for ten minutes.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

import pytest
from hypothesis import settings

from suffrage._core import (
    BeleniosError,
    SealedElection,
    check_partial_decryption,
    new_trustee,
    partial_decryption,
    pedersen_certificate,
    pedersen_check,
    pedersen_combine,
    pedersen_id,
    pedersen_polynomial,
    pedersen_route,
    pedersen_share,
    tally_result,
    trustee_id,
    trustees_key,
    trustees_text,
)
from tests.belenios import witness
from tests.belenios.ballot_mutants import OFF_THE_CURVE, SMALL
from tests.belenios.made import election, question, trustees
from tests.belenios.model import Q, Wrong, compact

NAMES = ["One", "Two", "Three"]
SECONDS = 600 if settings.get_current_profile_name() == "soak" else 2
TEXTS = [
    *(b"0", b"-1", b"+1", b"01", b"1e9", b"9" * 400, b'"', b"{", b"}", b"[", b"]", b"," * 9, b"[" * 5000, b"null"),
    *(b"true", b" ", b"\n", b"\0", b"\xff", b"\\", b"\\u0000", b"\\ud800", "é".encode(), b'"context":', b'"message":'),
    *(str(Q).encode(), str(Q + 1).encode(), b"f" * 64, f"{1:064x}".encode(), OFF_THE_CURVE.encode()),
    *(text.encode() for text in SMALL.values()),
]
VALUES: list[Any] = [None, True, 0, -1, 2**53, 1.5, "", "0", str(Q), [], {}, [[]], "1" * 64, f"{1:064x}", "x" * 300]


@dataclass(frozen=True)
class Files:
    """Sound files of one key ceremony and election, by name, and what is kept."""

    files: dict[str, bytes]
    seed: str
    basic_seed: str


@cache
def sound() -> Files:
    context = compact({"algorithm": "AES-GCM", "group": "Ed25519", "names": NAMES, "threshold": 2}).encode()
    made = [pedersen_certificate(context, index) for index in (1, 2, 3)]
    certificates = [certificate for _, certificate in made]
    polynomials = [pedersen_polynomial(context, certificates, seed) for seed, _ in made]
    inputs = pedersen_route(context, certificates, polynomials)
    outputs = [
        pedersen_share(context, certificates, seed, given) for (seed, _), given in zip(made, inputs, strict=True)
    ]
    parameters, shares = pedersen_combine(context, certificates, polynomials, outputs)
    basic_seed, basic = new_trustee("server")
    keepers = trustees_text([basic], [parameters])
    held = election([question(2, 0, 1)], 1, trustees(1))
    text = held.text.replace(held.sealed.public_key.encode(), trustees_key(keepers).encode())
    ballot = SealedElection(text).seal(held.codes[0], [[0, 1]])
    tally, _, _ = witness.tally(text, [ballot], held.weight_of)
    _, partial = partial_decryption(text, keepers, tally, made[0][0], shares[0])
    _, single = partial_decryption(text, keepers, tally, basic_seed, None)
    _, second = partial_decryption(text, keepers, tally, made[1][0], shares[1])
    files = {
        "election": text,
        "ballot": ballot,
        "context": context,
        "certificate": certificates[0],
        "certificate 2": certificates[1],
        "certificate 3": certificates[2],
        "polynomial": polynomials[0],
        "polynomial 2": polynomials[1],
        "polynomial 3": polynomials[2],
        "vinput": inputs[0],
        "voutput": outputs[0],
        "voutput 2": outputs[1],
        "voutput 3": outputs[2],
        "threshold": parameters,
        "dkey": shares[0],
        "pubkey": basic,
        "trustees": keepers,
        "tally": tally,
        "partial": partial,
        "single partial": single,
        "partial 2": second,
    }
    return Files(files, made[0][0], basic_seed)


def leaf(value: Any, chance: Random) -> Any:
    """Put something else somewhere into a record that was read."""
    if isinstance(value, (dict, list)) and value and chance.randrange(6):
        key = chance.choice(list(value)) if isinstance(value, dict) else chance.randrange(len(value))
        if chance.randrange(12) == 0:
            if isinstance(value, list):
                value.insert(key, deepcopy(value[key]))
            else:
                del value[key]
        else:
            value[key] = leaf(value[key], chance)
        return value
    if isinstance(value, str) and value and chance.randrange(2):
        at = chance.randrange(len(value))
        return value[:at] + chance.choice("0123456789abcdefzG") + value[at + 1 :]
    if isinstance(value, int) and chance.randrange(2):
        return value + chance.choice((-1, 1, 2))
    return deepcopy(chance.choice(VALUES))


def damaged(data: bytes, others: list[bytes], chance: Random) -> bytes:
    """One of the ways in which bytes go wrong."""
    start = chance.randrange(len(data) + 1)
    end = min(len(data), start + chance.choice((0, 1, 1, 2, 8, 64, 500)))
    match chance.randrange(7):
        case 0:
            changed = bytearray(data)
            for _ in range(chance.randrange(1, 4)):
                changed[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            return bytes(changed)
        case 1:
            return data[:start]
        case 2:
            return data[:start] + data[end:]
        case 3:
            return data[:start] + chance.choice(TEXTS) + data[end:]
        case 4:
            other = chance.choice(others)
            place = chance.randrange(len(other))
            return data[:start] + other[place : place + end - start] + data[end:]
        case 5:
            return data[:end] + data[start:end] * chance.randrange(1, 4) + data[end:]
        case _:
            value = json.loads(data)
            for _ in range(chance.randrange(1, 3)):
                value = leaf(value, chance)
            return compact(value).encode()


Use = Callable[[bytes], object]


def uses() -> dict[str, Use]:
    """What reads each file; the others are the sound ones."""
    kept, files = sound(), sound().files
    certificates = [files["certificate"], files["certificate 2"], files["certificate 3"]]
    polynomials = [files["polynomial"], files["polynomial 2"], files["polynomial 3"]]
    outputs = [files["voutput"], files["voutput 2"], files["voutput 3"]]
    partials = [(1, files["single partial"]), (2, files["partial"]), (3, files["partial 2"])]
    text, keepers, tally = files["election"], files["trustees"], files["tally"]

    def ceremony(context: bytes, certificates: list[bytes], polynomials: list[bytes]) -> object:
        pedersen_check(context, certificates)
        pedersen_polynomial(context, certificates, kept.seed)
        pedersen_route(context, certificates, polynomials)
        return pedersen_combine(context, certificates, polynomials, outputs)

    return {
        "election": SealedElection,
        "ballot": SealedElection(text).check,
        "context": lambda data: ceremony(data, certificates, polynomials),
        "certificate": lambda data: (
            pedersen_id(data),
            ceremony(files["context"], [data, *certificates[1:]], polynomials),
        ),
        "polynomial": lambda data: ceremony(files["context"], certificates, [data, *polynomials[1:]]),
        "vinput": lambda data: pedersen_share(files["context"], certificates, kept.seed, data),
        "voutput": lambda data: pedersen_combine(files["context"], certificates, polynomials, [data, *outputs[1:]]),
        "threshold": lambda data: trustees_key(trustees_text([files["pubkey"]], [data])),
        "dkey": lambda data: partial_decryption(text, keepers, tally, kept.seed, data),
        "pubkey": lambda data: (trustee_id(data), trustees_key(trustees_text([data], []))),
        "trustees": trustees_key,
        "tally": lambda data: partial_decryption(text, keepers, data, kept.basic_seed, None),
        "partial": lambda data: check_partial_decryption(text, keepers, tally, 2, data),
        "single partial": lambda data: tally_result(text, keepers, tally, 1, [(1, data), *partials[1:]]),
    }


def plainly(name: str, data: bytes) -> None:
    """The witness's verdict, where it has one; otherwise nothing but the sound bytes would do."""
    files = sound().files
    if name in ("trustees", "threshold", "pubkey"):
        witness.check_trustees(
            {"trustees": data, "threshold": b'[["Pedersen",%s]]' % data, "pubkey": b'[["Single",%s]]' % data}[name]
        )
    elif name == "ballot":
        witness.check_ballot(files["election"], data)
    elif name in ("polynomial", "voutput"):
        # What is encrypted can be judged by its recipient alone.
        assert clear(data) == clear(files[name])
        if name == "polynomial" and json.loads(data)["secrets"][0] == json.loads(files[name])["secrets"][0]:
            return
        with pytest.raises(BeleniosError):
            received(name, data)
    elif name in ("partial", "single partial", "vinput", "dkey", "certificate"):
        raise Wrong("it is not what was made")


def clear(data: bytes) -> bytes:
    """A record without what is encrypted."""
    return re.sub(rb'{"alpha":"[0-9a-f]{64}","beta":"[0-9a-f]{64}","data":"([0-9a-f]{2})*"}', b"{}", data)


def received(name: str, data: bytes) -> None:
    """The first trustee decrypts a damaged message."""
    files, seed = sound().files, sound().seed
    certificates = [files["certificate"], files["certificate 2"], files["certificate 3"]]
    if name == "polynomial":
        polynomials = [data, files["polynomial 2"], files["polynomial 3"]]
        inputs = pedersen_route(files["context"], certificates, polynomials)
        pedersen_share(files["context"], certificates, seed, inputs[0])
    else:
        polynomials = [files["polynomial"], files["polynomial 2"], files["polynomial 3"]]
        outputs = [data, files["voutput 2"], files["voutput 3"]]
        _, shares = pedersen_combine(files["context"], certificates, polynomials, outputs)
        partial_decryption(files["election"], files["trustees"], files["tally"], seed, shares[0])


KINDS = [
    *("ballot", "certificate", "context", "dkey", "election", "partial", "polynomial", "pubkey", "single partial"),
    *("tally", "threshold", "trustees", "vinput", "voutput"),
]


@pytest.mark.parametrize("name", KINDS)
def test_a_damaged_file_is_an_error(name: str) -> None:
    use, files, kept = uses()[name], sound().files, sound()
    use(files[name])
    others = list(files.values())
    started, number = time.monotonic(), 0
    while time.monotonic() - started < SECONDS / len(KINDS) or number < 20:
        number += 1
        data = damaged(files[name], others, Random(f"{name} {number}"))
        begun = time.monotonic()
        try:
            use(data)
        except BeleniosError as error:
            told = str(error)
            assert told, f"case {number}"
            assert "\n" not in told, f"case {number}"
            assert len(told) < 1000, f"case {number}"
            assert kept.seed not in told, f"case {number}"
            assert kept.basic_seed not in told, f"case {number}"
        else:
            if data != files[name]:
                plainly(name, data)
        assert time.monotonic() - begun < 10, f"case {number} took too long"


def test_every_kind_is_tried() -> None:
    assert sorted(uses()) == sorted(KINDS)


@pytest.mark.parametrize("seed", ["", "x", "0" * 44, "1" * 21, "é" * 44, "1" * 44 + "\n", "1" * 10**6])
def test_a_wrong_seed_is_refused_without_being_repeated(seed: str) -> None:
    files = sound().files
    certificates = [files["certificate"], files["certificate 2"], files["certificate 3"]]
    text, keepers, tally = files["election"], files["trustees"], files["tally"]
    for use in (
        lambda: pedersen_polynomial(files["context"], certificates, seed),
        lambda: pedersen_share(files["context"], certificates, seed, files["vinput"]),
        lambda: partial_decryption(text, keepers, tally, seed, None),
        lambda: partial_decryption(text, keepers, tally, seed, files["dkey"]),
    ):
        with pytest.raises(BeleniosError) as error:
            use()
        assert len(str(error.value)) < 500
        assert len(seed) < 21 or seed not in str(error.value)


def test_the_seed_of_another_is_refused() -> None:
    files = sound().files
    stranger, _ = new_trustee("stranger")
    for share in (None, files["dkey"]):
        with pytest.raises(BeleniosError) as error:
            partial_decryption(files["election"], files["trustees"], files["tally"], stranger, share)
        assert stranger not in str(error.value)
