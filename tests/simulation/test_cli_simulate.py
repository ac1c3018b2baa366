"""`suffrage simulate` as a person uses it."""

from __future__ import annotations

from pathlib import Path

import pytest

from suffrage.cli import main

USUAL = ["simulate", "--law", "ussr-1937", "--electors", "20000"]


def refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    said = capsys.readouterr()
    assert not said.out
    assert "Traceback" not in said.err
    return said.err


def test_it_says_what_it_wrote_and_how_to_count_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "an election"
    main([*USUAL, "--out", str(out)])
    said = capsys.readouterr().out
    assert "Council of the Union" in said
    assert "polling day 1937-12-12" in said
    assert f"suffrage count '{out}'" in said
    main(["count", str(out)])
    assert "a simulated election" in " ".join(capsys.readouterr().out.split())


def test_a_polling_day_of_ones_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([*USUAL, "--out", str(tmp_path / "out"), "--polling-day", "1938-01-09", "--chamber", "union"])
    said = capsys.readouterr().out
    assert "polling day 1938-01-09" in said
    assert "Nationalities" not in said


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--electors", "0", "out of range; seen: 0"),
        ("--electors", "-1", "out of range"),
        ("--electors", "10000000000000", "out of range"),
        ("--electors", "many", "not a valid integer"),
        ("--law", "utopia", "unknown law; seen: utopia"),
        ("--law", "plurality", "names no chamber"),
        ("--seed", "-1", "seed: out of range"),
        ("--polling-day", "tomorrow", "does not match the format"),
        ("--chamber", "lords", "unknown chamber"),
    ],
)
def test_bad_values(option: str, value: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert message in refused([*USUAL, option, value, "--out", str(tmp_path / "out")], capsys)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_empty(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine").write_text("")
    assert "mine" in refused([*USUAL, "--out", str(tmp_path)], capsys)
