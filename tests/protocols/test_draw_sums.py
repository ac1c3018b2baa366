"""What protocols say of any election, against the same reckoned in plain Python from what lies beneath them."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from suffrage.law import statute_text
from suffrage.protocols.canonical import canonical, sha256
from suffrage.protocols.published import Level
from suffrage.protocols.record import Protocol, from_text
from tests.protocols.made import counted, drawn
from tests.protocols.plain import Held, Place, held, stands_as

Record = dict[str, Any]
SUMS = ("part", "district", "area", "centre")

some = settings(max_examples=max(settings().max_examples // 4, 20))


def votes_of(record: Record) -> dict[str, int]:
    return {line["candidate"]: line["votes"] for line in record["votes"]}


@some
@given(held())
def test_sums_are_those_of_the_protocols_they_name(of: Held) -> None:
    before: dict[str, Record] = {}
    for protocol in drawn(of.election, of.returns):
        record = protocol.record
        if record.get("below"):
            beneath = [before[sha] for sha in record["below"]]
            names = set.intersection(*[set(item["figures"]) for item in beneath])
            assert record["figures"] == {name: sum(item["figures"][name] for item in beneath) for name in names}
            if "votes" in record:
                votes: Counter[str] = Counter()
                for item in beneath:
                    votes.update(votes_of(item))
                assert votes_of(record) == dict(votes)
        elif record["level"] in SUMS:
            assert record["level"] == "district", "only a district reports itself"
        before[protocol.sha256] = record


@some
@given(held())
def test_every_protocol_lies_beneath_one_other_up_to_the_centre(of: Held) -> None:
    below: Counter[str] = Counter()
    seen: dict[str, Record] = {}
    for protocol in drawn(of.election, of.returns):
        record = protocol.record
        for sha in record.get("below", ()):
            assert seen[sha]["ballot"] == record["ballot"]
            below[sha] += 1
        if "previous" in record:
            earlier = seen[record["previous"]]
            assert (earlier["ballot"], record["ballot"]) == (1, 2)
            assert all(earlier.get(key) == record.get(key) for key in ("level", "unit", "contest", "chamber"))
        seen[protocol.sha256] = record
    for sha, record in seen.items():
        assert below[sha] == (record["level"] != "centre"), record


@some
@given(held())
def test_second_ballots_name_the_first(of: Held) -> None:
    protocols = drawn(of.election, of.returns)
    first = {(p.identity.level, p.identity.unit, p.identity.contest, p.identity.chamber) for p in protocols
             if p.identity.ballot == 1}  # fmt: skip
    for protocol in protocols:
        identity, record = protocol.identity, protocol.record
        name = identity.level, identity.unit, identity.contest, identity.chamber
        due = identity.ballot == 2 and name in first and identity.level not in (Level.PRECINCT, Level.PART)
        assert ("previous" in record) == due


@some
@given(held())
def test_each_identity_and_each_hash_is_there_once(of: Held) -> None:
    protocols = drawn(of.election, of.returns)
    assert len({protocol.identity for protocol in protocols}) == len(protocols)
    for protocol in protocols:
        assert protocol.sha256 == sha256(protocol.text) == sha256(canonical(protocol.record))
        assert from_text(protocol.text) == protocol
        assert not protocol.unexplained
        assert "replaces" not in protocol.record


@some
@given(held())
def test_every_return_has_a_protocol_with_its_figures_and_nothing_else_has(of: Held) -> None:
    own = {}
    for protocol in drawn(of.election, of.returns):
        record = protocol.record
        if record["level"] == "precinct" or (record["level"] == "district" and not record["below"]):
            own[record["unit"]["id"], record["contest"]["id"], record["ballot"]] = record
            root = record["unit"]["id"] == next(
                contest.unit for contest in of.election.contests if contest.id == record["contest"]["id"]
            )
            assert (record["level"] == "district") == root
    assert set(own) == {(item.unit, item.contest, item.ballot) for item in of.returns}
    for item in of.returns:
        record = own[item.unit, item.contest, item.ballot]
        stands = stands_as(of.election, item)
        if stands is None:
            continue
        figures, votes = stands
        assert record["figures"] == figures
        printed = votes_of(record)
        assert {name: n for name, n in printed.items() if n} == {name: n for name, n in votes.items() if n}


@some
@given(held())
def test_units_are_expected_and_reported(of: Held) -> None:
    for protocol in drawn(of.election, of.returns):
        record = protocol.record
        if record["level"] not in ("part", "district"):
            continue
        contest = next(item for item in of.election.contests if item.id == record["contest"]["id"])
        place = Place(of.election, contest)
        mine = {item.unit for item in of.returns if (item.contest, item.ballot) == (contest.id, record["ballot"])}
        inside = place.below(record["unit"]["id"])
        leaves = [unit for unit in place.leaves if unit in inside]
        covered = [unit for unit in leaves if mine & set(place.chain(unit))]
        assert record["units"] == {"expected": len(leaves), "reported": len(covered)}, record["unit"]
        assert (record["below"] == []) == (record["level"] == "district" and contest.unit in mine)


@some
@given(held())
def test_a_part_stands_where_its_unit_does(of: Held) -> None:
    seen: dict[str, Record] = {}
    for protocol in drawn(of.election, of.returns):
        record = protocol.record
        if record["level"] in ("part", "district"):
            contest = next(item for item in of.election.contests if item.id == record["contest"]["id"])
            place = Place(of.election, contest)
            for sha in record["below"]:
                assert place.above(seen[sha]["unit"]["id"]) == record["unit"]["id"]
                assert seen[sha]["contest"] == record["contest"]
        seen[protocol.sha256] = record


@some
@given(held())
def test_a_district_says_what_the_count_says(of: Held) -> None:
    counts = {
        (contest.contest.id, ballot.ballot): ballot
        for contest in counted(of.election, of.returns).contests
        for ballot in contest.ballots
        if ballot.reported
    }
    said = {
        (record["contest"]["id"], record["ballot"]): record
        for record in (protocol.record for protocol in drawn(of.election, of.returns))
        if record["level"] == "district"
    }
    assert said.keys() == counts.keys()
    for place, ballot in counts.items():
        record, outcome = said[place], ballot.outcome
        assert record["outcome"]["kind"] == outcome.kind
        assert record["outcome"]["elected"] == list(outcome.elected)
        assert record["outcome"]["finalists"] == list(outcome.finalists)
        assert record["outcome"]["seats_left"] == outcome.seats_left
        assert record["outcome"]["by"] == (outcome.by and outcome.by.isoformat())
        assert record["outcome"]["certain_though_incomplete"] == outcome.certain
        assert " ".join(step["text"] for step in record["outcome"]["reasoning"]) == outcome.reasoning
        assert [line["votes"] for line in record["votes"]] == list(ballot.totals.votes)
        assert [line["candidate"] for line in record["votes"]] == [person.id for person in ballot.candidates]
        assert record["units"] == {"expected": ballot.expected, "reported": ballot.reported}
        assert record["electors_outstanding"] == ballot.totals.outstanding
        weights = Counter(finding.severity.value for finding in ballot.findings)
        assert record["breaches"] == {"errors": weights["error"], "remarks": weights["remark"]}
        known = {name: n for name, n in ballot.totals.figures.items() if name != "registered"}
        if ballot.totals.outstanding == 0:
            assert record["figures"].keys() == ballot.totals.figures.keys()
            known = dict(ballot.totals.figures)
        assert {name: record["figures"][name] for name in known if name in record["figures"]} == known


@some
@given(held())
def test_areas_and_the_centre_add_up_contests_and_outcomes(of: Held) -> None:
    election = of.election
    parents = {unit.id: unit.parent for unit in election.units}

    def areas(unit: str) -> list[str]:
        """Every unit above one but the uppermost, which is the centre's."""
        found = []
        while (unit := parents[unit]) and parents[unit]:
            found.append(unit)
        return [*found, ""]

    reported: dict[tuple[str, str, int], Counter[str]] = {}
    expected: Counter[tuple[str, str, int]] = Counter()
    for contest in counted(election, of.returns).contests:
        for ballot in (1, 2):
            held_here = [item for item in contest.ballots if item.ballot == ballot]
            for area in areas(contest.contest.unit):
                place = area, contest.contest.chamber, ballot
                expected[place] += bool(held_here) or contest.first.outcome.kind == "second ballot"
                for item in held_here:
                    if item.reported:
                        reported.setdefault(place, Counter())[item.outcome.kind.value] += 1
    said = {}
    for protocol in drawn(election, of.returns):
        record = protocol.record
        if record["level"] in ("area", "centre"):
            assert (record["unit"] is None) == (record["level"] == "centre")
            place = record["unit"]["id"] if record["unit"] else "", record["chamber"]["id"], record["ballot"]
            said[place] = record
    assert said.keys() == reported.keys()
    for place, record in said.items():
        assert record["outcomes"] == dict(reported[place])
        assert record["contests"] == {"expected": expected[place], "reported": reported[place].total()}


@some
@given(held())
def test_every_record_says_what_it_is(of: Held) -> None:
    election = of.election
    law = statute_text(election.law)
    for protocol in drawn(election, of.returns):
        record = protocol.record
        assert (record["format"], record["kind"]) == ("suffrage-protocol/1", "demo")
        assert record["election"] == {"id": election.id, "title": election.title}
        assert (record["law"]["id"], record["law"]["sha256"]) == (election.law, sha256(law))
        assert record["language"] == election.language
        day = election.polling_day if record["ballot"] == 1 else election.second_ballot_day
        assert record["day"] == (day and day.isoformat())
        assert record["complaints"] == record["opinions"] == []
        assert len(set(record["decisions"])) == len(record["decisions"])


@some
@given(held(), st.data())
def test_the_same_bytes_again_and_in_any_order(of: Held, data: st.DataObject) -> None:
    first = [protocol.text for protocol in drawn(of.election, of.returns)]
    assert [protocol.text for protocol in drawn(of.election, of.returns)] == first
    mixed = data.draw(st.permutations(of.returns))
    assert [protocol.text for protocol in drawn(of.election, mixed)] == first


@some
@given(held(most=5))
def test_nothing_is_drawn_where_nothing_is_reported(of: Held) -> None:
    assert drawn(of.election, ()) == []


@some
@given(held())
def test_decisions_stand_where_they_lie_and_in_everything_above(of: Held) -> None:
    seen: dict[str, Protocol] = {}
    known = {decision.id: decision for decision in of.election.decisions}
    for protocol in drawn(of.election, of.returns):
        record = protocol.record
        beneath = {name for sha in record.get("below", ()) for name in seen[sha].record["decisions"]}
        assert beneath <= set(record["decisions"]) <= known.keys()
        if record["level"] == "precinct":
            about = {
                name
                for name, decision in known.items()
                if (decision.contest, decision.unit, decision.ballot)
                == (record["contest"]["id"], record["unit"]["id"], record["ballot"])
            }
            assert about <= set(record["decisions"])
        seen[protocol.sha256] = protocol
