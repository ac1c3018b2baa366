"""A plan has a folder for each role; a rehearsal plays them all."""

from __future__ import annotations

import io
import json
import sys

import pytest

from suffrage.belenios.question import Question, Template, read_template

from .conftest import Run
from .office import QUESTIONS, Office

NEW = (
    "new", "--title", "Council", "--count", "30", "--trustee", "Anna", "--trustee", "Boris", "--trustee", "Clara",
    "--threshold", "2", "--always", "server",
)  # fmt: skip


def test_a_plan_has_a_folder_for_each_role(office: Office) -> None:
    office.path("q.toml").write_text(QUESTIONS)
    out = office.path("plan")
    office(*NEW, "--question", office.path("q.toml"), "--out", out, said="Prepared in")
    names = {str(file.relative_to(out)) for file in out.rglob("*") if file.is_file()}
    trustees = {f"trustee-{n}/README.txt" for n in (1, 2, 3, 4)} | {
        f"trustee-{n}/threshold_context.json" for n in (2, 3, 4)
    }
    assert names == trustees | {
        "administrator/README.txt", "administrator/questions.toml", "administrator/threshold_context.json",
        "authority/README.txt", "electors/README.txt",
    }  # fmt: skip
    office(*NEW, "--question", office.path("q.toml"), "--out", out, code=2, said="holds other files")
    office("new", "--title", "T", "--out", office.path("x"), code=2, said="--question: is missing")
    assert not office.path("x").exists()


def test_a_plan_is_asked_for_where_somebody_sits(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = (
        "Council", "", "Who?", "Ada", "Ada", "Bob", "", "0", "1", "n", "y", "Agreed?", "Yes", "", "1", "1", "y", "n",
        "Office", "Authority", "7", "Anna", "Boris", "Clara", "", "",
    )  # fmt: skip
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(answers) + "\n"))
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    out = office.path("plan")
    ran = office("new", "--out", out, said="Council")
    assert "7 electors" in ran.out
    assert "That answer is there already." in ran.err
    assert read_template(out / "administrator" / "questions.toml") == Template(
        (Question("Who?", ("Ada", "Bob"), 0, 1), Question("Agreed?", ("Yes",), blank=True)),
        "Council", "", "Office", "Authority",
    )  # fmt: skip
    context = json.loads((out / "trustee-2" / "threshold_context.json").read_bytes())
    assert (context["names"], context["threshold"]) == (["Anna", "Boris", "Clara"], 2)
    assert "--count 7" in (out / "authority" / "README.txt").read_text()


def test_a_rehearsal_plays_every_role(office: Office, run: Run) -> None:
    office.path("q.toml").write_text(QUESTIONS)
    out = office.path("plan")
    played = office(*NEW, "--question", office.path("q.toml"), "--out", out, "--rehearsal", said="21 ballots cast")
    assert "REHEARSAL: Council" in played.out
    assert "the result is the sum of the ballots" in played.out
    (archive,) = out.rglob("*.bel")
    assert run("verify", archive).code == 0
    secrets = [file.read_text().strip() for file in out.rglob("*") if file.suffix in (".key", ".privkey")]
    assert len(secrets) == 4
    assert not any(secret in "".join(office.said) for secret in secrets)
