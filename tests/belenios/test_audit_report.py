"""What an audit tells while it goes on and when it is done: the same on every number of cores, and from any thread."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pytest

from suffrage._core import ArchiveReport, audit_archive
from tests.belenios.archives import untar
from tests.belenios.made import Made, election, question, trustees

pytestmark = pytest.mark.slow

BALLOTS = 3000


@cache
def made() -> tuple[Made, list[bytes]]:
    """An election with more ballots than a batch, most of them replaced by the next of the same voter."""
    made = election([question(1, 0, 1)], 40, trustees(1))
    return made, [made.ballot(number % 40, [[number % 2]]) for number in range(BALLOTS)]


def told(report: ArchiveReport) -> tuple[object, ...]:
    return (
        *(report.uuid, report.name, report.fingerprint, report.questions, report.phase, report.credentials),
        *(report.weighted, report.ballots, report.voters, report.revotes, report.total_weight, report.tally),
        *(report.result, report.height, report.head, report.length, report.checks, report.failures),
    )


def test_a_report_says_what_there_is(tmp_path: Path) -> None:
    held, ballots = made()
    path = held.create(tmp_path / "a.bel", ballots)
    report = audit_archive(path)
    sealed = held.sealed
    assert (report.uuid, report.name, report.fingerprint) == (sealed.uuid, sealed.name, sealed.fingerprint)
    assert (report.ballots, report.voters, report.revotes) == (BALLOTS, 40, BALLOTS - 40)
    assert (report.credentials, report.weighted, report.phase) == (40, False, "open")
    assert (report.height, report.length) == (BALLOTS, path.stat().st_size)
    assert report.head == untar(path.read_bytes())[-1].name.split(".")[0]
    assert dict(report.checks)["ballots: every proof and the signature"] == BALLOTS


def test_progress_grows_to_the_end(tmp_path: Path) -> None:
    held, ballots = made()
    path = held.create(tmp_path / "a.bel", ballots)
    steps: list[tuple[int, int]] = []
    audit_archive(path, lambda ballots, size: steps.append((ballots, size)))
    assert steps == sorted(steps)
    assert len(steps) > 1
    assert steps[-1][0] == BALLOTS
    assert steps[-1][1] <= path.stat().st_size


def test_what_the_callback_raises_stops_the_audit(tmp_path: Path) -> None:
    held, ballots = made()
    path = held.create(tmp_path / "a.bel", ballots)
    calls = []

    def stop(ballots: int, size: int) -> None:
        calls.append((ballots, size))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        audit_archive(path, stop)
    assert len(calls) == 1
    assert audit_archive(path).failures == []


@pytest.mark.parametrize("wrong", [False, True], ids=["sound", "with wrong ballots"])
def test_the_report_is_the_same_on_any_number_of_cores_and_in_any_thread(wrong: bool, tmp_path: Path) -> None:
    held, ballots = made()
    if wrong:
        places = (0, 255, 256, 511, 512, 1024, 2047, BALLOTS - 1)
        ballots = [
            ballot.replace(b'"response":"', b'"response":"1', 1) if place in places else ballot
            for place, ballot in enumerate(ballots)
        ]
    path = tmp_path / "a.bel"
    path.write_bytes(held.open(ballots))
    expected = told(audit_archive(path))
    assert bool(expected[-1]) == wrong
    with ThreadPoolExecutor(4) as threads:
        assert {repr(told(report)) for report in threads.map(audit_archive, [path] * 8)} == {repr(expected)}
    code = (
        "import sys; sys.path.insert(0, sys.argv[2]); from suffrage._core import audit_archive; "
        "from tests.belenios.test_audit_report import told; print(repr(told(audit_archive(sys.argv[1]))))"
    )
    root = str(Path(__file__).parents[2])
    for cores in ("1", "3"):
        run = subprocess.run(
            [sys.executable, "-c", code, str(path), root],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "RAYON_NUM_THREADS": cores},
        )
        assert run.stdout.strip() == repr(expected)
