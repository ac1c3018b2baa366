"""The manifest: any change of it is seen, even under the root key's own signature where its form is wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from suffrage.audit import Failure, verify_bundle
from suffrage.protocols.canonical import canonical, strict_json
from tests.audit.bundles import ATTACKER, LAW, MANIFEST, SEAL, Original

Change = Callable[[dict[str, Any]], Any]


def entry(manifest: dict[str, Any], name: str = LAW) -> dict[str, Any]:
    found: dict[str, Any] = next(item for item in manifest["files"] if item["path"] == name)
    return found


def failures(original: Original, tmp_path: Path, change: Change, *, sign: bool) -> tuple[Failure, ...]:
    bundle = original.bundle.copy()
    manifest = strict_json(bundle.files[MANIFEST])
    change(manifest)
    bundle.seal_manifest(manifest, original.made.root if sign else None)
    assert bundle.files != original.bundle.files
    return verify_bundle(bundle.zipped(tmp_path / "b.zip"), original.fingerprint).failures


MALFORMED: dict[str, Change] = {
    "another key": lambda m: m.update(more=1),
    "a key fewer": lambda m: m.pop("kind"),
    "another format": lambda m: m.update(format="suffrage-bundle/2"),
    "no text": lambda m: m.update(kind=["demo"]),
    "no election": lambda m: m.update(election="republic"),
    "more of the election": lambda m: m["election"].update(more="x"),
    "no number": lambda m: m["election"].update(title=5),
    "no key": lambda m: m.update(root="00"),
    "a key in capitals": lambda m: m.update(root=m["root"].upper()),
    "a key with blanks": lambda m: m.update(root=f"{m['root'][:32]} {m['root'][32:]}"),
    "a size that is no whole number": lambda m: entry(m).update(size=float(entry(m)["size"])),
    "a size that is a truth value": lambda m: entry(m).update(size=True),
    "a hash that is a list": lambda m: entry(m).update(sha256=[entry(m)["sha256"]]),
    "a path that is a list": lambda m: entry(m).update(path=[LAW]),
    "files by name": lambda m: m.update(files={LAW: 1}),
    "files of nothing": lambda m: m.update(files=None),
    "a file of nothing": lambda m: m["files"].append(None),
    "more of a file": lambda m: entry(m).update(more=1),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_manifest_is_named(original: Original, tmp_path: Path, name: str) -> None:
    found = failures(original, tmp_path, MALFORMED[name], sign=True)
    assert (found[0].record, "is no manifest of a bundle" in found[0].reason) == (MANIFEST, True)


FALSE: dict[str, tuple[Change, str, str]] = {
    "a wrong hash": (lambda m: entry(m).update(sha256="0" * 64), LAW, "is not the file"),
    "a wrong size": (lambda m: entry(m).update(size=1), LAW, "is not the file"),
    "a file fewer": (lambda m: m["files"].remove(entry(m)), LAW, "does not know"),
    "decisions fewer": (
        lambda m: m["files"].remove(entry(m, "election/decisions.csv")),
        "election/decisions.csv",
        "does not know",
    ),
    "a file that is not there": (
        lambda m: m["files"].append({**entry(m), "path": "election/returns.csv.gz"}),
        "election/returns.csv.gz",
        "is missing",
    ),
    "a file of another folder": (
        lambda m: m["files"].append({**entry(m), "path": "../../etc/passwd\n\x1b[2J"}),
        "../../etc/passwd",
        "no bundle holds",
    ),
    "a file twice": (lambda m: m["files"].append(entry(m)), MANIFEST, "twice"),
    "another title": (lambda m: m["election"].update(title="Another"), MANIFEST, "another election"),
    "another id": (lambda m: m["election"].update(id="another"), MANIFEST, "another election"),
    "another kind": (lambda m: m.update(kind="real"), MANIFEST, "another election or kind"),
    "another root": (lambda m: m.update(root=ATTACKER.public.key), "root key", "not the one"),
}


@pytest.mark.parametrize("sign", [False, True])
@pytest.mark.parametrize("name", FALSE)
def test_a_manifest_that_says_otherwise_is_named(original: Original, tmp_path: Path, name: str, sign: bool) -> None:
    change, record, reason = FALSE[name]
    found = failures(original, tmp_path, change, sign=sign)
    # What is signed: the change alone; what is not: the signature too.
    assert found[0].record.startswith(record)
    assert any(failure.record.startswith(record) and reason in failure.reason for failure in found)
    unsigned = any(failure.record == MANIFEST and "did not sign" in failure.reason for failure in found)
    assert unsigned is (not sign or name == "another root")
    assert all(str(failure).isprintable() for failure in found)


def test_the_order_of_the_files_says_nothing(original: Original, tmp_path: Path) -> None:
    def reverse(manifest: dict[str, Any]) -> None:
        manifest["files"].reverse()

    assert failures(original, tmp_path, reverse, sign=True) == ()


@pytest.mark.parametrize(
    "text", [b"", b"{}", b"[]", b"null", b"\xff", b"[" * 5000, b'{"a":1e999}', b'{"files":' + b"9" * 400 + b"}"]
)
def test_a_manifest_that_is_none_is_named(original: Original, tmp_path: Path, text: bytes) -> None:
    bundle = original.bundle.copy()
    bundle.files |= {MANIFEST: text, SEAL: original.made.root.sign(text).encode()}
    [failure] = verify_bundle(bundle.zipped(tmp_path / "b.zip")).failures
    assert (failure.record, "is no manifest" in failure.reason) == (MANIFEST, True)


def test_a_manifest_not_canonical_is_none(original: Original, tmp_path: Path) -> None:
    bundle = original.bundle.copy()
    text = bundle.files[MANIFEST]
    for changed in (text + b"\n", text.replace(b":", b": ", 1), text.replace(b"{", b'{"kind":"real",', 1)):
        assert changed != canonical(strict_json(text))
        bundle.files |= {MANIFEST: changed, SEAL: original.made.root.sign(changed).encode()}
        [failure] = verify_bundle(bundle.zipped(tmp_path / "b.zip")).failures
        assert failure.record == MANIFEST


@pytest.mark.parametrize("seal", [b"", b"00", b"\xff" * 128, b"g" * 128, b"0" * 128, b" " * 128])
def test_a_signature_that_is_none_is_named(original: Original, tmp_path: Path, seal: bytes) -> None:
    bundle = original.bundle.copy()
    right = bundle.files[SEAL]
    for changed in (seal, right.upper(), right + b"\n", right[::-1]):
        bundle.files[SEAL] = changed
        [failure] = verify_bundle(bundle.zipped(tmp_path / "b.zip"), original.fingerprint).failures
        assert (failure.record, "did not sign" in failure.reason) == (MANIFEST, True)
    del bundle.files[SEAL]
    [failure] = verify_bundle(bundle.zipped(tmp_path / "b.zip"), original.fingerprint).failures
    assert failure.record == MANIFEST
