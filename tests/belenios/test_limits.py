"""Numbers as large as a record allows: a clear answer or a clear error, soon, and never a crash."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from suffrage._core import BeleniosError, SealedElection, audit_archive, pedersen_certificate
from tests.belenios.forge import drawing, resigned
from tests.belenios.made import Made, Question, election, question, trustees
from tests.belenios.model import compact, hash_of

LARGEST = 2**53 - 1
"""The largest number that a record may hold."""


def hostile(made: Made, largest: int) -> Made:
    """The same election with another max, which no ballot can need."""
    text = made.text.replace(b'"max":1,', b'"max":%d,' % largest)
    assert text != made.text
    return Made(text, made.trustees, made.codes, made.weights)


@pytest.mark.parametrize("largest", [10**6, 2**32, LARGEST])
def test_a_max_that_no_ballot_needs_is_no_danger(largest: int, tmp_path: Path) -> None:
    made = election([question(2, 0, 1)], 1, trustees(1))
    other = hostile(made, largest)

    def moved(message: Any) -> None:
        message["election_hash"] = hash_of(other.text)

    ballot = resigned(made.ballot(0, [[1, 0]]), made.exponent(0), moved, drawing("moved"))
    path = tmp_path / "a.bel"
    path.write_bytes(other.open([ballot]))
    start = time.monotonic()
    assert [height for height, _ in audit_archive(path).failures] in ([0], [1])
    # A process of its own: running out of memory ends it, and cannot be caught.
    code = (
        "import sys; from suffrage._core import BeleniosError, SealedElection\n"
        "try: SealedElection(sys.stdin.buffer.read()).seal(sys.argv[1], [[1, 0]])\n"
        "except BeleniosError as error: print('refused', error)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, made.codes[0]], input=other.text, capture_output=True, check=False
    )
    assert run.stdout.startswith(b"refused"), run.stderr[-300:]
    assert made.codes[0].encode() not in run.stdout
    assert time.monotonic() - start < 20


def test_a_max_too_large_to_be_read_is_refused() -> None:
    made = election([question(2, 0, 1)], 1, trustees(1))
    for largest in (LARGEST + 1, 2**64, 10**30):
        with pytest.raises(BeleniosError):
            SealedElection(hostile(made, largest).text)


@pytest.mark.parametrize("needed", [169, 170, 171, 200, 9999])
def test_a_threshold_that_no_hash_can_fill_is_refused(needed: int) -> None:
    """A polynomial takes 48 bytes a coefficient from `expand_message`, which gives 8160 (RFC 9380, section 5.3.1)."""
    names = [str(number) for number in range(needed + 1)]
    context = {"algorithm": "AES-GCM", "group": "Ed25519", "names": names, "threshold": needed}
    try:
        pedersen_certificate(compact(context).encode(), 1)
    except BeleniosError:
        assert needed > 170
    else:
        assert needed <= 170


@pytest.mark.slow
def test_weights_that_no_register_can_hold_are_no_crash(tmp_path: Path) -> None:
    voters = 2**64 // LARGEST + 2
    made = election([question(1, 0, 1)], voters, trustees(1), [LARGEST] * voters)
    path = tmp_path / "a.bel"
    path.write_bytes(made.open([made.ballot(voter, [[1]]) for voter in range(voters)]))
    report = audit_archive(path)
    assert report.failures or report.total_weight == voters * LARGEST


def test_a_result_of_ten_thousand_million_is_found(tmp_path: Path) -> None:
    weight = 10**10 + 7
    made = election([question(2, 0, 2)], 2, trustees(1), [weight, 1])
    path = made.create(tmp_path / "a.bel", [made.ballot(0, [[1, 0]]), made.ballot(1, [[1, 1]])])
    start = time.monotonic()
    assert made.decrypt(path) == [[weight + 1, 1]]
    assert audit_archive(path).failures == []
    assert time.monotonic() - start < 20


def test_many_questions_are_read_and_judged(tmp_path: Path) -> None:
    made = election([question(1, 0, 1)], 1, trustees(1))
    start, end = made.text.index(b'{"type"'), made.text.index(b'],"uuid"')
    text = made.text[:start] + b",".join([made.text[start:end]] * 20_000) + made.text[end:]
    path, begun = tmp_path / "a.bel", time.monotonic()
    path.write_bytes(Made(text, made.trustees, made.codes, made.weights).open([made.ballot(0, [[1]])]))
    assert [height for height, _ in audit_archive(path).failures] == [1]
    assert time.monotonic() - begun < 20


def test_many_answers_are_sealed_and_judged(tmp_path: Path) -> None:
    answers = [f"Candidate {number}" for number in range(300)]
    made = election([(answers, True, 1, 300, "Which?")], 1, trustees(1))
    vote = [[0] + [number % 2 for number in range(300)]]
    path = made.create(tmp_path / "a.bel", [made.ballot(0, vote), made.ballot(0, [[1] + [0] * 300])])
    assert audit_archive(path).failures == []
    assert made.decrypt(path) == [[1] + [0] * 300]


def test_nothing_to_choose_and_nothing_to_ask() -> None:
    strange: list[list[Question]] = [[], [([], False, 0, 0, "")], [([], True, 0, 1, "")], [(["A"], False, 0, 0, "")]]
    for wrong in strange:
        with pytest.raises(BeleniosError):
            election(wrong, 1, trustees(1))
    for low, high in ((2, 1), (0, 3), (3, 3)):
        with pytest.raises(BeleniosError):
            election([question(2, low, high)], 1, trustees(1))
