"""The laws that come with suffrage: they are whole, and say what the sources say, no more certainly than these do."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from suffrage.errors import LawError
from suffrage.law import (
    Certainty,
    Gap,
    Provision,
    Rules,
    Statute,
    built_in,
    built_in_ids,
    differences,
    find_statute,
    lines,
    parse_statute,
    write_statute,
)
from suffrage.law.schema import json_schema
from suffrage.law.statute import RULE_SECTIONS

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "src" / "suffrage" / "laws"

LISTED = (
    "ussr-1937",
    "ussr-1924",
    "party-1937",
    "ussr-1989",
    "ukraine-1994",
    "poland-1989",
    "poland-president",
    "france-assembly",
    "france-president",
    "vietnam-2015",
    "cuba-municipal",
    "plurality",
    "approval-majority",
    "majority-two-ballots",
)

READ, SECONDARY, RECALLED, DECIDED = Certainty
HALF, QUARTER, EIGHTH = Fraction(1, 2), Fraction(1, 4), Fraction(1, 8)
NONE = Gap.NOT_APPLICABLE

# A row: rule; what it says (a value, or several by name); article; certainty. An article of None: the sources that
# this project has name none, so none is held to.
Row = tuple[str, Any, str | None, Certainty]

USSR_1937: Sequence[Row] = (
    ("franchise.minimum_age", 18, "Const. 135", READ),
    ("franchise.excluded", ("the insane", "persons deprived of electoral rights by a court"), "Const. 135", READ),
    ("franchise.equal", True, "Const. 136-138", READ),
    ("franchise.direct", True, "Const. 139", READ),
    ("franchise.secret", True, "Const. 140", READ),
    ("chambers.union.norms.0", {"one_per": 300_000, "of": "inhabitants"}, None, READ),
    ("chambers.nationalities.norms.0", {"each": 25, "unit": "union-republic"}, None, READ),
    ("chambers.nationalities.norms.1", {"each": 11, "unit": "autonomous-republic"}, None, READ),
    ("chambers.nationalities.norms.2", {"each": 5, "unit": "autonomous-region"}, None, READ),
    ("chambers.nationalities.norms.3", {"each": 1, "unit": "national-area"}, None, READ),
    ("roll.drawn_up_by", "the local soviet, one list a precinct", None, RECALLED),
    ("roll.complaint_to", "the soviet that published the list", None, RECALLED),
    ("roll.appeal_to", "the people's court, in open sitting, final", None, RECALLED),
    ("roll.certificates", True, None, RECALLED),
    ("roll.removal", "only on a certificate of the right to vote or a decision on a complaint", None, RECALLED),
    ("calendar.roll_displayed", {"before": 30}, None, RECALLED),
    ("calendar.complaints_decided", {"within": 3}, None, RECALLED),
    ("calendar.appeals_decided", {"within": 3}, None, RECALLED),
    ("committees.levels.central", {"least": 15, "most": 15}, None, READ),
    ("committees.levels.district", {"least": 8, "most": 8}, None, RECALLED),
    ("committees.levels.precinct", {"least": 4, "most": 8}, None, RECALLED),
    ("committees.quorum", "more than half of the members", None, RECALLED),
    ("committees.chair_breaks_tie", True, None, RECALLED),
    ("calendar.district_committees_formed", {"before": 55}, None, RECALLED),
    ("calendar.precinct_committees_formed", {"before": 40}, None, RECALLED),
    ("calendar.precincts_formed", {"before": 45}, None, RECALLED),
    ("voting.precincts.town", {"least": 1_500, "most": 2_500}, None, RECALLED),
    ("voting.precincts.country", {"least": 500, "most": 2_000}, None, RECALLED),
    ("voting.precincts.servicemen", {"least": 50, "most": 1_500}, None, RECALLED),
    ("voting.precincts.hospital", {"least": 50, "most": None}, None, RECALLED),
    ("voting.precincts.ship", {"least": 25, "most": None}, None, RECALLED),
    (
        "nomination.by",
        (
            "public organisations",
            "meetings of workers",
            "meetings of employees",
            "meetings of peasants",
            "meetings of servicemen",
        ),
        "Const. 141",
        READ,
    ),
    ("nomination.consent", True, None, RECALLED),
    ("nomination.one_district_only", True, None, RECALLED),
    ("nomination.not_on_committee", True, None, RECALLED),
    ("nomination.appeal_to", "the Central electoral committee, within 2 days", "63-64", SECONDARY),
    ("nomination.published", ("name", "age", "occupation", "party", "nominating organisation"), "65", SECONDARY),
    ("calendar.nominations_close", {"before": 30}, None, RECALLED),
    ("calendar.refusals_appealed", {"within": 2}, "63-64", SECONDARY),
    ("calendar.candidates_published", {"before": 25}, "65", SECONDARY),
    ("calendar.ballots_printed", {"before": 15}, None, SECONDARY),
    ("voting.day", "one non-working day", None, READ),
    ("voting.opens", "06:00", None, READ),
    ("voting.closes", "24:00", None, READ),
    ("voting.assistance", "who cannot read or mark a ballot may call in another elector", "81", SECONDARY),
    ("ballot.marking", "strike-out", None, READ),
    ("ballot.seats", 1, None, READ),
    ("ballot.may_leave", "seats", None, RECALLED),
    ("ballot.all_struck", "valid", None, SECONDARY),
    ("ballot.blank", NONE, None, READ),
    ("ballot.unclear", "committee", None, RECALLED),
    (
        "ballot.invalid",
        ("not of the prescribed form", "without an envelope or in a wrong one", "more names left than seats"),
        None,
        RECALLED,
    ),
    ("turnout.at_least", {"value": HALF, "base": "registered"}, "106", SECONDARY),
    ("turnout.counted", "took_part", None, READ),
    ("turnout.otherwise", {"value": "new-election", "within_days": 14}, "106", SECONDARY),
    ("majority.more_than", {"value": HALF, "base": "valid_ballots"}, "104", SECONDARY),
    ("second_ballot.finalists", "second-highest-and-above", "107", DECIDED),
    ("second_ballot.minimum_candidates", 2, "107", DECIDED),
    ("second_ballot.within_days", 14, "107", READ),
    ("second_ballot.turnout_applies", True, "107", DECIDED),
    ("second_ballot.won_by", "most-votes", "107", DECIDED),
    ("second_ballot.withdrawal", {"value": "other-stands-alone", "moves_days": 0}, "107", DECIDED),
    ("second_ballot.alone_needs", {"value": HALF, "base": "took_part"}, "107", DECIDED),
    ("second_ballot.tie", "new-election", "107", DECIDED),
    ("new_election.no_majority", {"value": "new-election", "within_days": 14}, "107", DECIDED),
    ("new_election.vacancy", {"value": "new-election", "within_days": 60}, "108", SECONDARY),
    ("calendar.vacancies_filled", {"within": 60}, "108", SECONDARY),
    (
        "protocols.district",
        ("precincts in all and reporting", "the sums of the precincts", "the decision"),
        "110-112",
        SECONDARY,
    ),
    ("protocols.signed_by", "all-present", None, RECALLED),
    ("protocols.copies_within_hours", 24, None, RECALLED),
    ("afterwards.recall", "at any time by decision of a majority of the electors of the district", "Const. 142", READ),
)

FRANCE_ASSEMBLY: Sequence[Row] = (
    ("ballot.marking", "mark", None, RECALLED),
    ("turnout.at_least", NONE, None, READ),
    ("majority.more_than", {"value": HALF, "base": "valid_ballots"}, "L. 126", READ),
    ("majority.thresholds.0", {"value": QUARTER, "base": "registered"}, "L. 126", READ),
    ("second_ballot.finalists", "two-leaders", "L. 162", READ),
    ("second_ballot.also_at_least", {"value": EIGHTH, "base": "registered"}, "L. 162", READ),
    ("second_ballot.withdrawal", {"value": "the-rest-stand", "moves_days": 0}, "L. 162", RECALLED),
    ("second_ballot.won_by", "most-votes", "L. 126", READ),
    ("second_ballot.tie", "older", "L. 126", READ),
)

POLAND_PRESIDENT: Sequence[Row] = (
    ("ballot.marking", "mark", None, RECALLED),
    ("turnout.at_least", NONE, None, READ),
    ("majority.more_than", {"value": HALF, "base": "valid_ballots"}, "Const. 127(4)", READ),
    ("second_ballot.finalists", "two-leaders", "Const. 127(5)", RECALLED),
    ("second_ballot.within_days", 14, "Const. 127(5)", RECALLED),
    ("second_ballot.withdrawal", {"value": "next-replaces", "moves_days": 14}, "Const. 127(5)", RECALLED),
)

# The rules by which the other laws differ from one another.
OTHERS: Sequence[tuple[str, Row]] = (
    ("ussr-1924", ("ballot.marking", "show-of-hands", None, RECALLED)),
    ("ussr-1924", ("franchise.equal", False, "Const. 1918, 25; Const. 1924, 9", READ)),
    ("ussr-1924", ("franchise.direct", False, "Const. 1918, 25; Const. 1924, 9", READ)),
    ("ussr-1924", ("franchise.secret", False, None, RECALLED)),
    ("ussr-1924", ("chambers.union-congress.norms.0", {"one_per": 25_000, "of": "electors"}, None, READ)),
    ("ussr-1924", ("chambers.union-congress.norms.1", {"one_per": 125_000, "of": "inhabitants"}, None, READ)),
    ("ussr-1924", ("turnout.at_least", {"value": Fraction(35, 100), "base": "registered"}, None, SECONDARY)),
    ("party-1937", ("ballot.may_leave", "any", None, DECIDED)),
    ("party-1937", ("majority.more_than", {"value": HALF, "base": "took_part"}, None, RECALLED)),
    ("ussr-1989", ("turnout.at_least", {"value": HALF, "base": "registered"}, None, RECALLED)),
    ("ussr-1989", ("majority.more_than", {"value": HALF, "base": "took_part"}, None, RECALLED)),
    ("ussr-1989", ("second_ballot.minimum_candidates", 3, None, RECALLED)),
    ("ussr-1989", ("second_ballot.finalists", "two-leaders", None, RECALLED)),
    ("ukraine-1994", ("turnout.at_least", {"value": HALF, "base": "registered"}, None, RECALLED)),
    ("ukraine-1994", ("majority.more_than", {"value": HALF, "base": "took_part"}, None, RECALLED)),
    ("ukraine-1994", ("second_ballot.turnout_applies", True, None, RECALLED)),
    ("poland-1989", ("ballot.marking", "strike-out", None, RECALLED)),
    ("poland-1989", ("majority.more_than", {"value": HALF, "base": "valid_ballots"}, None, RECALLED)),
    ("poland-1989", ("second_ballot.finalists", "two-leaders", None, RECALLED)),
    ("poland-1989", ("variants.national-list.ballot.seats", 35, None, READ)),
    ("poland-1989", ("variants.national-list.ballot.marking", "strike-out", None, RECALLED)),
    (
        "poland-1989",
        ("variants.national-list.majority.more_than", {"value": HALF, "base": "valid_ballots"}, None, RECALLED),
    ),
    ("poland-1989", ("variants.national-list.second_ballot.finalists", NONE, None, READ)),
    ("poland-1989", ("variants.national-list.new_election.no_majority", "vacant", None, RECALLED)),
    ("france-president", ("majority.more_than", {"value": HALF, "base": "valid_ballots"}, "Const. 7", READ)),
    ("france-president", ("second_ballot.finalists", "two-leaders", "Const. 7", READ)),
    ("france-president", ("second_ballot.within_days", 14, "Const. 7", READ)),
    ("vietnam-2015", ("ballot.all_struck", "invalid", None, SECONDARY)),
    ("vietnam-2015", ("ballot.may_leave", "seats", None, SECONDARY)),
    ("vietnam-2015", ("turnout.more_than", {"value": HALF, "base": "registered"}, None, SECONDARY)),
    ("vietnam-2015", ("second_ballot.finalists", NONE, None, READ)),
    ("vietnam-2015", ("new_election.no_majority", "supplementary-election", "79", SECONDARY)),
    ("cuba-municipal", ("majority.more_than", {"value": HALF, "base": "valid_ballots"}, None, SECONDARY)),
    ("cuba-municipal", ("second_ballot.finalists", "second-highest-and-above", None, SECONDARY)),
    ("cuba-municipal", ("second_ballot.tie", "ballot-again", None, SECONDARY)),
    ("plurality", ("majority.more_than", NONE, None, READ)),
    ("plurality", ("second_ballot.finalists", NONE, None, READ)),
    ("approval-majority", ("ballot.may_leave", "any", None, DECIDED)),
    ("approval-majority", ("majority.more_than", {"value": HALF, "base": "valid_ballots"}, None, DECIDED)),
    ("approval-majority", ("second_ballot.finalists", "two-leaders", None, DECIDED)),
)

ROWS = [
    *(("ussr-1937", *row) for row in USSR_1937),
    *(("france-assembly", *row) for row in FRANCE_ASSEMBLY),
    *(("poland-president", *row) for row in POLAND_PRESIDENT),
    *((law, *row) for law, row in OTHERS),
]


def at(statute: Statute, path: str) -> Provision:
    """The rule at a path; members of a tuple by number, or by their id, level or kind."""
    here: Any = statute
    for part in path.split("."):
        if isinstance(here, dict):
            here = here[part]
        elif isinstance(here, tuple) and part.isdigit():
            here = here[int(part)]
        elif isinstance(here, tuple):
            (here,) = (
                member for member in here if part in (getattr(member, key, None) for key in ("id", "level", "kind"))
            )
        else:
            here = getattr(here, part)
    assert isinstance(here, Provision)
    return here


def all_rules(statute: Statute) -> list[Rules]:
    return [statute, *statute.variants.values()]


def own_document(identifier: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{identifier}.toml").read_text("utf-8"))


@pytest.mark.parametrize(
    ("law", "path", "says", "article", "certainty"), ROWS, ids=[f"{row[0]}:{row[1]}" for row in ROWS]
)
def test_a_rule_says_what_the_sources_say(
    law: str, path: str, says: Any, article: str | None, certainty: Certainty
) -> None:
    rule = at(built_in(law), path)
    wanted = says if isinstance(says, dict) else {"value": says}
    assert {name: getattr(rule, name) for name in wanted} == wanted
    assert rule.certainty is certainty
    if article is not None:
        assert rule.article == article


def test_every_listed_law_exists_and_no_other() -> None:
    assert sorted(LISTED) == list(built_in_ids())


@pytest.mark.parametrize("identifier", built_in_ids())
def test_a_built_in_law_is_whole(identifier: str) -> None:
    statute = built_in(identifier)
    assert statute.id == identifier
    assert statute.title
    assert all(statute.sources)
    assert find_statute(identifier) is statute
    assert find_statute(str(FOLDER / f"{identifier}.toml")) == statute


@pytest.mark.parametrize("identifier", built_in_ids())
def test_a_law_reads_back_as_it_was_written(identifier: str) -> None:
    statute = built_in(identifier)
    text = write_statute(statute)
    again = parse_statute(text, "again.toml")
    assert again == statute
    assert write_statute(again) == text
    assert lines(again) == lines(statute)


@pytest.mark.parametrize("identifier", built_in_ids())
def test_a_law_is_what_the_published_schema_says(identifier: str) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    document = json.loads(json.dumps(own_document(identifier), default=str))
    validator = jsonschema.Draft202012Validator(schema)
    assert [error.message for error in validator.iter_errors(document)] == []
    document["ballot"] = {"marking": "cross"}
    assert not validator.is_valid(document)


@pytest.mark.parametrize("identifier", sorted(set(built_in_ids()) - {"plurality"}))
def test_a_law_says_its_own_electoral_rules(identifier: str) -> None:
    assert set(RULE_SECTIONS) - {"returns"} <= set(own_document(identifier))


@pytest.mark.parametrize("identifier", built_in_ids())
def test_the_sums_of_a_return_are_checked(identifier: str) -> None:
    for rules in all_rules(built_in(identifier)):
        checks = {(str(check.check), check.names): check.otherwise for check in rules.returns.checks}
        marking = rules.ballot.marking.known
        if marking == "mark" or (marking == "strike-out" and rules.ballot.none_left == "valid"):
            one = "names + all_struck = valid"  # under a law of marked ballots: figures from strike-out ballots
        else:
            one = "names = valid"
        assert checks[one, "one"] == "error"
        assert checks["names <= may_leave * valid", "several"] == "error"
        assert checks["valid + invalid = took_part", "any"] == "error"
        assert checks["took_part <= registered", "any"] == "error"


def test_ballots_with_every_name_struck_are_no_valid_ballots_in_vietnam() -> None:
    checks = [str(check.check) for check in built_in("vietnam-2015").returns.checks]
    assert "all_struck <= invalid" in checks
    assert not any("all_struck" in check and "valid" in check.replace("invalid", "") for check in checks)


@pytest.mark.parametrize("identifier", built_in_ids())
def test_what_is_not_entered_is_not_said_to_be_read(identifier: str) -> None:
    for line in lines(built_in(identifier)):
        if "not entered" in line.note:
            assert line.certainty is not Certainty.READ, line.path


@pytest.mark.parametrize("identifier", built_in_ids())
def test_what_the_project_decided_is_not_called_read(identifier: str) -> None:
    if own_document(identifier)["sources"] == ["Written for this collection"]:
        for line in lines(built_in(identifier)):
            if re.match(r"(ballot|turnout|majority|second_ballot|new_election)\.", line.path):
                ours = line.certainty is Certainty.DECIDED
                assert ours or line.says == "not applicable" or line.path == "turnout.counted", line.path


def test_a_variant_says_what_it_changes_and_the_statute_the_rest() -> None:
    statute = built_in("poland-1989")
    variant = statute.rules_for("national-list")
    assert statute.rules_for() is statute
    assert variant.returns == statute.returns
    assert variant.turnout == statute.turnout
    assert variant.ballot.all_struck == statute.ballot.all_struck
    assert variant.new_election.vacancy == statute.new_election.vacancy
    with pytest.raises(KeyError):
        statute.rules_for("no-such-variant")


def test_no_two_laws_say_the_same() -> None:
    for first in built_in_ids():
        assert differences(built_in(first), built_in(first)) == ()
        for second in built_in_ids():
            if first != second:
                assert differences(built_in(first), built_in(second))


def test_differences_name_the_rules_on_which_laws_differ() -> None:
    found = {
        line.path: (line.first, line.second)
        for line in differences(built_in("majority-two-ballots"), built_in("plurality"))
    }
    assert found["majority.more_than"] == ("1/2, base valid ballots", "not applicable")
    assert found["second_ballot.tie"] == ("lot", "not applicable")
    assert "majority.tie" not in found


def test_a_deadline_on_polling_day_itself_is_shown() -> None:
    text = 'id = "x"\ntitle = "x"\nextends = "plurality"\n[calendar]\nopens = { before = 0 }\n'
    (line,) = (line for line in lines(parse_statute(text, "x.toml")) if line.path == "calendar.opens")
    assert line.says == "before 0"


@pytest.mark.parametrize("identifier", ["ussr-1938", "", "../laws/plurality", "plurality.TOML"])
def test_a_law_that_is_not_there_is_named_with_those_that_are(identifier: str) -> None:
    with pytest.raises(LawError) as caught:
        built_in(identifier)
    assert caught.value.exit_code == 2
    assert "ussr-1937" in caught.value.problems[0].expected


def test_the_law_in_the_documentation_checks() -> None:
    page = (ROOT / "docs" / "laws.md").read_text("utf-8")
    texts = [text for text in re.findall(r"```toml[^\n]*\n(.*?)```", page, re.DOTALL) if text.startswith("id")]
    assert texts
    for text in texts:
        statute = parse_statute(text, "docs/laws.md")
        assert statute.id == "riverside-coop-2026"
        assert statute.calendar["roll_displayed"].before == 21


def test_the_documentation_lists_every_law() -> None:
    page = (ROOT / "docs" / "laws.md").read_text("utf-8")
    assert set(re.findall(r"^\| `([a-z0-9-]+)` \|.*\|.*\|$", page, re.MULTILINE)) >= set(built_in_ids())
