"""Complaints and opinions: every mistake with its line; each attached to the protocol that it belongs to."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from suffrage.errors import WRONG_USE, ProtocolError
from suffrage.protocols.statements import Statements, read_statements
from suffrage.protocols.store import Store
from tests.protocols.made import EVERY, NATIONS, again, at, drawn, republic

HEAD = "kind,contest,chamber,unit,ballot,by,text,answer\n"
ELECTION = republic()


def read(folder: Path, rows: str, head: str = HEAD) -> Statements:
    (folder / "statements.csv").write_text(head + rows, "utf-8")
    return read_statements(folder, ELECTION)


def problems(folder: Path, rows: str, head: str = HEAD) -> list[tuple[str, str]]:
    with pytest.raises(ProtocolError) as refused:
        read(folder, rows, head)
    return [(problem.place, problem.message) for problem in refused.value.problems]


def test_a_folder_without_statements_has_none(tmp_path: Path) -> None:
    assert read_statements(tmp_path, ELECTION) == Statements()


@pytest.mark.parametrize(
    ("row", "where"),
    [
        ("complaint,d1,,p1,1,Орлова,Пізно відчинили,Відхилено", ("precinct", "p1", "d1", "union", 1)),
        ("complaint,d1,,p1,,Орлова,Пізно відчинили,Відхилено", ("precinct", "p1", "d1", "union", 1)),
        ("complaint,d2,,p4,2,Орлова,Пізно відчинили,Відхилено", ("precinct", "p4", "d2", "union", 2)),
        ("complaint,d1,,town,1,Орлова,Пізно відчинили,Відхилено", ("part", "town", "d1", "union", 1)),
        ("complaint,d1,,d1,1,Орлова,Пізно відчинили,Відхилено", ("district", "d1", "d1", "union", 1)),
        ("complaint,d1,,,1,Орлова,Пізно відчинили,Відхилено", ("district", "d1", "d1", "union", 1)),
        ("complaint,d3,,,1,Орлова,Пізно відчинили,Відхилено", ("district", "d3", "d3", "union", 1)),
        ("complaint,d2,union,,2,Орлова,Пізно відчинили,Відхилено", ("district", "d2", "d2", "union", 2)),
        ("complaint,hills,,p1,1,Орлова,Пізно відчинили,Відхилено", ("precinct", "p1", "hills", NATIONS, 1)),
        ("complaint,,union,north,1,Орлова,Пізно відчинили,Відхилено", ("area", "north", "", "union", 1)),
        ("complaint,,union,north,2,Орлова,Пізно відчинили,Відхилено", ("area", "north", "", "union", 2)),
        ("complaint,,union,,1,Орлова,Пізно відчинили,Відхилено", ("centre", "", "", "union", 1)),
        ("complaint,,nationalities,,1,Орлова,Пізно відчинили,Відхилено", ("centre", "", "", NATIONS, 1)),
    ],
)
def test_a_complaint_stands_in_its_protocol_and_no_other(
    row: str, where: tuple[str, str, str, str, int], tmp_path: Path
) -> None:
    store = again(Store(), ELECTION, EVERY, read(tmp_path, f"{row}\n"))
    level, unit, contest, chamber, ballot = where
    mine = at(store, level, unit, contest, chamber, ballot)
    assert mine.record["complaints"] == [{"by": "Орлова", "text": "Пізно відчинили", "answer": "Відхилено"}]
    assert mine.record["opinions"] == []
    others = [protocol.record for protocol in store.in_force.values() if protocol is not mine]
    assert all(record["complaints"] == record["opinions"] == [] for record in others)


def test_opinions_and_complaints_stand_in_the_order_of_the_rows(tmp_path: Path) -> None:
    rows = (
        "opinion,d1,,p1,1,A,I dissent,\ncomplaint,d1,,p1,1,B,first,no\nopinion,d1,,p1,1,C,me too,\n"
        "complaint,d1,,p1,1,D,second,\n"
    )
    record = at(again(Store(), ELECTION, EVERY, read(tmp_path, rows)), "precinct", "p1", "d1").record
    assert record["opinions"] == [{"by": "A", "text": "I dissent"}, {"by": "C", "text": "me too"}]
    assert record["complaints"] == [
        {"by": "B", "text": "first", "answer": "no"},
        {"by": "D", "text": "second", "answer": ""},
    ]


def test_the_fewest_columns(tmp_path: Path) -> None:
    made = read(tmp_path, "opinion,d1,A,text\n", "kind,contest,by,text\n")
    assert at(again(Store(), ELECTION, EVERY, made), "district", "d1").record["opinions"] == [
        {"by": "A", "text": "text"}
    ]


def test_every_mistake_at_once(tmp_path: Path) -> None:
    rows = (
        "praise,d1,,p1,1,A,x,\ncomplaint,d9,,p1,1,A,x,\ncomplaint,d1,,p9,1,A,x,\ncomplaint,d1,,p1,3,A,x,\n"
        "complaint,d1,,p1,1,,,\n"
    )
    assert problems(tmp_path, rows) == [
        ("statements.csv, line 2, kind", "unknown kind of statement"),
        ("statements.csv, line 3, contest", "unknown contest"),
        ("statements.csv, line 4, unit", "unknown unit"),
        ("statements.csv, line 5, ballot", "not a ballot"),
        ("statements.csv, line 6, by", "is missing"),
        ("statements.csv, line 6, text", "is missing"),
    ]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("complaint,d1,,p4,1,A,x,", "unit"),
        ("complaint,d1,,north,1,A,x,", "unit"),
        ("complaint,d1,,hills,1,A,x,", "unit"),
        ("complaint,,nobody,,1,A,x,", "chamber"),
        ("complaint,,,,1,A,x,", "chamber"),
        ("complaint,,union,p1,1,A,x,", "unit"),
        ("complaint,,union,d1,1,A,x,", "unit"),
        ("complaint,,union,land,1,A,x,", "unit"),
        ("complaint,d1,nationalities,p1,1,A,x,", "chamber"),
    ],
)
def test_a_statement_that_belongs_to_no_protocol_is_refused(row: str, column: str, tmp_path: Path) -> None:
    """Else a complaint would be left out of every protocol, and nobody would be told."""
    assert [place for place, _ in problems(tmp_path, f"{row}\n")] == [f"statements.csv, line 2, {column}"]


@pytest.mark.parametrize("head", ["kind,by\n", "kind,by,text,more\n", "\n"])
def test_the_columns_are_known(head: str, tmp_path: Path) -> None:
    assert problems(tmp_path, "", head)


def test_bytes_that_are_no_text_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "statements.csv").write_bytes(HEAD.encode() + b"complaint,d1,,p1,1,A,\xff\xfe,\n")
    with pytest.raises(ProtocolError) as refused:
        read_statements(tmp_path, ELECTION)
    assert refused.value.exit_code == WRONG_USE


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(codec="utf-8", exclude_characters='\r\n",\0'), max_size=20).map(str.strip).filter(bool))
def test_any_words_are_attached_as_they_are(tmp_path: Path, words: str) -> None:
    made = read(tmp_path, f'complaint,d1,,,1,"{words}","{words}","{words}"\n')
    every = [protocol.record["complaints"] for protocol in drawn(ELECTION, EVERY, None, made)]
    ((said,),) = [complaints for complaints in every if complaints]
    assert said["by"] == said["text"] == said["answer"]
    assert said["by"] in words
