"""Replacing in random elections: decisions and later returns are always followed, anything else never is."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from suffrage.errors import ProtocolError
from suffrage.protocols.store import Store
from tests.protocols.made import again, all_signed, signed_store
from tests.protocols.plain import Held, decisions, held

SEEDS = st.integers(0, 2**32)
some = settings(max_examples=max(settings().max_examples // 4, 20))


def follows(before: Store, after: Store) -> None:
    """Whatever differs names what it replaces and why; whatever does not is as it was; everything old is kept."""
    kept = {protocol.sha256 for protocol in after.replaced}
    in_force = {protocol.sha256 for protocol in after.in_force.values()}
    for identity, old in before.in_force.items():
        new = after.in_force[identity]
        assert not new.unexplained
        assert (old.sha256 in kept) == (old.sha256 != new.sha256)
        if old.sha256 != new.sha256:
            replaces = new.record["replaces"]
            assert replaces["sha256"] == old.sha256
            assert replaces["decisions"] or replaces["reason"]
            added = set(new.record["decisions"]) - set(old.record["decisions"])
            assert added <= set(replaces["decisions"])
    for identity in after.in_force.keys() - before.in_force.keys():
        assert "replaces" not in after.in_force[identity].record
    for protocol in after.in_force.values():
        assert set(protocol.record.get("below", ())) <= in_force
        assert protocol.record.get("previous", protocol.sha256) in in_force
    assert before.signatures.items() <= after.signatures.items()


@some
@given(held(), SEEDS)
def test_new_decisions_are_followed_one_after_the_other(of: Held, seed: int) -> None:
    random, made = Random(seed), of.election
    store = signed_store(made, of.returns)
    for _ in range(3):
        more = decisions(random, made, of.returns, first=len(made.decisions))
        made = replace(made, decisions=(*made.decisions, *more))
        after = again(store, made, of.returns)
        follows(store, after)
        store = all_signed(after, made)
        assert again(store, made, of.returns) == store
    assert len({protocol.sha256 for protocol in store.replaced}) == len(store.replaced)


@some
@given(held(), SEEDS)
def test_later_returns_are_followed(of: Held, seed: int) -> None:
    """In any order, but a second ballot after the first one."""
    random = Random(seed)
    store, come = Store(), list(of.returns)
    random.shuffle(come)
    come.sort(key=lambda item: item.ballot)
    for portion in sorted(random.randrange(len(come) + 1) for _ in range(3)):
        after = again(store, of.election, come[:portion])
        follows(store, after)
        store = all_signed(after, of.election)


@some
@given(held(), SEEDS, st.booleans())
def test_drawing_again_changes_nothing(of: Held, seed: int, signed: bool) -> None:
    random, made = Random(seed), of.election
    store = signed_store(made, of.returns)
    more = decisions(random, made, of.returns, first=len(made.decisions))
    made = replace(made, decisions=(*made.decisions, *more))
    after = again(store, made, of.returns)
    if signed:
        after = all_signed(after, made)
    assert again(after, made, of.returns) == after


@some
@given(held(), SEEDS)
def test_one_vote_changed_in_silence_is_found(of: Held, seed: int) -> None:
    places = [number for number, item in enumerate(of.returns) if item.votes]
    assume(places)
    place = Random(seed).choice(places)
    item = of.returns[place]
    name = Random(seed).choice(list(item.votes))
    changed = replace(item, votes={**item.votes, name: item.votes[name] + 1})
    returns = (*of.returns[:place], changed, *of.returns[place + 1 :])
    store = signed_store(of.election, of.returns)
    settled = any(
        decision.contest == item.contest and decision.ballot == item.ballot
        and (decision.unit, decision.candidate) in ((item.unit, name), (item.unit, ""))
        for decision in of.election.decisions
    )  # fmt: skip
    assume(not settled)
    with pytest.raises(ProtocolError) as refused:
        again(store, of.election, returns)
    assert any(
        f" {item.unit}" in problem.place and f"votes.{name}" in problem.message for problem in refused.value.problems
    )


@some
@given(held(), SEEDS)
def test_a_return_that_vanishes_is_found(of: Held, seed: int) -> None:
    assume(of.returns)
    gone = Random(seed).randrange(len(of.returns))
    store = signed_store(of.election, of.returns)
    with pytest.raises(ProtocolError) as refused:
        again(store, of.election, (*of.returns[:gone], *of.returns[gone + 1 :]))
    assert any("its return" in problem.expected for problem in refused.value.problems)
