"""Rust checks the ballots that TypeScript seals, and TypeScript those that Rust seals; both refuse the same."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suffrage._core import BeleniosError, SealedElection, new_code, new_uuid, public_credential
from tests.belenios.ballot_mutants import mutants
from tests.belenios.forge import drawing, seal
from tests.belenios.made import Question, every_choice, question
from tests.belenios.model import G, add, digits, point_of, power
from tests.belenios.test_ballots import made
from tests.frontend.tools import Ballots, build, needs_frontend

pytestmark = needs_frontend

SOAK = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
BALLOTS = 20
"""How many are sealed in each election."""
ELECTIONS = 500 if SOAK else 4
"""With the above, 10,000 ballots each way in a soak."""
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@pytest.fixture(scope="module")
def typescript(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ballots]:
    with Ballots(build(tmp_path_factory.mktemp("tools"), "--tools")) as process:
        yield process


@st.composite
def elections(draw: Any) -> tuple[bytes, list[Question]]:
    """An election of one to three questions, with any texts."""
    asked = []
    for _ in range(draw(st.integers(1, 3))):
        answers = draw(st.lists(TEXTS, min_size=1, max_size=4))
        high = draw(st.integers(1, len(answers)))
        asked.append((answers, draw(st.booleans()), draw(st.integers(0, high)), high, draw(TEXTS)))
    return made(*asked, secret=draw(st.integers(1, 2**250)), name=draw(TEXTS)), asked


def votes(asked: list[Question], random: Random) -> Iterator[tuple[str, list[list[int]]]]:
    """Codes, each with a choice that the questions allow."""
    allowed = [list(every_choice(item)) for item in asked]
    for _ in range(BALLOTS):
        yield new_code(), [random.choice(rows) for rows in allowed]


@pytest.mark.slow
@settings(max_examples=ELECTIONS)
@given(elections(), st.randoms(use_true_random=False))
def test_rust_accepts_what_typescript_seals(
    typescript: Ballots, election: tuple[bytes, list[Question]], random: Random
) -> None:
    text, asked = election
    sealed = SealedElection(text)
    for code, choices in votes(asked, random):
        found = typescript.seal(text, code, choices)
        assert found.get("fingerprint") == sealed.fingerprint, found
        assert sealed.check(found["ballot"].encode()) == public_credential(sealed.uuid, code)


@pytest.mark.slow
@settings(max_examples=ELECTIONS)
@given(elections(), st.randoms(use_true_random=False))
def test_typescript_accepts_what_rust_seals(
    typescript: Ballots, election: tuple[bytes, list[Question]], random: Random
) -> None:
    text, asked = election
    sealed = SealedElection(text)
    for code, choices in votes(asked, random):
        assert typescript.check(text, sealed.seal(code, choices)) == public_credential(sealed.uuid, code)


def test_the_openings_open_the_ciphertexts(typescript: Ballots) -> None:
    """g^randomness is alpha, and y^randomness g^value beta, by the plain arithmetic of the tests."""
    text = made(question(2, 1, 2, blank=True), question(3, 0, 1))
    key = point_of(SealedElection(text).public_key)
    found = typescript.seal(text, new_code(), [[0, 1, 1], [0, 0, 0]])
    answers = json.loads(found["ballot"])["message"]["answers"]
    for answer, openings, values in zip(answers, found["openings"], [[0, 1, 1], [0, 0, 0]], strict=True):
        for choice, opening, value in zip(answer["choices"], openings, values, strict=True):
            assert opening["value"] == value
            randomness = int(opening["randomness"])
            assert choice["alpha"] == digits(power(G, randomness))
            assert choice["beta"] == digits(add(power(key, randomness), power(G, value)))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("asked", "choices"),
    [(question(1, 0, 1), [[1]]), (question(2, 1, 1, blank=True), [[0, 0, 1]])],
    ids=["plain", "blank allowed"],
)
def test_both_refuse_every_mutant(typescript: Ballots, asked: Question, choices: list[list[int]]) -> None:
    text, draw = made(asked), drawing("mutants for TypeScript")
    exponent, sealed = draw(), SealedElection(text)
    ballot = seal(text, exponent, choices, draw)
    assert typescript.check(text, ballot) == sealed.check(ballot)
    found = list(mutants(ballot, exponent))
    assert len(found) > 600
    for name, mutant in found:
        with pytest.raises(BeleniosError):
            sealed.check(mutant)
        assert typescript.check(text, mutant) is None, name


def test_no_byte_of_a_ballot_or_of_an_election_can_be_another(typescript: Ballots) -> None:
    text = made(question(1, 0, 1), uuid=new_uuid())
    sealed, random = SealedElection(text), Random(1)
    ballot = sealed.seal(new_code(), [[1]])
    for _ in range(100):
        at, byte = random.randrange(len(ballot)), random.randrange(256)
        changed = ballot[:at] + bytes([byte]) + ballot[at + 1 :]
        assert (typescript.check(text, changed) is None) == (changed != ballot), (at, byte)
        at = random.randrange(len(text))
        other = text[:at] + bytes([byte]) + text[at + 1 :]
        assert (typescript.check(other, ballot) is None) == (other != text), (at, byte)
