"""`suffrage audit-ballot` as an elector runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from suffrage._core import ArchiveWriter
from suffrage.belenios.fingerprint import Fingerprint
from tests.belenios.made import Made, election

from .conftest import Run

ASKED = (["PETROV [red]Ivan[/]", "Semenov"], False, 0, 1, "Who? [bold]"), (["Ada", "Bob"], True, 1, 2, "And who?")


@pytest.fixture(scope="module")
def made() -> Made:
    return election(ASKED, name="Council")


@pytest.fixture
def tested(made: Made, tmp_path: Path) -> Path:
    """The file of a ballot on which Petrov is left, and nobody chosen in the other question."""
    ballot, openings = made.sealed.seal_opened(made.codes[0], [[1, 0], [1, 0, 0]])
    rows = [[{"value": value, "randomness": randomness} for value, randomness in row] for row in openings]
    head = {"format": "suffrage-opened-ballot/1", "election": made.text.decode(), "ballot": ballot.decode()}
    path = tmp_path / "tested.json"
    path.write_text(json.dumps({**head, "openings": rows}))
    return path


def test_it_says_which_election_and_what_is_in_the_ballot(run: Run, made: Made, tested: Path) -> None:
    ran = run("audit-ballot", tested)
    assert (ran.code, ran.err) == (0, "")
    said = ran.out
    assert "Council" in said
    assert made.sealed.uuid in said
    assert str(Fingerprint.of(made.text)) in said
    assert str(Fingerprint.of(json.loads(tested.read_text())["ballot"].encode())) in said
    assert "Who? [bold]\nChosen (left on the ballot, or marked): PETROV [red]Ivan[/].\nNot chosen: Semenov." in said
    assert "And who?\nA blank vote." in said
    assert "Compare the fingerprint" in said


def test_the_archive_says_whether_it_was_thrown_away(run: Run, made: Made, tested: Path, tmp_path: Path) -> None:
    archive = made.create(tmp_path / "x.bel")
    ran = run("audit-ballot", tested, "--archive", archive)
    assert (ran.code, ran.err) == (0, "")
    assert f"It is of the election in {archive}, and does not stand there." in ran.out
    with ArchiveWriter.open(archive) as writer:
        writer.append_ballots([json.loads(tested.read_text())["ballot"].encode()])
    ran = run("audit-ballot", tested, "--archive", archive)
    assert (ran.code, ran.out) == (1, "")
    assert "stands in the archive, at height 1" in ran.err


def test_the_published_election_says_which_it_is(run: Run, made: Made, tested: Path, tmp_path: Path) -> None:
    (tmp_path / "election.json").write_bytes(made.text + b"\n")
    (tmp_path / "other.json").write_bytes(election(ASKED).text)
    assert run("audit-ballot", tested, "--election", tmp_path / "election.json").code == 0
    ran = run("audit-ballot", tested, "--election", tmp_path / "other.json")
    assert (ran.code, ran.out) == (1, "")
    assert "is of another election" in ran.err


def test_another_choice_than_the_sealed_one_fails(run: Run, tested: Path) -> None:
    value = json.loads(tested.read_text())
    value["openings"][0][0]["value"], value["openings"][0][1]["value"] = 0, 1
    tested.write_text(json.dumps(value))
    ran = run("audit-ballot", tested)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith(f"suffrage: {tested}, openings: question 1, answer 1: ")


def test_wrong_use(run: Run, tested: Path, tmp_path: Path) -> None:
    assert run("audit-ballot", tmp_path / "none").code == 2
    assert run("audit-ballot", tested, "--archive", tmp_path / "none").code == 2
    assert run("audit-ballot", tested, "--archive", tested, "--election", tested).code == 2
    ran = run("audit-ballot", tested, "--archive", tested)
    assert ran.code == 1
    assert str(tested) in ran.err
