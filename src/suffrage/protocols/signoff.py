"""Ballot papers that a committee has signed off: `papers.jsonl` in the election folder.

A line a paper: the SHA-256 of its geometry file (which holds the SHA-256 of the PDF), and the signatures of these very
bytes by members of the committee. What is not signed off, or was changed afterwards, is printed as a proof.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from suffrage.election import Contest, Election
from suffrage.errors import Problem, ProtocolError
from suffrage.law import Statute
from suffrage.outputs import written
from suffrage.protocols.canonical import sha256
from suffrage.protocols.keys import SigningKey
from suffrage.protocols.roster import Roster, committee_of, lacking
from suffrage.protocols.signatures import holds, parse_signatures, signature_line

PAPERS = "papers.jsonl"

SignedPapers = Mapping[str, list[tuple[str, str]]]
"""The hash of a paper's geometry, and its keys and signatures."""


def read_signed_papers(path: Path) -> dict[str, list[tuple[str, str]]]:
    """The signatures in such a file; none where there is none. ProtocolError with the line where it is malformed."""
    try:
        with path.open("rb") as lines:
            found: dict[str, list[tuple[str, str]]] = {}
            for paper, signatures in parse_signatures(lines, path.name):
                found.setdefault(paper, []).extend(signatures)
            return found
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ProtocolError.unreadable(str(path), error) from None


def write_signed_papers(papers: SignedPapers, folder: Path) -> None:
    """Write the file, in the order of the hashes."""
    lines = (signature_line(paper, signatures) for paper, signatures in sorted(papers.items()))
    written({folder / PAPERS: b"".join(lines)})


def unsigned(
    geometry: bytes, contest: Contest, signed: SignedPapers, roster: Roster, election: Election, statute: Statute
) -> str:
    """What is missing until a paper is signed off, in words; empty where nothing is.

    As many members of the committee must have signed as the law asks of its protocols, each these very bytes.
    """
    committee = committee_of(roster, election, contest.unit)
    keys = [key for key, signature in signed.get(sha256(geometry), ()) if holds(key, signature, geometry)]
    return lacking(statute, roster.kind, committee, keys)


def signed_off(
    geometry: bytes,
    contest: Contest,
    signed: Mapping[str, list[tuple[str, str]]],
    key: SigningKey,
    roster: Roster,
    election: Election,
) -> dict[str, list[tuple[str, str]]]:
    """The signatures with that of a member on one paper. ProtocolError where the key is not on its committee."""
    if key.public.key not in committee_of(roster, election, contest.unit):
        raise ProtocolError(
            Problem(
                f"contest {contest.id}",
                "the key is not on the committee of this contest",
                key.public.fingerprint,
                "a member of the committee that signs for it",
            )
        )
    paper = sha256(geometry)
    others = [pair for pair in signed.get(paper, ()) if pair[0] != key.public.key]
    return {**signed, paper: [*others, (key.public.key, key.sign(geometry))]}
