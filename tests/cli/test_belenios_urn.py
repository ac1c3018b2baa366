"""What the elector and the urn refuse: one clear line, nothing written, no secret told."""

from __future__ import annotations

import hashlib
import io
import re
import sys
from pathlib import Path

import pytest

from suffrage import _core

from .conftest import Run
from .office import Office, alone, result_said


def test_wrong_ballots_leave_the_archive_as_it_was(urn: Office) -> None:
    good = urn.seal("ada", "--choose", "Ada", "--blank")
    before = urn.urn.read_bytes()
    changed = urn.path("changed")
    text = good.read_bytes()
    proof = text.index(b'"response":"') + len(b'"response":"')
    changed.write_bytes(text[:proof] + (b"1" if text[proof : proof + 1] != b"1" else b"2") + text[proof + 1 :])
    urn("cast", urn.urn, good, changed, code=1, said="changed: ")
    urn("cast", urn.urn, good, good, code=1, said="has been cast already")
    urn("cast", urn.urn, good, urn.path("nothing"), code=2, said="nothing: cannot be read")
    urn.path("empty").touch()
    urn("cast", urn.urn, urn.path("empty"), code=1, said="empty: is empty")
    urn("cast", urn.path("nothing.bel"), good, code=2)
    urn("cast", good, good, code=1)
    assert urn.urn.read_bytes() == before
    urn("cast", urn.urn, good)
    after = urn.urn.read_bytes()
    assert after.startswith(before)
    urn("cast", urn.urn, good, code=1, said="has been cast already")
    assert urn.urn.read_bytes() == after


def test_a_ballot_of_another_election_is_not_cast(urn: Office, tmp_path: Path, run: Run) -> None:
    other = Office(tmp_path / "other", run)
    other.folder.mkdir()
    alone(other)
    foreign = other.seal("ada", "--choose", "Ada", "--blank")
    before = urn.urn.read_bytes()
    urn("cast", urn.urn, foreign, code=1, said="other/ada.ballot: ")
    code = other.code_of("ada")
    out = urn.path("b")
    urn("ballot", urn.urn, "--code-file", code, "--blank", "--choose", "Ada", "--out", out, code=1, said="is none of")
    assert not out.exists()
    assert urn.urn.read_bytes() == before
    urn.said += other.said
    for secret in other.secrets():
        assert secret not in "".join(urn.said)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("11111-111111-11111-111111\n", "is none of the election 1111111111test"),
        ("not a code\n", "no private code"),
        ("", "is no secret of this kind"),
        ("one\ntwo\n", "is no secret of this kind"),
        ("x" * 5000, "is no secret of this kind"),
        ("жжж", "is no secret of this kind"),
    ],
)
def test_a_wrong_code_seals_nothing(urn: Office, code: str, said: str) -> None:
    file = urn.path("code")
    file.write_text(code)
    ran = urn(
        "ballot", urn.urn, "--code-file", file, "--choose", "Ada", "--blank", "--out", urn.path("b"), code=1, said=said
    )
    assert not code.strip() or code.strip() not in ran.err + ran.out
    assert not urn.path("b").exists()


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        (("--choose", "Zoe"), "--choose: is no answer; seen: Zoe; expected: one of Ada; Bob; Cleo; Yes; No; 1:Ada"),
        (("--choose", "Ada"), "another number of answers than question 2 asks for; expected: 1, or --blank"),
        (("--choose", "Ada", "--choose", "Bob", "--blank"), "question 1 asks for; expected: from 0 to 1"),
        (("--choose", "Ada", "--choose", "Ada", "--blank"), "an answer of question 1 is chosen twice"),
        (("--blank",), "--blank: question 1 allows no blank vote"),
        (("--choices", "[[1,0,0]]"), "--choices: do not fit the questions"),
        (("--choices", "[[1,0,0],[0,0,0,0]]"), "another number of answers"),
        (("--choices", "[[1,0,0],[1,1,0,0]]"), "a blank vote and answers in question 2"),
        (("--choices", "[[2,0,0],[1,0,0,0]]"), "do not fit"),
        (("--choices", "[[true,0,0],[1,0,0,0]]"), "do not fit"),
        (("--choices", "[" * 100_000), "do not fit"),
        (("--choices", "[[1,0,0],[1,0,0,0]]", "--blank"), "--choices: stands for --choose and --blank"),
        ((), "no choice, and nobody to ask"),
    ],
)
def test_a_choice_that_is_not_possible(urn: Office, choice: tuple[str, ...], said: str) -> None:
    code = urn.code_of("ada")
    urn("ballot", urn.urn, "--code-file", code, *choice, "--out", urn.path("b"), code=2, said=said)
    assert not urn.path("b").exists()


def test_code_and_choice_are_asked_for_where_somebody_sits(urn: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("4\n2\n1, 2\nblank\n"))
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr("click.termui.hidden_prompt_func", lambda prompt: urn.codes["ada"])
    ran = urn("ballot", urn.urn, "--out", urn.path("b"))
    assert "not possible here" in ran.err
    urn("cast", urn.urn, urn.path("b"))
    urn("close", urn.urn, "--yes")
    urn("decrypt", urn.urn, "--key", urn.one("*.privkey"), "--out", urn.path("p"))
    assert "Ada 0 Bob 1 Cleo 0 Agreed? answer votes Yes 0 No 0 1:Ada 0 blank 1" in result_said(
        urn("result", urn.urn, "--partial", urn.path("p"))
    )


def test_an_urn_is_closed_once_and_for_all(urn: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    key = urn.one("*.privkey")
    ballot = urn.seal("ada", "--choose", "Ada", "--blank")
    urn("decrypt", urn.urn, "--key", key, "--out", urn.path("p"), code=1, said="nothing is to be decrypted")
    before = urn.urn.read_bytes()
    monkeypatch.setattr(sys, "stdin", io.StringIO("n\n"))
    ran = urn.command("belenios", "close", urn.urn)
    assert ran.code == 130
    assert "interrupted; nothing was written" in ran.err
    assert urn.urn.read_bytes() == before
    urn("close", urn.urn, "--yes")
    closed = urn.urn.read_bytes()
    urn("cast", urn.urn, ballot, code=1)
    urn("close", urn.urn, "--yes", code=1, said="has been closed already")
    assert urn.urn.read_bytes() == closed
    urn("decrypt", urn.urn, "--key", key, "--out", urn.path("p"))
    urn("decrypt", urn.urn, "--key", key, "--out", urn.path("p"), code=2, said="is never written over")
    urn("result", urn.urn, "--partial", urn.path("p"))
    urn("decrypt", urn.urn, "--key", key, "--out", urn.path("q"), code=1, said="nothing is to be decrypted")


def test_wrong_keys_and_wrong_partial_decryptions(urn: Office, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    urn("trustee", "single", "--out", elsewhere)
    (wrong,) = elsewhere.glob("*.privkey")
    (public,) = elsewhere.glob("*.pubkey")
    right, partial = urn.one("*.privkey"), urn.path("p")
    urn("cast", urn.urn, urn.seal("ada", "--choose", "Ada", "--blank"))
    urn("close", urn.urn, "--yes")
    closed = urn.urn.read_bytes()
    urn("decrypt", urn.urn, "--key", wrong, "--out", partial, code=1)
    urn("decrypt", urn.urn, "--key", public, "--out", partial, code=1)
    urn("decrypt", urn.urn, "--key", elsewhere / "none", "--out", partial, code=2)
    assert not partial.exists()
    urn("decrypt", urn.urn, "--key", right, "--out", partial)
    lines = partial.read_text().splitlines()
    for text, said in (
        (lines[0], "is no partial decryption"),
        (lines[0] + "\n" + lines[1].replace('"owner":1', '"owner":2'), "is of nobody"),
        (lines[0].replace("factor", "factoR") + "\n" + lines[1], "is no partial decryption"),
        ("{}\n{}", "is no partial decryption"),
        (owned(lines[0][:-1]), "bad: the partial decryption of trustee 1"),
        (owned(swapped(lines[0])), "bad: "),
    ):
        file = urn.path("bad")
        file.write_text(text + "\n")
        urn("result", urn.urn, "--partial", file, code=1, said=said)
    assert urn.urn.read_bytes() == closed
    urn("result", urn.urn, "--partial", partial)
    assert wrong.read_text().strip() not in "".join(urn.said)


def owned(payload: str) -> str:
    """A partial decryption of trustee 1, whatever it is, with its right hash."""
    digest = hashlib.sha256(payload.encode()).hexdigest()
    return f'{payload}\n{{"owner":1,"payload":"{digest}"}}'


def swapped(partial: str) -> str:
    """A partial decryption whose first two factors have changed places: every one is well formed, no proof holds."""
    first, second = re.findall('"factor":"([0-9a-f]{64})"', partial)[:2]
    return partial.replace(first, "x").replace(second, first).replace("x", second)


def test_a_crash_between_closing_and_tallying_is_made_up_for(urn: Office) -> None:
    urn("cast", urn.urn, urn.seal("ada", "--choose", "Ada", "--blank"))
    with _core.ArchiveWriter.open(urn.urn) as archive:
        archive.end_ballots()
        urn("cast", urn.urn, urn.path("ada.ballot"), code=2)
    urn("close", urn.urn, "--yes", said="1 ballot will be counted")
    with urn.urn.open("ab") as file:
        file.write(b"half an event")
    urn("decrypt", urn.urn, "--key", urn.one("*.privkey"), "--out", urn.path("p"), code=1)


def test_what_a_crash_left_of_a_ballot_is_cut_off_and_told(urn: Office) -> None:
    with urn.urn.open("ab") as file:
        file.write(urn.urn.read_bytes()[:700])
    urn("cast", urn.urn, urn.seal("ada", "--choose", "Ada", "--blank"), said="A crash had left 700 bytes")


def test_public_keys_and_lists_of_trustees_are_checked(urn: Office) -> None:
    key, listed = urn.one("*.pubkey"), urn.path("trustees.json")
    for file in (key, listed, urn.urn):
        urn("trustee", "check", file, said=f"trustee 1 (server), {key.stem}, always needed")
    for file in (key, listed):
        changed = urn.path(f"changed{file.suffix}")
        changed.write_text(
            re.sub('"response":"(.)', lambda m: f'"response":"{int(m[1]) % 9 + 1}', file.read_text(), count=1)
        )
        urn("trustee", "check", changed, code=1, said=f"changed{file.suffix}: ")
