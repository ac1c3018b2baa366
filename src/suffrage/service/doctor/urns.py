"""Every urn: its archive, what was published of it, and its key."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from suffrage import _core
from suffrage.belenios.files import read_secret
from suffrage.belenios.question import question_of
from suffrage.service import folders, heads
from suffrage.service.doctor.check import Check, fails, guarded, ok, warning
from suffrage.service.models import Poll, Stage, Urn
from suffrage.service.urns import server_key
from suffrage.words import plural

# The generator of the group as it is written: any element will do to ask whose a key is.
_ELEMENT = "66" * 31 + "58"


def urns() -> Iterator[Check]:
    """The checks of every urn that was made."""
    made = list(Urn.objects.filter(made=True).select_related("election", "contest").order_by("election_id", "id"))
    if not made:
        yield ok("urns", "None was made yet.")
    for urn in made:
        name = f"urn {urn.uuid}"
        yield from guarded(name, lambda urn=urn: _urn(urn))  # type: ignore[misc]


def _urn(urn: Urn) -> Iterator[Check]:
    name = f"urn {urn.uuid}"
    path = folders.urns() / urn.file
    title = f"{urn.election.title}: {urn.contest.name}"
    if not path.exists():
        yield fails(name, f"{title}: its archive is missing.", "Stop the service, and restore the last backup.")
        return
    try:
        (height, _, kind, _, ballots), _ = _core.archive_places(path, [])
    except _core.BeleniosError as error:
        said = f"{title}: its archive is damaged: {error}."
        yield fails(name, said, "Stop the service, keep a copy, and restore the last backup.")
        return
    if reason := heads.behind(urn, path):
        said = f"{title}: it is behind what was published: {reason}."
        yield fails(name, said, "It is not opened. Find a newer copy: a later backup, or a monitor's.")
        return
    if reason := _key(urn, path):
        yield fails(name, f"{title}: {reason}.", "Without its key the urn can never be opened: find it in a backup.")
        return
    published = plural(urn.heads.count(), "published head")
    said = f"{title}: {plural(ballots, 'ballot')}, height {height}, continues {published}."
    over = kind == "Ballot" and Poll.objects.filter(
        election=urn.election, ballot=urn.ballot, stage__in=[Stage.CLOSED, Stage.DECRYPTED, Stage.PUBLISHED]
    )
    if over and over.exists():
        yield warning(name, f"{said} Its poll is closed, and it is not.", "Look at what the service says of it.")
    else:
        yield ok(name, said)


def _key(urn: Urn, path: Path) -> str:
    """Why the server's key of an urn does not open it; empty where it does, or is needed no more."""
    key = server_key.path_of(urn.uuid)
    if not key.exists():
        return "" if urn.decrypted else "the server's key is missing"
    election, trustees, _ = _core.archive_setup(path)
    # The core says which trustee a key is of when it decrypts: here something of the right shape, not the ballots.
    questions = [question_of(question) for question in _core.SealedElection(election).questions]
    element = {"alpha": _ELEMENT, "beta": _ELEMENT}
    shape = [[element] * (len(question.answers) + question.blank) for question in questions]
    tally = json.dumps(shape, separators=(",", ":")).encode()
    try:
        owner, _ = _core.partial_decryption(election, trustees, tally, read_secret(key))
    except _core.BeleniosError as error:
        return f"the server's key is not this urn's: {error}"
    return "" if owner == 1 else f"the server's key is that of trustee {owner}"
