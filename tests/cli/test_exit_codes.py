"""Exit codes: 0 done; 1 a record that does not hold; 2 wrong use, or input that cannot be read. Never a traceback."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import WHOLE, Run

Change = Callable[[Path], object]


def appended(name: str, row: str) -> Change:
    return lambda folder: (folder / name).write_text(WHOLE[name] + row + "\n", "utf-8")


def replaced(name: str, old: str, new: str) -> Change:
    assert old in WHOLE[name]
    return lambda folder: (folder / name).write_text(WHOLE[name].replace(old, new), "utf-8")


def header_only(name: str) -> Change:
    return lambda folder: (folder / name).write_text(WHOLE[name].split("\n")[0] + "\n", "utf-8")


def in_cp1251(name: str) -> Change:
    """The same rows, the first of them beginning in Russian."""
    head, rows = WHOLE[name].split("\n", 1)
    return lambda folder: (folder / name).write_bytes(f"{head}\nЖж{rows}".encode("cp1251", "replace"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (appended("units.csv", "p1,,precinct,d1,5"), "units.csv, line 7, id: duplicate unit; seen: p1"),
        (
            appended("candidates.csv", "d2,petrov,ПЕТРОВ,,"),
            "candidates.csv: a candidate in two districts; seen: petrov in d1 and d2",
        ),
        (
            appended("returns.csv", f"q1,{10**30},,,,,,,"),
            f"returns.csv, line 5, registered: cannot be read as it stands; seen: {10**30}",
        ),
        (
            appended("returns.csv", "q1,300,200,200,5,195,5,190,"),
            "a return given twice; seen: unit q1, contest d2, ballot 1",
        ),
        (appended("returns.csv", "q9,300,200,200,5,195,5,190,"), "returns.csv, line 5, unit: unknown unit; seen: q9"),
        (appended("returns.csv", "q1,300,many,200,5,195,5,190,"), "issued"),
        (appended("returns.csv", "q1,300"), "line 5"),
        (
            appended("returns.csv", "d2,300,200,200,5,195,5,190,"),
            "a unit and one that lies in it both report; seen: d2 and q1",
        ),
        (replaced("returns.csv", ",1,2", ",1,9"), "unknown candidate or figure; seen: 9"),
        (header_only("units.csv"), "units.csv: no units"),
        (replaced("election.toml", "ussr-1937", "utopia.txt"), "unknown law"),
        (replaced("election.toml", 'kind = "demo"', 'kind = "demo'), "election.toml, line 4: not TOML"),
    ],
)
def test_a_record_that_does_not_hold(folder: Path, tmp_path: Path, run: Run, change: Change, said: str) -> None:
    change(folder)
    ran = run("count", folder, "--out", tmp_path / "out")
    assert ran.code == (2 if "unknown law" in said else 1)
    assert said in ran.err
    assert ran.err.startswith("suffrage: ")
    assert ran.out == ""
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda folder: (folder / "units.csv").unlink(), "units.csv: cannot be read: No such file or directory"),
        (lambda folder: (folder / "returns.csv").unlink(), "one file of figures is needed; seen: none"),
        (lambda folder: (folder / "ballots.csv").write_text("unit\n"), "seen: returns.csv, ballots.csv"),
        (in_cp1251("units.csv"), "not UTF-8 text"),
        (in_cp1251("candidates.csv"), "not UTF-8 text"),
        (in_cp1251("returns.csv"), "not UTF-8 text"),
        (replaced("election.toml", "ussr-1937", "mine.toml"), "mine.toml: cannot be read"),
    ],
)
def test_what_cannot_be_read_at_all(folder: Path, run: Run, change: Change, said: str) -> None:
    change(folder)
    ran = run("count", folder)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["count"],
        ["count", "nowhere"],
        ["count", "FOLDER", "--law", "utopia"],
        ["count", "FOLDER", "--law", "nowhere.toml"],
        ["count", "FOLDER", "--contest", "d9"],
        ["count", "FOLDER", "--by", "province"],
        ["count", "FOLDER", "--colour"],
        ["count", "FOLDER", "FOLDER"],
        ["recount", "FOLDER"],
        ["law"],
        ["law", "show", "utopia"],
        ["law", "show", "nowhere.toml"],
        ["law", "check", "nowhere.toml"],
        ["law", "calendar", "ussr-1937"],
        ["law", "calendar", "ussr-1937", "--polling-day", "tomorrow"],
        ["law", "calendar", "ussr-1937", "--polling-day", "0001-01-01"],
        ["law", "diff", "ussr-1937"],
    ],
)
def test_wrong_use(folder: Path, run: Run, arguments: list[str]) -> None:
    ran = run(*(str(folder) if argument == "FOLDER" else argument for argument in arguments))
    assert ran.code == 2
    assert ran.err


def test_returns_of_a_header_only_leave_everything_undecided(folder: Path, run: Run) -> None:
    header_only("returns.csv")(folder)
    ran = run("count", folder)
    assert ran.code == 0
    assert ran.out.count("undecided") >= 2
    assert "the returns of 2 units of 2 (p1, p2)" in " ".join(ran.out.replace("\N{NO-BREAK SPACE}", " ").split())


def test_a_district_where_nobody_stands_needs_a_new_election(folder: Path, run: Run) -> None:
    header_only("candidates.csv")(folder)
    (folder / "returns.csv").write_text("unit,valid,invalid,all_struck\np1,200,0,200\np2,200,0,200\nq1,9,200,9\n")
    ran = run("count", folder)
    assert ran.code == 0
    assert "No candidate stands." in ran.out


def test_figures_that_do_not_add_up_are_findings_and_no_error(folder: Path, run: Run) -> None:
    replaced("returns.csv", "240,10,130,100", "240,10,131,100")(folder)
    ran = run("count", folder)
    assert ran.code == 0
    assert "undecided" in ran.out


def test_many_problems_are_cut_short(folder: Path, run: Run) -> None:
    appended("units.csv", "\n".join(f"p1,,,nowhere{n}," for n in range(60)))(folder)
    ran = run("count", folder)
    assert ran.code == 1
    assert len(ran.err.splitlines()) == 31
    assert ran.err.splitlines()[-1] == "suffrage: and 90 more problems"


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["count", "--help"], ["law", "--help"]])
def test_help_is_help(run: Run, arguments: list[str]) -> None:
    ran = run(*arguments)
    assert ran.code == 0
    assert ran.out
