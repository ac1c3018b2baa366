"""Sealed streams: what was written comes out, and nothing that was changed, moved, cut off or added passes."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suffrage.errors import ProtocolError
from suffrage.protocols import sealed_stream
from suffrage.protocols.sealed_stream import Opener, Sealer

PASSPHRASE = "correct horse battery"
PIECE = 1000
_TAG = 16


def cheap(passphrase: str, kdf: Mapping[str, Any]) -> bytes:
    """A stand-in for scrypt, which is slow on purpose; its key too depends on everything it is given."""
    return sha256(repr((passphrase, sorted(kdf.items()))).encode()).digest()


@pytest.fixture(scope="module", autouse=True)
def small_and_without_delay() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealed_stream, "derived", cheap)
        patch.setattr(sealed_stream, "PIECE", PIECE)
        yield


def sealed(data: bytes, step: int = 700) -> bytes:
    file = io.BytesIO()
    sealer = Sealer(file, {"format": "test/1", "made": "today"}, PASSPHRASE)
    for at in range(0, len(data), step):
        assert sealer.write(data[at : at + step]) == len(data[at : at + step])
    sealer.finish()
    return file.getvalue()


def opened(file: bytes, passphrase: str = PASSPHRASE, step: int = 333) -> bytes:
    opener = Opener(io.BytesIO(file), "x.backup", "test/1", passphrase)
    assert opener.head["made"] == "today"
    parts = list(iter(lambda: opener.read(step), b""))
    opener.finish()
    assert opener.done == len(file)
    return b"".join(parts)


def refused(file: bytes, passphrase: str = PASSPHRASE) -> str:
    with pytest.raises(ProtocolError) as found:
        opened(file, passphrase)
    assert found.value.exit_code == 1
    assert passphrase not in str(found.value)
    return str(found.value)


def body_of(file: bytes) -> int:
    """Where the pieces begin."""
    return file.index(b"\n", file.index(b"\n") + 1) + 1


@given(st.integers(0, 5 * PIECE), st.integers(1, 3 * PIECE), st.integers(1, 3 * PIECE))
def test_what_was_written_comes_out(size: int, written: int, read: int) -> None:
    data = bytes(number % 251 for number in range(size))
    assert opened(sealed(data, written), step=read) == data


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 2 * PIECE + 1])
def test_the_edges_of_pieces(size: int) -> None:
    data = bytes(size)
    file = sealed(data)
    assert opened(file) == data
    pieces = max(1, -(-size // PIECE))
    assert len(file) - body_of(file) == size + pieces * _TAG


DATA = bytes(number % 249 for number in range(3 * PIECE + 500))


@given(st.data())
def test_a_changed_byte_anywhere_is_named(data: st.DataObject) -> None:
    file = bytearray(sealed(DATA))
    at = data.draw(st.integers(0, len(file) - 1))
    file[at] ^= data.draw(st.integers(1, 255))
    said = refused(bytes(file))
    start = body_of(sealed(DATA))
    if at >= start:
        piece = (at - start) // (PIECE + _TAG)
        first = start + piece * (PIECE + _TAG)
        assert said.startswith(f"x.backup, bytes {first} to {min(first + PIECE + _TAG, len(file))}: were changed")


@given(st.data())
def test_a_file_that_is_cut_off_anywhere_is_none(data: st.DataObject) -> None:
    file = sealed(DATA)
    refused(file[: data.draw(st.integers(0, len(file) - 1))])


def test_where_it_is_cut_off_is_named() -> None:
    file = sealed(DATA)
    end = body_of(file) + 2 * (PIECE + _TAG)
    assert refused(file[:end]) == f"x.backup: is cut off after {end} bytes"
    assert "or the file is cut off there" in refused(file[: end + 7])
    assert "or the file is cut off there" in refused(file[:-1])
    assert "were changed, or the file is cut off" in refused(file[: body_of(file)])


def _pieces(file: bytes) -> tuple[bytes, list[bytes]]:
    start = body_of(file)
    return file[:start], [file[at : at + PIECE + _TAG] for at in range(start, len(file), PIECE + _TAG)]


SPOILED: list[tuple[str, Callable[[list[bytes]], list[bytes]]]] = [
    ("two pieces change places", lambda p: [p[1], p[0], *p[2:]]),
    ("a piece is missing", lambda p: [p[0], *p[2:]]),
    ("a piece stands twice", lambda p: [p[0], p[0], *p[1:]]),
    ("the last piece is missing", lambda p: p[:-1]),
    ("the last piece stands twice", lambda p: [*p, p[-1]]),
    ("something was added", lambda p: [*p[:-1], p[-1] + b"x"]),
    ("the end comes first", lambda p: [p[-1]]),
]


@pytest.mark.parametrize("spoil", [spoil for _, spoil in SPOILED], ids=[name for name, _ in SPOILED])
def test_pieces_keep_their_places(spoil: Callable[[list[bytes]], list[bytes]]) -> None:
    head, pieces = _pieces(sealed(DATA))
    refused(head + b"".join(spoil(pieces)))


def test_what_was_added_after_the_end_is_named() -> None:
    file = sealed(bytes(2 * PIECE))
    assert refused(file + b"more") == f"x.backup: something was added after {len(file)} bytes, where the file ended"


def test_pieces_of_another_file_under_the_same_passphrase_do_not_fit() -> None:
    (head, first), (_, second) = _pieces(sealed(DATA)), _pieces(sealed(DATA))
    refused(head + b"".join([first[0], second[1], *first[2:]]))


def test_another_passphrase_opens_nothing() -> None:
    assert "the passphrase is another one" in refused(sealed(DATA), PASSPHRASE + "!")


@pytest.mark.parametrize(
    "head",
    [b"", b"\n\n", b"{}\n\n", b"[]\nx\n", b"{" * 70000, b'{"format":"other/1"}\nx\n', b"PK\x03\x04", b"\xff\xfe\n\n"],
)
def test_what_is_no_sealed_file_is_said(head: bytes) -> None:
    assert refused(head) == "x.backup: does not begin as such a file does; expected: test/1"


def test_the_plain_text_is_not_in_the_file_and_no_two_files_are_alike() -> None:
    data = b"a roll of electors " * 300
    one, two = sealed(data), sealed(data)
    assert b"electors" not in one
    assert one[body_of(one) :] != two[body_of(two) :]


def test_the_passphrase_of_a_new_file_is_long_enough() -> None:
    with pytest.raises(ProtocolError, match="too short"):
        Sealer(io.BytesIO(), {"format": "test/1"}, "short")
