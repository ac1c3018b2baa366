"""A stream of any length sealed under a passphrase, in flat memory: what was changed, moved or cut off is named.

A line of JSON that everybody may read says what the file is and how its key is made; the next line authenticates it.
Then come pieces of one size, each sealed with ChaCha20-Poly1305 under its number and whether it is the last.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from suffrage.errors import Problem, ProtocolError
from suffrage.protocols.canonical import canonical
from suffrage.protocols.sealing import check_passphrase, derived, kdf_holds, new_kdf

PIECE = 1 << 20
_TAG = 16
_CIPHER = "chacha20-poly1305-pieces"
_LONGEST_HEAD = 1 << 16


class Sealer:
    """Seals what is written to it. Without `finish` the file is one that was cut off."""

    def __init__(self, file: BinaryIO, head: Mapping[str, Any], passphrase: str) -> None:
        check_passphrase(passphrase)
        full = {**head, "kdf": new_kdf(), "cipher": {"name": _CIPHER, "piece": PIECE}}
        line = canonical(full)
        self._pieces = _Pieces(derived(passphrase, full["kdf"]), line)
        self._file = file
        self._waiting = bytearray()
        file.write(line + b"\n" + self._pieces.seal_of_head.encode() + b"\n")

    def write(self, data: bytes) -> int:
        """Seal more."""
        self._waiting += data
        # A full piece waits until more comes: it may be the last.
        while len(self._waiting) > PIECE:
            self._file.write(self._pieces.sealed(bytes(self._waiting[:PIECE]), last=False))
            del self._waiting[:PIECE]
        return len(data)

    def finish(self) -> None:
        """Seal the rest. Nothing can follow."""
        self._file.write(self._pieces.sealed(bytes(self._waiting), last=True))
        self._waiting.clear()


class Opener:
    """Opens a sealed stream. ProtocolError, which names the place in the file, for the first thing that does not hold.

    Whatever was read before an error was authentic, but is not all: act on nothing of it before `finish`.
    """

    def __init__(self, file: BinaryIO, place: str, format: str, passphrase: str) -> None:
        self._file, self._place = file, place
        line, seal = file.readline(_LONGEST_HEAD).rstrip(b"\n"), file.readline(_LONGEST_HEAD)
        self._at = file.tell()
        head = _head(line, format)
        if head is None:
            raise ProtocolError(Problem(place, "does not begin as such a file does", expected=format))
        self.head: Mapping[str, Any] = head
        self._pieces = _Pieces(derived(passphrase, head["kdf"]), line)
        if not hmac.compare_digest(seal, self._pieces.seal_of_head.encode() + b"\n"):
            raise ProtocolError(
                Problem(
                    f"{place}, bytes 0 to {self._at}",
                    "the passphrase is another one, or the head of the file was changed",
                    expected="the passphrase that the file was made with",
                )
            )
        self._open = bytearray()
        self._next = file.read(PIECE + _TAG)
        self._ended = False

    @property
    def done(self) -> int:
        """How many bytes of the file were opened."""
        return self._at

    def read(self, size: int) -> bytes:
        """So many bytes, or fewer at the end."""
        while len(self._open) < size and not self._ended:
            self._open += self._piece()
        data = bytes(self._open[:size])
        del self._open[:size]
        return data

    def finish(self) -> None:
        """Read to the end: only then is it known that the file is whole."""
        while self.read(PIECE):
            pass

    def _piece(self) -> bytes:
        piece, self._next = self._next, self._file.read(PIECE + _TAG)
        last = not self._next
        opened = self._pieces.opened(piece, last)
        if opened is None:
            raise ProtocolError(self._broken(piece, last))
        self._at += len(piece)
        self._pieces.number += 1
        self._ended = last
        return opened

    def _broken(self, piece: bytes, last: bool) -> Problem:
        end = self._at + len(piece)
        if self._pieces.opened(piece, not last) is None:
            message = "were changed" + (", or the file is cut off there" if last else "")
            return Problem(f"{self._place}, bytes {self._at} to {end}", message)
        if last:
            return Problem(self._place, f"is cut off after {end} bytes")
        return Problem(self._place, f"something was added after {end} bytes, where the file ended")


class _Pieces:
    def __init__(self, key: bytes, line: bytes) -> None:
        self.seal_of_head = hmac.new(_part(key, b"head"), line, hashlib.sha256).hexdigest()
        self.number = 0
        self._cipher = ChaCha20Poly1305(_part(key, b"pieces"))
        self._head = hashlib.sha256(line).digest()

    def sealed(self, piece: bytes, last: bool) -> bytes:
        sealed = self._cipher.encrypt(self._nonce(last), piece, self._head)
        self.number += 1
        return sealed

    def opened(self, piece: bytes, last: bool) -> bytes | None:
        try:
            return self._cipher.decrypt(self._nonce(last), piece, self._head)
        except (InvalidTag, ValueError):
            return None

    def _nonce(self, last: bool) -> bytes:
        # The key is the file's own, by its salt: no nonce is used twice.
        return self.number.to_bytes(11, "big") + bytes([last])


def _part(key: bytes, name: bytes) -> bytes:
    return hmac.new(key, b"suffrage-sealed-stream|" + name, hashlib.sha256).digest()


def _head(line: bytes, format: str) -> Mapping[str, Any] | None:
    """The head of a file of a format; None where it is none."""
    try:
        head = json.loads(line)
        right = (
            head["format"] == format and head["cipher"] == {"name": _CIPHER, "piece": PIECE} and kdf_holds(head["kdf"])
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return head if right and isinstance(head, dict) else None
