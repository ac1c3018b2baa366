"""The server's keys on paper: printed once, which is recorded; entered again where the file is lost."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction

from suffrage.belenios.files import Output, read_secret, write_new
from suffrage.service.acts.permission import refused
from suffrage.service.log import OPERATOR, entries, record
from suffrage.service.models import Election, Urn
from suffrage.service.urns import server_key
from suffrage.service.urns.key_paper import key_paper

_ACT = "print the server's keys"


def print_keys(election: Election, out: Path, again: str = "") -> list[Urn]:
    """Print the keys of the urns of an election that were not printed yet into a new file; gives those urns.

    With a reason why they are printed `again`: those of all urns. ServiceError where there is none to print,
    BeleniosError where a key or the file is in the way or missing.
    """
    made = list(election.urns.select_related("contest").filter(made=True).order_by("ballot", "contest__position"))
    before = {uuid for entry in entries(election) if entry["act"] == _ACT for uuid in entry["about"]["urns"]}
    urns = made if again else [urn for urn in made if urn.uuid not in before]
    if not urns:
        expected = "--again, with the reason" if made else "urns that are made"
        raise refused(election.slug, "has no key to print", "all are printed" if made else "", expected)
    paper = key_paper(election, [(urn, read_secret(server_key.path_of(urn.uuid))) for urn in urns])
    with transaction.atomic():
        record(OPERATOR, _ACT, election, again, urns=[urn.uuid for urn in urns])
        write_new([Output(out, paper, secret=True)])
    return urns


def enter_key(uuid: str, typed: str) -> Urn:
    """Put a key back that was typed from its paper; spaces do not count.

    ServiceError where it is not the key of this urn, BeleniosError where there is one already. No error repeats it.
    """
    urn = Urn.objects.select_related("election", "contest").filter(uuid=uuid, made=True).first()
    if urn is None:
        raise refused("urn", "there is none of this name", uuid, "the name beside the key on the paper")
    seed = "".join(typed.split())
    if not server_key.belongs(urn.uuid, seed):
        raise refused("key", "is not the server's key of this urn", "", "the letters as they stand on the paper")
    with transaction.atomic():
        record(OPERATOR, "enter the server's key", urn.election, urn=urn.uuid)
        server_key.put(urn.uuid, seed)
    return urn
