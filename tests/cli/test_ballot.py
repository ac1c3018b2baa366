"""`suffrage ballot`: proofs until the committee has signed; then, and only for that very paper, the clean one."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path

import pytest
from pypdf import PdfReader

from suffrage.protocols.keys import new_key, write_key

from .conftest import Run

pytestmark = pytest.mark.slow

PHRASE = "six words that nobody would guess"


@pytest.fixture
def phrase(tmp_path: Path) -> Path:
    made = tmp_path / "phrase"
    made.write_text(PHRASE + "\n")
    return made


@pytest.fixture
def members(folder: Path, tmp_path: Path, phrase: Path, run: Run) -> list[Path]:
    """The key files of a roster: one of the central committee, two of that of d1 (which needs both)."""
    files, rows = [], []
    for unit, role in (("", "chair"), ("d1", "chair"), ("d1", "secretary")):
        key = new_key(f"{role} of {unit or 'the centre'}")
        path = tmp_path / f"{unit}{role}.key"
        write_key(key, PHRASE, path)
        files.append(path)
        rows.append(f"{unit},{role},{key.public.name},{key.public.key}\n")
    table = tmp_path / "members.csv"
    table.write_text("unit,role,name,key\n" + "".join(rows))
    made = run("keys", "roster", folder, "--members", table, "--key", files[0], "--passphrase-file", phrase)
    assert made.code == 0, made.err
    return files


def said(path: Path) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(path.read_bytes())).pages)


def hash_of(out: str, contest: str = "d1") -> str:
    (line,) = [line for line in out.splitlines() if line.split()[1:2] == [contest]]
    assert len(line.split()[0]) == 64
    return line.split()[0]


def test_without_signatures_every_contest_is_a_proof(folder: Path, tmp_path: Path, run: Run) -> None:
    out = tmp_path / "papers"
    ran = run("ballot", folder, "--out", out)
    assert ran.code == 0, ran.err
    assert sorted(path.name for path in out.iterdir()) == ["d1.json", "d1.pdf", "d2.json", "d2.pdf"]
    assert "PROOF" in said(out / "d1.pdf")
    read = json.loads((out / "d1.json").read_bytes())
    assert read["proof"] is True
    assert read["pdf"] == hashlib.sha256((out / "d1.pdf").read_bytes()).hexdigest()
    assert "the folder has no roster" in ran.out
    assert hash_of(ran.out) != hashlib.sha256((out / "d1.json").read_bytes()).hexdigest(), "the clean paper's"


def test_the_clean_paper_comes_with_the_last_signature_that_the_law_asks(
    folder: Path, tmp_path: Path, phrase: Path, members: list[Path], run: Run
) -> None:
    out = tmp_path / "papers"
    sign = ("ballot", folder, "--contest", "d1", "--passphrase-file", phrase, "--sign-off")
    first = run(*sign, members[1], "--out", out)
    assert first.code == 0, first.err
    assert "1 signature of 2 needed" in " ".join(first.out.split())
    assert "PROOF" in said(out / "d1.pdf")
    second = run(*sign, members[2], "--out", out)
    assert second.code == 0, second.err
    assert "PROOF" not in said(out / "d1.pdf")
    assert hashlib.sha256((out / "d1.json").read_bytes()).hexdigest() == hash_of(second.out) == hash_of(first.out)
    asked = run("ballot", folder, "--contest", "d1", "--signed-off", hash_of(first.out), "--out", out)
    assert asked.code == 0, asked.err


def test_a_change_after_the_signatures_makes_a_proof_again(
    folder: Path, tmp_path: Path, phrase: Path, members: list[Path], run: Run
) -> None:
    out = tmp_path / "papers"
    sign = ("ballot", folder, "--contest", "d1", "--passphrase-file", phrase, "--sign-off")
    run(*sign, members[1])
    before = hash_of(run(*sign, members[2]).out)
    table = folder / "candidates.csv"
    table.write_text(table.read_text("utf-8").replace("SEMENOV", "SEMYONOV"), "utf-8")
    ran = run("ballot", folder, "--contest", "d1", "--out", out)
    assert "PROOF" in said(out / "d1.pdf")
    assert hash_of(ran.out) != before
    refused = run("ballot", folder, "--contest", "d1", "--signed-off", before, "--out", out)
    assert refused.code == 1
    assert f"seen: {hash_of(ran.out)[:59]}" in refused.err
    assert f"expected: {before}" in refused.err


def test_signatures_of_other_machines_are_gathered_and_forged_ones_count_for_nothing(
    folder: Path, tmp_path: Path, phrase: Path, members: list[Path], run: Run
) -> None:
    sign = ("ballot", folder, "--contest", "d1", "--passphrase-file", phrase, "--sign-off")
    run(*sign, members[1])
    elsewhere = tmp_path / "papers.jsonl"
    (folder / "papers.jsonl").rename(elsewhere)
    whole = run(*sign, members[2], "--collect", elsewhere)
    assert hash_of(whole.out)
    assert "yes" in whole.out
    # One signature written for both members.
    line = json.loads((folder / "papers.jsonl").read_text())
    line["signatures"][0]["signature"] = line["signatures"][1]["signature"]
    (folder / "papers.jsonl").write_text(json.dumps(line) + "\n")
    ran = run("ballot", folder, "--contest", "d1", "--out", tmp_path / "papers")
    assert "1 signature of 2 needed" in " ".join(ran.out.split())


def test_who_is_not_on_the_committee_signs_nothing(folder: Path, phrase: Path, members: list[Path], run: Run) -> None:
    ran = run("ballot", folder, "--contest", "d1", "--passphrase-file", phrase, "--sign-off", members[0])
    assert ran.code == 1
    assert "not on the committee of this contest" in ran.err
    assert not (folder / "papers.jsonl").exists()


def test_the_second_ballot_is_of_the_contests_that_have_one(folder: Path, tmp_path: Path, run: Run) -> None:
    out = tmp_path / "papers"
    ran = run("ballot", folder, "--ballot", "2", "--lang", "ru", "--size", "a6", "--up", "4", "--out", out)
    assert ran.code == 0, ran.err
    assert sorted(path.name for path in out.iterdir()) == ["d1.json", "d1.pdf"]
    assert "Повторное голосование" in said(out / "d1.pdf")
    assert "no translation into 'ru'" in ran.out


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("--contest", "d9"), 2, "unknown contest; seen: d9"),
        (("--lang", "xx"), 2, "ballot papers have no words in it; seen: xx"),
        (("--lang", "en,ru,uk"), 2, "not a number of languages"),
        (("--contest", "d2", "--ballot", "2"), 1, "has no second ballot"),
        (("--size", "a4", "--up", "2"), 2, "do not lie on a sheet"),
        (("--signed-off", "00"), 2, "is about one paper"),
        (("--contest", "d1", "--signed-off", "00"), 1, "is not the paper that was signed off"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_written(
    folder: Path, tmp_path: Path, run: Run, arguments: tuple[str, ...], code: int, message: str
) -> None:
    ran = run("ballot", folder, *arguments, "--out", tmp_path / "papers")
    assert (ran.code, message in ran.err) == (code, True), ran.err
    assert not (tmp_path / "papers").exists()


def test_the_papers_need_a_folder(folder: Path, run: Run) -> None:
    assert run("ballot", folder).code == 2
