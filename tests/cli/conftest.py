"""The command as its users run it: in this process, and as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from suffrage.cli import main

from .office import Office, alone

HEAD = (
    'id = "dnepropetrovsk-1937"\ntitle = "Council of Nationalities [replayed]"\nlaw = "ussr-1937"\nkind = "demo"\n'
    "polling_day = 1937-12-12\nsecond_ballot_day = 1937-12-24\n"
)
WHOLE = {
    "election.toml": HEAD + 'contests = [{ each = "district", chamber = "nationalities" }]\n',
    "units.csv": "id,name,kind,parent,registered\n"
    "d1,Dnepropetrovsk,district,,\np1,,precinct,d1,300\np2,,precinct,d1,300\n"
    "d2,Muravlivno,district,,\nq1,,precinct,d2,300\n",
    "candidates.csv": "contest,id,surname,names,party\nd1,petrov,ПЕТРОВ,Иван Семенович,\nd1,semenov,SEMENOV,,\n"
    'd2,sivakov,"SIVAKOV, S. P.",[bold]Semyon[/],"no ""party"""\n',
    "returns.csv": "unit,registered,issued,took_part,invalid,valid,all_struck,1,2\n"
    "p1,300,250,250,10,240,10,130,100\np2,300,201,200,0,200,0,90,110\nq1,300,200,200,5,195,5,190,\n",
}


@dataclass(frozen=True)
class Ran:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a small election: of two contests one needs a second ballot, the other has elected."""
    made = tmp_path / "election"
    made.mkdir()
    for name, text in WHOLE.items():
        (made / name).write_text(text, "utf-8")
    return made


@pytest.fixture
def office(tmp_path: Path, run: Run) -> Iterator[Office]:
    """A folder for all roles of an election with sealed ballots; whatever is said there tells no secret."""
    made = Office(tmp_path, run)
    yield made
    made.tells_no_secret()


@pytest.fixture
def urn(office: Office) -> Office:
    """An open urn with one trustee."""
    alone(office)
    return office


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command in this process."""

    def run(*arguments: str | Path) -> Ran:
        try:
            main([str(argument) for argument in arguments])
            code: Any = 0
        except SystemExit as left:
            code = left.code or 0
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return Ran(code, said.out, said.err)

    return run


def process(*arguments: str | Path, **options: Any) -> subprocess.Popen[str]:
    """The command as a process of its own."""
    command = [sys.executable, "-c", "from suffrage.cli import main; main()", *map(str, arguments)]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONIOENCODING": "utf-8"}
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", env=environment, **options
    )


@pytest.fixture
def start() -> Callable[..., subprocess.Popen[str]]:
    """Starts the command as a process of its own."""
    return process


@pytest.fixture
def run_apart() -> Run:
    """Runs the command as a process of its own."""

    def run(*arguments: str | Path, **options: Any) -> Ran:
        started = process(*arguments, **options)
        out, err = started.communicate(timeout=60)
        assert "Traceback" not in err
        return Ran(started.returncode, out, err)

    return run
