"""Tables with a column for each candidate: of one contest, of many, and of marked ballots."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from suffrage.count.folder import count_folder
from suffrage.election.folder import read_folder

if TYPE_CHECKING:
    from tests.importing.conftest import Workshop

ONE_SEAT = """\
[election]
id = "wide"
title = "A president"
law = "poland-president"
kind = "demo"

[[contests]]
unit = "all"

[[units]]
id = "all"
kind = "country"

[[units]]
file = "wide.csv"
id = "p-{station}"
parent = "all"

[[candidates]]
file = "wide.csv"
all_columns_except = ["station", "electors", "valid", "invalid"]
id = "{column|last-word|slug}"
surname = "{column|last-word}"
names = "{column|without-last-word}"

[[figures]]
file = "wide.csv"
unit = "p-{station}"
fields = { registered = "electors", valid = "valid", invalid = "invalid" }

[[votes]]
file = "wide.csv"
unit = "p-{station}"
candidate = "{column|last-word|slug}"
columns = ["Ada Young", "Ben de Old "]
"""
STATIONS = "station,electors,Ada Young,Ben de Old ,valid,invalid\n1,100,50,40,90,1\n2,200,80,,80,0\n"

MANY = """\
[election]
id = "parties"
title = "Parties"
law = "plurality"

[[contests]]
each = "seat"

[[units]]
file = "parties.csv"
id = "{seat|slug}"
name = "{seat}"
kind = "seat"

[[candidates]]
file = "parties.csv"
contest = "{seat|slug}"
columns = { con = "Conservative", lab = "Labour", snp = "Scottish Nationalist" }
id = "{column|slug}"
surname = "{column} of {seat}"
party = "{column}"

[[figures]]
file = "parties.csv"
unit = "{seat|slug}"
fields = { registered = "electors", valid = "valid", invalid = "invalid" }

[[votes]]
file = "parties.csv"
unit = "{seat|slug}"
columns = { con = "conservative", lab = "labour", snp = "scottish-nationalist" }
candidate = "{column}"
"""
SEATS = "seat\telectors\tcon\tlab\tsnp\tvalid\tinvalid\nBath\t10\t4\t3\t0\t7\t0\nAyr\t9\t1\t2\t3\t6\t1\n"

BALLOTS = """\
[election]
id = "ballots"
title = "Marked ballots"
law = "approval-majority"

[[contests]]
unit = "hall"

[[units]]
id = "hall"
registered = "5"

[[candidates]]
id = "ann"
surname = "Ann"

[[candidates]]
id = "bob"
surname = "Bob"

[[ballots]]
file = "marks.csv"
where = { valid = "yes" }
columns = { B = "bob", A = "ann" }
candidate = "{column}"
"""
MARKS = "A,B,valid\n1,0,yes\n1,1,yes\n0,0,yes\n1,,no\n"


@pytest.fixture
def wide(workshop: Workshop) -> Workshop:
    workshop.recipe = ONE_SEAT
    workshop.write("wide.csv", STATIONS)
    return workshop


@pytest.fixture
def parties(workshop: Workshop) -> Workshop:
    workshop.recipe = MANY
    workshop.write("parties.csv", SEATS)
    return workshop


@pytest.fixture
def marks(workshop: Workshop) -> Workshop:
    workshop.recipe = BALLOTS
    workshop.write("marks.csv", MARKS)
    return workshop


def test_columns_of_one_contest_are_headed_by_ids(wide: Workshop) -> None:
    report = wide.run()
    assert (wide.out / "returns.csv").read_text("utf-8").splitlines() == [
        "unit,ballot,registered,invalid,valid,young,old",
        "p-1,1,100,1,90,50,40",
        "p-2,1,200,0,80,80,",
    ]
    candidates = read_folder(wide.out).candidates
    assert [(c.surname, c.names) for c in candidates] == [("Young", "Ada"), ("Old", "Ben de")]
    assert report.sources[0].rows == report.sources[0].used == 2
    assert not (wide.out / "decisions.csv").exists()


def test_an_id_that_reads_like_a_figure_gives_way_to_the_number(wide: Workshop) -> None:
    wide.recipe = wide.recipe.replace("Ada Young", "Ada Issued")
    wide.write("wide.csv", STATIONS.replace("Ada Young", "Ada Issued"))
    wide.run()
    header = (wide.out / "returns.csv").read_text("utf-8").splitlines()[0]
    assert header == "unit,ballot,registered,invalid,valid,1,2"


def test_columns_of_many_contests(parties: Workshop) -> None:
    parties.run()
    candidates = read_folder(parties.out).candidates
    assert [(c.contest, c.number, c.id, c.surname) for c in candidates] == [
        ("bath", 1, "conservative-bath", "Conservative of Bath"),
        ("bath", 2, "labour-bath", "Labour of Bath"),
        ("ayr", 1, "conservative-ayr", "Conservative of Ayr"),
        ("ayr", 2, "labour-ayr", "Labour of Ayr"),
        ("ayr", 3, "scottish-nationalist", "Scottish Nationalist of Ayr"),
    ]
    elected = [contest.outcome.elected for contest in count_folder(parties.out).contests]
    assert elected == [("conservative-bath",), ("scottish-nationalist",)]


def test_votes_for_a_column_that_does_not_stand(parties: Workshop) -> None:
    parties.change("", 'contest = "{seat|slug}"', 'contest = "{seat|slug}"\nwhere = { seat = "Bath" }')
    text = str(parties.refused())
    assert "parties.csv, line 3" in text
    assert "nobody of this name stands in ayr; seen: conservative" in text


def test_a_contest_column_where_a_unit_votes_in_two(parties: Workshop) -> None:
    parties.change(
        "", '[[contests]]\neach = "seat"', '[[contests]]\neach = "seat"\n\n[[contests]]\nunit = "bath"\nid = "mayor"'
    )
    parties.recipe += """
[[candidates]]
contest = "mayor"
id = "lee"
surname = "Lee"

[[votes]]
file = "parties.csv"
where = { seat = "Bath" }
unit = "{seat|slug}"
contest = "mayor"
candidate = "lee"
votes = "valid"
"""
    assert "several contests are held in this unit; seen: bath" in str(parties.refused())
    parties.change("", 'unit = "{seat|slug}"\nfields', 'unit = "{seat|slug}"\ncontest = "{seat|slug}"\nfields')
    parties.change("", 'unit = "{seat|slug}"\ncolumns', 'unit = "{seat|slug}"\ncontest = "{seat|slug}"\ncolumns')
    parties.run()
    assert (parties.out / "returns.csv").read_text("utf-8").splitlines() == [
        "unit,contest,ballot,registered,invalid,valid,1,2,3",
        "bath,bath,1,10,0,7,4,3,",
        "ayr,ayr,1,9,1,6,1,2,3",
        "bath,mayor,1,,,,7,,",
    ]


def test_marked_ballots(marks: Workshop) -> None:
    report = marks.run()
    assert (marks.out / "ballots.csv").read_text("utf-8").splitlines() == ["ann,bob", "1,0", "1,1", "0,0"]
    assert not (marks.out / "returns.csv").exists()
    assert (report.ballots, report.returns) == (3, 0)
    assert report.sources[0].unused == {"valid is not yes": 1}
    (contest,) = count_folder(marks.out).contests
    assert contest.first.totals.votes == (2, 1)


def test_marked_ballots_of_several_units(marks: Workshop) -> None:
    marks.recipe = marks.recipe.replace(
        '[[candidates]]\nid = "ann"', '[[units]]\nid = "room-yes"\nparent = "hall"\n\n[[candidates]]\nid = "ann"'
    )
    marks.change("", "[[ballots]]", '[[ballots]]\nunit = "room-{valid}"\nballot = "1"')
    marks.run()
    assert (marks.out / "ballots.csv").read_text("utf-8").splitlines()[:2] == ["unit,ballot,ann,bob", "room-yes,1,1,0"]


def test_a_mark_that_is_none(marks: Workshop) -> None:
    marks.change("marks.csv", "1,1,yes", "1,2,yes")
    error = marks.refused()
    (problem,) = error.problems
    assert str(problem).startswith("marks.csv, line 3, B: not a mark; seen: 2; expected: 1 (left, marked)")
