"""The trustees' files: single keys, the ceremony of a threshold, and the list of all trustees of an election.

The ceremony has the steps of section "Trustees" of the specification, split as the official tool splits them, so that a
trustee may use either program at every step.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from suffrage import _core
from suffrage.belenios.files import Output, read_lines, read_record, read_secret
from suffrage.belenios.refusal import about, misused, refused


@dataclass(frozen=True, slots=True)
class Trustee:
    """One trustee of an election. `owner` counts all of them from 1, in their order."""

    owner: int
    name: str
    group: int
    """0 where nobody else can decrypt in this one's place; else the number of the threshold group, from 1."""
    identity: str
    """The name of the trustee's files, from the key or the certificate."""

    def __str__(self) -> str:
        return f"trustee {self.owner}" + (f" ({self.name})" if self.name else "")


@dataclass(frozen=True, slots=True)
class Trustees:
    """All trustees of an election, and of each threshold group how many of them must decrypt."""

    members: tuple[Trustee, ...]
    thresholds: Mapping[int, int]

    def lacking(self, owners: Collection[int]) -> list[str]:
        """What is missing until a result can be computed from the partial decryptions of these; empty if nothing."""
        missing = [str(member) for member in self.members if not member.group and member.owner not in owners]
        for group, threshold in self.thresholds.items():
            others = [member for member in self.members if member.group == group and member.owner not in owners]
            have = sum(member.group == group and member.owner in owners for member in self.members)
            if have < threshold:
                missing.append(f"{threshold - have} of " + ", ".join(map(str, others)))
        return missing


# --- one trustee alone


def single(name: str | None, folder: Path) -> tuple[str, list[Output]]:
    """A trustee who alone holds a key: its identifier, and the files ID.privkey (secret) and ID.pubkey."""
    with about("--name"):
        seed, public = _core.new_trustee(name)
        identity = _core.trustee_id(public)
    private = Output(folder / f"{identity}.privkey", seed.encode() + b"\n", secret=True)
    return identity, [private, Output(folder / f"{identity}.pubkey", public + b"\n")]


# --- the ceremony of a threshold


def context_text(names: Sequence[str], threshold: int) -> bytes:
    """The context of a ceremony: who takes part, and how many of them must decrypt."""
    for name in names:
        if not name.strip() or not name.isprintable():
            raise misused("--name", "no name", name, "a printable text")
    if len(set(names)) < len(names):
        raise misused("--name", "a name given twice", ", ".join(names), "each trustee once")
    if not 0 < threshold < len(names):
        expected = f"from 1 to {len(names) - 1}, fewer than the {len(names)} trustees" if len(names) > 1 else "2 names"
        raise misused("--threshold", "not possible", threshold, expected)
    with about("--name"):
        return _core.pedersen_context(list(names), threshold)


def certificate(context: Path, index: int, folder: Path) -> tuple[str, list[Output]]:
    """Step 1, each trustee: the identifier of the certificate, and the files ID.key (secret) and ID.cert."""
    with about(context):
        seed, text = _core.pedersen_certificate(read_record(context), index)
        identity = _core.pedersen_id(text)
    private = Output(folder / f"{identity}.key", seed.encode() + b"\n", secret=True)
    return identity, [private, Output(folder / f"{identity}.cert", text + b"\n")]


def checked_certificates(context: Path, files: Sequence[Path]) -> list[bytes]:
    """Step 2, everybody: the certificates in the order of the trustees; BeleniosError says whose does not hold."""
    found = [(file, line) for file in files for line in read_lines(file)]
    certificates = sorted(found, key=lambda entry: _index(*entry))
    with about(files[0] if len(files) == 1 else context):
        _core.pedersen_check(read_record(context), [line for _, line in certificates])
    return [line for _, line in certificates]


def polynomial(context: Path, certificates: Path, key: Path) -> tuple[str, bytes]:
    """Step 3, each trustee: the identifier of the certificate, and the record for the administrator."""
    text, certs, identity = _mine(context, certificates, key)
    with about(key):
        return identity, _core.pedersen_polynomial(text, certs, read_secret(key))


def route(context: Path, certificates: Path, polynomials: Sequence[Path], folder: Path) -> list[Output]:
    """Step 4, the administrator: polynomials.jsons, and for each trustee ID.vinput."""
    text, certs, identities = _all(context, certificates)
    records = gathered(polynomials, identities, ".polynomial")
    with about(polynomials[0] if len(polynomials) == 1 else "polynomials"):
        inputs = _core.pedersen_route(text, certs, records)
    named = zip(identities, inputs, strict=True)
    together = [] if len(polynomials) == 1 else [Output(folder / "polynomials.jsons", _lines(records))]
    return [*together, *(Output(folder / f"{identity}.vinput", record + b"\n") for identity, record in named)]


def share(context: Path, certificates: Path, key: Path, given: Path) -> tuple[str, bytes]:
    """Step 5, each trustee: the identifier of the certificate, and the record for the administrator."""
    text, certs, identity = _mine(context, certificates, key)
    with about(given):
        return identity, _core.pedersen_share(text, certs, read_secret(key), read_record(given))


def combine(
    context: Path, certificates: Path, polynomials: Path, shares: Sequence[Path], folder: Path
) -> tuple[list[str], list[Output]]:
    """Step 6, the administrator: the identifiers, and the files threshold.json and for each trustee ID.dkey."""
    text, certs, identities = _all(context, certificates)
    records = gathered(shares, identities, ".voutput")
    with about(shares[0] if len(shares) == 1 else "shares"):
        parameters, keys = _core.pedersen_combine(text, certs, read_lines(polynomials), records)
    # Sealed for its trustee, so not secret; the official tool protects it nevertheless.
    named = zip(identities, keys, strict=True)
    made = [Output(folder / f"{identity}.dkey", record + b"\n", secret=True) for identity, record in named]
    return identities, [Output(folder / "threshold.json", parameters + b"\n"), *made]


def gathered(files: Sequence[Path], identities: Sequence[str], suffix: str) -> list[bytes]:
    """One record a trustee, in their order: a file each, named after the certificates, or one file with all lines."""
    if len(files) == 1 and len(identities) > 1:
        records = read_lines(files[0])
        if len(records) != len(identities):
            raise refused(files[0], "another number of records", len(records), f"{len(identities)}, one a trustee")
        return records
    named = {file.stem: file for file in files}
    missing = [f"{identity}{suffix}" for identity in identities if identity not in named]
    strangers = [str(file) for file in files if file.stem not in identities]
    if missing or strangers or len(named) < len(files):
        seen = ", ".join(strangers) or f"{len(files)} files"
        expected = ", ".join(missing) or f"{len(identities)} files, one a trustee"
        raise misused("files", "not one of each trustee, by the names of their certificates", seen, expected)
    return [read_record(named[identity]) for identity in identities]


def _all(context: Path, certificates: Path) -> tuple[bytes, list[bytes], list[str]]:
    certs = read_lines(certificates)
    with about(certificates):
        return read_record(context), certs, [_core.pedersen_id(text) for text in certs]


def _mine(context: Path, certificates: Path, key: Path) -> tuple[bytes, list[bytes], str]:
    text, certs, identities = _all(context, certificates)
    if key.stem not in identities:
        expected = "the file ID.key that came with one of them, under its own name"
        raise refused(key, f"belongs to none of the certificates in {certificates}", key.name, expected)
    return text, certs, key.stem


def _index(file: Path, certificate: bytes) -> int:
    """The place of a trustee, from 1, as the certificate says."""
    try:
        index = json.loads(certificate)["message"]["context"]["context"]
    except (ValueError, KeyError, TypeError, RecursionError):
        index = None
    if type(index) is not int:
        raise refused(file, "is no certificate", expected="a file ID.cert, or certs.jsons")
    return index


# --- all trustees of an election


def trustees_text(keys: Sequence[Path], thresholds: Sequence[Path]) -> bytes:
    """The list of all trustees, `trustees.json`: first those who hold a key alone, then the threshold groups."""
    if not keys and not thresholds:
        raise misused("--trustee, --threshold", "no trustees", "", "at least one")
    basics = [record for file in keys for record in read_lines(file)]
    groups = [read_record(file) for file in thresholds]
    with about(", ".join(str(file) for file in (*keys, *thresholds))):
        text = _core.trustees_text(basics, groups)
        _core.trustees_key(text)
    return text


def election_key(text: bytes, place: Path | str) -> str:
    """Check everything in a list of trustees that can be checked, and give the key of the election."""
    with about(place):
        return _core.trustees_key(text)


def parse_trustees(text: bytes, place: Path | str) -> Trustees:
    """Who the trustees are. The list is one that `election_key` has accepted; BeleniosError where it is none."""
    members: list[Trustee] = []
    thresholds: dict[int, int] = {}
    try:
        for kind, entry in json.loads(text):
            if kind == "Single":
                name = entry["verification_key"]["message"]["message"].get("name") or ""
                members.append(Trustee(len(members) + 1, name, 0, _core.trustee_id(_compact(entry))))
                continue
            group = len(thresholds) + 1
            thresholds[group] = entry["context"]["threshold"]
            for name, cert in zip(entry["context"]["names"], entry["certs"], strict=True):
                members.append(Trustee(len(members) + 1, name, group, _core.pedersen_id(_compact(cert))))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise refused(place, "is no list of trustees", expected="trustees.json, or an archive") from None
    return Trustees(tuple(members), thresholds)


def _compact(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _lines(records: Sequence[bytes]) -> bytes:
    return b"".join(record + b"\n" for record in records)
