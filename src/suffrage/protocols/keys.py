"""Keys of committee members: an Ed25519 key in a file, sealed under a passphrase."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from suffrage.errors import WRONG_USE, Problem, ProtocolError, shown
from suffrage.protocols.canonical import sha256
from suffrage.protocols.sealing import SealedFile, check_passphrase, parsed, sealed_text, unsealed

FORMAT = "suffrage-key/1"
# The secret half of a key and the tag that authenticates it.
_SEALED = 48


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
    check_passphrase(passphrase)
    try:
        key.public.name.encode()
    except UnicodeEncodeError:
        raise ProtocolError(Problem("name", "not text", expected="UTF-8"), exit_code=WRONG_USE) from None
    head = {"format": FORMAT, "name": key.public.name, "public": key.public.key}
    text = sealed_text(head, passphrase, key._secret.private_bytes_raw())
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
    return _public(_read(path))


def open_key(path: Path, passphrase: str) -> SigningKey:
    """Open a key file. ProtocolError where it is malformed, or the passphrase is not the right one."""
    file = _read(path)
    secret = unsealed(file, passphrase)
    key = None if secret is None else SigningKey(file.head["name"], Ed25519PrivateKey.from_private_bytes(secret))
    if key is None or key.public != _public(file):
        raise ProtocolError(Problem(str(path), "does not open", expected="the passphrase that it was made with"))
    return key


def _public(file: SealedFile) -> PublicKey:
    return PublicKey(file.head["name"], file.head["public"])


def _read(path: Path) -> SealedFile:
    """A key file taken apart, everything in it of the right form."""
    try:
        text = path.read_bytes()
    except OSError as error:
        raise ProtocolError.unreadable(str(path), error) from None
    file = parsed(text, FORMAT, ("name", "public"))
    try:
        right = (
            file is not None
            and isinstance(file.head["name"], str)
            and len(bytes.fromhex(file.head["public"])) == 32
            and len(file.sealed) == _SEALED
        )
    except (ValueError, TypeError):
        right = False
    if file is None or not right:
        # What stands in the file is not shown: it may be a secret of another kind.
        expected = f"a file made by `suffrage keys new` ({FORMAT})"
        raise ProtocolError(Problem(str(path), "is no key file", expected=expected))
    return file


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
