"""Restoring: everything that does not hold is named, and then nothing is put in place."""

from __future__ import annotations

import json
import signal
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from .commands import World, backed_up, begin, copy, enlarged, passphrase_file, restore, small, suffrage, until
from .postgres import new_database, postgres

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgres() as url:
        yield url


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return copy(tmp_path_factory.mktemp("world") / "data")


@pytest.fixture(scope="module")
def file(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of some pieces: the database is in the first, a published file in the others."""
    enlarged(world, 5 << 20)
    return backed_up(world, tmp_path_factory.mktemp("backup"))


@pytest.fixture
def there(world: World, tmp_path: Path) -> World:
    return World(tmp_path / "there", world.kept)


def rows(world: World) -> dict[str, list[str]]:
    """Every row of a data folder's SQLite, without what a backup leaves out."""
    other = {"django_migrations", "sqlite_sequence", "django_session", "service_doorcode", "service_mail"}
    with sqlite3.connect(world.data / "db.sqlite3") as database:
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: sorted(map(repr, database.execute(f'SELECT * FROM "{name}"'))) for name in set(names) - other}


def files(world: World) -> dict[str, tuple[bytes, int]]:
    """Every file of a data folder but the database and what is of this machine alone: its bytes and who may read it."""
    return {
        str(path.relative_to(world.data)): (path.read_bytes(), path.stat().st_mode & 0o777)
        for path in sorted(world.data.rglob("*"))
        if path.is_file() and not path.name.startswith("db.sqlite3") and path.name != "last-backup.json"
    }


def test_through_postgresql_and_back_nothing_is_lost(
    world: World, file: Path, there: World, server: str, tmp_path: Path
) -> None:
    across = World(tmp_path / "across", world.kept, new_database(server))
    assert restore(file, across, tmp_path, "--no-heads").returncode == 0
    assert not (across.data / "db.sqlite3").exists()
    # It goes on counting where the other stopped.
    with psycopg.connect(across.database) as database:
        database.execute(
            "INSERT INTO service_unit (election_id, slug, name, kind, position, paper)"
            " VALUES (1, 'x', 'X', '', 0, false)"
        )
        database.rollback()
    again = backed_up(across, tmp_path, "again.backup")
    done = restore(again, there, tmp_path, "--no-heads")
    assert done.returncode == 0
    assert "nobody has said how far these urns had come" in done.stderr
    assert rows(there) == rows(world)
    assert files(there) == files(across) == files(world)
    assert there.data.stat().st_mode & 0o077 == 0
    # A second one into the same database, or the same folder, is refused.
    full = World(tmp_path / "full", world.kept, across.database)
    for target, said in (
        (full, "the database: is not empty"),
        (there, "is not empty, and nothing is ever written over"),
    ):
        done = restore(file, target, tmp_path, "--no-heads")
        assert done.returncode == 2
        assert said in done.stderr
    assert not full.data.exists()
    assert rows(there) == rows(world)


def _cut(data: bytes) -> bytes:
    return data[: len(data) * 2 // 3]


def _end(data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1])


def _begin(data: bytes) -> bytes:
    return data[:2000] + bytes([data[2000] ^ 1]) + data[2001:]


@pytest.mark.parametrize("on", ["sqlite", "postgresql"])
@pytest.mark.parametrize("spoil", [_cut, _end, _begin])
def test_a_spoiled_backup_is_named_and_nothing_is_put_in_place(
    spoil: Callable[[bytes], bytes], on: str, file: Path, there: World, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    database = new_database(request.getfixturevalue("server")) if on == "postgresql" else ""
    target = World(there.data, there.kept, database)
    spoiled = tmp_path / "spoiled.backup"
    spoiled.write_bytes(spoil(file.read_bytes()))
    done = restore(spoiled, target, tmp_path, "--no-heads")
    assert done.returncode == 1
    assert "spoiled.backup" in done.stderr
    assert "changed" in done.stderr
    assert not target.data.exists()
    if database:
        with psycopg.connect(database) as connection:
            (tables,) = connection.execute(
                "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'public'"
            )
            assert tables == (0,)


def test_another_passphrase_and_another_file(file: Path, there: World, tmp_path: Path) -> None:
    wrong = passphrase_file(tmp_path, "another passphrase")
    other = tmp_path / "other.backup"
    other.write_bytes(b"no backup")
    for given, said in ((file, "the passphrase is another one"), (other, "does not begin as such a file does")):
        done = suffrage(there, "restore", given, "--data", there.data, "--no-heads", "--passphrase-file", wrong)
        assert done.returncode == 1
        assert said in done.stderr
        assert "another passphrase" not in done.stderr
    done = restore(tmp_path / "nothing.backup", there, tmp_path, "--no-heads")
    assert done.returncode == 2
    assert not there.data.exists()


def test_published_heads_are_asked_for_and_the_danger_is_explained(file: Path, there: World, tmp_path: Path) -> None:
    done = restore(file, there, tmp_path)
    assert done.returncode == 2
    for said in ("lacks every ballot that was cast after the backup", "--heads FILE", "--no-heads"):
        assert said in " ".join(done.stderr.split())
    assert not there.data.exists()


def test_heads_of_several_elections_are_kept(world: World, file: Path, there: World, tmp_path: Path) -> None:
    (published,) = small(world, "heads")
    for urn in published["urns"]:
        urn["heads"] = [head_of(world.archive(urn["uuid"]))]
    mine, monitor = tmp_path / "heads.json", tmp_path / "state.json"
    # Two of the urns are in one file, the third in what a monitor remembers.
    mine.write_text(json.dumps({**published, "urns": published["urns"][:2]}))
    third = published["urns"][2]
    seen = {third["uuid"]: {"heads": third["heads"], "audited": "", "failures": []}}
    state = {"format": "suffrage-monitor/1", "url": "x", "election": "riverside", "booth": "", "told": [], "urns": seen}
    monitor.write_text(json.dumps(state))
    done = restore(file, there, tmp_path, "--heads", mine, "--heads", monitor)
    assert (done.returncode, done.stderr) == (0, "")
    kept = json.loads((there.data / "published-heads.json").read_text())
    assert set(kept["urns"]) == set(world.urns)
    assert small(there, "cast")[:1] != [{"refused": "unavailable"}]
    # An urn of an election that is not in the backup was lost whole: it is named, and the rest is there.
    lost = {**published, "election": "another", "urns": [{**third, "uuid": "A" * 14}]}
    (tmp_path / "another.json").write_text(json.dumps(lost))
    second = World(tmp_path / "second", world.kept)
    done = restore(file, second, tmp_path, "--heads", mine, "--heads", tmp_path / "another.json")
    assert done.returncode == 1
    assert f"urn {'A' * 14}: a head of it was published, and it is not in this backup" in done.stderr
    assert rows(second) == rows(world)


def head_of(archive: Path) -> dict[str, object]:
    """The head of an archive that has only its setup: that is in its last two blocks."""
    data = archive.read_bytes()
    event = data[-1024:-924].rstrip(b"\0").decode().removesuffix(".event.json")
    return {"at": "", "height": 0, "event": event, "length": len(data), "ballots": 0}


def test_files_that_are_no_heads_are_refused_before_anything(file: Path, there: World, tmp_path: Path) -> None:
    heads = tmp_path / "heads.json"
    for text in ("", "[]", '{"format": "suffrage-heads/2"}', '{"format": "suffrage-monitor/1", "urns": []}'):
        heads.write_text(text)
        done = restore(file, there, tmp_path, "--heads", heads)
        assert done.returncode in (1, 2)
        assert "heads.json" in done.stderr
        assert "Traceback" not in done.stderr
        assert not there.data.exists()


def test_a_backup_of_an_older_form_is_brought_up_to_date(there: World, tmp_path: Path) -> None:
    old = copy(tmp_path / "old")
    small(old, "back", "mfa", "0002")
    done = restore(backed_up(old, tmp_path), there, tmp_path, "--no-heads")
    assert (done.returncode, done.stderr.count("Traceback")) == (0, 0)
    form = next(check for check in small(there, "examine", "9") if check["what"] == "form of the database")
    assert form["health"] == "ok"
    assert rows(there)["service_credential"] == rows(old)["service_credential"]


def test_a_changed_log_is_not_restored(there: World, tmp_path: Path) -> None:
    changed = copy(tmp_path / "changed")
    with sqlite3.connect(changed.data / "db.sqlite3") as database:
        database.execute("UPDATE service_logentry SET record = replace(record, 'fix', 'mix') WHERE number = 30")
        database.execute("UPDATE service_logentry SET record = record || ' ' WHERE number = 31")
    done = restore(backed_up(changed, tmp_path), there, tmp_path, "--no-heads")
    assert done.returncode == 1
    assert "the log of the backup: does not hold" in done.stderr
    assert not there.data.exists()


@pytest.mark.parametrize("existing", [True, False])
def test_stopped_in_the_middle_it_leaves_nothing(existing: bool, world: World, there: World, tmp_path: Path) -> None:
    large = copy(tmp_path / "large")
    enlarged(large, 1 << 29)
    file = backed_up(large, tmp_path, "large.backup")
    if existing:
        there.data.mkdir()
    arguments = ("restore", file, "--data", there.data, "--no-heads", "--passphrase-file", passphrase_file(tmp_path))
    process = begin(there, *arguments)
    until(lambda: any(there.data.glob(".restoring-*/published/*/large.zip")))
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in said
    assert there.data.exists() == existing
    assert not existing or not list(there.data.iterdir())
