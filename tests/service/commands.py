"""Commands of the service as processes of their own, on a data folder that is prepared once and copied."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

PASSPHRASE = "paper lantern orchard nine"
_ROOT = Path(__file__).parents[2]
_SUFFRAGE = "import sys; from suffrage.cli import main; main(sys.argv[1:])"


@dataclass(frozen=True)
class World:
    """A data folder with an open poll, and what each role keeps of it."""

    data: Path
    kept: Mapping[str, Any] = field(repr=False)
    database: str = ""

    def environment(self) -> dict[str, str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("SUFFRAGE_")}
        return {**clean, "SUFFRAGE_DATA": str(self.data), "DATABASE_URL": self.database}

    def archive(self, uuid: str) -> Path:
        return self.data / "urns" / f"{uuid}.bel"

    @property
    def urns(self) -> list[str]:
        return list(self.kept["urns"])


def copy(folder: Path) -> World:
    """A copy of the prepared data folder, to do with it what one likes."""
    made = _prepared()
    shutil.copytree(made.data, folder)
    return World(folder, made.kept)


def suffrage(
    world: World, *arguments: str | Path, before: Callable[[], None] | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-c", _SUFFRAGE, *map(str, arguments)],
        env={**world.environment(), **environment},
        cwd=_ROOT,
        capture_output=True,
        text=True,
        preexec_fn=before,
        timeout=300,
    )


def begin(world: World, *arguments: str | Path) -> subprocess.Popen[str]:
    """Begin a command."""
    return subprocess.Popen(
        [sys.executable, "-c", _SUFFRAGE, *map(str, arguments)],
        env=world.environment(),
        cwd=_ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def small(world: World, *arguments: str, **environment: str) -> list[dict[str, Any]]:
    """What `tests.service.small` says."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.service.small", *arguments],
        env={**world.environment(), **environment},
        cwd=_ROOT,
        input=json.dumps(list(world.kept.get("codes", {}).values())) + "\nstop\n",
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


class Poll:
    """An open poll in a process of its own, in which somebody casts all the time."""

    def __init__(self, world: World) -> None:
        self.receipts: list[dict[str, Any]] = []
        self._came = threading.Condition()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.service.small", "cast"],
            env=world.environment(),
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._say(json.dumps(list(world.kept["codes"].values())))
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def wait_for(self, number: int) -> None:
        """Wait until so many receipts were given."""
        with self._came:
            assert self._came.wait_for(lambda: len(self.receipts) >= number, timeout=120)

    def publish(self) -> None:
        """Have the heads published that are due."""
        self._say("publish")

    def end(self) -> None:
        """Have the poll ended."""
        self._say("stop")
        assert self._process.wait(120) == 0
        self._reader.join(60)

    def __enter__(self) -> Poll:
        return self

    def __exit__(self, *raised: object) -> None:
        self._process.kill()
        self._process.wait(60)
        self._reader.join(60)
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()

    def _say(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            with self._came:
                self.receipts.append(json.loads(line))
                self._came.notify_all()


def passphrase_file(folder: Path, text: str = PASSPHRASE) -> Path:
    """A file with a passphrase."""
    path = folder / f"passphrase-{len(text)}"
    path.write_text(text + "\n", "utf-8")
    return path


def backed_up(world: World, folder: Path, name: str = "first.backup") -> Path:
    """A backup of a data folder."""
    file = folder / name
    done = suffrage(world, "backup", "--out", file, "--passphrase-file", passphrase_file(folder))
    assert done.returncode == 0, done.stderr
    return file


def restore(file: Path, world: World, folder: Path, *more: str | Path) -> subprocess.CompletedProcess[str]:
    """Restore a backup."""
    given = ("--passphrase-file", passphrase_file(folder), *more)
    return suffrage(world, "restore", file, "--data", world.data, *given)


def enlarged(world: World, size: int) -> None:
    """Publish a large file, which is a hole: to copy it takes a while."""
    path = world.data / "published" / "riverside" / "large.zip"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        file.truncate(size)


def until(done: Callable[[], bool]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + 120
    while not done():
        assert time.monotonic() < end
        time.sleep(0.005)


@cache
def _prepared() -> World:
    folder = Path(tempfile.mkdtemp(prefix="suffrage-world-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    world = World(folder / "data", {})
    (kept,) = small(world, "prepare")
    return World(world.data, kept)
