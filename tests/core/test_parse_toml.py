"""The parser of statutes, against Python's own tomllib, and the lines it tells."""

from __future__ import annotations

import contextlib
import math
import tomllib
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from suffrage._core import TomlSyntaxError, parse_toml

STATUTE = """\
id = "riverside"
sources = [
    "Rules, section 31",
    "Rules, section 44",
]

[majority]
more_than = { value = "1/2", base = "valid" }
thresholds = [
    { base = "registered" },
    { base = "valid" },
]

[calendar.roll]
displayed.before = 21

[[district]]
id = "north"
[[district]]
id = "south"
"""


def test_every_path_has_its_line() -> None:
    values, lines = parse_toml(STATUTE)
    assert values == tomllib.loads(STATUTE)
    assert lines == {
        ("id",): 1,
        ("sources",): 2,
        ("sources", 0): 3,
        ("sources", 1): 4,
        ("majority",): 7,
        ("majority", "more_than"): 8,
        ("majority", "more_than", "value"): 8,
        ("majority", "more_than", "base"): 8,
        ("majority", "thresholds"): 9,
        ("majority", "thresholds", 0): 10,
        ("majority", "thresholds", 0, "base"): 10,
        ("majority", "thresholds", 1): 11,
        ("majority", "thresholds", 1, "base"): 11,
        ("calendar",): 14,
        ("calendar", "roll"): 14,
        ("calendar", "roll", "displayed"): 15,
        ("calendar", "roll", "displayed", "before"): 15,
        ("district",): 17,
        ("district", 0): 17,
        ("district", 0, "id"): 18,
        ("district", 1): 19,
        ("district", 1, "id"): 20,
    }


def test_an_empty_document() -> None:
    assert parse_toml("") == ({}, {})
    assert parse_toml("# nothing\n") == ({}, {})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1979-05-27T07:32:00Z", datetime(1979, 5, 27, 7, 32, tzinfo=UTC)),
        (
            "1979-05-27T00:32:00.999999-07:30",
            datetime(1979, 5, 27, 0, 32, 0, 999999, timezone(timedelta(hours=-7, minutes=-30))),
        ),
        ("1979-05-27 07:32:00.1234567", datetime(1979, 5, 27, 7, 32, 0, 123456)),
        ("1979-05-27", date(1979, 5, 27)),
        ("07:32:00.5", time(7, 32, 0, 500000)),
        ("0x_f".replace("_", ""), 15),
        ("9_223_372_036_854_775_807", 2**63 - 1),
        ("-inf", -math.inf),
        ("6.02e23", 6.02e23),
        ("true", True),
        ("'C:\\x'", "C:\\x"),
        ('"\\u00e9\\U0001F5F3"', "é🗳"),
        ('"""\na\\\n   b\r\n"""', "ab\n"),
    ],
)
def test_a_value_is_that_of_tomllib(text: str, value: object) -> None:
    document = f"a = {text}\n"
    parsed, _ = parse_toml(document)
    assert parsed == tomllib.loads(document) == {"a": value}
    assert type(parsed["a"]) is type(value)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a = 1\nb = \n", 2, 5),
        ("a = 1\na = 2\n", 2, 1),
        ("[a]\n[a]\n", 2, 2),
        ('é = "x" y\n', 1, 9),
        ("a = 0000-01-01\n", 1, 5),
        ("a = 9223372036854775808\n", 1, 5),
        ("\n\na = [1,\n", 3, 8),
        ("a = \x00\n", 1, 5),
    ],
)
def test_a_syntax_error_names_its_place(text: str, line: int, column: int) -> None:
    with pytest.raises(TomlSyntaxError) as caught:
        parse_toml(text)
    error = caught.value
    assert (error.line, error.column) == (line, column)
    assert error.message
    assert "\n" not in error.message
    assert str(error) == f"line {line}, column {column}: {error.message}"


@pytest.mark.parametrize("text", ["a = " + "[" * 100_000, "a = " + "{a=" * 100_000, "a" + ".a" * 100_000 + "=1"])
def test_nesting_without_end_is_refused(text: str) -> None:
    with pytest.raises(TomlSyntaxError):
        parse_toml(text)


keys = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
scalars = (
    st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=10)
    | st.dates()
    | st.times()
    | st.datetimes()
    | st.datetimes(timezones=st.integers(-1439, 1439).map(lambda m: timezone(timedelta(minutes=m))))
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)


def quoted(text: str) -> str:
    plain = (c if c.isprintable() and c not in '"\\' else f"\\U{ord(c):08x}" for c in text)
    return f'"{"".join(plain)}"'


def inline(value: Any) -> str:
    """Write a value as TOML on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{quoted(key)} = {inline(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(inline, value)) + "]"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return repr(value)


@given(st.dictionaries(keys, values, max_size=6))
def test_whatever_is_written_is_read_as_tomllib_reads_it(document: dict[str, Any]) -> None:
    text = "".join(f"{quoted(key)} = {inline(value)}\n" for key, value in document.items())
    parsed, lines = parse_toml(text)
    assert parsed == tomllib.loads(text) == document
    assert [lines[key,] for key in document] == list(range(1, len(document) + 1))


# What means something in TOML, so that random documents come close to real ones.
pieces = st.lists(
    st.sampled_from([*"ab1.=-+_eTZ[]{},#'\"\\ \n\r\0é", "[[", "]]", '"""', "\r\n", "1979-05-27", "07:32:00", "0x"]),
    max_size=40,
).map("".join)


@given(pieces | st.text(max_size=40))
@example("a.b = 1\n[a]\n")
@example("[[a]]\n[a]\n")
@example("a = [1]\n[[a]]\n")
@example("a = {}\n[a.b]\n")
@example("a = 07:32:60\n")
@example("\ufeffa = 1\n")
def test_what_tomllib_reads_is_read_alike_and_nothing_crashes(text: str) -> None:
    try:
        expected = tomllib.loads(text)
    except (ValueError, RecursionError):
        # TOML 1.1 allows more than tomllib; whatever it is, it must be read or be an error of ours.
        with contextlib.suppress(TomlSyntaxError):
            parse_toml(text)
        return
    parsed, lines = parse_toml(text)
    assert repr(parsed) == repr(expected)
    assert all(1 <= line <= text.count("\n") + 1 for line in lines.values())
