"""What has been signed is only ever replaced: by what a decision changed, or by what came in later; else refused."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from suffrage.election import Decision, Election
from suffrage.errors import ProtocolError
from suffrage.protocols.record import LATER_RETURNS, Protocol
from suffrage.protocols.statements import Statement, Statements
from suffrage.protocols.store import Store
from suffrage.returns import Return
from tests.elections import deciding
from tests.protocols.made import (
    EVERY,
    NATIONS,
    RETURNS,
    again,
    all_signed,
    at,
    changed,
    named,
    of,
    republic,
    signed_store,
    without,
)


def corrected(identifier: str, figure: int, unit: str = "p1", contest: str = "d1", name: str = "c") -> Decision:
    """A correction of one candidate's votes."""
    return deciding(
        "correct", contest, id=identifier, unit=unit, candidate=f"{contest}-{name}", figure=figure,
        reason=f"reason of {identifier}",
    )  # fmt: skip


def hashes(store: Store) -> list[str]:
    return [protocol.sha256 for protocol in store.in_force.values()]


def fresh(before: Store, after: Store) -> list[Protocol]:
    """The protocols in force that were not before, each checked for what it says that it replaces."""
    new = [protocol for identity, protocol in after.in_force.items() if before.in_force.get(identity) != protocol]
    kept = {protocol.sha256 for protocol in after.replaced}
    for protocol in new:
        old = before.in_force.get(protocol.identity)
        if old is None:
            assert "replaces" not in protocol.record
        elif before.signatures.get(old.sha256):
            replaces = protocol.record["replaces"]
            assert replaces["sha256"] == old.sha256
            assert old.sha256 in kept
            assert after.signatures[old.sha256] == before.signatures[old.sha256]
            assert replaces["decisions"] or replaces["reason"]
        assert not protocol.unexplained
    return new


def redecided(
    decisions: Sequence[Decision], returns: Sequence[Return] = EVERY, before: Election | None = None
) -> tuple[Store, Store, Election]:
    """Everything signed, and drawn again with new decisions."""
    first = before or republic()
    store = signed_store(first, returns)
    made = republic(decisions=(*first.decisions, *decisions))
    return store, again(store, made, returns), made


ABOVE_P1 = [
    ("precinct", "p1", "d1", 1),
    ("part", "town", "d1", 1),
    ("district", "d1", "d1", 1),
    ("area", "north", "union", 1),
    ("centre", "", "union", 1),
]


def test_a_correction_replaces_the_protocol_and_everything_above_it() -> None:
    before, after, _ = redecided([corrected("k1", 4)], RETURNS)
    assert named(fresh(before, after)) == ABOVE_P1
    assert named(after.replaced) == ABOVE_P1
    for protocol in fresh(before, after):
        assert protocol.record["replaces"]["decisions"] == ["k1"]
        assert protocol.record["replaces"]["reason"] == "reason of k1"
        assert "k1" in protocol.record["decisions"]
    assert at(after, "precinct", "p1", "d1").record["votes"][2]["votes"] == 4
    assert at(before, "precinct", "p1", "d1").record["votes"][2]["votes"] == 3
    assert at(after, "precinct", "p1", "hills", NATIONS) == at(before, "precinct", "p1", "hills", NATIONS)


def test_sums_name_the_new_protocols_beneath_them() -> None:
    _, after, _ = redecided([corrected("k1", 4)])
    sha = {protocol.sha256 for protocol in after.in_force.values()}
    for protocol in after.in_force.values():
        assert set(protocol.record.get("below", ())) <= sha
        assert protocol.record.get("previous", next(iter(sha))) in sha


def test_a_second_ballot_follows_the_first_that_was_replaced() -> None:
    """The centre's second ballot names the first one's hash, though the decision is about another district."""
    before, after, _ = redecided([corrected("k1", 4)])
    new = fresh(before, after)
    assert named(new) == [*ABOVE_P1, ("area", "north", "union", 2), ("centre", "", "union", 2)]
    assert at(after, "centre", ballot=2).record["previous"] == at(after, "centre").sha256


def test_a_correction_of_the_first_ballot_reaches_the_districts_second() -> None:
    before, after, _ = redecided([corrected("k1", 9, "p4", "d2")])
    new = named(fresh(before, after))
    assert ("precinct", "p4", "d2", 1) in new
    assert ("district", "d2", "d2", 2) in new
    assert ("precinct", "p4", "d2", 2) not in new


def test_a_correction_that_changes_who_stands_in_the_second_ballot() -> None:
    """Whoever is a finalist stands on every ballot paper of it; the precincts' protocols change with that."""
    more = {"valid": 70, "took_part": 70, "registered": 80}
    decisions = [corrected("k0", 30, "p4", "d2")]
    decisions += [
        deciding("correct", "d2", id=f"k{number}", unit="p4", field=name, figure=figure, reason="more")
        for number, (name, figure) in enumerate(more.items(), 1)
    ]
    before, after, _ = redecided(decisions)
    new = named(fresh(before, after))
    assert ("district", "d2", "d2", 1) in new
    assert ("district", "d2", "d2", 2) in new


def test_a_withdrawal_of_one_who_got_no_votes() -> None:
    returns = (*RETURNS, of("p4", "d2", 30, 0, ballot=2), of("p5", "d2", 25, 0, ballot=2))
    decision = deciding("withdraw", "d2", id="w", candidate="d2-b", reason="a letter")
    before, after, _ = redecided([decision], returns)
    assert at(after, "district", "d2").record["replaces"]["decisions"] == ["w"]
    assert ("district", "d2", "d2", 2) in named(fresh(before, after))


@pytest.mark.parametrize(
    "decision",
    [
        deciding("accept", "d1", id="k"),
        deciding("accept", "d1", id="k", unit="p1"),
        deciding("annul", "d1", id="k"),
        deciding("annul", "d1", id="k", unit="p1"),
        deciding("withdraw", "d2", id="k", candidate="d2-b"),
        deciding("withdraw", "d1", id="k", candidate="d1-c"),
        deciding("elect", "d2", id="k", candidate="d2-a"),
        deciding("elect", "d2", id="k", candidate="d2-a", ballot=2),
        deciding("accept", "d2", id="k", ballot=2),
        deciding("annul", "d2", id="k", unit="p4", ballot=2),
        deciding("correct", "d3", id="k", unit="d3", field="invalid", figure=1),
    ],
    ids=lambda decision: f"{decision.kind}-{decision.contest}-{decision.unit}-{decision.ballot}",
)
@pytest.mark.parametrize("returns", [EVERY, changed(EVERY, "p1", "d1", valid=99)], ids=["sound", "in error"])
def test_every_kind_of_decision_may_be_taken_afterwards(decision: Decision, returns: Sequence[Return]) -> None:
    before, after, made = redecided([decision], returns)
    new = fresh(before, after)
    assert ("district", decision.contest, decision.contest, decision.ballot) in named(new)
    settled = all_signed(after, made)
    assert again(settled, made, returns) == settled


def test_three_corrections_one_after_the_other() -> None:
    store = signed_store(republic(), EVERY)
    decisions: list[Decision] = []
    seen = [at(store, "precinct", "p1", "d1").sha256]
    for number in (1, 2, 3):
        decisions.append(corrected(f"k{number}", 3 + number))
        made = republic(decisions=decisions)
        after = again(store, made, EVERY)
        record = at(after, "precinct", "p1", "d1").record
        assert record["replaces"] == {
            "sha256": seen[-1],
            "decisions": [f"k{number}"],
            "reason": f"reason of k{number}",
        }
        assert record["decisions"] == [decision.id for decision in decisions]
        fresh(store, after)
        store = all_signed(after, made)
        seen.append(at(store, "precinct", "p1", "d1").sha256)
    mine = [protocol.sha256 for protocol in store.replaced if protocol.identity.unit == "p1"]
    assert mine == seen[:3]
    assert len({protocol.sha256 for protocol in store.replaced}) == len(store.replaced)


def test_drawing_again_changes_nothing() -> None:
    store = signed_store(republic(), EVERY)
    assert again(store, republic(), EVERY) == store


def test_drawing_again_before_the_new_ones_are_signed_changes_nothing() -> None:
    _, after, made = redecided([corrected("k1", 4)])
    twice = again(after, made, EVERY)
    assert hashes(twice) == hashes(after)
    assert list(twice.replaced) == list(after.replaced)
    assert twice.signatures == after.signatures


def test_drawing_again_after_only_some_have_signed_changes_nothing() -> None:
    _, after, made = redecided([corrected("k1", 4)])
    some = all_signed(after, made)
    one = at(after, "precinct", "p1", "d1").sha256
    old = {sha: signed for sha, signed in some.signatures.items() if sha not in hashes(after) or sha == one}
    half = Store(after.in_force, after.replaced, old)
    twice = again(half, made, EVERY)
    assert hashes(twice) == hashes(half)
    assert list(twice.replaced) == list(half.replaced)


def test_a_second_decision_before_the_first_replacement_is_signed() -> None:
    """What was never signed leaves no trace: the new protocol replaces the signed one, for both decisions."""
    before, after, _ = redecided([corrected("k1", 4)])
    both = republic(decisions=[corrected("k1", 4), corrected("k2", 5)])
    last = again(after, both, EVERY)
    record = at(last, "precinct", "p1", "d1").record
    assert record["replaces"]["sha256"] == at(before, "precinct", "p1", "d1").sha256
    assert record["replaces"]["decisions"] == ["k1", "k2"]
    assert record["replaces"]["reason"] == "reason of k1; reason of k2"
    assert len(last.replaced) == len(after.replaced)


def test_a_decision_taken_back_before_the_replacement_is_signed_leaves_the_old_one_in_force() -> None:
    before, after, _ = redecided([corrected("k1", 4)])
    back = again(after, republic(), EVERY)
    assert hashes(back) == hashes(before)
    assert not back.replaced
    assert back.signatures == before.signatures


def test_a_decision_taken_back_after_the_replacement_is_signed_is_refused() -> None:
    _, after, made = redecided([corrected("k1", 4)])
    with pytest.raises(ProtocolError):
        again(all_signed(after, made), republic(), EVERY)


def test_drafts_are_simply_drawn_anew() -> None:
    store = again(Store(), republic(), EVERY)
    wrong = changed(EVERY, "p1", "d1", c=4)
    after = again(store, republic(), wrong)
    assert not after.replaced
    assert at(after, "precinct", "p1", "d1").record["votes"][2]["votes"] == 4
    assert hashes(after) == hashes(again(Store(), republic(), wrong))
    assert len(again(store, republic(), without(EVERY, "p1", "d3")).in_force) < len(store.in_force)


# Refused


@pytest.mark.parametrize(
    ("returns", "names"),
    [
        (changed(EVERY, "p1", "d1", c=4), ["votes.d1-c"]),
        (changed(EVERY, "p1", "d1", registered=99), ["figures.registered"]),
        (changed(EVERY, "p1", "d1", registered=99, c=4), ["figures.registered", "votes.d1-c"]),
    ],
)
def test_other_figures_without_a_decision_are_refused(returns: Sequence[Return], names: list[str]) -> None:
    store = signed_store(republic(), EVERY)
    before = hashes(store)
    with pytest.raises(ProtocolError) as refused:
        again(store, republic(), returns)
    places = [problem.place for problem in refused.value.problems]
    assert places[0] == "protocol of the precinct p1, contest d1, first ballot"
    said = refused.value.problems[0].message
    assert all(name in said for name in names)
    assert "votes.d1-a" not in said
    assert set(places) >= {
        "protocol of the part town, contest d1, first ballot",
        "protocol of the district d1, first ballot",
        "protocol of the area north, chamber union, first ballot",
        "protocol of the centre, chamber union, first ballot",
    }
    assert not any("hills" in place or "south" in place or "d2" in place for place in places)
    assert hashes(store) == before
    assert not store.replaced


def test_a_decision_about_another_return_explains_nothing() -> None:
    store = signed_store(republic(), EVERY)
    with pytest.raises(ProtocolError) as refused:
        again(store, republic(decisions=[corrected("k1", 4, "p2")]), changed(EVERY, "p1", "d1", c=4))
    assert refused.value.problems[0].place == "protocol of the precinct p1, contest d1, first ballot"


@pytest.mark.parametrize("unit", ["", "p1"])
def test_an_acceptance_explains_no_other_figures(unit: str) -> None:
    """To accept a return, or a whole contest, changes no figure; who changes one says so in a correction."""
    store = signed_store(republic(), EVERY)
    accepted = republic(decisions=[deciding("accept", "d1", id="k1", unit=unit, reason="as reported")])
    with pytest.raises(ProtocolError, match=r"precinct p1, contest d1.*votes\.d1-c"):
        again(store, accepted, changed(EVERY, "p1", "d1", c=4))


def test_an_older_decision_explains_nothing() -> None:
    """It was there when the protocol was signed, though only now there is something for it to settle."""
    accepted = republic(decisions=[deciding("accept", "d1", id="k1", reason="as reported")])
    store = signed_store(accepted, EVERY)
    with pytest.raises(ProtocolError, match=r"precinct p1, contest d1.*votes\.d1-c"):
        again(store, accepted, changed(EVERY, "p1", "d1", c=4))


def test_another_law_kind_or_title_is_refused() -> None:
    store = signed_store(republic(), EVERY)
    with pytest.raises(ProtocolError) as refused:
        again(store, republic(law="ussr-1989"), EVERY)
    assert "law" in refused.value.problems[0].message


@pytest.mark.parametrize("gone", ["p1", "d3"])
def test_a_signed_return_that_vanished_is_refused(gone: str) -> None:
    store = signed_store(republic(), EVERY)
    with pytest.raises(ProtocolError) as refused:
        again(store, republic(), without(EVERY, gone))
    unit = "precinct p1, contest d1" if gone == "p1" else "district d3"
    gone_ones = [problem for problem in refused.value.problems if problem.expected == "its return"]
    assert f"protocol of the {unit}, first ballot" in [problem.place for problem in gone_ones]


def test_a_precinct_that_only_some_signed_is_held_too() -> None:
    store = signed_store(republic(), EVERY)
    one = at(store, "precinct", "p1", "d1")
    only = Store(store.in_force, (), {one.sha256: store.signatures[one.sha256]})
    with pytest.raises(ProtocolError) as refused:
        again(only, republic(), changed(EVERY, "p1", "d1", c=4))
    assert len(refused.value.problems) == 1


# Later returns


def test_returns_that_come_later_need_no_decision() -> None:
    early = without(RETURNS, "p2", contest="d1")
    before = signed_store(republic(), early)
    after = again(before, republic(), RETURNS)
    assert named(fresh(before, after)) == [
        ("precinct", "p2", "d1", 1),
        ("part", "town", "d1", 1),
        ("district", "d1", "d1", 1),
        ("area", "north", "union", 1),
        ("centre", "", "union", 1),
    ]
    for level, unit, contest in (
        ("part", "town", "d1"),
        ("district", "d1", ""),
        ("area", "north", ""),
        ("centre", "", ""),
    ):
        assert at(after, level, unit, contest).record["replaces"]["reason"] == LATER_RETURNS
        assert at(after, level, unit, contest).record["replaces"]["decisions"] == []


def test_a_district_that_comes_later_needs_no_decision() -> None:
    before = signed_store(republic(), without(RETURNS, "d3"))
    after = again(before, republic(), RETURNS)
    assert named(fresh(before, after)) == [
        ("district", "d3", "d3", 1),
        ("area", "south", "union", 1),
        ("centre", "", "union", 1),
    ]


def test_a_second_ballot_that_comes_later_replaces_nothing() -> None:
    before = signed_store(republic(), RETURNS)
    after = again(before, republic(), EVERY)
    assert not after.replaced
    assert len(fresh(before, after)) == 5


def test_later_returns_of_the_first_ballot_reach_the_second() -> None:
    """What stood in the second ballot was complete; it only names another first ballot."""
    before = signed_store(republic(), without(EVERY, "p2", "d3", contest="d1"))
    after = again(before, republic(), EVERY)
    assert ("centre", "", "union", 2) in named(fresh(before, after))


def test_another_contest_that_comes_to_a_second_ballot_makes_the_centre_expect_it() -> None:
    early = without(EVERY, "p4", "p5", contest="hills")
    returns = tuple(of(item.unit, "hills", 20, 21, 9) if item.contest == "hills" else item for item in early)
    late = (*returns, of("p4", "hills", 20, 21, 9), of("p5", "hills", 20, 21, 9))
    before = signed_store(republic(), returns)
    after = again(before, republic(), late)
    assert at(after, "district", "hills", chamber=NATIONS).record["outcome"]["kind"] == "second ballot"
    fresh(before, after)


def test_figures_that_change_while_others_are_out_are_refused() -> None:
    early = without(RETURNS, "p2", contest="d1")
    before = signed_store(republic(), early)
    with pytest.raises(ProtocolError) as refused:
        again(before, republic(), changed(RETURNS, "p1", "d1", c=4))
    assert refused.value.problems[0].place.startswith("protocol of the precinct p1")


def test_a_later_return_and_a_decision_at_once() -> None:
    early = without(RETURNS, "p2", contest="d1")
    before = signed_store(republic(), early)
    after = again(before, republic(decisions=[corrected("k1", 4)]), RETURNS)
    fresh(before, after)
    assert at(after, "part", "town", "d1").record["replaces"]["decisions"] == ["k1"]


# Statements


def test_a_complaint_about_a_draft_is_attached() -> None:
    place = ("d1", "", "p1", 1)
    complaint = Statements({place: (Statement("complaint", *place, "Orlova", "A late opening", "Dismissed"),)})
    store = again(Store(), republic(), EVERY, complaint)
    assert at(store, "precinct", "p1", "d1").record["complaints"] == [
        {"by": "Orlova", "text": "A late opening", "answer": "Dismissed"}
    ]
    signed = all_signed(store, republic())
    assert again(signed, republic(), EVERY, complaint) == signed
    with pytest.raises(ProtocolError, match="complaints"):
        again(signed, republic(), EVERY)
