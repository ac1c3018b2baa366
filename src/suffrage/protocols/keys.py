"""Keys of committee members: an Ed25519 key in a file, sealed under a passphrase."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from suffrage.errors import WRONG_USE, Problem, ProtocolError, shown
from suffrage.protocols.canonical import canonical, sha256

FORMAT = "suffrage-key/1"
SHORTEST_PASSPHRASE = 12

# 128 MiB and about a third of a second a guess: RFC 7914 with the cost that OWASP names first.
_COST = {"n": 2**17, "r": 8, "p": 1}
# Eight times that: about three seconds and at most a GiB.
_MOST = 2**23
_CIPHER, _KDF = "chacha20-poly1305", "scrypt"


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What everybody may know of a key: whose it is, and its 32 public bytes in hexadecimal."""

    name: str
    key: str

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the public bytes, in hexadecimal: what people compare."""
        return fingerprint(self.key)


class SigningKey:
    """An opened key. Its secret half is never shown, written or compared."""

    def __init__(self, name: str, secret: Ed25519PrivateKey) -> None:
        self._secret = secret
        self.public = PublicKey(name, secret.public_key().public_bytes_raw().hex())

    def __repr__(self) -> str:
        return f"SigningKey({self.public.name!r}, {self.public.key})"

    def sign(self, data: bytes) -> str:
        """The signature of some bytes, in hexadecimal."""
        return self._secret.sign(data).hex()


def fingerprint(key: str) -> str:
    """The fingerprint of a public key in hexadecimal."""
    return sha256(bytes.fromhex(key))


def new_key(name: str) -> SigningKey:
    """A new key from the randomness of the operating system."""
    return SigningKey(name, Ed25519PrivateKey.generate())


def write_key(key: SigningKey, passphrase: str, path: Path) -> None:
    """Write a key file that only its owner may read. ProtocolError where the file exists or the passphrase is short."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise ProtocolError(
            Problem("passphrase", "too short", expected=f"{SHORTEST_PASSPHRASE} characters or more; a few words do"),
            exit_code=WRONG_USE,
        )
    try:
        key.public.name.encode()
    except UnicodeEncodeError:
        raise ProtocolError(Problem("name", "not text", expected="UTF-8"), exit_code=WRONG_USE) from None
    salt, nonce = os.urandom(16), os.urandom(12)
    head = {
        "format": FORMAT,
        "name": key.public.name,
        "public": key.public.key,
        "kdf": {"name": _KDF, "salt": salt.hex(), **_COST},
        "cipher": {"name": _CIPHER, "nonce": nonce.hex()},
    }
    secret = key._secret.private_bytes_raw()
    # The head is authenticated with the secret, so that nobody can put another name over a key.
    sealed = ChaCha20Poly1305(_derived(passphrase, salt, _COST)).encrypt(nonce, secret, canonical(head))
    text = json.dumps({**head, "sealed": sealed.hex()}, ensure_ascii=False, indent=1) + "\n"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise ProtocolError(
            Problem(str(path), "exists already, and a key is never written over", expected="a new file"),
            exit_code=WRONG_USE,
        ) from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ProtocolError(Problem(str(path), f"cannot be written: {reason}"), exit_code=WRONG_USE) from None
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def show_key(path: Path) -> PublicKey:
    """The public half of a key file; needs no passphrase, and is believed only once the key has been opened."""
    return _public(_head(path))


def open_key(path: Path, passphrase: str) -> SigningKey:
    """Open a key file. ProtocolError where it is malformed, or the passphrase is not the right one."""
    head = _head(path)
    sealed = bytes.fromhex(head.pop("sealed"))
    kdf = head["kdf"]
    derived = _derived(passphrase, bytes.fromhex(kdf["salt"]), {name: kdf[name] for name in _COST})
    try:
        secret = ChaCha20Poly1305(derived).decrypt(bytes.fromhex(head["cipher"]["nonce"]), sealed, canonical(head))
        key = SigningKey(head["name"], Ed25519PrivateKey.from_private_bytes(secret))
    except (InvalidTag, ValueError):
        key = None
    if key is None or key.public != _public(head):
        raise ProtocolError(Problem(str(path), "does not open", expected="the passphrase that it was made with"))
    return key


def _derived(passphrase: str, salt: bytes, cost: Mapping[str, int]) -> bytes:
    try:
        text = passphrase.encode()
    except UnicodeEncodeError:
        raise ProtocolError(Problem("passphrase", "not text", expected="UTF-8"), exit_code=WRONG_USE) from None
    return Scrypt(salt=salt, length=32, n=cost["n"], r=cost["r"], p=cost["p"]).derive(text)


def _public(head: Mapping[str, Any]) -> PublicKey:
    return PublicKey(head["name"], head["public"])


def _head(path: Path) -> dict[str, Any]:
    """A key file as data, everything in it of the right form."""
    try:
        text = path.read_bytes()
    except OSError as error:
        raise ProtocolError.unreadable(str(path), error) from None
    try:
        head = json.loads(text)
        kdf, cipher = head["kdf"], head["cipher"]
        cost = {name: kdf[name] for name in _COST}
        right = (
            head["format"] == FORMAT
            and isinstance(head["name"], str)
            and set(head) == {"format", "name", "public", "kdf", "cipher", "sealed"}
            and (kdf["name"], cipher["name"]) == (_KDF, _CIPHER)
            and all(type(value) is int for value in cost.values())
            # A file from elsewhere must not make this machine compute for ever.
            and 2**14 <= cost["n"] <= 2**20
            and cost["n"].bit_count() == 1
            and 1 <= cost["r"] <= 16
            and 1 <= cost["p"] <= 16
            and cost["n"] * cost["r"] * cost["p"] <= _MOST
            and len(bytes.fromhex(head["public"])) == 32
            and len(bytes.fromhex(cipher["nonce"])) == 12
            and len(bytes.fromhex(head["sealed"])) == 48
            and len(bytes.fromhex(kdf["salt"])) >= 16
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        right = False
    if not right:
        # What stands in the file is not shown: it may be a secret of another kind.
        expected = f"a file made by `suffrage keys new` ({FORMAT})"
        raise ProtocolError(Problem(str(path), "is no key file", expected=expected))
    return dict(head)


def checked_public(text: str, place: str) -> str:
    """A public key in hexadecimal as people give it. ProtocolError where it is none."""
    key = text.replace(" ", "").lower()
    try:
        right = len(bytes.fromhex(key)) == 32 and len(key) == 64
    except ValueError:
        right = False
    if not right:
        raise ProtocolError(Problem(place, "not a public key", shown(text), "64 hexadecimal digits"))
    return key
