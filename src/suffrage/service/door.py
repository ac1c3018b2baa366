"""The door of the booth: whose code it is, and the second factor where an election wants one.

The server is given public credentials alone. It looks up whose they are to send a one-time code, and says nothing
of it.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction

from suffrage import _core
from suffrage.service import mailing
from suffrage.service.models import Credential, DoorCode, Election, Elector

VALID = timedelta(minutes=10)
BETWEEN = timedelta(seconds=45)
MOST_ATTEMPTS = 5
MOST_CODES, DAY = 10, timedelta(days=1)
"""How many codes an elector is sent in a day: whoever has the voting code alone can try 50 of a million."""

TOKEN_SECONDS = 3 * 3600
NONCE_SECONDS = 12 * 3600
_SALT = "suffrage.door"
_NONCE = "suffrage.door.nonce"


class TooSoon(Exception):
    """A one-time code was sent a moment ago, and has no attempts left."""


class TooMany(Exception):
    """Too many one-time codes were sent in a day."""


def stands_in(election: Election, credentials: Mapping[str, str]) -> tuple[Elector | None, list[str]]:
    """The elector whose credentials these are, and the urns on whose lists they stand; None where they are nobody's.

    Credentials of several electors at once are nobody's.
    """
    found = Credential.objects.filter(
        urn__election=election, urn__uuid__in=list(credentials), public__in=list(credentials.values())
    ).select_related("elector", "urn")
    right = [row for row in found if credentials.get(row.urn.uuid) == row.public]
    if len({row.elector_id for row in right}) != 1:
        return None, []
    return right[0].elector, [row.urn.uuid for row in right]


def nonce(election: Election) -> str:
    """What the booth signs with the code, where a second factor is wanted: from the page, and good for half a day."""
    return signing.dumps(election.slug, salt=_NONCE)


def has_code(election: Election, credentials: Mapping[str, str], proof: Mapping[str, str]) -> bool:
    """Whether somebody has shown that they have the code of these credentials, which are public.

    Without it anybody could have mail sent to an elector, and learn a part of the address.
    """
    try:
        right = signing.loads(proof["nonce"], salt=_NONCE, max_age=NONCE_SECONDS) == election.slug
    except (KeyError, TypeError, signing.BadSignature):
        return False
    public = credentials.get(str(proof.get("uuid")), "")
    return right and _core.code_holds(public, proof["nonce"].encode(), str(proof.get("signature")).encode())


def send_factor(election: Election, elector: Elector) -> str:
    """Mail a one-time code, unless one that still holds was mailed a moment ago. TooSoon, TooMany.

    Gives the address so far hidden that only its owner knows it.
    """
    now = datetime.now(UTC)
    with transaction.atomic():
        Elector.objects.select_for_update().get(pk=elector.pk)
        before = DoorCode.objects.filter(elector=elector).first()
        if before is not None and before.expires - VALID + BETWEEN > now:
            if before.attempts >= MOST_ATTEMPTS:
                raise TooSoon
            return hidden(elector.email)
        if elector.mails.filter(purpose="factor", made__gt=now - DAY).count() >= MOST_CODES:
            raise TooMany
        code = f"{secrets.randbelow(10**6):06d}"
        DoorCode.objects.update_or_create(
            elector=elector, defaults={"digest": _keyed(elector, code), "expires": now + VALID, "attempts": 0}
        )
        language = elector.language or election.language
        mailing.queue_worded("factor", language, elector.email, election, elector, name=elector.name, code=code)
    return hidden(elector.email)


def hidden(email: str) -> str:
    """An address with most of it hidden: `a…@example.org`."""
    local, _, domain = email.partition("@")
    return f"{local[:1]}…@{domain}"


def check_factor(elector: Elector, code: str) -> int | None:
    """Check a one-time code, which is used up by it. None where it is right; else how many attempts are left."""
    with transaction.atomic():
        sent = DoorCode.objects.select_for_update().filter(elector=elector).first()
        if sent is None or sent.expires < datetime.now(UTC) or sent.attempts >= MOST_ATTEMPTS:
            return 0
        if hmac.compare_digest(sent.digest, _keyed(elector, code)):
            sent.delete()
            return None
        sent.attempts += 1
        sent.save()
        return MOST_ATTEMPTS - sent.attempts


def token(credentials: Mapping[str, str]) -> str:
    """What lets somebody cast who has passed the second factor: it names the credentials by their hash alone."""
    return signing.dumps(sorted(_short(uuid, public) for uuid, public in credentials.items()), salt=_SALT)


def lets_in(given: str, uuid: str, credential: str) -> bool:
    """Whether a token is good for a credential of an urn."""
    try:
        return _short(uuid, credential) in signing.loads(given, salt=_SALT, max_age=TOKEN_SECONDS)
    except signing.BadSignature:
        return False


def _short(uuid: str, public: str) -> str:
    return hashlib.sha256(f"{uuid}|{public}".encode()).hexdigest()[:32]


def _keyed(elector: Elector, code: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"door|{elector.pk}|{code}".encode(), "sha256").hexdigest()
