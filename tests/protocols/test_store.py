"""The protocols of a folder: written and read back; who signs what; signatures gathered from several machines."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from suffrage.errors import ProtocolError, SuffrageError
from suffrage.protocols.canonical import sha256
from suffrage.protocols.roster import committee_of
from suffrage.protocols.signatures import parse_signatures
from suffrage.protocols.store import FILES, Store, collected, read_store, signed_by, write_store
from tests.elections import deciding
from tests.protocols.made import (
    EVERY,
    RETURNS,
    again,
    all_signed,
    at,
    holds,
    key,
    members_of,
    republic,
    roster,
    sign_all,
    signed_store,
)
from tests.protocols.plain import Held, held

ELECTION = republic()
CORRECTED = republic(
    decisions=[deciding("correct", "d3", id="k1", unit="d3", candidate="d3-c", figure=2, reason="a miscount")]
)


def replaced_once() -> Store:
    return all_signed(again(signed_store(ELECTION, RETURNS), CORRECTED, RETURNS), CORRECTED)


def same(one: Store | None, two: Store) -> bool:
    """Whether two stores hold the same; a signature that nobody gave is no line."""
    assert one is not None
    signed = [{sha: list(pairs) for sha, pairs in store.signatures.items() if pairs} for store in (one, two)]
    return (
        list(one.in_force.items()) == list(two.in_force.items())
        and list(one.replaced) == list(two.replaced)
        and signed[0] == signed[1]
    )


@pytest.mark.parametrize("kind", ["drafts", "signed", "replaced"])
def test_what_is_written_is_read_back(kind: str, tmp_path: Path) -> None:
    store = {
        "drafts": lambda: again(Store(), ELECTION, EVERY),
        "signed": lambda: signed_store(ELECTION, EVERY),
        "replaced": replaced_once,
    }[kind]()
    write_store(store, tmp_path)
    assert same(read_store(tmp_path), store)
    before = [(tmp_path / "protocols" / name).read_bytes() for name in FILES]
    found = read_store(tmp_path)
    assert found is not None
    write_store(found, tmp_path)
    assert [(tmp_path / "protocols" / name).read_bytes() for name in FILES] == before


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(held())
def test_any_protocols_are_read_back(tmp_path: Path, of: Held) -> None:
    store = signed_store(of.election, of.returns)
    write_store(store, tmp_path)
    assert same(read_store(tmp_path), store)


def test_every_line_is_a_protocol_and_its_hash_that_of_the_line(tmp_path: Path) -> None:
    store = replaced_once()
    write_store(store, tmp_path)
    lines = (tmp_path / "protocols" / "protocols.jsonl").read_bytes().splitlines()
    assert [sha256(line) for line in lines] == [protocol.sha256 for protocol in store.in_force.values()]
    old = (tmp_path / "protocols" / "replaced.jsonl").read_bytes().splitlines()
    assert [sha256(line) for line in old] == [protocol.sha256 for protocol in store.replaced]
    with (tmp_path / "protocols" / "signatures.jsonl").open("rb") as signed:
        hashes = [sha for sha, _ in parse_signatures(signed)]
    assert hashes == [sha256(line) for line in (*lines, *old)]


def test_a_folder_without_protocols_has_none(tmp_path: Path) -> None:
    assert read_store(tmp_path) is None


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(name: str, tmp_path: Path) -> None:
    write_store(again(Store(), ELECTION, EVERY), tmp_path)
    (tmp_path / "protocols" / name).unlink()
    with pytest.raises(ProtocolError, match=name):
        read_store(tmp_path)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("line", [b"nothing", b"{}", b"[]", b'"a"', b"\xff", b"[" * 100_000, b"5", b"", b'{"unit":5}'])
def test_a_malformed_line_is_named(name: str, line: bytes, tmp_path: Path) -> None:
    write_store(replaced_once(), tmp_path)
    path = tmp_path / "protocols" / name
    first = path.read_bytes().splitlines(keepends=True)[0]
    path.write_bytes(first + line + b"\n")
    with pytest.raises(ProtocolError) as refused:
        read_store(tmp_path)
    assert [problem.place for problem in refused.value.problems] == [f"protocols/{name}, line 2"]


@pytest.mark.parametrize("name", FILES)
def test_a_line_that_stands_twice_is_named(name: str, tmp_path: Path) -> None:
    """Which of two protocols of one identity, or of two lists of signatures, were in force nobody could tell."""
    write_store(replaced_once(), tmp_path)
    path = tmp_path / "protocols" / name
    first = path.read_bytes().splitlines(keepends=True)[0]
    path.write_bytes(first + path.read_bytes())
    with pytest.raises(ProtocolError) as refused:
        read_store(tmp_path)
    assert [problem.place for problem in refused.value.problems] == [f"protocols/{name}, line 2"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(FILES), st.binary(max_size=60))
def test_any_bytes_give_an_error_for_people_or_a_store(tmp_path: Path, name: str, data: bytes) -> None:
    write_store(Store(), tmp_path)
    (tmp_path / "protocols" / name).write_bytes(data)
    try:
        found = read_store(tmp_path)
    except ProtocolError:
        return
    assert found == Store()


def test_strangers_in_the_folder_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "protocols").mkdir()
    (tmp_path / "protocols" / "notes.txt").write_text("mine")
    with pytest.raises(SuffrageError, match=r"notes\.txt"):
        write_store(Store(), tmp_path)
    assert (tmp_path / "protocols" / "notes.txt").read_text() == "mine"


# Signing


def test_a_member_signs_what_the_own_committees_answer_for_and_once() -> None:
    members = members_of()
    made, store = roster(ELECTION, members), again(Store(), ELECTION, EVERY)
    for unit, group in members.items():
        for _, member in group:
            signed, new = signed_by(store, member, made, ELECTION)
            due = [
                protocol
                for identity, protocol in store.in_force.items()
                if committee_of(made, ELECTION, identity.unit) is made.committees[unit]
            ]
            assert new == len(due) > 0
            assert set(signed.signatures) == {protocol.sha256 for protocol in due}
            for protocol in due:
                ((public, signature),) = signed.signatures[protocol.sha256]
                assert public == member.public.key
                assert holds(public, signature, protocol.text)
            assert signed_by(signed, member, made, ELECTION) == (signed, 0)
    assert store.signatures == {}


def test_a_member_of_two_committees_signs_for_both() -> None:
    members = {"": [("chair", key("a"))], "p1": [("chair", key("a"))], "d1": [("chair", key("b"))]}
    signed, _ = signed_by(again(Store(), ELECTION, EVERY), key("a"), roster(ELECTION, members), ELECTION)
    units = {protocol.identity.unit for protocol in signed.signed().values()}
    assert {"p1", "", "d3", "hills"} <= units
    assert not {"p2", "town", "d1"} & units


def test_a_stranger_signs_nothing() -> None:
    store = again(Store(), ELECTION, EVERY)
    assert signed_by(store, key("stranger"), roster(ELECTION), ELECTION) == (store, 0)


def test_a_new_protocol_is_signed_anew_and_the_old_signatures_stay() -> None:
    members = members_of()
    made = roster(ELECTION, members)
    keys = [member for group in members.values() for _, member in group]
    store = sign_all(again(Store(), ELECTION, RETURNS), made, ELECTION, keys)
    after = again(store, CORRECTED, RETURNS)
    old, district = at(store, "district", "d3"), at(after, "district", "d3")
    assert not after.signatures.get(district.sha256)
    assert after.signatures[old.sha256] == store.signatures[old.sha256]
    chair = members[""][0][1]
    signed, new = signed_by(after, chair, made, CORRECTED)
    assert new == len([district, at(after, "area", "south"), at(after, "centre")])
    assert [public for public, _ in signed.signatures[district.sha256]] == [chair.public.key]


def test_progress_is_told_now_and_then() -> None:
    told: list[int] = []
    store = again(Store(), ELECTION, EVERY)
    made = roster(ELECTION, {"": [("chair", key("a"))]})
    signed_by(store, key("a"), made, ELECTION, told.append)
    assert told == []


# Gathering


def test_the_copies_of_two_members_come_together() -> None:
    members = members_of()
    made, store = roster(ELECTION, members), again(Store(), ELECTION, EVERY)
    (_, one), (_, two) = members["p4"]
    mine, first = signed_by(store, one, made, ELECTION)
    theirs, second = signed_by(store, two, made, ELECTION)
    both, new = collected(mine, theirs.signatures)
    assert new == second == first
    precinct = at(store, "precinct", "p4", "d2").sha256
    assert [public for public, _ in both.signatures[precinct]] == [one.public.key, two.public.key]
    assert collected(both, theirs.signatures) == (both, 0)
    assert collected(both, mine.signatures) == (both, 0)
    assert mine.signatures[precinct] == ((one.public.key, mine.signatures[precinct][0][1]),)


def test_signatures_of_other_protocols_are_not_taken() -> None:
    store = again(Store(), ELECTION, EVERY)
    other = signed_store(republic(law="ussr-1989"), EVERY)
    assert collected(store, other.signatures) == (store, 0)


def test_a_signature_given_twice_is_taken_once() -> None:
    signed = signed_store(ELECTION, EVERY)
    store = again(Store(), ELECTION, EVERY)
    doubled = {sha: (*pairs, *pairs) for sha, pairs in signed.signatures.items()}
    both, new = collected(store, doubled)
    assert new == len(store.in_force)
    assert all(len(pairs) == 1 for pairs in both.signatures.values())


def test_late_signatures_of_replaced_protocols_are_kept_too() -> None:
    before = signed_store(ELECTION, RETURNS)
    after = again(before, CORRECTED, RETURNS)
    members = members_of()
    late = sign_all(before, roster(ELECTION, members), ELECTION, [members[""][0][1]])
    both, new = collected(after, late.signatures)
    assert new > 0
    assert len(both.signatures[at(before, "centre").sha256]) == 2
