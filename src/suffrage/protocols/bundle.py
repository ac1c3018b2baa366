"""The bundle: one zip that holds all that is needed to count an election again, and a signed manifest of hashes."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable
from pathlib import Path

from suffrage.count.folder import figures_file
from suffrage.election import Election
from suffrage.election.folder import CANDIDATES, DECISIONS, UNITS
from suffrage.election.head import ELECTION
from suffrage.protocols.canonical import canonical
from suffrage.protocols.elsewhere import RootSigner
from suffrage.protocols.roster import ROSTER, ROSTER_SIGNATURE
from suffrage.protocols.statements import STATEMENTS
from suffrage.protocols.store import FILES
from suffrage.returns.urns import ARCHIVES, URNS, urns_of

FORMAT = "suffrage-bundle/1"
MANIFEST, MANIFEST_SIGNATURE, LAW = "manifest.json", "manifest.sig", "law.toml"

_EPOCH = (1980, 1, 1, 0, 0, 0)
_BLOCK = 1 << 20


def write_bundle(
    path: Path,
    election: Election,
    folder: Path,
    law: bytes,
    roster: tuple[bytes, str],
    protocols: Path,
    key: RootSigner,
) -> None:
    """Write the bundle of an election folder, signed with the root key; the same files give the same bytes.

    `roster` are its bytes and the root key's signature of them; `protocols` is the folder with the files of a store.
    UnsignedManifest, which carries the bytes to sign, where `key` is a signer elsewhere who has not signed them yet.
    """
    figures = figures_file(folder)
    names = [ELECTION, UNITS, CANDIDATES, DECISIONS, STATEMENTS, *([figures.name] if figures else ()), URNS]
    names += [f"{ARCHIVES}/{urn.archive}" for urn in urns_of(folder, election)]
    files = [(f"election/{name}", folder / name) for name in names if (folder / name).exists()]
    files += [(f"protocols/{name}", protocols / name) for name in FILES]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        listed = [
            _add(archive, LAW, [law]),
            _add(archive, ROSTER, [roster[0]]),
            _add(archive, ROSTER_SIGNATURE, [roster[1].encode()]),
            *(_add(archive, name, _blocks(source)) for name, source in files),
        ]
        manifest = canonical(
            {
                "format": FORMAT,
                "election": {"id": election.id, "title": election.title},
                "kind": election.kind.value,
                "root": key.public.key,
                "files": listed,
            }
        )
        _add(archive, MANIFEST, [manifest])
        _add(archive, MANIFEST_SIGNATURE, [key.sign(manifest).encode()])


def _blocks(path: Path) -> Iterable[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block


def _add(archive: zipfile.ZipFile, name: str, blocks: Iterable[bytes]) -> dict[str, str | int]:
    """Add a file, and give its line of the manifest."""
    entry = zipfile.ZipInfo(name, _EPOCH)
    # An archive is kept as it is, so that its ballots can be read out of a bundle that nobody has unpacked.
    entry.compress_type = zipfile.ZIP_STORED if name.endswith(".bel") else zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    digest, size = hashlib.sha256(), 0
    with archive.open(entry, "w", force_zip64=True) as file:
        for block in blocks:
            digest.update(block)
            size += len(block)
            file.write(block)
    return {"path": name, "sha256": digest.hexdigest(), "size": size}
