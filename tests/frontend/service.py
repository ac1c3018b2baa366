"""A service for the booth, as small as it can be: real urns, real checks, a real archive each, and one page."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from typing import Any, Self

from suffrage._core import ArchiveWriter, BeleniosError, code_holds
from tests.belenios.made import TIMESTAMP, Made, Question, election

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Voting booth</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/built/booth.css"></head><body><main id="booth"></main>
<script type="application/json" id="config">CONFIG</script>
<script type="module" src="/built/booth.js"></script></body></html>"""
TOKEN, FACTOR, NONCE = "a token of the door", "123456", "a nonce of the page"
PEOPLE = [
    ("PETROV", "Ivan Semenovich", "General assembly of workers and office employees, plant no. 22"),
    ("SEMENOV", "Pyotr Ivanovich", "General meeting of members, Lenin collective farm"),
    ("SIVAKOV", "Semyon Petrovich", "District committees of the Communist Party and of the Young Communist League"),
    ("KOVALENKO", "Oksana Mykolaivna", "Meeting of teachers of the second school"),
    ("BONDAR", "Taras", "Meeting of voters at the place of residence"),
    ("MELNYK", "Halyna Petrivna", "Association of engineers"),
    ("TKACHENKO", "Andrii Olehovych", "Assembly of the river port"),
    ("SHEVCHUK", "Iryna", "Council of the veterans"),
    ("LYSENKO", "Maksym Yuriiovych", "Meeting of doctors of the district hospital"),
    ("HNATIUK-ZAHORODNIA", "Yevheniia Kostiantynivna", "General meeting of members, Dawn collective farm"),
]


@dataclass
class Urn:
    """An urn of one contest with its archive."""

    made: Made
    path: Path
    people: Sequence[tuple[str, str, str]]
    marking: str
    name: str
    ballot: int
    state: str = "open"
    receipts: dict[bytes, dict[str, object]] = field(default_factory=dict)
    cast: list[bytes] = field(default_factory=list)

    @property
    def uuid(self) -> str:
        return self.made.sealed.uuid

    @property
    def config(self) -> dict[str, object]:
        answers, blank, low, _, _ = self.made.sealed.questions[0]
        assert len(answers) == len(self.people)
        return {
            "uuid": self.uuid,
            "contest": self.name.lower(),
            "ballot": self.ballot,
            "text": self.made.text.decode(),
            "name": self.name,
            "unit": "Ukrainian SSR",
            "chamber": "Council of Nationalities",
            "state": self.state,
            "opens": "2026-03-01T06:00:00Z",
            "closes": "2026-03-08T18:00:00Z",
            "seats": 1,
            "marking": self.marking,
            "none_left": "valid" if blank or low == 0 else "invalid",
            "candidates": [
                {
                    "number": number,
                    "surname": surname,
                    "names": names,
                    "supporters": [by],
                    "occupation": "",
                    "party": "",
                }
                for number, (surname, names, by) in enumerate(self.people, 1)
            ],
        }


def urn(
    folder: Path,
    names: int = 3,
    low: int = 0,
    high: int = 1,
    blank: bool = False,
    marking: str = "strike-out",
    name: str = "Dnepropetrovsk district",
    ballot: int = 1,
    codes: Sequence[str] = (),
    people: Sequence[tuple[str, str, str]] = (),
) -> Urn:
    """An urn with that many candidates, or with these; `codes` are those of electors of another urn."""
    people = people or PEOPLE[:names]
    question: Question = [f"{surname} {given}".strip() for surname, given, _ in people], blank, low, high, name
    made = election([question], name=name)
    made = Made(made.text, made.trustees, tuple(codes) or made.codes, made.weights)
    path = folder / f"{made.sealed.uuid}.bel"
    ArchiveWriter.create(path, TIMESTAMP, made.text, made.trustees.text, made.credentials).close()
    return Urn(made, path, people, marking, name, ballot)


class Service:
    """The service in a thread. `refuse` and `lose` say what it does to the next ballots."""

    def __init__(self, built: Path, urns: Sequence[Urn], *, factor: bool = False, kind: str = "real") -> None:
        self.built, self.urns, self.factor, self.kind = built, {urn.uuid: urn for urn in urns}, factor, kind
        self.refuse: list[tuple[int, dict[str, object]]] = []
        """Answers to the next requests instead of the true ones."""
        self.lose = 0
        """How many of the next ballots are put into the archive without an answer."""
        self.tries = 3
        self.asked: list[tuple[str, bytes]] = []
        self.lock = Lock()

    def __enter__(self) -> Self:
        service = self

        class Handler(_Handler):
            pass

        Handler.service = service
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/e/x/vote/"

    def page(self) -> bytes:
        config = {
            "election": {
                "id": "x",
                "title": "Elections to the Supreme Soviet of the USSR",
                "kind": self.kind,
                "language": "en",
                "languages": ["en", "fr", "ru"],
                "time_zone": "Europe/Kyiv",
            },
            "second_factor": self.factor,
            "nonce": NONCE if self.factor else "",
            "booth_sha256": sha256((self.built / "booth.js").read_bytes()).hexdigest(),
            "csrf": "a csrf token",
            "urns": [urn.config for urn in self.urns.values()],
            "urls": {
                "door": "/e/x/door/",
                "factor": "/e/x/door/factor/",
                "cast": "/e/x/urns/UUID/cast/",
                "home": "/e/x/",
                "archive": "/e/x/urns/UUID.bel",
            },
        }
        return PAGE.replace("CONFIG", json.dumps(config).replace("<", "\\u003c")).encode()

    def door(self, body: bytes) -> tuple[int, dict[str, object]]:
        asked = json.loads(body)
        given = asked["credentials"]
        if self.factor:
            proof = asked["proof"]
            assert code_holds(given[proof["uuid"]], NONCE.encode(), proof["signature"].encode())
        standing = [uuid for uuid, urn in self.urns.items() if given[uuid] in urn.made.public]
        if not standing:
            return 404, {"error": "unknown-code"}
        voted = [
            uuid
            for uuid in standing
            if any(self.urns[uuid].made.sealed.check(ballot) == given[uuid] for ballot in self.urns[uuid].cast)
        ]
        self.tries = 3
        return 200, {"urns": standing, "voted": voted, "factor": {"sent_to": "a…@example.org"} if self.factor else None}

    def give_factor(self, body: bytes) -> tuple[int, dict[str, object]]:
        if json.loads(body)["code"] == FACTOR:
            return 200, {"token": TOKEN}
        self.tries -= 1
        return 403, {"error": "wrong-factor", "left": self.tries}

    def cast(self, urn: Urn, ballot: bytes, token: str) -> tuple[int, dict[str, object]]:
        if urn.state == "closed":
            return 403, {"error": "closed"}
        if self.factor and token != TOKEN:
            return 403, {"error": "factor-needed"}
        if ballot in urn.receipts:
            return 409, {"error": "already-cast", **urn.receipts[ballot]}
        try:
            credential = urn.made.sealed.check(ballot)
        except BeleniosError as error:
            return 400, {"error": "wrong-ballot", "message": str(error)}
        if credential not in urn.made.public:
            return 403, {"error": "unknown-credential"}
        replaces = any(urn.made.sealed.check(other) == credential for other in urn.cast)
        with ArchiveWriter.open(urn.path) as writer:
            [(height, event)] = writer.append_ballots([ballot])
        digest = sha256(ballot)
        urn.cast.append(ballot)
        urn.receipts[ballot] = {
            "tracking": base64.b64encode(digest.digest()).decode().rstrip("="),
            "sha256": digest.hexdigest(),
            "height": height,
            "event": event,
            "replaces": replaces,
        }
        return 200, urn.receipts[ballot]


class _Handler(BaseHTTPRequestHandler):
    service: Service

    def log_message(self, *_: Any) -> None:
        """Nothing is logged."""

    def do_GET(self) -> None:
        name = self.path.removeprefix("/built/")
        if name in ("booth.js", "booth.css"):
            kind = "text/javascript" if name.endswith("js") else "text/css"
            self._send(200, kind, (self.service.built / name).read_bytes())
        elif self.path.startswith("/e/x/vote/"):
            self._send(200, "text/html", self.service.page())
        elif self.path == "/favicon.ico":
            self._send(204, "image/x-icon", b"")
        else:
            self._send(404, "text/plain", b"")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        service = self.service
        assert self.headers["X-CSRFToken"] == "a csrf token"
        with service.lock:
            service.asked.append((self.path, body))
            if service.refuse:
                status, answer = service.refuse.pop(0)
            elif self.path == "/e/x/door/":
                status, answer = service.door(body)
            elif self.path == "/e/x/door/factor/":
                status, answer = service.give_factor(body)
            else:
                urn = service.urns[self.path.split("/")[4]]
                status, answer = service.cast(urn, body, self.headers["X-Door-Token"] or "")
                if service.lose:
                    service.lose -= 1
                    self.close_connection = True
                    return
        self._send(status, "application/json", json.dumps(answer).encode())

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        self.wfile.write(body)
