"""A statute file that is wrong: every mistake at once, each in its line, and never anything but a LawError."""

from __future__ import annotations

import copy
import re
import time
import tomllib
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from suffrage.errors import LawError, Problem
from suffrage.law import Gap, built_in, built_in_ids, parse_statute, read_statute, write_statute

LAWS = Path(__file__).parents[2] / "src" / "suffrage" / "laws"
USSR_1937 = (LAWS / "ussr-1937.toml").read_text("utf-8")
HEAD = 'id = "x"\ntitle = "x"\nsources = ["x"]\nextends = "majority-two-ballots"\n'


def problems_of(text: str, file: str = "law.toml") -> tuple[Problem, ...]:
    with pytest.raises(LawError) as caught:
        parse_statute(text, file)
    assert caught.value.problems
    return caught.value.problems


def found_in(text: str) -> dict[str, tuple[int, Problem]]:
    """The problems by what they speak of, each with its line; no two speak of the same."""
    found = {}
    for problem in problems_of(text):
        match = re.fullmatch(r"law\.toml(?:, line (\d+))?(?:, (.+))?", problem.place)
        assert match, problem.place
        found[match[2] or ""] = (int(match[1] or 0), problem)
    return found


def line_of(text: str, snippet: str) -> int:
    assert text.count(snippet) == 1, snippet
    return text[: text.index(snippet)].count("\n") + 1


MISTAKES = (
    ("id", 'id = "Riverside 2026"', "text that matches"),
    ("sources", "sources = []", "at least one"),
    ("frobnicate", "frobnicate = 3", "a key that the schema knows"),
    ("franchise.minimum_age", 'minimum_age = "eighteen"', "a whole number"),
    ("franchise.excluded", 'excluded = "nobody"', "a list in square brackets"),
    ("franchise.equal", "equal = 1", "true or false"),
    ("chambers[1].name", "name = 7", "text in quotation marks"),
    ("chambers[1].norms[2].one_per", "{ one_per = 0,", "greater than 0"),
    ("committees.levels[1].most", "{ level = ", "a value"),
    ("ballot.marking.certainty", "marking = {", "'read', 'secondary', 'recalled' or 'decided'"),
    ("ballot.seats", "seats = true", "a whole number"),
    ("ballot.blank", 'blank = "void"', "'valid' or 'invalid', \"silent\" or \"not_applicable\""),
    ("ballot.colour", 'colour = "red"', "a key that the schema knows"),
    ("turnout.at_least.value", 'at_least = { value = "3/2"', "a share from 0 to 1"),
    ("turnout.else.within_days", "else = {", "greater than or equal to 0"),
    ("majority.more_than.value", "more_than = { value = 0.5", "a share in quotation marks"),
    ("majority.more_than.base", "more_than = { value = 0.5", "'valid_ballots'"),
    ("second_ballot.withdrawal.moves", "withdrawal = {", "a key that the schema knows"),
    ("voting.opens", 'opens = "24:30"', "text that matches"),
    ("calendar.roll.before", 'roll = { before = "30"', "a whole number"),
    ("returns.checks[2].check", 'check = "names ++ valid"', "two sums joined by"),
    ("returns.checks[2].else", 'else = "warning"', "'error' or 'remark'"),
)

WRONG = """\
id = "Riverside 2026"
title = "Rules"
extends = "majority-two-ballots"
sources = []
frobnicate = 3

[franchise]
minimum_age = "eighteen"
excluded = "nobody"
equal = 1

[[chambers]]
id = "council"
name = 7
norms = [
  { each = 1, unit = "house" },
  { one_per = 0, of = "electors" },
]

[committees]
levels = [{ level = "house", least = 3 }]

[ballot]
marking = { value = "mark", certainty = "sure" }
seats = true
blank = "void"
colour = "red"

[turnout]
at_least = { value = "3/2", base = "registered" }
else = { value = "new-election", within_days = -1 }

[majority]
more_than = { value = 0.5, base = "everybody" }

[second_ballot]
withdrawal = { value = "the-rest-stand", moves = 3 }

[voting]
opens = "24:30"

[calendar]
roll = { before = "30" }

[[returns.checks]]
check = "valid + invalid = took_part"
else = "error"

[[returns.checks]]
check = "names ++ valid"
else = "warning"
"""


def test_every_mistake_is_reported_at_once_in_its_line() -> None:
    found = {path: (line, problem.expected) for path, (line, problem) in found_in(WRONG).items()}
    assert sorted(found) == sorted(path for path, _, _ in MISTAKES)
    for path, snippet, expected in MISTAKES:
        assert found[path][0] == line_of(WRONG, snippet), path
        assert expected in found[path][1], path


def test_problems_come_in_the_order_of_their_lines() -> None:
    lines = [int(problem.place.split(", ")[1].removeprefix("line ")) for problem in problems_of(WRONG)]
    assert lines == sorted(lines)


def test_the_value_that_was_seen_is_shown() -> None:
    found = found_in(WRONG)
    assert found["franchise.minimum_age"][1].seen == "eighteen"
    assert found["ballot.colour"][1].seen == "colour"


def test_a_gap_is_offered_where_it_may_stand_and_nowhere_else() -> None:
    for path in ("ballot.marking.certainty", "majority.more_than.base", "returns.checks[2].else"):
        assert "silent" not in found_in(WRONG)[path][1].expected
    text = HEAD + '[ballot]\nmarking = "cross"\n'
    assert found_in(text)["ballot.marking"][1].expected.endswith(', "silent" or "not_applicable"')


CONTRADICTIONS = (
    ("turnout", "[turnout]", "one measure"),
    ("turnout.at_least", "at_least =", "a share of what"),
    ("turnout.more_than", "more_than = { value = 1", "more than the whole"),
    ("majority.thresholds", "thresholds =", "where the most votes elect"),
    ("calendar.both", "both =", "one measure"),
    ("calendar.neither", "neither =", "one measure"),
    ("calendar.candidates_published", "candidates_published =", "comes before nominations_close"),
    ("returns.fields.first.sum", "first =", "follows from itself"),
    ("returns.fields.second.sum", "second =", "follows from itself"),
    ("returns.fields.third.sum", "third =", "no return has"),
    ("returns.fields.names", "names =", "another use"),
    ("returns.checks[1].check", 'check = "envelopes', "no return has"),
    ("chambers[2].id", 'id = "council" # again', "one identifier"),
    ("chambers[2].norms[1]", "norms =", "not a norm"),
    ("committees.levels[1]", "levels =", "fewer than no members"),
)

CONTRADICTORY = """\
id = "x"
title = "x"
extends = "majority-two-ballots"
sources = ["x"]

[turnout]
at_least = { value = "1/2" }
more_than = { value = 1, base = "registered" }
else = { value = "new-election" }

[majority]
more_than = "not_applicable"
thresholds = [{ value = "1/4", base = "registered" }]

[calendar]
both = { before = 1, after = 2 }
neither = { title = "when?" }
nominations_close = { before = 20 }
candidates_published = { before = 25 }

[returns.fields]
first = { label = "x", sum = "second" }
second = { label = "x", sum = "valid - first" }
third = { label = "x", sum = "valid + envelopes" }
names = { label = "x" }

[[returns.checks]]
check = "envelopes = valid"
else = "error"

[[chambers]]
id = "council"
name = "Council"

[[chambers]]
id = "council" # again
name = "Council"
norms = [{ each = 3 }]

[committees]
levels = [{ level = "house", least = 5, most = 3 }]
"""


def test_every_contradiction_is_reported_at_once_in_its_line() -> None:
    found = {path: (line, problem.message) for path, (line, problem) in found_in(CONTRADICTORY).items()}
    assert sorted(found) == sorted(path for path, _, _ in CONTRADICTIONS)
    for path, snippet, message in CONTRADICTIONS:
        assert found[path][0] == line_of(CONTRADICTORY, snippet), path
        assert message in found[path][1], path


@pytest.mark.parametrize(
    ("rules", "path", "message"),
    [
        ('[ballot]\nmarking = "strike-out"', "ballot.all_struck", "must mean something"),
        ('[ballot]\nall_struck = "valid"', "ballot.all_struck", "nothing is struck out"),
        ('[ballot]\nblank = "silent"', "ballot.blank", "must mean something"),
        ('[turnout]\nat_least = { value = "1/2", base = "registered" }', "turnout.else", "nothing follows"),
        ('[majority]\nmore_than = { value = "1/2" }', "majority.more_than", "a share of what"),
        ('[majority]\nmore_than = { value = "1/2", base = "took_part" }\n[second_ballot]\nfinalists = "silent"',
         "second_ballot.won_by", "never held"),
        ('[second_ballot]\nwon_by = "silent"', "second_ballot.won_by", "nothing decides"),
        ('[second_ballot]\nalone_needs = { value = "100 %", base = "valid_ballots" }',
         "second_ballot.alone_needs", "more than the whole"),
        ('second_ballot = "not_applicable"\n[majority]\ntie = "second-ballot"', "majority.tie", "never held"),
    ],
)  # fmt: skip
def test_rules_that_cannot_hold_together(rules: str, path: str, message: str) -> None:
    found = {problem.place.rpartition(", ")[2]: problem.message for problem in problems_of(HEAD + rules, "law.toml")}
    assert message in found[path]


@pytest.mark.parametrize(
    "rule",
    [
        'turnout = { at_least = { value = "1/2", base = "issued" }, else = { value = "new-election" } }',
        'majority = { more_than = { value = "1/2", base = "issued" } }',
        'majority = { thresholds = [{ value = "1/4", base = "issued" }] }',
        'second_ballot = { also_at_least = { value = "1/8", base = "issued" } }',
        'second_ballot = { alone_needs = { value = "1/2", base = "issued" } }',
    ],
)
def test_a_figure_that_a_rule_compares_must_be_in_the_return(rule: str) -> None:
    document = tomllib.loads((LAWS / "majority-two-ballots.toml").read_text("utf-8"))
    del document["returns"]["fields"]["issued"]
    document["returns"]["checks"].pop()
    section, rules = next(iter(tomllib.loads(rule).items()))
    document[section] |= rules
    (problem,) = problems_of(tomli_w.dumps(document))
    assert problem.expected == "a field issued"


def required_rules() -> Iterator[tuple[str, ...]]:
    document = tomllib.loads(USSR_1937)
    for name, section in document.items():
        if name in ("id", "title", "sources"):
            yield (name,)
        elif isinstance(section, dict) and name not in ("calendar", "returns"):
            yield (name,)
            yield from ((name, rule) for rule in section if rule not in ("levels", "precincts"))


@pytest.mark.parametrize("path", list(required_rules()), ids=".".join)
def test_a_missing_rule_is_named(path: tuple[str, ...]) -> None:
    document = tomllib.loads(USSR_1937)
    inside = document
    for part in path[:-1]:
        inside = inside[part]
    del inside[path[-1]]
    (problem,) = problems_of(tomli_w.dumps(document))
    named = ".".join(path)
    assert problem.place.endswith("turnout" if named == "turnout.at_least" else f", {named}")


@pytest.mark.parametrize("missing", ["id", "title", "sources"])
def test_no_gap_is_offered_for_what_every_law_has(missing: str) -> None:
    document = tomllib.loads(USSR_1937)
    del document[missing]
    assert [problem.expected for problem in problems_of(tomli_w.dumps(document))] == ["a value"]


def test_a_missing_rule_has_the_line_of_its_section() -> None:
    text = USSR_1937.replace('finalists = { value = "second-highest', 'note_finalists = { value = "second-highest')
    found = found_in(text)
    assert found["second_ballot.finalists"][0] == line_of(text, "[second_ballot]")
    assert found["second_ballot.note_finalists"][0] == line_of(text, "note_finalists")


BAD_SHARES = ("half", "", "-1/2", "1/0", "2", "101 %", "1e-1", "1/2/3", "%", "1 %%", "\N{ARABIC-INDIC DIGIT ONE}/2")


@pytest.mark.parametrize("share", [*(f'"{text}"' for text in BAD_SHARES), "2", "-1", "0.5", "true", "[]", "1979-05-27"])
def test_a_bad_share_is_refused(share: str) -> None:
    found = found_in(HEAD + f'[majority]\nmore_than = {{ value = {share}, base = "valid_ballots" }}\n')
    assert found["majority.more_than.value"][0] == 6


@pytest.mark.parametrize("share", ["1/2", "50 %", "50%", "0.5", " 1 / 2 ", "50.0 %"])
def test_a_share_is_written_as_people_write_it(share: str) -> None:
    text = HEAD + f'[majority]\nmore_than = {{ value = "{share}", base = "valid_ballots" }}\n'
    assert parse_statute(text, "x.toml").majority.more_than.known == (Fraction(1, 2), "valid_ballots")


def test_a_share_that_would_take_for_ever_to_compute_is_refused_at_once() -> None:
    began = time.monotonic()
    problems_of(HEAD + '[majority]\nmore_than = { value = "1e999999999", base = "valid_ballots" }\n')
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("seats", ['"5"', "5.0", "true", "0", "-1", "[1]", "{ value = '5' }", "9223372036854775808"])
def test_a_number_is_a_whole_number(seats: str) -> None:
    problems_of(HEAD + f"[ballot]\nseats = {seats}\n")


def test_a_mistake_that_variants_repeat_is_reported_once() -> None:
    document = tomllib.loads(USSR_1937)
    del document["ballot"]["seats"]
    document["ballot"]["marking"] = "cross"
    document["turnout"]["at_least"]["value"] = "all"
    document["variants"] = {"first": {}, "second": {"majority": {"tie": "coin"}}}
    found = found_in(tomli_w.dumps(document))
    assert sorted(found) == [
        "ballot.marking",
        "ballot.seats",
        "turnout.at_least.value",
        "variants.second.majority.tie",
    ]


def test_a_mistake_of_a_variant_has_the_line_of_the_variant() -> None:
    text = HEAD + '[variants.list.ballot]\nseats = 35\nmarking = "cross"\n[variants.list.turnout]\nat_least = 3\n'
    found = found_in(text)
    assert found["variants.list.ballot.marking"][0] == 7
    assert found["variants.list.turnout.at_least"][0] == 9
    assert len(found) == 2


@pytest.mark.parametrize("text", ["", "\n", "# nothing\n", "   \n\n"])
def test_an_empty_file(text: str) -> None:
    (problem,) = problems_of(text)
    assert problem.message == "an empty file"


@pytest.mark.parametrize(
    ("text", "line"),
    [("id = ", 1), ('id = "x"\n[ballot\n', 2), ("a = 1\nb = 2\na = 3\n", 3), ("\n\n= 3", 3), ('x = "\x00"', 1),
     ("[a]\n[a]\n", 2), ("{}", 1), ('id = "x\n', 1)],
)  # fmt: skip
def test_what_is_no_toml(text: str, line: int) -> None:
    (problem,) = problems_of(text)
    assert problem.message == "not TOML"
    assert problem.place == f"law.toml, line {line}"


@pytest.mark.parametrize("depth", [50, 5_000])
@pytest.mark.parametrize("opening", ["x = {0}", "{0} = 1", "[{0}]"])
def test_a_file_nested_very_deep_is_a_law_error(depth: int, opening: str) -> None:
    inside = "[" * depth + "]" * depth if opening.startswith("x") else ".".join("a" * depth)
    problems_of(opening.format(inside))


def test_what_is_no_utf_8_text(tmp_path: Path) -> None:
    path = tmp_path / "law.toml"
    path.write_bytes(b'id = "x"\ntitle = "Gesetz \xfcber"\n')
    with pytest.raises(LawError) as caught:
        read_statute(path)
    assert caught.value.exit_code == 2
    assert caught.value.problems[0].place == f"{path}, line 2"
    assert caught.value.problems[0].seen.startswith("fc")


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    for name in ("base.toml", "law.toml"):
        text = HEAD if name == "base.toml" else HEAD.replace("majority-two-ballots", "base.toml")
        (tmp_path / name).write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert read_statute(tmp_path / "law.toml").id == "x"


def test_windows_line_ends_are_no_mistake(tmp_path: Path) -> None:
    path = tmp_path / "law.toml"
    path.write_bytes(USSR_1937.replace("\n", "\r\n").encode())
    assert read_statute(path) == built_in("ussr-1937")


@pytest.mark.parametrize("name", ["nothing.toml", "folder.toml"])
def test_a_file_that_cannot_be_read(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.toml").mkdir()
    with pytest.raises(LawError) as caught:
        read_statute(tmp_path / name)
    assert caught.value.exit_code == 2
    assert str(tmp_path / name) in str(caught.value)


@pytest.mark.parametrize(
    ("extends", "message"),
    [('"no-such-law"', "unknown law"), ('"nothing.toml"', "cannot be read"), ("3", "not the name of a law"),
     ('["a", "b"]', "not the name of a law"), ('"folder.toml"', "cannot be read"), ('""', "unknown law"),
     ('"\\u0000.toml"', "cannot be read"), (f'"{"x" * 5_000}.toml"', "cannot be read"),
     ('"../laws/plurality"', "unknown law")],
    ids=[str(n) for n in range(9)],
)  # fmt: skip
def test_a_base_law_that_is_not_there(tmp_path: Path, extends: str, message: str) -> None:
    (tmp_path / "folder.toml").mkdir()
    path = tmp_path / "law.toml"
    path.write_text(f'id = "x"\nextends = {extends}\n', "utf-8")
    with pytest.raises(LawError, match=message) as caught:
        read_statute(path)
    assert caught.value.problems[0].place == f"{path}, line 2, extends"


def test_a_base_law_that_is_not_utf_8(tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_bytes(b"\xff")
    (tmp_path / "law.toml").write_text('extends = "base.toml"\n', "utf-8")
    with pytest.raises(LawError, match="cannot be read"):
        read_statute(tmp_path / "law.toml")


@pytest.mark.parametrize("ring", [["a"], ["a", "b"], ["a", "b", "c", "d"]])
def test_laws_that_extend_one_another(tmp_path: Path, ring: list[str]) -> None:
    for name, following in zip(ring, [*ring[1:], ring[0]], strict=True):
        (tmp_path / f"{name}.toml").write_text(f'id = "{name}"\n\nextends = "./{following}.toml"\n', "utf-8")
    with pytest.raises(LawError, match="cannot extend itself") as caught:
        read_statute(tmp_path / "a.toml")
    assert ", line 3, extends" in caught.value.problems[0].place


def test_laws_of_one_name_in_folders_within_folders_extend_one_another(tmp_path: Path) -> None:
    inner = tmp_path / "section" / "branch"
    inner.mkdir(parents=True)
    (tmp_path / "rules.toml").write_text(HEAD, "utf-8")
    for folder in (inner.parent, inner):
        (folder / "rules.toml").write_text(f'title = "{folder.name}"\nextends = "../rules.toml"\n', "utf-8")
    statute = read_statute(inner / "rules.toml")
    assert (statute.id, statute.title) == ("x", "branch")


def test_a_mistake_in_the_base_law_names_its_file(tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_text(HEAD + "[ballot]\nseats = 0\n", "utf-8")
    (tmp_path / "law.toml").write_text('extends = "base.toml"\n[ballot]\nblank = "void"\n', "utf-8")
    with pytest.raises(LawError) as caught:
        read_statute(tmp_path / "law.toml")
    assert {problem.place for problem in caught.value.problems} == {
        f"{tmp_path / 'base.toml'}, line 6, ballot.seats",
        f"{tmp_path / 'law.toml'}, line 3, ballot.blank",
    }


def test_what_a_law_changes_reaches_the_variants_of_the_law_that_it_extends(tmp_path: Path) -> None:
    (tmp_path / "law.toml").write_text(
        'id = "x"\nextends = "poland-1989"\n[ballot]\nunclear = "invalid"\nmay_leave = 2\n', "utf-8"
    )
    variant = read_statute(tmp_path / "law.toml").variants["national-list"]
    assert variant.ballot.unclear.value == "invalid"
    assert variant.ballot.may_leave.value == "any"


@pytest.mark.parametrize("section", ["franchise", "roll", "turnout", "second_ballot", "new_election", "afterwards"])
@pytest.mark.parametrize("gap", list(Gap))
@pytest.mark.parametrize("form", ['{0} = "{1}"', '{0} = {{ value = "{1}", article = "7", note = "whole" }}'])
def test_a_whole_section_may_be_a_gap(section: str, gap: Gap, form: str) -> None:
    statute = parse_statute(HEAD + form.format(section, gap.value), "x.toml")
    inside: Any = getattr(statute, section)
    rules = {"franchise": "secret", "turnout": "at_least", "second_ballot": "tie", "roll": "removal",
             "new_election": "vacancy", "afterwards": "recall"}  # fmt: skip
    rule = getattr(inside, rules[section])
    assert rule.value is gap
    assert rule.article == ("7" if "article" in form else "")
    assert parse_statute(write_statute(statute), "again") == statute


@given(st.binary(max_size=300))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_a_law_or_a_law_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "any.toml"
    path.write_bytes(content)
    with pytest.raises(LawError) as caught:
        read_statute(path)
    assert all(problem.place for problem in caught.value.problems)


@given(st.sampled_from(built_in_ids()), st.data())
def test_a_damaged_law_is_a_law_or_a_law_error(identifier: str, data: st.DataObject) -> None:
    text = (LAWS / f"{identifier}.toml").read_text("utf-8")
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        length = data.draw(st.integers(0, 20))
        patch = data.draw(st.text(max_size=5) | st.text('"{}[]=,.#\n 0', max_size=5))
        text = text[:start] + patch + text[start + length :]
    law_or_law_error(text)


KEYS = st.sampled_from(["value", "article", "certainty", "base", "within_days", "label", "sum", "check", "else", "id",
                        "before", "after", "within", "fields", "checks", "norms", "levels", "ballot", "x"])  # fmt: skip
VALUES = st.recursive(
    st.sampled_from(["silent", "not_applicable", "1/2", "registered", "new-election", "mark", "names = valid", ""])
    | st.integers(-(2**63), 2**63 - 1)
    | st.booleans()
    | st.floats()
    | st.dates()
    | st.datetimes()
    | st.times()
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)


def places(document: dict[Any, Any], depth: int = 3) -> Iterator[tuple[Any, ...]]:
    """Every place in a document down to a depth."""
    for key, value in document.items():
        yield (key,)
        if depth > 1:
            inside = value if isinstance(value, dict) else dict(enumerate(value)) if isinstance(value, list) else {}
            yield from ((key, *rest) for rest in places(inside, depth - 1))


DOCUMENTS = {name: tomllib.loads((LAWS / f"{name}.toml").read_text("utf-8")) for name in ("ussr-1937", "poland-1989")}
PLACES = [
    (name, place)
    for name, document in DOCUMENTS.items()
    for place in (*places(document), ("variants", "x", "ballot"), ("extends",), ("variants", "x"))
]


@given(st.sampled_from(PLACES), VALUES)
def test_any_value_at_any_place_is_a_law_or_a_law_error(where: tuple[str, tuple[Any, ...]], value: object) -> None:
    name, place = where
    document = copy.deepcopy(DOCUMENTS[name])
    inside: Any = document
    for part in place[:-1]:
        inside = inside.setdefault(part, {}) if isinstance(inside, dict) else inside[part]
    if isinstance(inside, dict | list):
        inside[place[-1]] = value
    law_or_law_error(tomli_w.dumps(document))


def law_or_law_error(text: str) -> None:
    """Nothing but these two; what is a law reads back, and an error names its place."""
    try:
        statute = parse_statute(text, "law.toml")
    except LawError as error:
        places_named = [bool(problem.place) for problem in error.problems]
    else:
        places_named = [True]
        assert parse_statute(write_statute(statute), "again.toml") == statute
    assert places_named
    assert all(places_named)
