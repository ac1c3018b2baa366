"""An elector's way over the addresses of the service: ballots are sealed here, as in a browser."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeAlias

from django.test import Client

from suffrage import _core
from suffrage.belenios.urn import open_urn
from suffrage.service import clock, door, folders
from suffrage.service.acts import poll, setup
from suffrage.service.demo.way import Played
from suffrage.service.models import Credential, Election, Urn
from suffrage.service.urns.hall import hall

Answer: TypeAlias = Any
"""What a test client gives: the response, with more than its type says."""


class Booth:
    """Some electors of an election, who use one client."""

    def __init__(self, played: Played, client: Client | None = None) -> None:
        self.played = played
        self.election = played.election
        self.client = client or Client()

    def urn(self, contest: str = "chair", ballot: int = 1) -> Urn:
        """The urn of a contest."""
        return Urn.objects.select_related("contest", "election").get(
            election=self.election, contest__slug=contest, ballot=ballot
        )

    def archive(self, urn: Urn) -> Path:
        """Where its archive lies."""
        return folders.urns() / urn.file

    def electors(self, urn: Urn) -> list[str]:
        """The numbers of the electors on its list."""
        return list(urn.credentials.order_by("elector__number").values_list("elector__number", flat=True))

    def seal(self, urn: Urn, elector: str, place: int | None = 0, code: str = "") -> bytes:
        """A ballot: all names are struck but one, or all."""
        opened = open_urn(self.archive(urn))
        plain = [int(place == number) for number in range(len(opened.questions[0].answers))]
        return opened.election.seal(code or self.played.codes[elector], [plain])

    def credentials(self, elector: str, *urns: Urn) -> dict[str, str]:
        """The public credentials of a code."""
        code = self.played.codes[elector]
        return {urn.uuid: _core.public_credential(urn.uuid, code) for urn in urns or [self.urn()]}

    def cast(self, urn: Urn, ballot: bytes, slug: str = "", **headers: str) -> Answer:
        """Send a ballot."""
        return self.client.post(
            f"/e/{slug or self.election.slug}/urns/{urn.uuid}/cast/",
            ballot,
            content_type="application/json",
            headers=headers,
        )

    def door(self, credentials: Mapping[str, str], **more: object) -> Answer:
        """Come to the door; where a second factor is wanted, with the signature that shows the code."""
        if self.election.second_factor and "proof" not in more:
            more["proof"] = self.proof(credentials)
        return self.post("door/", {"credentials": dict(credentials), **more})

    def proof(self, credentials: Mapping[str, str]) -> dict[str, str]:
        """What shows that somebody has the code of the first of these credentials."""
        uuid, public = next(iter(credentials.items()))
        number = Credential.objects.get(urn__uuid=uuid, public=public).elector.number
        nonce = door.nonce(self.election)
        signature = _core.code_signature(uuid, self.played.codes[number], nonce.encode())
        return {"uuid": uuid, "nonce": nonce, "signature": signature}

    def factor(self, credentials: Mapping[str, str], code: object) -> Answer:
        """Give the one-time code."""
        return self.post("door/factor/", {"credentials": dict(credentials), "code": code})

    def post(self, path: str, body: object, **headers: str) -> Answer:
        """Send JSON to an address of the booth."""
        data = body if isinstance(body, (bytes, str)) else json.dumps(body)
        address = f"/e/{self.election.slug}/{path}"
        return self.client.post(address, data, content_type="application/json", headers=headers)


def said(answer: Answer) -> dict[str, Any]:
    """What an answer says."""
    found = json.loads(answer.content)
    assert isinstance(found, dict)
    return found


def fetched(client: Client, path: str, status: int = 200, **headers: str) -> bytes:
    """The whole of what is served at an address, as a file or not."""
    answer: Answer = client.get(path, headers=headers)
    assert answer.status_code == status, path
    try:
        return b"".join(answer) if answer.streaming else answer.content
    finally:
        answer.close()


def error(answer: Answer) -> tuple[int, str]:
    """Status and code of a refusal, which has a sentence for a person too."""
    found = said(answer)
    assert found["message"].endswith("."), found
    return answer.status_code, found["error"]


def move(played: Played, seconds: float) -> None:
    """Move the clock of the election, which is a demo."""
    election = Election.objects.get(pk=played.election.pk)
    setup.move_clock(played.secretary.user, election, int(seconds))
    hall.hours_changed()


def over(played: Played, ballot: int = 1) -> None:
    """Let the time of a poll be over, and its urns be closed."""
    election = Election.objects.get(pk=played.election.pk)
    found = election.polls.get(ballot=ballot)
    move(played, (found.closes - clock.now(election) + timedelta(seconds=1)).total_seconds())
    poll.close(election.polls.select_related("election").get(ballot=ballot))
