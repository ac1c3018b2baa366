"""`suffrage verify` as its users run it, most of it as a process of its own: exit codes, messages, interruption."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from suffrage.cli import main
from suffrage.protocols.canonical import canonical
from tests.audit.bundles import ATTACKER, PROTOCOLS, Original, Seal

pytestmark = pytest.mark.slow

COMMAND = [sys.executable, "-c", "from suffrage.cli import main; main()", "verify"]
ENVIRONMENT = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONIOENCODING": "utf-8"}


def verify(*arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    ran = subprocess.run(
        [*COMMAND, *map(str, arguments)], capture_output=True, encoding="utf-8", timeout=60, env=ENVIRONMENT, **options
    )
    assert "Traceback" not in ran.stderr
    return ran


@pytest.fixture
def called(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """The command in this process, where it need not be one of its own: exit code, what it says, what it complains."""

    def call(*arguments: str | Path) -> tuple[int, str, str]:
        code: Any = 0
        try:
            main(["verify", *map(str, arguments)])
        except SystemExit as left:
            code = left.code or 0
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


@pytest.fixture
def changed(original: Original, tmp_path: Path) -> Path:
    """A bundle with one vote more in a protocol of a precinct."""
    bundle = original.bundle.copy()
    record = bundle.records()[5]
    record["votes"][1]["votes"] += 1
    bundle.relinked({5: record})
    return bundle.zipped(tmp_path / "changed.zip")


def test_what_holds_leaves_with_nothing_to_complain(original: Original) -> None:
    ran = verify(original.made.bundle, "--root", original.fingerprint, "--statute", "ussr-1937")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "Election of a republic" in ran.stdout
    assert "(demo)" in ran.stdout
    assert "equal to the law that comes with suffrage" in ran.stdout
    assert "Everything holds." in ran.stdout
    assert "published elsewhere" not in ran.stdout
    for what, number in (("returns counted", 13), ("protocols", 24), ("signatures", 111)):
        assert re.search(rf"{what} +{number}\b", ran.stdout)


def test_without_the_root_key_it_says_what_that_means(original: Original) -> None:
    ran = verify(original.made.bundle)
    assert ran.returncode == 0
    assert "published elsewhere" in ran.stdout
    assert original.fingerprint in re.sub(r"\s", "", ran.stdout)


def test_what_does_not_hold_is_named_first_and_leaves_with_1(original: Original, changed: Path) -> None:
    ran = verify(changed, "--all", "--root", original.fingerprint)
    assert ran.returncode == 1
    assert "Everything holds" not in ran.stdout
    head, first, *rest = ran.stderr.splitlines()
    assert re.fullmatch(r"suffrage: \d+ records do not hold; the first:", head)
    assert first == (
        "suffrage: protocol of the precinct p4, contest d2, first ballot (protocols.jsonl, line 6): "
        "votes.d2-b is 20, counted 19"
    )
    assert any("district d2, first ballot" in line for line in rest)
    assert any("protocols/protocols.jsonl: is not the file whose hash" in line for line in rest)
    assert all(line.startswith("suffrage: ") for line in ran.stderr.splitlines())


def test_all_failures_are_listed_on_demand(original: Original, tmp_path: Path) -> None:
    bundle = original.bundle.copy()
    bundle.put(PROTOCOLS, [canonical({**record, "language": "ru"}) for record in bundle.records()])
    path = bundle.zipped(tmp_path / "b.zip")
    few, every = verify(path).stderr.splitlines(), verify(path, "--all").stderr.splitlines()
    assert len(few) == 22
    assert re.fullmatch(r"suffrage: and \d+ more; --all lists them", few[-1])
    assert len(every) == 1 + 20 + int(few[-1].split()[2])
    assert every[:21] == few[:21]


@pytest.mark.parametrize(
    "written",
    [
        lambda text: text.upper(),
        lambda text: " ".join(text[place : place + 4] for place in range(0, 64, 4)),
        lambda text: ":".join(text[place : place + 2] for place in range(0, 64, 2)).upper(),
        lambda text: f" {text} ",
    ],
)
def test_a_fingerprint_may_be_written_as_people_write_it(original: Original, called: Any, written: Any) -> None:
    assert called(original.made.bundle, "--root", written(original.fingerprint))[0] == 0
    assert called(original.made.bundle, "--root", written(ATTACKER.public.fingerprint))[0] == 1


def test_a_bundle_signed_anew_as_a_whole_holds_only_in_itself(original: Original, tmp_path: Path) -> None:
    bundle = original.bundle.copy()
    bundle.sealed(Seal.ANEW)
    path = bundle.zipped(tmp_path / "b.zip")
    assert verify(path).returncode == 0
    ran = verify(path, "--root", original.fingerprint)
    assert ran.returncode == 1
    assert ran.stderr.splitlines()[:2] == [
        "suffrage: 1 record does not hold; the first:",
        f"suffrage: root key: its fingerprint is {ATTACKER.public.fingerprint}, not the one that was asked for",
    ]


def test_another_law_than_the_one_asked_for_leaves_with_1(original: Original) -> None:
    ran = verify(original.made.bundle, "--statute", "france-assembly")
    assert ran.returncode == 1
    assert "law.toml: is not the law france-assembly that comes with suffrage" in ran.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--root", "12"], "not a fingerprint"),
        (["--root", "z" * 64], "not a fingerprint"),
        (["--root", "0" * 65], "not a fingerprint"),
        (["--root", " "], "not a fingerprint"),
        (["--statute", "utopia"], "unknown law"),
        (["--nonsense"], "No such option"),
        (["another"], "unexpected extra argument"),
    ],
)
def test_wrong_use_leaves_with_2(original: Original, called: Any, arguments: list[str], said: str) -> None:
    code, out, complaint = called(original.made.bundle, *arguments)
    assert (code, out) == (2, "")
    assert said in complaint


def test_what_cannot_be_read_leaves_with_2(original: Original, called: Any, tmp_path: Path) -> None:
    text = tmp_path / "text.zip"
    text.write_text("no archive")
    cut = tmp_path / "cut.zip"
    cut.write_bytes(original.made.bundle.read_bytes()[:-100])
    for path, said in (
        (tmp_path / "nothing.zip", "no such file"),
        (tmp_path, "directory"),
        (text, "no whole zip archive"),
        (cut, "no whole zip archive"),
    ):
        code, out, complaint = called(path)
        assert (code, out) == (2, "")
        assert len(complaint.splitlines()) == 1
        assert complaint.startswith(f"suffrage: {path}: ")
        assert said in complaint
    assert called()[0] == 2


def test_a_file_that_cannot_be_opened_leaves_with_2(tmp_path: Path) -> None:
    """A link to itself, which not even root can read."""
    path = tmp_path / "b.zip"
    path.symlink_to(path)
    ran = verify(path)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert f"suffrage: {path}: cannot be read" in ran.stderr


def test_an_archive_that_is_no_bundle_leaves_with_1(tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "a")
    ran = verify(path)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "manifest.json: is missing: this is no bundle" in ran.stderr


def test_names_of_strangers_are_never_printed_raw(original: Original, tmp_path: Path) -> None:
    bundle = original.bundle.copy()
    toml, odd = "election/election.toml", "\x1b]0;owned\x07[bold]X[/] \N{RIGHT-TO-LEFT OVERRIDE}"
    bundle.files[toml] = bundle.files[toml].replace(b"Election of a republic", b"\\u001b]0;owned\\u0007[bold]X[/]")
    manifest = bundle.files["manifest.json"].replace(b"Election of a republic", b"\\u001b]0;owned\\u0007[bold]X[/]")
    bundle.files["manifest.json"] = manifest
    bundle.files[odd] = b""
    bundle.sealed(Seal.TRUE)
    ran = verify(bundle.zipped(tmp_path / "b.zip"))
    assert ran.returncode == 1
    for text in (ran.stdout, ran.stderr):
        assert all(character.isprintable() for character in text.replace("\n", ""))
    assert "[bold]X[/]" in ran.stdout


def test_an_interruption_leaves_nothing_behind(original: Original, tmp_path: Path) -> None:
    """Ctrl-C while the bundle lies unpacked."""
    aside, bundle = tmp_path / "aside", original.bundle.copy()
    aside.mkdir()
    # So many signatures of nothing that there is time to interrupt.
    line = bundle.lines("protocols/signatures.jsonl")[0]
    bundle.files["protocols/signatures.jsonl"] += b"".join(
        line.replace(line[13:77], b"%064x" % number) + b"\n" for number in range(60_000)
    )
    path = bundle.zipped(tmp_path / "b.zip")
    started = subprocess.Popen(
        [*COMMAND, str(path)], env={**ENVIRONMENT, "TMPDIR": str(aside)}, stdout=-1, stderr=-1, text=True
    )
    until = time.monotonic() + 60
    while not list(aside.glob("suffrage-*/protocols/signatures.jsonl")):
        assert time.monotonic() < until
        assert started.poll() is None
        time.sleep(0.005)
    started.send_signal(signal.SIGINT)
    _, said = started.communicate(timeout=60)
    assert (started.returncode, said.strip()) == (130, "suffrage: interrupted; nothing was written")
    assert list(aside.iterdir()) == []


def test_a_reader_that_leaves_early_is_no_failure(original: Original) -> None:
    for taken in ("head -1", "true"):
        command = f"{sys.executable} -c 'from suffrage.cli import main; main()' verify {original.made.bundle} | {taken}"
        ran = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, env=ENVIRONMENT)
        assert (ran.returncode, ran.stderr) == (0, "")


def test_a_verdict_that_nobody_reads_is_told_by_the_exit_code(changed: Path) -> None:
    command = f"{sys.executable} -c 'from suffrage.cli import main; main()' verify {changed} | true"
    ran = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, env=ENVIRONMENT)
    assert ran.returncode == 1
    assert "do not hold" in ran.stderr


@pytest.mark.parametrize("option", ["--root", "--statute"])
def test_an_empty_value_is_not_taken_for_none(option: str, original: Original) -> None:
    assert verify(original.made.bundle, option, "").returncode == 2
