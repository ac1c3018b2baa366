"""Files of the roles that do not hold, and none that is written over."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .office import UUID, Office


def test_nothing_is_written_over(urn: Office) -> None:
    files = {file: file.read_bytes() for file in urn.folder.iterdir()}
    urn("credentials", "--uuid", UUID, "--count", "3", "--out", urn.folder, code=2, said="is never written over")
    arguments: list[str | Path] = ["--trustee", urn.one("*.pubkey"), "--credentials", urn.path("public_creds.json")]
    urn(
        "setup", "--uuid", UUID, "--question", urn.path("questions.toml"), *arguments, "--out", urn.folder,
        code=2, said="exists already",
    )  # fmt: skip
    context = urn.path("threshold_context.json")
    urn("trustee", "context", "--name", "A", "--name", "B", "--threshold", "1", "--out", context)
    kept = context.read_bytes()
    urn("trustee", "context", "--name", "A", "--name", "C", "--threshold", "1", "--out", context, code=2)
    assert context.read_bytes() == kept
    assert {file: file.read_bytes() for file in files} == files


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("id\nada\nada\n", "line 3, id: an elector given twice; seen: ada"),
        ("name\nada\n", "line 1: other columns; seen: name; expected: id, or id,weight"),
        ("id,weight\nada,0\n", "line 2, weight: not a weight; seen: 0"),
        ("id,weight\nada\n", "line 2: another number of fields; seen: 1; expected: 2"),
        ("id\n", "no electors"),
        ('id\n"ada\n', "not a table"),
        ("", "other columns"),
    ],
)
def test_a_table_of_electors_that_does_not_hold(office: Office, table: str, said: str) -> None:
    office.path("e.csv").write_text(table)
    office("credentials", "--uuid", UUID, "--electors", office.path("e.csv"), "--out", office.folder, code=1, said=said)
    assert not office.path("private_creds.json").exists()


@pytest.mark.parametrize(
    ("questions", "said"),
    [
        ("title = 1\n[[question]]\n", "line 1, title: is of another kind; seen: 1; expected: a text"),
        ("[[question]]\ntext = 'Q'\n", "line 1: answers is missing"),
        ("[[question]]\ntext = 'Q'\nanswers = []\n", "line 3, answers: no answers"),
        ("[[question]]\ntext = 'Q'\nanswers = ['A', 'A']\n", "answers: an answer given twice; seen: A"),
        (
            "[[question]]\ntext = 'Q'\nanswers = ['A']\nmax = 2\n",
            "line 4, max: min and max do not fit; seen: min 1",
        ),
        ("[[question]]\ntext = 'Q'\nanswers = ['A']\nmin = true\n", "line 4, min: is of another kind; seen: true"),
        ("[[question]]\ntext = 'Q'\nanswers = ['A']\ncolour = 1\n", "line 4, colour: unknown key"),
        ("title = 'T'\n", "has no question"),
        ("title = ", "line 1: not TOML"),
        ("[[question]]\ntext = 'Q'\nanswers = ['A']\n", "the election has no title"),
    ],
)
def test_questions_that_do_not_hold(office: Office, questions: str, said: str) -> None:
    office.lists()
    office.path("questions.toml").write_text(questions)
    office("trustee", "single", "--out", office.folder)
    office(
        "setup", "--uuid", UUID, "--question", office.path("questions.toml"), "--trustee", office.one("*.pubkey"),
        "--credentials", office.path("public_creds.json"), "--out", office.folder,
        code=2 if "no title" in said else 1, said=said,
    )  # fmt: skip
    assert not office.urn.exists()
    assert not office.path("election.json").exists()


def test_wrong_use_of_the_ceremony(office: Office, tmp_path: Path) -> None:
    context, certs = office.path("threshold_context.json"), office.path("certs.jsons")
    names = ("--name", "A", "--name", "B", "--name", "C")
    for threshold, given in (("0", names), ("3", names), ("1", names[:2]), ("1", ("--name", "A", "--name", "A"))):
        office("trustee", "context", *given, "--threshold", threshold, "--out", context, code=2)
    office("trustee", "context", *names, "--threshold", "2", "--out", context)
    office("trustee", "certificate", "--context", context, "--index", "4", "--out", office.folder, code=1)
    assert not list(office.folder.glob("*.key"))
    for index in ("1", "2", "2"):
        office("trustee", "certificate", "--context", context, "--index", index, "--out", office.folder)
    office("trustee", "check", "--context", context, *office.folder.glob("*.cert"), "--out", certs, code=1)
    assert not certs.exists()
    office("trustee", "check", code=2, said="are missing")
    office("trustee", "check", context, code=1)


def test_a_changed_list_of_credentials_is_found(urn: Office) -> None:
    codes = urn.codes
    other = urn.path("other")
    other.mkdir()
    urn("credentials", "--uuid", UUID, "--count", "5", "--out", other)
    urn("check-credentials", urn.urn, "--codes", other / "private_creds.json", code=1, said="differ")
    fewer = urn.path("fewer.json")
    fewer.write_text(json.dumps(dict(list(codes.items())[1:])))
    urn("check-credentials", urn.urn, "--codes", fewer, code=1, said="1 credentials of no code")
    urn("check-credentials", urn.urn, "--codes", urn.path("electors.csv"), code=1, said="holds no codes")
    foreign = json.loads((other / "private_creds.json").read_bytes())
    assert not any(code in "".join(urn.said) for code in foreign.values())
