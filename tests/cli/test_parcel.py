"""`suffrage parcel`: one PDF a precinct, the same at every run, whole or not at all."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pypdf import PdfReader

from suffrage.errors import WRONG_USE
from suffrage.paper.station import ParcelPress, printing
from suffrage.paper.station.parcel import Parcel

from .conftest import Run

pytestmark = pytest.mark.slow

ROLL = "number,name,address,unit,online\n1,Петров Иван,1 High Street,p1,yes\n2,Abel,,p1,no\n3,Cain,,q1,no\n"


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages)


@pytest.fixture
def roll(tmp_path: Path) -> Path:
    made = tmp_path / "roll.csv"
    made.write_text(ROLL, "utf-8")
    return made


def test_every_precinct_gets_its_parcel_and_a_second_run_the_same(
    folder: Path, roll: Path, tmp_path: Path, run: Run
) -> None:
    out = tmp_path / "parcels"
    arguments = ("parcel", folder, "--roll", roll, "--out", out)
    assert run(*arguments).code == 0
    first = {path.name: path.read_bytes() for path in out.iterdir()}
    assert sorted(first) == ["p1.pdf", "p2.pdf", "q1.pdf"]
    assert run(*arguments).code == 0
    assert {path.name: path.read_bytes() for path in out.iterdir()} == first
    said = text_of(first["p1.pdf"])
    assert "has voted online: no paper" in said
    assert "Cain" not in said
    assert "In all: electors 0" in text_of(first["p2.pdf"])


def test_the_second_ballot_is_for_the_precincts_that_have_one(folder: Path, tmp_path: Path, run: Run) -> None:
    out = tmp_path / "parcels"
    assert run("parcel", folder, "--ballot", "2", "--out", out).code == 0
    assert sorted(path.name for path in out.iterdir()) == ["p1.pdf", "p2.pdf"]
    said = text_of((out / "p1.pdf").read_bytes())
    assert "24 December 1937. Second ballot" in said
    assert run("parcel", folder, "--ballot", "2", "--precinct", "q1", "--out", out).code == 1


@pytest.mark.parametrize(("precinct", "said"), [("p9", "no such unit"), ("d1", "this unit is no precinct")])
def test_a_unit_that_is_no_precinct_is_named(folder: Path, tmp_path: Path, run: Run, precinct: str, said: str) -> None:
    ran = run("parcel", folder, "--precinct", precinct, "--out", tmp_path / "parcels")
    assert ran.code == WRONG_USE
    assert said in ran.err
    assert not (tmp_path / "parcels").exists()


def test_a_roll_that_is_wrong_is_named_and_nothing_is_written(
    folder: Path, roll: Path, tmp_path: Path, run: Run
) -> None:
    roll.write_text(ROLL + "2,Seth,,p1,no\n4,Enoch,,p9,no\n", "utf-8")
    ran = run("parcel", folder, "--roll", roll, "--out", tmp_path / "parcels")
    assert ran.code == WRONG_USE
    assert "roll.csv, line 5" in ran.err
    assert "roll.csv, line 6" in ran.err
    assert not (tmp_path / "parcels").exists()


def test_an_interruption_leaves_whole_files_only(
    folder: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "parcels"

    class Interrupted(ParcelPress):
        def parcel(self, parcel: Parcel) -> bytes:
            if parcel.unit.id == "q1":
                raise KeyboardInterrupt
            return super().parcel(parcel)

    monkeypatch.setattr(printing, "ParcelPress", Interrupted)
    ran = run("parcel", folder, "--out", out)
    assert ran.code == 130
    assert "each of them whole" in ran.err
    files = sorted(path.name for path in out.iterdir())
    assert set(files) <= {"p1.pdf", "p2.pdf"}
    for name in files:
        assert len(PdfReader(out / name).pages) > 5
