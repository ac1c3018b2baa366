"""A thousand changed bundles: each is rejected, and the record that was touched is the one that is named."""

from __future__ import annotations

import json
import os
import random
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from suffrage.audit import Report, verify_bundle
from suffrage.audit.report import Stage
from suffrage.count.folder import count_folder
from suffrage.election import Decision, DecisionKind, write_folder
from suffrage.protocols.bundle import FORMAT
from suffrage.protocols.canonical import canonical, sha256
from suffrage.protocols.draw import draw
from suffrage.protocols.record import from_text
from suffrage.protocols.signatures import parse_line, signature_line
from suffrage.protocols.statements import read_statements
from suffrage.protocols.store import write_store
from tests.protocols import made

PROTOCOLS, SIGNATURES = "protocols/protocols.jsonl", "protocols/signatures.jsonl"
TIMES = 10 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 1
Files = dict[str, bytes]


@dataclass(frozen=True)
class Touched:
    """A changed bundle, the stage in which it must fail first, and what its first failure there must name."""

    files: Files
    stage: Stage
    names: tuple[str, ...]


Mutator = Callable[[Files, random.Random, Path], Touched]


@pytest.fixture(scope="module")
def corrected(tmp_path_factory: pytest.TempPathFactory) -> made.Made:
    """The republic with one recount, so that protocols of every level of one district were replaced."""
    home = tmp_path_factory.mktemp("corrected")
    whole = made.published(home, statements="kind,contest,unit,by,text\ncomplaint,d1,p2,Elector,a queue\n")
    decision = Decision(
        "recount-1", DecisionKind.CORRECT, "d1", unit="p1", candidate="d1-a", figure=39, reason="recount"
    )
    other = replace(decision, id="recount-2", candidate="d1-b", figure=11)
    election = replace(whole.election, decisions=(decision, other))
    write_folder(election, whole.folder)
    store = made.redraw_folder(whole.folder)
    store = made.sign_all(store, whole.roster, election, whole.keys)
    write_store(store, whole.folder)
    bundle = made.bundled(whole.folder, home / "bundle.zip", election)
    return replace(whole, election=election, store=store, bundle=bundle)


def read(bundle: Path) -> Files:
    with zipfile.ZipFile(bundle) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write(files: Files, path: Path, *, lazy: bool) -> Path:
    """The zip again: with the manifest as it was, or signed anew by the root key, as a cheating office can."""
    files = dict(files)
    if not lazy:
        manifest = json.loads(files["manifest.json"])
        assert manifest["format"] == FORMAT
        manifest["files"] = [
            {"path": name, "sha256": sha256(data), "size": len(data)}
            for name, data in files.items()
            if not name.startswith("manifest.")
        ]
        files["manifest.json"] = canonical(manifest)
        files["manifest.sig"] = made.key("root").sign(files["manifest.json"]).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def lines(files: Files, name: str) -> list[bytes]:
    return files[name].splitlines(keepends=True)


def name_of(line: bytes) -> str:
    return str(from_text(line.removesuffix(b"\n")).identity)


def with_lines(files: Files, changed: list[bytes], name: str = PROTOCOLS) -> Files:
    return {**files, name: b"".join(changed)}


# What is done to a bundle


def a_byte_of_a_record(files: Files, luck: random.Random, _: Path) -> Touched:
    all_lines = lines(files, PROTOCOLS)
    at = luck.randrange(len(all_lines))
    text = bytearray(all_lines[at])
    text[luck.randrange(len(text) - 1)] ^= luck.randrange(1, 256)
    named = name_of(all_lines[at]), f"line {at + 1}"
    all_lines[at] = bytes(text)
    return Touched(with_lines(files, all_lines), Stage.PROTOCOLS, named)


def a_record_dropped(files: Files, luck: random.Random, _: Path) -> Touched:
    all_lines = lines(files, PROTOCOLS)
    gone = all_lines.pop(luck.randrange(len(all_lines)))
    return Touched(with_lines(files, all_lines), Stage.PROTOCOLS, (name_of(gone),))


def a_record_doubled(files: Files, luck: random.Random, _: Path) -> Touched:
    all_lines = lines(files, PROTOCOLS)
    twice = luck.choice(all_lines)
    all_lines.insert(luck.randrange(len(all_lines) + 1), twice)
    return Touched(with_lines(files, all_lines), Stage.PROTOCOLS, (name_of(twice),))


def two_records_swapped(files: Files, luck: random.Random, _: Path) -> Touched:
    all_lines = lines(files, PROTOCOLS)
    one, other = luck.sample(range(len(all_lines)), 2)
    names = name_of(all_lines[one]), name_of(all_lines[other])
    all_lines[one], all_lines[other] = all_lines[other], all_lines[one]
    return Touched(with_lines(files, all_lines), Stage.PROTOCOLS, names)


def two_units_swapped(files: Files, luck: random.Random, _: Path) -> Touched:
    all_lines = lines(files, PROTOCOLS)
    records = [json.loads(line) for line in all_lines]
    precincts = [at for at, record in enumerate(records) if record["level"] == "precinct"]
    one, other = luck.sample(precincts, 2)
    names = name_of(all_lines[one]), name_of(all_lines[other])
    if (records[one]["contest"], records[one]["ballot"]) != (records[other]["contest"], records[other]["ballot"]):
        return two_units_swapped(files, luck, _)
    records[one]["unit"], records[other]["unit"] = records[other]["unit"], records[one]["unit"]
    for at in (one, other):
        all_lines[at] = canonical(records[at]) + b"\n"
    return Touched(with_lines(files, all_lines), Stage.PROTOCOLS, names)


def a_correction_without_its_decision(files: Files, luck: random.Random, _: Path) -> Touched:
    rows = lines(files, "election/decisions.csv")
    how = luck.randrange(3)
    precinct = "protocol of the precinct p1, contest d1, first ballot"
    if how == 0:
        del rows[luck.randrange(1, len(rows))]
        # With one of the two figures the precinct still differs; with neither it would be as it was before.
        return Touched(with_lines(files, rows, "election/decisions.csv"), Stage.PROTOCOLS, (precinct,))
    all_lines = lines(files, PROTOCOLS)
    replacing = [at for at, line in enumerate(all_lines) if json.loads(line).get("replaces", {}).get("decisions")]
    at = luck.choice(replacing)
    record = json.loads(all_lines[at])
    if how == 1:
        del record["replaces"]
    else:
        record["replaces"]["decisions"] = []
    named = name_of(all_lines[at])
    all_lines[at] = canonical(record) + b"\n"
    return Touched(with_lines(files, all_lines), Stage.PROTOCOLS, (named,))


def a_signature(files: Files, luck: random.Random, _: Path) -> Touched:
    """Of an outsider, of another committee, doubled, changed, taken from another protocol, or too few of them."""
    texts = lines(files, PROTOCOLS)
    all_lines = lines(files, SIGNATURES)
    at = luck.randrange(len(texts))
    sha, signed = parse_line(all_lines[at])
    how = luck.randrange(5)
    place = luck.randrange(len(signed))
    if how == 0:
        outsider = made.key("outsider")
        signed[place] = outsider.public.key, outsider.sign(texts[at][:-1])
    elif how == 1:
        signed.append(signed[place])
    elif how == 2:
        key, signature = signed[place]
        changed = bytearray.fromhex(signature)
        changed[luck.randrange(64)] ^= 1 << luck.randrange(8)
        signed[place] = key, changed.hex()
    elif how == 3:
        other = parse_line(all_lines[(at + 1) % len(texts)])[1]
        signed[place] = signed[place][0], other[0][1]
    else:
        signed = signed[:1]
    all_lines[at] = signature_line(sha, signed)
    return Touched(with_lines(files, all_lines, SIGNATURES), Stage.SIGNATURES, (name_of(texts[at]),))


def figures_changed_and_linked_again(files: Files, luck: random.Random, home: Path) -> Touched:
    """A vote moved from A to B in one return, everything drawn anew from it: all holds but what the members signed."""
    folder = home / "election"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, data in files.items():
        if name.startswith("election/"):
            (folder / name.removeprefix("election/")).write_bytes(data)
    rows = (folder / "returns.csv").read_text().splitlines()
    at = luck.choice([n for n, row in enumerate(rows) if n and not row.startswith("p1,d1,1")])
    cells = rows[at].split(",")
    cells[-3], cells[-2] = str(int(cells[-3]) - 1), str(int(cells[-2]) + 1)
    rows[at] = ",".join(cells)
    (folder / "returns.csv").write_text("\n".join(rows) + "\n")
    counted = count_folder(folder, every_return=True)
    replaced = [from_text(line[:-1]) for line in lines(files, "protocols/replaced.jsonl")]
    statements = read_statements(folder, counted.election)
    drawn = list(draw(counted, files["law.toml"], statements, {old.identity: old for old in replaced}))
    signatures = dict(parse_line(line) for line in lines(files, SIGNATURES))
    before = {name_of(line): sha256(line[:-1]) for line in lines(files, PROTOCOLS)}
    linked = [signature_line(p.sha256, signatures[before[str(p.identity)]]) for p in drawn]
    linked += [signature_line(old.sha256, signatures[old.sha256]) for old in replaced]
    first = next(str(p.identity) for p in drawn if p.sha256 != before[str(p.identity)])
    assert cells[0] in first
    changed = {
        **files,
        "election/returns.csv": (folder / "returns.csv").read_bytes(),
        PROTOCOLS: b"".join(p.text + b"\n" for p in drawn),
        SIGNATURES: b"".join(linked),
    }
    return Touched(changed, Stage.SIGNATURES, (first,))


def a_file_that_nobody_knows(files: Files, luck: random.Random, _: Path) -> Touched:
    name = luck.choice(["notes.txt", "election/notes.csv", "../up.txt", "/etc/x", "protocols/more.jsonl", "LAW.toml"])
    return Touched({**files, name: b"x"}, Stage.FILES, (name,))


def a_byte_of_an_input(files: Files, luck: random.Random, _: Path) -> Touched:
    """In a file that is read before the protocols; only the lazy manifest tells of some of these, so it stays."""
    name = luck.choice([name for name in files if name.startswith("election/") or name in ("law.toml", "roster.jsonl")])
    data = bytearray(files[name])
    data[luck.randrange(len(data))] ^= luck.randrange(1, 256)
    return Touched({**files, name: bytes(data)}, Stage.FILES, (name,))


MUTATORS: tuple[Mutator, ...] = (
    a_byte_of_a_record,
    a_record_dropped,
    a_record_doubled,
    two_records_swapped,
    two_units_swapped,
    a_correction_without_its_decision,
    a_signature,
    figures_changed_and_linked_again,
    a_file_that_nobody_knows,
    a_byte_of_an_input,
)


def first_of(report: Report, stage: Stage) -> str:
    return next((failure.record for failure in report.failures if failure.stage is stage), "")


def test_the_bundle_holds_as_it_is(corrected: made.Made, tmp_path: Path) -> None:
    report = verify_bundle(corrected.bundle, corrected.root.public.fingerprint, "ussr-1937")
    assert report.failures == ()
    assert len(corrected.store.replaced) > 3
    again = write(read(corrected.bundle), tmp_path / "again.zip", lazy=False)
    assert verify_bundle(again, corrected.root.public.fingerprint).holds


@pytest.mark.slow
@pytest.mark.parametrize("mutator", MUTATORS, ids=lambda mutator: mutator.__name__)
def test_a_hundred_of_each_are_rejected(mutator: Mutator, corrected: made.Made, tmp_path: Path) -> None:
    files = read(corrected.bundle)
    for seed in range(100 * TIMES):
        luck = random.Random(f"{mutator.__name__} {seed}")
        touched = mutator(files, luck, tmp_path)
        assert touched.files != files
        lazy = mutator is a_byte_of_an_input or luck.random() < 0.5
        bundle = write(touched.files, tmp_path / "changed.zip", lazy=lazy)
        report = verify_bundle(bundle, corrected.root.public.fingerprint)
        assert not report.holds, seed
        named = first_of(report, touched.stage)
        assert any(name in named for name in touched.names), (
            mutator.__name__,
            seed,
            touched.names,
            report.failures[:5],
        )


@pytest.mark.parametrize("law", ["", "ussr-1937"])
def test_a_bundle_signed_anew_as_a_whole_fails_under_the_root(corrected: made.Made, tmp_path: Path, law: str) -> None:
    files = read(corrected.bundle)
    thief = made.key("thief")
    roster = files["roster.jsonl"].replace(made.key("root").public.key.encode(), thief.public.key.encode())
    manifest = json.loads(files["manifest.json"])
    manifest["root"] = thief.public.key
    files |= {"roster.jsonl": roster, "roster.sig": thief.sign(roster).encode()}
    manifest["files"] = [
        {"path": name, "sha256": sha256(data), "size": len(data)}
        for name, data in files.items()
        if not name.startswith("manifest.")
    ]
    text = canonical(manifest)
    files |= {"manifest.json": text, "manifest.sig": thief.sign(text).encode()}
    path = tmp_path / "stolen.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    assert verify_bundle(path, "", law).holds
    report = verify_bundle(path, corrected.root.public.fingerprint, law)
    assert [failure.record for failure in report.failures] == ["root key"]
