"""Whatever the electors and the seed: nothing is lost, nothing is counted twice, and it counts."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suffrage.count.findings import Severity
from suffrage.count.folder import count_folder
from suffrage.law import built_in
from suffrage.simulation import Assumptions, simulate
from suffrage.simulation.districts import divided
from suffrage.simulation.places import cells_of, places_of
from suffrage.simulation.portions import Ints, cut, portions
from suffrage.simulation.precincts import line_of

seeds = st.integers(0, 2**64 - 1)
weights = st.lists(st.integers(0, 10**9), min_size=1, max_size=40).map(lambda given: np.array(given, np.int64))


@given(st.integers(0, 10**9), weights)
def test_portions_add_up(total: int, shares: Ints) -> None:
    parts = portions(total, shares)
    assert parts.sum() == total
    assert (parts >= 0).all()


@given(st.integers(1, 10**6), weights)
def test_portions_are_within_one_of_the_exact_share(total: int, shares: Ints) -> None:
    shares = shares + 1
    exact = [total * int(share) / int(shares.sum()) for share in shares]
    assert all(
        abs(part - share) < 1 + 1e-6 for part, share in zip(portions(total, shares).tolist(), exact, strict=True)
    )


@given(st.data())
def test_a_cut_line_is_as_many_runs_as_asked_for(data: st.DataObject) -> None:
    sizes = np.array(data.draw(st.lists(st.integers(1, 3000), min_size=1, max_size=60)), np.int64)
    parts = data.draw(st.integers(1, len(sizes)))
    runs = cut(sizes, parts)
    assert set(runs.tolist()) == set(range(parts))
    assert (np.diff(runs) >= 0).all()


@given(st.sampled_from(["ussr-1937", "ussr-1989", "ukraine-1994", "vietnam-2015"]), st.integers(1_000, 400_000), seeds)
@settings(deadline=None)
def test_precincts_and_districts(law: str, electors: int, seed: int) -> None:
    statute = built_in(law)
    places = places_of(statute, {norm.unit for chamber in statute.chambers for norm in chamber.norms})
    rng = np.random.default_rng(seed)
    line = line_of(statute, cells_of(places), electors, Assumptions(), rng)
    assert line.electors.sum() == electors
    assert (line.electors >= 1).all()
    assert (line.inhabitants >= line.electors).all()
    for chamber in statute.chambers:
        division = divided(chamber, statute, places, line, Assumptions())
        assert set(division.of.tolist()) == set(range(len(division.districts)))
        assert len({district.unit for district in division.districts}) == len(division.districts)
        assert division.seats <= division.deputies


@pytest.mark.slow
@given(st.sampled_from(["ussr-1937", "poland-1989", "vietnam-2015"]), st.integers(1_000, 60_000), seeds)
@settings(deadline=None, max_examples=25)
def test_it_counts(law: str, electors: int, seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        report = simulate(built_in(law), electors, seed, out)
        result = count_folder(out)
    assert result.number_of(Severity.ERROR) == 0
    registered = sum(contest.first.totals.figures["registered"] for contest in result.contests)
    assert registered == electors * len(report.chambers)
