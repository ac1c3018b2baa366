"""Making the urns of a poll: a server key and an archive for each, once everything that they need is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from suffrage.belenios.credentials import archive_list
from suffrage.belenios.question import Question, Template
from suffrage.belenios.urn import create, election_text, open_urn
from suffrage.errors import Problem, ServiceError
from suffrage.returns.sealed import question_of
from suffrage.service import folders
from suffrage.service.acts import trustees
from suffrage.service.acts.fixing import FEWEST_ELECTORS, votes_online
from suffrage.service.acts.permission import MANAGERS, TwoPersonAct, two_persons
from suffrage.service.export import candidates_as_model, contest_as_model, rules_of
from suffrage.service.log import record
from suffrage.service.models import Credential, Election, Poll, Stage, Urn
from suffrage.service.urns import server_key
from suffrage.service.urns.ballots import voted_in

AUTHORITY = "Credential authority"


def lacks(election: Election) -> list[str]:
    """What is missing before the urns of the first ballot can be made, each in a sentence."""
    missing = []
    if not election.frozen:
        missing.append("Roll and ballot papers are not fixed.")
    if not election.roster_signature:
        missing.append("The roster of the committee is not signed.")
    if not votes_online(election):
        pass  # everybody votes on paper: there is no urn to make
    elif trustees.phase(election) != "ready":
        missing.append("The trustees have not made their key.")
    elif not election.rehearsed:
        missing.append("The opening of an urn has not been rehearsed.")
    missing += [
        f"{urn.contest.name}: the list of the authority is not there."
        for urn in election.urns.select_related("contest").filter(ballot=1)
        if urn.credentials.count() < FEWEST_ELECTORS
    ]
    poll = election.polls.filter(ballot=1).first()
    if poll is not None and poll.stage != Stage.PREPARED:
        missing.append("The urns are made already.")
    return missing


def question_for(urn: Urn) -> Question:
    """The question of an urn: that of its contest under the law, among the finalists in a second ballot."""
    contest = urn.contest
    people = candidates_as_model(contest)
    finalists = [person for person in people if person.id in urn.finalists]
    return question_of(contest_as_model(contest), rules_of(contest), people, finalists, urn.seats)


def title_of(election: Election, urn: Urn) -> str:
    """The name that an urn's election has."""
    ballot = "" if urn.ballot == 1 else ", second ballot"
    return f"{election.title}: {urn.contest.name}{ballot}"


def make(election: Election, poll: Poll, urns: Sequence[Urn]) -> None:
    """Make the archives of urns and their server keys: all of them, or none."""
    with transaction.atomic(), ExitStack() as undo:
        for urn in urns:
            _clear(urn)
            server = server_key.make(urn.uuid)
            undo.callback(server_key.remove, urn.uuid)
            listed = trustees.with_server(election, server)
            template = Template((question_for(urn),), title_of(election, urn), "", election.title, AUTHORITY)
            text = election_text(urn.uuid, template, listed)
            rows = Credential.objects.filter(urn=urn).order_by("public").values_list("public", flat=True)
            path = folders.urns() / urn.file
            create(path, text, listed, archive_list((public, None) for public in rows.iterator(chunk_size=2000)))
            undo.callback(path.unlink, missing_ok=True)
            Urn.objects.filter(pk=urn.pk).update(made=True)
        Poll.objects.filter(pk=poll.pk).update(stage=Stage.READY)
        poll.stage = Stage.READY
        undo.pop_all()


def _clear(urn: Urn) -> None:
    """Remove what an attempt left that the database has taken back: an archive into which nobody has cast, and its key.

    BeleniosError where what lies there is no such archive.
    """
    path = folders.urns() / urn.file
    if path.exists() and open_urn(path).election.uuid == urn.uuid and voted_in(path)[1] == 0:
        path.unlink()
    if not path.exists():
        server_key.remove(urn.uuid)


def _check(election: Election, arguments: Mapping[str, Any]) -> None:
    if missing := lacks(election):
        raise ServiceError([Problem("urns", f"cannot be made yet: {line}") for line in missing])


def _make(by: AbstractBaseUser, election: Election, arguments: Mapping[str, Any], reason: str) -> None:
    poll = Poll.objects.select_for_update().get(election=election, ballot=1)
    urns = list(election.urns.select_related("contest__election").filter(ballot=1))
    make(election, poll, urns)
    record(by, "make the urns", election, reason, urns=[urn.uuid for urn in urns])


MAKE = two_persons(TwoPersonAct("make-urns", "Make the urns of the first ballot", MANAGERS, _make, _check))
