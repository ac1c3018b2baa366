"""The protocols of France 2022 added up by DuckDB, which knows nothing of this program: they give the centre's."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import duckdb
import orjson
import pytest

from suffrage.audit import verify_bundle
from suffrage.protocols.publish import publish
from tests.protocols.made import key

FOLDER = Path(__file__).parents[2] / "examples" / "france-2022"
FIELDS = ("registered", "took_part", "blank", "void", "valid")


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("published")
    publish(FOLDER, out, key("root"), "none")
    return out / "bundle.zip"


def rows(database: duckdb.DuckDBPyConnection, query: str) -> list[tuple[Any, ...]]:
    return database.execute(query).fetchall()


@pytest.mark.slow
def test_sums_and_hashes_of_another_program_are_those_of_the_protocols(bundle: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(tmp_path)
    path = tmp_path / "protocols" / "protocols.jsonl"
    database = duckdb.connect()
    database.execute(
        f"create table line as select column0 as text from read_csv('{path}', header = false, delim = '\x01', "
        "quote = '', escape = '', max_line_size = 10000000)"
    )
    database.execute(
        "create table protocol as select sha256(text) as sha, text->>'level' as level, "
        "(text->>'ballot')::int as ballot, "
        "text->>'$.contest.id' as contest, text->'figures' as figures, text->'votes' as votes, "
        "(text->'below')::json::varchar[] as below, text->'contests' as contests from line"
    )
    [(districts,)] = rows(database, "select count(*) from protocol where level = 'district' and ballot = 1")
    assert districts == 577
    for field in FIELDS:
        leaves = rows(
            database,
            f"select ballot, sum((figures->>'{field}')::bigint) from protocol where level = 'district' "
            "group by ballot order by ballot",
        )
        centre = rows(
            database,
            f"select ballot, (figures->>'{field}')::bigint from protocol where level = 'centre' order by ballot",
        )
        assert leaves == centre
        assert len(centre) == 2
    # Whatever sums up names those that are there, each once, and is their sum.
    linked = "select p.sha as above, unnest(p.below) as sha from protocol p where len(p.below) > 0"
    [(named, found, once)] = rows(
        database,
        f"select count(*), count(q.sha), count(distinct l.sha) from ({linked}) l left join protocol q using (sha)",
    )
    assert named == found == once > 577
    wrong = rows(
        database,
        f"select l.above from ({linked}) l join protocol q using (sha) join protocol p on p.sha = l.above "
        "group by l.above having sum((q.figures->>'valid')::bigint) <> any_value((p.figures->>'valid')::bigint)",
    )
    assert wrong == []


@pytest.mark.slow
def test_the_table_of_returns_is_what_the_districts_say(bundle: Path, tmp_path: Path) -> None:
    """Row by row: the figures that were published by the state, and those in the protocols of the bundle."""
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(tmp_path)
    table = next((tmp_path / "election").glob("returns.*"))
    database = duckdb.connect()
    reported = {
        (unit, ballot): figures
        for unit, ballot, *figures in rows(
            database, f"select unit, ballot, {', '.join(FIELDS)} from read_csv('{table}', all_varchar = true)"
        )
    }
    said = {}
    for line in (tmp_path / "protocols" / "protocols.jsonl").read_bytes().splitlines():
        record = orjson.loads(line)
        if record["level"] == "district":
            said[record["unit"]["id"], str(record["ballot"])] = [str(record["figures"][field]) for field in FIELDS]
    assert said == reported
    assert len(said) > 1100


@pytest.mark.slow
def test_the_bundle_holds_and_one_vote_of_many_millions_does_not(bundle: Path, tmp_path: Path) -> None:
    fingerprint = key("root").public.fingerprint
    assert verify_bundle(bundle, fingerprint, "france-assembly").failures == ()
    with zipfile.ZipFile(bundle) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    lines = files["protocols/protocols.jsonl"].splitlines(keepends=True)
    record = orjson.loads(lines[700])
    number = record["votes"][0]["votes"]
    lines[700] = lines[700].replace(b'"votes":%d}' % number, b'"votes":%d}' % (number + 1), 1)
    files["protocols/protocols.jsonl"] = b"".join(lines)
    path = tmp_path / "changed.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    first = verify_bundle(path, fingerprint).failures[0]
    assert first.record.endswith("(protocols.jsonl, line 701)")
    assert first.reason == f"votes.{record['votes'][0]['candidate']} is {number + 1}, counted {number}"
