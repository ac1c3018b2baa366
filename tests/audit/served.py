"""An online election as its server publishes it: real archives and heads, by the HTTP server of the standard library.

A test changes `Site.files` between two rounds of a monitor, as a server that forks, loses or rewrites would.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from suffrage._core import ArchiveWriter
from suffrage.protocols.canonical import sha256
from tests.belenios.made import Made, election, question

BOOTH = "/static/built/booth.js"
HOME = "/e/council/"


@dataclass
class Site:
    """What a server serves: the bytes of every address, or a status; `ranges` says whether it gives parts."""

    files: dict[str, bytes | int] = field(default_factory=dict)
    ranges: bool = True
    requests: list[tuple[str, str]] = field(default_factory=list)
    cut: dict[str, int] = field(default_factory=dict)
    url: str = ""

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer a GET as this site is now. The last `cut` bytes of an address are never sent."""
        wanted = handler.headers.get("Range", "")
        self.requests.append((handler.path, wanted))
        found = self.files.get(handler.path, 404)
        if isinstance(found, int):
            handler.send_response(found)
            if found == 302:
                handler.send_header("Location", "http://localhost.invalid/")
            handler.send_header("Content-Length", "0")
            handler.end_headers()
            return
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and self.ranges else 0
        if start >= len(found) and start:
            handler.send_response(416)
            handler.send_header("Content-Length", "0")
            handler.end_headers()
            return
        body = found[start:]
        handler.send_response(206 if start else 200)
        if start:
            handler.send_header("Content-Range", f"bytes {start}-{len(found) - 1}/{len(found)}")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body[: len(body) - self.cut.get(handler.path, 0)])


@contextmanager
def serving(site: Site) -> Iterator[Site]:
    """The site on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.answer(self)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        site.url = f"http://127.0.0.1:{server.server_port}{HOME}"
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()


class Council:
    """An election of one urn whose archive grows on disk, with every head that was published."""

    def __init__(self, folder: Path, site: Site, voters: int = 6, made: Made | None = None) -> None:
        self.made = made or election((question(3, 0, 1),), voters=voters)
        self.site = site
        self.uuid = self.made.sealed.uuid
        self.path = self.made.create(folder / "served.bel")
        self.heads: list[dict[str, Any]] = []
        self.code = b"export const booth = 1;\n"
        self.publish()

    @property
    def address(self) -> str:
        return f"{HOME}urns/{self.uuid}.bel"

    def cast(self, *voters: int) -> None:
        """Cast a ballot of each voter, from 0, and publish."""
        with ArchiveWriter.open(self.path) as writer:
            writer.append_ballots([self.made.ballot(voter, [[1, 0, 0]]) for voter in voters])
        self.publish()

    def head(self) -> dict[str, Any]:
        """The head of the archive as it is now."""
        with ArchiveWriter.open(self.path) as writer:
            height, event, length = writer.head
            ballots = writer.ballots
        return {
            "at": "2030-01-01T00:00:00+00:00",
            "height": height,
            "event": event,
            "length": length,
            "ballots": ballots,
        }

    def publish(self) -> None:
        """Serve the archive, its head beside the earlier ones, and the booth."""
        head = self.head()
        if head not in self.heads:
            self.heads.append(head)
        self.site.files[self.address] = self.path.read_bytes()
        self.site.files[BOOTH] = self.code
        self.say()

    def say(self, **changes: Any) -> None:
        """Serve the heads as they stand here."""
        urn = {"uuid": self.uuid, "contest": "council", "ballot": 1, "archive": self.address, "heads": self.heads}
        value = {
            "format": "suffrage-heads/1",
            "election": "council",
            "generated": "2030-01-01T00:00:00+00:00",
            "booth": {"booth.js": sha256(self.code), "path": BOOTH},
            "urns": [urn],
            **changes,
        }
        self.site.files[f"{HOME}heads.json"] = json.dumps(value).encode()
