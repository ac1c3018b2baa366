"""Marked ballots under a law: what each class of them counts as, and the doubtful ones that wait for the committee."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suffrage.count import BallotCount, Mark, Meaning, OutcomeKind, Severity, count_folder, meaning
from suffrage.election import Contest, Decision, Unit, write_folder
from suffrage.law import built_in
from tests.elections import deciding, election, standing

LEFT, STRUCK, UNCLEAR = Mark.LEFT, Mark.STRUCK, Mark.UNCLEAR


def counted(
    folder: Path,
    rows: list[str],
    *decisions: Decision,
    law: str = "ussr-1937",
    seats: int = 1,
    under: str | None = None,
) -> BallotCount:
    """A count of ballots of two precincts with 10 electors each; a row is the precinct and a mark for a, b and c."""
    units = [Unit("d"), Unit("p", parent="d", registered=10), Unit("q", parent="d", registered=10)]
    made = election(units, [Contest("d", "d", seats=seats)], standing("d", "A", "B", "C"), decisions, law)
    write_folder(made, folder)
    lines = ["unit,a,b,c", *(f"{row[0]},{','.join(row[1:])}" for row in rows)]
    (folder / "ballots.csv").write_text("\n".join(lines) + "\n")
    return count_folder(folder, under).contests[0].first


def test_each_ballot_is_one_of_four(tmp_path: Path) -> None:
    first = counted(tmp_path, ["p100", "p100", "p010", "p000", "p110", "q001", "q1?0"])
    assert first.totals.votes == (2, 1, 1)
    figures = first.totals.figures
    assert (figures["valid"], figures["invalid"], figures["doubtful"], figures["all_struck"]) == (5, 1, 1, 1)
    assert (figures["took_part"], figures["registered"]) == (7, 20)


def test_doubtful_ballots_wait_for_the_committee(tmp_path: Path) -> None:
    rows = ["p100"] * 6 + ["p010"] * 3 + ["q100", "q0?0"]
    first = counted(tmp_path, rows)
    assert first.outcome.kind is OutcomeKind.UNDECIDED
    checks = {finding.check: finding for finding in first.findings}
    finding = checks["doubtful ballots that the committee has yet to decide"]
    assert (finding.severity, finding.unit, finding.left) == (Severity.ERROR, "q", 1)


def test_the_committee_can_decide_what_a_doubtful_ballot_is(tmp_path: Path) -> None:
    rows = ["p100"] * 6 + ["p010"] * 3 + ["q100", "q0?0"]
    as_valid = [
        deciding("correct", unit="q", field="doubtful", figure=0),
        deciding("correct", unit="q", field="valid", figure=2, id="2"),
        deciding("correct", unit="q", candidate="b", figure=1, id="3"),
    ]
    first = counted(tmp_path, rows, *as_valid)
    assert not first.findings
    assert first.totals.votes == (7, 4, 0)
    assert first.outcome.elected == ("a",)
    as_invalid = [as_valid[0], deciding("correct", unit="q", field="invalid", figure=1, id="2")]
    first = counted(tmp_path, rows, *as_invalid)
    assert not first.findings
    assert (first.totals.figures["invalid"], first.outcome.elected) == (1, ("a",))


def test_accepted_doubtful_ballots_took_part_and_are_for_nobody(tmp_path: Path) -> None:
    rows = ["p100"] * 6 + ["p010"] * 3 + ["q100", "q0?0"]
    first = counted(tmp_path, rows, deciding("accept", unit="q"))
    assert (first.totals.figures["took_part"], first.totals.figures["valid"]) == (11, 10)


def test_an_annulled_precinct_has_only_invalid_ballots(tmp_path: Path) -> None:
    rows = ["p100"] * 6 + ["p010"] * 3 + ["q100", "q010", "q000", "q110", "q?00"]
    first = counted(tmp_path, rows, deciding("annul", unit="q"))
    assert first.totals.votes == (6, 3, 0)
    figures = first.totals.figures
    assert (figures["valid"], figures["invalid"], figures["took_part"], figures["doubtful"]) == (9, 5, 14, 0)
    assert first.outcome.elected == ("a",)


@pytest.mark.parametrize(
    ("law", "valid", "invalid"),
    [("ussr-1937", 3, 0), ("vietnam-2015", 2, 1), ("plurality", 2, 1), ("party-1937", 3, 0)],
)
def test_a_ballot_with_no_name_left_is_what_the_law_says(tmp_path: Path, law: str, valid: int, invalid: int) -> None:
    figures = counted(tmp_path, ["p100", "p010", "p000"], under=law).totals.figures
    assert (figures["valid"], figures["invalid"]) == (valid, invalid)


def test_ballots_may_hold_as_many_names_as_the_law_allows(tmp_path: Path) -> None:
    assert counted(tmp_path, ["p110", "p111"], seats=2, law="vietnam-2015").totals.votes == (1, 1, 0)
    assert counted(tmp_path, ["p110", "p111"], law="approval-majority").totals.votes == (2, 2, 1)


@given(
    st.lists(st.lists(st.sampled_from(Mark), min_size=3, max_size=3), max_size=12),
    st.sampled_from(["ussr-1937", "vietnam-2015", "approval-majority"]),
)
def test_the_ballots_of_a_file_count_as_one_by_one(
    tmp_path_factory: pytest.TempPathFactory, ballots: list[list[Mark]], law: str
) -> None:
    signs = {LEFT: "1", STRUCK: "0", UNCLEAR: "?"}
    rows = ["q100", *("p" + "".join(signs[mark] for mark in marks) for marks in ballots)]
    totals = counted(tmp_path_factory.mktemp("ballots"), rows, law=law).totals
    means = [meaning(marks, built_in(law)) for marks in [[LEFT, STRUCK, STRUCK], *ballots]]
    votes = Counter(name for ballot in means for name in ballot.votes_for)
    assert totals.votes == tuple(votes[name] for name in range(3))
    kinds = Counter(ballot.meaning for ballot in means)
    assert totals.figures["valid"] == kinds[Meaning.VALID] + kinds[Meaning.VALID_NONE_LEFT]
    assert totals.figures["doubtful"] == kinds[Meaning.UNDECIDED]
    assert totals.figures["took_part"] == len(means)
