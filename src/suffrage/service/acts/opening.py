"""Opening closed urns: the server's part of each decryption, and those that the trustees send."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from suffrage import _core
from suffrage.belenios.decryption import Decrypted, Partial, add_partials
from suffrage.belenios.urn import Urn as Archive
from suffrage.belenios.urn import open_urn
from suffrage.election import DecisionKind
from suffrage.service import folders, heads
from suffrage.service.acts.permission import MANAGERS, TwoPersonAct, refused, require, two_persons
from suffrage.service.log import record
from suffrage.service.models import Election, Poll, Role, Stage, Urn
from suffrage.service.urns import server_key

FEWEST_BALLOTS = 10
"""An urn with fewer is opened only after a recorded decision of two persons: its result could tell who voted what."""


def path_of(uuid: str) -> Path:
    """Where the archive of an urn lies."""
    return folders.urns() / f"{uuid}.bel"


def tally_of(archive: Archive) -> tuple[bytes, int]:
    """The encrypted tally of a closed urn, and of how many electors it is."""
    found = _core.archive_tally(archive.path)
    if found is None:
        raise refused("urn", "is not closed yet", archive.election.uuid)
    return found[0], found[1]


def add_server_partial(uuid: str) -> None:
    """Add the server's part, unless it is there."""
    archive = open_urn(path_of(uuid))
    if any(owner == 1 for owner, _ in _core.archive_partials(archive.path)):
        return
    tally, _ = tally_of(archive)
    owner, payload = server_key.partial(uuid, archive.text, archive.trustees_text, tally)
    add_partials(archive, [Partial(owner, payload, Path("the server's part"))])


def waits_for_decision(urn: Urn) -> bool:
    """Whether an urn that is closed has so few ballots that its opening needs a decision."""
    archive = open_urn(path_of(urn.uuid))
    has_server = any(owner == 1 for owner, _ in _core.archive_partials(archive.path))
    return not has_server and tally_of(archive)[1] < FEWEST_BALLOTS


def open_by_server(urn: Urn) -> bool:
    """Add the server's part to a closed urn, if it has enough ballots; gives whether it was added."""
    if waits_for_decision(urn):
        return False
    add_server_partial(urn.uuid)
    return True


def owner_of(by: AbstractBaseUser, election: Election) -> int:
    """The number of a trustee in the archives: the server is the first."""
    require(by, election, Role.TRUSTEE)
    mine = election.trustees.filter(membership__user_id=by.pk).first()
    if mine is None:
        raise refused("decryption", "you are no trustee of this election")
    return mine.index + 1


def add_partial(by: AbstractBaseUser, election: Election, uuid: str, owner: int, payload: str) -> Decrypted:
    """Check a trustee's part of a decryption, and append it; the result follows with the last that is needed."""
    if owner != owner_of(by, election):
        raise refused("decryption", "is another trustee's part", owner, str(owner_of(by, election)))
    archive = open_urn(path_of(uuid))
    if not any(number == 1 for number, _ in _core.archive_partials(archive.path)):
        raise refused(
            "decryption", "the server has not decrypted yet", "", "the decision to open an urn of few ballots"
        )
    return add_partials(archive, [Partial(owner, payload.encode(), Path(f"the part of trustee {owner}"))])


def take_partial(by: AbstractBaseUser, election: Election, uuid: str, owner: int, payload: str) -> Decrypted:
    """A trustee's part of a real decryption; the poll has come further when all of its urns have their results."""
    urn = Urn.objects.select_related("contest").filter(election=election, uuid=uuid, closed=True).first()
    if urn is None:
        raise refused("decryption", "there is no closed urn of this name", uuid)
    found = add_partial(by, election, uuid, owner, payload)
    with transaction.atomic():
        record(by, "decrypt", election, urn=uuid, trustee=owner)
        if found.result is not None:
            finish(election, urn)
    return found


def finish(election: Election, urn: Urn) -> None:
    """Note that an urn has its result."""
    Urn.objects.filter(pk=urn.pk).update(decrypted=True)
    record(None, "an urn has its result", election, urn=urn.uuid, contest=urn.contest.slug)
    come_further(election, urn.ballot)


def come_further(election: Election, ballot: int) -> None:
    """A poll that is closed has come further when every urn that it has, if any, has its result or was annulled."""
    annulled = election.decisions.filter(kind=DecisionKind.ANNUL.value, ballot=ballot, unit="").values("contest")
    waiting = election.urns.filter(ballot=ballot, made=True, decrypted=False).exclude(contest__in=annulled)
    if not waiting.exists():
        Poll.objects.filter(election=election, ballot=ballot, stage=Stage.CLOSED).update(stage=Stage.DECRYPTED)


def note_results() -> list[str]:
    """Note the results that are in archives and not in the database: something came between. Gives the uuids."""
    noted = []
    for urn in Urn.objects.select_related("contest", "election").filter(closed=True, decrypted=False):
        if heads.last_event(path_of(urn.uuid)).get("type") == ["Result"]:
            with transaction.atomic():
                finish(urn.election, urn)
            noted.append(urn.uuid)
    return noted


def _check_few(election: Election, arguments: Mapping[str, Any]) -> None:
    urn = Urn.objects.filter(election=election, uuid=str(arguments.get("urn")), closed=True).first()
    if urn is None or not waits_for_decision(urn):
        raise refused("urn", "waits for no such decision", arguments.get("urn"))


def _open_few(by: AbstractBaseUser, election: Election, arguments: Mapping[str, Any], reason: str) -> None:
    record(by, "open an urn of few ballots", election, reason, urn=arguments["urn"])
    add_server_partial(str(arguments["urn"]))


OPEN_FEW = two_persons(
    TwoPersonAct("open-few", f"Open an urn with fewer than {FEWEST_BALLOTS} ballots", MANAGERS, _open_few, _check_few)
)
