"""`suffrage monitor` as an observer runs it."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.audit.served import HOME, Council, Site, serving
from tests.audit.test_monitor import fork

from .conftest import Run

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def site() -> Iterator[Site]:
    with serving(Site()) as served:
        yield served


@pytest.fixture
def council(site: Site, tmp_path: Path) -> Council:
    made = Council(tmp_path, site)
    made.cast(0, 1)
    return made


def test_one_round_that_holds(run: Run, site: Site, council: Council, tmp_path: Path) -> None:
    ran = run("monitor", site.url, "--out", tmp_path / "out", "--once")
    assert (ran.code, ran.err) == (0, "")
    assert "council: 1 urn, 2 ballots, everything holds" in ran.out
    assert (tmp_path / "out" / f"{council.uuid}.bel").read_bytes() == council.path.read_bytes()


def test_a_fork_is_shouted_and_fails(run: Run, site: Site, council: Council, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("monitor", site.url, "--out", out, "--once")
    fork(council)
    for _ in range(2):
        ran = run("monitor", site.url, "--out", out, "--once")
        assert ran.code == 1
        assert "SOMETHING DOES NOT HOLD" in ran.out
        assert "suffrage: ALARM: urn" in ran.err
        assert "FORK or LOSS" in ran.err
        assert "keep them" in ran.err
    assert b"FORK or LOSS" in (out / "monitor.log").read_bytes()


def test_what_could_not_be_fetched_is_neither(run: Run, site: Site, council: Council, tmp_path: Path) -> None:
    site.files[f"{HOME}heads.json"] = 503
    ran = run("monitor", site.url, "--out", tmp_path / "out", "--once")
    assert ran.code == 2
    assert "not everything could be examined" in ran.out
    assert "suffrage: warning: heads.json: answers 503" in ran.err


def test_wrong_use(run: Run, site: Site, council: Council, tmp_path: Path) -> None:
    assert run("monitor", "council", "--once").code == 2
    assert run("monitor", site.url, "--out", council.path, "--once").code == 2
    assert run("monitor", site.url, "--out", tmp_path / "out", "--every", "0").code == 2
    run("monitor", site.url, "--out", tmp_path / "out", "--once")
    ran = run("monitor", f"{site.url}x/", "--out", tmp_path / "out", "--once")
    assert ran.code == 2
    assert "holds copies from another address" in ran.err


@pytest.mark.slow
@pytest.mark.parametrize("forked", [False, True])
def test_ctrl_c_leaves_whole_copies_and_tells_whether_there_was_an_alarm(
    forked: bool, start: Start, site: Site, council: Council, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    watching = start("monitor", site.url, "--out", out, "--every", "1")

    def seen(what: Callable[[], bool]) -> None:
        until = time.monotonic() + 30
        while not what():
            assert watching.poll() is None
            assert time.monotonic() < until
            time.sleep(0.05)

    copy = out / f"{council.uuid}.bel"
    seen(lambda: (out / "state.json").exists() and copy.exists())
    council.cast(2)
    grown = council.path.read_bytes()
    seen(lambda: copy.read_bytes() == grown)
    if forked:
        fork(council)
        seen(lambda: b'"level":"alarm"' in (out / "monitor.log").read_bytes())
    watching.send_signal(signal.SIGINT)
    _, err = watching.communicate(timeout=30)
    assert watching.returncode == int(forked)
    assert "stopped; the copies in" in err
    assert "Traceback" not in err
    assert copy.read_bytes() == grown
    assert {path.name for path in out.iterdir()} == {copy.name, "state.json", "monitor.log", "evidence"}
