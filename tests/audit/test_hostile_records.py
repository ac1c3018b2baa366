"""Records made to break the reader: bombs, odd numbers, odd texts. Each is one failure in one printable line."""

from __future__ import annotations

import gzip
import tempfile
from pathlib import Path

import pytest

from suffrage.audit import Report, verify_bundle
from suffrage.protocols.canonical import canonical
from tests.audit.bundles import PROTOCOLS, REPLACED, SIGNATURES, Bundle, Original, Seal

DEEP = b'{"a":' * 900 + b"1" + b"}" * 900
ODD = {
    "deeper than any parser goes": b"[" * 100_000 + b"]" * 100_000,
    "deeper than what is written": DEEP,
    "not a number": b"NaN",
    "an infinite number": b"1e999",
    "a huge number": b"9" * 5000,
    "a number beyond 64 bits": b"123456789012345678901234567890",
    "beyond the whole numbers of JSON": b"9007199254740993",
    "a fraction": b"0.1",
    "minus nothing": b"-0",
    "half a character": b'"\\ud800"',
    "bytes that are no text": b'"\xff\xfe"',
    "a control character": b'"\x00"',
    "an escaped control character": b'"\\u001b[31mred\\u0007"',
    "text that turns the line round": '"\N{RIGHT-TO-LEFT OVERRIDE}elected"'.encode(),
    "a long text": b'"' + b"a" * 1_000_000 + b'"',
    "nothing": b"null",
    "a list": b"[1,2]",
    "an object": b'{"candidate":{},"votes":{}}',
    "a truth value": b"true",
}
KEYS = (
    "unit",
    "level",
    "ballot",
    "contest",
    "figures",
    "votes",
    "decisions",
    "below",
    "replaces",
    "findings",
    "outcome",
)


def failed(bundle: Bundle, original: Original, tmp_path: Path) -> Report:
    bundle.sealed(Seal.TRUE)
    report = verify_bundle(bundle.zipped(tmp_path / "b.zip"), original.fingerprint)
    for failure in report.failures:
        assert str(failure).isprintable()
        assert len(str(failure)) < 1500
    return report


def with_value(line: bytes, key: str, value: bytes) -> bytes:
    """A record with some bytes as the value of a key, in the place where the key belongs."""
    whole = canonical({**Bundle({"": line}, None).records("")[0], key: "here"})  # type: ignore[arg-type]
    return whole.replace(b'"here"', value, 1)


@pytest.mark.slow
@pytest.mark.parametrize("name", ODD)
def test_an_odd_value_anywhere_in_a_record(original: Original, tmp_path: Path, name: str) -> None:
    place = 4
    for key in KEYS:
        bundle = original.bundle.copy()
        lines = bundle.lines(PROTOCOLS)
        lines[place] = with_value(lines[place], key, ODD[name])
        bundle.put(PROTOCOLS, lines)
        first = failed(bundle, original, tmp_path).failures[0]
        assert original.names[place] in first.record or f"protocols.jsonl, line {place + 1}" in first.record


@pytest.mark.slow
@pytest.mark.parametrize("name", ODD)
def test_an_odd_value_in_what_was_replaced(original: Original, tmp_path: Path, name: str) -> None:
    """What was replaced is not drawn by a count, so that its form is all there is to hold it against."""
    for key in (*KEYS, "kind", "election", "format", "units", "contests", "more"):
        bundle = original.bundle.copy()
        lines = bundle.lines(REPLACED)
        lines[2] = with_value(lines[2], key, ODD[name])
        bundle.put(REPLACED, lines)
        assert not failed(bundle, original, tmp_path).holds


@pytest.mark.slow
@pytest.mark.parametrize("name", ODD)
def test_an_odd_line_of_any_file(original: Original, tmp_path: Path, name: str) -> None:
    for file in (PROTOCOLS, REPLACED, SIGNATURES):
        bundle = original.bundle.copy()
        lines = bundle.lines(file)
        lines[1] = ODD[name]
        bundle.put(file, lines)
        found = failed(bundle, original, tmp_path).failures
        assert found[0].record == f"{file.removeprefix('protocols/')}, line 2"


def test_a_fraction_is_no_whole_number(original: Original, tmp_path: Path) -> None:
    bundle = original.bundle.copy()
    lines = bundle.lines(PROTOCOLS)
    for old, new in ((b'"ballot":1', b'"ballot":1.0'), (b'"ballot":1', b'"ballot":true')):
        changed = [lines[0].replace(old, new, 1), *lines[1:]]
        bundle.put(PROTOCOLS, changed)
        found = failed(bundle, original, tmp_path).failures
        assert found[0].record == "protocols.jsonl, line 1"


@pytest.mark.parametrize("text", ["\x1b[2J", "\N{RIGHT-TO-LEFT OVERRIDE}", "\x07", "\x9b31m", "\N{ZERO WIDTH SPACE}"])
def test_what_cannot_be_seen_is_never_printed(original: Original, tmp_path: Path, text: str) -> None:
    """In the names of units and candidates, in a title, in roles and keys."""
    for name, old in (
        ("election/units.csv", "Precinct 1"),
        ("election/units.csv", "p1,"),
        ("election/candidates.csv", "Anna"),
        ("election/candidates.csv", "d1-a"),
        ("election/election.toml", "Election of a republic"),
        ("election/decisions.csv", "r1"),
        ("election/decisions.csv", "recount of p1"),
        ("election/statements.csv", "complaint"),
        ("election/returns.csv", "p1"),
        ("election/returns.csv", "registered"),
        ("roster.jsonl", '"role":"secretary'),
        ("roster.jsonl", '"unit":"north'),
        (SIGNATURES, '"key":"'),
        ("law.toml", "ussr-1937"),
    ):
        bundle = original.bundle.copy()
        data = bundle.files[name]
        bundle.files[name] = data.replace(old.encode(), old.encode() + text.encode(), 1)
        assert bundle.files[name] != data
        assert not failed(bundle, original, tmp_path).holds


def test_where_the_bundle_was_unpacked_is_never_said(original: Original, tmp_path: Path) -> None:
    for damaged in (b"no gzip at all", gzip.compress(b"unit\n" * 1000)[:-9]):
        bundle = original.bundle.copy()
        del bundle.files["election/returns.csv"]
        bundle.files["election/returns.csv.gz"] = damaged
        first, *_ = failed(bundle, original, tmp_path).failures
        assert first.record == "election/returns.csv.gz"
        assert tempfile.gettempdir() not in str(first)
