"""The table of committee members: every mistake with its line and column, all of them at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from suffrage.errors import DOES_NOT_HOLD, WRONG_USE, Problem, ProtocolError
from suffrage.protocols.roster import read_members
from tests.protocols.made import key, republic

KEYS = [key(f"member {number}").public.key for number in range(6)]
HEAD = "unit,role,name,key\n"


def written(folder: Path, rows: str, head: str = HEAD) -> Path:
    path = folder / "members.csv"
    path.write_text(head + rows, "utf-8")
    return path


def problems(folder: Path, rows: str, head: str = HEAD) -> list[Problem]:
    with pytest.raises(ProtocolError) as refused:
        read_members(written(folder, rows, head), republic())
    assert refused.value.exit_code == DOES_NOT_HOLD
    return list(refused.value.problems)


def test_members_by_unit_in_the_order_of_the_rows(tmp_path: Path) -> None:
    rows = (
        f"d1,chair,Петрова,{KEYS[0]}\n,chair,Root,{KEYS[1]}\nd1,secretary,Orlov,{KEYS[2]}\n"
        f',member,"Sokil, A.",{KEYS[3].upper()}\n'
    )
    assert read_members(written(tmp_path, rows), republic()) == {
        "": [("Root", "chair", KEYS[1]), ("Sokil, A.", "member", KEYS[3])],
        "d1": [("Петрова", "chair", KEYS[0]), ("Orlov", "secretary", KEYS[2])],
    }


def test_one_person_may_sit_on_several_committees(tmp_path: Path) -> None:
    rows = f",chair,A,{KEYS[0]}\nd1,chair,A,{KEYS[0]}\n"
    assert set(read_members(written(tmp_path, rows), republic())) == {"", "d1"}


def test_columns_stand_in_any_order(tmp_path: Path) -> None:
    path = written(tmp_path, f"{KEYS[0]},A,,chair\n", "key,name,unit,role\n")
    assert read_members(path, republic()) == {"": [("A", "chair", KEYS[0])]}


def test_every_mistake_at_once(tmp_path: Path) -> None:
    rows = (
        f"nowhere,chair,A,{KEYS[0]}\nd1,king,B,{KEYS[1]}\nd1,member,,{KEYS[2]}\nd1,member,C,12\nd1,member,D,{KEYS[1]}\n"
    )
    found = problems(tmp_path, rows)
    assert [(problem.place, problem.message) for problem in found] == [
        ("members.csv, line 2, unit", "unknown unit"),
        ("members.csv, line 3, role", "unknown role"),
        ("members.csv, line 4, name", "is missing"),
        ("members.csv, line 5, key", "not a public key"),
        ("members.csv, line 6, key", "a key twice on one committee"),
        ("members.csv", "no central committee"),
    ]
    assert found[0].seen == "nowhere"
    assert "chair" in found[1].expected


def test_a_replayer_sits_on_no_committee(tmp_path: Path) -> None:
    assert problems(tmp_path, f",replayer,A,{KEYS[0]}\n")[0].place == "members.csv, line 2, role"


@pytest.mark.parametrize("head", ["unit,role,name\n", "unit,role,name,key,more\n", "\n", ""])
def test_the_columns_are_those_four(head: str, tmp_path: Path) -> None:
    assert problems(tmp_path, "", head)


def test_a_missing_table_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ProtocolError) as refused:
        read_members(tmp_path / "none.csv", republic())
    assert refused.value.exit_code == WRONG_USE


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=80) | st.text(max_size=60).map(lambda text: (HEAD + text).encode()))
def test_any_bytes_give_an_error_for_people_or_members(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes(data)
    with pytest.raises(ProtocolError):
        read_members(path, republic())
