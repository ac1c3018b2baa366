"""The signing page in a browser: key files, registration, papers that are read, signatures that hold."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from suffrage.election import Kind
from suffrage.protocols.canonical import canonical, sha256
from suffrage.protocols.keys import SigningKey, fingerprint, new_key, open_key, write_key
from suffrage.protocols.signatures import holds
from tests.frontend.browsing import DESK, PHONE, flaws, launched, needs_browser, opened, stored
from tests.frontend.desk import TOKEN, Desk, Refusal
from tests.frontend.tools import build, needs_frontend
from tests.protocols.made import RETURNS, at, members_of, republic, roster_bytes, signed_store

pytestmark = [pytest.mark.slow, needs_frontend, needs_browser]

NAME, PASSPHRASE = "Петрова <i>А. И.</i>", "a few words that nobody knows"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("built"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> tuple[SigningKey, Path]:
    """A key file that the command has made."""
    made, path = new_key(NAME), tmp_path_factory.mktemp("keys") / "member.key"
    write_key(made, PASSPHRASE, path)
    return made, path


def document(kind: str, title: str, text: bytes) -> dict[str, Any]:
    paper = "/papers/1.pdf" if kind == "protocol" else ""
    return {"sha256": sha256(text), "kind": kind, "title": title, "text": text.decode(), "paper": paper}


def papers() -> list[dict[str, Any]]:
    """A protocol of each level, a roster and a manifest, from an election that was counted."""
    election = republic(kind=Kind.REAL)
    store = signed_store(election, RETURNS)
    found = [("precinct", "p1", "d1"), ("district", "d1", "d1"), ("area", "north", ""), ("centre", "", "")]
    protocols = [
        document("protocol", f"Protocol of the {level}, {unit}", at(store, level, unit, contest).text)
        for level, unit, contest in found
    ]
    files = [{"path": "election/units.csv", "sha256": "ab" * 32, "size": 123_456}]
    head = {"id": election.id, "title": election.title}
    manifest = {"format": "suffrage-bundle/1", "election": head, "kind": "real", "root": "cd" * 32, "files": files}
    roster = roster_bytes(election, members_of())
    return [
        *protocols,
        document("roster", "The committees", roster),
        document("manifest", "The publication", canonical(manifest)),
    ]


@dataclass
class Registry:
    """The service's part: what is to be signed, whose key is registered, and what was signed."""

    documents: list[dict[str, Any]]
    key: str = ""
    signatures: dict[str, str] = field(default_factory=dict)
    forgetful: bool = False
    """Whether it says that it accepted what it does not keep."""

    def config(self) -> dict[str, Any]:
        urls = {"register": "/register/", "state": "/state/", "submit": "/submit/"}
        return {"csrf": TOKEN, "me": {"name": NAME, "key": self.key}, "urls": urls}

    def state(self) -> dict[str, Any]:
        return {"documents": [{**item, "signed": item["sha256"] in self.signatures} for item in self.documents]}

    def register(self, body: dict[str, str]) -> dict[str, Any]:
        if not holds(body["key"], body["proof"], f"suffrage-key-proof|{body['key']}|{NAME}".encode()):
            raise Refusal("the proof is not that of the key")
        self.key = body["key"]
        return {"accepted": True}

    def submit(self, body: dict[str, Any]) -> dict[str, Any]:
        texts = {item["sha256"]: item["text"].encode() for item in self.documents}
        if body["key"] != self.key:
            raise Refusal("another key")
        for item in body["signatures"]:
            if not holds(self.key, item["signature"], texts[item["sha256"]]):
                raise Refusal("a signature does not hold")
            if not self.forgetful:
                self.signatures[item["sha256"]] = item["signature"]
        return {"accepted": len(body["signatures"])}


@contextmanager
def served(built: Path, registry: Registry) -> Iterator[Desk]:
    pages = {"/": ("signing", registry.config)}
    post = {"/register/": registry.register, "/submit/": registry.submit}
    with Desk(built, pages, {"/state/": registry.state}, post) as desk:
        yield desk


def give(page: Page, path: Path, button: str, passphrase: str = PASSPHRASE) -> None:
    page.get_by_label("Your key file").set_input_files(path)
    page.get_by_label("Passphrase", exact=True).last.fill(passphrase)
    page.get_by_role("button", name=button).click()


def mark(page: Page, title: str) -> None:
    page.get_by_role("article", name=title).get_by_label("I have read this and sign it").check()


def test_a_member_makes_a_key_registers_it_and_signs(browser: Browser, built: Path, tmp_path: Path) -> None:
    registry = Registry(papers())
    with served(built, registry) as desk, opened(browser, desk.url("/")) as page:
        alert, status = page.get_by_role("alert"), page.get_by_role("status")
        first, second = page.locator("#new-passphrase"), page.locator("#new-passphrase-again")
        first.fill("too short")
        page.get_by_role("button", name="Make and save").click()
        expect(alert).to_contain_text("too short: at least 12 characters")
        first.fill(PASSPHRASE)
        second.fill(PASSPHRASE + "!")
        page.get_by_role("button", name="Make and save").click()
        expect(alert).to_contain_text("The two passphrases differ.")
        second.fill(PASSPHRASE)
        with page.expect_download() as download:
            page.get_by_role("button", name="Make and save").click()
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
        expect(status).to_contain_text(f"Saving {path.name} has begun")
        # The file opens in Python, and is not registered before it was opened here.
        key = open_key(path, PASSPHRASE)
        assert key.public.name == NAME
        assert registry.key == ""
        give(page, path, "Register this key", "another passphrase")
        expect(alert).to_contain_text("The key file does not open")
        give(page, path, "Register this key")
        expect(status).to_contain_text("The server has registered your key.")
        assert registry.key == key.public.key
        expect(page.get_by_role("heading", level=2).first).to_have_text("To be signed: 6")
        give(page, path, "Sign what is marked")
        expect(alert).to_have_text("Mark at least one paper first.")
        mark(page, "The committees")
        mark(page, "Protocol of the district, d1")
        expect(page.get_by_text("Marked: 2")).to_be_visible()
        give(page, path, "Sign what is marked")
        expect(status).to_have_text("The server has confirmed your signature. Documents: 2.")
        assert set(registry.signatures) == {registry.documents[at]["sha256"] for at in (1, 4)}
        expect(page.get_by_role("article", name="The committees")).to_contain_text("✓ signed by you")
        # What is signed is folded beneath what waits, and opens where it is asked for.
        expect(page.get_by_role("heading", name="Signed by you: 2")).to_be_visible()
        roster = page.get_by_role("article", name="The committees")
        expect(roster.locator(".protocol")).to_be_hidden()
        roster.locator("summary").first.click()
        expect(roster.locator(".protocol")).to_be_visible()
        links = page.locator("ol.contents a").all()
        titles = [registry.documents[at]["title"].strip() for at in (0, 2, 3, 5)]
        assert [link.inner_text() for link in links[:-1]] == titles
        assert all(page.locator(link.get_attribute("href") or "none").count() == 1 for link in links)
        expect(page.get_by_role("heading", level=2).first).to_have_text("To be signed: 4")
        assert stored(page) == 0
        secret = json.loads(path.read_text())["sealed"]
        assert not any(PASSPHRASE in line or secret in line for line in desk.sent)


def test_the_paper_shows_what_is_signed(browser: Browser, built: Path, key: tuple[SigningKey, Path]) -> None:
    registry = Registry(papers(), key[0].public.key)
    with served(built, registry) as desk, opened(browser, desk.url("/")) as page:
        paper = page.get_by_role("article", name="Protocol of the district, d1")
        expect(paper.get_by_role("row", name="Electors on the roll")).to_contain_text("168")
        expect(paper.get_by_role("row", name="of these, every name struck out")).to_contain_text("2")
        expect(paper.get_by_role("row", name="1. A Anna (elected)")).to_contain_text("125")
        expect(paper).to_contain_text("More than half of the 156 valid ballots is 79: A Anna has 125 (article 104).")
        expect(paper).to_contain_text("of the district committee")
        expect(paper).to_contain_text("First district · Council of the Union")
        expect(paper.get_by_role("link")).to_have_attribute("href", "/papers/1.pdf")
        record = registry.documents[1]
        paper.get_by_text("The exact text that is signed").click()
        assert paper.locator("pre").inner_text() == record["text"]
        centre = page.get_by_role("article", name="Protocol of the centre")
        expect(centre.get_by_role("row", name="Second ballot")).to_contain_text("1")
        roster = page.get_by_role("article", name="The committees")
        members = json.loads(registry.documents[4]["text"].splitlines()[1])["members"]
        for member in members:
            row = roster.get_by_role("row", name=member["name"]).first
            expect(row).to_contain_text(fingerprint(member["key"])[:4])
        manifest = page.get_by_role("article", name="The publication")
        expect(manifest.get_by_role("row", name="election/units.csv")).to_contain_text("123,456")


def test_what_does_not_hold_cannot_be_signed(browser: Browser, built: Path, key: tuple[SigningKey, Path]) -> None:
    documents = papers()[:2]
    twice = documents[0]["text"].replace('{"ballot":1', '{"ballot":2,"ballot":1')
    documents[0] = document("protocol", "Read in two ways", twice.encode())
    documents[1] = {**documents[1], "title": "Other figures", "text": documents[1]["text"].replace("168", "169")}
    registry = Registry(documents, key[0].public.key)
    with served(built, registry) as desk, opened(browser, desk.url("/")) as page:
        expect(page.get_by_role("article", name="Read in two ways")).to_contain_text("is not canonical")
        expect(page.get_by_role("article", name="Other figures")).to_contain_text("does not have the hash")
        expect(page.get_by_role("checkbox")).to_have_count(0)
        expect(page.locator(".protocol")).to_have_count(0)


def test_no_success_before_the_server_has_said_so(
    browser: Browser, built: Path, tmp_path: Path, key: tuple[SigningKey, Path]
) -> None:
    registry = Registry(papers()[:1], key[0].public.key, forgetful=True)
    other = tmp_path / "other.key"
    write_key(new_key(NAME), PASSPHRASE, other)
    with served(built, registry) as desk, opened(browser, desk.url("/")) as page:
        alert = page.get_by_role("alert")
        page.get_by_role("checkbox").check()
        give(page, other, "Sign what is marked")
        expect(alert).to_contain_text("This is not the key that is registered for you. Nothing has been signed.")
        assert not any("submit" in line for line in desk.sent)
        give(page, key[1], "Sign what is marked")
        expect(alert).to_contain_text("it did not confirm it")
        desk.signed_out = True
        give(page, key[1], "Sign what is marked")
        expect(alert).to_contain_text("Your session is over. Nothing was signed.")
        desk.signed_out, registry.forgetful = False, False
        give(page, key[1], "Sign what is marked")
        expect(page.get_by_role("status")).to_contain_text("The server has confirmed your signature.")
        expect(alert).to_be_empty()


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_every_view_is_accessible(
    browser: Browser, built: Path, tmp_path: Path, key: tuple[SigningKey, Path], width: int
) -> None:
    registry = Registry(papers())

    def look(page: Page, name: str) -> None:
        page.screenshot(path=tmp_path / f"{name}-{width}.png", full_page=True)
        assert not flaws(page), name

    with served(built, registry) as desk:
        with opened(browser, desk.url("/"), width) as page:
            expect(page.get_by_role("button", name="Register this key")).to_be_visible()
            look(page, "1-key")
            page.get_by_role("button", name="Make and save").click()
            look(page, "2-problem")
        registry.key = key[0].public.key
        for language in ("Français", "Русский", "English"):
            with opened(browser, desk.url("/"), width) as page:
                page.get_by_role("button", name=language).click()
                expect(page.get_by_role("checkbox")).to_have_count(6)
                for details in page.locator("details").all():
                    details.evaluate("element => { element.open = true }")
                look(page, f"3-papers-{language}")
