"""The officials of the demonstration: accounts, trustees with their keys, committee members with theirs."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.contrib.auth.models import User

from suffrage import _core
from suffrage.belenios.credentials import BASE58
from suffrage.belenios.urn import open_urn
from suffrage.protocols.keys import SigningKey, new_key
from suffrage.service.acts import officials, opening, rehearsal, results, trustees
from suffrage.service.models import Election, Role

SECRETARY = "Secretary A. Lind"
COMMITTEE = (("Chair B. Sokolova", "chair"), ("C. Meyer", "secretary"), ("D. Haddad", "member"))
TRUSTEES = ("T. Ivanov", "U. Laurent", "V. Okafor")
OBSERVER = "Observer W. Novak"


@dataclass(frozen=True)
class Person:
    """Somebody with an account. The password is made for this demonstration alone."""

    name: str
    user: User
    password: str = field(repr=False)


def person(name: str) -> Person:
    """A new account; the address is made of the name."""
    local = "".join(letter for letter in name.lower().replace(" ", ".") if letter.isalnum() or letter == ".")
    password = "".join(secrets.choice(BASE58) for _ in range(14))
    return Person(name, officials.account(f"{local.replace('..', '.')}@riverside.example", password), password)


@dataclass(frozen=True)
class TrusteeKey:
    """A trustee, who keeps the seed of the key."""

    person: Person
    seed: str = field(repr=False)


@dataclass(frozen=True)
class Committee:
    """The members of the committee with their signing keys; the first of them is the chair."""

    members: Mapping[str, tuple[Person, SigningKey]]

    @property
    def chair(self) -> Person:
        """Who holds the root key."""
        return next(iter(self.members.values()))[0]


def committee(election: Election, secretary: User, people: list[Person]) -> Committee:
    """The committee comes together: every member makes a key and registers it, the chair signs the roster."""
    members = {}
    for (name, office), one in zip(COMMITTEE, people, strict=True):
        officials.join(secretary, election, one.user, name, Role.COMMITTEE, office)
        key = new_key(name)
        proof = key.sign(f"{officials.PROOF}|{key.public.key}|{name}".encode())
        officials.register_key(one.user, election, key.public.key, proof)
        members[name] = one, key
    made = Committee(members)
    officials.draw_roster(secretary, election)
    election.refresh_from_db()
    sign_everything(election, made)
    return made


def sign_everything(election: Election, of: Committee) -> int:
    """Every member signs what waits for the own key; gives how many signatures were made."""
    made = 0
    for one, key in of.members.values():
        election.refresh_from_db()
        waiting = [d for d in results.documents_for(election, key.public.key) if not d.signed]
        if waiting:
            signatures = {document.sha256: key.sign(document.text) for document in waiting}
            made += results.sign(one.user, election, key.public.key, signatures)
    return made


def trustee_keys(election: Election, secretary: User, people: list[Person]) -> list[TrusteeKey]:
    """The trustees hold their ceremony: the three steps of each, in turn."""
    for one in people:
        officials.join(secretary, election, one.user, one.name, Role.TRUSTEE)
    ceremony = officials.begin_ceremony(secretary, election)
    context = ceremony.context.encode()
    keys = []
    for index, one in enumerate(people, 1):
        seed, certificate = _core.pedersen_certificate(context, index)
        trustees.submit(one.user, election, "certificate", certificate.decode())
        keys.append(TrusteeKey(one, seed))
    certificates = [trustee.certificate.encode() for trustee in trustees.trustees_of(election)]
    for key in keys:
        polynomial = _core.pedersen_polynomial(context, certificates, key.seed)
        trustees.submit(key.person.user, election, "polynomial", polynomial.decode())
    for key, trustee in zip(keys, trustees.trustees_of(election), strict=True):
        share = _core.pedersen_share(context, certificates, key.seed, trustee.vinput.encode())
        trustees.submit(key.person.user, election, "share", share.decode())
    return keys


def rehearse(election: Election, secretary: User, keys: list[TrusteeKey]) -> None:
    """The trustees rehearse the opening, as many as are needed."""
    urn = rehearsal.begin(secretary, election)
    for key in keys[: election.threshold]:
        owner, part = partial(election, key, urn.uuid)
        rehearsal.take_partial(key.person.user, election, urn.uuid, owner, part)


def open_urns(election: Election, keys: list[TrusteeKey], ballot: int) -> None:
    """The trustees turn their keys, as many as are needed, in every closed urn of a ballot that waits for them."""
    for key in keys[: election.threshold]:
        for urn in election.urns.filter(ballot=ballot, closed=True, decrypted=False):
            if opening.waits_for_decision(urn):
                continue
            owner, part = partial(election, key, urn.uuid)
            opening.take_partial(key.person.user, election, urn.uuid, owner, part)


def partial(election: Election, key: TrusteeKey, uuid: str) -> tuple[int, str]:
    """A trustee's part of a decryption, made where the key is."""
    archive = open_urn(opening.path_of(uuid))
    tally, _ = opening.tally_of(archive)
    mine = election.trustees.get(membership__user=key.person.user)
    share = mine.decryption_key.encode() or None
    owner, part = _core.partial_decryption(archive.text, archive.trustees_text, tally, key.seed, share)
    return owner, part.decode()
