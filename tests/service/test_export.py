"""The export is the one model: the commands make of it, byte for byte, what the service has made."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from suffrage.audit import verify_bundle
from suffrage.election.folder import read_folder
from suffrage.protocols.keys import fingerprint
from suffrage.protocols.publish import BUNDLE
from suffrage.service import folders
from suffrage.service.acts import results
from suffrage.service.demo.officials import open_urns, sign_everything
from suffrage.service.demo.way import Played
from suffrage.service.export import as_model, write_export
from suffrage.service.models import Election
from tests.service.voting import Booth, over

pytestmark = pytest.mark.slow


def command(*arguments: object) -> str:
    done = subprocess.run(
        [sys.executable, "-c", "from suffrage.cli import main; main()", *map(str, arguments)],
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


@pytest.fixture
def opened(held: Callable[..., Played]) -> tuple[Played, Election]:
    """An election whose urns are opened."""
    played = held()
    booth = Booth(played)
    for contest in ("chair", "north-seat", "south-seat"):
        urn = booth.urn(contest)
        for number, elector in enumerate(booth.electors(urn)[:14]):
            booth.cast(urn, booth.seal(urn, elector, None if number == 13 else number % 2))
    over(played)
    election = Election.objects.get(pk=played.election.pk)
    open_urns(election, played.trustees, 1)
    return played, election


def protocols(folder: Path) -> dict[str, bytes]:
    found = {str(path.relative_to(folder)): path.read_bytes() for path in sorted((folder / "protocols").rglob("*"))
             if path.is_file()}  # fmt: skip
    assert found
    return found


def test_the_folder_says_what_the_service_says(opened: tuple[Played, Election]) -> None:
    _, election = opened
    folder = write_export(election)
    assert read_folder(folder) == as_model(election)
    # Written again, nothing of it is another.
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert write_export(election) == folder
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_a_draft_can_be_exported_too(held: Callable[..., Played]) -> None:
    election = held().election
    folder = write_export(election)
    assert read_folder(folder) == as_model(election)
    assert (folder / "urns.csv").read_text().splitlines() == ["contest,ballot,unit,archive"]


def test_the_commands_draw_the_same_protocols(opened: tuple[Played, Election], tmp_path: Path) -> None:
    played, election = opened
    export = tmp_path / "exported"
    shutil.copytree(write_export(election), export)
    store = results.draw(played.secretary.user, election)
    command("protocols", "draw", export)
    assert protocols(export) == protocols(folders.election_folder(election.slug))
    counted = command("count", export)
    for item in results.counted(election).contests:
        assert item.contest.name in counted
    assert len(store.in_force) >= 3


def test_what_is_published_verifies_by_the_command(opened: tuple[Played, Election]) -> None:
    played, election = opened
    results.draw(played.secretary.user, election)
    sign_everything(election, played.committee)
    results.prepare_publication(played.secretary.user, election)
    sign_everything(election, played.committee)
    published = results.publish_results(played.secretary.user, election)
    root = fingerprint(election.root_key)
    assert verify_bundle(published / BUNDLE, root).holds
    command("verify", published / BUNDLE, "--root", root)
    pages = list(published.rglob("*.html"))
    assert any("ORLOVA" in page.read_text() for page in pages)


def test_nothing_signed_is_drawn_anew(opened: tuple[Played, Election]) -> None:
    played, election = opened
    results.draw(played.secretary.user, election)
    sign_everything(election, played.committee)
    before = protocols(folders.election_folder(election.slug))
    results.draw(played.secretary.user, election)
    assert protocols(folders.election_folder(election.slug)) == before
    assert results.missing_signatures(election) == []
