"""Reports that are malformed: one clear error, and where it is."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suffrage.errors import Problem, ReturnsError
from tests.returns.made import (
    small,
)
from tests.returns.reports import (
    EXAMPLE,
    Part,
    Report,
    objects,
    read,
    refused,
    write,
)

# Malformed reports


def paths_of(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The path of every value of a document."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, part in inside for found in paths_of(part, (*path, key)))]


@given(
    path=st.sampled_from(paths_of(EXAMPLE)[1:]),
    wrong=st.sampled_from([None, 7, 1.5, True, "other", [], [[]], ["x"], [7], {}, {"@type": "CVR.CVR"}]),
)
def test_a_value_of_another_kind_anywhere_is_no_crash(
    path: tuple[str | int, ...], wrong: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    report = json.loads(json.dumps(EXAMPLE))
    part = report
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = wrong
    file = write(tmp_path_factory.mktemp("wrong") / "cvr.json", report, proper=False)
    problems: Sequence[Problem] = ()
    try:
        read(file, small())
    except ReturnsError as error:
        problems = error.problems
    assert all(problem.place.startswith("cvr.json") and problem.message for problem in problems)


@given(path=st.sampled_from([path for path in paths_of(EXAMPLE) if path and path[-1] == "@type"]))
def test_every_type_is_looked_at(path: tuple[str | int, ...], tmp_path_factory: pytest.TempPathFactory) -> None:
    # A snapshot that does not count, a unit that no record names, and devices are nobody's business here.
    report = json.loads(json.dumps(EXAMPLE))
    part = report
    for key in path[:-1]:
        part = part[key]
    part["@type"] = "CVR.Other"
    file = write(tmp_path_factory.mktemp("type") / "cvr.json", report, proper=False)
    passed = path[2:4] == ("CVRSnapshot", 0) and len(path) > 5
    unused = path[:3] == ("GpUnit", 0, "Code")
    if path[0] == "ReportingDevice" or passed or unused:
        read(file, small())
    else:
        assert "CVR.Other" in str(refused(file, small()))


def text_of(report: Part | None = None) -> str:
    return json.dumps(report or EXAMPLE)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "character 1: not as JSON is written; seen: the end of the file; expected: a JSON object"),
        ("   \n", "character 5: not as JSON is written; seen: the end of the file"),
        ("[]", "character 1: not as JSON is written; seen: []; expected: a JSON object"),
        ("{", "character 2: not as JSON is written; seen: the end of the file; expected: the name of a member"),
        ("{}", "@type: not a report of cast vote records; expected: CVR.CastVoteRecordReport"),
        ('{"CVR": 7}', "@type: not a report of cast vote records"),
        ('{"@type": "CVR.ElectionReport"}', "@type: not a report of cast vote records; seen: CVR.ElectionReport"),
        ('{"a": 1,}', "character 9: not as JSON is written; seen: }; expected: the name of a member"),
        ('{"a" 1}', "character 6: not as JSON is written; seen: 1}; expected: a colon"),
        ('{"a": 1 "b": 2}', "character 9: not as JSON is written"),
        ('{"a": nul}', "a, character 7: not as JSON is written; seen: nul}; expected: value"),
        ('{"a": NaN}', "a, character 7: not a value of a report; seen: NaN"),
        ('{"a": -Infinity}', "a, character 7: not a value of a report; seen: -Infinity"),
        ('{"a": ' + "9" * 5000 + "}", "a, character 7: not a value of a report"),
        ('{"a": ' + "[" * 100_000, "a, character 7: nested too deeply"),
        ('{"a": ' + '{"b":' * 100_000, "a, character 7: nested too deeply"),
        (
            '{"CVR": [1, 2',
            "record 2, character 14: not as JSON is written; seen: the end of the file; expected: a comma",
        ),
        ('{"CVR": [1, {"a": ', "record 2, character 19: not as JSON is written; seen: the end of the file"),
        ('{"CVR": [1, {"a": "b', "record 2, character 19: not as JSON is written: unterminated string; seen: "),
        ('{"CVR": [1, ]}', "record 2, character 13: not as JSON is written; seen: ]}"),
        ('{"a": "\x01"}', "a, character 8: not as JSON is written: invalid control character; seen: \ufffd"),
    ],
    ids=range(21),
)
def test_what_is_no_json_is_refused_where_it_ends_to_be(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "cvr.json"
    path.write_text(text, "utf-8")
    error = refused(path, small())
    assert str(error).startswith(f"cvr.json, {message}")
    assert len(str(error.problems[0])) < 300


def test_what_stands_after_the_report_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cvr.json"
    path.write_text(text_of() + " \n")
    read(path, small())
    path.write_text(text_of() + "{}")
    assert "nothing after the object" in str(refused(path, small()))


@pytest.mark.parametrize(
    ("old", "new", "seen"),
    [
        ('"Version": "1.0.0"', '"Version": "1.0.0", "Version": "1.0.0"', "Version"),
        ('"ElectionId"', '"UniqueId": "1", "UniqueId": "2", "ElectionId"', "UniqueId given twice"),
        ('"HasIndication": "yes"', '"HasIndication": "no", "HasIndication": "yes"', "HasIndication given twice"),
        ('"Contest": [', '"Contest": [], "Contest": [', "Contest given twice"),
    ],
)
def test_a_name_given_twice_is_refused(old: str, new: str, seen: str, tmp_path: Path) -> None:
    path = tmp_path / "cvr.json"
    assert old in text_of()
    path.write_text(text_of().replace(old, new, 1))
    assert refused(path, small()).problems[0].seen == seen


def test_records_given_twice_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "cvr.json"
    path.write_text(text_of()[:-1] + ', "CVR": []}')
    assert str(refused(path, small())) == "cvr.json: a member given twice; seen: CVR; expected: each name once"


def test_objects_with_one_id_are_refused(tmp_path: Path) -> None:
    for what in ("GpUnit", "Contest", "Candidate", "ContestSelection"):
        report = json.loads(text_of())
        objects(report, what).append(objects(report, what)[0])
        assert "missing, or given twice" in str(refused(write(tmp_path / "cvr.json", report), small()))
    report = json.loads(text_of())
    report["Election"].append(report["Election"][0])
    assert "an @id given twice" in str(refused(write(tmp_path / "cvr.json", report), small()))


@pytest.mark.parametrize("key", ["Election", "GpUnit", "Version", "@type"])
def test_a_report_without_what_its_identifiers_mean_is_refused(key: str, tmp_path: Path) -> None:
    report = json.loads(text_of())
    del report[key]
    error = refused(write(tmp_path / "cvr.json", report, proper=False), small())
    assert [problem.place for problem in error.problems] == [f"cvr.json, {key}"]


def test_a_report_without_records_is_no_ballots(tmp_path: Path) -> None:
    report = Report(small()).whole()
    assert read(write(tmp_path / "cvr.json", report), small()) == {}
    del report["CVR"]
    assert read(write(tmp_path / "cvr.json", report), small()) == {}


@pytest.mark.parametrize("name", ["cvr.json", "cvr.json.gz"])
def test_a_file_that_cannot_be_read_is_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    assert refused(path, small()).exit_code == 2
    path.mkdir()
    assert refused(path, small()).exit_code == 2


def test_a_compressed_file_must_be_whole(tmp_path: Path) -> None:
    path = tmp_path / "cvr.json.gz"
    whole = gzip.compress(text_of().encode())
    path.write_bytes(whole)
    assert len(read(path, small())) == 2
    for content in (whole[:-20], whole[:40], whole[:-4] + b"abcd", text_of().encode(), whole[:60] + b"\xff" * 60):
        path.write_bytes(content)
        assert refused(path, small()).exit_code == 2


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_other_encodings_are_refused(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "cvr.json"
    path.write_bytes(text_of().replace("petrov", "pétrov").encode(encoding))
    assert "not UTF-8 text" in str(refused(write_text(path, encoding), small()))


def write_text(path: Path, encoding: str) -> Path:
    path.write_bytes(json.dumps({"é": EXAMPLE}, ensure_ascii=False).encode(encoding))
    return path


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "cvr.json"
    path.write_text(text_of(), "utf-8-sig")
    assert len(read(path, small())) == 2


@given(cut=st.integers(0, len(text_of()) - 1))
def test_a_report_that_ends_early_is_refused(cut: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("cut") / "cvr.json"
    path.write_text(text_of()[:cut])
    assert len(refused(path, small()).problems) == 1
