"""An election with sealed ballots from the command line, from the first file to the result."""

from __future__ import annotations

import json
import signal
import stat
import subprocess
import tarfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from suffrage import _core
from suffrage.belenios.urn import open_urn
from tests.audit.urns import official
from tests.belenios.official import needs_official, unpack_official

from .conftest import Run, process
from .office import RESULT, SECRETS, UUID, Office, alone, ceremony, result_said, vote

Start = Callable[..., subprocess.Popen[str]]


def test_one_trustee_from_the_first_file_to_the_result(urn: Office, run: Run) -> None:
    for pattern in (*SECRETS, "private_creds.json"):
        assert all(stat.S_IMODE(file.stat().st_mode) == 0o400 for file in urn.folder.glob(pattern))
    urn("check-credentials", urn.urn, "--codes", urn.path("private_creds.json"), said="5 codes, and exactly their")
    checked = urn("trustee", "check", urn.urn, said="trustee 1 (server)")
    assert urn.one("*.privkey").stem in checked.out
    vote(urn)
    urn("close", urn.urn, "--yes", said="Closed. 4 ballots will be counted, of 5 ballots cast.")
    key, partial = urn.one("*.privkey"), urn.path("partial.json")
    urn("decrypt", urn.urn, "--key", key, "--out", partial, said="Decrypted by trustee 1 (server).")
    done = urn("result", urn.urn, "--partial", partial)
    assert RESULT in result_said(done)
    verified = run("verify", urn.urn)
    assert verified.code == 0, verified.err


@pytest.mark.slow
def test_a_threshold_and_a_trustee_who_is_always_needed(office: Office, run: Run) -> None:
    office.lists()
    office("trustee", "single", "--name", "server", "--out", office.folder)
    files = ceremony(office, ("Anna", "Boris", "Clara"), 2)
    made = office.set_up("--trustee", office.one("*.pubkey"), "--threshold", office.path("threshold.json"))
    assert "trustee 1 (server), always needed" in made.out
    assert "2 of the 3 of the threshold group are enough" in made.out
    checked = office("trustee", "check", office.urn)
    assert f"trustee 4 (Clara), {files[2][0].stem}" in checked.out
    vote(office)
    office("close", office.urn, "--yes")
    for index, (key, share) in enumerate(files):
        out = office.path(f"partial-{index}")
        office("decrypt", office.urn, "--key", key, "--share", share, "--out", out, said=f"trustee {index + 2}")
    key, share = files[0][0], files[1][1]
    office("decrypt", office.urn, "--key", key, "--share", share, "--out", office.path("wrong"), code=1)
    office("decrypt", office.urn, "--key", key, "--out", office.path("wrong"), code=1)
    few = office("result", office.urn, "--partial", office.path("partial-2"))
    assert "still missing: trustee 1 (server); 1 of trustee 2 (Anna), trustee 3 (Boris)." in few.out
    office("result", office.urn, "--partial", office.path("partial-2"), code=1, said="has decrypted already")
    office("result", office.urn, "--partial", office.path("partial-0"), said="missing: trustee 1 (server).")
    server = office.path("server")
    office("decrypt", office.urn, "--key", office.one("*.privkey"), "--out", server)
    assert RESULT in result_said(office("result", office.urn, "--partial", server))
    office("result", office.urn, "--partial", office.path("partial-1"), code=1)
    assert run("verify", office.urn).code == 0


@pytest.mark.slow
def test_each_step_as_a_process_of_its_own(tmp_path: Path, run_apart: Run) -> None:
    office = Office(tmp_path, run_apart)
    alone(office)
    office.path("choice").write_text("x")
    sealing = process(
        "belenios", "ballot", office.urn, "--code-file", "-", "--choose", "Ada", "--choose", "No",
        "--out", office.path("b"), stdin=-1,
    )  # fmt: skip
    out, err = sealing.communicate(office.codes["eve"] + "\n", timeout=60)
    assert (sealing.returncode, err) == (0, "")
    assert office.codes["eve"] not in out
    office("cast", office.urn, office.path("b"))
    office("close", office.urn, "--yes")
    office("decrypt", office.urn, "--key", office.one("*.privkey"), "--out", office.path("p"))
    assert "Ada 1 Bob 0 Cleo 0" in result_said(office("result", office.urn, "--partial", office.path("p")))
    office.tells_no_secret()


def test_weights_count(office: Office) -> None:
    office.path("e.csv").write_text("id,weight\nada,3\nbob,1\n")
    office.path("q.toml").write_text("title = 'T'\n[[question]]\ntext = 'Q'\nanswers = ['A', 'B']\n")
    office("credentials", "--uuid", UUID, "--electors", office.path("e.csv"), "--out", office.folder)
    office("trustee", "single", "--out", office.folder)
    office(
        "setup", "--uuid", UUID, "--question", office.path("q.toml"), "--trustee", office.one("*.pubkey"),
        "--credentials", office.path("public_creds.json"), "--out", office.folder,
    )  # fmt: skip
    office("cast", office.urn, office.seal("ada", "--choose", "A"), office.seal("bob", "--choose", "B"))
    office("close", office.urn, "--yes")
    office("decrypt", office.urn, "--key", office.one("*.privkey"), "--out", office.path("p"))
    assert "A 3 B 1" in result_said(office("result", office.urn, "--partial", office.path("p")))


@pytest.mark.slow
@pytest.mark.parametrize("after", [0.0, 0.3, 0.6, 0.9, 1.2])
def test_an_interrupted_cast_casts_all_or_nothing(urn: Office, start: Start, after: float) -> None:
    election = open_urn(urn.urn).election
    ballots = urn.path("many.jsons")
    code = urn.codes["ada"]
    ballots.write_bytes(b"".join(election.seal(code, [[1, 0, 0], [1, 0, 0, 0]]) + b"\n" for _ in range(400)))
    before = urn.urn.read_bytes()
    started = start("belenios", "cast", urn.urn, ballots)
    time.sleep(after)
    started.send_signal(signal.SIGINT)
    _, err = started.communicate(timeout=60)
    report = _core.audit_archive(urn.urn)
    assert report.failures == []
    if started.returncode == 0:
        assert report.ballots == 400
    else:
        assert urn.urn.read_bytes() == before
        assert started.returncode in (130, -signal.SIGINT), err


@needs_official
@pytest.mark.slow
def test_an_election_begun_with_the_official_tool_is_finished_here(office: Office, run: Run) -> None:
    folder = unpack_official(office.folder) / "b2"
    archive = official(office.folder, "b2", "open")
    codes = json.loads((folder / "private_creds.json").read_bytes())
    office("check-credentials", archive, "--codes", folder / "private_creds.json", said="70 codes")
    there = {json.loads(record)["message"]["credential"] for record in ballots_in(archive)}
    code = next(code for code in codes.values() if _core.public_credential(archive.stem, code) not in there)
    office.path("code").write_text(code)
    sealed = office.path("sealed")
    office("ballot", archive, "--code-file", office.path("code"), "--choose", "Maybe", "--out", sealed)
    office("cast", archive, sealed)
    office("close", archive, "--yes", said="61 ballots will be counted, of 61 ballots cast")
    for number in (2, 3):
        identity = (folder / f"{number}.trustee").read_text().strip()
        files = "--key", folder / f"{identity}.key", "--share", folder / f"{identity}.dkey"
        office("decrypt", archive, *files, "--out", office.path(f"p{number}"), said=f"trustee {number + 1} ")
    office("decrypt", archive, "--key", folder / "256521F5.privkey", "--out", office.path("p1"))
    partials = [argument for number in (3, 1, 2) for argument in ("--partial", office.path(f"p{number}"))]
    done = office("result", archive, *partials)
    assert "Yes 17 No 13 Maybe 19 blank 12" in result_said(done)
    assert run("verify", archive).code == 0


def ballots_in(archive: Path) -> list[bytes]:
    """The ballots that stand in an archive, found as any tar program finds them."""
    with tarfile.open(archive, "r|") as packed:
        records = [file.read() for file in (packed.extractfile(member) for member in packed) if file]
    return [record for record in records if record.startswith(b'{"message":{"election_uuid"')]
