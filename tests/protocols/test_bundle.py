"""The bundle: the same bytes of the same files, and a signed manifest that knows every one of them."""

from __future__ import annotations

import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

from suffrage.election import Kind
from suffrage.errors import CountError
from suffrage.law import built_in, built_in_ids, statute_text
from suffrage.protocols.canonical import strict_json
from suffrage.protocols.roster import committee_of, lacking
from tests.elections import deciding
from tests.protocols.made import EVERY, Made, bundled, holds, key, published, republic

STATEMENTS = "kind,contest,by,text\ncomplaint,d1,Orlova,A late opening\n"
SEALS = {"manifest.json", "manifest.sig"}
ALWAYS = {
    "law.toml", "roster.jsonl", "roster.sig", "election/election.toml", "election/units.csv",
    "election/candidates.csv", "election/returns.csv", "protocols/protocols.jsonl", "protocols/replaced.jsonl",
    "protocols/signatures.jsonl",
}  # fmt: skip


@pytest.fixture(scope="module", params=[Kind.DEMO, Kind.REPLAY])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    return published(tmp_path_factory.mktemp("published"), republic(kind=request.param))


def contents(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_it_holds_all_that_is_needed_and_nothing_else(made: Made) -> None:
    with zipfile.ZipFile(made.bundle) as archive:
        names = archive.namelist()
    assert len(names) == len(set(names))
    assert set(names) == ALWAYS | SEALS


def test_decisions_and_statements_are_in_it(tmp_path: Path) -> None:
    election = republic(decisions=[deciding("withdraw", "d2", id="w", candidate="d2-c")])
    files = contents(published(tmp_path, election, statements=STATEMENTS).bundle)
    assert set(files) == ALWAYS | SEALS | {"election/decisions.csv", "election/statements.csv"}
    assert files["election/statements.csv"].decode() == STATEMENTS


def test_files_are_those_of_the_folder_byte_for_byte(made: Made) -> None:
    files = contents(made.bundle)
    for name, data in files.items():
        if name.startswith("election/"):
            assert data == (made.folder / name.removeprefix("election/")).read_bytes()
        elif name.startswith(("protocols/", "roster")):
            assert data == (made.folder / name).read_bytes()
    assert files["law.toml"] == made.law == statute_text("ussr-1937")


def test_the_manifest_knows_every_file(made: Made) -> None:
    files = contents(made.bundle)
    manifest = strict_json(files["manifest.json"])
    assert manifest["format"] == "suffrage-bundle/1"
    assert manifest["election"] == {"id": "republic", "title": "Election of a republic"}
    assert (manifest["kind"], manifest["root"]) == (made.election.kind.value, made.root.public.key)
    assert {entry["path"] for entry in manifest["files"]} == files.keys() - SEALS
    for entry in manifest["files"]:
        data = files[entry["path"]]
        assert entry == {"path": entry["path"], "sha256": sha256(data).hexdigest(), "size": len(data)}


def test_the_root_key_signs_manifest_and_roster(made: Made) -> None:
    files = contents(made.bundle)
    root = made.root.public.key
    assert holds(root, files["manifest.sig"].decode(), files["manifest.json"])
    assert holds(root, files["roster.sig"].decode(), files["roster.jsonl"])
    assert not holds(key("other").public.key, files["manifest.sig"].decode(), files["manifest.json"])
    assert made.roster.root == root


def test_every_protocol_in_it_is_signed_as_the_law_says(made: Made) -> None:
    law = built_in("ussr-1937")
    for identity, protocol in made.store.in_force.items():
        pairs = made.store.signatures[protocol.sha256]
        committee = committee_of(made.roster, made.election, identity.unit)
        assert lacking(law, made.roster.kind, committee, [public for public, _ in pairs]) == ""
        assert all(holds(public, signature, protocol.text) for public, signature in pairs)


def test_the_same_files_give_the_same_bytes(made: Made, tmp_path: Path) -> None:
    again = bundled(made.folder, tmp_path / "again.zip", made.election)
    assert again.read_bytes() == made.bundle.read_bytes()


def test_the_same_election_gives_the_same_bytes(tmp_path: Path) -> None:
    one, two = (published(tmp_path / name) for name in "ab")
    assert one.bundle.read_bytes() == two.bundle.read_bytes()


def test_nothing_in_it_tells_when_or_where_it_was_made(made: Made) -> None:
    with zipfile.ZipFile(made.bundle) as archive:
        for entry in archive.infolist():
            assert entry.date_time == (1980, 1, 1, 0, 0, 0)
            assert entry.external_attr >> 16 == 0o644
            assert not entry.comment
            assert not entry.filename.startswith("/")
        assert not archive.comment


def test_no_secret_is_in_it(made: Made) -> None:
    data = b"".join(contents(made.bundle).values())
    for member in (*made.keys, made.root):
        raw = member._secret.private_bytes_raw()
        assert raw not in data
        assert raw.hex().encode() not in data


def test_the_law_is_in_it_even_if_it_came_with_the_program(made: Made) -> None:
    assert made.election.law in built_in_ids()
    assert contents(made.bundle)["law.toml"] == made.law


def test_a_law_beside_the_election_is_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "election"
    folder.mkdir()
    text = statute_text("ussr-1937").replace(b'title = "', b'title = "Own ', 1)
    (folder / "own.toml").write_bytes(text)
    made = published(tmp_path, republic(law="own.toml"))
    assert contents(made.bundle)["law.toml"] == text
    record = next(iter(made.store.in_force.values())).record
    assert record["law"]["sha256"] == sha256(text).hexdigest()


def test_without_figures_there_is_no_bundle(tmp_path: Path) -> None:
    made = published(tmp_path, returns=EVERY)
    (made.folder / "returns.csv").unlink()
    with pytest.raises(CountError, match="one file of figures"):
        bundled(made.folder, tmp_path / "other.zip", made.election)
