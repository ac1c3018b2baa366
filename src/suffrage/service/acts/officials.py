"""Officials: the secretary invites them; who comes makes an account, and has that role in this election alone."""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser, User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from suffrage.protocols.roster import ROLES, roster_text
from suffrage.protocols.signatures import holds
from suffrage.service import mailing
from suffrage.service.acts.permission import MANAGERS, refused, require
from suffrage.service.acts.trustees import new_context
from suffrage.service.export import as_model
from suffrage.service.log import record
from suffrage.service.models import Ceremony, Election, Invitation, Membership, Role, Trustee

VALID = timedelta(days=14)


def account(email: str, password: str) -> User:
    """An account of an official; ServiceError where address or password will not do."""
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise refused("e-mail", "is no address", email, "name@example.org") from None
    if get_user_model().objects.filter(username=email).exists():
        raise refused("e-mail", "has an account already", email, "signing in with it")
    made = User(username=email, email=email)
    try:
        validate_password(password, made)
    except ValidationError as error:
        raise refused("password", "will not do", "", " ".join(error.messages)) from None
    made.set_password(password)
    made.save()
    return made


def invite(
    by: AbstractBaseUser, election: Election, name: str, email: str, role: str, office: str = ""
) -> tuple[Invitation, str]:
    """Ask somebody in: a mail with a link is queued. Gives the link too, for where mail does not go."""
    require(by, election, *MANAGERS)
    if role not in Role.values:
        raise refused("role", "is none", role, ", ".join(Role.values))
    if (role == Role.COMMITTEE) != bool(office) or (office and office not in ROLES):
        raise refused(
            "office", "does not fit the role", office, f"of a committee member, and only there: {', '.join(ROLES)}"
        )
    if not name.strip() or not name.isprintable():
        raise refused("name", "is missing", name, "as it shall stand on the protocols")
    try:
        validate_email(email)
    except ValidationError:
        raise refused("e-mail", "is no address", email, "name@example.org") from None
    if role == Role.TRUSTEE and Ceremony.objects.filter(election=election).exists():
        raise refused("trustees", "are making their key already", "", "trustees before the ceremony")
    token = secrets.token_urlsafe(24)
    with transaction.atomic():
        taken = [*election.memberships.filter(role=role).values_list("name", flat=True)]
        taken += election.invitations.filter(role=role, accepted=False).values_list("name", flat=True)
        if name.strip() in taken:
            raise refused("name", "stands there already in this role", name, "another name")
        invitation = Invitation.objects.create(
            election=election,
            name=name.strip(),
            email=email.strip().lower(),
            role=role,
            office=office,
            token_sha256=_hash(token),
            expires=datetime.now(UTC) + VALID,
        )
        # The token stands behind the #, which a browser sends to no server and writes into no log.
        link = f"{settings.PUBLIC_URL}/invitation/#{token}"
        mailing.queue_invitation(invitation, link)
        record(by, "invite", election, name=name.strip(), role=role, office=office)
    return invitation, link


def invitation_of(token: str) -> Invitation:
    """The invitation of a link. ServiceError where there is none, or it was used, or is too old."""
    found = Invitation.objects.select_related("election").filter(token_sha256=_hash(token)).first()
    if found is None or found.accepted or found.expires < datetime.now(UTC):
        raise refused("invitation", "is not valid (any more)", "", "a new one from the secretary")
    return found


def accept(token: str, user: AbstractBaseUser) -> Membership:
    """Take up an invitation with an account."""
    with transaction.atomic():
        invitation = invitation_of(token)
        changed = Invitation.objects.filter(pk=invitation.pk, accepted=False).update(accepted=True)
        if not changed:
            raise refused("invitation", "was used already")
        return _join(user, invitation.election, invitation.name, invitation.role, invitation.office)


def join(
    by: AbstractBaseUser, election: Election, user: AbstractBaseUser, name: str, role: str, office: str = ""
) -> Membership:
    """Give somebody who has an account a role at once."""
    require(by, election, *MANAGERS)
    return _join(user, election, name, role, office)


def _join(user: AbstractBaseUser, election: Election, name: str, role: str, office: str) -> Membership:
    if Membership.objects.filter(election=election, user_id=user.pk, role=role).exists():
        raise refused("role", "is this account's already", role)
    member = Membership.objects.create(election=election, user_id=user.pk, role=role, name=name, office=office)
    record(user, "take up a role", election, name=name, role=role, office=office)
    return member


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


PROOF = "suffrage-key-proof"


def register_key(by: AbstractBaseUser, election: Election, key: str, proof: str) -> None:
    """Register the public half of a committee member's signing key, with the proof that its holder has the other."""
    require(by, election, Role.COMMITTEE)
    member = Membership.objects.get(election=election, user_id=by.pk, role=Role.COMMITTEE)
    if not holds(key, proof, f"{PROOF}|{key}|{member.name}".encode()):
        raise refused("key", "was not proved", "", "a signature made with its secret half")
    if election.memberships.filter(key=key).exclude(pk=member.pk).exists():
        raise refused("key", "is another member's already", "", "a key of one's own")
    if election.roster_signature and member.key:
        raise refused("key", "stands on the signed roster", "", "a decision of the committee")
    with transaction.atomic():
        Membership.objects.filter(pk=member.pk).update(key=key)
        # A roster that was drawn but not signed would not have the new key.
        Election.objects.filter(pk=election.pk, roster_signature="").update(roster=b"", root_key="")
        record(by, "register a key", election, name=member.name, key=key)


def draw_roster(by: AbstractBaseUser, election: Election) -> bytes:
    """Draw the roster of the committee, for its chair to sign: the chair's key is the root of all signatures."""
    require(by, election, *MANAGERS)
    if election.roster_signature:
        raise refused("roster", "is signed already")
    members = list(election.memberships.filter(role=Role.COMMITTEE))
    chairs = [member for member in members if member.office == "chair"]
    if len(chairs) != 1:
        raise refused("committee", "needs one chair", len(chairs), "one")
    waiting = election.invitations.filter(role=Role.COMMITTEE, accepted=False, expires__gt=datetime.now(UTC))
    if missing := [m.name for m in members if not m.key] + [i.name for i in waiting]:
        raise refused("committee", "members without a key", ", ".join(missing), "the key of each of them")
    text = roster_text(as_model(election), chairs[0].key, {"": [(m.name, m.office, m.key) for m in members]})
    with transaction.atomic():
        Election.objects.filter(pk=election.pk).update(roster=text, root_key=chairs[0].key)
        election.roster, election.root_key = text, chairs[0].key
        record(by, "draw the roster", election, members=[m.name for m in members], root=chairs[0].key)
    return text


def sign_roster(by: AbstractBaseUser, election: Election, signature: str) -> None:
    """The chair's signature of the roster."""
    require(by, election, Role.COMMITTEE)
    if not election.roster or not holds(election.root_key, signature, bytes(election.roster)):
        raise refused("roster", "this is not the root key's signature of it")
    with transaction.atomic():
        Election.objects.filter(pk=election.pk).update(roster_signature=signature)
        election.roster_signature = signature
        record(by, "sign the roster", election)


def begin_ceremony(by: AbstractBaseUser, election: Election) -> Ceremony:
    """Begin the trustees' key ceremony with those who have come: their places are fixed from then on."""
    require(by, election, *MANAGERS)
    members = list(election.memberships.filter(role=Role.TRUSTEE))
    if Ceremony.objects.filter(election=election).exists():
        raise refused("ceremony", "has begun already")
    if not 1 <= election.threshold <= len(members):
        raise refused("trustees", "are too few", len(members), f"{election.threshold} are needed to open an urn")
    waiting = election.invitations.filter(role=Role.TRUSTEE, accepted=False, expires__gt=datetime.now(UTC))
    if waiting.exists():
        raise refused(
            "trustees", "not all have come", ", ".join(i.name for i in waiting), "all of them, or fewer invited"
        )
    with transaction.atomic():
        ceremony = Ceremony.objects.create(election=election, context=new_context(election, members))
        for index, member in enumerate(members, 1):
            Trustee.objects.create(election=election, membership=member, index=index)
        record(by, "begin the key ceremony", election, trustees=[m.name for m in members], needed=election.threshold)
    return ceremony


def withdraw_invitation(by: AbstractBaseUser, invitation: Invitation) -> None:
    """Take back an invitation that nobody has taken up."""
    require(by, invitation.election, *MANAGERS)
    with transaction.atomic():
        if invitation.accepted:
            raise refused("invitation", "was taken up already")
        record(by, "withdraw an invitation", invitation.election, name=invitation.name, role=invitation.role)
        invitation.delete()
