"""What is wrong in a recipe, or in how it is used, is told with its place; nothing is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from suffrage.errors import WRONG_USE, ImportingError
from suffrage.importing import import_election

if TYPE_CHECKING:
    from tests.importing.conftest import Workshop


def line_of(workshop: Workshop, text: str) -> int:
    return workshop.recipe[: workshop.recipe.index(text)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("[repair]", "[repairs]", "repairs: unknown key; seen: repairs; expected: one of parameters, election"),
        (
            'party = "{party}"',
            'partie = "{party}"',
            "candidates[1].partie: unknown key; seen: partie; expected: one of id,",
        ),
        ('id = "{region|slug}"', "", "units[2].id: is missing; expected: id in [[units]]"),
        ('id = "{region|slug}"', "id = 7", "units[2].id: not text; seen: 7; expected: text in quotation marks"),
        ('name = "{region}"', 'name = "{regio"', "units[2].name: a brace without its partner; seen: {regio"),
        (
            'name = "{region}"',
            'name = "{regio}"',
            "units[2].name: no such column in places.csv; seen: regio; expected: one of year",
        ),
        (
            'name = "{region}"',
            'name = "{region|up}"',
            "units[2].name: unknown filter; seen: up; expected: one of strip,",
        ),
        ('title = "Assembly of Testland, {year}"', 'title = "{yr}"', "election.title: no such parameter; seen: yr"),
        ('title = "Assembly of Testland, {year}"', 'title = ""', "election.title: is missing"),
        ('id = "testland-{year}"', 'id = "test land"', "election.id: not an identifier; seen: test land"),
        ('"Europe/Paris"', '"Europe/Pari"', "election.time_zone: unknown time zone; seen: Europe/Pari"),
        ('law = "france-assembly"', 'law = "france"', "election.law: unknown law; seen: france; expected: one of"),
        ('law = "france-assembly"', 'law = "../x.toml"', "election.law: a law that is not beside the recipe"),
        ('law = "france-assembly"', 'law = "x.toml"', "election.law: "),
        (
            'time_zone = "Europe/Paris"',
            'kind = "test"',
            "election.kind: unknown kind; seen: test; expected: one of real",
        ),
        ("polling_day = 1999-06-06", 'polling_day = "6 June"', "not a date; seen: 6 June; expected: such as"),
        ('[election.by.year."1999"]', '[election.by.year."1998"]', "nothing for this year; seen: 1999; expected: 1998"),
        ("[election.by.year.", "[election.by.round.", "election.by.round: no such parameter; seen: round"),
        (
            'each = "district"',
            'each = "distrikt"',
            "no unit is of this kind; seen: distrikt; expected: country, region",
        ),
        ('each = "district"', 'unit = "01"\neach = "district"', "contests[1]: a contest needs a place"),
        ('each = "district"', 'unit = "09"', "contests[1]: unknown unit; seen: 09"),
        ('each = "district"', 'each = "district"\nseats = 0', "contests[1].seats: not a number of seats; seen: 0"),
        ('each = "district"', 'each = "district"\nname = "x"', "contests[1].name: many contests cannot share one"),
        ('chamber = "assembly"', '[[contests]]\nunit = "01"', "contests[2]: a second contest of this id; seen: 01"),
        ('where = { round = "1" }', 'where = { roun = "1" }', "candidates[1].where.roun: no such column in people.csv"),
        ('where = { round = "1" }', "where = { round = 1 }", "candidates[1].where.round: not text; seen: 1"),
        ('votes = "votes"', 'votes = "voices"', "votes[1].votes: no such column in people.csv; seen: voices"),
        ('votes = "votes"', "", "votes[1]: where the votes stand is not clear"),
        (
            'votes = "votes"',
            'votes = "votes"\nrepeated = "sum"',
            'votes[1].repeated: unknown way; seen: sum; expected: "error"',
        ),
        ('votes = "votes"', "columns = []", "votes[1].columns: not a list of columns; seen: []"),
        ('votes = "votes"', 'all_columns_except = ["x"]', "votes[1].all_columns_except: no such column in people.csv"),
        ('registered = "registered"', 'registred = "registered"', "registred: no figure of the law; seen: registred"),
        (
            'registered = "registered"',
            'registered = "rolls"',
            "figures[1].fields.registered: no such column in places.csv",
        ),
        (
            "who-has-no-votes",
            "none",
            'second_ballot.withdrawals: unknown way; seen: none; expected: "who-has-no-votes"',
        ),
        (
            "[repair]",
            '[files]\nencoding = "latin-9000"\n[repair]',
            "files.encoding: unknown encoding; seen: latin-9000",
        ),
        ("[repair]", '[files]\ndelimiter = "||"\n[repair]', "files.delimiter: not a delimiter; seen: ||"),
        (
            'file = "people.csv"',
            'file = "../people.csv"',
            "candidates[1].file: a file outside the folder of the sources",
        ),
        ('parent = "testland"', 'parent = "testlant"', "places.csv, line 2"),
        ('unit = "{district|pad:2}"', 'unit = "{district}"', "places.csv, line 2, district: unknown unit; seen: 1"),
        ('contest = "{district|pad:2}"', "", "candidates[1]: unknown contest; expected: the id of a contest: 01, 02"),
        ('id = "{surname|slug}-', 'id = "-', "people.csv, line 2, forename: not an identifier; seen: -ann"),
        (
            'id = "{surname|slug}-{forename|slug}"',
            'id = "{votes}"',
            "could be taken for a number on the ballot; seen: 600",
        ),
        (
            '\ndistinguish = "{party|slug}"\nsurname',
            "\nsurname",
            "people.csv, line 3, surname and forename: two candidates of one contest would have one id",
        ),
        (
            '\ndistinguish = "{party|slug}"\nvotes',
            "\nvotes",
            "several candidates of 01 are called so; seen: smith-ann; expected: distinguish: red, blue",
        ),
        (
            'ballot = "{round}"\nfields',
            'ballot = "{district}0"\nfields',
            "places.csv, line 2, district: not a ballot; seen: 10; expected: 1 or 2",
        ),
        ('ballot = "{round}"\nfields', "fields", "a figure of 02, ballot 1 is given twice; seen: 1000, then 1000"),
        ("[[votes]]", "[[ballots]]", "ballots[1].votes: unknown key; seen: votes"),
    ],
)
def test_a_mistake_in_the_recipe(workshop: Workshop, old: str, new: str, expected: str) -> None:
    workshop.change("", old, new)
    assert expected in str(workshop.refused())


def test_mistakes_come_together_with_their_lines(workshop: Workshop) -> None:
    workshop.change("", 'name = "{region}"', 'name = "{regio}"')
    workshop.change("", 'votes = "votes"', 'votes = "voices"')
    places = [problem.place for problem in workshop.refused().problems]
    assert places == [
        f"recipe.toml, line {line_of(workshop, '{regio}')}, units[2].name",
        f"recipe.toml, line {line_of(workshop, 'voices')}, votes[1].votes",
    ]


def test_no_toml(workshop: Workshop) -> None:
    workshop.recipe = "[election]\nid = 'x\n"
    assert "recipe.toml, line 2: not TOML" in str(workshop.refused())


def test_an_empty_recipe(workshop: Workshop) -> None:
    workshop.recipe = ""
    text = str(workshop.refused())
    for expected in (
        "election.id: is missing",
        "no contests",
        "no units",
        "no candidates",
        "what was counted is not clear",
    ):
        assert expected in text


def test_a_missing_file(workshop: Workshop) -> None:
    (workshop.sources / "people.csv").unlink()
    error = workshop.refused()
    line = line_of(workshop, "people.csv")
    assert f"recipe.toml, line {line}, candidates[1].file: no such file among the sources; seen: people.csv" in str(
        error
    )
    assert error.exit_code == WRONG_USE


def test_an_unknown_parameter(workshop: Workshop) -> None:
    error = workshop.refused({"yaer": "1999"})
    assert str(error) == "--set yaer: unknown parameter; seen: yaer; expected: year"
    assert error.exit_code == WRONG_USE


def test_no_recipe(workshop: Workshop) -> None:
    with pytest.raises(ImportingError, match=r"none\.toml: cannot be read") as caught:
        import_election(workshop.folder / "none.toml", workshop.sources, workshop.out)
    assert caught.value.exit_code == WRONG_USE


def test_no_sources(workshop: Workshop) -> None:
    workshop.sources = workshop.folder / "nowhere"
    error = workshop.refused()
    assert "nowhere: no such folder" in str(error)
    assert error.exit_code == WRONG_USE


@pytest.mark.parametrize("name", ["notes.txt", "election.toml"])
def test_a_folder_with_something_in_it_is_left_alone(workshop: Workshop, name: str) -> None:
    workshop.out.mkdir()
    (workshop.out / name).write_text("mine", "utf-8")
    with pytest.raises(ImportingError) as caught:
        workshop.run()
    assert caught.value.exit_code == WRONG_USE
    assert [path.name for path in workshop.out.iterdir()] == [name]
    assert (workshop.out / name).read_text("utf-8") == "mine"
