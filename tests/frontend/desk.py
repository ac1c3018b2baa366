"""A small server of the pages: a page with its configuration and a strict policy, and what it asks in JSON.

It holds no session: whoever asks is whom the page was made for. What it is told is kept, so that a test can look for
what should never have been sent.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
TOKEN = "token of the session"
LOGIN = b"<!doctype html><html lang=en><title>Sign in</title><p>Sign in"


class Refusal(Exception):
    """What the service answers with 400."""


@dataclass
class Desk:
    """Pages by their paths, and what answers: `get` and `post` by path."""

    built: Path
    pages: Mapping[str, tuple[str, Callable[[], dict[str, Any]]]]
    get: Mapping[str, Callable[[], Any]]
    post: Mapping[str, Callable[[Any], Any]]
    signed_out: bool = False
    broken: bool = False
    """Whether the machine in front answers with a page of its own."""
    sent: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"desk": self}))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self._server.server_port}{path}"

    def page(self, path: str) -> bytes:
        """A page as the service makes it: one place for the script, one for its configuration."""
        name, config = self.pages[path]
        text = json.dumps(config()).replace("<", "\\u003c")
        return (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>suffrage: {name}</title>'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f'<link rel="icon" href="data:,"><link rel="stylesheet" href="/built/{name}.css"></head>'
            f'<body><main id="{name}"></main><script type="application/json" id="config">{text}</script>'
            f'<script type="module" src="/built/{name}.js"></script></body></html>'
        ).encode()


class _Handler(BaseHTTPRequestHandler):
    desk: Desk

    def do_GET(self) -> None:
        self.desk.sent.append(self.path)
        if self.path in self.desk.pages:
            return self._answer(200, "text/html; charset=utf-8", self.desk.page(self.path))
        if self.path.startswith("/built/"):
            file = self.desk.built / self.path.removeprefix("/built/")
            kind = "text/css" if file.suffix == ".css" else "text/javascript"
            return self._answer(200, kind, file.read_bytes())
        if self.path.startswith("/login"):
            return self._answer(200, "text/html", LOGIN)
        if not self._stopped():
            self._json(200, self.desk.get[self.path]())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.desk.sent.append(f"{self.path} {body}")
        if self._stopped():
            return
        if self.headers["X-CSRFToken"] != TOKEN:
            return self._answer(403, "text/html", b"<p>CSRF")
        try:
            self._json(200, self.desk.post[self.path](json.loads(body)))
        except Refusal as refusal:
            self._json(400, {"error": "refused", "message": str(refusal)})

    def _stopped(self) -> bool:
        if self.desk.signed_out:
            self.send_response(302)
            self.send_header("Location", "/login/")
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif self.desk.broken:
            self._answer(502, "text/html", b"<p>Bad gateway")
        return self.desk.signed_out or self.desk.broken

    def _json(self, status: int, value: Any) -> None:
        self._answer(status, "application/json", json.dumps(value).encode())

    def _answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing: a test that fails shows what was sent."""
