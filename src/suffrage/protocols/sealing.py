"""Files sealed under a passphrase: scrypt makes the key, ChaCha20-Poly1305 seals, and the head is authenticated too."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from suffrage.errors import WRONG_USE, Problem, ProtocolError
from suffrage.protocols.canonical import canonical

SHORTEST_PASSPHRASE = 12

# 128 MiB and about a third of a second a guess: RFC 7914 with the cost that OWASP names first.
_COST = {"n": 2**17, "r": 8, "p": 1}
# Eight times that: about three seconds and at most a GiB.
_MOST = 2**23
_CIPHER, _KDF = "chacha20-poly1305", "scrypt"
_TAG = 16
_OWN = frozenset({"format", "kdf", "cipher", "sealed"})


@dataclass(frozen=True, slots=True)
class SealedFile:
    """A sealed file taken apart, everything in it of the right form: its head, and the secret, still sealed."""

    head: Mapping[str, Any]
    sealed: bytes


def check_passphrase(passphrase: str) -> None:
    """ProtocolError (exit code 2) where a passphrase for a new file is too short."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise ProtocolError(
            Problem("passphrase", "too short", expected=f"{SHORTEST_PASSPHRASE} characters or more; a few words do"),
            exit_code=WRONG_USE,
        )


def sealed_text(head: Mapping[str, Any], passphrase: str, secret: bytes) -> str:
    """The text of a new file: a head that everybody can read, and a secret. ProtocolError where the passphrase is none.

    The head is authenticated with the secret, so that nobody can put another over it.
    """
    check_passphrase(passphrase)
    nonce = os.urandom(12)
    full = {**head, "kdf": new_kdf(), "cipher": {"name": _CIPHER, "nonce": nonce.hex()}}
    sealed = ChaCha20Poly1305(derived(passphrase, full["kdf"])).encrypt(nonce, secret, canonical(full))
    return json.dumps({**full, "sealed": sealed.hex()}, ensure_ascii=False, indent=1) + "\n"


def parsed(data: bytes, format: str, fields: Collection[str]) -> SealedFile | None:
    """A file of a format, whose head has exactly these fields beside those that open it; None where it is none."""
    try:
        head = json.loads(data)
        cipher = head["cipher"]
        sealed = bytes.fromhex(head["sealed"])
        right = (
            head["format"] == format
            and set(head) == _OWN.union(fields)
            and cipher["name"] == _CIPHER
            and kdf_holds(head["kdf"])
            and len(bytes.fromhex(cipher["nonce"])) == 12
            and len(sealed) >= _TAG
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    if not right:
        return None
    return SealedFile({name: value for name, value in head.items() if name != "sealed"}, sealed)


def unsealed(file: SealedFile, passphrase: str) -> bytes | None:
    """The secret of a file; None where the passphrase is another, or the file was changed."""
    nonce = bytes.fromhex(file.head["cipher"]["nonce"])
    try:
        return ChaCha20Poly1305(derived(passphrase, file.head["kdf"])).decrypt(nonce, file.sealed, canonical(file.head))
    except (InvalidTag, ValueError):
        return None


def new_kdf() -> dict[str, Any]:
    """How a new file makes its key of a passphrase; its salt is its own."""
    return {"name": _KDF, "salt": os.urandom(16).hex(), **_COST}


def kdf_holds(kdf: Any) -> bool:
    """Whether this says how a key is made, at a cost that a machine can bear. KeyError, TypeError, ValueError."""
    cost = {name: kdf[name] for name in _COST}
    return (
        kdf["name"] == _KDF
        and all(type(value) is int for value in cost.values())
        # A file from elsewhere must not make this machine compute for ever.
        and 2**14 <= cost["n"] <= 2**20
        and cost["n"].bit_count() == 1
        and 1 <= cost["r"] <= 16
        and 1 <= cost["p"] <= 16
        and cost["n"] * cost["r"] * cost["p"] <= _MOST
        and len(bytes.fromhex(kdf["salt"])) >= 16
    )


def derived(passphrase: str, kdf: Mapping[str, Any]) -> bytes:
    """The 32 bytes of the key that a passphrase makes. ProtocolError (exit code 2) where it is no text."""
    return _derived(passphrase, bytes.fromhex(kdf["salt"]), {name: kdf[name] for name in _COST})


def _derived(passphrase: str, salt: bytes, cost: Mapping[str, int]) -> bytes:
    try:
        text = passphrase.encode()
    except UnicodeEncodeError:
        raise ProtocolError(Problem("passphrase", "not text", expected="UTF-8"), exit_code=WRONG_USE) from None
    return Scrypt(salt=salt, length=32, n=cost["n"], r=cost["r"], p=cost["p"]).derive(text)
