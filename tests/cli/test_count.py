"""`suffrage count`: what it shows, what it writes, and that it writes all or nothing."""

from __future__ import annotations

import csv
import errno
import json
import os
import resource
import signal
import subprocess
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from suffrage.cli import count as verb
from suffrage.cli.console import percent
from suffrage.count.report import FILES
from suffrage.words import grouped

from .conftest import Run


def plain(text: str) -> str:
    """Output without line breaks and no-break spaces."""
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())


def left_in(folder: Path) -> set[str]:
    return {entry.name for entry in folder.iterdir()}


def test_every_contest_has_its_outcome(folder: Path, run: Run) -> None:
    ran = run("count", folder)
    assert (ran.code, ran.err) == (0, "")
    said = plain(ran.out)
    assert "Council of Nationalities [replayed] (demo)" in said
    assert "d1 Dnepropetrovsk second ballot ПЕТРОВ Иван Семенович, SEMENOV" in said
    assert "d2 Muravlivno elected SIVAKOV, S. P. [bold]Semyon[/]" in said
    assert "remark 1 issued = took_part 1 1" in said


def test_one_contest_is_shown_in_full_with_its_reasons(folder: Path, run: Run) -> None:
    ran = run("count", folder, "--contest", "d1")
    assert ran.code == 0
    said = plain(ran.out)
    assert "First ballot 2 of 2 units reported" in said
    assert "1 ПЕТРОВ Иван Семенович 220 50.0 % 220" in said
    assert (
        "More than half of the 440 valid ballots is 221. ПЕТРОВ Иван Семенович has 220: 1 short (article 104)." in said
    )
    assert "by 26 December 1937 at the latest (article 107)" in said
    assert "SIVAKOV" not in said


def test_another_law_gives_another_outcome(folder: Path, run: Run) -> None:
    ran = run("count", folder, "--law", "plurality", "--contest", "d1")
    assert ran.code == 0
    assert "the most votes elect" in plain(ran.out)
    summary = plain(run("count", folder, "--law", "plurality").out)
    assert "Counted under plurality" in summary
    assert "(held under ussr-1937)" in summary
    assert "held under" not in run("count", folder).out


def test_a_law_of_ones_own_lies_beside_the_election(folder: Path, run: Run) -> None:
    (folder / "coop.toml").write_text('id = "coop"\ntitle = "Coop"\nextends = "plurality"\nsources = ["Rules"]\n')
    text = (folder / "election.toml").read_text().replace("ussr-1937", "coop.toml")
    (folder / "election.toml").write_text(text)
    ran = run("count", folder)
    assert ran.code == 0
    assert "Counted under coop: Coop" in ran.out
    assert "held under" not in ran.out


def test_what_is_written_says_what_is_shown(folder: Path, tmp_path: Path, run: Run) -> None:
    out = tmp_path / "out"
    ran = run("count", folder, "--out", out)
    assert ran.code == 0
    assert f"Written to {out}" in plain(ran.out)
    assert left_in(out) == set(FILES)
    data = json.loads((out / "count.json").read_text("utf-8"))
    assert [contest["contest"] for contest in data["contests"]] == ["d1", "d2"]
    first = data["contests"][0]["ballots"][0]
    assert first["figures"]["valid"] == 440
    assert [candidate["votes"] for candidate in first["candidates"]] == [220, 210]
    assert [candidate["against"] for candidate in first["candidates"]] == [220, 230]
    assert data["contests"][0]["outcome"]["finalists"] == ["petrov", "semenov"]
    assert data["contests"][0]["outcome"]["by"] == "1937-12-26"
    tables = {}
    for name in FILES[1:]:
        with (out / name).open(encoding="utf-8", newline="") as file:
            tables[name] = list(csv.DictReader(file))
    assert [row["outcome"] for row in tables["contests.csv"]] == ["second ballot", "elected"]
    assert [row["remarks"] for row in tables["contests.csv"]] == ["1", "0"]
    assert tables["candidates.csv"][2]["name"] == "SIVAKOV, S. P. [bold]Semyon[/]"
    assert [(row["unit"], row["line"], row["left"], row["right"]) for row in tables["findings.csv"]] == [
        ("p2", "3", "201", "200")
    ]


def test_the_same_folder_gives_the_same_bytes(folder: Path, tmp_path: Path, run: Run) -> None:
    for name in ("one", "two"):
        assert run("count", folder, "--out", tmp_path / name).code == 0
    for name in FILES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_second_run_replaces_the_first(folder: Path, tmp_path: Path, run: Run) -> None:
    out = tmp_path / "results" / "count"
    assert run("count", folder, "--out", out).code == 0
    before = (out / "count.json").read_text()
    (out / "count.json").write_text("stale")
    assert run("count", folder, "--out", out).code == 0
    assert (out / "count.json").read_text() == before
    assert run("count", folder, "--out", out, "--law", "plurality").code == 0
    assert (out / "count.json").read_text() != before
    assert left_in(out.parent) == {"count"}


def test_other_files_are_left_alone(folder: Path, tmp_path: Path, run: Run) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "thesis.txt").write_text("years of work")
    (out / "count.json").write_text("old")
    ran = run("count", folder, "--out", out)
    assert ran.code == 2
    assert "holds other files, which are left alone; seen: thesis.txt" in ran.err
    assert (out / "count.json").read_text() == "old"
    assert run("count", folder, "--out", folder).code == 2
    assert run("count", folder, "--out", folder / "units.csv").code == 2
    assert left_in(tmp_path) == {"out", "election"}


def test_nothing_is_shown_or_written_where_the_place_is_refused(folder: Path, tmp_path: Path, run: Run) -> None:
    (tmp_path / "file").write_text("")
    ran = run("count", folder, "--out", tmp_path / "file" / "out")
    assert (ran.code, ran.out) == (2, "")


def counted_into(folder: Path, out: Path, run: Run) -> dict[str, bytes]:
    assert run("count", folder, "--out", out).code == 0
    return {name: (out / name).read_bytes() for name in FILES}


@pytest.mark.parametrize(
    "error", [KeyboardInterrupt(), OSError(errno.ENOSPC, "No space left on device"), MemoryError()]
)
def test_what_was_there_stays_whole_where_writing_stops(
    folder: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    out = tmp_path / "out"
    before = counted_into(folder, out, run)

    def stops(counted: object, made: Path) -> None:
        (made / FILES[0]).write_text("half of i")
        raise error

    monkeypatch.setattr(verb, "write_report", stops)
    ran = run("count", folder, "--out", out, "--law", "plurality")
    assert ran.code == (130 if isinstance(error, KeyboardInterrupt) else 2)
    assert len(ran.err.strip().splitlines()) == 1
    assert {name: (out / name).read_bytes() for name in FILES} == before
    assert left_in(tmp_path) == {"election", "out"}


def test_a_full_disk_leaves_the_old_output_whole(folder: Path, tmp_path: Path, run: Run, run_apart: Run) -> None:
    out = tmp_path / "out"
    before = counted_into(folder, out, run)

    def tiny() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))

    ran = run_apart("count", folder, "--out", out, "--law", "plurality", preexec_fn=tiny)
    assert ran.code == 2
    assert f"suffrage: {out}: cannot be written: " in ran.err
    assert {name: (out / name).read_bytes() for name in FILES} == before
    assert left_in(tmp_path) == {"election", "out"}


@pytest.mark.slow
def test_a_closed_pipe_is_no_error_to_speak_of(folder: Path, start: Callable[..., subprocess.Popen[str]]) -> None:
    """As with `| head -1`: whoever reads has seen enough."""
    for arguments in (("count", folder), ("count", folder, "--contest", "d1"), ("law", "show", "ussr-1937")):
        started = start(*arguments)
        assert started.stdout is not None
        assert started.stderr is not None
        started.stdout.close()
        assert started.stderr.read() == ""
        started.stderr.close()
        assert started.wait(60) in (0, 1)


@pytest.mark.slow
def test_ctrl_c_leaves_nothing_half_done(
    folder: Path, tmp_path: Path, start: Callable[..., subprocess.Popen[str]]
) -> None:
    """The returns come through a pipe that never ends, so that the count surely runs when it is interrupted."""
    (folder / "returns.csv").unlink()
    os.mkfifo(folder / "returns.csv")
    units = "".join(f"u{n},,precinct,d2,\n" for n in range(200_000))
    with (folder / "units.csv").open("a") as file:
        file.write(units)
    started = start("count", folder, "--out", tmp_path / "out")

    def feed() -> None:
        with suppress(BrokenPipeError), (folder / "returns.csv").open("w") as pipe:
            pipe.write("unit,registered,valid,invalid,1\n")
            for number in range(200_000):
                pipe.write(f"u{number},9,9,0,9\n")
                if number == 100_000:
                    started.send_signal(signal.SIGINT)
            while True:
                pipe.write("q1,9,9,0,9\n" * 1000)

    feeding = threading.Thread(target=feed)
    feeding.start()
    out, err = started.communicate(timeout=60)
    feeding.join(60)
    assert err.strip() == "suffrage: interrupted; nothing was written"
    assert (started.returncode, out) == (130, "")
    assert left_in(tmp_path) == {"election"}


def test_figures_are_grouped_in_threes(folder: Path, run: Run) -> None:
    text = (
        (folder / "returns.csv")
        .read_text()
        .replace("q1,300,200,200,5,195,5,190,", "q1,2000000,1234567,1234567,0,1234567,0,1234567,")
    )
    (folder / "returns.csv").write_text(text)
    assert grouped(1_234_567) in run("count", folder, "--contest", "d2").out


def test_many_contests_are_cut_short_unless_all_are_asked_for(folder: Path, run: Run) -> None:
    rows = "".join(f"e{n},District {n},district,,9\n" for n in range(30))
    with (folder / "units.csv").open("a") as file:
        file.write(rows)
    short, whole = run("count", folder), run("count", folder, "--all")
    assert "and 12 more: --all lists them" in plain(short.out)
    assert "District 29" not in short.out
    assert "District 29" in whole.out
    assert plain(whole.out).count("District ") == 30


def test_what_needs_a_person_comes_first(folder: Path, run: Run) -> None:
    text = (folder / "returns.csv").read_text().replace(",190,", ",191,")
    (folder / "returns.csv").write_text(text)
    said = plain(run("count", folder).out)
    assert said.index("d2 Muravlivno undecided") < said.index("d1 Dnepropetrovsk second ballot")


def test_units_of_a_kind_have_their_totals(folder: Path, run: Run) -> None:
    ran = run("count", folder, "--by", "district")
    assert ran.code == 0
    assert "Dnepropetrovsk d1 1 2 600 450 440 ПЕТРОВ 220 50.0 %" in plain(ran.out)


@pytest.mark.parametrize(
    ("part", "whole", "said"), [(4999, 10000, "49.9 %"), (9999, 10000, "99.9 %"), (1, 3, "33.3 %"), (0, 0, "")]
)
def test_a_share_is_cut_and_not_rounded(part: int, whole: int, said: str) -> None:
    assert percent(part, whole) == said
