"""Which credentials have cast a ballot in an archive: read in one pass, without looking into the proofs."""

from __future__ import annotations

import mmap
import re
from pathlib import Path

# How a ballot begins, to the byte (specification, section "Ballots"): nothing else in an archive looks like it.
_BALLOT = re.compile(
    rb'\{"message":\{"election_uuid":"\w+","election_hash":"[0-9a-f]{64}","credential":"([0-9a-f]{64})"'
)


def voted_in(archive: Path) -> tuple[set[str], int]:
    """The public credentials with a ballot in an archive, and how many ballots there are. OSError."""
    voted: set[str] = set()
    ballots = 0
    with archive.open("rb") as file:
        if not archive.stat().st_size:
            return voted, 0
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            for found in _BALLOT.finditer(data):
                voted.add(found[1].decode())
                ballots += 1
    return voted, ballots
