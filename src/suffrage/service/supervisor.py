"""One process that runs the service: it starts the web server and the background workers, and starts them again.

No broker is needed: what waits for the worker lies in the database.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

ALIVE = "worker.alive"
_GRACE = 20.0
_SLOWEST = 30.0


@dataclass
class _Child:
    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    failures: int = 0
    started: float = 0.0
    due: float = field(default_factory=time.monotonic)


class Supervisor:
    """Runs the children until it is told to stop."""

    def __init__(self, data: Path, environment: Mapping[str, str], host: str, port: int, threads: int) -> None:
        self._data = data
        self._environment = {**environment, "SUFFRAGE_CLOCKWORK": "1"}
        web = [sys.executable, "-m", "suffrage.service.web", host, str(port), str(threads)]
        worker = [sys.executable, "-m", "suffrage.service.background"]
        self._children = [
            _Child("web server", web),
            _Child("background worker", [*worker, "default"]),
            _Child("worker of long jobs", [*worker, "long"]),
        ]
        self._stopping = threading.Event()

    def run(self, tell: Callable[[str], None]) -> None:
        """Run until SIGINT or SIGTERM; then stop the children gently."""
        before = {number: signal.signal(number, self._stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            while not self._stopping.wait(0.2):
                for child in self._children:
                    self._look_after(child, tell)
                self._say_alive()
        finally:
            for child in self._children:
                if child.process is not None:
                    child.process.terminate()
            until = time.monotonic() + _GRACE
            for child in self._children:
                self._end(child, until)
            for number, handler in before.items():
                signal.signal(number, handler)

    def stop(self) -> None:
        """Tell it to stop."""
        self._stopping.set()

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self._stopping.set()

    def _look_after(self, child: _Child, tell: Callable[[str], None]) -> None:
        now = time.monotonic()
        if child.process is not None and child.process.poll() is not None:
            lived = now - child.started
            child.failures = 0 if lived > _SLOWEST else child.failures + 1
            pause = min(_SLOWEST, 0.2 * 2**child.failures)
            tell(f"the {child.name} has ended ({child.process.returncode}); it is started again in {pause:.0f} s")
            child.process, child.due = None, now + pause
        if child.process is None and now >= child.due:
            # A group of its own: Ctrl-C reaches the supervisor alone, which ends the children in order.
            child.process = subprocess.Popen(child.command, env=self._environment, start_new_session=True)
            child.started = now

    def _say_alive(self) -> None:
        worker = self._children[1].process
        path = self._data / ALIVE
        if worker is not None and (not path.exists() or time.time() - path.stat().st_mtime > 5):
            path.write_text(datetime.now(UTC).isoformat(timespec="seconds") + "\n", "ascii")

    @staticmethod
    def _end(child: _Child, until: float) -> None:
        if child.process is None:
            return
        try:
            child.process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.process.pid, signal.SIGKILL)
            child.process.wait()
