"""The law in a bundle: whether it is the built-in one is said, demanded with an id, and never taken from elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from suffrage.audit import verify_bundle
from suffrage.count.folder import count_folder
from suffrage.election import Kind
from suffrage.errors import WRONG_USE, LawError
from suffrage.law import parse_statute, statute_text
from suffrage.protocols.bundle import write_bundle
from suffrage.protocols.draw import draw
from suffrage.protocols.keys import SigningKey
from suffrage.protocols.roster import parse_roster, replay_roster
from suffrage.protocols.store import Store, redrawn, signed_by, write_files
from tests.audit.bundles import ATTACKER, LAW, Original, Seal
from tests.protocols.made import EVERY, republic, write_election

TEXT = statute_text("ussr-1937")


def replay_under(law: bytes, folder: Path, key: SigningKey = ATTACKER, name: str = "ussr-1937") -> Path:
    """A replay of the republic under any law, drawn and signed throughout by one key."""
    election = republic(name, Kind.REPLAY)
    home = write_election(folder / "election", election, EVERY)
    counted = count_folder(home, own=parse_statute(law.decode("utf-8-sig"), LAW), every_return=True)
    roster = replay_roster(election, key.public)
    store, _ = signed_by(redrawn(Store(), draw(counted, law)), key, parse_roster(roster), election)
    protocols = folder / "protocols"
    protocols.mkdir()
    write_files(store, protocols)
    path = folder / "bundle.zip"
    write_bundle(path, election, home, law, (roster, key.sign(roster)), protocols, key)
    return path


def test_the_built_in_law_is_known_and_may_be_demanded(original: Original) -> None:
    report = verify_bundle(original.made.bundle, original.fingerprint, "ussr-1937")
    assert report.holds
    assert report.law == "ussr-1937: equal to the law that comes with suffrage"


def test_another_law_may_not_be_demanded(original: Original) -> None:
    report = verify_bundle(original.made.bundle, "", "france-assembly")
    [failure] = report.failures
    assert failure.record == LAW
    assert "is not the law france-assembly that comes with suffrage" in failure.reason


def test_a_law_that_nobody_knows_cannot_be_demanded(original: Original) -> None:
    with pytest.raises(LawError) as error:
        verify_bundle(original.made.bundle, "", "utopia-1516")
    assert error.value.exit_code == WRONG_USE


def test_a_changed_law_holds_in_itself_and_is_said(original: Original, tmp_path: Path) -> None:
    """Everything counted, drawn and signed under a law with one number changed, by somebody with a key of their own."""
    law = TEXT.replace(b'more_than = { value = "1/2"', b'more_than = { value = "1/3"')
    assert law != TEXT
    path = replay_under(law, tmp_path)
    report = verify_bundle(path)
    assert report.holds
    assert report.law.startswith("ussr-1937: not equal to the law ussr-1937 that comes with suffrage (")
    assert [failure.record for failure in verify_bundle(path, original.fingerprint).failures] == ["root key"]
    assert [failure.record for failure in verify_bundle(path, "", "ussr-1937").failures] == [LAW]
    both = verify_bundle(path, original.fingerprint, "ussr-1937")
    assert [failure.record for failure in both.failures] == ["root key", LAW]


def test_a_law_with_another_note_is_not_equal(tmp_path: Path) -> None:
    law = TEXT.replace(b'certainty = "secondary"', b'certainty = "read"').replace(b"title = ", b'title = "A" # ', 1)
    parts = parse_statute(TEXT.decode(), LAW), parse_statute(law.decode(), LAW)
    assert parts[0] != parts[1]
    report = verify_bundle(replay_under(law, tmp_path), "", "ussr-1937")
    assert "no rule differs, but title, notes or articles do" in report.law
    assert [failure.record for failure in report.failures] == [LAW]


def test_comments_and_a_byte_order_mark_make_no_other_law(tmp_path: Path) -> None:
    report = verify_bundle(replay_under(b"\xef\xbb\xbf# A comment\n" + TEXT, tmp_path), "", "ussr-1937")
    assert report.failures == ()


def test_a_law_of_ones_own_is_said_to_be_none_of_ours(tmp_path: Path) -> None:
    law = TEXT.replace(b'id = "ussr-1937"', b'id = "our-law"')
    path = replay_under(law, tmp_path, name="our.toml")
    report = verify_bundle(path)
    assert report.holds
    assert report.law == "our-law: none of the laws that come with suffrage"
    assert not verify_bundle(path, "", "ussr-1937").holds


def test_a_law_under_the_name_of_another_is_named(tmp_path: Path) -> None:
    law = TEXT.replace(b'id = "ussr-1937"', b'id = "ussr-1938"')
    [failure] = verify_bundle(replay_under(law, tmp_path)).failures
    assert str(failure) == "law.toml: is ussr-1938, but election.toml names ussr-1937"


def test_a_law_is_never_completed_with_files_from_here(
    original: Original, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bundle that needed a file of the machine that verifies would count otherwise on another machine."""
    (tmp_path / "beneath.toml").write_bytes(TEXT)
    monkeypatch.chdir(tmp_path)
    for name in ("beneath.toml", str(tmp_path / "beneath.toml"), "../beneath.toml"):
        bundle = original.bundle.copy()
        bundle.files[LAW] = f'extends = "{name}"\nid = "ussr-1937"\n'.encode()
        bundle.sealed(Seal.TRUE)
        first = verify_bundle(bundle.zipped(tmp_path / "b.zip"), original.fingerprint).failures[0]
        assert (first.record, "which no bundle holds" in first.reason) == (LAW, True)


def test_a_law_may_extend_one_that_comes_with_suffrage(tmp_path: Path) -> None:
    assert verify_bundle(replay_under(b'extends = "ussr-1937"\nid = "ussr-1937"\n', tmp_path), "", "ussr-1937").holds
