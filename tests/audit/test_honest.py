"""Bundles that were made in good faith hold, whatever way they came about."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from suffrage.audit import Report, verify_bundle
from suffrage.election import Decision, DecisionKind, Election, Kind
from suffrage.protocols.keys import SigningKey
from suffrage.protocols.store import FOLDER, read_store, write_store
from suffrage.returns import Return
from tests.audit.bundles import COMMITTEES, RECOUNT, SAID, Original, Seal
from tests.protocols.made import (
    EVERY,
    RETURNS,
    Made,
    bundled,
    published,
    redraw_folder,
    republic,
    sign_all,
    without,
    write_election,
)


def later(
    made: Made, election: Election, returns: Sequence[Return], keys: Sequence[SigningKey] | None = None
) -> Report:
    """Another drawing of a folder, signed by some or all, bundled and verified."""
    write_election(made.folder, election, returns)
    store = sign_all(redraw_folder(made.folder), made.roster, election, made.keys if keys is None else keys)
    write_store(store, made.folder)
    bundled(made.folder, made.bundle, election)
    return verify_bundle(made.bundle, made.root.public.fingerprint, "ussr-1937")


def test_an_election_with_all_there_is(original: Original) -> None:
    report = verify_bundle(original.made.bundle, original.fingerprint, "ussr-1937")
    assert report.failures == ()
    assert dict(report.checked) == {"files": 14, "returns counted": 13, "protocols": 24, "signatures": 111}
    assert (report.title, report.kind, report.root) == ("Election of a republic", "demo", original.fingerprint)


def test_a_replay(replayed: Original) -> None:
    report = verify_bundle(replayed.made.bundle, replayed.fingerprint)
    assert report.failures == ()
    assert dict(report.checked)["signatures"] == dict(report.checked)["protocols"] == 24


def test_it_does_not_matter_how_the_files_are_zipped(original: Original, tmp_path: Path) -> None:
    bundle = original.bundle.copy()
    bundle.sealed(Seal.LEFT)
    bundle.files = dict(reversed(bundle.files.items()))
    assert verify_bundle(bundle.zipped(tmp_path / "b.zip"), original.fingerprint).holds


@pytest.mark.parametrize("kind", [Kind.REAL, Kind.REHEARSAL, Kind.DEMO, Kind.REPLAY])
def test_every_kind_of_election(tmp_path: Path, kind: Kind) -> None:
    made = published(tmp_path, republic(kind=kind), statements=SAID)
    assert verify_bundle(made.bundle, made.root.public.fingerprint).failures == ()


@pytest.mark.parametrize("law", ["ussr-1989", "france-assembly", "plurality", "vietnam-2015", "party-1937"])
def test_every_way_of_signing(tmp_path: Path, law: str) -> None:
    made = published(tmp_path, republic(law), RETURNS, committees=COMMITTEES)
    assert verify_bundle(made.bundle, made.root.public.fingerprint, law).failures == ()


def test_returns_that_came_in_later(tmp_path: Path) -> None:
    made = published(tmp_path, returns=without(RETURNS, "p2", "p5", "d3"), committees=COMMITTEES)
    assert verify_bundle(made.bundle).failures == ()
    assert later(made, made.election, without(RETURNS, "p5")).failures == ()
    assert later(made, made.election, RETURNS).failures == ()
    assert later(made, made.election, EVERY).failures == ()
    store = read_store(made.folder)
    assert store is not None
    assert len(store.replaced) > 8


def test_a_correction_of_a_correction(tmp_path: Path) -> None:
    made = published(tmp_path, returns=RETURNS, committees=COMMITTEES)
    assert later(made, republic(decisions=RECOUNT), RETURNS).failures == ()
    # Of two decisions about a figure the later one holds.
    again = [replace(RECOUNT[0], id="s1", figure=38), replace(RECOUNT[1], id="s2", figure=12)]
    withdrawn = Decision("w", DecisionKind.WITHDRAW, "d2", candidate="d2-c", reason="moved away")
    assert later(made, republic(decisions=[*RECOUNT, *again, withdrawn]), RETURNS).failures == ()


def test_a_protocol_replaced_before_all_had_signed_it(tmp_path: Path) -> None:
    """One member had signed, then came the correction: the old one is kept, though it was never whole."""
    made = published(tmp_path, returns=RETURNS, committees=COMMITTEES)
    shutil.rmtree(made.folder / FOLDER)
    one = made.members["p1"][0][1]
    write_store(sign_all(redraw_folder(made.folder), made.roster, made.election, [one]), made.folder)
    assert later(made, republic(decisions=RECOUNT), RETURNS).failures == ()


def test_no_more_signatures_than_the_law_asks_for(tmp_path: Path) -> None:
    made = published(tmp_path, returns=RETURNS, committees=COMMITTEES)
    shutil.rmtree(made.folder / FOLDER)
    most = [key for committee in made.members.values() for _, key in committee[: len(committee) // 2 + 1]]
    assert later(made, made.election, RETURNS, most).failures == ()
    shutil.rmtree(made.folder / FOLDER)
    found = later(made, made.election, RETURNS, most[1:]).failures
    assert {failure.record for failure in found} == {
        str(name)
        for name in (read_store(made.folder) or pytest.fail("no store")).in_force
        if name.unit in ("", "south", "d3", "hills")
    }
