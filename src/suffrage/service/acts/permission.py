"""Who may do what: the roles of an election, and the second person of an act that cannot be undone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from suffrage.errors import Problem, ServiceError
from suffrage.service.log import record
from suffrage.service.models import Election, Membership, Proposal, Role

MANAGERS = (Role.SECRETARY, Role.COMMITTEE)
EVERYBODY = (Role.SECRETARY, Role.COMMITTEE, Role.TRUSTEE, Role.OBSERVER)


def refused(what: str, message: str, seen: object = "", expected: str = "") -> ServiceError:
    """An act that cannot be done."""
    return ServiceError(Problem(what, message, str(seen), expected))


def roles_of(by: AbstractBaseUser, election: Election) -> frozenset[str]:
    """The roles of a person in an election."""
    return frozenset(Membership.objects.filter(user_id=by.pk, election=election).values_list("role", flat=True))


def require(by: AbstractBaseUser, election: Election, *roles: Role) -> None:
    """ServiceError where somebody has none of the roles."""
    if not by.is_active or not roles_of(by, election) & {role.value for role in roles}:
        expected = " or ".join(role.label for role in roles)
        raise refused("this act", "is not yours to do", "", f"a {expected} of {election.title}")


def require_draft(election: Election) -> None:
    """ServiceError where roll and ballot papers are fixed: from then on nothing of them is changed by any path."""
    if election.frozen:
        raise refused(
            election.title,
            "its roll and ballot papers are fixed",
            "",
            "changes before they are fixed; a decision after",
        )


@contextmanager
def drafting(election: Election) -> Iterator[None]:
    """Change a draft, whole or not at all: nobody fixes it meanwhile, and it was not fixed since it was read."""
    with transaction.atomic():
        require_draft(Election.objects.select_for_update().get(pk=election.pk))
        yield


@dataclass(frozen=True)
class TwoPersonAct:
    """An act that takes two persons: its name in words, who may propose and confirm it, and what does it."""

    key: str
    title: str
    roles: tuple[Role, ...]
    carry_out: Callable[[AbstractBaseUser, Election, Mapping[str, Any], str], object]
    check: Callable[[Election, Mapping[str, Any]], None] = lambda election, arguments: None


_ACTS: dict[str, TwoPersonAct] = {}


def two_persons(act: TwoPersonAct) -> TwoPersonAct:
    """Make an act known by its key."""
    _ACTS[act.key] = act
    return act


def act_of(key: str) -> TwoPersonAct:
    """The act of a key; ServiceError where there is none."""
    if key not in _ACTS:
        raise refused("this act", "is none that takes two persons", key)
    return _ACTS[key]


def propose(by: AbstractBaseUser, election: Election, key: str, arguments: Mapping[str, Any], reason: str) -> Proposal:
    """Propose an act; a second person carries it out by confirming it."""
    act = act_of(key)
    require(by, election, *act.roles)
    if not reason.strip():
        raise refused("reason", "is missing", "", "why this is to be done; it is published")
    act.check(election, arguments)
    with transaction.atomic():
        if Proposal.objects.filter(
            election=election, act=key, arguments=dict(arguments), confirmed_by=None, withdrawn=False
        ).exists():
            raise refused(act.title, "has been proposed already", "", "the confirmation of a second person")
        made = Proposal.objects.create(
            election=election,
            act=key,
            arguments=dict(arguments),
            reason=reason.strip(),
            proposed_by_id=by.pk,
            proposed_at=datetime.now(UTC),
        )
        record(by, "propose", election, reason.strip(), act=act.title, **arguments)
    return made


def confirm(by: AbstractBaseUser, proposal: Proposal) -> None:
    """Carry a proposed act out, as its second person; nothing is done where it is refused."""
    with transaction.atomic():
        held = Proposal.objects.select_for_update().get(pk=proposal.pk)
        act = act_of(held.act)
        require(by, held.election, *act.roles)
        if not held.is_open:
            raise refused(act.title, "waits for nobody any more")
        if held.proposed_by_id == by.pk:
            raise refused(act.title, "takes two persons", "the one who proposed it", "somebody else")
        act.check(held.election, held.arguments)
        Proposal.objects.filter(pk=held.pk).update(confirmed_by_id=by.pk)
        record(by, "confirm", held.election, held.reason, act=act.title, proposed_by=held.proposed_by.get_username())
        act.carry_out(by, held.election, held.arguments, held.reason)


def withdraw(by: AbstractBaseUser, proposal: Proposal) -> None:
    """Take a proposal back."""
    act = act_of(proposal.act)
    require(by, proposal.election, *act.roles)
    with transaction.atomic():
        changed = Proposal.objects.filter(pk=proposal.pk, confirmed_by=None, withdrawn=False).update(withdrawn=True)
        if not changed:
            raise refused(act.title, "waits for nobody any more")
        record(by, "withdraw a proposal", proposal.election, act=act.title)
