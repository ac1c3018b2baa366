"""Cast vote records: how units, contests and candidates are found, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from suffrage.election import Candidate, Contest, Election, Unit
from tests.returns.made import (
    election_of,
    small,
    two_chambers,
)
from tests.returns.reports import (
    Part,
    Report,
    code,
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

# Units


def test_one_place_needs_no_unit(tmp_path: Path) -> None:
    election = election_of((Unit("room"),), (Contest("seat", "room"),), (Candidate("seat", "petrov", 1, "Petrov"),))
    report = Report(election, "id")
    report.records += [record(snapshot("s", contest("seat", selection("petrov", position()))))] * 3
    assert read(write(tmp_path / "cvr.json", report.whole()), election)["room", "seat", 1].votes == {"petrov": 3}


def test_several_places_need_one(tmp_path: Path) -> None:
    report = report_of(small(), [("p1", "seat", 1, (1, 0, 0))] * 2)
    del report.records[1]["BallotStyleUnitId"]
    error = refused(write(tmp_path / "cvr.json", report.whole()), small())
    assert str(error) == "cvr.json, record 2, BallotStyleUnitId: missing; expected: a unit of seat"


def test_a_unit_outside_the_contest_is_refused(tmp_path: Path) -> None:
    report = Report(two_chambers())
    report.add("w1", ("east", (1, 0)))
    error = refused(write(tmp_path / "cvr.json", report.whole()), two_chambers())
    assert str(error) == (
        "cvr.json, record 1, BallotStyleUnitId: a unit outside the contest; seen: w1; expected: a unit of east"
    )


# Names


def petrov(report: Part, tmp_path: Path, election: Election | None = None) -> int:
    election = election or small()
    (found,) = read(write(tmp_path / "cvr.json", report), election).values()
    votes: int = found.votes["petrov"]
    return votes


@pytest.mark.parametrize("name", ["Petrov Ivan", "PETROV  ivan", "Ivan Petrov", "petrov"])
def test_a_candidate_is_found_by_name_in_either_order(name: str, tmp_path: Path) -> None:
    report = for_petrov()
    objects(report, "Candidate")[0] |= {"Name": name, "Code": []}
    assert petrov(report, tmp_path) == 1


def test_a_candidate_without_a_name_is_found_by_number(tmp_path: Path) -> None:
    report = for_petrov()
    objects(report, "Candidate")[0]["Code"] = [code("1")]
    assert petrov(report, tmp_path) == 1


def test_a_number_does_not_speak_for_an_unknown_name(tmp_path: Path) -> None:
    report = for_petrov()
    objects(report, "Candidate")[0] |= {"Name": "Zhang Wei", "Code": [code("1")]}
    error = refused(write(tmp_path / "cvr.json", report), small())
    assert str(error) == (
        "cvr.json, record 1, ContestSelectionId: unknown candidate; seen: _s0 Zhang Wei; "
        "expected: the id, full name or number of one candidate of seat"
    )


def test_an_id_made_up_by_the_program_gives_way_to_code_and_name(tmp_path: Path) -> None:
    report = for_petrov()
    first, second = objects(report, "Candidate")[:2]
    first["@id"], second["@id"] = "semenov", "petrov"
    for n, identifier in enumerate(("semenov", "petrov")):
        objects(report, "ContestSelection")[n]["CandidateIds"] = [identifier]
    assert petrov(report, tmp_path) == 1


def test_an_id_of_a_unit_or_contest_gives_way_too(tmp_path: Path) -> None:
    report = Report(two_chambers())
    report.add("e1", ("east", (1, 0)))
    text = json.dumps(report.whole())
    for old, new in (("_u3", "w1"), ("_c0", "west")):
        text = text.replace(f'"{old}"', f'"{new}"')
    assert list(read(write(tmp_path / "cvr.json", json.loads(text)), two_chambers())) == [("e1", "east", 1)]


def test_codes_and_names_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    report = for_petrov()
    objects(report, "Candidate")[0] |= {"Name": "Semenov Ivan"}
    error = refused(write(tmp_path / "cvr.json", report), small())
    assert error.problems[0].message == "codes and names that contradict each other"
    assert error.problems[0].seen == "_p0.0 petrov Semenov Ivan"
    report = for_petrov()
    objects(report, "GpUnit")[1] |= {"Name": "Precinct 2"}
    assert "codes and names that contradict each other" in str(refused(write(tmp_path / "cvr.json", report), small()))


def test_one_name_of_two_candidates_needs_a_code(tmp_path: Path) -> None:
    people = [Candidate("seat", f"petrov-{n}", n, "Petrov", "Ivan") for n in (1, 2)]
    election = election_of((Unit("p1"),), (Contest("seat", "p1"),), people)
    report = report_of(election, [("p1", "seat", 1, (0, 1))], "name").whole()
    assert "several candidates" in str(refused(write(tmp_path / "cvr.json", report), election))
    objects(report, "Candidate")[1]["Code"] = [code("petrov-2")]
    found = read(write(tmp_path / "cvr.json", report), election)
    assert found["p1", "seat", 1].votes == {"petrov-1": 0, "petrov-2": 1}


def test_a_running_mate_who_does_not_stand_here_is_passed_over(tmp_path: Path) -> None:
    report = for_petrov()
    objects(report, "Candidate").append({"@type": "CVR.Candidate", "@id": "_mate", "Name": "Mate"})
    objects(report, "ContestSelection")[0]["CandidateIds"].append("_mate")
    assert petrov(report, tmp_path) == 1


def test_selections_of_a_referendum_are_found_by_their_text(tmp_path: Path) -> None:
    people = (Candidate("seat", "yes", 1, "Yes"), Candidate("seat", "no", 2, "No"))
    election = election_of((Unit("p1"),), (Contest("seat", "p1"),), people)
    report = report_of(election, [("p1", "seat", 1, (0, 1))]).whole()
    report["Election"][0]["Contest"][0] |= {
        "@type": "CVR.BallotMeasureContest",
        "ContestSelection": [
            {"@type": "CVR.BallotMeasureSelection", "@id": f"_s{n}", "Selection": text}
            for n, text in enumerate(("YES", "NO"))
        ],
    }
    assert read(write(tmp_path / "cvr.json", report), election)["p1", "seat", 1].votes == {"yes": 0, "no": 1}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda r: r.update(BallotStyleUnitId="_other"), "BallotStyleUnitId: unknown; seen: _other"),
        (lambda r: r["CVRSnapshot"][1]["CVRContest"][0].update(ContestId="_other"), "ContestId: unknown; seen: _other"),
        (
            lambda r: r["CVRSnapshot"][1]["CVRContest"][0]["CVRContestSelection"][0].update(
                ContestSelectionId="_other"
            ),
            "ContestSelectionId: unknown candidate; seen: _other",
        ),
        (
            lambda r: r["CVRSnapshot"][1]["CVRContest"][0]["CVRContestSelection"][0].pop("ContestSelectionId"),
            "ContestSelectionId: missing; expected: whom the mark is for",
        ),
        (lambda r: r.update(CurrentSnapshotId="_other"), "CurrentSnapshotId: no snapshot has this @id; seen: _other"),
        (
            lambda r: r["CVRSnapshot"][0].update({"@id": r["CurrentSnapshotId"]}),
            "CurrentSnapshotId: several snapshots have this @id",
        ),
        (
            lambda r: r["CVRSnapshot"][1]["CVRContest"].append(r["CVRSnapshot"][1]["CVRContest"][0]),
            "ContestId: a contest given twice in one record; seen: _c0",
        ),
    ],
)
def test_identifiers_that_lead_nowhere_are_refused(
    change: Callable[[Part], object], message: str, tmp_path: Path
) -> None:
    report = report_of(small(), [("p1", "seat", 1, (1, 0, 0))] * 3).whole()
    report["CVR"][1] = json.loads(json.dumps(report["CVR"][1]))
    change(report["CVR"][1])
    error = refused(write(tmp_path / "cvr.json", report), small())
    assert len(error.problems) == 1
    assert str(error).startswith(f"cvr.json, record 2, {message}")
