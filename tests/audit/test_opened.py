"""What the booth saves of a ballot that was tested: checked whole, told in words, and never one that was cast."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from suffrage._core import ArchiveWriter
from suffrage.audit.opened import hold_against_archive, hold_against_election, opened_ballot, read_election, read_opened
from suffrage.belenios.fingerprint import Fingerprint
from suffrage.errors import WRONG_USE, AuditError, BeleniosError
from tests.belenios.forge import drawing, resigned
from tests.belenios.made import Made, election, question

ASKED = (question(3, 0, 2, blank=True, text="Whom?"), question(2, 0, 1, text="And whom?"))
MADE = election(ASKED, voters=3)


def saved(*choices: list[int], made: Made = MADE, voter: int = 0) -> dict[str, Any]:
    """What the booth saves."""
    ballot, openings = made.sealed.seal_opened(made.codes[voter], list(choices))
    rows = [[{"value": value, "randomness": randomness} for value, randomness in row] for row in openings]
    return {
        "format": "suffrage-opened-ballot/1",
        "election": made.text.decode(),
        "ballot": ballot.decode(),
        "openings": rows,
    }


def read(value: object) -> Any:
    return opened_ballot(json.dumps(value).encode(), "tested.json")


def refused(value: object) -> str:
    with pytest.raises(AuditError) as error:
        read(value)
    assert error.value.exit_code == 1
    [problem] = error.value.problems
    assert problem.place.startswith("tested.json")
    return str(problem)


def test_a_ballot_in_words() -> None:
    found = read(saved([0, 1, 0, 1], [0, 0]))
    assert (found.election.uuid, found.credential) == (MADE.sealed.uuid, MADE.public[0])
    assert found.tracking_number == Fingerprint.of(found.ballot)
    first, second = found.answers
    assert (first.chosen, first.others, first.blank) == (("Ada", "Cleo"), ("Bob",), False)
    assert (second.chosen, second.others, second.blank) == ((), ("Ada", "Bob"), False)
    blank, one = read(saved([1, 0, 0, 0], [0, 1])).answers
    assert (blank.chosen, blank.blank) == ((), True)
    assert (one.chosen, one.blank) == (("Bob",), False)


def test_names_that_are_alike_are_told_apart() -> None:
    made = election(((["Ada", "Ada", "Bob", " "], False, 0, 2, "Whom?"),))
    [answered] = read(saved([0, 1, 0, 1], made=made)).answers
    assert answered.chosen == ("Ada (no. 2)", "(no. 4)")
    assert answered.others == ("Ada (no. 1)", "Bob")


Change = Callable[[dict[str, Any]], object]

CHANGES: dict[str, tuple[Change, str]] = {
    "another format": (lambda v: v.update(format="suffrage-opened-ballot/2"), "tested.json, format: "),
    "no format": (lambda v: v.pop("format"), "seen: no format"),
    "an unknown field": (lambda v: v.update(note=""), "unknown field; seen: note"),
    "no ballot": (lambda v: v.pop("ballot"), "tested.json, ballot: is of another kind; seen: NoneType"),
    "another election": (lambda v: v.update(election=v["election"] + " "), "tested.json, election: "),
    "an election that is data": (lambda v: v.update(election=json.loads(v["election"])), "seen: dict"),
    "a ballot with a break": (lambda v: v.update(ballot=v["ballot"] + "\n"), "tested.json, ballot: "),
    "no openings": (lambda v: v.pop("openings"), "tested.json, openings: is of another kind"),
    "openings that are no lists": (lambda v: v.update(openings=[{}, {}]), "openings: is of another kind"),
    "an opening that is none": (lambda v: v["openings"][0].__setitem__(2, "0"), "question 1, ciphertext 3: is no"),
    "an opening with more": (lambda v: v["openings"][1][1].update(x=1), "question 2, ciphertext 2: is no opening"),
    "a truth value": (lambda v: v["openings"][0][0].update(value=False), "ciphertext 1, value: is none; seen: False"),
    "a value of two": (lambda v: v["openings"][0][0].update(value=2), "value: is none; seen: 2; expected: 0 or 1"),
    "a value as text": (lambda v: v["openings"][0][0].update(value="0"), "value: is none"),
    "a randomness as number": (lambda v: v["openings"][0][0].update(randomness=1), "randomness: is no number"),
    "a randomness in other digits": (lambda v: v["openings"][0][0].update(randomness="\u0661"), "is no number"),
    "a randomness not reduced": (lambda v: v["openings"][0][0].update(randomness="9" * 76), "is no scalar"),
    "another value": (lambda v: v["openings"][0][1].update(value=0), "question 1, answer 1: the ciphertext holds"),
    "another blank": (lambda v: v["openings"][0][0].update(value=1), "question 1, the blank vote: the ciphertext"),
    "another randomness": (
        lambda v: v["openings"][1][1].update(randomness="7"),
        "question 2, answer 2: the ciphertext",
    ),
    "questions exchanged": (lambda v: v["openings"].reverse(), "openings: question 1: 2 openings (expected: 4"),
    "a question without": (lambda v: v["openings"].pop(), "openings of 1 questions (expected: 2)"),
}


@pytest.mark.parametrize("name", list(CHANGES))
def test_whatever_is_changed_is_named_with_its_place(name: str) -> None:
    value = saved([0, 1, 0, 1], [0, 1])
    secrets = [opening["randomness"] for row in value["openings"] for opening in row]
    change, said = CHANGES[name]
    change(value)
    text = refused(value)
    assert said in text
    assert not any(secret in text for secret in secrets)


def test_a_ballot_that_lies_about_the_choice_is_found_out() -> None:
    """The booth seals Bob and says that it is Ada: it has no openings for that, whichever it shows."""
    honest, lying = saved([0, 1, 0, 0], [0, 0]), saved([0, 0, 1, 0], [0, 0])
    assert read(honest).answers[0].chosen == ("Ada",)
    assert "question 1, the blank vote" in refused({**lying, "openings": honest["openings"]})
    for at, value in ((1, 1), (2, 0)):
        lying["openings"][0][at]["value"] = value
    assert "question 1, answer 1: the ciphertext holds another value" in refused(lying)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"null", b"\xff", b'"x"', b"[" * 5000])
def test_what_is_no_such_file_is_refused(data: bytes) -> None:
    with pytest.raises(AuditError, match=r"^tested\.json") as error:
        opened_ballot(data, "tested.json")
    assert error.value.exit_code == 1


def test_what_cannot_be_read_is_wrong_use(tmp_path: Path) -> None:
    found = read(saved([0, 1, 0, 0], [0, 0]))
    (tmp_path / "text").write_text("no election")
    for attempt in (
        lambda: read_opened(tmp_path / "none"),
        lambda: read_election(tmp_path / "none"),
        lambda: read_election(tmp_path / "text"),
        lambda: hold_against_archive(found, tmp_path / "none.bel"),
    ):
        with pytest.raises(AuditError) as error:
            attempt()
        assert error.value.exit_code == WRONG_USE


def test_a_tested_ballot_must_not_be_in_the_archive(tmp_path: Path) -> None:
    path = MADE.create(tmp_path / "x.bel", [MADE.ballot(1, [[0, 1, 0, 0], [0, 0]])])
    value = saved([0, 1, 0, 0], [0, 1])
    found = read(value)
    hold_against_archive(found, path)
    again = resigned(found.ballot, MADE.exponent(0), lambda message: None, drawing("again"))
    for cast in (again, found.ballot):
        with ArchiveWriter.open(path) as writer:
            [(height, _)] = writer.append_ballots([cast])
        # Under another signature the same ciphertexts give the same choice away.
        with pytest.raises(AuditError, match="stands in the archive, at height 2: whoever opens") as error:
            hold_against_archive(found, path)
        assert error.value.exit_code == 1
    assert height == 3


def test_a_ballot_of_another_election_or_another_list_is_refused(tmp_path: Path) -> None:
    found = read(saved([0, 1, 0, 0], [0, 1]))
    elsewhere = election(ASKED).create(tmp_path / "elsewhere.bel")
    with pytest.raises(AuditError, match="is of another election"):
        hold_against_archive(found, elsewhere)
    stranger = Made(MADE.text, MADE.trustees, election(ASKED).codes, MADE.weights)
    with pytest.raises(AuditError, match="not on the list"):
        hold_against_archive(found, stranger.create(tmp_path / "stranger.bel"))
    damaged = tmp_path / "damaged.bel"
    damaged.write_bytes(elsewhere.read_bytes()[:700])
    with pytest.raises((AuditError, BeleniosError)) as error:
        hold_against_archive(found, damaged)
    assert error.value.exit_code == 1
    (tmp_path / "election.json").write_bytes(MADE.text + b"\n")
    hold_against_election(found, read_election(tmp_path / "election.json"), "election.json")
    with pytest.raises(AuditError, match="is of another election"):
        hold_against_election(found, election(ASKED).text, "election.json")
