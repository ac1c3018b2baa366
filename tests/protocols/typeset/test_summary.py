"""The summary of a whole election."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from suffrage.election import Contest, Unit
from suffrage.law import built_in
from suffrage.protocols.published import Identity, Level, PublishedProtocol
from suffrage.protocols.typeset import Press, print_summary
from tests.elections import counted, election, sound, standing
from tests.protocols.typeset.made import (
    CYRILLIC,
    GEORGIAN,
    LATIN,
    SIGNERS,
    digest,
    outcome,
    pages,
    press,
    record,
    solid,
    text,
)


def district(identifier: str, name: str, reached: dict[str, Any], **changes: Any) -> dict[str, Any]:
    made = record(outcome=reached, **changes)
    made["contest"] = {**made["contest"], "id": identifier, "name": name}
    return made


RECORDS = [
    district("1", "One", outcome("elected", elected=["c1"])),
    district("2", "Two", outcome("second ballot", finalists=["c1", "c2"], by="1937-12-26", seats_left=1)),
    district("3", "Three", outcome("new election", follows="new-election", by="1938-01-02", seats_left=1)),
    district("4", "Four", outcome("undecided", missing=["the lot between A and B"], seats_left=1),
             units={"expected": 50, "reported": 49}),
    district("5", "Five", outcome("new election", follows="vacant", seats_left=2)),
    district("2", "Two", outcome("elected", elected=["c2"]), ballot=2, day="1937-12-26"),
]  # fmt: skip


def summary(records: list[dict[str, Any]]) -> str:
    return text(press().summary([(made, digest(str(place)), ()) for place, made in enumerate(records)]))


def test_every_contest_with_its_outcome() -> None:
    found = summary(RECORDS)
    assert "Contests: 5" in found
    assert "Seats filled: 2 of 5" in found
    assert "Elected 2 New election 2 Undecided 1" in found
    assert f"One elected — {LATIN}, 39 118 votes" in found
    assert f"Two second ballot elected {CYRILLIC}, 25 006 votes" in found
    assert "Three new election — A new election is held by 2 January 1938 at the latest." in found
    assert "the lot between A and B" in found
    assert "returns: 49 of 50" in found
    assert "2 seats stay vacant." in found


def test_a_second_ballot_that_is_still_to_be_held() -> None:
    found = summary(RECORDS[:2])
    assert "Second ballot" in found
    assert f"{LATIN} and {CYRILLIC}, by 26 December 1937 at the latest" in found


@pytest.mark.parametrize(("language", "word"), [("fr", "RÉCAPITULATIF"), ("ru", "СВОДКА"), ("ka", "SUMMARY")])
def test_languages(language: str, word: str) -> None:
    found = summary([{**made, "language": language} for made in RECORDS])
    assert word in found
    assert "Election of a republic" in found


def test_chambers_stand_apart() -> None:
    other = district("1", "One again", outcome("elected"))
    other["contest"]["chamber"] = {"id": "nations", "name": "Council of Nationalities"}
    found = summary([RECORDS[0], other])
    assert found.index("Council of the Union") < found.index("One elected") < found.index("Council of Nationalities")


def test_a_long_table_says_its_heads_on_every_page() -> None:
    many = [district(str(n), f"District {n}", outcome("elected", elected=["c3"])) for n in range(200)]
    sheets = pages(press().summary([(made, "", ()) for made in many]))
    assert len(sheets) > 3
    assert all("Elected, and what follows" in sheet for sheet in sheets)
    assert all(f"District {n} " in " ".join(sheets) for n in range(200))
    assert " ".join(sheets).count(GEORGIAN) == 200


def test_the_protocols_of_the_centre_with_hash_and_signers() -> None:
    found = text(press().summary([(RECORDS[0], digest("d"), ()), (record("centre"), digest("c"), SIGNERS)]))
    assert "Protocol of the central committee, first ballot, Council of the Union" in found
    assert digest("c") in solid(found)
    assert "Signed by Chair Mária Kovácsová, Secretary" in found


def test_other_protocols_are_passed_over() -> None:
    made = [(RECORDS[0], digest("d"), ()), (record("area"), digest("a"), ()), (record("precinct"), digest("p"), ())]
    assert press().summary(made) == press().summary(made[:1])


def test_nothing_to_sum_up() -> None:
    with pytest.raises(ValueError, match="at least one contest"):
        press().summary([])


def test_of_a_count_with_a_contest_that_has_not_reported(tmp_path: Path) -> None:
    units = (Unit("a", "Unit A"), Unit("b", "Unit B"))
    contests = [Contest("a", "a"), Contest("b", "b", "Contest B")]
    made = election(units, contests, [*standing("a", "Anna", "Boris"), *standing("b", "Clara")])
    count = counted(made, sound({"anna": 60, "boris": 3}, "a", "a"))
    identity = Identity(Level.CENTRE, "", "", "", 1)
    published = {
        identity: PublishedProtocol(identity, digest("centre"), SIGNERS),
        Identity(Level.DISTRICT, "a", "a", "", 1): PublishedProtocol(identity, digest("district"), ()),
    }
    print_summary(tmp_path / "s.pdf", count, published)
    found = text((tmp_path / "s.pdf").read_bytes())
    assert "DEMO" in found
    assert "a elected Anna, 60 votes" in found
    assert "Contest B returns: 0 of 1 not reported" in found
    assert digest("centre") in solid(found)
    assert digest("district") not in solid(found)


def test_the_same_count_gives_the_same_bytes(tmp_path: Path) -> None:
    count = counted(election(), sound({"a": 60, "b": 3}))
    print_summary(tmp_path / "one.pdf", count)
    assert (tmp_path / "one.pdf").read_bytes() == Press(built_in("ussr-1937")).summary_of(count)
