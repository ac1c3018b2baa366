"""The roster: written and read back, malformed lines, who signs for a unit, and when enough have signed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suffrage.election import Kind
from suffrage.errors import ProtocolError
from suffrage.law import Statute, built_in
from suffrage.protocols.canonical import canonical, strict_json
from suffrage.protocols.published import Signer
from suffrage.protocols.roster import Roster, committee_of, lacking, parse_roster, replay_roster, roster_text
from tests.protocols.made import COMMITTEES, key, members_of, republic, roster, roster_bytes

ELECTION = republic()
ROOT = key("root").public.key


def test_what_is_written_is_read_back() -> None:
    made = roster(ELECTION)
    assert (made.election, made.kind, made.root) == ("republic", "demo", ROOT)
    assert set(made.committees) == set(COMMITTEES)
    for unit, members in members_of().items():
        assert list(made.committees[unit].items()) == [
            (member.public.key, Signer(member.public.name, role, member.public.fingerprint)) for role, member in members
        ]
    assert made.central == made.committees[""]


def test_lines_are_canonical_and_in_the_order_of_the_units() -> None:
    lines = roster_bytes(ELECTION, dict(reversed(members_of().items()))).splitlines()
    documents = [strict_json(line) for line in lines]
    assert documents[0] == {"format": "suffrage-roster/1", "election": "republic", "kind": "demo", "root": ROOT}
    assert [document["unit"] for document in documents[1:]] == ["", "north", "d1", "p1", "p4"]


MEMBERS = st.lists(
    st.tuples(st.text(max_size=5), st.sampled_from(["chair", "secretary", "member"]), st.integers(0, 20)),
    max_size=4,
    unique_by=lambda member: member[2],
)


@given(st.dictionaries(st.sampled_from(["", *(unit.id for unit in ELECTION.units)]), MEMBERS, max_size=5))
def test_any_committees_are_read_back(committees: dict[str, list[tuple[str, str, int]]]) -> None:
    listed = {
        unit: [(name, role, key(str(number)).public.key) for name, role, number in members]
        for unit, members in committees.items()
    }
    made = parse_roster(roster_text(ELECTION, ROOT, listed))
    assert {
        unit: [(signer.name, signer.role, public) for public, signer in members.items()]
        for unit, members in made.committees.items()
    } == listed


def test_a_replay_has_its_replayer_alone() -> None:
    replay = republic(kind=Kind.REPLAY)
    made = parse_roster(replay_roster(replay, key("root").public))
    assert made.root == ROOT
    assert made.committees == {"": {ROOT: Signer("root", "replayer", key("root").public.fingerprint)}}
    assert committee_of(made, replay, "p1") == made.central


# Malformed

HEAD = {"format": "suffrage-roster/1", "election": "republic", "kind": "demo", "root": ROOT}
MEMBER = {"name": "A", "role": "chair", "key": ROOT}


def lines(*values: Any) -> bytes:
    return b"".join(canonical(value) + b"\n" for value in values)


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"", 1),
        (b"\n", 1),
        (b"nothing\n", 1),
        (b"[" * 100_000, 1),
        (b"\xff\n", 1),
        (lines({**HEAD, "format": "suffrage-roster/2"}), 1),
        (lines({**HEAD, "root": "ab"}), 1),
        (lines({**HEAD, "root": None}), 1),
        (lines({**HEAD, "root": ROOT.upper()}), 1),
        (lines({**HEAD, "election": ["republic"]}), 1),
        (lines({**HEAD, "kind": 7}), 1),
        (lines({name: value for name, value in HEAD.items() if name != "election"}), 1),
        (lines([HEAD]), 1),
        (lines("text"), 1),
        (lines(HEAD, {"unit": "", "members": [MEMBER]}, {"unit": "", "members": []}), 3),
        (lines(HEAD, {"unit": "", "members": [MEMBER, MEMBER]}), 2),
        (lines(HEAD, {"unit": "", "members": [{**MEMBER, "key": "ab"}]}), 2),
        (lines(HEAD, {"unit": "", "members": [{**MEMBER, "key": ROOT.upper()}]}), 2),
        (lines(HEAD, {"unit": "", "members": [{**MEMBER, "key": 5}]}), 2),
        (lines(HEAD, {"unit": "", "members": [{**MEMBER, "name": 5}]}), 2),
        (lines(HEAD, {"unit": "", "members": [{**MEMBER, "role": "king"}]}), 2),
        (lines(HEAD, {"unit": "", "members": [{**MEMBER, "role": ["chair"]}]}), 2),
        (lines(HEAD, {"unit": "", "members": MEMBER}), 2),
        (lines(HEAD, {"unit": "", "members": 5}), 2),
        (lines(HEAD, {"unit": 5, "members": []}), 2),
        (lines(HEAD, {"unit": [], "members": []}), 2),
        (lines(HEAD, {"unit": ""}), 2),
        (lines(HEAD, None), 2),
        (lines(HEAD) + b"\n", 2),
    ],
)
def test_a_malformed_line_is_named(data: bytes, line: int) -> None:
    with pytest.raises(ProtocolError) as refused:
        parse_roster(data, "bundle.zip: roster.jsonl")
    assert [problem.place for problem in refused.value.problems] == [f"bundle.zip: roster.jsonl, line {line}"]


@given(st.binary(max_size=60) | st.binary(max_size=40).map(lambda data: lines(HEAD) + data))
def test_any_bytes_are_a_roster_or_an_error_for_people(data: bytes) -> None:
    try:
        made = parse_roster(data)
    except ProtocolError:
        return
    assert isinstance(made, Roster)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3) | st.sampled_from(["", ROOT, "chair"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["unit", "members", "name", "role", "key"]), inner, max_size=5)
    ),
    max_leaves=8,
)


@given(VALUES)
def test_any_second_line_is_a_committee_or_an_error_for_people(value: Any) -> None:
    try:
        made = parse_roster(lines(HEAD, value))
    except ProtocolError:
        return
    for unit, members in made.committees.items():
        assert type(unit) is str
        for public, signer in members.items():
            assert len(bytes.fromhex(public)) == 32
            assert type(signer.name) is type(signer.role) is str


# Who signs for a unit


@pytest.mark.parametrize(
    ("unit", "whose"),
    [
        ("p1", "p1"),
        ("p2", "d1"),
        ("p3", "d1"),
        ("town", "d1"),
        ("d1", "d1"),
        ("p4", "p4"),
        ("p5", "north"),
        ("d2", "north"),
        ("north", "north"),
        ("d3", ""),
        ("south", ""),
        ("hills", ""),
        ("land", ""),
        ("", ""),
        ("nowhere", ""),
    ],
)
def test_the_committee_is_its_own_or_the_nearest_above(unit: str, whose: str) -> None:
    made = roster(ELECTION)
    assert committee_of(made, ELECTION, unit) == made.committees[whose]


def test_without_a_central_committee_nobody_signs() -> None:
    made = roster(ELECTION, {"d1": members_of()["d1"]})
    assert committee_of(made, ELECTION, "d3") == {}
    assert lacking(built_in("ussr-1937"), "demo", {}, [ROOT]) == "the roster has no committee for it"


# Enough signatures

SILENT, ALL_PRESENT, ALL = built_in("plurality"), built_in("ussr-1937"), built_in("party-1937")


def ruled(rule: str) -> Statute:
    """The law of 1937 with another rule on who signs."""
    protocols = ALL_PRESENT.protocols
    signed_by: Any = replace(protocols.signed_by, value=rule)  # type: ignore[arg-type]
    return replace(ALL_PRESENT, protocols=replace(protocols, signed_by=signed_by))


def committee(*roles: str) -> dict[str, Signer]:
    return {key(f"m{number}").public.key: Signer(f"m{number}", role, "") for number, role in enumerate(roles)}


FIVE = committee("chair", "deputy", "secretary", "member", "member")


def signers(*numbers: int) -> list[str]:
    return [key(f"m{number}").public.key for number in numbers]


def test_the_laws_that_these_tests_stand_on() -> None:
    assert ALL_PRESENT.protocols.signed_by.known == "all-present"
    assert ALL.protocols.signed_by.known == "all"
    assert SILENT.protocols.signed_by.known is None
    for rule in ("majority", "chair-and-secretary"):
        assert ruled(rule).protocols.signed_by.known == rule


@pytest.mark.parametrize("law", [SILENT, ALL_PRESENT, ruled("majority")], ids=["silent", "all present", "majority"])
def test_more_than_half_have_to_sign(law: Statute) -> None:
    assert lacking(law, "demo", FIVE, signers(0, 3, 4)) == ""
    assert lacking(law, "demo", FIVE, signers(0, 3)) == ("2 signatures of 3 needed (the committee has 5 members)")
    four = committee("chair", "secretary", "member", "member")
    assert lacking(law, "demo", four, signers(0, 1)) != ""
    assert lacking(law, "demo", four, signers(0, 1, 2)) == ""
    one = committee("chair")
    assert lacking(law, "demo", one, signers(0)) == ""
    assert lacking(law, "demo", one, []) == "0 signatures of 1 needed (the committee has 1 member)"


def test_all_have_to_sign() -> None:
    assert lacking(ALL, "real", FIVE, signers(0, 1, 2, 3, 4)) == ""
    assert lacking(ALL, "real", FIVE, signers(0, 1, 2, 3)) == ("4 signatures of 5 needed (the committee has 5 members)")


def test_chair_and_secretary_have_to_sign() -> None:
    law = ruled("chair-and-secretary")
    assert lacking(law, "demo", FIVE, signers(2, 0)) == ""
    assert lacking(law, "demo", FIVE, signers(0, 1, 3, 4)) == "the signature of the secretary is missing"
    assert lacking(law, "demo", FIVE, signers(2)) == "the signature of the chair is missing"
    assert lacking(law, "demo", FIVE, []) == "the signature of the chair and the secretary is missing"


@pytest.mark.parametrize("law", [SILENT, ALL_PRESENT, ALL, ruled("chair-and-secretary")])
def test_a_replay_needs_its_replayer_under_any_law(law: Statute) -> None:
    alone = committee("replayer")
    assert lacking(law, "replay", alone, signers(0)) == ""
    assert lacking(law, "replay", alone, signers(1)) != ""


@pytest.mark.parametrize("law", [SILENT, ALL_PRESENT, ALL])
def test_strangers_and_doubled_keys_do_not_count(law: Statute) -> None:
    assert lacking(law, "demo", FIVE, signers(7, 8, 9, 10, 11)) != ""
    assert lacking(law, "demo", FIVE, signers(0, 0, 0, 0, 0)) != ""


@given(st.lists(st.integers(0, 6), max_size=8), st.sampled_from([SILENT, ALL_PRESENT, ALL]))
def test_enough_is_a_matter_of_different_members(numbers: Sequence[int], law: Statute) -> None:
    members = {number for number in numbers if number < 5}
    needed = 5 if law is ALL else 3
    assert (lacking(law, "demo", FIVE, signers(*numbers)) == "") == (len(members) >= needed)
