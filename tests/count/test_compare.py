"""The same votes under other laws: every contest in one class, every seat counted once, every person's fate said."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from suffrage.cli.compare import FILES, SECOND_BALLOTS, as_data, as_table
from suffrage.cli.compare import compare as command
from suffrage.count.compare import ARITHMETIC, Comparison, Elsewhere, Fate, LawResult, Person, Result, Verdict, compare
from suffrage.count.folder import count_folder
from suffrage.count.gather import Gathered
from suffrage.count.outcome import Outcome, OutcomeKind, Step
from suffrage.count.result import BallotCount, ContestCount, ElectionCount
from suffrage.count.totals import Totals
from suffrage.election.model import Candidate, Contest, Election, Kind, Unit
from suffrage.errors import WRONG_USE, CountError
from suffrage.law import built_in
from suffrage.returns.slots import Slots

OWN, OLD, MOST = "majority-two-ballots", "ussr-1989", "plurality"

# unit: names that stood; then of each ballot: electors, ballots in the box, valid ballots, votes
Figures = Mapping[str, tuple[int, Sequence[tuple[int, ...]]]]
FIGURES: Figures = {
    "clear": (3, [(1000, 800, 800, 500, 200, 100)]),
    "turned": (3, [(1000, 790, 780, 300, 280, 200), (1000, 785, 780, 380, 400)]),
    "few": (2, [(1000, 400, 400, 250, 150)]),
    "to-come": (3, [(1000, 790, 780, 300, 280, 200)]),
    "few-later": (3, [(1000, 790, 790, 300, 290, 200), (1000, 400, 400, 150, 250)]),
    "two-stood": (2, [(1000, 810, 790, 400, 390)]),
    "out": (2, []),
}
VACANT = """
id = "leave-vacant"
title = "More than half, else the seat stays vacant"
extends = "majority-two-ballots"
sources = ["Written for a test"]
second_ballot = "not_applicable"

[new_election]
no_majority = { value = "vacant", certainty = "decided" }
"""


def write(folder: Path, figures: Figures, law: str = OWN, parties: bool = True) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "election.toml").write_text(
        f'id = "made-up"\ntitle = "Made up <for> a test"\nlaw = "{law}"\nkind = "demo"\n'
        'contests = [{ each = "district" }]\n'
    )
    (folder / "units.csv").write_text("id,name,kind\n" + "".join(f"{u},The {u},district\n" for u in figures))
    rows = [
        f"{unit},{unit}-{'abcd'[n]},{'ABCD'[n]},of {unit}" + (f",{'XYX'[n]}" if parties else "")
        for unit, (names, _) in figures.items()
        for n in range(names)
    ]
    head = "contest,id,surname,names" + (",party" if parties else "")
    (folder / "candidates.csv").write_text("\n".join([head, *rows]) + "\n")
    most = max(names for names, _ in figures.values())
    lines = ["unit,ballot,registered,took_part,invalid,valid," + ",".join("123"[:most])]
    for unit, (_, ballots) in figures.items():
        for ballot, (registered, box, valid, *votes) in enumerate(ballots, start=1):
            cells = [unit, ballot, registered, box, box - valid, valid, *votes, *[""] * (most - len(votes))]
            lines.append(",".join(map(str, cells)))
    (folder / "returns.csv").write_text("\n".join(lines) + "\n")
    return folder


def compared(folder: Path, *laws: str | None) -> Comparison:
    counts = [count_folder(folder, law) for law in laws]
    return compare(counts)


def firsts(comparison: Comparison, law: int) -> dict[str, str]:
    return {item.contest.id: item.verdicts[law].first.value for item in comparison.contests}


def finals(comparison: Comparison, law: int) -> dict[str, str]:
    return {item.contest.id: item.verdicts[law].final.value for item in comparison.contests}


def fates(comparison: Comparison, law: int) -> dict[str, str]:
    return {p.candidate.id: str(p.elsewhere[law - 1]) for item in comparison.contests for p in item.persons}


def numbers(law: LawResult) -> dict[str, int]:
    return {tally.result.value: tally.contests for tally in law.first if tally.contests}


def test_each_law_decides_every_contest_from_the_same_votes(tmp_path: Path) -> None:
    comparison = compared(write(tmp_path / "e", FIGURES), None, OLD, MOST)
    assert firsts(comparison, 0) == {
        "clear": "elected",
        "turned": "second ballot",
        "few": "elected",
        "to-come": "second ballot",
        "few-later": "second ballot",
        "two-stood": "elected",
        "out": "undecided",
    }
    assert finals(comparison, 0) == firsts(comparison, 0) | {"turned": "elected", "few-later": "elected"}
    assert firsts(comparison, 1) == firsts(comparison, 0) | {
        "few": "new election: too few took part",
        "two-stood": "new election: other reason",
    }
    assert finals(comparison, 1)["few-later"] == "new election: too few took part"
    assert set(firsts(comparison, 2).values()) == {"elected", "undecided"}
    assert [law.own for law in comparison.laws] == [True, False, False]
    assert numbers(comparison.laws[1]) == {
        "elected": 1,
        "second ballot": 3,
        "new election: too few took part": 1,
        "new election: other reason": 1,
        "undecided": 1,
    }
    assert [(law.second_due, law.second_used) for law in comparison.laws] == [(3, 2), (3, 2), (0, 0)]


def test_the_persons_of_the_first_law_are_followed_under_the_others(tmp_path: Path) -> None:
    comparison = compared(write(tmp_path / "e", FIGURES), None, OLD, MOST)
    assert fates(comparison, 1) == {
        "clear-a": "elected as well",
        "turned-b": "elected as well",
        "few-a": "new election",
        "few-later-b": "new election",
        "two-stood-a": "new election",
    }
    assert fates(comparison, 2) == {
        "clear-a": "elected as well",
        "turned-b": "would have lost: A of turned elected instead",
        "few-a": "elected as well",
        "few-later-b": "would have lost: A of few-later elected instead",
        "two-stood-a": "elected as well",
    }
    assert dict(comparison.contrasts[1].fates)[Fate.LOST] == 2


def test_the_first_law_given_is_the_one_that_the_others_are_compared_with(tmp_path: Path) -> None:
    comparison = compared(write(tmp_path / "e", FIGURES), MOST, OWN)
    assert [law.own for law in comparison.laws] == [False, True]
    assert fates(comparison, 1) == {
        "clear-a": "elected as well",
        "turned-a": "would have lost: B of turned elected instead",
        "few-a": "elected as well",
        "to-come-a": "would have gone to a second ballot",
        "few-later-a": "would have lost: B of few-later elected instead",
        "two-stood-a": "elected as well",
    }


def test_who_is_no_finalist_under_another_law_is_said_to_be_out(tmp_path: Path) -> None:
    figures = {"three": (3, [(1000, 900, 900, 320, 300, 280), (1000, 900, 900, 200, 300, 400)])}
    comparison = compared(write(tmp_path / "e", figures, "france-assembly"), None, OWN)
    assert comparison.laws[1].second_used == 0, "three stood, and this law sends two"
    assert fates(comparison, 1) == {"three-c": "would not have been in the second ballot: A of three, B of three"}


def test_a_seat_left_vacant_is_no_new_election(tmp_path: Path) -> None:
    folder = write(tmp_path / "e", FIGURES)
    (tmp_path / "vacant.toml").write_text(VACANT)
    comparison = compared(folder, None, str(tmp_path / "vacant.toml"))
    assert firsts(comparison, 1)["turned"] == "seat stays vacant"
    assert fates(comparison, 1)["turned-b"] == "the seat would have stayed vacant"


def test_an_undecided_contest_says_nothing_of_anybody(tmp_path: Path) -> None:
    comparison = compared(write(tmp_path / "e", FIGURES), OLD, MOST)
    assert "out-a" not in fates(comparison, 1)
    figures = {"short": (2, [(1000, 800, 790, 500, 280)])}  # the names and the valid ballots differ: an error
    comparison = compared(write(tmp_path / "f", figures, MOST), None, OLD)
    assert finals(comparison, 0) == finals(comparison, 1) == {"short": "undecided"}
    assert comparison.contests[0].persons == ()


def test_seats_by_party_follow_those_elected_in_the_end(tmp_path: Path) -> None:
    comparison = compared(write(tmp_path / "e", FIGURES), None, MOST)
    assert [(party.party, party.seats) for party in comparison.parties] == [("X", (3, 6)), ("Y", (2, 0))]
    assert [law.seats_open for law in comparison.laws] == [2, 1]
    assert compared(write(tmp_path / "f", FIGURES, parties=False), None, MOST).parties == ()


def test_one_law_or_the_same_law_twice_is_nothing_to_compare(tmp_path: Path) -> None:
    count = count_folder(write(tmp_path / "e", FIGURES))
    for counts in ([], [count], [count, count]):
        with pytest.raises(CountError) as error:
            compare(counts)
        assert error.value.exit_code == WRONG_USE


def test_two_elections_are_not_compared(tmp_path: Path) -> None:
    one = count_folder(write(tmp_path / "e", FIGURES))
    other = count_folder(write(tmp_path / "f", {"clear": FIGURES["clear"]}), MOST)
    with pytest.raises(CountError, match="not the same election"):
        compare([one, other])


# made-up outcomes of every kind, in contests of several seats


def ballot(number: int, candidates: tuple[Candidate, ...], outcome: Outcome) -> BallotCount:
    return BallotCount(number, candidates, Totals((0,) * len(candidates), {}), 1, [], (), outcome)


@st.composite
def outcomes(draw: st.DrawFn, names: tuple[str, ...], seats: int) -> Outcome:
    kind = draw(st.sampled_from(OutcomeKind))
    vacant = draw(st.booleans())
    filled = seats if kind is OutcomeKind.ELECTED and not vacant else draw(st.integers(0, seats - 1))
    order = draw(st.permutations(names))
    elected = tuple(order[:filled]) if kind is not OutcomeKind.ELECTED or filled else tuple(order[:1])
    finalists = tuple(order[len(elected) :]) if kind is OutcomeKind.SECOND_BALLOT else ()
    follows = ("vacant" if vacant else "new-election") if kind is OutcomeKind.NEW_ELECTION else ""
    steps = (Step(draw(st.sampled_from(["turnout.else", "new_election.no_majority"])), True, ""),)
    return Outcome(kind, elected, finalists, seats - len(elected), follows=follows, steps=steps)


@st.composite
def counts(draw: st.DrawFn) -> list[ElectionCount]:
    number = draw(st.integers(1, 5))
    contests = tuple(Contest(f"c{n}", f"u{n}", seats=draw(st.integers(1, 3))) for n in range(number))
    party = st.sampled_from(["", "X", "Y", "Z"])
    candidates = tuple(
        Candidate(contest.id, f"{contest.id}-{n}", n, "N", str(n), party=draw(party))
        for contest in contests
        for n in range(1, 6)
    )
    units = tuple(Unit(contest.unit) for contest in contests)
    election = Election("e", "E", OWN, Kind.DEMO, units, contests, candidates)
    made = []
    for law in (OWN, OLD, MOST)[: draw(st.integers(2, 3))]:
        counted = []
        for contest in contests:
            standing = tuple(candidate for candidate in candidates if candidate.contest == contest.id)
            names = tuple(candidate.id for candidate in standing)
            first = draw(outcomes(names, contest.seats))
            second, final = None, first
            if first.kind is OutcomeKind.SECOND_BALLOT and draw(st.booleans()):
                final = draw(outcomes(names, contest.seats))
                second = ballot(2, standing, final)
            counted.append(ContestCount(contest, ballot(1, standing, first), second, final))
        made.append(ElectionCount(election, built_in(law), tuple(counted), OWN, Gathered(Slots(election), {}, {})))
    return made


@given(counts())
def test_every_contest_is_in_one_class_and_every_seat_counts_once(made: list[ElectionCount]) -> None:
    comparison = compare(made)
    contests = len(made[0].contests)
    for position, law in enumerate(comparison.laws):
        for tallies in (law.first, law.final):
            assert [tally.result for tally in tallies] == list(Result)
            assert sum(tally.contests for tally in tallies) == contests
            assert sum(tally.seats for tally in tallies) == comparison.seats
        assert law.second_used <= law.second_due
        if comparison.parties:
            assert sum(party.seats[position] for party in comparison.parties) + law.seats_open == comparison.seats


@given(counts())
def test_the_cross_table_has_the_tallies_at_its_edges(made: list[ElectionCount]) -> None:
    comparison = compare(made)
    for law, contrast in zip(comparison.laws[1:], comparison.contrasts, strict=True):
        assert contrast.law == law.id
        assert [sum(row) for row in contrast.cross] == [tally.contests for tally in comparison.laws[0].first]
        assert [sum(column) for column in zip(*contrast.cross, strict=True)] == [t.contests for t in law.first]


@given(counts())
def test_everybody_whom_the_first_law_elects_has_one_fate_under_each_other(made: list[ElectionCount]) -> None:
    comparison = compare(made)
    for position, contrast in enumerate(comparison.contrasts):
        seen: Counter[Fate] = Counter()
        for counted, contest in zip(made[0].contests, comparison.contests, strict=True):
            assert [person.candidate.id for person in contest.persons] == list(counted.outcome.elected)
            for person in contest.persons:
                check_fate(person, person.elsewhere[position], contest.verdicts[position + 1])
                seen[person.elsewhere[position].fate] += 1
        assert contrast.fates == tuple((fate, seen[fate]) for fate in Fate)


def check_fate(person: Person, elsewhere: Elsewhere, verdict: Verdict) -> None:
    who = person.candidate
    assert (elsewhere.fate is Fate.ELECTED) == (who in verdict.elected)
    assert who not in elsewhere.others
    if elsewhere.fate is Fate.LOST:
        assert elsewhere.others
        assert set(elsewhere.others) <= set(verdict.elected)
    if elsewhere.fate is Fate.SECOND_BALLOT:
        assert who in verdict.to_come


@given(counts())
def test_the_data_and_the_table_hold_what_the_comparison_holds(made: list[ElectionCount]) -> None:
    comparison = compare(made)
    data = json.loads(json.dumps(as_data(comparison)))
    rows = list(csv.DictReader(as_table(comparison).splitlines()))
    assert len(rows) == len(data["contests"]) == len(comparison.contests)
    for position, law in enumerate(comparison.laws):
        finals_of_law = Counter(row[f"{law.id}.final"] for row in rows)
        assert finals_of_law == Counter(contest["under"][position]["final"] for contest in data["contests"])
        for result, tally in data["laws"][position]["final"].items():
            assert tally["contests"] == finals_of_law[result]
    assert data["kind"] == "demo"
    assert ARITHMETIC in data["note"]


# the command


def test_the_command_shows_where_the_laws_part_and_writes_its_files(tmp_path: Path) -> None:
    folder, out = write(tmp_path / "e", FIGURES), tmp_path / "out"
    run = CliRunner().invoke(command, [str(folder), "--law", MOST, "--out", str(out)], catch_exceptions=False)
    said = " ".join(run.output.split())
    assert run.exit_code == 0
    assert ARITHMETIC in said
    assert SECOND_BALLOTS in said
    assert "Made up <for> a test (demo)" in said
    assert "would have lost: A of turned elected instead" in said
    assert "not filled by these votes 2 1" in said
    assert sorted(path.name for path in out.iterdir()) == sorted(FILES)
    assert json.loads((out / "compare.json").read_text())["laws"][0]["law"] == OWN
    ElementTree.parse(out / "compare.svg")


def test_the_command_shows_twenty_persons_and_says_how_many_more(tmp_path: Path) -> None:
    folder = write(tmp_path / "e", {f"d{n}": FIGURES["turned"] for n in range(27)})
    run = CliRunner().invoke(command, [str(folder), "--law", OWN, "--law", MOST], catch_exceptions=False)
    assert run.output.count("elected instead") == 20
    assert "and 7 more persons" in run.output


@pytest.mark.parametrize("laws", [[MOST, MOST], [OWN], [MOST, OLD, MOST]])
def test_the_command_refuses_a_law_given_twice(tmp_path: Path, laws: list[str]) -> None:
    folder, out = write(tmp_path / "e", FIGURES), tmp_path / "out"
    arguments = [str(folder), *(part for law in laws for part in ("--law", law)), "--out", str(out)]
    run = CliRunner().invoke(command, arguments)
    assert isinstance(run.exception, CountError)
    assert run.exception.exit_code == WRONG_USE
    assert not out.exists()


def test_the_command_needs_a_law(tmp_path: Path) -> None:
    assert CliRunner().invoke(command, [str(write(tmp_path / "e", FIGURES))]).exit_code == WRONG_USE
