"""What cannot be simulated, and what is left behind when something goes wrong: nothing."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from suffrage.errors import SimulationError
from suffrage.law import built_in
from suffrage.simulation import simulate


@pytest.mark.parametrize("electors", [0, -1, 999, 1_000_000_001, 10**13, pytest.param(10**3000, id="10**3000")])
def test_electors_out_of_range(electors: int, tmp_path: Path) -> None:
    with pytest.raises(SimulationError, match="electors: out of range") as caught:
        simulate(built_in("ussr-1937"), electors, 1, tmp_path / "out")
    assert caught.value.exit_code == 2
    assert len(str(caught.value)) < 200
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("seed", [-1, 2**64])
def test_seed_out_of_range(seed: int, tmp_path: Path) -> None:
    with pytest.raises(SimulationError, match="seed: out of range"):
        simulate(built_in("ussr-1937"), 1_000, seed, tmp_path / "out")


@pytest.mark.parametrize(
    ("law", "message"),
    [
        ("plurality", "names no chamber"),
        ("approval-majority", "names no chamber"),
        ("majority-two-ballots", "names no chamber"),
        ("party-1937", "chamber members: the law does not say how many deputies"),
        ("ussr-1924", "does not say how many names a ballot may hold"),
    ],
)
def test_laws_that_say_too_little(law: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(SimulationError, match=message) as caught:
        simulate(built_in(law), 10_000, 1, tmp_path / "out")
    assert caught.value.exit_code == 2
    assert not list(tmp_path.iterdir())


def test_an_unknown_chamber(tmp_path: Path) -> None:
    with pytest.raises(SimulationError, match="expected: one of union, nationalities"):
        simulate(built_in("ussr-1937"), 10_000, 1, tmp_path / "out", chambers=["lords"])


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "letter.txt").write_text("mine")
    with pytest.raises(SimulationError, match=r"letter\.txt") as caught:
        simulate(built_in("ussr-1937"), 10_000, 1, out)
    assert caught.value.exit_code == 2
    assert [path.name for path in out.iterdir()] == ["letter.txt"]


def test_an_earlier_election_is_left_alone_too(tmp_path: Path) -> None:
    simulate(built_in("ussr-1937"), 1_000, 1, tmp_path / "out")
    with pytest.raises(SimulationError):
        simulate(built_in("ussr-1937"), 1_000, 1, tmp_path / "out")


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    simulate(built_in("ussr-1937"), 1_000, 1, tmp_path / "out")
    assert (tmp_path / "out" / "election.toml").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_file_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(SimulationError):
        simulate(built_in("ussr-1937"), 1_000, 1, tmp_path / "out")
    assert (tmp_path / "out").read_text() == "mine"


def test_an_interruption_leaves_nothing(tmp_path: Path) -> None:
    def stop(stage: str, done: int, total: int) -> None:
        if stage == "returns" and done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulate(built_in("ussr-1937"), 10_000, 1, tmp_path / "out", stop)
    assert not list(tmp_path.iterdir())


def _limit_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))


@pytest.mark.slow
@pytest.mark.parametrize("electors", ["300000", "12000000"])
def test_a_disk_that_takes_no_more_leaves_nothing(electors: str, tmp_path: Path) -> None:
    done = subprocess.run(
        _command(electors, tmp_path / "out"), preexec_fn=_limit_files, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_ctrl_c_leaves_nothing(tmp_path: Path) -> None:
    process = subprocess.Popen(_command("900000000", tmp_path / "out"), stderr=subprocess.PIPE, text=True)
    for _ in range(600):
        if list(tmp_path.iterdir()):
            break
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in said
    assert not list(tmp_path.iterdir())


def _command(electors: str, out: Path) -> list[str]:
    code = "from suffrage.cli import main; main()"
    law = ["--law", "ussr-1937", "--electors", electors]
    return [sys.executable, "-c", code, "simulate", *law, "--out", os.fspath(out)]
