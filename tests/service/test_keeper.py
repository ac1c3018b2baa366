"""Urns that cannot be opened or written to: refused in words, nothing lost, and open again once it is put right."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from suffrage import _core
from suffrage.service import clock, heads
from suffrage.service.clockwork import Clockwork
from suffrage.service.demo.way import Played
from suffrage.service.urns.ballots import voted_in
from suffrage.service.urns.hall import hall
from tests.service.voting import Booth, error, fetched, said

pytestmark = pytest.mark.slow


@pytest.fixture
def booth(held: Callable[..., Played]) -> Booth:
    return Booth(held())


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """A disk that is full: the system refuses every byte behind a size."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_takes_no_ballot_and_loses_none(booth: Booth, caplog: pytest.LogCaptureFixture) -> None:
    urn = booth.urn()
    archive = booth.archive(urn)
    first = said(booth.cast(urn, booth.seal(urn, "0001")))
    second = booth.seal(urn, "0002")
    for room in (0, 100, 700):  # none at all, and not enough for the ballot
        size = archive.stat().st_size
        with no_file_larger_than(size + room):
            answer = booth.cast(urn, second)
        assert error(answer) == (503, "unavailable")
        assert archive.stat().st_size == size
    # Who was refused is not among those who voted; once there is room the same ballot is taken.
    receipt = said(booth.cast(urn, second))
    assert (receipt["replaces"], receipt["height"]) == (False, first["height"] + 1)
    hall.leave_all()
    report = _core.audit_archive(archive, None)
    assert (report.failures, report.ballots) == ([], 2)
    assert "cannot write" in caplog.text


def test_a_writer_that_the_disk_has_failed_is_opened_anew(booth: Booth) -> None:
    urn = booth.urn()
    archive = booth.archive(urn)
    booth.cast(urn, booth.seal(urn, "0001"))
    size = archive.stat().st_size
    # Something else has written to the file: its writer gives up, and says so.
    with archive.open("ab") as file:
        file.write(b"\0" * 100)
    answer = booth.cast(urn, booth.seal(urn, "0002"))
    assert error(answer) == (503, "unavailable")
    receipt = booth.cast(urn, booth.seal(urn, "0003"))
    assert receipt.status_code == 200
    hall.leave_all()
    assert archive.stat().st_size > size
    report = _core.audit_archive(archive, None)
    assert (report.failures, report.ballots) == ([], 2)


def test_an_archive_that_another_process_writes_to(booth: Booth, caplog: pytest.LogCaptureFixture) -> None:
    urn = booth.urn()
    program = (
        "import sys; from suffrage import _core\n"
        "with _core.ArchiveWriter.open(sys.argv[1]): print('open', flush=True); sys.stdin.readline()"
    )
    command = [sys.executable, "-c", program, str(booth.archive(urn))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        ballot = booth.seal(urn, "0001")
        assert error(booth.cast(urn, ballot)) == (503, "unavailable")
        assert f"the urn {urn.uuid} cannot be opened" in caplog.text
        # The door still says who stands on which list.
        assert said(booth.door(booth.credentials("0001", urn)))["urns"] == [urn.uuid]
        other.stdin.write("\n")
        other.stdin.close()
        other.wait(timeout=20)
    assert booth.cast(urn, ballot).status_code == 200


def test_a_damaged_archive_is_left_as_it_is(booth: Booth, caplog: pytest.LogCaptureFixture) -> None:
    urn = booth.urn()
    archive = booth.archive(urn)
    booth.cast(urn, booth.seal(urn, "0001"))
    hall.leave_all()
    good = archive.read_bytes()
    ballot = booth.seal(urn, "0002")
    for at in (700, len(good) // 2, len(good) - 600):
        changed = bytearray(good)
        changed[at] ^= 0x55
        archive.write_bytes(changed)
        assert error(booth.cast(urn, ballot)) == (503, "unavailable")
        assert archive.read_bytes() == changed
    archive.write_bytes(good)
    assert booth.cast(urn, ballot).status_code == 200
    assert urn.uuid in caplog.text


def test_an_archive_that_is_gone(booth: Booth) -> None:
    urn = booth.urn()
    ballot = booth.seal(urn, "0001")
    away = booth.archive(urn).with_suffix(".away")
    booth.archive(urn).rename(away)
    assert error(booth.cast(urn, ballot)) == (503, "unavailable")
    address = f"/e/{booth.election.slug}/urns/{urn.file}"
    assert booth.client.get(address).status_code == 503
    assert booth.client.get(f"/e/{booth.election.slug}/vote/").status_code == 503
    away.rename(booth.archive(urn))
    assert booth.cast(urn, ballot).status_code == 200
    assert fetched(booth.client, address) == booth.archive(urn).read_bytes()


def test_an_urn_behind_its_published_head_is_not_opened(booth: Booth, caplog: pytest.LogCaptureFixture) -> None:
    urn = booth.urn()
    archive = booth.archive(urn)
    old = archive.read_bytes()
    booth.cast(urn, booth.seal(urn, "0001"))
    keeper = hall.keeper(urn.uuid)
    heads.publish(urn, keeper.head, keeper.ballots, clock.now(booth.election))
    hall.leave_all()
    new = archive.read_bytes()
    ballot = booth.seal(urn, "0002")
    # An old copy; and one that has gone on otherwise.
    archive.write_bytes(old)
    assert error(booth.cast(urn, ballot)) == (503, "unavailable")
    assert "published head" in caplog.text
    with _core.ArchiveWriter.open(archive) as writer:
        writer.append_ballots([booth.seal(urn, "0003"), booth.seal(urn, "0004")])
    assert error(booth.cast(urn, ballot)) == (503, "unavailable")
    assert "another event at its published height" in caplog.text
    archive.write_bytes(new)
    assert booth.cast(urn, ballot).status_code == 200


def test_what_a_crash_left_is_cut_off_and_said(booth: Booth, caplog: pytest.LogCaptureFixture) -> None:
    urn = booth.urn()
    archive = booth.archive(urn)
    booth.cast(urn, booth.seal(urn, "0001"))
    hall.leave_all()
    whole = archive.read_bytes()
    with _core.ArchiveWriter.open(archive) as writer:
        writer.append_ballots([booth.seal(urn, "0002")])
    torn = archive.read_bytes()[: len(whole) + 1500]
    archive.write_bytes(torn)
    assert booth.cast(urn, booth.seal(urn, "0003")).status_code == 200
    assert "1500 bytes of a ballot without receipt were cut off" in caplog.text
    hall.leave_all()
    assert archive.read_bytes()[: len(whole)] == whole
    assert voted_in(archive)[1] == 2


def test_who_has_voted_is_read_from_the_archive(booth: Booth) -> None:
    urn = booth.urn()
    booth.cast(urn, booth.seal(urn, "0001"))
    hall.leave_all()
    voted = said(booth.door(booth.credentials("0001", urn)))["voted"]
    others = said(booth.door(booth.credentials("0002", urn)))["voted"]
    assert (voted, others) == ([urn.uuid], [])
    assert said(booth.cast(urn, booth.seal(urn, "0001", 2)))["replaces"] is True


def test_heads_and_turnout_are_published_as_ballots_come(booth: Booth) -> None:
    urn = booth.urn()
    work = Clockwork()
    for elector in ("0001", "0002", "0002"):
        receipt = said(booth.cast(urn, booth.seal(urn, elector, int(elector) % 3)))
    work.publish()
    [told] = [
        item
        for item in said(booth.client.get(f"/e/{booth.election.slug}/heads.json"))["urns"]
        if item["uuid"] == urn.uuid
    ]
    [head] = told["heads"]
    assert (head["height"], head["event"], head["ballots"]) == (receipt["height"], receipt["event"], 3)
    assert head["length"] == booth.archive(urn).stat().st_size
    [hour] = urn.turnout.all()
    assert (hour.electors, hour.ballots) == (2, 3)
    # The archive that everybody may have is the one that the head speaks of; a part of it is that part.
    address = told["archive"]
    whole = fetched(booth.client, address)
    assert whole == booth.archive(urn).read_bytes()
    assert fetched(booth.client, address, 206, Range=f"bytes=1024-{head['length'] - 1}") == whole[1024:]
    beyond = booth.client.get(address, headers={"Range": f"bytes={head['length']}-"})
    assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{head['length']}")


def test_a_disk_that_is_really_full(booth: Booth, tmp_path: Path) -> None:
    """A file system of its own, small, where this machine lets one be made."""
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "none", str(small)], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("no file system can be mounted here")
    try:
        urn = booth.urn()
        archive = booth.archive(urn)
        shutil.move(archive, small / urn.file)
        archive.symlink_to(small / urn.file)
        assert booth.cast(urn, booth.seal(urn, "0001")).status_code == 200
        ballot = booth.seal(urn, "0002")
        with (small / "filler").open("wb", buffering=0) as filler, suppress(OSError):
            while filler.write(b"\0" * 4096):
                pass
        assert error(booth.cast(urn, ballot)) == (503, "unavailable")
        os.unlink(small / "filler")
        assert json.loads(booth.cast(urn, ballot).content)["replaces"] is False
        hall.leave_all()
        report = _core.audit_archive(small / urn.file, None)
        assert (report.failures, report.ballots) == ([], 2)
    finally:
        hall.leave_all()
        subprocess.run(["umount", str(small)], check=True)
