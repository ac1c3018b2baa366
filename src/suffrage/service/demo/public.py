"""The simulated public: each elector goes through the door of the booth and casts, over HTTP, as a browser does."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from suffrage import _core
from suffrage.errors import Problem, ServiceError


@dataclass(frozen=True, slots=True)
class Choice:
    """How one elector votes in one urn: the numbers that are sealed, one for each name."""

    elector: str
    uuid: str
    plain: tuple[int, ...]


class Public:
    """Electors who vote over one connection, one after the other. The codes stay on this side."""

    def __init__(self, url: str, slug: str, codes: Mapping[str, str]) -> None:
        parts = urlsplit(url)
        self._connection = http.client.HTTPConnection(parts.hostname or "127.0.0.1", parts.port or 80, timeout=60)
        self._slug = slug
        self._codes = codes
        self._elections: dict[str, _core.SealedElection] = {}

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def read_papers(self) -> list[str]:
        """Read the page of the booth, as a browser does first; gives the identifiers of the urns."""
        page = self._answer("GET", f"/e/{self._slug}/vote/")
        begin = page.index(b">", page.index(b'id="config"')) + 1
        config = json.loads(page[begin : page.index(b"</script>", begin)])
        self._elections = {urn["uuid"]: _core.SealedElection(urn["text"].encode()) for urn in config["urns"]}
        return list(self._elections)

    def vote(self, choices: Sequence[Choice], tell: Callable[[int, int], None] = lambda done, total: None) -> int:
        """Cast; gives how many ballots have a receipt. ServiceError where one has none."""
        for done, choice in enumerate(choices, 1):
            code = self._codes[choice.elector]
            credentials = {uuid: _core.public_credential(uuid, code) for uuid in self._elections}
            door = json.loads(self._answer("POST", f"/e/{self._slug}/door/", json.dumps({"credentials": credentials})))
            if choice.uuid not in door["urns"]:
                raise ServiceError(Problem(f"elector {choice.elector}", "is not let in", "", choice.uuid))
            ballot = self._elections[choice.uuid].seal(code, [list(choice.plain)])
            receipt = json.loads(self._answer("POST", f"/e/{self._slug}/urns/{choice.uuid}/cast/", ballot))
            if not receipt.get("event"):
                raise ServiceError(Problem(f"elector {choice.elector}", "has no receipt"))
            tell(done, len(choices))
        return len(choices)

    def _answer(self, method: str, path: str, body: str | bytes | None = None) -> bytes:
        self._connection.request(method, path, body, {"Content-Type": "application/json"} if body else {})
        answer = self._connection.getresponse()
        data = answer.read()
        if answer.status != 200:
            said = data.decode("utf-8", "replace")[:200] if data.startswith(b"{") else ""
            raise ServiceError(Problem(path, f"the service answers {answer.status}", said))
        return data
