"""Every number comes from the law: laws of one's own, with chambers, precincts and ballots of all kinds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from suffrage.count.findings import Severity
from suffrage.count.folder import count_folder
from suffrage.count.result import ElectionCount
from suffrage.errors import SimulationError
from suffrage.law import Statute, built_in, parse_statute, write_statute
from suffrage.simulation import Assumptions, SimulationReport, simulate

HEAD = 'id = "own"\ntitle = "A law of our own"\nextends = "{base}"\nsources = ["written for a test"]\n'
ONE = '[[chambers]]\nid = "house"\nname = "House"\n'


def law(text: str, base: str = "ussr-1937") -> Statute:
    return parse_statute(HEAD.format(base=base) + text, "own.toml")


def counted(statute: Statute, electors: int, out: Path) -> tuple[SimulationReport, ElectionCount]:
    report = simulate(statute, electors, 5, out / "out")
    result = count_folder(out / "out")
    assert result.number_of(Severity.ERROR) == 0
    return report, result


def test_the_law_goes_with_the_folder(tmp_path: Path) -> None:
    statute = law(ONE + "seats = { value = 40 }")
    report, result = counted(statute, 200_000, tmp_path)
    assert result.statute == parse_statute(write_statute(statute), "own.toml")
    assert "own.toml" in report.files
    assert report.chambers[0].districts == 40


def test_a_law_that_bears_the_name_of_a_built_in_one_goes_too(tmp_path: Path) -> None:
    text = write_statute(built_in("ussr-1937")).replace("300000", "100000")
    statute = parse_statute(text, "ussr-1937.toml")
    report, result = counted(statute, 2_000_000, tmp_path)
    assert result.statute == statute
    assert 32 <= report.chambers[0].districts <= 40


def test_a_norm_by_electors(tmp_path: Path) -> None:
    report, _ = counted(law(ONE + 'norms = [{ one_per = 10_000, of = "electors" }]'), 500_000, tmp_path)
    assert report.chambers[0].districts == 50


def test_units_of_which_nothing_is_known_are_numbered(tmp_path: Path) -> None:
    report, result = counted(law(ONE + 'norms = [{ each = 2, unit = "canton" }]'), 400_000, tmp_path)
    cantons = [unit for unit in result.election.units if unit.kind == "canton"]
    assert len(cantons) == Assumptions().units_without_data
    assert cantons[6].name == "Canton No. 7"
    assert report.chambers[0].districts == 2 * len(cantons)
    assert sum(unit.registered or 0 for unit in cantons) == 400_000


def test_one_contest_a_unit_is_held_in_the_unit(tmp_path: Path) -> None:
    _, result = counted(law(ONE + 'seats = { value = 30 }\nnorms = [{ each = 1, unit = "canton" }]'), 90_000, tmp_path)
    assert {contest.contest.name for contest in result.contests} == {f"Canton No. {n}" for n in range(1, 31)}


def test_a_country_as_one_contest_of_several_seats(tmp_path: Path) -> None:
    statute = law(
        ONE
        + 'norms = [{ each = 9, unit = "country" }]\n[ballot]\nseats = { value = 9 }\nmay_leave = { value = "seats" }'
    )
    _, result = counted(statute, 30_000, tmp_path)
    (contest,) = result.contests
    assert contest.contest.seats == 9
    assert 11 <= len(contest.first.candidates) <= 14
    figures = contest.first.totals.figures
    votes = np.array(contest.first.totals.votes)
    assert (votes <= figures["valid"]).all()
    assert figures["valid"] - figures["all_struck"] < votes.sum() <= 9 * figures["valid"]


@pytest.mark.parametrize("most", ['"any"', "2", '"seats"'])
def test_ballots_that_may_hold_several_names(most: str, tmp_path: Path) -> None:
    rules = f'[ballot]\nseats = "silent"\nmay_leave = {{ value = {most} }}'
    _, result = counted(law(ONE + "seats = { value = 31 }\n" + rules, "vietnam-2015"), 120_000, tmp_path)
    assert sum(contest.contest.seats for contest in result.contests) == 31


def test_ballots_that_are_marked_have_no_struck_ones(tmp_path: Path) -> None:
    counted(law(ONE + "seats = { value = 31 }", "majority-two-ballots"), 120_000, tmp_path)
    header = (tmp_path / "out" / "returns.csv").read_text("utf-8").splitlines()[0].split(",")
    assert "all_struck" not in header
    assert {"blank", "void", "valid"} <= set(header)


def test_the_size_of_precincts_is_that_of_the_law(tmp_path: Path) -> None:
    sizes = '[{ kind = "hall", least = 300, most = 320 }, { kind = "tent", least = 90, most = 100 }]'
    report, result = counted(law(ONE + "seats = { value = 5 }\n[voting]\nprecincts = " + sizes), 100_000, tmp_path)
    assert report.outside_limits == 0
    for unit in result.election.units:
        if unit.kind == "precinct":
            least, most = (300, 320) if unit.name.endswith("hall") else (90, 100)
            assert least <= (unit.inhabitants or 0) <= most


def test_precincts_of_one_elector(tmp_path: Path) -> None:
    sizes = '[{ kind = "hall", least = 1, most = 1 }, { kind = "hospital", least = 0, most = 1 }]'
    counted(law(ONE + "seats = { value = 5 }\n[voting]\nprecincts = " + sizes), 3_000, tmp_path)


@pytest.mark.parametrize(
    ("norms", "message"),
    [
        ('[{ each = 1, unit = "union-republic" }, { each = 1, unit = "country" }]', "speak of the same places"),
        ('[{ each = 1, unit = "autonomous-republic" }]', "no norm of the chamber speaks of a part"),
        ('[{ each = 1, unit = "union-republic" }, { each = 1, unit = "canton" }]', "nothing is known of units"),
    ],
)
def test_norms_that_do_not_cover_the_country_once(norms: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(SimulationError, match=message):
        simulate(law(f"adopted = 1937-07-09\n{ONE}norms = {norms}"), 20_000, 1, tmp_path / "out")
    assert not list(tmp_path.iterdir())


def test_republics_alone_take_in_the_autonomous_places(tmp_path: Path) -> None:
    statute = law(f'adopted = 1937-07-09\n{ONE}norms = [{{ each = 3, unit = "union-republic" }}]')
    report, _ = counted(statute, 300_000, tmp_path)
    assert report.chambers[0].districts == 33


def test_one_chamber_of_several(tmp_path: Path) -> None:
    report = simulate(built_in("ussr-1937"), 50_000, 1, tmp_path / "out", chambers=["nationalities"])
    assert [chamber.id for chamber in report.chambers] == ["nationalities"]
    assert count_folder(tmp_path / "out").number_of(Severity.ERROR) == 0


def test_a_law_that_asks_for_an_unknown_figure(tmp_path: Path) -> None:
    statute = law(ONE + 'seats = { value = 5 }\n[returns.fields.weather]\nlabel = "the weather"\nrequired = true')
    with pytest.raises(SimulationError, match="weather"):
        simulate(statute, 3_000, 1, tmp_path / "out")


def test_a_ballot_paper_for_more_seats_than_there_are_names(tmp_path: Path) -> None:
    statute = law(ONE + "seats = { value = 9000 }\n[ballot]\nseats = { value = 9000 }")
    with pytest.raises(SimulationError, match=r"ballot\.seats: 9000"):
        simulate(statute, 3_000, 1, tmp_path / "out")


def test_a_ballot_paper_for_two_hundred_seats(tmp_path: Path) -> None:
    statute = law(ONE + "seats = { value = 200 }\n[ballot]\nseats = { value = 200 }")
    _, result = counted(statute, 3_000, tmp_path)
    assert len(result.contests[0].first.candidates) >= 202
