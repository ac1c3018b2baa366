"""While returns are out: an outcome that is given as certain stays, however the electors who are out may vote.

Small cases are tried whole: every way in which the missing electors can stay away, cast an invalid ballot, strike
every name, or leave any names that a ballot may hold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import combinations, combinations_with_replacement
from random import Random

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from suffrage.count import Outcome, OutcomeKind, Totals
from suffrage.count.case import Case
from suffrage.count.decide import first_ballot, second_ballot
from suffrage.count.totals import Missing, Open
from suffrage.election import Contest, Unit
from suffrage.law import Rules, ShareRule, built_in, built_in_ids
from suffrage.returns import Return
from tests.elections import case, counted, election, standing

LAWS: dict[str, Rules] = {name: built_in(name) for name in built_in_ids()}
LAWS |= {f"{name}/{variant}": rules for name in built_in_ids() for variant, rules in built_in(name).variants.items()}


def _changed(law: str, **majority: object) -> Rules:
    return replace(LAWS[law], majority=replace(LAWS[law].majority, **majority))  # type: ignore[arg-type]


HALF = Fraction(1, 2)
LAWS["half of the ballots issued"] = _changed("ussr-1937", more_than=ShareRule(value=HALF, base="issued"))
LAWS["half of the roll"] = _changed("ussr-1989", more_than=ShareRule(value=HALF, base="registered"))
LAWS["two thirds"] = _changed("approval-majority", more_than=ShareRule(value=Fraction(2, 3), base="valid_ballots"))

Way = tuple[tuple[int, ...], Mapping[str, int]]
"""What one elector can do: the votes that he gives, and the figures that grow by one."""


def ways(rules: Rules, candidates: int, seats: int) -> list[Way]:
    """Everything that one elector can do under a law."""
    most = rules.ballot.most_names(seats, candidates) or 1
    nobody = (0,) * candidates
    cast = {"took_part": 1, "issued": 1}
    found: list[Way] = [(nobody, {}), (nobody, {"issued": 1}), (nobody, {**cast, "invalid": 1})]
    found.append((nobody, {**cast, "all_struck": 1, rules.ballot.none_left or "invalid": 1}))
    for number in range(1, most + 1):
        found += [
            (tuple(int(n in left) for n in range(candidates)), {**cast, "valid": 1})
            for left in combinations(range(candidates), number)
        ]
    return found


def completions(totals: Totals, rules: Rules, seats: int, electors: int) -> Iterator[Totals]:
    """The totals after everything that so many electors can do, each once."""
    seen = set()
    for chosen in combinations_with_replacement(ways(rules, len(totals.votes), seats), electors):
        votes = list(totals.votes)
        figures = Counter(totals.figures)
        for names, grown in chosen:
            votes = [one + more for one, more in zip(votes, names, strict=True)]
            figures.update(grown)
        key = (*votes, figures["valid"], figures["invalid"], figures["issued"])
        if key not in seen:
            seen.add(key)
            yield replace(totals, votes=tuple(votes), figures=dict(figures), outstanding=0)


def decided(case: Case, totals: Totals, ballot: int) -> Outcome | None:
    try:
        return (first_ballot if ballot == 1 else second_ballot)(case, totals)
    except Open:
        return None


def essence(outcome: Outcome) -> object:
    """What may not change: the kind, the names, the seats and what follows by when."""
    return (
        outcome.kind,
        frozenset(outcome.elected),
        frozenset(outcome.finalists),
        outcome.seats_left,
        outcome.follows,
        outcome.by,
    )


FEW = st.sampled_from([0, 0, 1, 2, 4])
SOME_VOTES = st.sampled_from([0, 9, 5, 8, 1, 7, 3, 2, 6, 4])
"""Hypothesis likes a nought too well: most ballots would fail for their turnout, and nothing else be met."""


@st.composite
def partial(draw: st.DrawFn, law: str) -> tuple[Case, Totals, int, int]:
    """Totals with a few electors out, the ballot, and how many they are."""
    rules = LAWS[law]
    candidates, seats = draw(st.sampled_from([3, 2, 2, 3, 1, 0])), draw(st.sampled_from([1, 1, 2]))
    most = rules.ballot.most_names(seats, candidates) or 1
    votes = draw(st.lists(SOME_VOTES, min_size=candidates, max_size=candidates))
    valid, invalid, struck = sum(votes), draw(FEW), draw(FEW)
    if most > 1:
        valid = draw(st.integers(max(*votes, -(-valid // most)) if candidates > 1 else valid, max(valid, 1)))
    if rules.ballot.none_left == "valid":
        valid += struck
    else:
        invalid += struck
    took_part = valid + invalid
    electors, known = draw(st.integers(1, 3)), draw(st.sampled_from([True, True, True, False]))
    figures = {
        "registered": took_part + draw(st.sampled_from([0, 1, 3, 20])) + electors * known,
        "issued": took_part + draw(st.integers(0, 2)),
        "took_part": took_part,
        "invalid": invalid,
        "valid": valid,
        "all_struck": struck,
    }
    ids = [chr(ord("a") + n) for n in range(candidates)]
    some = st.sampled_from([[], [], ids[:1], ids[1:2], ids[:2]])
    born = {name: date(1900, 1, n + 1) for n, name in enumerate(ids)} if draw(st.booleans()) else {}
    made = case(rules, candidates, seats=seats, born=born, withdrawn=draw(some), chosen=draw(some))
    totals = Totals(tuple(votes), figures, electors if known else None, most, rules.ballot.none_left == "valid")
    return made, totals, draw(st.sampled_from([1, 2])), electors


def holds(law: str, made: Case, totals: Totals, ballot: int, electors: int) -> None:
    outcome = decided(made, totals, ballot)
    event("open" if outcome is None else outcome.kind.value)
    if outcome is None:
        return
    known = totals.outstanding is not None
    for whole in completions(totals, LAWS[law], made.seats, electors):
        roll = {} if known else {"registered": whole.figures["registered"] + electors}
        brought = decided(made, replace(whole, figures={**whole.figures, **roll}), ballot)
        assert brought is not None
        assert essence(brought) == essence(outcome), whole


@settings(max_examples=3 * settings().max_examples, deadline=None)
@given(st.data())
def test_what_is_certain_stays_whatever_the_missing_returns_bring(data: st.DataObject) -> None:
    law = data.draw(st.sampled_from(list(LAWS)))
    holds(law, *data.draw(partial(law)))


@pytest.mark.slow
@pytest.mark.parametrize("law", LAWS)
@settings(deadline=None)
@given(data=st.data())
def test_what_is_certain_stays_under_each_law(law: str, data: st.DataObject) -> None:
    holds(law, *data.draw(partial(law)))


def recognised(law: str, ballot: int, cases: int) -> Fraction:
    """Of the outcomes of one seat that cannot change, the share that the count recognises; ties need no lot."""
    random = Random(1937)
    rules = LAWS[law]
    found: Counter[bool] = Counter()
    for _ in range(cases):
        candidates = random.randint(1, 3)
        votes = [random.randint(0, random.choice([3, 6, 12])) for _ in range(candidates)]
        struck, invalid, electors = random.randint(0, 3), random.randint(0, 3), random.randint(1, 3)
        counts = rules.ballot.none_left == "valid"
        valid = sum(votes) + struck * counts
        took_part = valid + invalid + struck * (not counts)
        registered = took_part + random.randint(0, 12) + electors
        figures = {"registered": registered, "took_part": took_part, "valid": valid, "invalid": took_part - valid}
        totals = Totals(tuple(votes), figures, electors, 1, counts)
        made = case(rules, candidates)
        whole = (decided(made, brought, ballot) for brought in completions(totals, rules, 1, electors))
        if len({essence(outcome) for outcome in whole if outcome}) == 1:
            found[decided(made, totals, ballot) is not None] += 1
    assert found.total() > cases // 4  # enough to speak of a share
    return Fraction(found[True], found.total())


@pytest.mark.parametrize(("law", "ballot"), [("ussr-1937", 1), ("ussr-1937", 2), ("plurality", 1)])
def test_nearly_every_outcome_of_one_seat_that_cannot_change_is_recognised(law: str, ballot: int) -> None:
    assert recognised(law, ballot, 200) >= Fraction(19, 20)


# The same through a whole count, with units.

LEAVES = (Unit("d"), Unit("p", parent="d", registered=9), Unit("q", parent="d", registered=3))


def of_unit(totals: Totals, unit: str, ballot: int, names: str) -> Return:
    return Return(unit, "d", ballot, totals.figures, dict(zip(names, totals.votes, strict=True)))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(["ussr-1937", "plurality", "france-assembly", "vietnam-2015", "approval-majority"]),
    st.lists(st.integers(0, 4), min_size=1, max_size=2),
    st.integers(0, 2),
    st.integers(0, 4),
    st.integers(1, 2),
    st.sampled_from([1, 2]),
)
def test_a_count_marks_as_certain_what_no_missing_unit_can_change(
    law: str, votes: list[int], invalid: int, absent: int, electors: int, seats: int
) -> None:
    rules = built_in(law)
    valid, names = sum(votes), "ab"[: len(votes)]
    figures = {"registered": valid + invalid + absent, "took_part": valid + invalid, "valid": valid, "invalid": invalid}
    here = of_unit(Totals(tuple(votes), {**figures, "all_struck": 0, "issued": valid + invalid}), "p", 1, names)
    contest = Contest("d", "d", seats=seats)
    units = (*LEAVES[:2], replace(LEAVES[2], registered=electors))
    made = election(units, [contest], standing("d", *names.upper()), law=law)
    before = counted(made, here).contests[0].first
    assert before.missing == ["q"]
    event(f"{before.outcome.kind}, certain: {before.outcome.certain}")
    nothing = {"registered": electors, "took_part": 0, "valid": 0, "invalid": 0, "issued": 0, "all_struck": 0}
    if not before.outcome.certain:
        assert before.outcome.kind is OutcomeKind.UNDECIDED
        assert before.outcome.missing == ("the returns of 1 unit of 2 (q)",)
        return
    for brought in completions(Totals((0,) * len(votes), nothing), rules, seats, electors):
        if brought.figures["valid"] + brought.figures["invalid"] <= brought.figures["issued"]:
            after = counted(made, here, of_unit(brought, "q", 1, names)).contests[0].first
            if not any(finding.open_error for finding in after.findings):
                assert essence(after.outcome) == essence(before.outcome)
                assert not after.outcome.certain


def test_with_nothing_reported_nothing_is_certain() -> None:
    made = election([Unit("d"), Unit("p", parent="d", registered=5)])
    first = counted(made).contests[0].first
    assert (first.outcome.kind, first.outcome.certain, first.missing, first.reported) == (
        OutcomeKind.UNDECIDED,
        False,
        ["p"],
        0,
    )


def test_an_unknown_number_of_electors_leaves_everything_open() -> None:
    units = [Unit("d"), Unit("p", parent="d", registered=900), Unit("q", parent="d")]
    made = election(units, law="plurality")
    here = Return("p", "d", 1, {"registered": 900, "valid": 900, "invalid": 0}, {"a": 900, "b": 0})
    assert counted(made, here).contests[0].outcome.kind is OutcomeKind.UNDECIDED


def test_a_known_number_of_electors_settles_a_clear_lead() -> None:
    units = [Unit("d"), Unit("p", parent="d", registered=900), Unit("q", parent="d", registered=899)]
    made = election(units, law="plurality")
    here = Return("p", "d", 1, {"registered": 900, "valid": 900, "invalid": 0}, {"a": 900, "b": 0})
    outcome = counted(made, here).contests[0].outcome
    assert (outcome.kind, outcome.elected, outcome.certain) == (OutcomeKind.ELECTED, ("a",), True)
    assert outcome.steps[-1].rule == "certain"
    assert "899" in outcome.steps[-1].text


def test_units_without_electors_change_nothing() -> None:
    units = [Unit("d"), Unit("p", parent="d", registered=9), Unit("q", parent="d", registered=0)]
    here = Return("p", "d", 1, {"registered": 9, "valid": 9, "invalid": 0}, {"a": 5, "b": 4})
    outcome = counted(election(units), here).contests[0].outcome
    assert (outcome.elected, outcome.certain) == (("a",), True)


def test_a_figure_that_no_return_gives_waits_for_the_returns() -> None:
    """`missing` names the units first: what is lacking may come with them."""
    lacking = Totals((5, 4), {"valid": 9}, 3)
    with pytest.raises(Missing):
        first_ballot(case("ussr-1937", 2), lacking)
    units = [Unit("d"), Unit("p", parent="d"), Unit("q", parent="d")]
    here = Return("p", "d", 1, {"registered": 9, "valid": 9}, {"a": 5, "b": 4})
    outcome = counted(election(units), here).contests[0].outcome
    assert outcome.missing == ("the returns of 1 unit of 2 (q)",)
