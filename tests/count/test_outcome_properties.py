"""What holds for the outcome of any ballot under every law."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import event, given, settings
from hypothesis import strategies as st

from suffrage.count import Outcome, OutcomeKind, Totals
from suffrage.count.case import Case
from suffrage.count.decide import first_ballot, second_ballot
from suffrage.law import Rules, built_in, built_in_ids
from tests.elections import case

LAWS: dict[str, Rules] = {name: built_in(name) for name in built_in_ids()}
LAWS |= {f"{name}/{variant}": rules for name in built_in_ids() for variant, rules in built_in(name).variants.items()}
ELECTED, SECOND, NEW, UNDECIDED = OutcomeKind
MANY = settings(max_examples=3 * settings().max_examples)
"""Every law should be met some dozens of times."""


@st.composite
def ballots(draw: st.DrawFn, law: str, most: int = 12) -> tuple[Case, Totals, int]:
    """A contest with totals that some marked ballots can have; small figures, so that edges are met."""
    rules = LAWS[law]
    candidates = draw(st.sampled_from([3, 2, 4, 3, 2, 1, 0]))
    seats = draw(st.integers(1, 3))
    names = rules.ballot.most_names(seats, candidates) or 1
    number = st.sampled_from(range(most + 1))  # `integers` likes a nought too well
    single = draw(st.lists(number, min_size=candidates, max_size=candidates))
    valid = sum(single)
    votes = single
    if names > 1:  # ballots with several names: each candidate has at most every ballot, all names fit on them
        valid = draw(st.integers(0, most))
        votes = [draw(st.sampled_from(range(valid + 1))) for _ in range(candidates)]
        least = -(-sum(votes) // names) if names else 0
        valid = max(valid, least)
    struck, invalid = draw(st.sampled_from([0, 0, 1, most])), draw(st.sampled_from([0, 0, 1, most]))
    if rules.ballot.none_left == "valid":
        valid += struck
    else:
        invalid += struck
    took_part = valid + invalid
    figures = {
        "registered": took_part + draw(st.sampled_from([0, 1, most // 2, most, 3 * most])),
        "took_part": took_part,
        "invalid": invalid,
        "valid": valid,
        "all_struck": struck,
    }
    ids = [chr(ord("a") + n) for n in range(candidates)]
    some = st.sampled_from([[], [], ids[:1], ids[1:2], ids[:2]])
    born = draw(st.dictionaries(st.sampled_from(ids), st.dates(date(1900, 1, 1), date(1900, 1, 3)))) if ids else {}
    made = case(rules, candidates, seats=seats, born=born, withdrawn=draw(some), chosen=draw(some))
    return made, Totals(tuple(votes), figures), draw(st.sampled_from([1, 2]))


def decided(case: Case, totals: Totals, ballot: int) -> Outcome:
    outcome = (first_ballot if ballot == 1 else second_ballot)(case, totals)
    event(f"{ballot}: {outcome.kind}")
    return outcome


@MANY
@given(st.sampled_from(list(LAWS)), st.data())
def test_every_seat_is_filled_left_or_never_filled_twice(law: str, data: st.DataObject) -> None:
    made, totals, ballot = data.draw(ballots(law))
    outcome = decided(made, totals, ballot)
    ids = [candidate.id for candidate in made.candidates]
    assert len(set(outcome.elected)) == len(outcome.elected) <= made.seats
    assert len(outcome.elected) + outcome.seats_left == made.seats
    assert set(outcome.elected) | set(outcome.finalists) <= set(ids)
    assert not set(outcome.elected) & set(outcome.finalists)
    if outcome.kind is ELECTED:
        assert outcome.seats_left == 0 or outcome.follows == "vacant"
    if outcome.kind is SECOND:
        assert outcome.finalists
        assert outcome.seats_left
    if outcome.kind is NEW:
        assert outcome.follows
    assert bool(outcome.missing) == (outcome.kind is UNDECIDED)
    assert not outcome.certain
    assert outcome.reasoning


@MANY
@given(st.sampled_from(list(LAWS)), st.data())
def test_nobody_with_more_votes_is_passed_over(law: str, data: st.DataObject) -> None:
    made, totals, ballot = data.draw(ballots(law))
    outcome = decided(made, totals, ballot)
    votes = dict(zip((candidate.id for candidate in made.candidates), totals.votes, strict=True))
    for inside in (outcome.elected, outcome.finalists):
        # Those left outside who did not withdraw have no more votes than those inside.
        outside = set(votes) - set(outcome.elected) - set(inside) - made.withdrawn
        if inside and outside:
            assert max(votes[name] for name in outside) <= min(votes[name] for name in inside)
        assert [votes[name] for name in inside] == sorted((votes[name] for name in inside), reverse=True)


@MANY
@given(st.sampled_from(list(LAWS)), st.data())
def test_one_more_vote_never_unseats_a_winner(law: str, data: st.DataObject) -> None:
    made, totals, ballot = data.draw(ballots(law))
    outcome = decided(made, totals, ballot)
    for winner in outcome.elected:
        position = [candidate.id for candidate in made.candidates].index(winner)
        votes = tuple(number + (place == position) for place, number in enumerate(totals.votes))
        figures = dict(totals.figures)
        # Either somebody who stayed away votes, or somebody new on the roll.
        stayed_away = figures["registered"] > figures["took_part"] and data.draw(st.booleans())
        for name in ("took_part", "valid") if stayed_away else ("took_part", "valid", "registered"):
            figures[name] += 1
        assert winner in decided(made, replace(totals, votes=votes, figures=figures), ballot).elected


@MANY
@given(st.sampled_from(list(LAWS)), st.data())
def test_a_ballot_that_changes_to_the_winner_never_unseats_him(law: str, data: st.DataObject) -> None:
    made, totals, ballot = data.draw(ballots(law))
    outcome = decided(made, totals, ballot)
    losers = [place for place, number in enumerate(totals.votes) if number]
    for winner in outcome.elected:
        position = [candidate.id for candidate in made.candidates].index(winner)
        for loser in losers:
            if made.candidates[loser].id not in outcome.elected:
                votes = list(totals.votes)
                votes[position] += 1
                votes[loser] -= 1
                if max(votes) <= totals.figures["valid"]:
                    assert winner in decided(made, replace(totals, votes=tuple(votes)), ballot).elected


@MANY
@given(st.sampled_from(list(LAWS)), st.data())
def test_the_order_of_the_names_does_not_matter(law: str, data: st.DataObject) -> None:
    made, totals, ballot = data.draw(ballots(law))
    order = data.draw(st.permutations(range(len(made.candidates))))
    other = replace(made, candidates=tuple(made.candidates[place] for place in order))
    shuffled = replace(totals, votes=tuple(totals.votes[place] for place in order))
    one, two = decided(made, totals, ballot), decided(other, shuffled, ballot)
    assert (one.kind, set(one.elected), set(one.finalists)) == (two.kind, set(two.elected), set(two.finalists))
    assert (one.seats_left, one.by, one.follows) == (two.seats_left, two.by, two.follows)


@MANY
@given(st.sampled_from(list(LAWS)), st.data())
def test_what_was_needed_and_what_was_short_add_up(law: str, data: st.DataObject) -> None:
    made, totals, ballot = data.draw(ballots(law))
    for step in decided(made, totals, ballot).steps:
        figures = dict(step.figures)
        if "needed" in figures:
            had = figures.get("votes", figures.get("counted", -1))
            assert figures["short"] == max(figures["needed"] - had, 0)
            assert step.holds == (had >= figures["needed"])
            assert step.holds == (figures["short"] == 0)
