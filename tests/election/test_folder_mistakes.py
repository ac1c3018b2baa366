"""Every mistake in an election folder is named with file, line and column, and all of them at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from suffrage.election import read_folder
from suffrage.errors import DOES_NOT_HOLD, WRONG_USE, ElectionError, Problem

HEAD = 'id = "x"\ntitle = "X"\nlaw = "ussr-1937"\nkind = "demo"\n'
CONTESTS = '[[contests]]\nunit = "d1"\n[[contests]]\nunit = "d2"\n'
WHOLE = {
    "election.toml": HEAD + CONTESTS,
    "units.csv": "id,name,kind,parent,also_in,registered\n"
    "top,,,,,\nd1,,district,top,,\nd2,,district,top,,\np1,,,d1,d2,5\n",
    "candidates.csv": "contest,number,id,surname,birth_date\nd1,1,a,A,\nd1,2,b,B,\nd2,1,c,C,\n",
    "decisions.csv": "id,kind,contest,ballot,unit,candidate,field,figure,date\n1,accept,d1,1,p1,,,,\n",
}


def write(folder: Path, files: dict[str, str | bytes | None]) -> Path:
    for name, text in {**WHOLE, **files}.items():
        if isinstance(text, str):
            (folder / name).write_text(text, "utf-8", newline="")
        elif text is not None:
            (folder / name).write_bytes(text)
    return folder


def problems(folder: Path, files: dict[str, str | bytes | None]) -> tuple[Problem, ...]:
    with pytest.raises(ElectionError) as refused:
        read_folder(write(folder, files))
    assert refused.value.exit_code == DOES_NOT_HOLD
    return refused.value.problems


def added(name: str, row: str) -> dict[str, str | bytes | None]:
    return {name: f"{WHOLE[name]}{row}\n"}


def test_the_whole_folder_is_read(tmp_path: Path) -> None:
    assert len(read_folder(write(tmp_path, {})).units) == 4


@pytest.mark.parametrize(
    ("row", "column", "message", "seen"),
    [
        ("d1,,,top,,", "id", "duplicate unit", "d1"),
        ("d3,,,nowhere,,", "parent", "unknown unit", "nowhere"),
        ("d3,,,d3,,", "parent", "a unit lies in itself", "d3 in d3"),
        ("d3,,,top,nowhere,", "also_in", "unknown unit", "nowhere"),
        ("d3,,,top,d1 nowhere,", "also_in", "unknown unit", "nowhere"),
        ("d3,,,top,d3,", "also_in", "unknown unit", "d3"),
        ("d 3,,,top,,", "id", "not an identifier", "d 3"),
        (",,,top,,", "id", "not an identifier", ""),
        ("-d3,,,top,,", "id", "not an identifier", "-d3"),
        (f"{'d' * 81},,,top,,", "id", "not an identifier", "d" * 59 + "…"),
        ("d3,,,top,,-1", "registered", "not a figure", "-1"),
        ("d3,,,top,,1.0", "registered", "not a figure", "1.0"),
        ("d3,,,top,,1e3", "registered", "not a figure", "1e3"),
        ("d3,,,top,,1 000", "registered", "not a figure", "1 000"),
        ("d3,,,top,,1000000000001", "registered", "not a figure", "1000000000001"),
        (f"d3,,,top,,{10**30}", "registered", "not a figure", str(10**30)),
        ("d3,,,top,,١٢", "registered", "not a figure", "١٢"),
    ],
)
def test_a_mistake_in_the_units(tmp_path: Path, row: str, column: str, message: str, seen: str) -> None:
    (problem,) = problems(tmp_path, added("units.csv", row))
    assert (problem.place, problem.message, problem.seen) == (f"units.csv, line 6, {column}", message, seen)
    assert problem.expected


def test_a_circle_of_units_is_named_once(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, added("units.csv", "a,,,b,,\nb,,,c,,\nc,,,a,,\ne,,,c,,"))
    assert problem.message == "a unit lies in itself"
    assert problem.seen == "a in b in c in a"
    assert problem.place == "units.csv, line 6, parent"


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        ("a,,,,b,\nb,,,,a,", [6, 7]),  # each a guest of the other: nobody would be expected to report
        ("a,,,b,,\nb,,,,a,", [7]),  # a host within its guest
        ("a,,,,b,\nb,,,c,,\nc,,,,a,", [6, 8]),
    ],
)
def test_a_circle_through_other_branches_is_none_the_less_one(tmp_path: Path, rows: str, lines: list[int]) -> None:
    found = problems(tmp_path, added("units.csv", rows))
    assert [problem.place for problem in found] == [f"units.csv, line {line}, also_in" for line in lines]
    assert {problem.message for problem in found} == {"a unit lies in itself"}


def test_a_unit_may_also_be_in_one_above_it(tmp_path: Path) -> None:
    made = read_folder(write(tmp_path, added("units.csv", "p9,,,d1,top d1,")))
    assert made.units[-1].also_in == ("top", "d1")


@pytest.mark.parametrize(
    ("row", "column", "message", "seen"),
    [
        ("d1,3,a,A,", "id", "duplicate candidate", "a"),
        ("d1,2,e,E,", "number", "duplicate number", "2"),
        ("d9,3,e,E,", "contest", "unknown contest", "d9"),
        (",3,e,E,", "contest", "unknown contest", ""),
        ("d1,3,1937,E,", "id", "could be taken for a number on the ballot", "1937"),
        ("d1,3,e e,E,", "id", "not an identifier", "e e"),
        ("d1,3,e,,", "surname", "is missing", ""),
        ("d1,x,e,E,", "number", "not a figure", "x"),
        (f"d1,{10**30},e,E,", "number", "not a figure", str(10**30)),
        ("d1,3,e,E,1937-02-29", "birth_date", "not a date", "1937-02-29"),
        ("d1,3,e,E,12.12.1937", "birth_date", "not a date", "12.12.1937"),
        ("d1,3,e,E,0000-01-01", "birth_date", "not a date", "0000-01-01"),
    ],
)
def test_a_mistake_in_the_candidates(tmp_path: Path, row: str, column: str, message: str, seen: str) -> None:
    (problem,) = problems(tmp_path, added("candidates.csv", row))
    assert (problem.place, problem.message, problem.seen) == (f"candidates.csv, line 5, {column}", message, seen)
    assert problem.expected


@pytest.mark.parametrize(
    ("row", "column", "message", "seen"),
    [
        ("1,accept,d1,1,,,,,", "id", "duplicate decision", "1"),
        ("2,acept,d1,1,,,,,", "kind", "unknown kind of decision", "acept"),
        ("2,accept,d9,1,,,,,", "contest", "unknown contest", "d9"),
        ("2,accept,d1,3,,,,,", "ballot", "not a ballot", "3"),
        ("2,accept,d1,0,,,,,", "ballot", "not a ballot", "0"),
        ("2,accept,d1,1,nowhere,,,,", "unit", "unknown unit", "nowhere"),
        ("2,accept,d1,1,top,,,,", "unit", "a unit outside the contest", "top"),
        ("2,annul,d1,1,d2,,,,", "unit", "a unit outside the contest", "d2"),
        ("2,withdraw,d1,1,,c,,,", "candidate", "unknown candidate", "c"),
        ("2,withdraw,d1,1,,,,,", "candidate", "whom it concerns is missing", ""),
        ("2,elect,d1,1,,,,,", "candidate", "whom it concerns is missing", ""),
        ("2,correct,d1,1,,,valid,3,", "unit", "whose figure it corrects is missing", ""),
        ("2,correct,d1,1,p1,,valid,,", "figure", "the corrected figure is missing", ""),
        ("2,correct,d1,1,p1,,,3,", "field", "which figure it corrects is not clear", ""),
        ("2,correct,d1,1,p1,a,valid,3,", "field", "which figure it corrects is not clear", "valid"),
        ("2,correct,d1,1,p1,a,,-3,", "figure", "not a figure", "-3"),
        ("2,accept,d1,1,,,,,yesterday", "date", "not a date", "yesterday"),
    ],
)
def test_a_mistake_in_the_decisions(tmp_path: Path, row: str, column: str, message: str, seen: str) -> None:
    found = {problem.message: problem for problem in problems(tmp_path, added("decisions.csv", row))}
    problem = found[message]
    assert (problem.place, problem.seen) == (f"decisions.csv, line 3, {column}", seen)
    assert problem.expected


def test_a_decision_may_speak_of_a_precinct_of_another_branch(tmp_path: Path) -> None:
    made = read_folder(write(tmp_path, added("decisions.csv", "2,annul,d2,1,p1,,,,")))
    assert made.decisions[-1].unit == "p1"


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        (HEAD.replace('"x"', '""') + CONTESTS, "line 1, id", "is missing"),
        (HEAD.replace('id = "x"\n', "") + CONTESTS, "line 1, id", "is missing"),
        (HEAD.replace('"x"', '"x y"') + CONTESTS, "line 1, id", "not an identifier"),
        (HEAD.replace('"X"', "7") + CONTESTS, "line 2, title", "not text"),
        (HEAD.replace('"demo"', '"Demo"') + CONTESTS, "line 4, kind", "unknown kind"),
        (HEAD + 'time_zone = "Europe/Dnipropetrovsk"\n' + CONTESTS, "line 5, time_zone", "unknown time zone"),
        (HEAD + 'time_zone = "../../etc/passwd"\n' + CONTESTS, "line 5, time_zone", "unknown time zone"),
        (HEAD + 'time_zone = "Europe"\n' + CONTESTS, "line 5, time_zone", "unknown time zone"),
        (HEAD + 'polling_day = "1937-12-12"\n' + CONTESTS, "line 5, polling_day", "not a date"),
        (HEAD + "polling_day = 1937-12-12T06:00:00\n" + CONTESTS, "line 5, polling_day", "not a date"),
        (HEAD + "second_ballot_day = 12\n" + CONTESTS, "line 5, second_ballot_day", "not a date"),
        (HEAD + 'sources = "one"\n' + CONTESTS, "line 5, sources", "not a list of texts"),
        (HEAD + "sources = [1]\n" + CONTESTS, "line 5, sources", "not a list of texts"),
        (HEAD + 'poling_day = "x"\n' + CONTESTS, "line 5, poling_day", "unknown key"),
        (HEAD + CONTESTS + '[[contests]]\nunit = "d9"\n', "line 9, unit", "unknown unit"),
        (HEAD + CONTESTS + '[[contests]]\nunit = "d1"\n', "line 9, id", "duplicate contest"),
        (HEAD + CONTESTS + '[[contests]]\nunit = "d1"\nid = "a b"\n', "line 9, id", "not an identifier"),
        (HEAD + CONTESTS + '[[contests]]\nunit = "d1"\nid = ""\n', "line 9, id", "not an identifier"),
        (HEAD + CONTESTS + '[[contests]]\nunit = "top"\nseat = 2\n', "line 9, seat", "unknown key"),
        (HEAD + CONTESTS + '[[contests]]\nunit = "top"\nseats = "2"\n', "line 9, seats", "not a value for this key"),
        (HEAD + CONTESTS + '[[contests]]\nunit = "top"\nseats = true\n', "line 9, seats", "not a value for this key"),
        (HEAD + CONTESTS + '[[contests]]\nunit = "top"\nseats = 0\n', "line 9, seats", "not a number of seats"),
        (HEAD + CONTESTS + '[[contests]]\nunit = "top"\nseats = 10001\n', "line 9, seats", "not a number of seats"),
        (HEAD + CONTESTS + "[[contests]]\nseats = 2\n", "line 9", "a contest needs a place"),
        (HEAD + CONTESTS + '[[contests]]\nunit = "d1"\neach = "district"\n', "line 9", "a contest needs a place"),
        (HEAD + CONTESTS + '[[contests]]\neach = "province"\n', "line 9, each", "no unit is of this kind"),
    ],
)
def test_a_mistake_in_the_head(tmp_path: Path, text: str, place: str, message: str) -> None:
    (problem,) = problems(tmp_path, {"election.toml": text})
    assert (problem.place, problem.message) == (f"election.toml, {place}", message)
    assert problem.expected


@pytest.mark.parametrize("text", [HEAD, HEAD + "contests = []\n", HEAD + 'contests = "d1"\n'])
def test_an_election_needs_a_contest(tmp_path: Path, text: str) -> None:
    found = problems(tmp_path, {"election.toml": text})
    assert found[0].message == "no contests"


@pytest.mark.parametrize(
    ("text", "line"),
    [(HEAD + "contests = [\n", 6), ("id = \n", 1), (HEAD + f"seats = {10**30}\n", 5), (HEAD + HEAD, 5)],
)
def test_a_head_that_is_no_toml_is_named_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    (problem,) = problems(tmp_path, {"election.toml": text})
    assert problem.message == "not TOML"
    assert problem.place.startswith("election.toml, line ")
    assert abs(int(problem.place.rsplit(" ", 1)[1]) - line) <= 1


@pytest.mark.parametrize(
    ("name", "header", "missing"),
    [
        ("units.csv", "name\nd1\n", "id"),
        ("candidates.csv", "contest,id\nd1,a\n", "surname"),
        ("decisions.csv", "id,contest\n1,d1\n", "kind"),
    ],
)
def test_a_column_that_is_needed(tmp_path: Path, name: str, header: str, missing: str) -> None:
    (problem,) = problems(tmp_path, {name: header})
    assert (problem.place, problem.message) == (f"{name}, line 1", "a column is missing")
    assert problem.expected == missing


@pytest.mark.parametrize("name", ["units.csv", "candidates.csv", "decisions.csv"])
def test_a_column_that_nobody_knows(tmp_path: Path, name: str) -> None:
    text = str(WHOLE[name]).replace("\n", ",colour\n", 1)
    assert any(problem.message == "unknown column" for problem in problems(tmp_path, {name: text}))


def test_units_of_a_header_only(tmp_path: Path) -> None:
    found = problems(tmp_path, {"units.csv": "id,parent\n"})
    assert (found[0].place, found[0].message) == ("units.csv", "no units")


def test_nobody_need_stand(tmp_path: Path) -> None:
    files: dict[str, str | bytes | None] = {"candidates.csv": "contest,id,surname\n", "decisions.csv": "id,kind\n"}
    assert read_folder(write(tmp_path, files)).candidates == ()


def test_all_mistakes_of_all_files_are_reported_at_once(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        {
            "election.toml": HEAD.replace("demo", "trial") + "turnout = 1\n" + CONTESTS,
            "units.csv": f"{WHOLE['units.csv']}d1,,,nowhere,,many\n",
            "candidates.csv": f"{WHOLE['candidates.csv']}d1,1,a,,soon\n",
            "decisions.csv": f"{WHOLE['decisions.csv']}1,annul,d9,7,,,,,\n",
        },
    )
    assert {problem.place.partition(",")[0] for problem in found} == set(WHOLE)
    assert {problem.message for problem in found} == {
        "unknown kind",
        "unknown key",
        "duplicate unit",
        "unknown unit",
        "not a figure",
        "duplicate candidate",
        "duplicate number",
        "is missing",
        "not a date",
        "duplicate decision",
        "unknown contest",
        "not a ballot",
    }


@pytest.mark.parametrize("name", ["election.toml", "units.csv", "candidates.csv"])
def test_a_file_that_is_missing_or_no_file_is_unreadable(tmp_path: Path, name: str) -> None:
    for make in (lambda path: None, Path.mkdir):
        folder = write(tmp_path, {name: None})
        make(folder / name)
        with pytest.raises(ElectionError) as refused:
            read_folder(folder)
        assert refused.value.exit_code == WRONG_USE
        assert name in refused.value.problems[0].place


@pytest.mark.parametrize("name", WHOLE)
def test_another_encoding_is_unreadable(tmp_path: Path, name: str) -> None:
    text = str(WHOLE[name])
    broken = (text.replace('"X"', '"Ц"') if name == "election.toml" else text.replace("d1,", "d1,Ц", 1)).encode(
        "cp1251"
    )
    with pytest.raises(ElectionError) as refused:
        read_folder(write(tmp_path, {name: broken}))
    assert refused.value.exit_code == WRONG_USE
    assert "not UTF-8 text" in str(refused.value)
    assert refused.value.problems[0].place.startswith(name)


@pytest.mark.parametrize("name", ["election.toml", "units.csv", "candidates.csv", "decisions.csv"])
def test_an_empty_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ElectionError) as refused:
        read_folder(write(tmp_path, {name: ""}))
    assert refused.value.problems[0].place.startswith(name)


def test_there_is_no_such_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "nowhere", tmp_path / "file"):
        with pytest.raises(ElectionError) as refused:
            read_folder(path)
        assert refused.value.exit_code == WRONG_USE
