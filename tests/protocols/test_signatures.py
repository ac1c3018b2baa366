"""Lines of signatures: written and read back; what is none is named; each is a signature of exactly the record."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suffrage.errors import ProtocolError
from suffrage.protocols.canonical import strict_json
from suffrage.protocols.signatures import parse_line, parse_signatures, signature_line
from suffrage.protocols.store import Store
from tests.protocols.made import EVERY, again, at, holds, key, members_of, republic, roster, sign_all

TEXTS = st.text(st.characters(codec="utf-8"), max_size=8)
PAIRS = st.lists(st.tuples(TEXTS, TEXTS), max_size=4)


@given(TEXTS, PAIRS)
def test_what_is_written_is_read_back(protocol: str, pairs: list[tuple[str, str]]) -> None:
    line = signature_line(protocol, pairs)
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    assert parse_line(line) == (protocol, pairs)
    assert strict_json(line[:-1])["protocol"] == protocol


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"nothing",
        b"\xff",
        b"[" * 100_000,
        b"{}",
        b"[]",
        b"null",
        b'"protocol"',
        b'{"protocol":"a"}',
        b'{"signatures":[]}',
        b'{"protocol":1,"signatures":[]}',
        b'{"protocol":"a","signatures":{}, "more":1}',
        b'{"protocol":"a","signatures":5}',
        b'{"protocol":"a","signatures":["key"]}',
        b'{"protocol":"a","signatures":[{"key":"a"}]}',
        b'{"protocol":"a","signatures":[{"key":"a","signature":1}]}',
        b'{"protocol":"a","signatures":[{"key":null,"signature":"b"}]}',
        b'{"protocol":"a","signatures":[[1,2]]}',
        b'{"protocol":"a","signatures":[]}{}',
    ],
)
def test_what_is_no_line_is_named(line: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - that of JSON has its own words
        parse_line(line)
    lines = [signature_line("a", []), line]
    with pytest.raises(ProtocolError) as refused:
        list(parse_signatures(lines, "elsewhere.jsonl"))
    assert [problem.place for problem in refused.value.problems] == ["elsewhere.jsonl, line 2"]


@given(st.lists(st.binary(max_size=40), max_size=4))
def test_any_bytes_are_lines_or_an_error_for_people(lines: list[bytes]) -> None:
    try:
        found = list(parse_signatures(lines))
    except ProtocolError:
        return
    assert len(found) == len(lines)


def test_every_signature_is_one_of_the_record_and_of_nothing_else() -> None:
    election = republic()
    members = members_of()
    made = roster(election, members)
    store = again(Store(), election, EVERY)
    store = sign_all(store, made, election, (one for group in members.values() for _, one in group))
    for protocol in store.in_force.values():
        signatures = store.signatures[protocol.sha256]
        assert signatures
        for public, signature in signatures:
            assert holds(public, signature, protocol.text)
            assert not holds(public, signature, protocol.text + b"\n")
            assert not holds(public, signature, protocol.sha256.encode())
            assert not holds(key("root").public.key, signature, protocol.text)
    assert len(store.signatures[at(store, "precinct", "p1", "d1").sha256]) == 4
