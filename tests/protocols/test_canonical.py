"""Canonical bytes are those of RFC 8785, whichever way they are made; nothing else is read as canonical."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from suffrage.protocols.canonical import canonical, sha256, strict_json

SAFE = 2**53 - 1

# Where UTF-16 and Unicode order differently: the private use area and what follows it, against higher planes.
TEXTS = st.text(
    st.sampled_from(
        "aZ09 \"\\/'\b\f\n\r\t\0\x1f\x7f\x80\u2028\u2029éюა中\ud7ff\ue000\ufeff\uffff\U00010000😀\U0010ffff"
    )
    | st.characters(codec="utf-8"),
    max_size=6,
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-SAFE, SAFE) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=5),
    max_leaves=20,
)


@given(VALUES)
def test_the_bytes_are_those_of_the_rfc(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@given(VALUES)
def test_what_is_written_is_read_back(value: Any) -> None:
    assert strict_json(canonical(value)) == value


@given(st.dictionaries(TEXTS, st.integers(0, 9), max_size=8))
def test_keys_stand_in_the_order_of_utf_16(value: dict[str, int]) -> None:
    read = json.loads(canonical(value), object_pairs_hook=list)
    assert [key for key, _ in read] == sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))


def test_the_order_of_the_rfc() -> None:
    """RFC 8785, section 3.2.3."""
    value = {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\U0001f600": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis",
    }
    order = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    assert list(strict_json(canonical(value))) == order


def test_the_texts_of_the_rfc() -> None:
    """RFC 8785, section 3.2.2, but for its fractions."""
    value = {"string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/", "literals": [None, True, False]}
    written = '{"literals":[null,true,false],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    assert canonical(value) == written.encode()


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb", "😀\udc00"])
@pytest.mark.parametrize("as_key", [False, True])
def test_half_a_character_is_refused(text: str, as_key: bool) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - each library has its own words
        canonical({text: 1} if as_key else [text])


@pytest.mark.parametrize("number", [2**53, -(2**53), 2**64])
@pytest.mark.parametrize("beside", ["a", "😀"])
def test_a_number_that_is_not_exact_everywhere_is_refused(number: int, beside: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - each library has its own words
        canonical([beside, number])


@pytest.mark.parametrize("number", [SAFE, -SAFE, 0])
@pytest.mark.parametrize("beside", ["a", "😀"])
def test_numbers_up_to_there_are_written(number: int, beside: str) -> None:
    assert canonical([beside, number]) == f'["{beside}",{number}]'.encode()


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1,"a":1}',
        b'{"a":1,"a":2}',
        b'{"b":1,"a":2}',
        b'{"a": 1}',
        b'{"a":1}\n',
        b" 1",
        b"[1 ]",
        b'"\\u0041"',
        b'"\\/"',
        b'"\\u000A"',
        b'"\xc3\xa9\\u00e9"',
        b"-0",
        b"1.0",
        b"1e2",
        b"1E400",
        b"NaN",
        b"Infinity",
        b"9007199254740993",
        b'"\\ud800"',
        b'"\xed\xa0\x80"',
        b'"\xff"',
        b"",
        b"{",
        b"nul",
        b"\xef\xbb\xbf1",
        "1".encode("utf-16"),
        b"1" * 5000,
        '{"\uffff":1,"\U00010000":1}'.encode(),
    ],
)
def test_what_is_not_canonical_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - each library has its own words
        strict_json(data)


@given(st.binary(max_size=30) | VALUES.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_refused_or_canonical(data: bytes) -> None:
    try:
        value = strict_json(data)
    except ValueError:
        return
    assert rfc8785.dumps(value) == data


def test_the_hash_is_sha_256() -> None:
    assert sha256(b"abc") == hashlib.sha256(b"abc").hexdigest()
    assert sha256(b"").startswith("e3b0c442")
