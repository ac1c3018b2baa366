"""Signatures made where the key is: the service that asks for them never has it."""

from __future__ import annotations

import shutil
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from suffrage.audit import verify_bundle
from suffrage.election import Kind
from suffrage.errors import ProtocolError
from suffrage.protocols.bundle import write_bundle
from suffrage.protocols.elsewhere import SignedElsewhere, UnsignedManifest, with_signatures
from suffrage.protocols.publish import publish
from suffrage.protocols.store import FOLDER, Store, signed_by, write_store
from tests.elections import deciding
from tests.protocols.made import (
    EVERY,
    RETURNS,
    Made,
    again,
    at,
    holds,
    key,
    members_of,
    published,
    republic,
    roster,
    sign_all,
    write_election,
)

ELECTION = republic()
ROOT = key("root")
WHEN = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return published(tmp_path_factory.mktemp("published"))


def sealed(made: Made) -> tuple[bytes, str]:
    return (made.folder / "roster.jsonl").read_bytes(), (made.folder / "roster.sig").read_text()


def to_sign(made: Made, path: Path, signer: SignedElsewhere) -> bytes:
    """What the holder of the root key is asked to sign."""
    with pytest.raises(UnsignedManifest) as asked:
        write_bundle(path, made.election, made.folder, made.law, sealed(made), made.folder / FOLDER, signer)
    return asked.value.data


# The manifest


def test_a_bundle_signed_elsewhere_is_the_one_signed_here(made: Made, tmp_path: Path) -> None:
    path = tmp_path / "bundle.zip"
    data = to_sign(made, path, SignedElsewhere(ROOT.public))
    assert data == to_sign(made, path, SignedElsewhere(ROOT.public))
    with pytest.raises(UnsignedManifest) as asked:
        SignedElsewhere(ROOT.public).sign(data)
    signer = SignedElsewhere(ROOT.public, {asked.value.sha256: ROOT.sign(data)})
    write_bundle(path, made.election, made.folder, made.law, sealed(made), made.folder / FOLDER, signer)
    assert path.read_bytes() == made.bundle.read_bytes()
    assert holds(ROOT.public.key, ROOT.sign(data), zipfile.ZipFile(path).read("manifest.json"))


def test_a_signature_of_other_bytes_or_of_another_key_is_not_taken(made: Made, tmp_path: Path) -> None:
    path = tmp_path / "bundle.zip"
    data = to_sign(made, path, SignedElsewhere(ROOT.public))
    sha = UnsignedManifest(data, ROOT.public).sha256
    # One that was made of an older manifest is asked for anew; what claims to be of this one must hold.
    assert to_sign(made, path, SignedElsewhere(ROOT.public, {"0" * 64: ROOT.sign(data)})) == data
    for wrong in (key("other").sign(data), ROOT.sign(data + b" "), ROOT.sign(data).upper(), "", "\N{SNOWMAN}"):
        with pytest.raises(ProtocolError, match="does not hold") as refused:
            SignedElsewhere(ROOT.public, {sha: wrong}).sign(data)
        assert not isinstance(refused.value, UnsignedManifest)


@pytest.mark.slow
def test_a_publication_waits_for_its_signature_and_then_holds(made: Made, tmp_path: Path) -> None:
    first, second, here = (tmp_path / name for name in ("first", "second", "here"))
    for out in (first, second, here):
        out.mkdir()
    with pytest.raises(UnsignedManifest) as asked:
        publish(made.folder, first, SignedElsewhere(ROOT.public), generated=WHEN)
    assert {path.name for path in first.iterdir()} <= {"bundle.zip", "protocols"}, "no paper was set in vain"
    signer = SignedElsewhere(ROOT.public, {asked.value.sha256: ROOT.sign(asked.value.data)})
    told = publish(made.folder, second, signer, "none", generated=WHEN)
    assert told == publish(made.folder, here, ROOT, "none", generated=WHEN)
    files = sorted(path.relative_to(here) for path in here.rglob("*") if path.is_file())
    assert files == sorted(path.relative_to(second) for path in second.rglob("*") if path.is_file())
    assert len(files) > 10
    for file in files:
        assert (here / file).read_bytes() == (second / file).read_bytes(), file
    assert b"2030-01-02T03:04:05" in (second / "data" / "results.nist.json").read_bytes()
    assert verify_bundle(second / "bundle.zip", ROOT.public.fingerprint).failures == ()


def test_another_set_of_signatures_makes_another_manifest(made: Made, tmp_path: Path) -> None:
    folder = tmp_path / "election"
    shutil.copytree(made.folder, folder)
    sha = at(made.store, "precinct", "p1", "d1").sha256
    asked: dict[int, ProtocolError] = {}
    for number in (4, 3, 2):
        signatures = {**made.store.signatures, sha: made.store.signatures[sha][:number]}
        write_store(replace(made.store, signatures=signatures), folder)
        out = tmp_path / str(number)
        out.mkdir()
        with pytest.raises(ProtocolError) as error:
            publish(folder, out, SignedElsewhere(ROOT.public), "none")
        asked[number] = error.value
    assert isinstance(asked[4], UnsignedManifest)
    assert isinstance(asked[3], UnsignedManifest)
    assert asked[4].data != asked[3].data
    assert "is not signed as the law says" in str(asked[2])


def test_a_replay_without_a_roster_needs_its_replayer(tmp_path: Path) -> None:
    folder = write_election(tmp_path / "election", republic(kind=Kind.REPLAY), EVERY)
    (tmp_path / "out").mkdir()
    with pytest.raises(ProtocolError, match="replayer's own key"):
        publish(folder, tmp_path / "out", SignedElsewhere(ROOT.public), "none")


# Protocols


def test_signatures_made_elsewhere_are_those_made_here() -> None:
    members = members_of()
    made, store = roster(ELECTION, members), again(Store(), ELECTION, EVERY)
    for unit, role in (("d1", 0), ("", 1), ("p4", 0)):
        member = members[unit][role][1]
        here, number = signed_by(store, member, made, ELECTION)
        signatures = {sha: here.signatures[sha][-1][1] for sha in here.signatures.keys() - store.signatures.keys()}
        there, new = with_signatures(store, made, ELECTION, member.public.key, signatures)
        assert new == number == len(signatures) > 0
        assert there == here
        assert with_signatures(there, made, ELECTION, member.public.key, signatures) == (there, 0)


def test_a_second_member_stands_behind_the_first() -> None:
    members = members_of()
    made, store = roster(ELECTION, members), again(Store(), ELECTION, EVERY)
    precinct = at(store, "precinct", "p4", "d2")
    for _, member in members["p4"]:
        signed = {precinct.sha256: member.sign(precinct.text)}
        store, new = with_signatures(store, made, ELECTION, member.public.key, signed)
        assert new == 1
    assert [public for public, _ in store.signatures[precinct.sha256]] == [
        member.public.key for _, member in members["p4"]
    ]


def test_all_of_them_or_none() -> None:
    members = members_of()
    made, store = roster(ELECTION, members), again(Store(), ELECTION, RETURNS)
    (_, chair), *_ = members["p1"]
    mine, others = at(store, "precinct", "p1", "d1"), at(store, "precinct", "p4", "d2")
    given = {
        mine.sha256: chair.sign(mine.text + b" "),
        others.sha256: chair.sign(others.text),
        "f" * 64: chair.sign(b""),
    }
    with pytest.raises(ProtocolError) as refused:
        with_signatures(store, made, ELECTION, chair.public.key, given)
    said = [str(problem) for problem in refused.value.problems]
    assert len(said) == 3
    assert f"{others.identity}: the key is not on its committee" in said[0]
    assert "is no protocol in force" in said[1]
    assert f"{mine.identity}: the signature does not hold" in said[2]


@pytest.mark.parametrize("wrong", ["", "00", "\N{SNOWMAN}", "g" * 128, "0" * 128])
def test_what_is_no_signature_does_not_hold(wrong: str) -> None:
    members = members_of()
    made, store = roster(ELECTION, members), again(Store(), ELECTION, EVERY)
    public = members["p1"][0][1].public.key
    with pytest.raises(ProtocolError, match="does not hold"):
        with_signatures(store, made, ELECTION, public, {at(store, "precinct", "p1", "d1").sha256: wrong})


def test_a_replaced_protocol_takes_no_more_signatures() -> None:
    members = members_of()
    made = roster(ELECTION, members)
    before = sign_all(again(Store(), ELECTION, RETURNS), made, ELECTION, [members[""][0][1]])
    decision = deciding("correct", "d3", id="c", unit="d3", candidate="d3-c", figure=2, reason="a miscount")
    corrected = republic(decisions=[decision])
    after = again(before, corrected, RETURNS)
    late, old = members[""][1][1], at(before, "centre")
    assert old.sha256 != at(after, "centre").sha256
    with pytest.raises(ProtocolError, match="has been replaced"):
        with_signatures(after, made, corrected, late.public.key, {old.sha256: late.sign(old.text)})
