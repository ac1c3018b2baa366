"""`suffrage authority`: the commands as the authority types them, from the codes to the last mail that came back."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader

from suffrage.authority import read_codes
from suffrage.protocols import sealing
from tests.authority.made import PASSPHRASE, data, document
from tests.authority.server import Server
from tests.authority.test_bounces import notification

from .conftest import Ran, Run

pytestmark = pytest.mark.slow


class Desk:
    """The authority's folder and the command; nothing that is said tells a code, but where it is asked for."""

    def __init__(self, folder: Path, command: Run) -> None:
        self.path = folder
        self.file = folder / "authority.json"
        self.folder = folder / "authority"
        self.secret = folder / "passphrase"
        self.secret.write_text(PASSPHRASE + "\n")
        self.command = command

    def order(self, electors: int = 4) -> None:
        made = document(electors)
        made["electors"][0]["email"] = ""
        self.file.write_bytes(data(made))

    def __call__(self, verb: str, *arguments: str | Path, code: int = 0, said: str = "", quiet: bool = True) -> Ran:
        ran = self.command("authority", verb, *arguments)
        assert ran.code == code, ran
        assert said in " ".join((ran.err if code else ran.out).split()), ran
        if quiet and (self.folder / "codes.json").exists():
            assert not any(secret in ran.out + ran.err for secret in self.codes.values())
        return ran

    def make(self, code: int = 0, said: str = "") -> Ran:
        return self("codes", self.file, "--out", self.folder, "--passphrase-file", self.secret, code=code, said=said)

    def mail(self, server: Server, *more: str, code: int = 0, said: str = "") -> Ran:
        return self("mail", self.folder, *self.account(server), *more, code=code, said=said)

    def account(self, server: Server) -> list[str]:
        return [
            "--from", "Authority <authority@example.org>", "--host", "127.0.0.1", "--port", str(server.port),
            "--security", "none", "--per-minute", "6000", "--passphrase-file", str(self.secret),
        ]  # fmt: skip

    @property
    def codes(self) -> dict[str, str]:
        return dict(read_codes(self.folder / "codes.json", PASSPHRASE).codes)


@pytest.fixture
def desk(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk with an order of four electors, one of whom has no mail address."""
    monkeypatch.setattr(sealing, "_COST", {"n": 2**14, "r": 8, "p": 1})
    made = Desk(tmp_path, run)
    made.order()
    return made


@pytest.fixture
def server() -> Iterator[Server]:
    """A mail server on this machine."""
    with Server() as made:
        yield made


def test_codes_are_made_once_and_late_electors_added(desk: Desk) -> None:
    desk.make(said="4 new codes, 4 codes together.")
    first = desk.codes
    lists = json.loads((desk.folder / "public.json").read_bytes())
    assert lists["election"] == "council"
    assert stat.S_IMODE((desk.folder / "codes.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((desk.folder / "authority.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(desk.folder.stat().st_mode) == 0o700
    desk.make(said="0 new codes, 4 codes together.")
    assert json.loads((desk.folder / "public.json").read_bytes()) == lists
    desk.order(6)
    desk.make(said="2 new codes, 6 codes together.")
    assert {number: desk.codes[number] for number in first} == first
    desk.order(5)
    desk.make(said="1 code of electors who are on the roll no more: kept, and on no list.")
    assert len(desk.codes) == 6


def test_nothing_is_half_written(desk: Desk) -> None:
    desk.make()
    before = {file: file.read_bytes() for file in desk.folder.iterdir()}
    desk.secret.write_text("another passphrase\n")
    desk.make(code=1, said="does not open")
    desk.secret.write_text(PASSPHRASE)
    made = document(4, id="other")
    desk.file.write_bytes(data(made))
    desk.make(code=2, said="holds the codes of another election")
    made["election"]["url"] = "nowhere"
    desk.file.write_bytes(data(made))
    desk.make(code=1, said="election.url: is no web address; seen: nowhere")
    assert {file: file.read_bytes() for file in desk.folder.iterdir()} == before
    desk.folder.rename(desk.path / "kept")
    desk.order()
    desk.secret.write_text("short\n")
    desk.make(code=2, said="too short")
    assert not desk.folder.exists()


def test_letters_for_all_and_for_some(desk: Desk) -> None:
    desk.make()
    passphrase = "--passphrase-file", desk.secret
    desk("letters", desk.folder, "--out", desk.path / "all", *passphrase, said="4 letters in 1 file.")
    assert {file.name for file in (desk.path / "all").iterdir()} == {"letters-1-4.pdf", "index.csv"}
    assert stat.S_IMODE((desk.path / "all").stat().st_mode) == 0o700
    some = "--only", "0002", "--only", "0001", "--window", "right", "--contact", "the office"
    desk("letters", desk.folder, "--out", desk.path / "some", *some, *passphrase, said="2 letters")
    pages = PdfReader(desk.path / "some" / "letters-1-2.pdf").pages
    assert "0001" in pages[0].extract_text()
    assert "the office" in pages[0].extract_text()
    desk("letters", desk.folder, "--out", desk.path / "post", "--without-email", *passphrase, said="1 letter in 1 file")
    desk("letters", desk.folder, "--out", desk.path / "all", *passphrase, code=2, said="holds other files")
    desk("letters", desk.folder, "--out", desk.path / "x", "--only", "9", *passphrase, code=2, said="no such elector")
    assert not (desk.path / "x").exists()


def test_one_code_is_shown_or_printed_again(desk: Desk) -> None:
    desk.make()
    passphrase = "--passphrase-file", desk.secret
    shown = desk("show", desk.folder, "0001", *passphrase, said="0001 Zoé Lefèvre", quiet=False)
    assert shown.out.splitlines()[1] == desk.codes["0001"]
    letter = desk.path / "letter.pdf"
    desk("show", desk.folder, "0001", "--letter", letter, *passphrase, said="SECRET")
    assert desk.codes["0001"] in PdfReader(letter).pages[0].extract_text().replace(" ", "")
    assert stat.S_IMODE(letter.stat().st_mode) == 0o600
    desk("show", desk.folder, "0001", "--letter", letter, *passphrase, code=2, said="exists already")
    desk("show", desk.folder, "9", *passphrase, code=2, said="no such elector; seen: 9")
    desk("show", desk.path, "0001", *passphrase, code=2, said="is no folder of an authority")


def test_mail_from_the_first_to_the_one_that_came_back(desk: Desk, server: Server) -> None:
    desk.make()
    handler = server.handler
    handler.on_address = {"elector2@example.org": ["550 no such user"]}
    desk("status", desk.folder, said="not queued yet 3 no e-mail address: print a letter 1")
    desk.mail(server, "--limit", "1", said="1 mail sent, 0 refused, 0 put off. 2 mails still to be sent")
    desk.mail(server, said="1 mail sent, 1 refused, 0 put off.")
    desk("status", desk.folder, said="550 no such user")
    desk.mail(server, said="0 mails sent")
    desk.mail(server, "--retry", "failed", said="1 mail sent")
    desk.mail(server, "--resend", "0001", said="1 mail sent")
    one, again = handler.to("elector1@example.org")
    assert one["Message-ID"] != again["Message-ID"]
    for mail in (one, again):
        assert desk.codes["0001"] in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    bounce = notification(desk.path, "elsewhere@example.org", str(one["Message-ID"]))
    desk("bounced", desk.folder, bounce, "--id", "0003", said="2 mails came back.")
    table = desk("status", desk.folder).out
    assert "came back" in table
    assert "user unknown" in " ".join(table.split())
    assert "elector2@example.org" not in table
    assert "elector2@example.org" in desk("status", desk.folder, "--all").out
    desk.mail(server, "--retry", "bounced", said="2 mails sent")
    assert [address for _, address, _ in handler.came].count("elector3@example.org") == 2


def test_wrong_use_of_the_mail(desk: Desk, server: Server) -> None:
    desk.make()
    desk.mail(server, "--resend", "0001", said="1 mail sent")
    desk.mail(server, "--resend", "0000", code=2, said="no mail to such an elector; seen: 0000")
    desk.mail(server, "--only", "0000", code=2, said="no elector with an address")
    desk("bounced", desk.folder, code=2, said="nothing was given")
    desk("bounced", desk.folder, "--id", "77", code=2, said="no such elector; seen: 77")
    stranger = notification(desk.path, "stranger@example.org")
    desk("bounced", desk.folder, stranger, code=1, said="is about nobody who was written to")
    account = desk.account(server)
    for place, wrong, said in (
        (1, "nobody", "is no sender"),
        (3, "mail.example.org", "others can read"),
        (5, "1", "cannot be reached"),
    ):
        desk("mail", desk.folder, *account[:place], wrong, *account[place + 1 :], code=2, said=said)


def test_ctrl_c_leaves_the_journal_exact(
    desk: Desk, server: Server, start: Callable[..., subprocess.Popen[str]]
) -> None:
    desk.order(200)
    desk.make()
    started = start("authority", "mail", desk.folder, *desk.account(server))
    deadline = time.monotonic() + 60
    while len(server.handler.came) < 20 and time.monotonic() < deadline:
        time.sleep(0.01)
    os.kill(started.pid, signal.SIGINT)
    out, err = started.communicate(timeout=60)
    assert started.returncode == 130, (out, err)
    assert "interrupted; run it again to go on" in err
    came = [address for _, address, _ in server.handler.came]
    assert 20 <= len(came) < 199
    assert f"{len(came)} mails sent" in out
    assert f"{199 - len(came)} mails still to be sent" in out
    desk("status", desk.folder, said=f"sent {len(came)}")
    desk.mail(server, said=f"{199 - len(came)} mails sent")
    everybody = sorted(address for _, address, _ in server.handler.came)
    assert everybody == sorted(f"elector{number}@example.org" for number in range(1, 200)), "each of them once"


def test_a_program_that_is_killed_sends_nobody_a_second_mail(
    desk: Desk, server: Server, start: Callable[..., subprocess.Popen[str]]
) -> None:
    desk.order(100)
    desk.make()
    started = start("authority", "mail", desk.folder, *desk.account(server))
    deadline = time.monotonic() + 60
    while len(server.handler.came) < 10 and time.monotonic() < deadline:
        time.sleep(0.01)
    started.kill()
    started.communicate(timeout=60)
    desk.mail(server)
    came = [address for _, address, _ in server.handler.came]
    assert len(came) == len(set(came)), "at most one mail an elector"
    missing = {f"elector{number}@example.org" for number in range(1, 100)} - set(came)
    uncertain = desk("status", desk.folder).out
    for address in missing:
        assert address in uncertain, "who may have none is named"
    assert len(missing) <= 1
