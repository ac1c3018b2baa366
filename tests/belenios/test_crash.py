"""A writer that is killed at any moment: what it answered for is there, and the archive holds together.

Killing a process leaves the pages that it wrote in the memory of the system; what a loss of power does to those is
simulated in test_archive_writer.py. HYPOTHESIS_PROFILE=soak kills fifty times as often.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest
from hypothesis import settings

from suffrage._core import ArchiveWriter, archive_prefix
from tests.belenios.archives import Event, archive, events, untar

TIME = 1_700_000_000
SETUP = (b'{"version":2}', b'[["Single"]]', b'[{"credential":"00"}]')
ROUNDS = 500 if settings.get_current_profile_name() == "soak" else 10
# So that what is read after each kill stays small.
ROUNDS_OF_AN_ARCHIVE = 5

APPENDING = """
import random, sys
from suffrage._core import ArchiveWriter

path, seed = sys.argv[1:]
chance = random.Random(seed)
proof = chance.randbytes(1350).hex().encode()
with ArchiveWriter.open(path) as writer:
    print("open", writer.cut, flush=True)
    number = 0
    while True:
        # From a quiet hour to a rush: a write of seven megabytes is seldom whole when it is interrupted.
        size = chance.choice((1, 16, 256, 2500))
        group = [b'{"ballot":"%s %d","proof":"%s"}' % (seed.encode(), number + i, proof) for i in range(size)]
        number += size
        placed = writer.append_ballots(group)
        print(*(f"{height}:{event}" for height, event in placed), flush=True)
"""

CREATING = """
import sys
from suffrage._core import ArchiveWriter

print("start", flush=True)
ArchiveWriter.create(sys.argv[1], 1_700_000_000, b"election", b"trustees", b"credential" * 2_000_000)
"""


def killed(code: str, arguments: list[str], pause: float) -> list[str]:
    """The whole lines that a child printed before it was killed."""
    child = subprocess.Popen([sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    with child:
        first = child.stdout.readline()
        time.sleep(pause)
        child.kill()
        lines = [first, *child.stdout]
    return [line.rstrip("\n") for line in lines if line.endswith("\n")]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a lock may outlive its process there")
def test_no_ballot_that_was_answered_for_is_lost(tmp_path: Path) -> None:
    random = Random(1)
    for number in range(ROUNDS):
        if number % ROUNDS_OF_AN_ARCHIVE == 0:
            path, before = tmp_path / f"{number}.bel", tmp_path / "before.bel"
            ArchiveWriter.create(path, TIME, *SETUP).close()
        before.write_bytes(path.read_bytes())
        opened, *answers = killed(APPENDING, [str(path), str(number)], random.uniform(0, 0.08))
        assert opened == "open 0"

        left = path.stat().st_size
        with ArchiveWriter.open(path) as writer:
            head, cut = writer.head, writer.cut
        data = path.read_bytes()
        assert len(data) == head[2] == left - cut
        found = events(data)
        assert data == archive(found, TIME)
        assert head[0] == len(found) - 1
        assert archive_prefix(before, path)[1] is None
        answered = [answer for line in answers for answer in line.split()]
        # Height and hash of an event fix all that is before it, the ballot included.
        hashes = [record.name[:64] for record in untar(data) if ".event." in record.name]
        assert [f"{height}:{hashes[height]}" for height in map(int, (a.split(":")[0] for a in answered))] == answered
        if number % ROUNDS_OF_AN_ARCHIVE == ROUNDS_OF_AN_ARCHIVE - 1:
            path.unlink()


@pytest.mark.skipif(sys.platform == "win32", reason="a lock may outlive its process there")
def test_an_archive_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    random = Random(1)
    path = tmp_path / "x.bel"
    for _ in range(max(3, ROUNDS // 10)):
        killed(CREATING, [str(path)], random.uniform(0, 0.1))
        if path.exists():
            ArchiveWriter.open(path).close()
            path.unlink()
        ArchiveWriter.create(path, TIME, *SETUP).close()
        assert path.read_bytes() == archive([Event("Setup", SETUP)], TIME)
        assert [place.name for place in tmp_path.iterdir()] == ["x.bel"]
        path.unlink()
