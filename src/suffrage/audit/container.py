"""Opening a bundle: a zip from a stranger, unpacked into a folder of ours, every file held against the manifest."""

from __future__ import annotations

import hashlib
import shutil
import stat
import struct
import zipfile
import zlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from suffrage.audit.report import Findings, Stage
from suffrage.count.folder import BALLOT_FILES, CVR_FILES, RETURNS_FILES
from suffrage.election.folder import CANDIDATES, DECISIONS, UNITS
from suffrage.election.head import ELECTION
from suffrage.errors import WRONG_USE, AuditError, Problem, ProtocolError, shown
from suffrage.protocols.bundle import FORMAT, LAW, MANIFEST, MANIFEST_SIGNATURE
from suffrage.protocols.canonical import strict_json
from suffrage.protocols.keys import checked_public
from suffrage.protocols.roster import ROSTER, ROSTER_SIGNATURE
from suffrage.protocols.signatures import holds
from suffrage.protocols.statements import STATEMENTS
from suffrage.protocols.store import FILES
from suffrage.returns.urns import ARCHIVE_NAME, ARCHIVES, URNS

_ELECTION_FILES = (ELECTION, UNITS, CANDIDATES, DECISIONS, STATEMENTS, *RETURNS_FILES, *BALLOT_FILES, *CVR_FILES, URNS)
_KNOWN = {
    *(MANIFEST, MANIFEST_SIGNATURE, LAW, ROSTER, ROSTER_SIGNATURE),
    *(f"election/{name}" for name in _ELECTION_FILES),
    *(f"protocols/{name}" for name in FILES),
}
_ARCHIVES = f"election/{ARCHIVES}/"
_NEEDED = (
    *(LAW, ROSTER, ROSTER_SIGNATURE, f"election/{ELECTION}", f"election/{UNITS}", f"election/{CANDIDATES}"),
    *(f"protocols/{name}" for name in FILES),
)
_BLOCK = 1 << 20
_AT_ONCE = 4


@dataclass(frozen=True)
class Container:
    """An unpacked bundle. `root` is the public key that the manifest names; id, title and kind are those it gives."""

    folder: Path
    id: str
    title: str
    kind: str
    root: str
    files: int

    def read(self, name: str) -> bytes:
        """The bytes of a file; empty where it is missing, which has been noted."""
        path = self.folder / name
        return path.read_bytes() if path.exists() else b""


def unpack(bundle: Path, folder: Path, findings: Findings) -> Container | None:
    """Unpack a bundle and hold its files against its manifest. None where it has no manifest to hold them against.

    AuditError (exit code 2) where it is no zip that can be read.
    """
    try:
        with zipfile.ZipFile(bundle) as archive:
            hashes = _extract(archive, folder, findings)
    except FileNotFoundError:
        raise AuditError(Problem(str(bundle), "no such file", expected="a bundle"), exit_code=WRONG_USE) from None
    except OSError as error:
        raise AuditError.unreadable(str(bundle), error) from None
    except (zipfile.BadZipFile, NotImplementedError, struct.error, EOFError, ValueError) as error:
        raise AuditError(
            Problem(str(bundle), "is no whole zip archive", shown(error), "a bundle"), exit_code=WRONG_USE
        ) from None
    manifest = _manifest(folder / MANIFEST, findings)
    if manifest is None:
        return None
    _compare(manifest, hashes, findings)
    check_root_signature(manifest["root"], folder, MANIFEST, MANIFEST_SIGNATURE, findings)
    election = manifest["election"]
    return Container(folder, election["id"], election["title"], manifest["kind"], manifest["root"], len(hashes))


def check_root_signature(root: str, folder: Path, name: str, signature: str, findings: Findings) -> None:
    """Note where a file of an unpacked bundle does not bear the signature of the root key."""
    path = folder / signature
    text = path.read_bytes().decode("ascii", "replace") if path.exists() else ""
    data = (folder / name).read_bytes() if (folder / name).exists() else b""
    if not holds(root, text, data):
        stage = Stage.CONTAINER if name == MANIFEST else Stage.INPUTS
        findings.add(stage, 0, name, f"the root key did not sign it as it stands ({signature} does not hold)")


def _extract(archive: zipfile.ZipFile, folder: Path, findings: Findings) -> dict[str, tuple[str, int]]:
    """Unpack what a bundle may hold; the hash and size of each file by name."""
    entries = archive.infolist()
    needed, free = sum(entry.file_size for entry in entries), shutil.disk_usage(folder).free
    if needed > free:
        raise AuditError(
            Problem(str(archive.filename), "does not fit on the disk", f"{needed} bytes", f"{free} bytes or fewer"),
            exit_code=WRONG_USE,
        )
    fit: dict[str, tuple[int, zipfile.ZipInfo]] = {}
    seen: set[str] = set()
    for place, entry in enumerate(entries):
        # The name as it was written: the library cuts it at a null character.
        name = entry.orig_filename
        if not _is_known(name):
            findings.add(Stage.FILES, place, shown(name), "no bundle holds a file of this name")
            continue
        # On some systems two names that differ in capitals alone are one file.
        if name.lower() in seen:
            findings.add(Stage.CONTAINER, place, name, "stands twice in the archive")
            continue
        if reason := _unfit(entry):
            findings.add(Stage.CONTAINER, place, name, reason)
            continue
        fit[name] = place, entry
        seen.add(name.lower())

    def extract(name: str) -> tuple[str, int]:
        place, entry = fit[name]
        return _extract_one(archive, entry, folder / name, place, findings)

    # Inflating and hashing go on without the GIL; the largest first, or the others wait for it.
    largest_first = sorted(fit, key=lambda name: -fit[name][1].file_size)
    with ThreadPoolExecutor(_AT_ONCE) as beside:
        hashes = dict(zip(largest_first, beside.map(extract, largest_first), strict=True))
    return {name: hashes[name] for name in fit}


def _is_known(name: str) -> bool:
    """Whether a bundle may hold a file of this name."""
    return name in _KNOWN or bool(name.startswith(_ARCHIVES) and ARCHIVE_NAME.fullmatch(name.removeprefix(_ARCHIVES)))


def _unfit(entry: zipfile.ZipInfo) -> str:
    """Why an entry is none that a bundle may have; empty where it is one."""
    if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG):
        return "is no plain file in the archive (a link, a folder or a device)"
    if entry.flag_bits & 1:
        return "is encrypted in the archive"
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "is compressed otherwise than by deflate"
    if entry.compress_type == zipfile.ZIP_STORED and entry.compress_size != entry.file_size:
        return "has two sizes in the archive"
    return ""


def _extract_one(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path, place: int, findings: Findings
) -> tuple[str, int]:
    path.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    try:
        with archive.open(entry) as source, path.open("wb") as target:
            # Never more than the entry says, whatever the stream goes on to give.
            while block := source.read(min(_BLOCK, entry.file_size - size + 1)):
                digest.update(block)
                size += len(block)
                target.write(block)
                if size > entry.file_size:
                    raise zipfile.BadZipFile("longer than its entry says")
        if size < entry.file_size:
            raise zipfile.BadZipFile("shorter than its entry says")
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, ValueError) as error:
        findings.add(Stage.CONTAINER, place, entry.filename, f"cannot be unpacked ({shown(error)})")
    return digest.hexdigest(), size


def _manifest(path: Path, findings: Findings) -> Mapping[str, Any] | None:
    if not path.exists():
        findings.add(Stage.FILES, 0, MANIFEST, "is missing: this is no bundle, or not the whole of one")
        return None
    try:
        value = strict_json(path.read_bytes())
        right = (
            set(value) == {"format", "election", "kind", "root", "files"}
            and value["format"] == FORMAT
            and all(type(text) is str for text in (value["kind"], value["root"], *value["election"].values()))
            and set(value["election"]) == {"id", "title"}
            and all(_is_listed(line) for line in value["files"])
            and checked_public(value["root"], MANIFEST) == value["root"]
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, ProtocolError):
        right = False
    if not right:
        findings.add(Stage.FILES, 0, MANIFEST, f"is no manifest of a bundle ({FORMAT})")
        return None
    found: Mapping[str, Any] = value
    return found


def _is_listed(line: Mapping[str, Any]) -> bool:
    """Whether this is a file as a manifest lists it."""
    return set(line) == {"path", "sha256", "size"} and [type(line[key]) for key in sorted(line)] == [str, str, int]


def _compare(manifest: Mapping[str, Any], hashes: Mapping[str, tuple[str, int]], findings: Findings) -> None:
    listed = {line["path"]: (line["sha256"], line["size"]) for line in manifest["files"]}
    if len(listed) != len(manifest["files"]):
        findings.add(Stage.CONTAINER, 0, MANIFEST, "lists a file twice")
    for place, name in enumerate(dict.fromkeys((*_NEEDED, *listed))):
        # A changed file of protocols is named last: which of its records changed is said before.
        stage = Stage.CONTAINER if name.startswith("protocols/") else Stage.FILES
        if not _is_known(name):
            findings.add(Stage.FILES, place, shown(name), "no bundle holds a file of this name")
        elif name not in hashes:
            findings.add(Stage.FILES, place, name, "is missing")
        elif name not in listed:
            findings.add(Stage.FILES, place, name, "the manifest does not know this file")
        elif hashes[name] != listed[name]:
            findings.add(stage, place, name, "is not the file whose hash the manifest gives")
    for place, name in enumerate(hashes):
        if name not in listed and name not in (MANIFEST, MANIFEST_SIGNATURE, *_NEEDED):
            findings.add(Stage.FILES, len(listed) + place, name, "the manifest does not know this file")
