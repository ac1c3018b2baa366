"""What a simulated election holds together: electors, districts of both chambers, candidates, figures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from suffrage.count.findings import Severity
from suffrage.count.folder import count_folder
from suffrage.election.folder import read_folder
from suffrage.election.model import Election, Kind
from suffrage.law import built_in
from suffrage.simulation import SimulationReport, simulate

ELECTORS = 60_000
SIMULATED = (
    "cuba-municipal",
    "france-assembly",
    "france-president",
    "poland-1989",
    "poland-president",
    "ukraine-1994",
    "ussr-1937",
    "ussr-1989",
    "vietnam-2015",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("simulated") / "election"
    simulate(built_in("ussr-1937"), ELECTORS, 1, out)
    return out


@pytest.fixture(scope="module")
def election(folder: Path) -> Election:
    return read_folder(folder)


def hold_together(election: Election, electors: int) -> None:
    """The tree adds up, and every precinct votes once for each chamber."""
    index = election.index
    registered = np.array([unit.registered for unit in election.units], np.int64)
    inhabitants = np.array([unit.inhabitants for unit in election.units], np.int64)
    assert registered[index.leaf].sum() == electors
    assert (registered[index.leaf] >= 1).all()
    assert (inhabitants >= registered).all()
    for position in range(len(election.units)):
        below = index.reporting(position)
        assert registered[below].sum() == registered[position]
        assert inhabitants[below].sum() == inhabitants[position]
    for chamber in {contest.chamber for contest in election.contests}:
        times = np.zeros(len(election.units), np.int64)
        for contest, unit in zip(election.contests, index.contest_unit.tolist(), strict=True):
            if contest.chamber == chamber:
                times[index.reporting(unit)] += 1
        assert (times[index.leaf] == 1).all()
        assert (times[~index.leaf] == 0).all()
    assert {unit.kind for unit, leaf in zip(election.units, index.leaf, strict=True) if leaf} == {"precinct"}


def test_electors_add_up_and_every_precinct_votes_once_for_each_chamber(election: Election) -> None:
    hold_together(election, ELECTORS)


def test_both_chambers_share_precincts(folder: Path, election: Election) -> None:
    lines = (folder / "returns.csv").read_text("utf-8").splitlines()
    units = [line.split(",")[0] for line in lines[1:]]
    leaves = [unit.id for unit, leaf in zip(election.units, election.index.leaf, strict=True) if leaf]
    assert units == leaves * 2


def test_the_same_electors_take_part_in_both_chambers(folder: Path) -> None:
    rows = [line.split(",") for line in (folder / "returns.csv").read_text("utf-8").splitlines()]
    part = [rows[0].index(name) for name in ("unit", "registered", "certificates", "issued", "took_part")]
    taken = [tuple(row[column] for column in part) for row in rows[1:]]
    half = len(taken) // 2
    assert taken[:half] == taken[half:]


def test_it_says_that_it_is_invented(election: Election) -> None:
    assert election.kind is Kind.DEMO
    assert election.law == "ussr-1937"
    assert str(election.polling_day) == "1937-12-12"
    assert f"{ELECTORS} electors, seed 1" in election.sources[0]


def test_autonomous_places_lie_in_republics(election: Election) -> None:
    units = {unit.id: unit for unit in election.units}
    kinds = [unit.kind for unit in election.units]
    assert [
        kinds.count(kind) for kind in ("union-republic", "autonomous-republic", "autonomous-region", "national-area")
    ] == [11, 22, 9, 12]
    assert units["abkhazian-assr"].parent == "georgian-ssr"
    assert units[units["georgian-ssr"].parent].kind == "country"
    for unit in election.units:
        if unit.kind == "precinct":
            (other,) = unit.also_in
            republic = units[units[unit.parent].parent]
            place = units[units[other].parent]
            assert republic.kind == "union-republic"
            assert republic.id in (place.id, place.parent)


def test_candidates(election: Election) -> None:
    assert len({candidate.id for candidate in election.candidates}) == len(election.candidates)
    for standing in election.index.standing:
        mine = [election.candidates[position] for position in standing]
        assert 3 <= len(mine) <= 6
        assert [candidate.number for candidate in mine] == list(range(1, len(mine) + 1))
        assert len({candidate.full_name for candidate in mine}) == len(mine)
        assert all(candidate.supporters and candidate.birth_date for candidate in mine)
        # Over eighteen, and born late enough to stand.
        assert all(1871 <= candidate.birth_date.year <= 1919 for candidate in mine if candidate.birth_date is not None)


def test_the_same_seed_gives_the_same_files(folder: Path, tmp_path: Path) -> None:
    for seed, same in ((1, True), (2, False)):
        out = tmp_path / str(seed)
        simulate(built_in("ussr-1937"), ELECTORS, seed, out)
        files = sorted(path.name for path in folder.iterdir())
        assert sorted(path.name for path in out.iterdir()) == files
        for name in files:
            assert ((out / name).read_bytes() == (folder / name).read_bytes()) is same


@pytest.mark.parametrize("law", SIMULATED)
def test_what_it_makes_counts_without_errors(law: str, tmp_path: Path) -> None:
    report = simulate(built_in(law), 40_000, 7, tmp_path / "out")
    counted = count_folder(tmp_path / "out")
    assert counted.number_of(Severity.ERROR) == 0
    assert all(contest.first.reported == contest.first.expected for contest in counted.contests)
    hold_together(counted.election, 40_000)
    for chamber in report.chambers:
        mine = [contest for contest in counted.contests if contest.contest.chamber == chamber.name]
        assert sum(contest.first.totals.figures["registered"] for contest in mine) == 40_000
        assert len(mine) == chamber.districts
        assert sum(contest.contest.seats for contest in mine) == chamber.seats


def test_few_electors_make_one_district_a_unit(tmp_path: Path) -> None:
    report = simulate(built_in("ussr-1937"), 1_000, 3, tmp_path / "out")
    assert [(chamber.id, chamber.districts) for chamber in report.chambers] == [("union", 11), ("nationalities", 54)]
    assert "instead of 574" in report.notes[0]
    assert count_folder(tmp_path / "out").number_of(Severity.ERROR) == 0


def test_progress_ends_with_everything_done(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    report = simulate(built_in("ussr-1937"), 5_000, 3, tmp_path / "out", lambda *stage: told.append(stage))
    assert list(dict.fromkeys(stage for stage, _, _ in told)) == ["precincts", "candidates", "returns"]
    assert told[-1] == ("returns", report.returns, report.returns)


@pytest.mark.slow
def test_a_million_electors(tmp_path: Path) -> None:
    report = simulate(built_in("ussr-1937"), 1_000_000, 1, tmp_path / "out")
    assert report.chambers[0].districts == 14
    counted = count_folder(tmp_path / "out")
    assert counted.number_of(Severity.ERROR) == 0
    hold_together(counted.election, 1_000_000)


@pytest.mark.slow
def test_the_numbers_of_1937(tmp_path: Path) -> None:
    report: SimulationReport = simulate(built_in("ussr-1937"), 94_138_159, 1, tmp_path / "out")
    union, nationalities = report.chambers
    assert abs(union.districts - 569) <= 3
    assert (nationalities.districts, nationalities.seats) == (574, 574)
    assert report.outside_limits == 0
    assert report.notes == ()
    # Rows in groups, so that nobody has to hold them all.
    file = pq.ParquetFile(tmp_path / "out" / "returns.parquet")
    assert file.metadata.num_rows == report.returns == 2 * report.precincts
    assert file.metadata.num_row_groups > 5
    counted = count_folder(tmp_path / "out")
    assert counted.number_of(Severity.ERROR) == 0
    failed = [contest for contest in counted.contests if contest.first.outcome.steps[0].rule.startswith("turnout")]
    assert 0 < sum(not contest.first.outcome.steps[0].holds for contest in failed) < 60
