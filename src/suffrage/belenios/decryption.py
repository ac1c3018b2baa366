"""From the encrypted tally to the result: each trustee decrypts a part, the administrator puts the parts together."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from suffrage import _core
from suffrage.belenios.files import Output, read_lines, read_record, read_secret
from suffrage.belenios.progress import Progress
from suffrage.belenios.refusal import about, refused
from suffrage.belenios.trustees import Trustee
from suffrage.belenios.urn import Urn, checked_audit, undivided, writing

Result = list[list[int]]
"""The votes for each answer of each question, after those for blank where that is allowed."""


@dataclass(frozen=True, slots=True)
class Partial:
    """What one trustee made of the encrypted tally (section "Partial decryptions")."""

    owner: int
    payload: bytes
    file: Path


@dataclass(frozen=True, slots=True)
class Decrypted:
    """Where a decryption stands: who has decrypted, what is still missing, and the result once nothing is."""

    owners: tuple[Trustee, ...]
    lacking: tuple[str, ...]
    result: Result | None


def decrypt(urn: Urn, key: Path, share: Path | None, out: Path, tell: Progress | None = None) -> tuple[Trustee, Output]:
    """A trustee's part. The archive is audited first: whoever decrypts answers for what is decrypted.

    The output has two lines, as the official tool prints them: the partial decryption, and whose it is.
    """
    report = checked_audit(urn.path, tell)
    if report.phase != "tallied" or report.tally is None:
        expected = "an archive that was closed and has no result yet"
        raise refused(urn.path, "nothing is to be decrypted", f"phase {report.phase}", expected)
    sealed = read_record(share) if share is not None else None
    seed = read_secret(key)
    with about(key if share is None else f"{key}, {share}"):
        owner, payload = _core.partial_decryption(urn.text, urn.trustees_text, report.tally, seed, sealed)
    digest = hashlib.sha256(payload).hexdigest()
    owned = json.dumps({"owner": owner, "payload": digest}, separators=(",", ":")).encode()
    return urn.trustees.members[owner - 1], Output(out, payload + b"\n" + owned + b"\n")


def read_partial(file: Path) -> Partial:
    """Read the file that `decrypt` made. BeleniosError where its two lines do not belong together."""
    lines = read_lines(file)
    try:
        payload, owned = lines
        data = json.loads(owned)
        owner, digest = data["owner"], data["payload"]
        right = type(owner) is int and owner >= 1 and digest == hashlib.sha256(payload).hexdigest()
    except (ValueError, TypeError, KeyError, RecursionError):
        owner, payload, right = 0, b"", False
    if not right:
        expected = "two lines: what the trustee made, and whose it is with the hash of the first line"
        raise refused(file, "is no partial decryption", expected=expected)
    return Partial(owner, payload, file)


def add_partials(urn: Urn, partials: Sequence[Partial]) -> Decrypted:
    """Check partial decryptions and append them, all or none; append the result as soon as nothing is missing."""
    with writing(urn.path) as archive:
        if archive.last == "Result":
            raise refused(urn.path, "has its result already")
        with about(urn.path):
            found = _core.archive_tally(urn.path)
            there = dict(_core.archive_partials(urn.path))
        if found is None:
            raise refused(urn.path, "has no encrypted tally yet", "", "an archive that was closed")
        tally, _, weight = found
        members = urn.trustees.members
        for partial in partials:
            if not 1 <= partial.owner <= len(members):
                raise refused(partial.file, "is of nobody", f"trustee {partial.owner}", f"from 1 to {len(members)}")
            if partial.owner in there:
                raise refused(partial.file, f"{members[partial.owner - 1]} has decrypted already")
            with about(partial.file):
                _core.check_partial_decryption(urn.text, urn.trustees_text, tally, partial.owner, partial.payload)
            there[partial.owner] = partial.payload
        lacking = urn.trustees.lacking(there)
        result = None
        with about(urn.path):
            if not lacking:
                result = _core.tally_result(urn.text, urn.trustees_text, tally, weight, sorted(there.items()))
        with about(urn.path), undivided():
            for partial in partials:
                archive.append_partial_decryption(partial.owner, partial.payload)
            if result is not None:
                archive.append_result(result)
    votes: Result | None = None if result is None else json.loads(result)["result"]
    return Decrypted(tuple(members[owner - 1] for owner in sorted(there)), tuple(lacking), votes)
