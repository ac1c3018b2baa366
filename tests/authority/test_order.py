"""What the service gives the authority: read whole, or refused with every problem named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suffrage.authority import parse_order, read_order
from suffrage.errors import WRONG_USE, AuthorityError
from tests.authority.made import UUIDS, data, document, order

Change = Callable[[dict[str, Any]], object]


def test_an_order_is_read() -> None:
    read = order(4, second_factor=True, contact="the office")
    assert [elector.id for elector in read.electors] == ["0000", "0001", "0002", "0003"]
    assert read.election.local_opens.isoformat() == "2026-12-01T08:00:00+01:00"
    assert [(urn.contest, urn.unit) for urn in read.contests_of(read.electors[0])] == [
        ("One deputy", "North"), ("The chair", ""),
    ]  # fmt: skip
    assert [urn.contest for urn in read.contests_of(read.electors[1])] == ["One deputy"]
    assert read.election.second_factor


def test_who_has_nothing_to_vote_on_is_no_problem() -> None:
    made = document()
    made["electors"][1]["urns"] = []
    read = parse_order(data(made), "f")
    assert [elector.id for elector in read.entitled] == ["0000", "0002"]


def set_elector(field: str, value: object) -> Change:
    return lambda made: made["electors"][1].update({field: value})


def set_head(field: str, value: object) -> Change:
    return lambda made: made["election"].update({field: value})


def set_urn(field: str, value: object) -> Change:
    return lambda made: made["urns"][0].update({field: value})


@pytest.mark.parametrize(
    ("change", "place", "said"),
    [
        (lambda made: made.update(format="suffrage-authority/2"), "format", "suffrage-authority/1"),
        (lambda made: made.pop("urns"), "urns", "required"),
        (lambda made: made.update(electors=[]), "electors", "at least 1"),
        (set_elector("id", ""), "electors[1].id", "at least 1"),
        (set_elector("id", 7), "electors[1].id", "valid string"),
        (set_elector("id", "0000"), "electors[1].id", "given twice"),
        (set_elector("name", "Ann\r\nBcc: all@example.org"), "electors[1].name", "cannot be seen"),
        (set_elector("email", "ann@example.org\nBcc: x@y.org"), "electors[1].email", "cannot be seen"),
        (set_elector("email", "ann@@example.org"), "electors[1].email", "is no e-mail address"),
        (set_elector("address", ["Road\u2028x"]), "electors[1].address", "cannot be seen"),
        (set_elector("address", "Road"), "electors[1].address", "valid"),
        (set_elector("urns", ["DDDDDDDDDDDDDD"]), "electors[1].urns", "no such urn"),
        (set_elector("urns", [UUIDS[0], UUIDS[0]]), "electors[1].urns", "an urn given twice"),
        (set_head("title", "A\nB"), "election.title", "cannot be seen"),
        (set_head("kind", "replay"), "election.kind", "a replay has no electors"),
        (set_head("kind", "funny"), "election.kind", "'real'"),
        (set_head("url", "javascript:alert(1)"), "election.url", "is no web address"),
        (set_head("url", "https://[x"), "election.url", "is no web address"),
        (set_head("time_zone", "Mars/Base"), "election.time_zone", "is no time zone"),
        (set_head("time_zone", "../etc/passwd"), "election.time_zone", "is no time zone"),
        (set_head("opens", "2026-12-01T07:00:00"), "election.opens", "timezone"),
        (set_head("closes", "2026-12-01T07:00:00Z"), "election.closes", "before it opens"),
        (set_urn("uuid", "short"), "urns[0].uuid", "no identifier"),
        (set_urn("uuid", UUIDS[1]), "urns", "given twice"),
        (set_urn("ballot", 4), "urns[0].ballot", "less than or equal to 3"),
        (set_urn("ballot", True), "urns[0].ballot", "valid integer"),
    ],
)
def test_what_does_not_hold_is_named_with_its_place(change: Change, place: str, said: str) -> None:
    made = document()
    change(made)
    with pytest.raises(AuthorityError) as error:
        parse_order(data(made), "authority.json")
    found = [problem for problem in error.value.problems if problem.place == f"authority.json, {place}"]
    assert any(said in str(problem) for problem in found), error.value


def test_every_problem_is_named() -> None:
    made = document()
    made["electors"][0]["email"] = "x"
    made["electors"][2]["urns"] = ["DDDDDDDDDDDDDD"]
    made["election"]["url"] = ""
    with pytest.raises(AuthorityError) as error:
        parse_order(data(made), "f")
    assert len(error.value.problems) == 3


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(AuthorityError) as error:
        read_order(tmp_path / "none.json")
    assert error.value.exit_code == WRONG_USE


@given(st.binary(max_size=60) | st.text(max_size=40).map(lambda text: text.encode("utf-8", "ignore")))
def test_any_bytes_are_no_order(raw: bytes) -> None:
    with pytest.raises(AuthorityError):
        parse_order(raw, "f")
