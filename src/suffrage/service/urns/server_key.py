"""The server's key of an urn: its own for each, in a file that only the service can read. Lost key, lost urn."""

from __future__ import annotations

import json
import os
from pathlib import Path

from suffrage import _core
from suffrage.belenios.files import Output, read_secret, write_new
from suffrage.belenios.refusal import about
from suffrage.belenios.urn import open_urn
from suffrage.service import folders

NAME = "Server"


def make(uuid: str) -> bytes:
    """Make the key of an urn; gives what is published of it. BeleniosError where there is one already."""
    seed, public = _core.new_trustee(NAME)
    put(uuid, seed)
    return public


def put(uuid: str, seed: str) -> None:
    """Lay the key of an urn in its place. BeleniosError where there is one already."""
    write_new([Output(path_of(uuid), seed.encode() + b"\n", secret=True)])


def belongs(uuid: str, seed: str) -> bool:
    """Whether a key is that of the urn: it decrypts for the server, shown on a tally of the election's own key."""
    archive = open_urn(folders.urns() / f"{uuid}.bel")
    pair = {"alpha": archive.election.public_key, "beta": archive.election.public_key}
    tally = json.dumps([[pair] * question.choices for question in archive.questions], separators=(",", ":"))
    try:
        owner, _ = _core.partial_decryption(archive.text, archive.trustees_text, tally.encode(), seed)
    except _core.BeleniosError:
        return False
    return owner == 1


def path_of(uuid: str) -> Path:
    """Where the key of an urn lies."""
    return folders.keys() / f"{uuid}.privkey"


def partial(uuid: str, election: bytes, trustees: bytes, tally: bytes) -> tuple[int, bytes]:
    """The server's part of a decryption: the number of its trustee, and the record."""
    path = path_of(uuid)
    seed = read_secret(path)
    with about(path):
        return _core.partial_decryption(election, trustees, tally, seed)


def remove(uuid: str) -> None:
    """Remove the key of an urn that was not made after all."""
    path = path_of(uuid)
    if path.exists():
        os.chmod(path, 0o600)
        path.unlink()
