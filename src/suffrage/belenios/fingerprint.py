"""Fingerprints: what people compare of a list, an election or a ballot."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The SHA-256 of some bytes. Of a ballot it is the tracking number."""

    digest: bytes

    @classmethod
    def of(cls, data: bytes) -> Fingerprint:
        """The fingerprint of some bytes."""
        return cls(hashlib.sha256(data).digest())

    @property
    def hex(self) -> str:
        """In hexadecimal, as archives hold it."""
        return self.digest.hex()

    @property
    def compact(self) -> str:
        """In Base64 without padding, as the official tool shows it to people."""
        return base64.b64encode(self.digest).decode("ascii").rstrip("=")

    def __str__(self) -> str:
        return self.compact
