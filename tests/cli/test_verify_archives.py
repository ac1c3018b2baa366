"""`suffrage verify` of archives as its users run it."""

from __future__ import annotations

import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from suffrage.belenios.question import Question
from suffrage.election import Kind, write_folder
from tests.audit.urns import (
    list_urns,
    made_archive,
    official,
    relinked,
    urn_of,
    votes_of,
    with_result,
)
from tests.belenios.official import needs_official, unpack_official
from tests.protocols.made import republic

from .conftest import Run

pytestmark = pytest.mark.slow

QUESTION = Question("Who is to be deputy? [bold]", ("PETROV [red]Ivan[/]", "Semenov"), 0, 1)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one archive that has its result (`whole.bel`) and the same before the end (`open.bel`)."""
    folder = tmp_path_factory.mktemp("archives")
    cast = [*votes_of(QUESTION, 5, 3, none=2), (0, [[0, 1]])]
    made_archive(folder / "whole.bel", [QUESTION], cast, 12)
    whole = (folder / "whole.bel").read_bytes()
    (folder / "open.bel").write_bytes(whole)
    relinked(folder / "open.bel", lambda found: [event for event in found if event.kind in ("Setup", "Ballot")][:-2])
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy to be changed."""
    return Path(shutil.copytree(made, tmp_path / "a"))


def test_an_archive_that_holds(run: Run, made: Path) -> None:
    ran = run("verify", made / "whole.bel")
    assert (ran.code, ran.err) == (0, "")
    lines = [line.rstrip() for line in ran.out.splitlines()]

    def said(pattern: str) -> bool:
        return any(re.fullmatch(pattern, line) for line in lines)

    for name, number in (("ballots", 11), ("of these re-votes", 1), ("electors on the list", 12)):
        assert said(rf"{name} +{number}")
    assert said(r"voters +10, 83\.3 %")
    assert said(r"state +the result is published")
    assert said(r"fingerprint +[A-Za-z0-9+/]{43}")
    assert said(r"last event +height 15, [0-9a-f]{4}( [0-9a-f]{4}){15}")
    assert said(r"ballots: .* +11")
    # Whoever wrote the names cannot change how they look.
    assert said(r"Who is to be deputy\? \[bold\]")
    assert said(r"PETROV \[red\]Ivan\[/\] +4 +40\.0 %")
    assert said(r"Semenov +4 +40\.0 %")
    assert said(r"none chosen +2 +20\.0 %")
    assert lines[-1] == "Everything holds."


def test_an_open_archive_has_no_result_yet(run: Run, made: Path) -> None:
    ran = run("verify", made / "open.bel")
    assert ran.code == 0
    assert "open: ballots can be cast" in ran.out
    assert "PETROV" not in ran.out


def test_what_does_not_hold_is_named_with_its_height(run: Run, folder: Path) -> None:
    path = folder / "whole.bel"
    relinked(path, lambda found: with_result(found, 5, 3))
    ran = run("verify", path)
    assert ran.code == 1
    head, first = ran.err.splitlines()
    assert head == f"suffrage: {path}: 1 record does not hold; the first:"
    assert re.match(r"suffrage: whole\.bel: height 15: ", first)
    assert "Everything holds" not in ran.out
    # What does not hold is no result.
    assert "PETROV" not in ran.out


def test_a_folder_and_several_archives(run: Run, folder: Path) -> None:
    (folder / "below").mkdir()
    shutil.copy(folder / "whole.bel", folder / "below" / "third.bel")
    ran = run("verify", folder)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.count("Everything holds.") == 3
    assert "3 archives: all of them hold." in ran.out
    relinked(folder / "open.bel", lambda found: [found[0], *found[2:], found[2]])
    ran = run("verify", folder / "open.bel", folder / "whole.bel", folder / "whole.bel")
    assert ran.code == 1
    assert ran.out.count("Everything holds.") == 1
    assert "2 archives: 1 does not hold." in ran.out
    assert all("open.bel" in line for line in ran.err.splitlines())


def test_many_failures_are_listed_on_demand(run: Run, folder: Path) -> None:
    path = folder / "whole.bel"

    def every_ballot(found: list) -> list:  # type: ignore[type-arg]
        first = next(event for event in found if event.kind == "Ballot")
        return [found[0], *[first] * 30, *found[12:]]

    relinked(path, every_ballot)
    few, every = run("verify", path), run("verify", path, "--all")
    assert few.code == every.code == 1
    assert len(few.err.splitlines()) == 22
    assert re.fullmatch(r"suffrage: and \d+ more; --all lists them", few.err.splitlines()[-1])
    assert every.err.splitlines()[:21] == few.err.splitlines()[:21]
    assert len(every.err.splitlines()) == 1 + 20 + int(few.err.split()[-5])


def test_nothing_vanished(run: Run, made: Path) -> None:
    ran = run("verify", made / "whole.bel", "--against", made / "open.bel")
    assert (ran.code, ran.err) == (0, "")
    assert f"Nothing vanished: the archive begins with all of {made / 'open.bel'}, up to height 9." in ran.out


def test_something_vanished(run: Run, folder: Path) -> None:
    path = folder / "whole.bel"
    relinked(path, lambda found: [event for event in found if event.kind in ("Setup", "Ballot")][:6])
    ran = run("verify", path, "--against", folder / "open.bel")
    assert ran.code == 1
    assert re.search(r"suffrage: whole\.bel: does not continue .*open\.bel: height 6: ", ran.err)
    assert "Everything holds" not in ran.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["whole.bel", "--root", "0" * 64], "--root needs a bundle, not an archive"),
        (["whole.bel", "--statute", "ussr-1937"], "--statute needs a bundle, not an archive"),
        (["whole.bel", "open.bel", "--against", "open.bel"], "--against needs exactly one archive"),
        ([".", "--against", "open.bel"], "--against needs exactly one archive"),
        (["whole.bel", "bundle.zip"], "bundle.zip is no archive (.bel): a bundle is verified by itself"),
        (["bundle.zip", "--against", "open.bel"], "--against needs an archive, not a bundle"),
        (["bundle.zip", "another.zip"], "unexpected extra argument (another.zip)"),
        (["none.bel"], "none.bel: no such file"),
        (["whole.bel", "--against", "none.bel"], "none.bel"),
        (["none"], "none: no such file"),
    ],
)
def test_wrong_use_leaves_with_2(
    run: Run, made: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    monkeypatch.chdir(made)
    ran = run("verify", *arguments)
    assert ran.code == 2
    assert said in ran.err
    assert "Everything holds" not in ran.out


def test_a_folder_without_archives_leaves_with_2(run: Run, tmp_path: Path) -> None:
    ran = run("verify", tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"suffrage: {tmp_path}: is a directory without archives")


def test_what_is_no_archive_leaves_with_1(run: Run, tmp_path: Path) -> None:
    for data in (b"", b"no archive", b"\x1b]0;owned\x07" * 100):
        (tmp_path / "x.bel").write_bytes(data)
        ran = run("verify", tmp_path / "x.bel")
        assert ran.code == 1
        assert ran.err.replace("\n", "").isprintable()
        assert ran.out.replace("\n", "").isprintable()


def test_a_verdict_that_nobody_reads_is_told_by_the_exit_code(folder: Path) -> None:
    relinked(folder / "whole.bel", lambda found: with_result(found, 5, 3))
    for path, code in ((folder / "open.bel", 0), (folder / "whole.bel", 1)):
        command = f"{sys.executable} -c 'from suffrage.cli import main; main()' verify {path} | true"
        ran = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True)
        assert ran.returncode == code
        assert "Traceback" not in ran.stderr


def test_published_from_the_urn_to_the_bundle(run: Run, tmp_path: Path) -> None:
    """An election held online alone: counted, published, verified; and not published once its archive is changed."""
    election = republic(kind=Kind.REPLAY)
    folder, secret, key = tmp_path / "election", tmp_path / "passphrase", tmp_path / "root.key"
    folder.mkdir()
    write_folder(election, folder)
    urn_of(folder, election, "d3", 3, 1, 0, none=1)
    list_urns(folder, ("d3", 1, "d3", "d3.bel"))
    secret.write_text("correct horse battery staple\n")
    assert run("keys", "new", key, "--name", "Replayer", "--passphrase-file", secret).code == 0
    assert "60.0 %" in run("count", folder, "--contest", "d3").out
    options = ("--key", key, "--passphrase-file", secret, "--papers", "none", "--out", tmp_path / "out")
    assert run("publish", folder, *options).code == 0
    ran = run("verify", tmp_path / "out" / "bundle.zip")
    assert (ran.code, ran.err) == (0, "")
    assert re.search(r"^archives +1\b", ran.out, re.MULTILINE)
    assert re.search(r"^sealed ballots +5\b", ran.out, re.MULTILINE)
    relinked(folder / "urns" / "d3.bel", lambda found: with_result(found, 2, 2, 0))
    ran = run("publish", folder, *options[:-1], tmp_path / "other")
    assert ran.code == 1
    assert re.match(r"suffrage: election/urns/d3\.bel: height \d+: ", ran.err)
    assert not (tmp_path / "other").exists()


def test_the_bar_is_for_the_one_who_looks(made: Path) -> None:
    """On the terminal, and nothing of it in what is kept of standard output."""
    looked, said = pty.openpty()
    command = [sys.executable, "-c", "from suffrage.cli import main; main()", "verify", str(made)]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "120"}
    ran = subprocess.run(command, stdout=subprocess.PIPE, stderr=said, text=True, env=environment)
    os.close(said)
    seen = b""
    with suppress(OSError):
        while block := os.read(looked, 4096):
            seen += block
    os.close(looked)
    assert ran.returncode == 0
    assert ran.stdout.count("Everything holds.") == 2
    assert b"whole.bel (2 of 2)" in seen
    assert b"Everything holds" not in seen


@needs_official
def test_an_archive_of_the_official_tool(run: Run, tmp_path: Path) -> None:
    folder = unpack_official(tmp_path)
    ran = run("verify", official(folder, "b2"))
    assert ran.code == 0
    for answer, number in (("Yes", 17), ("No", 13), ("Maybe", 18), ("blank", 12)):
        assert re.search(rf"^{answer} +{number} +", ran.out, re.MULTILINE)
    ran = run("verify", official(folder, "b2", "t06-result-plus-one"))
    assert ran.code == 1


def test_an_interruption_is_heard(start: Callable[..., subprocess.Popen[str]], folder: Path) -> None:
    """Ctrl-C during an audit that takes long: the archive again and again."""
    for number in range(300):
        shutil.copy(folder / "whole.bel", folder / f"{number}.bel")
    started = start("verify", folder)
    time.sleep(1.5)
    started.send_signal(signal.SIGINT)
    _, said = started.communicate(timeout=60)
    assert started.returncode in (0, 130)
    assert "Traceback" not in said
