"""Urns of an election folder: what may stand in `urns.csv`, and the returns that their archives give."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
from hypothesis import settings

from suffrage import _core
from suffrage.belenios.question import Question
from suffrage.count import ElectionCount
from suffrage.count.folder import count_folder
from suffrage.election import Candidate, Contest, Election, Kind, Unit, write_folder
from suffrage.errors import CountError, ReturnsError
from suffrage.returns import Slots
from suffrage.returns.archived import read_result
from suffrage.returns.urns import ARCHIVES, URNS, urns_of
from tests.audit.urns import (
    NAMES,
    list_urns,
    made_archive,
    official,
    relinked,
    urn_of,
    votes_of,
)
from tests.belenios.archives import Event
from tests.belenios.official import needs_official, unpack_official

DAMAGED = 20_000 if settings.get_current_profile_name() == "soak" else 300

ELECTION = Election(
    "online",
    "Partly online",
    "ussr-1937",
    Kind.DEMO,
    (Unit("land"), Unit("d", parent="land"), Unit("p", parent="d"), Unit("net", parent="d"), Unit("e", parent="land")),
    (Contest("d", "d", "The district"), Contest("e", "e", "Another", seats=2)),
    (
        *(Candidate("d", f"{name}", n, name.title()) for n, name in enumerate(("petrov", "semenov", "sivakov"), 1)),
        *(Candidate("e", f"{name}", n, name.title()) for n, name in enumerate(("ilyin", "orlova", "sokil"), 1)),
    ),
)
PAPER = "unit,contest,registered,valid,invalid,all_struck,1,2,3\np,d,50,40,2,1,20,15,4\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a precinct on paper, one online, and a district that is online altogether."""
    folder = tmp_path_factory.mktemp("made")
    write_folder(ELECTION, folder)
    (folder / "returns.csv").write_text(PAPER)
    urn_of(folder, ELECTION, "d", 4, 3, 2, none=1, absent=5)
    urn_of(folder, ELECTION, "e", 3, 2, 1, none=4)
    list_urns(folder, ("d", 1, "net", "d.bel"), ("e", 1, "", "e.bel"))
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy to be changed."""
    return Path(shutil.copytree(made, tmp_path / "election"))


def figures(counted: ElectionCount, contest: str, ballot: int = 1) -> tuple[tuple[int, ...], dict[str, int]]:
    found = next(item for item in counted.contests if item.contest.id == contest)
    of = found.ballots[ballot - 1]
    return of.totals.votes, dict(of.totals.figures)


def test_paper_and_urns_add_up(made: Path) -> None:
    counted = count_folder(made)
    votes, sums = figures(counted, "d")
    assert votes == (24, 18, 6)
    assert {name: sums[name] for name in ("registered", "took_part", "valid", "invalid", "all_struck")} == {
        "registered": 65,
        "took_part": 52,
        "valid": 50,
        "invalid": 2,
        "all_struck": 2,
    }
    assert counted.findings == ()


def test_several_seats_and_blank_ballots(made: Path) -> None:
    votes, sums = figures(count_folder(made), "e")
    assert votes == (3, 2, 1)
    assert (sums["valid"], sums["all_struck"], sums["registered"]) == (10, 4, 10)


def test_under_a_law_that_calls_a_ballot_without_a_name_invalid(made: Path) -> None:
    _, sums = figures(count_folder(made, "vietnam-2015"), "e")
    assert (sums["valid"], sums["invalid"]) == (6, 4)


def test_urns_alone_are_figures_enough(folder: Path) -> None:
    (folder / "returns.csv").unlink()
    votes, _ = figures(count_folder(folder), "d")
    assert votes == (4, 3, 2)
    (folder / URNS).unlink()
    with pytest.raises(CountError, match=r"one file of figures is needed.*urns\.csv"):
        count_folder(folder)


@pytest.mark.parametrize("until", ["Ballot", "EndBallots", "EncryptedTally", "PartialDecryption"])
def test_an_urn_without_a_result_is_still_out(folder: Path, until: str) -> None:
    urn_of(folder, ELECTION, "d", 4, 3, 2, until=until)
    counted = count_folder(folder)
    district = next(item for item in counted.contests if item.contest.id == "d")
    assert (district.first.reported, district.first.expected) == (1, 2)
    assert figures(counted, "d")[0] == (20, 15, 4)


def test_the_second_ballot_of_an_urn(folder: Path) -> None:
    two = ["petrov", "semenov"]
    name = urn_of(folder, ELECTION, "d", 30, 20, none=2, finalists=two)
    list_urns(folder, ("d", 1, "net", "d.bel"), ("e", 1, "e", "e.bel"), ("d", 2, "net", name))
    (folder / "returns.csv").write_text(PAPER.replace("all_struck,", "all_struck,ballot,").replace("2,1,", "2,1,1,"))
    votes, sums = figures(count_folder(folder), "d", 2)
    assert votes == (30, 20)
    assert (sums["valid"], sums["all_struck"]) == (52, 2)


def test_a_return_on_paper_beside_the_urn_of_the_same_unit(folder: Path) -> None:
    (folder / "returns.csv").write_text(PAPER + "net,d,50,40,2,1,20,15,4\n")
    with pytest.raises(ReturnsError, match=r"a return given twice.*unit net, contest d, ballot 1"):
        count_folder(folder)


def test_the_table_may_leave_out_what_is_plain(folder: Path) -> None:
    (folder / URNS).write_text("archive,contest\nd.bel,d\ne.bel,e\n")
    urns = urns_of(folder, ELECTION, Slots(ELECTION))
    assert [(urn.contest, urn.ballot, urn.unit, urn.archive, urn.line) for urn in urns] == [
        ("d", 1, "d", "d.bel", 2),
        ("e", 1, "e", "e.bel", 3),
    ]
    (folder / URNS).unlink()
    assert urns_of(folder, ELECTION) == ()


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("x,1,net,d.bel", "urns.csv, line 2, contest: unknown contest; seen: x"),
        (",1,net,d.bel", "urns.csv, line 2, contest: unknown contest"),
        ("d,1,x,d.bel", "urns.csv, line 2, unit: unknown unit; seen: x"),
        ("d,1,e,d.bel", "urns.csv, line 2, unit: a unit outside the contest; seen: e; expected: a unit of d"),
        ("d,3,net,d.bel", "urns.csv, line 2, ballot: not a ballot; seen: 3; expected: 1 or 2"),
        ("d,0,net,d.bel", "urns.csv, line 2, ballot: not a ballot"),
        ("d,1,net,../d.bel", "urns.csv, line 2, archive: not the name of an archive; seen: ../d.bel"),
        ("d,1,net,d.txt", "urns.csv, line 2, archive: not the name of an archive"),
        ("d,1,net,", "urns.csv, line 2, archive: not the name of an archive"),
        ("d,1,net,/tmp/d.bel", "urns.csv, line 2, archive: not the name of an archive"),
        ("d,1,net,d.bel\nd,1,p,D.bel", "urns.csv, line 3, archive: an archive named twice; seen: D.bel"),
        ("d,1,net,d.bel\nd,,net,e.bel", "urns.csv, line 3, unit: a second urn of this unit; seen: d, ballot 1, net"),
        ("d,1,net,none.bel", "urns.csv, line 2, none.bel: no such archive; expected: a file of this name in urns/"),
    ],
)
def test_rows_that_are_wrong(folder: Path, row: str, said: str) -> None:
    (folder / URNS).write_text(f"contest,ballot,unit,archive\n{row}\n")
    with pytest.raises(ReturnsError) as caught:
        count_folder(folder)
    assert said in str(caught.value)
    assert caught.value.exit_code == (2 if "no such archive" in said else 1)


def test_every_wrong_row_is_named_at_once(folder: Path) -> None:
    (folder / URNS).write_text("contest,ballot,unit,archive\nx,1,net,d.bel\nd,7,net,d.bel\n")
    with pytest.raises(ReturnsError) as caught:
        count_folder(folder)
    assert len(caught.value.problems) == 2


@pytest.mark.parametrize("header", ["contest,ballot,unit", "contest,round,unit,archive", "archive,archive"])
def test_a_table_of_other_columns(folder: Path, header: str) -> None:
    (folder / URNS).write_text(f"{header}\n")
    with pytest.raises(ReturnsError):
        count_folder(folder)


def test_an_urn_of_another_contest(folder: Path) -> None:
    list_urns(folder, ("d", 1, "net", "e.bel"))
    with pytest.raises(ReturnsError, match=r"line 2, e\.bel: asks for others than the candidates of d"):
        count_folder(folder)


def test_weights_are_refused(folder: Path) -> None:
    question = Question("The district", ("Petrov", "Semenov", "Sivakov"), 0, 1)
    for weights in ([1, 1, 2], [3, 3, 3], [1, 2, 1]):
        made_archive(folder / ARCHIVES / "d.bel", [question], votes_of(question, 1, 1), 3, weights=weights)
        with pytest.raises(ReturnsError, match=r"line 2, d\.bel: its votes count differently"):
            count_folder(folder)


def test_what_is_no_archive(folder: Path) -> None:
    path = folder / ARCHIVES / "d.bel"
    for data in (b"", b"x", b"\0" * 10_000, path.read_bytes()[:-1], path.read_bytes() + b"\0" * 512):
        path.write_bytes(data)
        with pytest.raises(ReturnsError, match=r"line 2, d\.bel: is no whole archive") as caught:
            count_folder(folder)
        assert caught.value.exit_code == 1


def test_a_result_that_its_tally_does_not_precede(folder: Path) -> None:
    path = folder / ARCHIVES / "d.bel"
    whole = path.read_bytes()

    def without(kind: str) -> None:
        path.write_bytes(whole)
        relinked(path, lambda found: [event for event in found if event.kind != kind])

    without("EncryptedTally")
    with pytest.raises(ReturnsError, match="is no whole archive"):
        count_folder(folder)
    path.write_bytes(whole)
    relinked(path, lambda found: [*found[:-1], Event("Result", (b'{"result":[[4,-3,2]]}',))])
    with pytest.raises(ReturnsError, match="is no whole archive"):
        count_folder(folder)


def test_damage_never_ends_in_anything_but_an_error(folder: Path, tmp_path: Path) -> None:
    """Bits and bytes, cuts and splices, at the end of the file more than elsewhere."""
    whole = (folder / ARCHIVES / "d.bel").read_bytes()
    random, path = Random(1937), tmp_path / "x.bel"
    right = read_result(folder / ARCHIVES / "d.bel", "x")
    assert right is not None
    for _ in range(DAMAGED):
        data = bytearray(whole)
        for _ in range(random.randint(1, 4)):
            at = min(int(random.expovariate(1 / 6000)), len(data) - 1)
            place = len(data) - 1 - at
            match random.randrange(4):
                case 0:
                    data[place] = random.randrange(256)
                case 1:
                    del data[place : place + random.choice([1, 512, 1024])]
                case 2:
                    data[place:place] = data[random.randrange(len(data)) :][:512]
                case 3:
                    data[place : place + 4] = random.choice([b"null", b"1e99", b"[[[[", b"\xff\xff\0\0", b'"a":'])
        path.write_bytes(data)
        with suppress(ReturnsError):
            found = read_result(path, "x")
            # Damage further up, or a shorter archive that ends in another event.
            assert found is None or found.result == right.result


@needs_official
def test_what_is_read_at_the_end_is_what_an_audit_finds(tmp_path: Path) -> None:
    folder = unpack_official(tmp_path)
    for name in NAMES:
        found, report = read_result(official(folder, name), name), _core.audit_archive(official(folder, name))
        assert found is not None
        assert report.result is not None
        assert [list(answers) for answers in found.result] == report.result
        assert (found.voters, found.credentials, found.weighted) == (report.voters, report.credentials, False)
        assert list(found.questions) == report.questions
        for which in ("open", "t19-truncated-no-result"):
            assert read_result(official(folder, name, which), name) is None
