"""The doctor: what is well is said to be well, and everything that was spoiled is found."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from .commands import World, backed_up, copy, restore, small, suffrage
from .postgres import new_database, postgres

pytestmark = pytest.mark.slow


class Mailbox:
    """A mail server that takes note of what it is told."""

    def __init__(self) -> None:
        self.greeted: list[str] = []
        self.mails: list[bytes] = []
        self.came = threading.Event()

    async def handle_EHLO(  # noqa: N802 - the name is aiosmtpd's
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.greeted.append(hostname)
        return responses

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.mails.append(envelope.content)
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[tuple[str, Mailbox]]:
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield f"smtp+plain://127.0.0.1:{controller.port}", mailbox
    finally:
        controller.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def found(world: World, port: int | None = None, **environment: str) -> dict[str, tuple[str, str]]:
    checks = small(world, "examine", str(port or free_port()), **environment)
    assert len({check["what"] for check in checks}) == len(checks)
    return {check["what"]: (check["health"], check["says"]) for check in checks}


def test_a_service_that_is_well(tmp_path: Path) -> None:
    world = copy(tmp_path / "data")
    backed_up(world, tmp_path)
    (world.data / "worker.alive").write_text("now")
    with mail_server() as (address, mailbox), socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        checks = found(
            world,
            listening.getsockname()[1],
            SUFFRAGE_MAIL=address,
            SUFFRAGE_FROM="board@example.org",
            SUFFRAGE_URL="https://vote.example.org",
            SUFFRAGE_PROXY="1",
        )
    # The pages are built or not, as this checkout is; officials of the world have no second factor.
    assert {health for what, (health, _) in checks.items() if what not in ("pages", "second factor")} == {"ok"}
    assert checks["second factor"][0] == "warning"
    assert "8 of 8 officials" in checks["second factor"][1]
    assert checks["port"][1].endswith("that of the running service.")
    assert checks["backup"][1] == "The last backup is 0 minutes old."
    for uuid in world.urns:
        assert "0 ballots, height 0" in checks[f"urn {uuid}"][1]
    assert mailbox.greeted
    assert mailbox.mails == []


def test_what_is_not_set_up_is_a_warning(tmp_path: Path) -> None:
    checks = found(copy(tmp_path / "data"))
    for what in ("address", "service", "mail server", "backup"):
        assert checks[what][0] == "warning", what
    assert checks["port"] == ("ok", checks["port"][1])


def test_everything_that_was_spoiled_is_found(tmp_path: Path) -> None:
    world = copy(tmp_path / "data")
    data, (one, two, three) = world.data, world.urns
    data.chmod(0o755)
    keys = [data / "keys" / f"{uuid}.privkey" for uuid in world.urns]
    keys[0].chmod(0o644)
    keys[1].chmod(0o600)
    keys[1].write_bytes(keys[0].read_bytes())
    keys[1].chmod(0o400)
    archive = world.archive(three)
    spoiled = bytearray(archive.read_bytes())
    spoiled[1000] ^= 1
    archive.write_bytes(spoiled)
    world.archive(one).unlink()
    (data / "worker.alive").write_text("then")
    long_ago = (datetime.now(UTC) - timedelta(days=3)).timestamp()
    os.utime(data / "worker.alive", (long_ago, long_ago))
    then = datetime.now(UTC) - timedelta(hours=30)
    (data / "last-backup.json").write_text(json.dumps({"at": then.isoformat()}))
    with sqlite3.connect(data / "db.sqlite3") as database:
        tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat(timespec="seconds")
        (number, text) = database.execute(
            "SELECT number, record FROM service_logentry ORDER BY number DESC LIMIT 1"
        ).fetchone()
        record = {**json.loads(text), "at": tomorrow}
        database.execute("UPDATE service_logentry SET record = ? WHERE number = ?", (json.dumps(record), number))
        database.execute("UPDATE service_mail SET made = '2020-01-01 00:00:00' WHERE purpose = 'factor'")
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        checks = found(
            world,
            listening.getsockname()[1],
            SUFFRAGE_MAIL=f"smtp+plain://somebody:pass-of-mail@127.0.0.1:{free_port()}",
            SUFFRAGE_URL="http://vote.example.org",
        )
    expected = {
        "data folder": ("fails", "is open to other users"),
        "secret files": ("fails", f"keys/{one}.privkey"),
        "address": ("fails", "has no TLS"),
        "service": ("warning", "last seen 3 days ago"),
        "port": ("warning", "taken by another program"),
        "mail server": ("fails", "does not answer"),
        "clock": ("fails", "the clock was set back"),
        "log": ("fails", f"entry {number} was changed"),
        "outbox": ("warning", "The oldest has waited for"),
        "backup": ("warning", "30 hours old"),
        f"urn {one}": ("fails", "its archive is missing"),
        f"urn {two}": ("fails", "the server's key is not this urn's"),
        f"urn {three}": ("fails", "its archive is damaged"),
    }
    for what, (health, said) in expected.items():
        assert checks[what][0] == health, (what, checks[what])
        assert said in checks[what][1]
    assert not any("pass-of-mail" in says for _, says in checks.values())


def test_an_urn_behind_its_published_head_is_found(tmp_path: Path) -> None:
    world = copy(tmp_path / "data")
    head = [7, "a" * 64, 10**6]
    seen = {"format": "suffrage-heads-seen/1", "urns": {world.urns[0]: [head], "of another election": [head]}}
    (world.data / "published-heads.json").write_text(json.dumps(seen))
    (world.data / "keys" / f"{world.urns[1]}.privkey").unlink()
    checks = found(world)
    assert checks[f"urn {world.urns[0]}"][0] == "fails"
    assert "it ends before its published head of height 7" in checks[f"urn {world.urns[0]}"][1]
    assert "the server's key is missing" in checks[f"urn {world.urns[1]}"][1]
    assert checks[f"urn {world.urns[2]}"][0] == "ok"
    # A file of heads that cannot be read stops every urn: nobody knows any more what was published.
    (world.data / "published-heads.json").write_text("{")
    assert all(found(world)[f"urn {uuid}"][0] == "fails" for uuid in world.urns)


def test_without_a_database_the_rest_is_still_looked_at(tmp_path: Path) -> None:
    world = copy(tmp_path / "data")
    (world.data / "db.sqlite3").unlink()
    checks = found(world)
    assert checks["database"] == ("fails", "There is none yet.")
    assert checks["program"][0] == "ok"
    assert "log" not in checks
    assert not (world.data / "db.sqlite3").exists()
    gone = World(world.data, world.kept, "postgresql://nobody:pass-of-base@127.0.0.1:1/none")
    checks = found(gone)
    assert checks["database"][0] == "fails"
    assert not any("pass-of-base" in says for _, says in checks.values())


def test_on_postgresql(tmp_path: Path) -> None:
    with postgres() as url:
        world = copy(tmp_path / "data")
        there = World(tmp_path / "there", world.kept, new_database(url))
        assert restore(backed_up(world, tmp_path), there, tmp_path, "--no-heads").returncode == 0
        checks = found(there)
        # The server of the tests does not wait for its disk, which is said.
        assert checks["database"][0] == "warning"
        assert "fsync off" in checks["database"][1]
        for what in ("form of the database", "clock", "log", *(f"urn {uuid}" for uuid in world.urns)):
            assert checks[what][0] == "ok", checks[what]
        empty = World(there.data, world.kept, new_database(url))
        assert found(empty)["form of the database"][0] == "fails"


def test_the_command_leaves_with_1_where_something_fails(tmp_path: Path) -> None:
    world = copy(tmp_path / "data")
    world.archive(world.urns[0]).unlink()
    before = sorted(path.name for path in world.data.rglob("*"))
    done = suffrage(world, "doctor", "--port", str(free_port()))
    assert done.returncode == 1
    assert "its archive is missing" in " ".join(done.stdout.split())
    assert "failed" in done.stderr
    assert sorted(path.name for path in world.data.rglob("*") if "db.sqlite3-" not in path.name) == before
    nothing = World(tmp_path / "nothing", {})
    done = suffrage(nothing, "doctor")
    assert done.returncode == 2
    assert not nothing.data.exists()
