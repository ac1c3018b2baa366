"""From opened urns to what is published: the protocols are drawn, signed by the committee, and published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from suffrage.audit import verify_bundle
from suffrage.count import ElectionCount
from suffrage.count.folder import count_folder
from suffrage.errors import Problem, ServiceError
from suffrage.outputs import whole_folder
from suffrage.protocols.canonical import sha256
from suffrage.protocols.elsewhere import SignedElsewhere, UnsignedManifest, with_signatures
from suffrage.protocols.folder import counted_for_protocols, drawn, roster_of
from suffrage.protocols.keys import PublicKey
from suffrage.protocols.publish import BUNDLE, OUTPUTS, publish
from suffrage.protocols.published import Identity, Signer
from suffrage.protocols.record import Protocol
from suffrage.protocols.roster import committee_of, lacking
from suffrage.protocols.store import Store, read_store, redrawn, write_store
from suffrage.service import folders
from suffrage.service.acts.jobs import LongAct, Tell, takes_long
from suffrage.service.acts.officials import sign_roster
from suffrage.service.acts.permission import MANAGERS, refused, require
from suffrage.service.export import as_model, write_export
from suffrage.service.log import record
from suffrage.service.models import Election, Poll, Role, Stage
from suffrage.service.naming import protocol_names
from suffrage.words import plural


@dataclass(frozen=True, slots=True)
class Document:
    """Something that a committee member is to sign, as bytes of text. `kind`: protocol, roster or manifest."""

    kind: str
    title: str
    text: bytes
    signed: bool

    @property
    def sha256(self) -> str:
        """Its hash."""
        return sha256(self.text)


def last_poll(election: Election) -> Poll:
    """The poll whose results are the last there are. ServiceError where none is over, with its urns opened."""
    poll = election.polls.filter(stage__in=[Stage.DECRYPTED, Stage.PUBLISHED]).order_by("-ballot").first()
    if poll is None:
        raise refused("results", "there are none yet", "", "urns that were opened")
    return poll


def unpublish(election: Election) -> None:
    """What was published or prepared stays as it was, but is not the last word: it is drawn and signed anew."""
    last = election.polls.filter(stage__in=[Stage.DECRYPTED, Stage.PUBLISHED]).order_by("-ballot").first()
    if last is not None:
        Poll.objects.filter(pk=last.pk).update(stage=Stage.DECRYPTED, manifest=b"", manifest_signature="")


def counted(election: Election) -> ElectionCount:
    """The count of the export, as anybody can make it."""
    last_poll(election)
    return count_folder(write_export(election))


def draw(by: AbstractBaseUser, election: Election) -> Store:
    """Count the export, and draw the protocol of every committee into its folder. Nothing signed is changed."""
    require(by, election, *MANAGERS)
    poll = last_poll(election)
    with transaction.atomic():
        Election.objects.select_for_update().get(pk=election.pk)
        folder = write_export(election)
        store = read_store(folder) or Store()
        fresh = redrawn(store, drawn(counted_for_protocols(folder), folder, store.signed()))
        write_store(fresh, folder)
        Poll.objects.filter(pk=poll.pk).update(manifest=b"", manifest_signature="")
        record(by, "draw the protocols", election, protocols=[p.sha256 for p in fresh.in_force.values()])
    return fresh


def protocols_of(election: Election) -> Store | None:
    """The protocols of an election; None where none are drawn."""
    return read_store(folders.election_folder(election.slug))


def documents_for(election: Election, key: str) -> list[Document]:
    """What the holder of a key is to sign, or has signed: protocols, and as the chair the roster and the manifest."""
    found = []
    chair = bool(key) and key == election.root_key
    if election.roster and chair:
        found.append(
            Document("roster", "Roster of the committee", bytes(election.roster), bool(election.roster_signature))
        )
    store = protocols_of(election) if election.roster_signature else None
    if store is not None:
        roster, _, _ = roster_of(folders.election_folder(election.slug))
        model, names = as_model(election), protocol_names(election)
        for identity, protocol in store.in_force.items():
            if key in committee_of(roster, model, identity.unit):
                signed = key in (name for name, _ in store.signatures.get(protocol.sha256, ()))
                found.append(Document("protocol", names.sentence(identity), protocol.text, signed))
    if chair:
        for poll in election.polls.exclude(manifest=b""):
            title = f"What is published of the {'first' if poll.ballot == 1 else 'second'} ballot"
            found.append(Document("manifest", title, bytes(poll.manifest), bool(poll.manifest_signature)))
    return found


def lacks_of(election: Election) -> dict[Identity, str]:
    """What each protocol in force lacks to be signed as the law says; only those that lack something."""
    store = protocols_of(election)
    if store is None:
        return {}
    if not election.roster_signature:
        return dict.fromkeys(store.in_force, "the roster of the committee is not signed yet")
    roster, _, statute = roster_of(folders.election_folder(election.slug))
    model = as_model(election)
    found = {
        identity: lacking(
            statute,
            roster.kind,
            committee_of(roster, model, identity.unit),
            [key for key, _ in store.signatures.get(protocol.sha256, ())],
        )
        for identity, protocol in store.in_force.items()
    }
    return {identity: what for identity, what in found.items() if what}


def missing_signatures(election: Election) -> list[str]:
    """Which protocols in force lack signatures, in sentences; one sentence where none are drawn."""
    if protocols_of(election) is None:
        return ["No protocols are drawn yet."]
    names = protocol_names(election)
    return [f"{names.sentence(identity)}: {what}" for identity, what in lacks_of(election).items()]


def sign(by: AbstractBaseUser, election: Election, key: str, signatures: Mapping[str, str]) -> int:
    """Take signatures that a member made of documents, by their hash. All of them, or none; gives how many are new."""
    require(by, election, Role.COMMITTEE)
    mine = election.memberships.get(user_id=by.pk, role=Role.COMMITTEE)
    if not key or mine.key != key:
        raise refused("signature", "is of another key than yours", key[:64], "the key that you registered")
    with transaction.atomic():
        # One after the other: who signs at the same moment adds to what the first has written.
        election = Election.objects.select_for_update().get(pk=election.pk)
        documents = {document.sha256: document for document in documents_for(election, key)}
        if strangers := set(signatures) - set(documents):
            raise refused("signature", "of something that is not for you to sign (any more)", next(iter(strangers)))
        new = 0
        protocols = {sha: made for sha, made in signatures.items() if documents[sha].kind == "protocol"}
        for sha, made in signatures.items():
            if documents[sha].kind == "roster" and not documents[sha].signed:
                sign_roster(by, election, made)
                write_export(election)
                new += 1
            elif documents[sha].kind == "manifest" and not documents[sha].signed:
                _sign_manifest(by, election, sha, made)
                new += 1
        if protocols:
            new += _sign_protocols(by, election, key, protocols)
    return new


def _sign_protocols(by: AbstractBaseUser, election: Election, key: str, signatures: Mapping[str, str]) -> int:
    folder = folders.election_folder(election.slug)
    store = read_store(folder) or Store()
    roster, _, _ = roster_of(folder)
    signed, new = with_signatures(store, roster, as_model(election), key, signatures)
    write_store(signed, folder)
    record(by, "sign protocols", election, protocols=sorted(signatures), key=key)
    return new


def _sign_manifest(by: AbstractBaseUser, election: Election, sha: str, signature: str) -> None:
    poll = next(poll for poll in election.polls.exclude(manifest=b"") if sha256(bytes(poll.manifest)) == sha)
    SignedElsewhere(_root(election), {sha: signature}).sign(bytes(poll.manifest))
    Poll.objects.filter(pk=poll.pk).update(manifest_signature=signature)
    record(by, "sign the manifest", election, ballot=poll.ballot, manifest=sha)


def _root(election: Election) -> PublicKey:
    chair = election.memberships.get(role=Role.COMMITTEE, office="chair")
    return PublicKey(chair.name, election.root_key)


def prepare_publication(by: AbstractBaseUser, election: Election, tell: Tell = lambda now: None) -> str:
    """Make everything that is published, up to the manifest that the chair has to sign; gives its hash."""
    require(by, election, *MANAGERS)
    _check_signed(election)
    poll = last_poll(election)
    try:
        with whole_folder(_workshop(election), OUTPUTS) as out:
            publish(write_export(election), out, SignedElsewhere(_root(election)), tell=tell)
    except UnsignedManifest as waiting:
        with transaction.atomic():
            Poll.objects.filter(pk=poll.pk).update(manifest=waiting.data, manifest_signature="")
            record(by, "prepare the publication", election, ballot=poll.ballot, manifest=waiting.sha256)
        return waiting.sha256
    raise refused("publication", "nothing was left to sign")


def publish_results(by: AbstractBaseUser | None, election: Election, tell: Tell = lambda now: None) -> Path:
    """Publish with the chair's signature: the bundle is verified from the sealed ballots up before it is in place."""
    if by is not None:
        require(by, election, *MANAGERS)
    _check_manifest(election)
    poll = last_poll(election)
    manifest = bytes(poll.manifest)
    signer = SignedElsewhere(_root(election), {sha256(manifest): poll.manifest_signature})
    out = folders.published(election.slug)
    try:
        with whole_folder(out, OUTPUTS) as made:
            published = publish(write_export(election), made, signer, tell=tell)
            tell("verifying the bundle")
            report = verify_bundle(made / BUNDLE, published.root)
            if not report.holds:
                raise ServiceError([Problem("bundle", str(failure)) for failure in report.failures[:20]])
    except UnsignedManifest:
        raise refused("publication", "has changed since the chair signed", "", "preparing it again") from None
    with transaction.atomic():
        Poll.objects.filter(pk=poll.pk).update(stage=Stage.PUBLISHED)
        record(by, "publish the results", election, ballot=poll.ballot, root=published.root)
    return out


def _workshop(election: Election) -> Path:
    return folders.data() / "workshop" / election.slug


def _drawn(by: AbstractBaseUser, election: Election, tell: Tell) -> str:
    tell("counting, and drawing the protocols")
    number = len(draw(by, election).in_force)
    return f"{plural(number, 'protocol')} drawn. The members sign on their page My signatures."


def _prepared(by: AbstractBaseUser, election: Election, tell: Tell) -> str:
    prepare_publication(by, election, tell)
    return "The publication is prepared. The chair signs its manifest on the page My signatures."


def _published(by: AbstractBaseUser, election: Election, tell: Tell) -> str:
    publish_results(by, election, tell)
    return "Verified from the sealed ballots up, and published."


def _check_counted(election: Election) -> None:
    last_poll(election)


def _check_signed(election: Election) -> None:
    last_poll(election)
    if missing := missing_signatures(election):
        raise ServiceError([Problem("publication", line) for line in missing])


def _check_manifest(election: Election) -> None:
    if not last_poll(election).manifest_signature:
        raise refused("publication", "the chair has not signed the manifest yet")


DRAW = takes_long(LongAct("draw", "Draw the protocols", MANAGERS, _drawn, _check_counted))
PREPARE = takes_long(LongAct("prepare", "Prepare the publication", MANAGERS, _prepared, _check_signed))
PUBLISH = takes_long(LongAct("publish", "Publish the results", MANAGERS, _published, _check_manifest))


def protocol_of(election: Election, sha: str) -> Protocol:
    """A protocol in force by its hash. ServiceError where there is none."""
    store = protocols_of(election)
    found = next((p for p in store.in_force.values() if p.sha256 == sha), None) if store else None
    if found is None:
        raise refused("protocol", "is none in force", sha[:64])
    return found


def signers_of(election: Election, protocol: Protocol) -> list[Signer]:
    """Who has signed a protocol in force."""
    store = protocols_of(election)
    roster, _, _ = roster_of(folders.election_folder(election.slug))
    committee = committee_of(roster, as_model(election), protocol.identity.unit)
    keys = store.signatures.get(protocol.sha256, ()) if store else ()
    return [committee[key] for key, _ in keys if key in committee]
