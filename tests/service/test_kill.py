"""Killing the service under load: every receipt that was given is in the archive, no ballot is there twice."""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from suffrage import _core
from suffrage.belenios.urn import open_urn
from suffrage.service import folders
from suffrage.service.demo.load import Answer, all_at_once
from suffrage.service.demo.way import Played

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="there is no kill -9 on Windows")]

KILLS = 200 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 4
BALLOTS = 150
"""Sealed for each round; not all of them come through before the kill."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Web:
    """The web process of the service, over the test's own database and data folder."""

    def __init__(self, data: Path, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        environment = {
            **os.environ,
            "SUFFRAGE_DATA": str(data),
            "SUFFRAGE_URL": self.url,
            "SUFFRAGE_CLOCKWORK": "1",
            "DATABASE_URL": f"sqlite://{data}/served.sqlite3",
            "DJANGO_SETTINGS_MODULE": "suffrage.service.settings",
        }
        command = [sys.executable, "-m", "suffrage.service.web", "127.0.0.1", str(port), "8"]
        self.process = subprocess.Popen(command, env=environment, start_new_session=True)
        self._await()

    def _await(self) -> None:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.url}/health/", timeout=1):
                return
            time.sleep(0.05)
        raise AssertionError("the service does not answer")

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def answers_until_killed(web: Web, ballots: list[tuple[str, bytes]], pause: float) -> list[Answer]:
    """What a service says to ballots until it is killed."""
    killed = threading.Event()
    answers: list[Answer] = []
    load = threading.Thread(
        target=lambda: answers.extend(all_at_once(web.url, "riverside", ballots, 8, 30, killed.is_set))
    )
    load.start()
    time.sleep(pause)
    web.kill()
    killed.set()
    load.join()
    return answers


def opened(path: Path) -> _core.ArchiveWriter:
    """The archive, as soon as the last of the killed processes has let go of it."""
    until = time.monotonic() + 10
    while True:
        try:
            return _core.ArchiveWriter.open(path)
        except OSError:
            if time.monotonic() > until:
                raise
        time.sleep(0.05)


def test_every_receipt_is_in_the_archive_after_kills(
    play: Callable[..., Played], data: Path, settings: Settings
) -> None:
    chance = random.Random()
    played = play(40)
    urn = played.election.urns.get(ballot=1, contest__slug="chair")
    path = folders.urns() / urn.file
    election = open_urn(path).election
    codes = list(played.codes.values())
    # The database of the tests lies in memory: the service gets a copy in a file.
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(data / "served.sqlite3")])
    (data / "secret_key").write_text(settings.SECRET_KEY)
    sent: set[str] = set()
    receipts: dict[str, int] = {}
    port = free_port()
    for _ in range(KILLS):
        plain = [[int(place == chance.randrange(3)) for place in range(3)] for _ in range(BALLOTS)]
        plain = [choice if sum(choice) < 2 else [1, 0, 0] for choice in plain]
        ballots = [(urn.uuid, election.seal(chance.choice(codes), [choice])) for choice in plain]
        sent |= {hashlib.sha256(ballot).hexdigest() for _, ballot in ballots}
        web = Web(data, port)
        answers = answers_until_killed(web, ballots, chance.uniform(0.02, 0.9))
        given = [answer.receipt for answer in answers if answer.status == 200]
        assert {answer.status for answer in answers} <= {0, 200, 429}
        receipts |= {str(receipt["sha256"]): int(str(receipt["height"])) for receipt in given}
    assert receipts
    with opened(path) as archive:
        assert all(archive.contains(sha) for sha in receipts)
        there = sum(archive.contains(sha) for sha in sent)
        assert archive.ballots == there
    assert len(set(receipts.values())) == len(receipts)
    report = _core.audit_archive(path)
    assert report.failures == []
    assert report.ballots == there
    print(f"{KILLS} kills, {len(receipts)} receipts, {there} ballots")
