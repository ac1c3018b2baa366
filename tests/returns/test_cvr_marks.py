"""Cast vote records (NIST SP 1500-103): what each mark means, and what is not supported."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suffrage.election import Contest, Election, Unit
from suffrage.errors import CountError
from suffrage.law import built_in
from suffrage.returns.cvr import read_cast_vote_records
from suffrage.returns.open import read_ballots
from tests.returns.made import (
    as_returns,
    ballots_of,
    candidates_of,
    election_of,
    elections,
    marks_table,
    small,
    two_chambers,
    write_csv,
)
from tests.returns.reports import (
    Naming,
    Part,
    Report,
    contest,
    for_petrov,
    objects,
    position,
    read,
    record,
    refused,
    report_of,
    selection,
    snapshot,
    write,
)

LAWS = ("ussr-1937", "vietnam-2015", "plurality", "approval-majority")


@pytest.mark.slow
@given(
    data=st.data(),
    law=st.sampled_from(LAWS),
    naming=st.sampled_from(("id", "code", "name")),
    records_first=st.booleans(),
    name=st.sampled_from(("cvr.json", "cvr.json.gz")),
)
def test_records_are_the_same_as_a_table_of_their_marks(
    data: st.DataObject,
    law: str,
    naming: Naming,
    records_first: bool,
    name: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    election = data.draw(elections(law))
    ballots = data.draw(ballots_of(election, second=False))
    folder = tmp_path_factory.mktemp("records")
    table = write_csv(folder / "ballots.csv", *marks_table(election, ballots, {1: "1", 0: "0", -1: "?"}))
    wanted = as_returns(read_ballots(table, election, built_in(law)), election)
    report = report_of(election, ballots, naming).whole(records_first)
    assert read(write(folder / name, report), election, law) == wanted


# What one ballot means


def one(
    election: Election, *parts: Part, folder: Path, law: str = "ussr-1937", **more: Any
) -> tuple[str, dict[str, int]]:
    """The class of a ballot with these selections in the contest `seat`, and its votes."""
    report = Report(election, "id")
    report.records.append(record(snapshot("s", contest("seat", *parts, **more)), unit="p1"))
    found = read(write(folder / "cvr.json", report.whole()), election, law)["p1", "seat", 1]
    (kind,) = (name for name, figure in found.figures.items() if figure)
    return kind.removeprefix("ballots_"), {name: votes for name, votes in found.votes.items() if votes}


FOR_PETROV = ("some_left", {"petrov": 1})
NOBODY: tuple[str, dict[str, int]] = ("none_left", {})
UNCLEAR: tuple[str, dict[str, int]] = ("unclear", {})
TOO_MANY: tuple[str, dict[str, int]] = ("too_many_left", {})


@pytest.mark.parametrize(
    ("part", "meaning"),
    [
        (position("yes"), FOR_PETROV),
        (position("yes", "yes"), FOR_PETROV),
        (position("yes", "unknown"), UNCLEAR),
        (position("yes", "no"), NOBODY),
        (position("yes", "no", Status=["adjudicated"]), NOBODY),
        (position("yes", "no", Status=["invalidated-rules"]), FOR_PETROV),
        (position("yes", "no", 0, Status=["invalidated-rules"]), FOR_PETROV),
        (position("no"), NOBODY),
        (position("no", "no", 0), NOBODY),
        (position("no", "yes"), UNCLEAR),
        (position("no", "unknown"), UNCLEAR),
        (position("unknown"), UNCLEAR),
        (position("unknown", "yes"), UNCLEAR),
        (position("unknown", "unknown"), UNCLEAR),
        (position("unknown", "no"), NOBODY),
        (position("yes", "yes", Rank=1), FOR_PETROV),
        (position("yes", "yes", IsGenerated=True, Status=["adjudicated"]), FOR_PETROV),
    ],
)
def test_what_one_position_means(part: Part, meaning: Any, tmp_path: Path) -> None:
    assert one(small(), selection("petrov", part), folder=tmp_path) == meaning


def test_nothing_at_all_is_a_ballot_with_no_name_left(tmp_path: Path) -> None:
    assert one(small(), folder=tmp_path) == NOBODY
    report = Report(small(), "id")
    bare = {"@type": "CVR.CVRContest", "ContestId": "seat"}
    report.records.append(record(snapshot("s", bare), unit="p1"))
    found = read(write(tmp_path / "cvr.json", report.whole()), small())
    assert found["p1", "seat", 1].figures["ballots_none_left"] == 1


def test_several_positions_of_one_name_are_one_name(tmp_path: Path) -> None:
    for parts in ([position(), position()], [position("unknown"), position()], [position(), position("unknown")]):
        assert one(small(), selection("petrov", *parts), folder=tmp_path) == FOR_PETROV
        apart = [selection("petrov", part) for part in parts]
        assert one(small(), *apart, folder=tmp_path) == FOR_PETROV
    assert one(small(), selection("petrov", position("unknown"), position("no")), folder=tmp_path) == UNCLEAR


@pytest.mark.parametrize("status", [["overvoted"], ["overvoted", "invalidated-rules"], ["invalidated-rules"]])
@pytest.mark.parametrize("votes", [0, 1])
def test_an_overvote_is_too_many_names_and_not_an_empty_ballot(status: list[str], votes: int, tmp_path: Path) -> None:
    both = [selection(name, position("yes", "no", votes)) for name in ("petrov", "semenov")]
    assert one(small(), *both, folder=tmp_path, Status=status, Overvotes=1) == TOO_MANY
    # What an adjudicator took for no mark stays none.
    both[1] = selection("semenov", position("yes", "no", Status=["adjudicated"]))
    assert one(small(), *both, folder=tmp_path, Status=status) == FOR_PETROV


def test_the_marks_count_and_not_the_flags(tmp_path: Path) -> None:
    flags: Part = {"Status": ["overvoted"], "Overvotes": 1, "Undervotes": 7, "Selections": 3, "WriteIns": 2}
    assert one(small(), selection("petrov", position()), folder=tmp_path, **flags) == FOR_PETROV
    both = [selection(name, position()) for name in ("petrov", "semenov")]
    assert one(small(), *both, folder=tmp_path, Status=["undervoted"]) == TOO_MANY


def test_only_the_current_snapshot_counts(tmp_path: Path) -> None:
    report = Report(small(), "id")
    shots = [
        snapshot(f"s{n}", contest("seat", selection(name, position()))) for n, name in enumerate(("petrov", "semenov"))
    ]
    report.records += [record(*shots, unit="p1", current=f"s{n}") for n in (0, 1, 1)]
    found = read(write(tmp_path / "cvr.json", report.whole()), small())["p1", "seat", 1]
    assert found.votes == {"petrov": 1, "semenov": 2, "sivakov": 0}


def test_a_contest_that_is_not_in_the_snapshot_is_no_ballot_there(tmp_path: Path) -> None:
    report = Report(two_chambers())
    report.add("e1", ("east", (1, 0)))
    report.add("e1", ("east", (0, 0)), ("all", (1, 0)))
    empty = {"@type": "CVR.CVRSnapshot", "@id": "s", "Type": "original"}
    report.records.append(record(empty, unit=report.unit("e1")))
    found = read(write(tmp_path / "cvr.json", report.whole()), two_chambers())
    assert {key: sum(entry.figures.values()) for key, entry in found.items()} == {
        ("e1", "east", 1): 2,
        ("e1", "all", 1): 1,
    }


# Write-ins


WRITE_IN = {"@type": "CVR.CVRWriteIn", "Text": "My uncle"}


@pytest.mark.parametrize(
    "written",
    [
        selection("_write-in", position("yes", "unknown", CVRWriteIn=WRITE_IN)),
        selection("_write-in", position("yes", "yes", CVRWriteIn=WRITE_IN)),
        selection("_write-in", position("no", "unknown", CVRWriteIn=WRITE_IN)),
        selection(None, position("yes", CVRWriteIn=WRITE_IN)),
    ],
)
def test_a_name_written_in_makes_the_ballot_unclear(written: Part, tmp_path: Path) -> None:
    for law in LAWS:
        for names in (1, 2, 3):
            election = small(candidates=names)
            people = [person.id for person in candidates_of(election, "seat")]
            assert one(election, written, folder=tmp_path, law=law) == UNCLEAR
            for left in range(1, names + 1):
                marks = [selection(person, position()) for person in people[:left]]
                many = left > 1 and law != "approval-majority"
                assert one(election, *marks, written, folder=tmp_path, law=law) == (TOO_MANY if many else UNCLEAR)


def test_a_write_in_that_was_not_used_is_nothing(tmp_path: Path) -> None:
    unused = selection("_write-in", position("no", "no", 0))
    assert one(small(), selection("petrov", position()), unused, folder=tmp_path) == FOR_PETROV


def test_a_written_name_that_was_found_to_be_a_candidate_is_one(tmp_path: Path) -> None:
    report = Report(small())
    whole = report.whole()
    selections = whole["Election"][0]["Contest"][0]["ContestSelection"]
    selections[-1]["CandidateIds"] = [report.candidate("seat", 1)]
    marks = contest(report.contest("seat"), selection("_write-in", position(CVRWriteIn=WRITE_IN)))
    whole["CVR"] = [record(snapshot("s", marks), unit=report.unit("p1"))]
    assert read(write(tmp_path / "cvr.json", whole), small())["p1", "seat", 1].votes["semenov"] == 1


def test_a_mark_where_nobody_stands_is_refused(tmp_path: Path) -> None:
    election = election_of((Unit("p1"),), (Contest("seat", "p1"),), ())
    report = Report(election, "id")
    report.records.append(record(snapshot("s", contest("seat")), unit="p1"))
    assert (
        read(write(tmp_path / "cvr.json", report.whole()), election)["p1", "seat", 1].figures["ballots_none_left"] == 1
    )
    report.records.append(record(snapshot("s", contest("seat", selection("_write-in", position()))), unit="p1"))
    assert "record 2, CVRContest: a mark where nobody stands" in str(
        refused(write(tmp_path / "cvr.json", report.whole()), election)
    )


# What is not supported


@pytest.mark.parametrize(
    ("part", "message"),
    [
        (position("yes", "yes", 2), "NumberVotes: not one vote; seen: 2; expected: 1"),
        (position("yes", "yes", 0), "NumberVotes: not one vote; seen: 0"),
        (position("yes", "yes", FractionalVotes="1/2"), "NumberVotes: not one vote; seen: 1/2"),
        (position("yes", "yes", Rank=2), "Rank: ranked ballots are not supported; seen: 2"),
        (position("yes", "yes", Status=["generated-rules"]), "SelectionPosition: a mark that rules made"),
        (position("yes", "yes", IsGenerated=True), "SelectionPosition: a mark that rules made"),
    ],
)
def test_other_ways_of_voting_are_refused(part: Part, message: str, tmp_path: Path) -> None:
    report = Report(small(), "id")
    report.records.append(record(snapshot("s", contest("seat", selection("petrov", part))), unit="p1"))
    error = refused(write(tmp_path / "cvr.json", report.whole()), small())
    assert str(error).startswith(f"cvr.json, record 1, {message}")


@pytest.mark.parametrize("way", ["rcv", "borda", "cumulative", "range"])
def test_contests_that_are_voted_on_in_other_ways_are_refused(way: str, tmp_path: Path) -> None:
    report = for_petrov()
    objects(report, "Contest")[0]["VoteVariation"] = way
    assert f"a way of voting that is not supported; seen: {way}" in str(
        refused(write(tmp_path / "cvr.json", report), small())
    )


def test_a_law_that_does_not_say_how_many_names_cannot_read_records(tmp_path: Path) -> None:
    path = write(tmp_path / "cvr.json", for_petrov())
    with pytest.raises(CountError):
        list(read_cast_vote_records(path, small(), built_in("ussr-1924")))


# Several problems at once


def test_problems_of_several_records_come_together_and_an_unknown_name_once(tmp_path: Path) -> None:
    report = report_of(small(), [("p1", "seat", 1, (1, 0, 0))] * 9)
    for n, wrong in ((2, "_x"), (3, "_x"), (5, "_y")):
        report.records[n]["BallotStyleUnitId"] = wrong
    report.records[7]["CurrentSnapshotId"] = "_z"
    error = refused(write(tmp_path / "cvr.json", report.whole()), small())
    assert [problem.place.split(", ")[1] for problem in error.problems] == ["record 3", "record 6", "record 8"]
    assert error.exit_code == 1


def test_no_more_than_twenty_problems_are_shown(tmp_path: Path) -> None:
    report = report_of(small(), [("p1", "seat", 1, (1, 0, 0))] * 30)
    for part in report.records:
        part["CurrentSnapshotId"] = "_z"
    assert len(refused(write(tmp_path / "cvr.json", report.whole()), small()).problems) == 20
