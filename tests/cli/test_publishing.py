"""From figures to a published bundle, as an office does it: keys, roster, protocols, signatures, papers, site."""

from __future__ import annotations

import json
import shutil
import stat
import zipfile
from pathlib import Path

import pytest

from .conftest import Run

pytestmark = pytest.mark.slow

PASSPHRASE = "correct horse battery staple"


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file with the passphrase of every key here."""
    path = tmp_path / "passphrase"
    path.write_text(PASSPHRASE + "\n", "utf-8")
    return path


def new_key(run: Run, folder: Path, name: str, secret: Path) -> tuple[Path, str, str]:
    """A key file, its public key and its fingerprint, as the command prints them."""
    path = folder / f"{name}.key"
    made = run("keys", "new", path, "--name", name, "--passphrase-file", secret)
    assert made.code == 0, made.err
    lines = [line.split(maxsplit=1) for line in made.out.splitlines() if line.strip()]
    found = {name: value.strip() for name, value in (line for line in lines if len(line) == 2)}
    return path, found["public"].removeprefix("key").strip(), found["fingerprint"].replace(" ", "")


@pytest.fixture
def office(run: Run, folder: Path, tmp_path: Path, secret: Path) -> dict[str, Path]:
    """The keys of a root and of three members of the only committee, the roster written."""
    keys = {name: new_key(run, tmp_path, name, secret) for name in ("root", "chair", "secretary", "member")}
    lines = [f",{name},{name.title()},{keys[name][1]}" for name in ("chair", "secretary", "member")]
    members = tmp_path / "members.csv"
    members.write_text("unit,role,name,key\n" + "\n".join(lines) + "\n", "utf-8")
    made = run("keys", "roster", folder, "--members", members, "--key", keys["root"][0], "--passphrase-file", secret)
    assert made.code == 0, made.err
    assert keys["root"][2] in made.out.replace(" ", "")
    (tmp_path / "fingerprint").write_text(keys["root"][2])
    return {name: path for name, (path, _, _) in keys.items()}


def sign(run: Run, folder: Path, key: Path, secret: Path) -> str:
    signed = run("protocols", "sign", folder, "--key", key, "--passphrase-file", secret)
    assert signed.code == 0, signed.err
    return signed.out


def publish(run: Run, folder: Path, key: Path, secret: Path, out: Path, *more: str) -> tuple[int, str, str]:
    done = run("publish", folder, "--key", key, "--passphrase-file", secret, "--out", out, *more)
    return done.code, done.out, done.err


def test_a_key_is_shown_and_never_written_over(run: Run, tmp_path: Path, secret: Path) -> None:
    path, public, fingerprint = new_key(run, tmp_path, "chair", secret)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    shown = run("keys", "show", path)
    assert shown.code == 0
    assert public in shown.out
    assert fingerprint in shown.out.replace(" ", "")
    before = path.read_bytes()
    again = run("keys", "new", path, "--name", "x", "--passphrase-file", secret)
    assert (again.code, path.read_bytes()) == (2, before)
    assert "exists already" in again.err


def test_a_short_passphrase_makes_no_key(run: Run, tmp_path: Path) -> None:
    (tmp_path / "short").write_text("short\n")
    made = run("keys", "new", tmp_path / "a.key", "--name", "A", "--passphrase-file", tmp_path / "short")
    assert made.code == 2
    assert "too short" in made.err
    assert "short\n" not in made.out
    assert not (tmp_path / "a.key").exists()


def test_the_whole_way(run: Run, folder: Path, office: dict[str, Path], tmp_path: Path, secret: Path) -> None:
    drawn = run("protocols", "draw", folder)
    assert drawn.code == 0, drawn.err
    out = tmp_path / "published"
    code, _, err = publish(run, folder, office["root"], secret, out)
    assert (code, out.exists()) == (1, False)
    assert "not signed as the law says" in err

    # The chair signs here, the secretary on a copy; the two make a quorum of three.
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    sign(run, folder, office["chair"], secret)
    sign(run, copy, office["secretary"], secret)
    gathered = run("protocols", "collect", folder, copy / "protocols" / "signatures.jsonl")
    assert gathered.code == 0
    assert "Every protocol is signed as the law says" in gathered.out
    assert "0 new signatures" in run("protocols", "collect", folder, copy / "protocols" / "signatures.jsonl").out

    code, said, err = publish(run, folder, office["root"], secret, out)
    assert code == 0, err
    assert "everything in it holds" in said
    assert {path.name for path in out.iterdir()} == {
        "bundle.zip", "results.html", "contests", "data", "papers", "summary.pdf",
    }  # fmt: skip
    fingerprint = (tmp_path / "fingerprint").read_text()
    verified = run("verify", out / "bundle.zip", "--root", fingerprint, "--statute", "ussr-1937")
    assert verified.code == 0, verified.err
    assert "Everything holds" in verified.out
    assert run("verify", out / "bundle.zip", "--root", "0" * 64).code == 1
    again = publish(run, folder, office["root"], secret, out, "--papers", "none")
    assert again[0] == 0
    assert not (out / "papers").exists()


def test_a_correction_takes_a_decision(
    run: Run, folder: Path, office: dict[str, Path], tmp_path: Path, secret: Path
) -> None:
    run("protocols", "draw", folder)
    for name in ("chair", "secretary"):
        sign(run, folder, office[name], secret)
    returns = folder / "returns.csv"
    reported = returns.read_text()
    before = (folder / "protocols" / "protocols.jsonl").read_bytes()

    returns.write_text(reported.replace("130,100", "129,101"))
    refused = run("protocols", "draw", folder)
    assert refused.code == 1
    assert "precinct p1" in refused.err
    assert "votes.petrov" in refused.err
    assert (folder / "protocols" / "protocols.jsonl").read_bytes() == before

    returns.write_text(reported)
    (folder / "decisions.csv").write_text(
        "id,kind,contest,ballot,unit,candidate,figure,by,reason\n"
        "r1,correct,d1,1,p1,petrov,129,district committee,recount of p1\n"
        "r2,correct,d1,1,p1,semenov,101,district committee,recount of p1\n"
    )
    corrected = run("protocols", "draw", folder)
    assert corrected.code == 0, corrected.err
    assert "signed protocols replaced" in corrected.out
    lines = (folder / "protocols" / "protocols.jsonl").read_text("utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    precinct = next(record for record in records if record["unit"] and record["unit"]["id"] == "p1")
    assert precinct["replaces"]["decisions"] == ["r1", "r2"]
    assert precinct["replaces"]["reason"] == "recount of p1"
    assert publish(run, folder, office["root"], secret, tmp_path / "out", "--papers", "none")[0] == 1
    for name in ("chair", "member"):
        sign(run, folder, office[name], secret)
    code, _, err = publish(run, folder, office["root"], secret, tmp_path / "out", "--papers", "none")
    assert code == 0, err
    with zipfile.ZipFile(tmp_path / "out" / "bundle.zip") as bundle:
        assert bundle.read("protocols/replaced.jsonl").count(b"\n") >= 2


def test_wrong_use_is_one_message(
    run: Run, folder: Path, office: dict[str, Path], tmp_path: Path, secret: Path
) -> None:
    key = ("--key", office["root"], "--passphrase-file")
    for arguments, code, said in (
        (("protocols", "status", folder), 2, "no protocols have been drawn"),
        (("keys", "show", folder / "units.csv"), 1, "is no key file"),
        (("keys", "roster", folder, *key, secret), 2, "members are missing"),
        (("publish", folder, *key, folder, "--out", tmp_path / "o"), 2, "cannot be read"),
        (("verify", tmp_path / "nothing.zip"), 2, "no such file"),
        (("verify", folder / "units.csv"), 2, "zip"),
        (("verify", folder / "units.csv", "--root", "12"), 2, "not a fingerprint"),
        (("verify", folder / "units.csv", "--statute", "none"), 2, "unknown law"),
    ):  # fmt: skip
        ran = run(*arguments)
        assert ran.code == code, (arguments, ran.err)
        assert said in ran.err
        assert "Traceback" not in ran.err


def test_a_wrong_passphrase_opens_nothing(run: Run, folder: Path, office: dict[str, Path], tmp_path: Path) -> None:
    run("protocols", "draw", folder)
    wrong = tmp_path / "wrong"
    wrong.write_text("another horse altogether\n")
    before = (folder / "protocols" / "signatures.jsonl").read_bytes()
    ran = run("protocols", "sign", folder, "--key", office["chair"], "--passphrase-file", wrong)
    assert ran.code == 1
    assert "does not open" in ran.err
    assert "another horse" not in ran.err + ran.out
    assert (folder / "protocols" / "signatures.jsonl").read_bytes() == before


def test_the_key_of_nobody_signs_nothing(run: Run, folder: Path, office: dict[str, Path], secret: Path) -> None:
    run("protocols", "draw", folder)
    before = (folder / "protocols" / "signatures.jsonl").read_bytes()
    ran = run("protocols", "sign", folder, "--key", office["root"], "--passphrase-file", secret)
    assert ran.code == 1
    assert "on no committee" in ran.err
    assert (folder / "protocols" / "signatures.jsonl").read_bytes() == before
