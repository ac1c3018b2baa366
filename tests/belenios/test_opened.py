"""Opened ballots: what made the ciphertexts is told, and nothing else fits them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suffrage._core import (
    ArchiveWriter,
    BeleniosError,
    SealedElection,
    archive_find,
    archive_places,
    new_code,
    public_credential,
)
from tests.belenios.forge import drawing, resigned
from tests.belenios.made import Made, election, every_choice, question
from tests.belenios.model import G, Q, compact, digits, point_of, power, product

ASKED = (question(2, 0, 2, blank=True), question(3, 0, 1))
MADE = election(ASKED, voters=4)
Openings = list[list[tuple[int, str]]]


def seal(*choices: list[int], made: Made = MADE, voter: int = 0) -> tuple[bytes, Openings]:
    return made.sealed.seal_opened(made.codes[voter], list(choices))


@given(st.data())
@settings(max_examples=max(5, settings().max_examples // 10))
def test_an_opened_ballot_says_what_was_chosen(data: st.DataObject) -> None:
    choices = [data.draw(st.sampled_from(list(every_choice(item)))) for item in ASKED]
    ballot, openings = seal(*choices)
    assert MADE.sealed.check(ballot) == MADE.public[0]
    assert MADE.sealed.opened(ballot, openings) == choices


def test_the_openings_are_those_of_the_plain_arithmetic() -> None:
    """alpha = g^r and beta = y^r g^m, by big integers that know nothing of the core."""
    ballot, openings = seal([0, 1, 1], [0, 0, 1])
    key = point_of(MADE.sealed.public_key)
    for answer, row in zip(json.loads(ballot)["message"]["answers"], openings, strict=True):
        for choice, (value, randomness) in zip(answer["choices"], row, strict=True):
            assert choice["alpha"] == digits(power(G, int(randomness)))
            assert choice["beta"] == digits(product([power(key, int(randomness)), power(G, value)]))


def refused(ballot: bytes, openings: Any, made: SealedElection = MADE.sealed) -> str:
    with pytest.raises(BeleniosError) as error:
        made.opened(ballot, openings)
    said = str(error.value)
    for row in openings:
        for _, randomness in row:
            assert len(randomness) < 5 or randomness not in said
    return said


NAMES = [
    ["question 1, the blank vote", "question 1, answer 1", "question 1, answer 2"],
    ["question 2, answer 1", "question 2, answer 2", "question 2, answer 3"],
]
PLACES = [(number, at) for number, row in enumerate(NAMES) for at in range(len(row))]


@pytest.mark.parametrize(("number", "at"), PLACES)
def test_the_first_opening_that_differs_is_named(number: int, at: int) -> None:
    ballot, openings = seal([0, 1, 0], [0, 1, 0])
    value, randomness = openings[number][at]
    other = str((int(randomness) + 1) % Q)
    negative = str(-int(randomness) % Q)
    for opening, said in (
        ((1 - value, randomness), "another value"),
        ((2, randomness), "another value"),
        ((value, other), "another randomness"),
        ((value, negative), "another randomness"),
        ((value, "0"), "another randomness"),
    ):
        changed = [list(row) for row in openings]
        changed[number][at] = opening
        assert refused(ballot, changed).startswith(f"{NAMES[number][at]}: ")
        assert said in refused(ballot, changed)
    for text in (
        str(int(randomness) + Q),
        f"0{randomness}",
        f"-{randomness}",
        "",
        "x",
        "1.0",
        "\N{ARABIC-INDIC DIGIT ONE}",
    ):
        changed = [list(row) for row in openings]
        changed[number][at] = value, text
        assert refused(ballot, changed).startswith(f"question {number + 1}, ciphertext {at + 1}: ")


def test_openings_of_another_shape_or_order_are_refused() -> None:
    ballot, openings = seal([0, 1, 0], [0, 1, 0])
    first, second = openings
    for wrong in ([], [first], [second, first], [first, second, second], [first[:-1], second], [[], second],
                  [[first[1], first[0], first[2]], second], [first, [*second, second[0]]]):  # fmt: skip
        assert refused(ballot, wrong)
    _, others = seal([0, 1, 0], [0, 1, 0])
    assert "question 1, the blank vote" in refused(ballot, others)


def test_everything_that_check_checks_is_checked() -> None:
    ballot, openings = seal([0, 1, 0], [0, 1, 0])
    assert "fingerprint" in refused(ballot, openings, election(ASKED, uuid=MADE.sealed.uuid).sealed)
    exponent, draw = MADE.exponent(0), drawing("opened")

    def other_proof(message: Any) -> None:
        proof = message["answers"][1]["individual_proofs"][2][0]
        proof["response"] = str((int(proof["response"]) + 1) % Q)

    said = refused(resigned(ballot, exponent, other_proof, draw), openings)
    assert said == "question 2: choice 3: the proof that it is 0 or 1 does not hold"
    with pytest.raises(BeleniosError):
        MADE.sealed.opened(ballot + b"\n", openings)


def test_no_choice_that_is_not_allowed_is_sealed_and_no_code_is_repeated() -> None:
    code = "1111111111111111111111111"
    with pytest.raises(BeleniosError) as error:
        MADE.sealed.seal_opened(code, [[0, 0, 0], [0, 0, 0]])
    assert code not in str(error.value)
    with pytest.raises(BeleniosError):
        MADE.sealed.seal_opened(MADE.codes[0], [[1, 1, 0], [0, 0, 0]])


# What watchers look up


def test_a_ballot_is_found_by_its_bytes_and_by_its_ciphertexts(tmp_path: Path) -> None:
    ballots = [MADE.ballot(voter, [[0, 1, 0], [0, 0, 0]]) for voter in range(3)]
    path = MADE.create(tmp_path / "x.bel", ballots)
    assert [archive_find(path, ballot) for ballot in ballots] == [1, 2, 3]
    tested, _ = seal([0, 1, 0], [0, 0, 0], voter=3)
    assert archive_find(path, tested) is None
    # The same ciphertexts under another signature: other bytes, the same open secret.
    again = resigned(tested, MADE.exponent(3), lambda message: None, drawing("again"))
    assert again != tested
    assert MADE.sealed.check(again) == public_credential(MADE.sealed.uuid, MADE.codes[3])
    with ArchiveWriter.open(path) as writer:
        writer.append_ballots([again])
    assert archive_find(path, tested) == archive_find(path, again) == 4
    with pytest.raises(BeleniosError):
        archive_find(path, b"{}")
    with pytest.raises(OSError, match="none"):
        archive_find(tmp_path / "none.bel", tested)


def test_places_are_those_that_the_writer_told(tmp_path: Path) -> None:
    path = MADE.create(tmp_path / "x.bel")
    heads = []
    with ArchiveWriter.open(path) as writer:
        for voter in range(4):
            writer.append_ballots([MADE.ballot(voter, [[0, 1, 0], [0, 0, 0]])])
            heads.append((*writer.head, writer.ballots))
    last, found = archive_places(path, [4, 2, 9, 0])
    assert last == found[0] == (4, heads[3][1], "Ballot", heads[3][2], 4)
    assert found[1] == (2, heads[1][1], "Ballot", heads[1][2], 2)
    assert found[2] is None
    assert found[3] is not None
    assert (found[3][0], found[3][2], found[3][4]) == (0, "Setup", 0)
    data = path.read_bytes()
    path.write_bytes(data[: heads[3][2] - 1])
    assert archive_places(path, [])[0] == (3, heads[2][1], "Ballot", heads[2][2], 3)
    path.write_bytes(data[: heads[2][2]] + data[: heads[2][2]])
    with pytest.raises(BeleniosError):
        archive_places(path, [])
    changed = bytearray(data)
    changed[data.rindex(compact({"challenge": ""})[1:12].encode()) + 14] ^= 1
    path.write_bytes(changed)
    with pytest.raises(BeleniosError, match="hash"):
        archive_places(path, [])


def test_seal_opened_draws_anew_each_time() -> None:
    code = new_code()
    one, other = (MADE.sealed.seal_opened(code, [[0, 1, 0], [0, 0, 0]])[1] for _ in range(2))
    assert not {text for row in one for _, text in row} & {text for row in other for _, text in row}
