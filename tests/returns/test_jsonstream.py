"""Reading a report piece by piece."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suffrage.count.ballot import figures_of_ballots
from suffrage.law import built_in
from suffrage.returns import jsonstream
from suffrage.returns.cvr import read_cast_vote_records
from tests.returns.made import (
    small,
)
from tests.returns.reports import (
    read,
    refused,
    report_of,
    write,
)

# Pieces


@given(
    piece=st.integers(1, 60),
    blanks=st.sampled_from((None, 1)),
    ascii_only=st.booleans(),
    records_first=st.booleans(),
)
def test_the_size_of_a_piece_means_nothing(
    piece: int, blanks: int | None, ascii_only: bool, records_first: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    report = report_of(small(), [("p1", "seat", 1, (1, -1, 0)), ("p2", "seat", 1, (0, 1, 0))]).whole(records_first)
    report["Notes"] = 'Зміст "\\n\ud83d\ude00".encode() 😀'
    report["Extra"] = [-1.5e-7, 12345, True, None, "é"]
    path = tmp_path_factory.mktemp("pieces") / "cvr.json"
    text = json.dumps(report, indent=blanks, ensure_ascii=ascii_only).encode("utf-8", "replace")
    path.write_bytes(text)
    with pytest.MonkeyPatch.context() as patch:
        wanted = list(jsonstream.members(path, "CVR", "record"))
        patch.setattr(jsonstream, "PIECE", piece)
        assert list(jsonstream.members(path, "CVR", "record")) == wanted
        found = read(path, small())
    assert found["p1", "seat", 1].figures["ballots_unclear"] == 1
    assert found["p2", "seat", 1].votes["semenov"] == 1


@given(number=st.sampled_from(["0", "-1", "123456789", "1.5", "-1.5e-7", "1E+3"]), piece=st.integers(1, 9))
def test_a_number_may_be_torn_by_the_end_of_a_piece(
    number: str, piece: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("number") / "cvr.json"
    path.write_text(f'{{"a":{number},"CVR":[{number},{number}]}}')
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jsonstream, "PIECE", piece)
        found = [value for _, _, value in jsonstream.members(path, "CVR", "record")]
    assert found == [json.loads(number)] * 3


def test_a_value_without_end_is_refused_before_it_fills_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jsonstream, "PIECE", 64)
    monkeypatch.setattr(jsonstream, "LARGEST", 1000)
    path = tmp_path / "cvr.json"
    path.write_text('{"a": "' + "x" * 5000 + '"}')
    assert "too long, or a string that does not end" in str(refused(path, small()))
    path.write_text('{"a": [' + "1," * 5000 + "1]}")
    assert "too long, or a string that does not end" in str(refused(path, small()))


def test_records_come_in_several_sheets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("suffrage.returns.cvr.BALLOTS_A_SHEET", 7)
    ballots = [(f"p{1 + n % 2}", "seat", 1, (int(n % 3 == 0), int(n % 3 == 1), 0)) for n in range(100)]
    election = small()
    path = write(tmp_path / "cvr.json", report_of(election, ballots).whole())
    told: list[int] = []
    (batch,) = read_cast_vote_records(path, election, built_in("ussr-1937"), progress=told.append)
    assert told == [*range(7, 100, 7), 100]
    figures = figures_of_ballots(batch.figures, built_in("ussr-1937"))
    assert figures["took_part"].tolist() == [50, 50]
    assert batch.votes.sum() == 67
