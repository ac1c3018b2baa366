"""Encodings of points: accepted where the plain model accepts them, wherever they stand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suffrage._core import BeleniosError, SealedElection, audit_archive, election_text
from tests.belenios.archives import Event, archive
from tests.belenios.ballot_mutants import NON_CANONICAL, OFF_THE_CURVE, SMALL
from tests.belenios.forge import TORSION, drawing, public, seal, single
from tests.belenios.made import TIMESTAMP, question
from tests.belenios.model import G, P, Q, Wrong, add, compact, digits, element, point_of, power

UUID = "44444444444444"
IDENTITY = f"{1:064x}"


def of_the_group(text: str) -> bool:
    try:
        element(text)
    except Wrong:
        return False
    return True


def as_key(text: str) -> bytes:
    return election_text(UUID, "Elements", "", [question(1, 0, 1)], "office", "authority", text)


def taken_as_key(text: str) -> bool:
    try:
        as_key(text)
    except BeleniosError:
        return False
    return True


def encodings() -> Iterator[tuple[str, str]]:
    """Every kind of encoding, with a name."""
    eighth = TORSION[8]
    for exponent in (1, 2, 3, Q - 1, Q - 2, (Q - 1) // 2, 2**200):
        yield f"g^{exponent}", digits(power(G, exponent))
        for k in range(1, 8):
            yield f"g^{exponent} and {k}/8", digits(add(power(G, exponent), power(eighth, k)))
    for k in range(8):
        yield f"{k}/8 alone", digits(power(eighth, k))
    # The nineteen numbers from the prime to 2^255, with and without the sign.
    for y in range(P, 2**255):
        yield f"y = p + {y - P}", f"{y:064x}"
        yield f"y = p + {y - P}, signed", f"{y | 1 << 255:064x}"
    for y in range(20):
        yield f"y = {y}", f"{y:064x}"
        yield f"y = {y}, signed", f"{y | 1 << 255:064x}"
        yield f"y = p - {y + 1}", f"{P - y - 1:064x}"
    yield from SMALL.items()
    yield from NON_CANONICAL.items()
    yield "off the curve", OFF_THE_CURVE
    sound = digits(power(G, 77))
    yield from {
        "upper case": sound.upper(),
        "short": sound[1:],
        "long": f"0{sound}",
        "empty": "",
        "accents": "é" * 64,
        "reversed": bytes.fromhex(sound)[::-1].hex(),
        "a quote": f'{sound[:63]}"',
    }.items()


ENCODINGS = dict(encodings())


@pytest.mark.parametrize("name", ENCODINGS)
def test_a_key_is_an_element_and_not_the_identity(name: str) -> None:
    text = ENCODINGS[name]
    expected = of_the_group(text) and text != IDENTITY
    assert taken_as_key(text) == expected
    if expected:
        assert SealedElection(as_key(text)).public_key == text
    elif len(text) == 64 and text.isascii() and '"' not in text:
        with pytest.raises(BeleniosError):
            SealedElection(as_key(public(1)).replace(public(1).encode(), text.encode()))


@pytest.mark.slow
def test_a_credential_on_the_list_is_an_element_and_not_the_identity(tmp_path: Path) -> None:
    """The list is checked by the fast program, eight at a time: each encoding alone, and in the middle of others."""
    keepers = b'[["Single",%s]]' % single(1, drawing("trustee"))
    others = [public(exponent) for exponent in range(2, 12)]
    for name, text in ENCODINGS.items():
        expected = of_the_group(text) and text != IDENTITY
        for credentials in ([text], [*others[:5], text, *others[5:]]):
            if len(set(credentials)) < len(credentials):
                continue
            listed = compact([{"credential": credential} for credential in credentials]).encode()
            path = tmp_path / "a.bel"
            path.write_bytes(archive([Event("Setup", (as_key(public(1)), keepers, listed))], TIMESTAMP))
            report = audit_archive(path)
            assert (report.failures == []) == expected, name
            assert all(height == 0 for height, _ in report.failures), name


@pytest.mark.parametrize("name", ENCODINGS)
def test_a_ciphertext_is_of_elements(name: str) -> None:
    text, draw = ENCODINGS[name], drawing("ciphertext")
    election = as_key(public(1))
    ballot = seal(election, 5, [[1]], draw)
    at = ballot.index(b'"alpha":"') + 9
    changed = ballot[:at] + text.encode() + ballot[at + 64 :]
    with pytest.raises(BeleniosError):
        SealedElection(election).check(changed)


@given(st.integers(0, 2**256 - 1))
def test_any_number_is_judged_as_the_model_does(number: int) -> None:
    text = f"{number:064x}"
    assert taken_as_key(text) == (of_the_group(text) and text != IDENTITY)


@given(st.integers(1, Q - 1), st.integers(0, 7))
def test_only_the_subgroup_is_accepted(exponent: int, k: int) -> None:
    text = digits(add(power(G, exponent), power(TORSION[8], k)))
    point_of(text)
    assert taken_as_key(text) == (k == 0)
