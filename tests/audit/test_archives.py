"""Archives audited: those of the official tool, those in a bundle, and what was changed in either."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from suffrage.audit import Report, audit_archive, verify_bundle
from suffrage.audit.archives import archives_in
from suffrage.belenios.question import Question
from suffrage.count.folder import count_folder
from suffrage.errors import AuditError
from suffrage.protocols.store import write_store
from suffrage.returns.urns import ARCHIVES, URNS
from tests.audit.bundles import Bundle, Original, Seal, opened
from tests.audit.urns import (
    NAMES,
    list_urns,
    made_archive,
    official,
    relinked,
    urn_of,
    votes_of,
    with_result,
)
from tests.belenios.archives import Event, tar, untar
from tests.belenios.official import needs_official, unpack_official
from tests.protocols.made import (
    RETURNS,
    SECOND,
    Made,
    bundled,
    published,
    redraw_folder,
    republic,
    sign_all,
    without,
    write_election,
)

RIGHT = (
    "",
    "open",
    "t00-untampered",
    "t10-reorder-different-voters-relinked",
    "t19-truncated-no-result",
    "t20-resigned-control",
)
WRONG = (
    *("t01-proof-response", "t05-ballot-removed", "t06-result-plus-one", "t08-pd-factor", "t13-replayed-ballot"),
    *("t16-num-tallied-plus-one", "t18-response-not-reduced", "t21-proof-response-resigned"),
)


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The official archives, unpacked."""
    return unpack_official(tmp_path_factory.mktemp("official"))


@needs_official
@pytest.mark.parametrize("election", NAMES)
@pytest.mark.parametrize("which", RIGHT)
def test_what_the_official_tool_made_holds(archives: Path, election: str, which: str) -> None:
    report = audit_archive(official(archives, election, which))
    assert report.failures == []
    assert report.uuid == NAMES[election]
    assert report.phase == {"open": "open", "t19-truncated-no-result": "tallied"}.get(which, "decrypted")
    assert (report.result is None) == (report.phase != "decrypted")


@needs_official
@pytest.mark.parametrize("election", NAMES)
@pytest.mark.parametrize("which", WRONG)
def test_what_was_tampered_with_does_not(archives: Path, election: str, which: str) -> None:
    report = audit_archive(official(archives, election, which))
    assert report.failures
    assert all(reason and reason.isprintable() for _, reason in report.failures)


@needs_official
def test_what_an_archive_tells(archives: Path) -> None:
    a, b = (audit_archive(official(archives, name)) for name in NAMES)
    assert (a.ballots, a.revotes, a.voters, a.credentials, a.total_weight) == (100, 10, 90, 90, 90)
    assert (b.ballots, b.revotes, b.voters, b.credentials, b.total_weight) == (60, 0, 60, 70, 60)
    assert (a.result, b.result) == ([[26, 21, 18, 25]], [[12, 17, 13, 18]])
    assert not a.weighted
    assert a.questions == [(["Ada", "Bob", "Cleo", "Dan"], False, 1, 1, "Choose exactly one")]
    assert a.length == official(archives, "a").stat().st_size
    assert dict(a.checks)


@needs_official
def test_progress_is_told(archives: Path) -> None:
    told: list[tuple[int, int]] = []
    audit_archive(official(archives, "a"), lambda ballots, done: told.append((ballots, done)))
    assert told == sorted(told)
    assert told[-1][0] == 100


def test_what_cannot_be_read(tmp_path: Path) -> None:
    for path, said in ((tmp_path / "none.bel", "no such file"), (tmp_path, "cannot be read")):
        with pytest.raises(AuditError) as caught:
            audit_archive(path)
        assert caught.value.exit_code == 2
        assert said in str(caught.value)


@pytest.mark.parametrize("data", [b"", b"no archive", b"\0" * 512, b"\0" * 5000, b"x" * 100_000])
def test_a_file_that_is_no_archive_does_not_hold(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.bel"
    path.write_bytes(data)
    report = audit_archive(path)
    assert report.failures
    assert report.phase == "empty"


def test_the_archives_that_a_path_means(tmp_path: Path) -> None:
    for name in ("b/c/2.bel", "b/1.bel", "a.bel", "b/other.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert archives_in(tmp_path) == [tmp_path / name for name in ("a.bel", "b/1.bel", "b/c/2.bel")]
    assert archives_in(tmp_path / "a.bel") == [tmp_path / "a.bel"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(AuditError, match="is a directory without archives") as caught:
        archives_in(tmp_path / "empty")
    assert caught.value.exit_code == 2


# Bundles


def with_urns(folder: Path) -> Made:
    """The republic in which d3 votes online in the first ballot, and p4 of d2 in both; the rest is on paper."""
    election, home = republic(), folder / "election"
    urn_of(home, election, "d3", 9, 4, 1, none=2, absent=3)
    urn_of(home, election, "d2", 5, 6, 2, none=1, absent=1)
    urn_of(home, election, "d2", 8, 5, none=1, absent=1, finalists=["d2-a", "d2-b"])
    list_urns(home, ("d3", 1, "d3", "d3.bel"), ("d2", 1, "p4", "d2.bel"), ("d2", 2, "p4", "d22.bel"))
    paper = without((*RETURNS, *SECOND), "d3", "p4", contest="d3")
    return published(folder, election, without(paper, "p4", contest="d2"))


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Original:
    """A bundle with three urns, which holds."""
    return opened(with_urns(tmp_path_factory.mktemp("urns")))


def verified(original: Original, bundle: Bundle, folder: Path) -> Report:
    return verify_bundle(bundle.zipped(folder / "b.zip"), original.fingerprint)


def said(report: Report) -> str:
    return "\n".join(map(str, report.failures))


def archive_of(name: str) -> str:
    return f"election/{ARCHIVES}/{name}"


def changed(bundle: Bundle, name: str, folder: Path, change: Callable[[list[Event]], Sequence[Event]]) -> None:
    """Change an archive of a bundle and link it anew."""
    path = folder / "changed.bel"
    path.write_bytes(bundle.files[archive_of(name)])
    relinked(path, change)
    bundle.files[archive_of(name)] = path.read_bytes()


def test_an_election_from_its_sealed_ballots_up(sealed: Original) -> None:
    report = verify_bundle(sealed.made.bundle, sealed.fingerprint, "ussr-1937")
    assert report.failures == ()
    checked = dict(report.checked)
    assert (checked["archives"], checked["sealed ballots"]) == (3, 16 + 14 + 14)
    assert checked["returns counted"] == len(RETURNS) + len(SECOND)
    counted = count_folder(sealed.made.folder)
    d3 = next(contest for contest in counted.contests if contest.contest.id == "d3")
    assert d3.first.totals.votes == (9, 4, 1)
    figures = {"registered": 19, "took_part": 16, "invalid": 0, "valid": 16, "all_struck": 2}
    assert {name: d3.first.totals.figures[name] for name in figures} == figures


def test_archives_are_stored_as_they_are(sealed: Original) -> None:
    files = sealed.bundle.files
    assert files[f"election/{URNS}"] == (sealed.made.folder / URNS).read_bytes()
    for name in ("d3.bel", "d2.bel", "d22.bel"):
        assert files[archive_of(name)] == (sealed.made.folder / ARCHIVES / name).read_bytes()
        assert files[archive_of(name)] in sealed.made.bundle.read_bytes()
    manifest = orjson.loads(files["manifest.json"])
    assert {archive_of("d3.bel"), f"election/{URNS}"} < {line["path"] for line in manifest["files"]}


def test_an_archive_that_was_changed_is_not_the_one_of_the_manifest(sealed: Original, tmp_path: Path) -> None:
    bundle = sealed.bundle.copy()
    data = bytearray(bundle.files[archive_of("d3.bel")])
    data[len(data) // 2] ^= 1
    bundle.files[archive_of("d3.bel")] = bytes(data)
    report = verified(sealed, bundle, tmp_path)
    assert f"{archive_of('d3.bel')}: is not the file whose hash the manifest gives" in said(report)
    assert any(str(failure).startswith(f"{archive_of('d3.bel')}: height") for failure in report.failures)


def test_a_result_that_does_not_follow_from_the_ballots(sealed: Original, tmp_path: Path) -> None:
    """Though the whole bundle is drawn, signed and sealed anew with every right key: the audit alone sees it."""
    folder = tmp_path / "again"
    shutil.copytree(sealed.made.folder, folder)
    relinked(folder / ARCHIVES / "d3.bel", lambda found: with_result(found, 8, 5, 1))
    shutil.rmtree(folder / "protocols")
    made = sealed.made
    write_store(sign_all(redraw_folder(folder), made.roster, made.election, made.keys), folder)
    path = bundled(folder, tmp_path / "b.zip", made.election)
    report = verify_bundle(path, sealed.fingerprint)
    [failure] = report.failures
    assert str(failure).startswith(f"{archive_of('d3.bel')}: height")


def test_a_return_that_is_not_the_one_of_its_archive(sealed: Original, tmp_path: Path) -> None:
    """The protocol of the district says other figures than the urn, and everything else follows it."""
    bundle = sealed.bundle.copy()
    place = sealed.names.index(next(name for name in sealed.names if "district d3" in name))
    record = bundle.records()[place]
    record["votes"][0]["votes"] += 1
    record["votes"][1]["votes"] -= 1
    bundle.relinked({place: record})
    bundle.sealed(Seal.TRUE)
    assert "votes.d3-a is 10, counted 9" in said(verified(sealed, bundle, tmp_path))


def test_ballots_that_vanished_with_the_result_made_anew(sealed: Original, tmp_path: Path) -> None:
    """An archive of fewer ballots that holds by itself is not the one that was counted."""
    bundle = sealed.bundle.copy()
    urn_of(tmp_path, sealed.made.election, "d3", 9, 3, 1, none=2, absent=4)
    bundle.files[archive_of("d3.bel")] = (tmp_path / ARCHIVES / "d3.bel").read_bytes()
    bundle.sealed(Seal.TRUE)
    assert "district d3, first ballot (protocols.jsonl, line" in said(verified(sealed, bundle, tmp_path))


def test_the_archives_of_two_units_exchanged(sealed: Original, tmp_path: Path) -> None:
    bundle = sealed.bundle.copy()
    one, two = archive_of("d3.bel"), archive_of("d2.bel")
    bundle.files[one], bundle.files[two] = bundle.files[two], bundle.files[one]
    bundle.sealed(Seal.TRUE)
    report = verified(sealed, bundle, tmp_path)
    assert report.failures
    assert not report.holds


def test_an_archive_that_is_missing(sealed: Original, tmp_path: Path) -> None:
    bundle = sealed.bundle.copy()
    del bundle.files[archive_of("d3.bel")]
    assert f"{archive_of('d3.bel')}: is missing" in said(verified(sealed, bundle, tmp_path))
    bundle.sealed(Seal.TRUE)
    assert "election/urns.csv, line 2, d3.bel: no such archive" in said(verified(sealed, bundle, tmp_path))


def test_an_archive_that_no_row_names(sealed: Original, tmp_path: Path) -> None:
    bundle = sealed.bundle.copy()
    bundle.files[archive_of("more.bel")] = bundle.files[archive_of("d3.bel")]
    bundle.sealed(Seal.TRUE)
    assert said(verified(sealed, bundle, tmp_path)) == f"{archive_of('more.bel')}: no row of urns.csv names it"


def test_archives_without_their_table(sealed: Original, tmp_path: Path) -> None:
    bundle = sealed.bundle.copy()
    del bundle.files[f"election/{URNS}"]
    bundle.sealed(Seal.TRUE)
    assert f"{archive_of('d3.bel')}: no row of urns.csv names it" in said(verified(sealed, bundle, tmp_path))


@pytest.mark.parametrize(
    "name", ["../law.bel", "a/b.bel", ".bel", "a.txt", "", "a b.bel", "-a.bel", "a.bel\n", "\u00e9.bel"]
)
def test_a_name_that_no_archive_has(sealed: Original, tmp_path: Path, name: str) -> None:
    bundle = sealed.bundle.copy()
    bundle.files[archive_of(name)] = b""
    bundle.sealed(Seal.TRUE)
    assert "no bundle holds a file of this name" in said(verified(sealed, bundle, tmp_path))


def test_two_archives_whose_names_differ_in_capitals_alone(sealed: Original, tmp_path: Path) -> None:
    bundle = sealed.bundle.copy()
    bundle.files[archive_of("D3.bel")] = bundle.files[archive_of("d2.bel")]
    bundle.sealed(Seal.TRUE)
    assert f"{archive_of('D3.bel')}: stands twice in the archive" in said(verified(sealed, bundle, tmp_path))


def test_every_part_of_an_archive_after_its_ballots(sealed: Original, tmp_path: Path) -> None:
    """Linked anew, so that only what is planted is wrong; every file is sealed with the true root key."""

    def without_a_ballot(found: list[Event]) -> list[Event]:
        return [*found[:2], *found[3:]]

    def one_more_tallied(found: list[Event]) -> list[Event]:
        return [
            replace(event, numbers=(event.numbers[0] + 1, event.numbers[1]))
            if event.kind == "EncryptedTally"
            else event
            for event in found
        ]

    for change in (without_a_ballot, one_more_tallied, lambda found: with_result(found, 9, 3, 2)):
        bundle = sealed.bundle.copy()
        changed(bundle, "d3.bel", tmp_path, change)
        bundle.sealed(Seal.TRUE)
        report = verified(sealed, bundle, tmp_path)
        assert str(report.failures[0]).startswith(f"{archive_of('d3.bel')}: height")


def test_an_urn_without_a_result_has_not_reported(tmp_path: Path) -> None:
    election, home = republic(), tmp_path / "election"
    urn_of(home, election, "d3", 9, 4, 1, until="EndBallots")
    list_urns(home, ("d3", 1, "d3", "d3.bel"))
    made = published(tmp_path, election, without(RETURNS, "d3"))
    report = verify_bundle(made.bundle, made.root.public.fingerprint)
    assert report.failures == ()
    assert dict(report.checked)["archives"] == 1
    # Its result comes later, and the return with it.
    urn_of(home, election, "d3", 9, 4, 1)
    store = sign_all(redraw_folder(home), made.roster, election, made.keys)
    write_store(store, home)
    bundled(home, made.bundle, election)
    later = verify_bundle(made.bundle, made.root.public.fingerprint)
    assert later.failures == ()
    assert dict(later.checked)["returns counted"] == dict(report.checked)["returns counted"] + 1


def test_an_election_of_urns_alone(tmp_path: Path) -> None:
    election, home = republic(), tmp_path / "election"
    urn_of(home, election, "d3", 3, 1, 0)
    list_urns(home, ("d3", 1, "d3", "d3.bel"))
    write_election(home, election, ())
    made = published(tmp_path, election, ())
    assert (home / "returns.csv").exists()
    (home / "returns.csv").unlink()
    bundled(home, made.bundle, election)
    report = verify_bundle(made.bundle, made.root.public.fingerprint)
    assert report.failures == ()
    assert dict(report.checked)["returns counted"] == 1


def test_trailing_bytes_of_an_archive_are_no_part_of_it(tmp_path: Path) -> None:
    question = Question("Who", ("Ada", "Bob"), 0, 1)
    path = made_archive(tmp_path / "x.bel", [question], votes_of(question, 2, 1), 3)
    data = path.read_bytes()
    for wrong in (
        data + b"\0" * 512,
        data + b"\0" * 1024,
        data[:-1],
        data[:-512],
        data[512:],
        tar(untar(data)[:-1], 5),
    ):
        path.write_bytes(wrong)
        assert audit_archive(path).failures
    path.write_bytes(data)
    assert audit_archive(path).failures == []
