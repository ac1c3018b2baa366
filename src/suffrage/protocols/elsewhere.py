"""Signatures made elsewhere: by the holder of a key that this machine never sees, in a browser or with the command."""

from __future__ import annotations

import typing
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from suffrage._core import verify_signatures
from suffrage.election import Election
from suffrage.errors import Problem, ProtocolError, shown
from suffrage.protocols.canonical import sha256
from suffrage.protocols.keys import PublicKey
from suffrage.protocols.roster import Roster, committee_of
from suffrage.protocols.signatures import hexadecimal, holds
from suffrage.protocols.store import Store


class RootSigner(typing.Protocol):
    """Whoever signs for the root key: an opened `SigningKey`, or the signatures that its holder made elsewhere."""

    @property
    def public(self) -> PublicKey:
        """The public half of the root key."""

    def sign(self, data: bytes) -> str:
        """The root key's signature of some bytes, in hexadecimal."""


class UnsignedManifest(ProtocolError):
    """The holder of the root key has yet to sign: `data` are the exact bytes. With their signature it goes on."""

    def __init__(self, data: bytes, public: PublicKey) -> None:
        self.data = data
        self.sha256 = sha256(data)
        expected = f"that of the root key of {shown(public.name)}"
        super().__init__(Problem(f"manifest {self.sha256}", "has no signature yet", "", expected))


@dataclass(frozen=True)
class SignedElsewhere:
    """A root signer that signs nothing itself. `signatures`: what its holder has signed, by the hash of the bytes."""

    public: PublicKey
    signatures: Mapping[str, str] = field(default_factory=dict)

    def sign(self, data: bytes) -> str:
        """The signature of exactly these bytes. UnsignedManifest where there is none, ProtocolError for a wrong one."""
        signature = self.signatures.get(sha256(data))
        if signature is None:
            raise UnsignedManifest(data, self.public)
        if not holds(self.public.key, signature, data):
            raise ProtocolError(
                Problem(f"manifest {sha256(data)}", "the signature does not hold", "", "that of the root key")
            )
        return signature


def with_signatures(
    store: Store, roster: Roster, election: Election, key: str, signatures: Mapping[str, str]
) -> tuple[Store, int]:
    """The store with signatures of one key by the hash of the protocol, made elsewhere, and how many are new.

    All of them or none: ProtocolError names every one that does not hold, is not of a protocol in force, or is of one
    that this key's committees do not answer for.
    """
    in_force = {protocol.sha256: (identity, protocol) for identity, protocol in store.in_force.items()}
    replaced = {protocol.sha256 for protocol in store.replaced}
    problems: list[Problem] = []
    known: list[str] = []
    for sha in signatures:
        if sha not in in_force:
            gone = sha in replaced
            message = "has been replaced by another, which is to be signed" if gone else "is no protocol in force"
            problems.append(Problem(f"protocol {shown(sha, 64)}", message))
        elif key not in committee_of(roster, election, in_force[sha][0].unit):
            problems.append(Problem(str(in_force[sha][0]), "the key is not on its committee", shown(key, 64)))
        else:
            known.append(sha)
    public = hexadecimal(key)
    wrong = verify_signatures([(public, hexadecimal(signatures[sha]), in_force[sha][1].text) for sha in known])
    problems += [Problem(str(in_force[known[place]][0]), "the signature does not hold") for place in wrong]
    if problems:
        raise ProtocolError(problems)
    new = {
        sha: (*store.signatures.get(sha, ()), (key, signatures[sha]))
        for sha in known
        if key not in (name for name, _ in store.signatures.get(sha, ()))
    }
    return replace(store, signatures={**store.signatures, **new}), len(new)
