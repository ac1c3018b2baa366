"""The trustees: the ceremony in which they make their key, step by step as far as all of them have come.

Steps 1, 3 and 5 of the specification's section "Trustees" are theirs, 2, 4 and 6 the service's. Where all trustees must
decrypt, each has a key alone, and there is one step.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from suffrage import _core
from suffrage.belenios.trustees import context_text
from suffrage.service.acts.permission import MANAGERS, refused, require
from suffrage.service.log import record
from suffrage.service.models import Ceremony, Election, Membership, Role, Trustee

LARGEST = 1 << 20
_NAMED = re.compile(r"\b(?:certificate|polynomial|voutput|trustee) (\d{1,6})\b")
STEPS = ("single", "certificate", "polynomial", "share")
_FIELDS = {"single": "single", "certificate": "certificate", "polynomial": "polynomial", "share": "voutput"}


def new_context(election: Election, members: Sequence[Membership]) -> str:
    """The context of a threshold group; empty where each of the trustees must decrypt."""
    if election.threshold == len(members):
        return ""
    return context_text([member.name for member in members], election.threshold).decode()


def trustees_of(election: Election) -> list[Trustee]:
    """The trustees in their order."""
    return list(election.trustees.select_related("membership").order_by("index"))


def phase(election: Election) -> str:
    """Which step the ceremony waits for: `single`, `certificates`, `polynomials`, `shares` or `ready`; or `none`."""
    ceremony = Ceremony.objects.filter(election=election).first()
    if ceremony is None:
        return "none"
    if ceremony.complete:
        return "ready"
    if not ceremony.context:
        return "single"
    members = trustees_of(election)
    if not all(trustee.certificate for trustee in members):
        return "certificates"
    return "shares" if all(trustee.polynomial for trustee in members) else "polynomials"


def submit(by: AbstractBaseUser, election: Election, step: str, text: str) -> None:
    """Take what a trustee has made in a step. ServiceError where it is not the time, or something does not hold.

    Where a record of somebody else turns out not to hold, which is only seen when all are there, that one is sent back
    to its trustee, and this one is taken.
    """
    require(by, election, Role.TRUSTEE)
    while True:
        try:
            _submit(by, election, step, text)
            return
        except _core.BeleniosError as error:
            if not _sent_back(by, election, step, str(error)):
                raise refused("ceremony", str(error)) from None


def _submit(by: AbstractBaseUser, election: Election, step: str, text: str) -> None:
    expected = {"certificates": "certificate", "polynomials": "polynomial", "shares": "share", "single": "single"}
    with transaction.atomic():
        ceremony = Ceremony.objects.select_for_update().filter(election=election).first()
        mine = election.trustees.filter(membership__user_id=by.pk).first()
        if ceremony is None or mine is None:
            raise refused("ceremony", "has not begun, or you are no trustee in it")
        if expected.get(phase(election)) != step:
            raise refused("ceremony", "waits for another step", step, phase(election))
        if getattr(mine, _FIELDS[step]):
            raise refused("ceremony", "your part of this step is there already")
        if len(text) > LARGEST:
            raise refused("ceremony", "your part is larger than one can be", len(text), f"at most {LARGEST}")
        setattr(mine, _FIELDS[step], text)
        _take(election, ceremony, mine, step)
        record(by, "key ceremony", election, step=step, trustee=mine.name)
        _go_on(election, ceremony)


def _sent_back(by: AbstractBaseUser, election: Election, step: str, error: str) -> bool:
    """Whether an error names the record of another trustee: it is forgotten, so that they make it again."""
    named = _NAMED.search(error)
    with transaction.atomic():
        other = election.trustees.filter(index=int(named[1])).first() if named else None
        field = _FIELDS[step]
        if other is None or other.membership.user_id == by.pk or not getattr(other, field):
            return False
        Trustee.objects.filter(pk=other.pk).update(**{field: ""})
        record(None, "send a part of the key ceremony back", election, step=step, trustee=other.name, why=error[:300])
    return True


def _take(election: Election, ceremony: Ceremony, mine: Trustee, step: str) -> None:
    """Check what can be checked of one trustee's record, and keep it."""
    data = getattr(mine, _FIELDS[step]).encode()
    if step == "single":
        _core.trustee_id(data)
        _core.trustees_key(_core.trustees_text([data], []))
    elif step == "certificate":
        _core.pedersen_id(data)
    mine.save()


def _go_on(election: Election, ceremony: Ceremony) -> None:
    """The service's own steps, as soon as the last trustee has come so far; a wrong record is named and refused."""
    members = trustees_of(election)
    if not ceremony.context:
        if all(trustee.single for trustee in members):
            _core.trustees_key(_core.trustees_text([trustee.single.encode() for trustee in members], []))
            _complete(ceremony, "")
        return
    context = ceremony.context.encode()
    certificates = [trustee.certificate.encode() for trustee in members]
    if not all(certificates):
        return
    _core.pedersen_check(context, certificates)
    polynomials = [trustee.polynomial.encode() for trustee in members]
    if not all(polynomials):
        return
    if not all(trustee.vinput for trustee in members):
        for trustee, given in zip(members, _core.pedersen_route(context, certificates, polynomials), strict=True):
            trustee.vinput = given.decode()
            trustee.save()
        return
    shares = [trustee.voutput.encode() for trustee in members]
    if all(shares):
        parameters, keys = _core.pedersen_combine(context, certificates, polynomials, shares)
        for trustee, key in zip(members, keys, strict=True):
            trustee.decryption_key = key.decode()
            trustee.save()
        _complete(ceremony, parameters.decode())


def _complete(ceremony: Ceremony, parameters: str) -> None:
    ceremony.parameters, ceremony.complete = parameters, True
    ceremony.save()


def public_part(election: Election) -> tuple[list[bytes], list[bytes]]:
    """What the trustees publish: who holds a key alone, and the threshold group. ServiceError before it is whole."""
    ceremony = Ceremony.objects.filter(election=election, complete=True).first()
    if ceremony is None:
        raise refused("trustees", "have not made their key yet", "", "the whole key ceremony")
    if ceremony.context:
        return [], [ceremony.parameters.encode()]
    return [trustee.single.encode() for trustee in trustees_of(election)], []


def with_server(election: Election, server: bytes) -> bytes:
    """The list of all trustees of an urn: the server first, whose key is always needed."""
    singles, groups = public_part(election)
    return _core.trustees_text([server, *singles], groups)


def start_again(by: AbstractBaseUser, election: Election) -> None:
    """Begin the ceremony anew, because a trustee's key was lost before anything depends on it."""
    require(by, election, *MANAGERS)
    with transaction.atomic():
        if election.urns.filter(made=True).exists():
            raise refused("ceremony", "cannot begin anew", "", "keys that no urn depends on")
        record(by, "begin the key ceremony anew", election)
        election.trustees.all().delete()
        Ceremony.objects.filter(election=election).delete()
        Election.objects.filter(pk=election.pk).update(rehearsed=False)
