"""All roles of an election with sealed ballots, in one folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .conftest import Ran, Run


QUESTIONS = """
title = "Council"
description = "One seat, and a question."

[[question]]
text = "Who?"
answers = ["Ada", "Bob", "Cleo"]
min = 0
max = 1

[[question]]
text = "Agreed?"
answers = ["Yes", "No", "1:Ada"]
blank = true
"""
ELECTORS = ("ada", "bob", "cleo", "dan", "eve")
UUID = "1111111111test"
SECRETS = ("*.privkey", "*.key")


@dataclass
class Office:
    """A folder for all roles, the command, and everything that it has said so far."""

    folder: Path
    command: Run
    said: list[str] = field(default_factory=list)

    def __call__(self, *arguments: str | Path, code: int = 0, said: str = "") -> Ran:
        """Run a command; it leaves with this code and says this."""
        ran = self.command("belenios", *arguments)
        self.said.append(ran.out + ran.err)
        assert ran.code == code, (arguments, ran)
        assert said in " ".join((ran.err if code else ran.out).split()), ran
        if code:
            assert ran.err.startswith("suffrage: ")
            assert len(ran.err.splitlines()) == 1, ran.err
            assert ran.out.count("\n") <= 2, "more than the head that names the election"
        return ran

    def path(self, name: str) -> Path:
        return self.folder / name

    def one(self, pattern: str) -> Path:
        (found,) = self.folder.glob(pattern)
        return found

    @property
    def urn(self) -> Path:
        return self.path(f"{UUID}.bel")

    @property
    def codes(self) -> dict[str, str]:
        codes: dict[str, str] = json.loads(self.path("private_creds.json").read_bytes())
        return codes

    def code_of(self, elector: str) -> Path:
        file = self.path(f"{elector}.code")
        file.write_text(self.codes[elector] + "\n")
        return file

    def seal(self, elector: str, *choice: str, name: str = "") -> Path:
        out = self.path(name or f"{elector}.ballot")
        self("ballot", self.urn, "--code-file", self.code_of(elector), *choice, "--out", out, said="tracking number")
        return out

    def lists(self) -> None:
        self.path("electors.csv").write_text("id\n" + "\n".join(ELECTORS) + "\n")
        self.path("questions.toml").write_text(QUESTIONS)
        made = self(
            "credentials", "--uuid", UUID, "--electors", self.path("electors.csv"), "--out", self.folder,
            said="5 codes for the election 1111111111test.",
        )  # fmt: skip
        assert "SECRET" in made.out
        assert "private_creds.json: the credential authority keeps it" in made.out

    def set_up(self, *trustees: str | Path, said: str = "The archive") -> Ran:
        return self(
            "setup", "--uuid", UUID, "--question", self.path("questions.toml"), *trustees,
            "--credentials", self.path("public_creds.json"), "--administrator", "Office", "--authority", "Authority",
            "--out", self.folder, said=said,
        )  # fmt: skip

    def secrets(self) -> Iterator[str]:
        """Every text that no command may ever say."""
        for pattern in SECRETS:
            for file in self.folder.glob(pattern):
                yield file.read_text().strip()
        if self.path("private_creds.json").exists():
            yield from self.codes.values()

    def tells_no_secret(self) -> None:
        said = "".join(self.said)
        for secret in self.secrets():
            assert secret not in said


def alone(office: Office) -> None:
    """An urn with one trustee."""
    office.lists()
    office("trustee", "single", "--name", "server", "--out", office.folder, said="the trustee keeps it")
    office.set_up("--trustee", office.one("*.pubkey"))


def ceremony(office: Office, names: tuple[str, ...], threshold: int) -> list[tuple[Path, Path]]:
    """A threshold group: the key and the share of each trustee."""
    context, certs = office.path("threshold_context.json"), office.path("certs.jsons")
    given = [argument for name in names for argument in ("--name", name)]
    office("trustee", "context", *given, "--threshold", str(threshold), "--out", context)
    step = ("--context", context, "--certificates", certs)
    # The last trustee first: the order in which files come tells nothing.
    ids = {
        index: office("trustee", "certificate", "--context", context, "--index", str(index), "--out", office.folder)
        .out.split()[1]
        for index in range(len(names), 0, -1)
    }  # fmt: skip
    office("trustee", "check", "--context", context, *office.folder.glob("*.cert"), "--out", certs)
    office("trustee", "check", "--context", context, certs, said=f"{len(names)} certificates hold")
    for identity in ids.values():
        office("trustee", "polynomial", *step, "--key", office.path(f"{identity}.key"), "--out", office.folder)
    office("trustee", "route", *step, *office.folder.glob("*.polynomial"), "--out", office.folder)
    for identity in ids.values():
        files = "--key", office.path(f"{identity}.key"), "--vinput", office.path(f"{identity}.vinput")
        office("trustee", "share", *step, *files, "--out", office.folder)
    polynomials = "--polynomials", office.path("polynomials.jsons")
    office("trustee", "combine", *step, *polynomials, *office.folder.glob("*.voutput"), "--out", office.folder)
    return [(office.path(f"{ids[index]}.key"), office.path(f"{ids[index]}.dkey")) for index in sorted(ids)]


def vote(office: Office) -> None:
    """Five ballots by four electors: Ada 2, Cleo 1; Yes 1, No 1, the odd answer 1, blank 1."""
    office.seal("ada", "--choose", "Ada", "--choose", "Yes")
    office.seal("bob", "--choose", "Bob", "--blank")
    office.seal("cleo", "--choose", "2:1:Ada")
    office.seal("dan", "--choices", "[[0,0,1],[1,0,0,0]]")
    ballots = [office.path(f"{name}.ballot") for name in ("ada", "bob", "cleo", "dan")]
    cast = office("cast", office.urn, *ballots, said="4 ballots cast.")
    assert len(cast.out.splitlines()) == 6
    office("cast", office.urn, office.seal("bob", "--choose", "Ada", "--choose", "No", name="again"), said="1 ballot")


RESULT = "Ada 2 Bob 0 Cleo 1 Agreed? answer votes Yes 1 No 1 1:Ada 1 blank 1"


def result_said(ran: Ran) -> str:
    return " ".join(ran.out.split())
