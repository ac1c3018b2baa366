"""Ballots sealed beforehand and sent as fast as the service answers: for the benchmark and for the tests under load."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Answer:
    """What the service said to one ballot: the status, the seconds that it took, and the receipt where there is one."""

    status: int
    seconds: float
    receipt: dict[str, object] = field(default_factory=dict)


class Caster:
    """One connection that sends ballots, one after the other. What is on the way when it breaks has no answer."""

    def __init__(self, url: str, slug: str) -> None:
        parts = urlsplit(url)
        self._where = parts.hostname or "127.0.0.1", parts.port or 80
        self._slug = slug
        self._socket: socket.socket | None = None

    def cast(self, uuid: str, ballot: bytes) -> Answer:
        """Send a ballot, and wait for the answer. OSError where there is none."""
        head = (
            f"POST /e/{self._slug}/urns/{uuid}/cast/ HTTP/1.1\r\nHost: {self._where[0]}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(ballot)}\r\n\r\n"
        )
        begun = time.perf_counter()
        if self._socket is None:
            self._socket = socket.create_connection(self._where, timeout=60)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            self._socket.sendall(head.encode() + ballot)
            status, body = self._answer(self._socket)
        except OSError:
            self.close()
            raise
        receipt = json.loads(body) if body.startswith(b"{") else {}
        return Answer(status, time.perf_counter() - begun, receipt)

    @staticmethod
    def _answer(connection: socket.socket) -> tuple[int, bytes]:
        data = b""
        while b"\r\n\r\n" not in data:
            more = connection.recv(65536)
            if not more:
                raise ConnectionError("closed")
            data += more
        head, _, body = data.partition(b"\r\n\r\n")
        length = next(
            int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")
        )
        while len(body) < length:
            more = connection.recv(65536)
            if not more:
                raise ConnectionError("closed")
            body += more
        return int(head.split(b" ", 2)[1]), body

    def close(self) -> None:
        """Hang up."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def all_at_once(
    url: str,
    slug: str,
    ballots: Sequence[tuple[str, bytes]],
    connections: int,
    seconds: float,
    stop: Callable[[], bool] = lambda: False,
) -> list[Answer]:
    """Send ballots over several connections until they are all sent, the time is over, or `stop` says so."""
    queue: Iterator[tuple[str, bytes]] = iter(ballots)
    lock = threading.Lock()
    answers: list[Answer] = []
    until = time.monotonic() + seconds

    def work() -> None:
        caster = Caster(url, slug)
        mine: list[Answer] = []
        try:
            while time.monotonic() < until and not stop():
                with lock:
                    item = next(queue, None)
                if item is None:
                    break
                try:
                    mine.append(caster.cast(*item))
                except OSError:
                    mine.append(Answer(0, 0.0))
        finally:
            caster.close()
            with lock:
                answers.extend(mine)

    threads = [threading.Thread(target=work) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def percentile(values: Iterable[float], share: float) -> float:
    """The value below which a share of all values lie; 0 where there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
