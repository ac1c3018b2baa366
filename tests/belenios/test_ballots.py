"""Sealed ballots: what is sealed holds, also for the plain witness; whatever is changed in one does not."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suffrage._core import BeleniosError, SealedElection, election_text, new_code, new_uuid, public_credential
from tests.belenios import witness
from tests.belenios.ballot_mutants import SMALL, leaves, mutants
from tests.belenios.forge import NO_TWIST, TORSION, Twist, drawing, resigned, seal, twisted
from tests.belenios.made import Question, every_choice, question
from tests.belenios.model import G, Q, Wrong, derived, digits, point_of, power

SEED = "a ballot for tests"
SECRET = derived("basic_key", SEED)


def made(*questions: Question, secret: int = SECRET, name: str = "Ballots", uuid: str | None = None) -> bytes:
    """An election under g^secret."""
    key = digits(power(G, secret))
    return election_text(uuid or new_uuid(), name, "", list(questions), "the office", "the authority", key)


@st.composite
def questions(draw: Any) -> Question:
    answers = draw(st.integers(1, 6))
    high = draw(st.integers(1, answers))
    low = draw(st.integers(0, high))
    return question(answers, low, high, draw(st.booleans()))


@st.composite
def votes(draw: Any) -> tuple[list[Question], list[list[int]]]:
    """One to three questions with a vote that they allow."""
    asked = draw(st.lists(questions(), min_size=1, max_size=3))
    return asked, [draw(st.sampled_from(list(every_choice(item)))) for item in asked]


def refused(election: SealedElection, ballot: bytes) -> bool:
    try:
        election.check(ballot)
    except BeleniosError as error:
        text = str(error)
        assert text
        assert "\n" not in text
        assert len(text) < 500, text
        return True
    return False


@given(votes())
def test_a_sealed_ballot_holds(vote: tuple[list[Question], list[list[int]]]) -> None:
    asked, choices = vote
    election, code = SealedElection(made(*asked)), new_code()
    ballot = election.seal(code, choices)
    assert election.check(ballot) == public_credential(election.uuid, code)


@settings(max_examples=max(5, settings().max_examples // 20))
@given(votes())
def test_the_witness_accepts_what_is_sealed(vote: tuple[list[Question], list[list[int]]]) -> None:
    asked, choices = vote
    text, code = made(*asked), new_code()
    election = SealedElection(text)
    ballot = election.seal(code, choices)
    checked = witness.check_ballot(text, ballot)
    assert checked.credential == election.check(ballot)


@settings(max_examples=max(5, settings().max_examples // 20))
@given(votes(), st.integers(1, 10**6))
def test_what_the_plain_prover_seals_holds(vote: tuple[list[Question], list[list[int]]], seed: int) -> None:
    asked, choices = vote
    text, draw = made(*asked), drawing(seed)
    exponent = draw()
    assert SealedElection(text).check(seal(text, exponent, choices, draw)) == digits(power(G, exponent))


@given(votes(), st.data())
def test_choices_that_are_not_allowed_are_not_sealed(
    vote: tuple[list[Question], list[list[int]]], data: st.DataObject
) -> None:
    asked, choices = vote
    at = data.draw(st.integers(0, len(asked) - 1))
    allowed = list(every_choice(asked[at]))
    wrong = data.draw(st.lists(st.integers(0, 2), max_size=8).filter(lambda row: row not in allowed))
    election, code = SealedElection(made(*asked)), new_code()
    with pytest.raises(BeleniosError) as error:
        election.seal(code, [*choices[:at], wrong, *choices[at + 1 :]])
    assert code not in str(error.value)
    assert str(wrong) not in str(error.value)


@pytest.mark.parametrize("change", ["", "short", "no-dashes", "0OIl0-000000-00000-000000", "é" * 25])
def test_what_is_no_code_is_refused_without_being_repeated(change: str) -> None:
    election = SealedElection(made(question()))
    code = change or new_code()[:-1]
    with pytest.raises(BeleniosError) as error:
        election.seal(code, [[1, 0, 0]])
    assert code not in str(error.value)


def test_two_ballots_of_one_choice_have_nothing_in_common() -> None:
    election, code = SealedElection(made(question())), new_code()
    one, other = ({text for _, text in leaves(json.loads(election.seal(code, [[1, 0, 0]])))} for _ in range(2))
    shared = {election.uuid, election.fingerprint, public_credential(election.uuid, code)}
    assert one & other == shared


# Every way of being wrong

ASKED = (question(2, 1, 2, blank=True), question(2, 0, 1))


@pytest.mark.parametrize("choices", [[[0, 1, 0], [0, 1]], [[1, 0, 0], [0, 0]]], ids=["named", "blank"])
def test_every_mutant_is_refused(choices: list[list[int]]) -> None:
    text, draw = made(*ASKED), drawing("mutants of a ballot")
    exponent, election = draw(), SealedElection(text)
    ballot = seal(text, exponent, choices, draw)
    election.check(ballot)
    found = list(mutants(ballot, exponent))
    assert len(found) > 2000
    assert [name for name, mutant in found if not refused(election, mutant)] == []


@pytest.mark.slow
def test_the_witness_refuses_every_mutant() -> None:
    text, draw = made(question(2, 1, 1)), drawing("mutants for the witness")
    exponent = draw()
    accepted = []
    for name, mutant in mutants(seal(text, exponent, [[0, 1]], draw), exponent):
        try:
            witness.check_ballot(text, mutant)
        except Wrong:
            continue
        accepted.append(name)
    assert accepted == []


def test_no_byte_can_be_another() -> None:
    text = made(question(1, 0, 1))
    election = SealedElection(text)
    ballot = election.seal(new_code(), [[1]])
    for at, byte in enumerate(ballot):
        for other in {byte ^ 1, byte ^ 0x20, byte ^ 0x80, ord("0"), ord('"')} - {byte}:
            assert refused(election, ballot[:at] + bytes([other]) + ballot[at + 1 :]), f"byte {at}: {other}"


@cache
def fixed() -> tuple[SealedElection, bytes]:
    """An election and a ballot that are the same in every run."""
    text, draw = made(question(2, 0, 1), uuid="11111111111111"), drawing("fixed")
    return SealedElection(text), seal(text, draw(), [[0, 1]], draw)


@given(st.data())
def test_no_part_can_be_cut_out_or_put_in(data: st.DataObject) -> None:
    election, ballot = fixed()
    start = data.draw(st.integers(0, len(ballot)))
    end = data.draw(st.integers(start, len(ballot)))
    new = data.draw(st.binary(max_size=6) | st.just(ballot[start:end] * 2))
    changed = ballot[:start] + new + ballot[end:]
    assert changed == ballot or refused(election, changed)


# Points of small order: every proof holds, and the ballot does not

KINDS = [(part, order) for part in ("alpha", "beta") for order in TORSION]


@pytest.mark.parametrize(("part", "order"), KINDS)
@pytest.mark.parametrize("blank", [False, True], ids=["", "blank"])
def test_a_point_of_mixed_order_is_refused(part: str, order: int, blank: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    text, draw = made(question(2, 0, 1, blank)), drawing(f"{part} {order}")
    ballot = seal(text, draw(), [[0] * blank + [0, 1]], draw, twisted(part, (0, 1), TORSION[order]))
    with pytest.raises(BeleniosError, match="prime order"):
        SealedElection(text).check(ballot)
    # Nothing but the order gives it away: a check that does not ask for it is content.
    monkeypatch.setattr(witness, "ciphertext", lambda value: (point_of(value["alpha"]), point_of(value["beta"])))
    witness.check_ballot(text, ballot)


def test_points_of_mixed_order_that_cancel_in_the_sum_are_refused() -> None:
    text, draw = made(question(2, 0, 1)), drawing("cancelling")
    twist = Twist(beta={(0, 0): TORSION[2], (0, 1): TORSION[2]})
    assert refused(SealedElection(text), seal(text, draw(), [[0, 1]], draw, twist))


def test_a_ballot_of_nobody_is_refused() -> None:
    text, draw = made(question()), drawing("nobody")
    assert refused(SealedElection(text), seal(text, 0, [[1, 0, 0]], draw))


@pytest.mark.parametrize("order", list(SMALL))
def test_a_credential_of_small_order_is_refused(order: str) -> None:
    text, draw = made(question()), drawing("small")
    ballot = seal(text, 0, [[1, 0, 0]], draw).replace(f"{1:064x}".encode(), SMALL[order].encode(), 1)
    assert refused(SealedElection(text), ballot)


# Strange, and sound

STRANGE = {
    "no randomness": Twist(randomness={(0, 0): 0, (0, 1): 0, (0, 2): 0}),
    "randomness of one": Twist(randomness={(0, 0): 1, (0, 1): 1}),
    "randomness of minus one": Twist(randomness={(0, 1): Q - 1, (0, 2): Q - 1}),
    "the same randomness everywhere": Twist(randomness={(0, 0): 77, (0, 1): 77, (0, 2): 77}),
    "sums that vanish": Twist(randomness={(0, 0): 3, (0, 1): 5, (0, 2): Q - 5}),
    "all sums vanish": Twist(randomness={(0, 0): 3, (0, 1): Q - 8, (0, 2): 5}),
    "nothing strange": NO_TWIST,
}


@pytest.mark.parametrize("secret", [1, Q - 1, 2, SECRET], ids=["y is g", "y is 1/g", "y is g^2", "y is any"])
@pytest.mark.parametrize("name", list(STRANGE))
@pytest.mark.parametrize("blank", [False, True], ids=["", "blank"])
def test_strange_ballots_hold(secret: int, name: str, blank: bool) -> None:
    text, draw = made(question(3 - blank, 1, 2, blank), secret=secret), drawing(name)
    ballot = seal(text, 1 if secret == 1 else draw(), [[0, 1, 0]], draw, STRANGE[name])
    SealedElection(text).check(ballot)


@pytest.mark.parametrize(
    "choices",
    [[[2, 0, 0]], [[0, 0, 0]], [[1, 1, 0]], [[1, 1, 1]], [[Q - 1, 1, 1]], [[2, Q - 1, 0]], [[0, 0, 5]]],
    ids=str,
)
def test_votes_that_are_not_allowed_cannot_be_proved(choices: list[list[int]]) -> None:
    text, draw = made(question(3, 1, 1)), drawing(choices)
    ballot = seal(text, draw(), choices, draw)
    assert refused(SealedElection(text), ballot)
    with pytest.raises(Wrong):
        witness.check_ballot(text, ballot)


@pytest.mark.parametrize("choices", [[[1, 1, 0]], [[1, 1, 1]], [[0, 1, 1]], [[0, 0, 0]], [[2, 0, 0]]], ids=str)
def test_blank_votes_that_are_not_allowed_cannot_be_proved(choices: list[list[int]]) -> None:
    text, draw = made(question(2, 1, 1, blank=True)), drawing(choices)
    assert refused(SealedElection(text), seal(text, draw(), choices, draw))


# What belongs elsewhere


def test_a_ballot_of_another_election_is_refused() -> None:
    uuid = new_uuid()
    here, there = made(question(), uuid=uuid), made(question(), uuid=uuid, name="Another")
    draw = drawing("elsewhere")
    exponent = draw()
    ballot, election = seal(there, exponent, [[1, 0, 0]], draw), SealedElection(here)
    assert refused(election, ballot)

    def renamed(message: Any) -> None:
        message["election_hash"] = election.fingerprint

    assert refused(election, resigned(ballot, exponent, renamed, draw))


def test_answers_of_another_voter_cannot_be_cast_again() -> None:
    text, draw = made(question()), drawing("copied")
    election, mine = SealedElection(text), draw()
    ballot = seal(text, draw(), [[1, 0, 0]], draw)

    def taken(message: Any) -> None:
        message["credential"] = digits(power(G, mine))

    assert refused(election, resigned(ballot, mine, taken, draw))


def test_answers_of_another_question_cannot_be_copied() -> None:
    text, draw = made(question(text="One"), question(text="Two")), drawing("questions")
    exponent, election = draw(), SealedElection(text)
    ballot = seal(text, exponent, [[1, 0, 0], [0, 1, 0]], draw)
    # The specification puts nothing of the question into the hashes: the answers may be exchanged by their own voter.
    exchanged = resigned(ballot, exponent, lambda message: message["answers"].reverse(), draw)
    assert election.check(exchanged) == digits(power(G, exponent))
