"""Rehearsing the opening: an urn with ballots whose sum is known, opened as the real ones will be."""

from __future__ import annotations

import random

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from suffrage import _core
from suffrage.belenios.credentials import archive_list
from suffrage.belenios.question import Question, Template
from suffrage.belenios.urn import cast, close, create, election_text
from suffrage.service import folders
from suffrage.service.acts import trustees
from suffrage.service.acts.opening import add_partial, add_server_partial
from suffrage.service.acts.permission import MANAGERS, refused, require
from suffrage.service.log import record
from suffrage.service.models import Election, RehearsalUrn
from suffrage.service.urns import server_key

QUESTION = Question("Rehearsal: which paper is left?", ("the first", "the second", "the third"), 0, 1)
_BALLOTS = 5


def begin(by: AbstractBaseUser, election: Election) -> RehearsalUrn:
    """Make the urn of a rehearsal, with ballots of codes that nobody keeps, and close it."""
    require(by, election, *MANAGERS)
    uuid = _core.new_uuid()
    server = server_key.make(uuid)
    path = folders.urns() / f"{uuid}.bel"
    try:
        listed = trustees.with_server(election, server)
        codes = [_core.new_code() for _ in range(_BALLOTS)]
        credentials = archive_list((public, None) for public in sorted(_core.public_credentials(uuid, codes)))
        template = Template((QUESTION,), f"REHEARSAL: {election.title}", "", election.title, "The service")
        urn = create(path, election_text(uuid, template, listed), listed, credentials)
        choices = [QUESTION.plain((random.randrange(3),)) for _ in codes]
        ballots = [
            (f"ballot {n}", urn.election.seal(code, [choice]))
            for n, (code, choice) in enumerate(zip(codes, choices, strict=True), 1)
        ]
        cast(urn, ballots)
        close(path)
        add_server_partial(uuid)
        with transaction.atomic():
            made = RehearsalUrn.objects.create(
                election=election, uuid=uuid, expected=[sum(column) for column in zip(*choices, strict=True)]
            )
            record(by, "begin a rehearsal of the opening", election, urn=uuid)
        return made
    except BaseException:
        path.unlink(missing_ok=True)
        server_key.remove(uuid)
        raise


def take_partial(by: AbstractBaseUser, election: Election, uuid: str, owner: int, payload: str) -> None:
    """A trustee's part in a rehearsal. It has succeeded when the result is the sum of its ballots."""
    rehearsal = RehearsalUrn.objects.filter(election=election, uuid=uuid).first()
    if rehearsal is None:
        raise refused("rehearsal", "is none of this election", uuid)
    found = add_partial(by, election, uuid, owner, payload)
    with transaction.atomic():
        record(by, "decrypt in the rehearsal", election, urn=uuid, trustee=owner)
        if found.result is None:
            return
        if found.result != [rehearsal.expected]:
            raise refused(
                "rehearsal", "the result is not the sum of the ballots", found.result, str(rehearsal.expected)
            )
        RehearsalUrn.objects.filter(pk=rehearsal.pk).update(succeeded=True)
        Election.objects.filter(pk=election.pk).update(rehearsed=True)
        record(None, "the rehearsal has succeeded", election, urn=uuid)
