"""Backups that are taken while the service runs and the poll is open."""

from __future__ import annotations

import json
import resource
import signal
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from suffrage import _core
from suffrage.protocols.sealed_stream import Opener
from suffrage.service.backups import form

from .commands import (
    PASSPHRASE,
    Poll,
    World,
    backed_up,
    begin,
    copy,
    enlarged,
    passphrase_file,
    restore,
    small,
    suffrage,
    until,
)
from .postgres import new_database, postgres

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def running(request: pytest.FixtureRequest, tmp_path: Path) -> World:
    """A service with an open poll, on either database; that on PostgreSQL came there from a backup of SQLite."""
    world = copy(tmp_path / "data")
    if request.param == "sqlite":
        return world
    file = backed_up(world, tmp_path)
    moved = World(tmp_path / "moved", world.kept, new_database(request.getfixturevalue("server")))
    restored = restore(file, moved, tmp_path, "--no-heads")
    assert restored.returncode == 0, restored.stderr
    return moved


def test_every_ballot_with_a_receipt_before_the_backup_is_in_it(running: World, tmp_path: Path) -> None:
    with Poll(running) as poll:
        poll.wait_for(12)
        poll.publish()
        poll.wait_for(24)
        acknowledged = list(poll.receipts)
        file = backed_up(running, tmp_path, "open.backup")
        during = len(poll.receipts) - len(acknowledged)
        poll.wait_for(len(acknowledged) + during + 6)
        poll.end()
    assert during > 0
    there = World(tmp_path / "there", running.kept)
    done = restore(file, there, tmp_path, "--no-heads")
    assert done.returncode == 0, done.stderr
    for uuid in running.urns:
        with _core.ArchiveWriter.open(there.archive(uuid)) as archive:
            mine = {receipt["tracking"] for receipt in acknowledged if receipt["urn"] == uuid}
            assert mine
            assert all(archive.contains(tracking) for tracking in mine)
            assert archive.cut == 0
        height, parts = _core.archive_prefix(there.archive(uuid), running.archive(uuid))
        assert parts is None
        assert height >= len(mine)
    # The heads that were published before the backup are in its database, and no archive in it is behind them.
    (published,) = small(there, "heads")
    assert any(urn["heads"] for urn in published["urns"])
    # Without published heads the poll goes on: nobody can tell it that ballots are missing.
    assert small(there, "cast")[:1] != [{"refused": "unavailable"}]
    # Whoever kept the last published heads can: the urns that are behind are restored, and not opened.
    (last,) = small(running, "heads")
    (tmp_path / "heads.json").write_text(json.dumps(last))
    behind = World(tmp_path / "behind", running.kept)
    done = restore(file, behind, tmp_path, "--heads", tmp_path / "heads.json")
    assert done.returncode == 1
    assert done.stderr.count("it ends before its published head") == len(running.urns)
    archives = [behind.archive(uuid).read_bytes() for uuid in running.urns]
    assert small(behind, "cast") == [{"refused": "unavailable"}]
    assert archives == [behind.archive(uuid).read_bytes() for uuid in running.urns]


def test_nothing_secret_of_anybody_but_the_server_is_in_it(tmp_path: Path) -> None:
    world = copy(tmp_path / "data")
    file = backed_up(world, tmp_path)
    sealed = file.read_bytes()
    with file.open("rb") as opened:
        opener = Opener(opened, "file", form.FORMAT, PASSPHRASE)
        with tarfile.open(fileobj=opener, mode="r|") as tar:  # type: ignore[call-overload]
            entries = {entry.name: tar.extractfile(entry).read() for entry in tar}
        opener.finish()
    plain = b"\n".join(entries.values())
    kept = world.kept
    hidden = [*kept["codes"].values(), *kept["seeds"], *kept["passwords"], *kept["secrets"]]
    assert len(hidden) > 60
    for secret in hidden:
        assert secret.strip("#").encode() not in plain
    mail = b"".join(data for name, data in entries.items() if name.startswith("tables/service.mail/"))
    assert kept["factor"]
    assert not any(code.encode() in mail for code in kept["factor"])
    assert b"y@riverside.example" in mail
    for left_out in ("sessions.session", "service.doorcode", "account.emailconfirmation"):
        assert not any(name.startswith(f"tables/{left_out}/") for name in entries)
    # What must be in it is there, and readable by nobody without the passphrase.
    inside = [path.read_bytes().strip() for path in (world.data / "keys").iterdir()]
    inside += [(world.data / "secret_key").read_bytes(), b"x@riverside.example"]
    assert len(inside) == len(world.urns) + 3
    for secret in inside:
        assert secret in plain
        assert secret not in sealed
    assert file.stat().st_mode & 0o077 == 0


def test_mail_without_a_code_is_sent_after_a_restore_and_no_other(tmp_path: Path) -> None:
    world = copy(tmp_path / "data")
    there = World(tmp_path / "there", world.kept)
    assert restore(backed_up(world, tmp_path), there, tmp_path, "--no-heads").returncode == 0
    outbox = next(check for check in small(there, "examine", "9") if check["what"] == "outbox")
    assert outbox["says"] == "1 wait, 2 were given up."


@pytest.mark.parametrize("there", ["a file", "a short passphrase", "no data folder"])
def test_wrong_use_is_refused_and_nothing_is_written(there: str, tmp_path: Path) -> None:
    world = copy(tmp_path / "data")
    out = tmp_path / "out" / "x.backup"
    out.parent.mkdir()
    text = PASSPHRASE
    if there == "a file":
        out.write_text("mine")
    elif there == "a short passphrase":
        text = "few letters"
    else:
        world = World(tmp_path / "nothing", {})
    done = suffrage(world, "backup", "--out", out, "--passphrase-file", passphrase_file(tmp_path, text))
    assert done.returncode == 2
    assert [path.name for path in out.parent.iterdir()] == ["x.backup"] * (there == "a file")
    assert there != "a file" or out.read_text() == "mine"
    assert not (tmp_path / "nothing").exists()
    assert text not in done.stderr


def test_a_damaged_or_missing_archive_is_named(tmp_path: Path) -> None:
    world = copy(tmp_path / "data")
    out = tmp_path / "x.backup"
    path = world.archive(world.urns[1])
    whole = path.read_bytes()
    for spoil in (lambda: path.write_bytes(whole[:2000] + b"?" + whole[2001:]), path.unlink):
        spoil()
        done = suffrage(world, "backup", "--out", out, "--passphrase-file", passphrase_file(tmp_path))
        assert done.returncode in (1, 2)
        assert path.name in done.stderr
        assert not list(tmp_path.glob("*.backup*")) + list(tmp_path.glob(".x*"))


def test_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    world = copy(tmp_path / "data")
    out = tmp_path / "out" / "x.backup"
    out.parent.mkdir()

    def little() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    done = suffrage(world, "backup", "--out", out, "--passphrase-file", passphrase_file(tmp_path), before=little)
    assert done.returncode == 2
    assert "the backup was not made" in done.stderr
    assert not list(out.parent.iterdir())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_in_the_middle_it_leaves_nothing(number: int, tmp_path: Path) -> None:
    world = copy(tmp_path / "data")
    enlarged(world, 1 << 30)
    out = tmp_path / "out" / "x.backup"
    out.parent.mkdir()
    process = begin(world, "backup", "--out", out, "--passphrase-file", passphrase_file(tmp_path))
    until(lambda: any(path.stat().st_size > 2 << 20 for path in out.parent.iterdir()))
    process.send_signal(number)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "nothing was written" in said
    assert not list(out.parent.iterdir())
    assert not (world.data / "last-backup.json").exists()
