"""The protocols of one republic: which there are, in what order, and what each of them says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from suffrage.election import Contest, Decision, Election, Kind, Unit
from suffrage.law import built_in
from suffrage.protocols.published import Identity, Level
from suffrage.protocols.record import from_text, identity_of
from suffrage.protocols.store import Store
from suffrage.returns import Return
from tests.elections import deciding, election, sound
from tests.protocols.made import (
    EVERY,
    NATIONS,
    RETURNS,
    UNION,
    again,
    all_signed,
    at,
    changed,
    drawn,
    named,
    of,
    republic,
    without,
)


def stored(made: Election, returns: tuple[Return, ...] = EVERY) -> Store:
    return again(Store(), made, returns)


ORDER = [
    ("precinct", "p1", "d1", 1),
    ("precinct", "p2", "d1", 1),
    ("part", "town", "d1", 1),
    ("precinct", "p3", "d1", 1),
    ("district", "d1", "d1", 1),
    ("precinct", "p4", "d2", 1),
    ("precinct", "p5", "d2", 1),
    ("district", "d2", "d2", 1),
    ("district", "d3", "d3", 1),
    *(("precinct", f"p{n}", "hills", 1) for n in range(1, 6)),
    ("district", "hills", "hills", 1),
    ("area", "north", "union", 1),
    ("area", "south", "union", 1),
    ("centre", "", "union", 1),
    ("centre", "", "nationalities", 1),
    ("precinct", "p4", "d2", 2),
    ("precinct", "p5", "d2", 2),
    ("district", "d2", "d2", 2),
    ("area", "north", "union", 2),
    ("centre", "", "union", 2),
]


def test_what_lies_beneath_is_drawn_before_what_lies_above() -> None:
    assert named(drawn(republic(), EVERY)) == ORDER


def test_a_precinct() -> None:
    record = at(stored(republic()), "precinct", "p1", "d1").record
    assert record["unit"] == {"id": "p1", "name": "Precinct 1", "kind": "precinct"}
    assert record["contest"] == {
        "id": "d1",
        "name": "First district",
        "chamber": {"id": "union", "name": "Council of the Union"},
        "seats": 1,
        "rules": "",
    }
    assert record["figures"]["registered"] == 61
    assert record["votes"] == [
        {"candidate": "d1-a", "number": 1, "name": "A Anna", "votes": 40},
        {"candidate": "d1-b", "number": 2, "name": "B Anna", "votes": 10},
        {"candidate": "d1-c", "number": 3, "name": "C Anna", "votes": 3},
    ]
    assert record["findings"] == []
    assert (record["day"], record["language"], record["kind"]) == ("1937-12-12", "uk", "demo")
    assert not {"below", "units", "outcome", "previous", "replaces", "line"} & record.keys()


def test_a_part_and_a_district() -> None:
    store = stored(republic())
    town, first = at(store, "part", "town", "d1"), at(store, "district", "d1")
    assert town.record["below"] == [at(store, "precinct", name, "d1").sha256 for name in ("p1", "p2")]
    assert town.record["units"] == {"expected": 2, "reported": 2}
    assert "findings" not in town.record
    assert first.record["below"] == [town.sha256, at(store, "precinct", "p3", "d1").sha256]
    assert first.record["units"] == {"expected": 3, "reported": 3}
    assert first.record["electors_outstanding"] == 0
    assert first.record["outcome"]["elected"] == ["d1-a"]
    assert [line["votes"] for line in first.record["votes"]] == [125, 22, 7]


def test_a_district_that_reports_itself() -> None:
    record = at(stored(republic()), "district", "d3").record
    assert (record["below"], record["units"]) == ([], {"expected": 1, "reported": 1})
    assert record["figures"]["registered"] == 104
    assert record["outcome"]["elected"] == ["d3-a"]


def test_a_second_ballot_names_the_first_one() -> None:
    store = stored(republic())
    first, second = at(store, "district", "d2"), at(store, "district", "d2", ballot=2)
    assert first.record["outcome"]["kind"] == "second ballot"
    assert second.record["previous"] == first.sha256
    assert second.record["day"] == "1937-12-24"
    assert [line["candidate"] for line in second.record["votes"]] == ["d2-a", "d2-b"]
    assert at(store, "area", "north", ballot=2).record["previous"] == at(store, "area", "north").sha256
    centre = at(store, "centre", ballot=2).record
    assert centre["previous"] == at(store, "centre").sha256
    assert centre["contests"] == {"expected": 1, "reported": 1}
    assert centre["outcomes"] == {"elected": 1}


def test_the_centre_of_each_chamber() -> None:
    store = stored(republic())
    union, nations = at(store, "centre").record, at(store, "centre", chamber=NATIONS).record
    assert union["unit"] is None
    assert union["chamber"] == {"id": UNION, "name": "Council of the Union"}
    assert union["below"] == [at(store, "area", name).sha256 for name in ("north", "south")]
    assert union["outcomes"] == {"elected": 2, "second ballot": 1}
    assert nations["below"] == [at(store, "district", "hills", chamber=NATIONS).sha256]
    assert (
        nations["figures"]["registered"]
        == at(store, "district", "hills", chamber=NATIONS).record["figures"]["registered"]
    )
    assert not {"votes", "contest", "outcome", "findings"} & union.keys()


def test_returns_that_are_out_are_counted_as_due() -> None:
    store = stored(republic(), without(RETURNS, "p2", "d3", contest="d1"))
    assert at(store, "part", "town", "d1").record["units"] == {"expected": 2, "reported": 1}
    assert at(store, "district", "d1").record["units"] == {"expected": 3, "reported": 2}
    some = stored(republic(), without(RETURNS, "d3"))
    assert Identity(Level.DISTRICT, "d3", "d3", UNION, 1) not in some.in_force
    assert Identity(Level.AREA, "south", "", UNION, 1) not in some.in_force
    assert at(some, "centre").record["contests"] == {"expected": 3, "reported": 2}


def test_an_inner_unit_that_reports_itself_is_a_precinct_with_its_units_covered() -> None:
    returns = (*without(RETURNS, "p1", "p2", contest="d1"), of("town", "d1", 75, 22, 7))
    store = stored(republic(), returns)
    assert at(store, "precinct", "town", "d1").record["votes"][0]["votes"] == 75
    assert at(store, "district", "d1").record["units"] == {"expected": 3, "reported": 3}
    assert Identity(Level.PART, "town", "d1", UNION, 1) not in store.in_force


def test_findings_stand_in_the_protocol_of_the_return_and_are_counted_above() -> None:
    wrong = changed(RETURNS, "p1", "d1", valid=99)
    made = republic(decisions=[deciding("accept", "d1", id="k1", unit="p1")])
    store = stored(made, wrong)
    findings = at(store, "precinct", "p1", "d1").record["findings"]
    assert findings
    assert {tuple(sorted(finding)) for finding in findings} == {
        ("about", "article", "check", "left", "right", "settled_by", "severity")
    }
    assert {finding["settled_by"] for finding in findings if finding["severity"] == "error"} == {"k1"}
    first = at(store, "district", "d1").record
    assert first["findings"] == []
    assert first["breaches"]["errors"] + first["breaches"]["remarks"] == len(findings)


def test_findings_about_the_contest_stand_in_the_district() -> None:
    made = republic(decisions=[deciding("withdraw", "d1", id="w", candidate="d1-c")])
    record = at(stored(made), "district", "d1").record
    assert [finding["about"] for finding in record["findings"]] == ["decision w"]
    assert record["breaches"] == {"errors": 0, "remarks": 1}


def test_a_remark_about_the_second_ballot_stands_in_its_own_protocol() -> None:
    made = republic(decisions=[deciding("elect", "d2", id="e", candidate="d2-a", ballot=2)])
    store, plain = stored(made), stored(republic())
    assert at(store, "district", "d2") == at(plain, "district", "d2")
    assert [item["about"] for item in at(store, "district", "d2", ballot=2).record["findings"]] == ["decision e"]


def test_a_unit_that_only_hosts_others_is_not_expected_to_report() -> None:
    units = (
        Unit("x"), Unit("p", parent="x", also_in=("host",)), Unit("d"), Unit("m", parent="d"),
        Unit("host", parent="m"), Unit("q", parent="m"),
    )  # fmt: skip
    made = election(units, (Contest("d", "d"),))
    protocols = drawn(made, [sound({"a": 3, "b": 1}, "p"), sound({"a": 3, "b": 1}, "q")])
    units_of = {item.identity.unit: item.record["units"] for item in protocols if "units" in item.record}
    assert units_of == {"m": {"expected": 1, "reported": 1}, "d": {"expected": 2, "reported": 2}}


def test_a_unit_that_hosts_others_may_report_for_them() -> None:
    units = (Unit("x"), Unit("p", parent="x", also_in=("host",)), Unit("d"), Unit("host", parent="d"))
    made = election(units, (Contest("d", "d"),))
    protocols = drawn(made, [sound({"a": 3, "b": 1}, "host")])
    assert named(protocols) == [("precinct", "host", "d", 1), ("district", "d", "d", 1), ("centre", "", "", 1)]
    assert protocols[1].record["units"] == {"expected": 1, "reported": 1}


def test_contests_within_contests_each_have_their_own_protocols() -> None:
    units = (Unit("top"), Unit("m", parent="top"), Unit("p", parent="m"))
    made = election(
        units, (Contest("wide", "top"), Contest("close", "m"), Contest("other", "m", chamber="two")), law="plurality"
    )
    protocols = drawn(made, [sound({"a": 3, "b": 1}, "p", name) for name in ("wide", "close", "other")])
    assert named(protocols) == [
        ("precinct", "p", "wide", 1),
        ("part", "m", "wide", 1),
        ("district", "top", "wide", 1),
        ("precinct", "p", "close", 1),
        ("district", "m", "close", 1),
        ("precinct", "p", "other", 1),
        ("district", "m", "other", 1),
        ("centre", "", "", 1),
        ("centre", "", "two", 1),
    ]
    assert len(protocols[-2].record["below"]) == 2
    assert protocols[-1].record["chamber"] == {"id": "two", "name": "two"}


def test_areas_within_areas() -> None:
    units = (Unit("top"), Unit("a", parent="top"), Unit("b", parent="a"), Unit("d", parent="b"), Unit("e", parent="a"))
    made = election(units, (Contest("d", "d"), Contest("e", "e")), law="plurality")
    protocols = drawn(made, [sound({"a": 3, "b": 1}, name, name) for name in ("d", "e")])
    assert named(protocols) == [
        ("district", "d", "d", 1),
        ("district", "e", "e", 1),
        ("area", "b", "", 1),
        ("area", "a", "", 1),
        ("centre", "", "", 1),
    ]
    hashes = {protocol.identity.unit: protocol.sha256 for protocol in protocols}
    assert set(protocols[3].record["below"]) == {hashes["e"], hashes["b"]}
    assert protocols[3].record["contests"] == {"expected": 2, "reported": 2}


@pytest.mark.parametrize("kind", Kind)
def test_the_kind_is_part_of_every_record(kind: Kind) -> None:
    protocols = drawn(republic(kind=kind), EVERY)
    assert {protocol.record["kind"] for protocol in protocols} == {kind.value}


def test_everything_that_heads_a_record_changes_its_hash() -> None:
    made = republic()
    others = [
        replace(made, kind=Kind.REAL),
        replace(made, id="other"),
        replace(made, title="Another title"),
        replace(made, language="fr"),
        replace(made, polling_day=None),
    ]
    hashes = [{protocol.sha256 for protocol in drawn(other, RETURNS)} for other in (made, *others)]
    assert sum(map(len, hashes)) == len(set.union(*hashes))


def test_the_law_is_named_with_its_title() -> None:
    record = drawn(republic(), RETURNS)[0].record
    assert (record["law"]["id"], record["law"]["title"]) == ("ussr-1937", built_in("ussr-1937").title)


def test_an_identity_reads_as_a_sentence() -> None:
    names = {str(protocol.identity) for protocol in drawn(republic(), EVERY)}
    assert len(names) == len(ORDER)
    assert {
        "protocol of the precinct p1, contest d1, first ballot",
        "protocol of the district d2, second ballot",
        "protocol of the area north, chamber union, first ballot",
        "protocol of the centre, chamber nationalities, first ballot",
    } <= names


def test_a_record_tells_its_identity() -> None:
    for protocol in drawn(republic(), EVERY):
        assert identity_of(protocol.record) == protocol.identity == from_text(protocol.text).identity


def test_decisions_of_a_contest_are_named_from_the_district_up() -> None:
    made = republic(decisions=[deciding("withdraw", "d2", id="w", candidate="d2-c")])
    store = all_signed(stored(made), made)
    for level, unit in (("district", "d2"), ("area", "north"), ("centre", "")):
        for ballot in (1, 2):
            assert at(store, level, unit, ballot=ballot).record["decisions"] == ["w"]
    assert at(store, "area", "south").record["decisions"] == []


def test_no_decision_twice() -> None:
    decisions: list[Decision] = [
        deciding("correct", "d1", id="c1", unit="p1", candidate="d1-a", figure=39),
        deciding("accept", "d1", id="c2"),
    ]
    store = stored(republic(decisions=decisions))
    assert at(store, "centre").record["decisions"] == ["c1", "c2"]
