"""The recipes of `examples/recipes` on the real figures, and on what is known of those elections."""

from __future__ import annotations

import csv
import gzip
import os
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from suffrage.count.folder import count_folder
from suffrage.count.outcome import OutcomeKind
from suffrage.count.result import ContestCount
from suffrage.importing import ImportReport, import_election
from suffrage.importing.template import slug

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
RECIPES = ROOT / "examples" / "recipes"
DATA = ROOT.parent / "shared" / "data"

France = Callable[[str], tuple[Path, ImportReport]]

needs_data = pytest.mark.skipif(
    not DATA.is_dir(), reason="the folder shared/data with the official figures is not beside the repository"
)


def imported(name: str, out: Path, **values: str) -> ImportReport:
    return import_election(RECIPES / f"{name}.toml", DATA, out, values)


@pytest.fixture(scope="module")
def france(tmp_path_factory: pytest.TempPathFactory) -> France:
    """The election folder of a year, made once."""

    @cache
    def made(year: str) -> tuple[Path, ImportReport]:
        out = tmp_path_factory.mktemp("france") / year
        return out, imported("france-assembly", out, year=year)

    return made


def rows(name: str) -> Iterator[dict[str, str]]:
    path = DATA / name
    with gzip.open(path, "rt", encoding="utf-8") if name.endswith(".gz") else path.open(encoding="utf-8") as stream:
        yield from csv.DictReader(stream)


def same_name(contest: ContestCount, identifier: str, name: str) -> bool:
    """Whether a candidate bears a name of the source, which may be damaged beyond its letters of ASCII."""
    person = contest.candidate(identifier)
    found = "".join(c for c in slug(person.full_name) if c.isalpha())
    wanted = "".join(c for c in slug(name) if c.isalpha())
    if not name.isascii() and "Ã" in name:
        first, _, last = name.partition("Ã")
        return found.startswith(slug(first).replace("-", "")) and found.endswith(slug(last[1:]).replace("-", ""))
    return found == wanted


@needs_data
@pytest.mark.parametrize(
    ("year", "elected", "second", "undecided"),
    [("1988", 120, 452, 4), ("2002", 58, 518, 1), ("2007", 110, 467, 0), ("2022", 5, 572, 0)],
)
def test_france_assembly(france: France, year: str, elected: int, second: int, undecided: int) -> None:
    folder, report = france(year)
    assert all(source.unused.keys() <= {f"year is not {year}", "round is not 1"} for source in report.sources)
    counted = count_folder(folder)
    kinds = Counter(contest.first.outcome.kind for contest in counted.contests)
    assert kinds[OutcomeKind.ELECTED] == elected
    assert kinds[OutcomeKind.SECOND_BALLOT] == second
    assert kinds[OutcomeKind.UNDECIDED] == undecided
    contests = {contest.contest.id: contest for contest in counted.contests}
    broken = {
        (f"{row['dept']}-{row['district']}", row["round"])
        for row in rows("fr_legislatives_anomalies.csv")
        if row["year"] == year
    }
    assert {finding.unit for finding in counted.findings} == {district for district, _ in broken}
    for row in rows("fr_legislatives_expected.csv.gz"):
        district = f"{row['dept']}-{row['district']}"
        if row["year"] != year or (district, "1") in broken:
            continue
        contest = contests[district]
        first = contest.first.outcome
        assert (first.kind is OutcomeKind.ELECTED) == (row["fr_elected_r1"] == "True"), district
        assert (contest.second is not None) == (row["r2_held"] == "True"), district
        if first.elected:
            assert same_name(contest, first.elected[0], row["first"]), district
        if contest.second is not None and (district, "2") not in broken:
            (winner,) = contest.outcome.elected
            votes = contest.second.totals.votes[[c.id for c in contest.second.candidates].index(winner)]
            assert votes == int(row["r2_winner_votes"]), district
            assert same_name(contest, winner, row["r2_winner"]), district


@needs_data
def test_two_candidates_of_one_name(france: France) -> None:
    folder, _ = france("2022")
    contest = next(c for c in count_folder(folder).contests if c.contest.id == "75-9")
    votes = {c.id: v for c, v in zip(contest.first.candidates, contest.first.totals.votes, strict=True)}
    assert votes["rousseau-sandrine-nup"] == 16_332
    assert votes["rousseau-sandrine-dvd"] == 716
    assert contest.outcome.elected == ("rousseau-sandrine-nup",)


@needs_data
def test_damaged_names_are_repaired(france: France) -> None:
    folder, report = france("2002")
    (people,) = (source for source in report.sources if "candidates" in source.file)
    assert sum(people.repaired.values()) == 11
    assert "Ã" not in (folder / "candidates.csv").read_text("utf-8")


@needs_data
@pytest.mark.skipif(
    not (ROOT / "src" / "suffrage" / "laws" / "france-president.toml").exists(), reason="the law is not there yet"
)
def test_france_president(tmp_path: Path) -> None:
    imported("france-president-2022", tmp_path / "out")
    (contest,) = count_folder(tmp_path / "out").contests
    assert contest.second is not None
    assert contest.first.outcome.finalists == ("macron", "le-pen")
    assert contest.outcome.elected == ("macron",)
    by_hand = {
        name: sum(int(row[name]) for row in rows("fr_president_2022_r2_by_constituency.csv"))
        for name in ("MACRON", "LE PEN")
    }
    votes = dict(zip((c.id for c in contest.second.candidates), contest.second.totals.votes, strict=True))
    assert votes == {"macron": by_hand["MACRON"], "le-pen": by_hand["LE PEN"]}


@needs_data
def test_poland_president(tmp_path: Path) -> None:
    report = imported("poland-president-2015", tmp_path / "out")
    assert (report.candidates, report.returns) == (11, 2 * 27_586)
    (contest,) = count_folder(tmp_path / "out").contests
    assert contest.second is not None
    first = dict(zip((c.id for c in contest.first.candidates), contest.first.totals.votes, strict=True))
    second = dict(zip((c.id for c in contest.second.candidates), contest.second.totals.votes, strict=True))
    assert (first["duda"], first["komorowski"]) == (5_138_578, 4_996_294)
    assert second == {"duda": 8_541_973, "komorowski": 8_042_466}
    assert contest.outcome.elected == ("duda",)
    assert contest.first.totals.figures["valid"] == sum(first.values())
    assert len(contest.first.findings) == 4_042


@needs_data
@pytest.mark.parametrize(("law", "valid", "invalid"), [("approval-majority", 1_026, 45), ("ussr-1937", 45 + 263, 763)])
def test_strasbourg(tmp_path: Path, law: str, valid: int, invalid: int) -> None:
    assert imported("strasbourg-2017", tmp_path / "out", law=law).ballots == 1_071
    (contest,) = count_folder(tmp_path / "out").contests
    figures = contest.first.totals.figures
    assert (figures["valid"], figures["invalid"], figures["all_struck"]) == (valid, invalid, 45)


@needs_data
def test_the_stored_example_is_what_the_recipe_makes(france: France) -> None:
    folder, _ = france("2022")
    stored = ROOT / "examples" / "france-2022"
    assert sorted(os.listdir(stored)) == sorted(os.listdir(folder))
    for path in stored.iterdir():
        assert path.read_bytes() == (folder / path.name).read_bytes(), path.name
