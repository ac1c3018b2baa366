"""Many papers into files."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from suffrage.law import built_in
from suffrage.protocols.typeset import Paper, print_papers
from tests.protocols.typeset.made import SIGNERS, digest, press, record, votes

pytestmark = pytest.mark.slow

LAW = built_in("ussr-1937")


def papers(folder: Path, number: int) -> Iterator[Paper]:
    for place in range(number):
        made = record("precinct", votes=votes((f"Candidate {place}", place)))
        yield folder / f"{place}.pdf", made, digest(str(place)), SIGNERS


def presses_at_work() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("press")]


@pytest.mark.parametrize("presses", [1, 2, 3, None])
def test_every_paper_is_printed_as_one_press_prints_it(tmp_path: Path, presses: int | None) -> None:
    assert print_papers(papers(tmp_path, 15), LAW, presses=presses) == 15
    for path, made, sha256, signers in papers(tmp_path, 15):
        assert path.read_bytes() == press().paper(made, sha256, signers)
    assert not presses_at_work()


def test_progress_grows_to_the_number_of_papers(tmp_path: Path) -> None:
    told: list[int] = []
    print_papers(papers(tmp_path, 25), LAW, told.append, presses=2)
    assert told == sorted(set(told))
    assert told[-1] == 25


def test_nothing_to_print(tmp_path: Path) -> None:
    told: list[int] = []
    assert print_papers([], LAW, told.append) == 0
    assert told == []


def test_papers_are_asked_for_as_they_are_printed(tmp_path: Path) -> None:
    asked = 0
    ahead: list[int] = []

    def slowly() -> Iterator[Paper]:
        nonlocal asked
        for paper in papers(tmp_path, 30):
            asked += 1
            yield paper

    print_papers(slowly(), LAW, lambda done: ahead.append(asked - done), presses=2)
    assert max(ahead) <= 8


def test_an_interruption_leaves_nothing_at_work(tmp_path: Path) -> None:
    def interrupt(done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        print_papers(papers(tmp_path, 100), LAW, interrupt, presses=2)
    assert not presses_at_work()
    assert len(list(tmp_path.iterdir())) < 20


@pytest.mark.skipif(sys.platform == "win32", reason="a signal of other systems")
def test_a_process_that_is_interrupted_ends_at_once(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from tests.protocols.typeset.test_printing import *;"
        "print_papers(papers(Path(sys.argv[1]), 10**9), LAW, lambda done: print(done, flush=True), presses=2)"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        child.send_signal(signal.SIGINT)
        _, said = child.communicate(timeout=60)
    assert b"KeyboardInterrupt" in said
    assert child.returncode in (1, 130, -signal.SIGINT)


def test_an_interruption_while_papers_are_asked_for(tmp_path: Path) -> None:
    def some() -> Iterator[Paper]:
        yield from papers(tmp_path, 3)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        print_papers(some(), LAW)
    assert not presses_at_work()


def test_the_first_error_ends_the_printing(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        print_papers(papers(tmp_path / "nowhere", 100), LAW, presses=2)
    assert not presses_at_work()


def test_a_record_that_is_none_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        print_papers([(tmp_path / "x.pdf", {"level": "district"}, digest("x"), ())], LAW)
    assert not (tmp_path / "x.pdf").exists()
