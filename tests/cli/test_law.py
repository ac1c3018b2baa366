"""`suffrage law`: lists, shows, checks and compares statutes, and lays them on a calendar."""

from __future__ import annotations

import json
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from suffrage.law import built_in_ids

from .conftest import Run

COOP = """
id = "riverside-coop-2026"
title = "Election rules of the Riverside Housing Co-operative"
extends = "majority-two-ballots"
sources = ["Rules of the co-operative, adopted 14 March 2026, sections 31-44"]

[franchise]
minimum_age = { value = 16, article = "31" }

[ballot]
marking = { value = "strike-out", article = "35" }
seats = 1
all_struck = { value = "valid", article = "35(3)" }

[turnout]
at_least = { value = "1/3", base = "registered", article = "37" }
else = { value = "new-election", within_days = 30, article = "37(2)" }

[majority]
more_than = { value = "1/2", base = "valid_ballots", article = "38" }

[second_ballot]
finalists = { value = "second-highest-and-above", article = "39" }
within_days = { value = 14, article = "39" }
won_by = { value = "most-votes", article = "39(2)" }
tie = { value = "lot", article = "39(4)", certainty = "decided" }

[calendar]
roll_displayed = { before = 21, article = "32" }
complaints_decided = { within = 3, article = "33" }
nominations_close = { before = 14, article = "34" }
"""


@pytest.fixture
def coop(tmp_path: Path) -> Path:
    path = tmp_path / "coop.toml"
    path.write_text(COOP)
    return path


def plain(text: str) -> str:
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())


def test_the_list_names_every_law(run: Run) -> None:
    ran = run("law", "list")
    assert (ran.code, ran.err) == (0, "")
    for law in built_in_ids():
        assert law in ran.out


@pytest.mark.parametrize("law", built_in_ids())
def test_every_law_is_shown_with_articles_and_certainty(run: Run, law: str) -> None:
    ran = run("law", "show", law)
    assert (ran.code, ran.err) == (0, "")
    assert f"({law})" in plain(ran.out)
    assert "majority.more_than" in ran.out
    assert any(word in ran.out for word in ("read", "secondary", "recalled", "decided"))


def test_a_rule_is_shown_with_what_it_says(run: Run) -> None:
    said = plain(run("law", "show", "ussr-1937").out)
    assert "turnout.at_least 1/2, base registered" in said
    assert "second_ballot.within_days 14 107 read" in said


def test_a_law_that_holds(run: Run, coop: Path) -> None:
    ran = run("law", "check", coop)
    assert ran.code == 0
    assert "holds: Election rules of the Riverside Housing Co-operative" in plain(ran.out)


def test_a_law_that_does_not_hold_names_every_mistake(run: Run, coop: Path) -> None:
    text = COOP.replace('"strike-out"', '"strike"').replace('"1/3"', '"a third"').replace("before = 14", "befor = 14")
    coop.write_text(text)
    ran = run("law", "check", coop)
    assert (ran.code, ran.out) == (1, "")
    for line, seen in ((11, "strike"), (16, "a third"), (31, "befor")):
        assert any(f"line {line}," in said and seen in said for said in ran.err.splitlines()), ran.err


def test_two_laws_differ_in_some_rules(run: Run) -> None:
    said = plain(run("law", "diff", "ussr-1937", "ussr-1989").out)
    assert "second_ballot.finalists second-highest-and-above two-leaders" in said
    assert "franchise.minimum_age" not in said
    assert "The two laws say the same." in run("law", "diff", "plurality", "plurality").out


def test_a_calendar_has_the_days_of_the_law(run: Run, tmp_path: Path) -> None:
    ics = tmp_path / "calendar.ics"
    ran = run("law", "calendar", "ussr-1937", "--polling-day", "1937-12-12", "--ics", ics)
    assert ran.code == 0
    said = plain(ran.out)
    assert "Sun 1937-12-12 Polling day, 06:00 to 24:00" in said
    assert "Sun 1937-12-26 Second ballot, at the latest 14 days after 107" in said
    assert "Fri 1937-11-12 Lists of electors displayed 30 days before" in said
    assert ics.read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    assert run("law", "calendar", "ussr-1937", "--polling-day", "1937-12-12", "--ics", tmp_path / "no" / "x").code == 2


# The schema


def as_json(text: str) -> Any:
    """A TOML document as JSON has it: dates are texts."""
    return json.loads(json.dumps(tomllib.loads(text), default=lambda day: day.isoformat()))


@pytest.fixture(scope="module")
def schema() -> jsonschema.Draft202012Validator:
    from suffrage.law.schema import json_schema

    made = json_schema()
    jsonschema.Draft202012Validator.check_schema(made)
    return jsonschema.Draft202012Validator(made)


def test_the_command_prints_the_schema(run: Run, schema: jsonschema.Draft202012Validator) -> None:
    ran = run("law", "schema")
    assert ran.code == 0
    assert json.loads(ran.out) == schema.schema


@pytest.mark.parametrize("law", built_in_ids())
def test_the_schema_takes_every_built_in_law(law: str, schema: jsonschema.Draft202012Validator) -> None:
    text = (resources.files("suffrage") / "laws" / f"{law}.toml").read_text("utf-8")
    assert not [error.message for error in schema.iter_errors(as_json(text))]


def test_the_schema_takes_the_law_of_a_co_operative(schema: jsonschema.Draft202012Validator) -> None:
    assert not [error.message for error in schema.iter_errors(as_json(COOP))]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("[ballot]", "[balot]"),
        ("seats = 1", "seats = 0"),
        ("seats = 1", 'seats = "one"'),
        ('"strike-out"', '"strike"'),
        ('base = "registered"', 'base = "everybody"'),
        ("minimum_age = { value = 16,", "minimum_age = { valeu = 16,"),
        ("within_days = 30", "within_days = -1"),
        ("before = 21", 'before = "21"'),
        ('id = "riverside-coop-2026"', 'id = "Riverside Coop"'),
        ("extends =", "extend ="),
        ('sources = ["Rules of the co-operative, adopted 14 March 2026, sections 31-44"]', "sources = []"),
        ('certainty = "decided"', 'certainty = "sure"'),
        ('"second-highest-and-above"', '"the best"'),
    ],
)
def test_the_schema_refuses_a_wrong_law(right: str, wrong: str, schema: jsonschema.Draft202012Validator) -> None:
    assert right in COOP
    assert list(schema.iter_errors(as_json(COOP.replace(right, wrong))))
