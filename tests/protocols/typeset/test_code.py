"""The QR code of a hash."""

from __future__ import annotations

import segno
from hypothesis import given
from hypothesis import strategies as st

from suffrage.protocols.typeset.code import code_drawing, code_text
from tests.protocols.typeset.made import digest

HASHES = st.binary(min_size=32, max_size=32).map(bytes.hex)


def test_it_says_the_hash() -> None:
    assert code_text(digest("x")) == f"suffrage:sha256:{digest('x')}"


@given(HASHES, HASHES)
def test_one_hash_one_drawing(one: str, other: str) -> None:
    assert code_drawing(one) == code_drawing(one)
    assert (code_drawing(one) == code_drawing(other)) == (one == other)


def test_it_is_white_behind_and_has_its_border() -> None:
    drawing = code_drawing(digest("x"))
    side = segno.make_qr(code_text(digest("x")), error="m", mode="byte").symbol_size(border=4)[0]
    assert f'width="{side}"' in drawing
    assert "#fff" in drawing
