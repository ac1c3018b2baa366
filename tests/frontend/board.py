"""The service's part towards trustees, through `suffrage._core`: it routes, combines, and checks what arrives."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from suffrage import _core
from tests.belenios.made import Choices, Made, Trustee, Trustees, election, question
from tests.frontend.desk import TOKEN, Refusal

STEPS = ("certificate", "polynomial", "share")


@dataclass
class Urn:
    """An urn whose sum waits for the trustees' keys."""

    made: Made
    name: str
    rehearsal: bool
    tally: bytes
    weight: int
    ballots: int
    partials: dict[int, bytes] = field(default_factory=dict)


@dataclass
class Board:
    """A ceremony of trustees, and the urns that their key opens. `threshold` 0: each holds a single key."""

    names: list[str]
    threshold: int
    title: str = "Board of the Riverside Co-operative"
    kind: str = "real"
    records: dict[str, dict[int, str]] = field(default_factory=lambda: {step: {} for step in (*STEPS, "single")})
    urns: dict[str, Urn] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.server = _core.new_trustee("Server")
        self.context = _core.pedersen_context(self.names, self.threshold) if self.threshold else None

    @property
    def steps(self) -> tuple[str, ...]:
        return STEPS if self.threshold else ("single",)

    def due(self) -> str | None:
        """The step that is not yet done by all."""
        return next((step for step in self.steps if len(self.records[step]) < len(self.names)), None)

    def all(self, step: str) -> list[bytes]:
        return [self.records[step][index].encode() for index in range(1, len(self.names) + 1)]

    def inputs(self) -> list[bytes]:
        assert self.context is not None
        return _core.pedersen_route(self.context, self.all("certificate"), self.all("polynomial"))

    def combined(self) -> tuple[bytes, list[bytes]]:
        assert self.context is not None
        return _core.pedersen_combine(self.context, *(self.all(step) for step in STEPS))

    def trustees_text(self) -> bytes:
        if self.threshold:
            return _core.trustees_text([self.server[1]], [self.combined()[0]])
        return _core.trustees_text([self.server[1], *self.all("single")], [])

    # Towards a page

    def config(self, index: int, language: str = "en") -> dict[str, Any]:
        return {
            "election": {"id": "board", "title": self.title, "kind": self.kind, "language": language},
            "csrf": TOKEN,
            "trustee": {"name": self.names[index - 1], "index": index},
            "pause": 400,
            "urls": {"state": f"/state/{index}/", "submit": f"/submit/{index}/"},
        }

    def state(self, index: int) -> dict[str, Any]:
        due = self.due()
        certificates = self.records["certificate"]
        phases = {"single": "single", "certificate": "certificates", "polynomial": "polynomials", "share": "shares"}
        return {
            "names": self.names,
            "threshold": self.threshold or len(self.names),
            "context": self.context and self.context.decode(),
            "phase": "ready" if due is None else phases[due],
            "done": {step: [self.names[at - 1] for at in sorted(self.records[step])] for step in self.steps},
            "certificates": [text.decode() for text in self.all("certificate")]
            if len(certificates) == len(self.names)
            else None,
            "vinput": self.inputs()[index - 1].decode() if due == "share" else None,
            "dkey": self.combined()[1][index - 1].decode() if due is None and self.threshold else None,
            "identity": _core.pedersen_id(certificates[index].encode()) if index in certificates else None,
            "key_checked": index in certificates,
            "mine": {step: index in self.records[step] for step in self.steps},
            "urns": [self.shown(uuid, urn, index + 1) for uuid, urn in self.urns.items()],
        }

    def shown(self, uuid: str, urn: Urn, owner: int) -> dict[str, Any]:
        needed = self.threshold or len(self.names)
        return {
            "uuid": uuid, "name": urn.name, "rehearsal": urn.rehearsal, "ballot": 1, "owner": owner,
            "election": urn.made.text.decode(), "trustees": urn.made.trustees.text.decode(),
            "tally": urn.tally.decode(), "done": owner in urn.partials, "needed": max(0, needed - len(urn.partials)),
            "ballots": urn.ballots, "voters": urn.weight,
        }  # fmt: skip

    def submit(self, index: int, body: dict[str, str]) -> dict[str, Any]:
        record = body["record"].encode()
        try:
            if body["step"] == "partial":
                urn, owner = self.urns[body["urn"]], int(body["owner"])
                assert owner == index + 1
                _core.check_partial_decryption(urn.made.text, urn.made.trustees.text, urn.tally, owner, record)
                urn.partials[owner] = record
            else:
                assert body["step"] == self.due()
                self.check(body["step"], index, record)
                self.records[body["step"]][index] = body["record"]
        except _core.BeleniosError as error:
            raise Refusal(str(error)) from None
        return {"accepted": True}

    def check(self, step: str, index: int, record: bytes) -> None:
        """Hold a record to its form alone; what all sent is checked together when they are combined."""
        if step == "certificate":
            _core.pedersen_id(record)
        elif step == "single":
            _core.trustee_id(record)
        else:
            assert isinstance(json.loads(record), dict)

    # The other trustees

    def others(self, seeds: dict[int, str]) -> None:
        """The other trustees do the step that is due, with the core; `seeds` keeps their keys."""
        step = self.due()
        for index, name in enumerate(self.names, 1):
            if index in self.records.get(step or "", {index: ""}):
                continue
            if step == "single":
                seeds[index], made = _core.new_trustee(name)
            elif step == "certificate":
                assert self.context is not None
                seeds[index], made = _core.pedersen_certificate(self.context, index)
            elif index not in seeds:
                continue
            elif step == "polynomial":
                assert self.context is not None
                made = _core.pedersen_polynomial(self.context, self.all("certificate"), seeds[index])
            else:
                assert self.context is not None
                made = _core.pedersen_share(
                    self.context, self.all("certificate"), seeds[index], self.inputs()[index - 1]
                )
            self.records[step or ""][index] = made.decode()

    # The urns

    def add_urn(self, folder: Path, name: str, cast: Sequence[tuple[int, Choices]], *, rehearsal: bool = False) -> Urn:
        """An urn with ballots, closed, its sum sealed."""
        keys = Trustees(self.trustees_text(), (Trustee(self.server[0]),), (1,))
        made = election([question(3, 0, 3)], 4, keys, name=name)
        path = made.create(folder / f"{made.sealed.uuid}.bel", [made.ballot(voter, rows) for voter, rows in cast])
        tally, _, weight = made.close(path)
        self.urns[made.sealed.uuid] = urn = Urn(made, name, rehearsal, tally, weight, len(cast))
        return urn

    def turn(self, urn: Urn, owner: int, seed: str) -> None:
        """A trustee's key turned with the core; owner 1 is the server."""
        share = self.combined()[1][owner - 2] if self.threshold and owner > 1 else None
        found, record = _core.partial_decryption(urn.made.text, urn.made.trustees.text, urn.tally, seed, share)
        assert found == owner
        urn.partials[owner] = record

    def result(self, urn: Urn) -> list[list[int]]:
        """What the partial decryptions give, with the server's key."""
        server = _core.partial_decryption(urn.made.text, urn.made.trustees.text, urn.tally, self.server[0])
        partials = [server, *sorted(urn.partials.items())]
        text = _core.tally_result(urn.made.text, urn.made.trustees.text, urn.tally, urn.weight, partials)
        found: list[list[int]] = json.loads(text)["result"]
        return found
