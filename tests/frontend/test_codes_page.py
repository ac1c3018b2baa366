"""The page of the credential authority, from the disk and without a network, against `suffrage.authority`."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from suffrage import _core
from suffrage.authority import language
from suffrage.authority.codes import Codes, codes_text, public_lists, read_codes
from suffrage.authority.order import parse_order
from tests.authority.made import PASSPHRASE, data, document
from tests.frontend.browsing import DESK, PHONE, flaws, launched, needs_browser, opened, stored
from tests.frontend.tools import FRONTEND, build, needs_frontend

pytestmark = needs_frontend

slow = pytest.mark.slow


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("built")) / "codes.html"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


def written(folder: Path, made: dict[str, Any]) -> Path:
    path = folder / "authority.json"
    path.write_bytes(data(made))
    return path


def load(page: Page, order: Path) -> None:
    page.get_by_label("authority.json").set_input_files(order)
    page.get_by_role("button", name="Load").click()


def make(page: Page, passphrase: str = PASSPHRASE) -> None:
    page.locator("#new").fill(passphrase)
    page.locator("#again").fill(passphrase)
    page.get_by_role("button", name="Make the codes").click()


def reopen(page: Page, codes: Path, passphrase: str = PASSPHRASE) -> None:
    page.get_by_label("codes.json").set_input_files(codes)
    page.locator("#passphrase").fill(passphrase)
    page.get_by_role("button", name="Open", exact=True).click()


def saved(page: Page, button: str, folder: Path) -> Path:
    with page.expect_download() as download:
        page.get_by_role("button", name=button).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def printed(page: Page, button: str) -> list[str]:
    """The text of each page that is printed."""
    page.get_by_role("button", name=button).click()
    paper = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    return [sheet.extract_text() for sheet in paper.pages]


def offline(browser: Browser, file: Path, width: int = DESK) -> Any:
    """The page from the disk, with no network and a printer that waits."""
    return opened(browser, file.as_uri(), width, offline=True, locale="en-GB")


def ready(page: Page) -> None:
    page.evaluate("window.print = () => undefined")


def test_the_letters_say_what_those_of_the_command_say() -> None:
    ours = json.loads((FRONTEND / "src" / "codes" / "letters.json").read_text("utf-8"))
    for tag, words in ours.items():
        theirs = tomllib.loads((language.WORDS / f"{tag}.toml").read_text("utf-8"))
        letter = {name: text for name, text in theirs["letter"].items() if name != "title"}
        assert words == {"kinds": theirs["kinds"], **letter}


def test_one_file_holds_the_page_and_names_what_may_run(file: Path) -> None:
    text = file.read_text("utf-8")
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)
    assert policy
    assert policy[1].startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy[1]
    assert not re.findall(r'(?:src|href)="(?!data:)[^"]', text)


@slow
@needs_browser
def test_codes_are_made_without_a_network(browser: Browser, file: Path, tmp_path: Path) -> None:
    made = document(5)
    order = parse_order(data(made), "authority.json")
    with offline(browser, file) as page:
        ready(page)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        load(page, written(tmp_path, made))
        expect(
            page.get_by_text("Election of the Council: 5 electors with something to vote on, 3 urns.")
        ).to_be_visible()
        make(page, "too short")
        expect(page.get_by_role("alert")).to_contain_text("at least 12 characters")
        make(page)
        expect(page.get_by_role("status")).to_have_text("Codes: 5, of them new: 5.")
        # Nothing is handed on before the codes themselves are kept.
        page.get_by_role("button", name="Save public.json").click()
        expect(page.get_by_role("alert")).to_contain_text("Save codes.json first")
        page.get_by_role("button", name="Print these").click()
        expect(page.locator(".letters")).to_have_count(0)
        kept = saved(page, "Save codes.json", tmp_path)
        codes = read_codes(kept, PASSPHRASE)
        assert codes.election == "council"
        assert list(codes.codes) == [elector.id for elector in order.electors]
        assert len(set(codes.codes.values())) == 5
        public = json.loads(saved(page, "Save public.json", tmp_path).read_text())
        assert public == json.loads(public_lists(order, codes))
        for uuid, rows in public["lists"].items():
            for row in rows:
                assert row["credential"] == _core.public_credential(uuid, codes.codes[row["id"]])
        pages = printed(page, "Print these")
        assert len(pages) == 5
        for elector, text in zip(order.electors, pages, strict=True):
            code = codes.codes[elector.id]
            assert code in text
            assert elector.name in text
            assert order.election.url in text
            assert not any(other in text for other in codes.codes.values() if other != code)
        for heading, text in zip(
            ["YOUR VOTING CODE", "VOTRE CODE DE VOTE", "ВАШ КОД ДЛЯ ГОЛОСОВАНИЯ"], pages, strict=False
        ):
            assert heading in text
        assert stored(page) == 0
        # What the browser asks for is the files that it saves, which are on the page itself.
        assert not [url for url in asked if not url.startswith(("blob:", "data:", "file:"))]


@slow
@needs_browser
def test_a_letter_is_printed_again_with_the_same_code(browser: Browser, file: Path, tmp_path: Path) -> None:
    made = document(3, contact="office@example.org", second_factor=True, kind="demo")
    order = parse_order(data(made), "authority.json")
    codes = Codes("council", {elector.id: _core.new_code() for elector in order.electors})
    kept, other = tmp_path / "codes.json", tmp_path / "other.json"
    kept.write_bytes(codes_text(codes, PASSPHRASE))
    other.write_bytes(codes_text(Codes("parish", {}), PASSPHRASE))
    with offline(browser, file) as page:
        ready(page)
        load(page, written(tmp_path, made))
        alert = page.get_by_role("alert")
        reopen(page, kept, "another passphrase")
        expect(alert).to_contain_text("The file does not open")
        reopen(page, other)
        expect(alert).to_have_text("These codes are of another election: parish.")
        reopen(page, kept)
        expect(page.get_by_role("status")).to_have_text("Codes: 3, of them new: 0.")
        expect(page.get_by_role("button", name="Save codes.json")).to_have_count(0)
        page.get_by_label("Or the letter of one elector").fill("9999")
        page.get_by_role("button", name="Print this letter").click()
        expect(alert).to_contain_text("No elector with something to vote on has the number 9999.")
        page.get_by_label("Or the letter of one elector").fill("0001")
        (text,) = printed(page, "Print this letter")
        assert codes.codes["0001"] in text
        assert "DEMO" in text
        assert "e…@example.org" in text.replace("\u2060", "")
        assert "elector1@example.org" not in text
        assert "office@example.org" in text
        # What is printed is gone afterwards.
        page.evaluate("window.dispatchEvent(new Event('afterprint'))")
        assert codes.codes["0001"] not in page.content()


@slow
@needs_browser
def test_a_long_letter_is_set_smaller_until_all_of_it_is_there(browser: Browser, file: Path, tmp_path: Path) -> None:
    made = document(3, title="Election of " + "a very long title " * 6, contact="the office, " * 20, second_factor=True)
    contests = [f"Contest number {number} with a name of several words in it" for number in range(12)]
    uuids = [_core.new_uuid() for _ in contests]
    made["urns"] = [
        {"uuid": uuid, "contest": contest, "unit": "Northern district", "ballot": 1}
        for uuid, contest in zip(uuids, contests, strict=True)
    ]
    for elector in made["electors"]:
        elector["urns"] = uuids
    with offline(browser, file) as page:
        ready(page)
        load(page, written(tmp_path, made))
        make(page)
        saved(page, "Save codes.json", tmp_path)
        pages = printed(page, "Print these")
        assert len(pages) == 3
        assert "and 5 more" in pages[0]
        low = page.evaluate(
            """() => [...document.querySelectorAll(".letter")].map(letter =>
                letter.querySelector(".body").getBoundingClientRect().bottom - letter.getBoundingClientRect().top)"""
        )
        assert all(bottom < 283 * 96 / 25.4 for bottom in low), low


@slow
@needs_browser
def test_electors_who_come_late_get_codes_and_nobody_s_changes(browser: Browser, file: Path, tmp_path: Path) -> None:
    before = Codes("council", {f"{number:04}": _core.new_code() for number in range(3)})
    kept = tmp_path / "before.json"
    kept.write_bytes(codes_text(before, PASSPHRASE))
    made = document(5)
    made["electors"].append({"id": "nothing", "name": "Nothing to vote on", "urns": []})
    with offline(browser, file) as page:
        load(page, written(tmp_path, made))
        reopen(page, kept)
        expect(page.get_by_role("status")).to_have_text("Codes: 5, of them new: 2.")
        after = read_codes(saved(page, "Save codes.json", tmp_path), PASSPHRASE)
        assert set(after.codes) == {f"{number:04}" for number in range(5)}
        assert before.codes.items() <= after.codes.items()


@slow
@needs_browser
def test_what_is_no_list_is_told(browser: Browser, file: Path, tmp_path: Path) -> None:
    right = document(2)
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("format", {**right, "format": "suffrage-authority/2"}),
        ("electors", {**right, "electors": []}),
        ("electors", {**right, "electors": [right["electors"][0]] * 2}),
        ("urns[0].uuid", {**right, "urns": [{**right["urns"][0], "uuid": "short"}]}),
        ("electors[0].urns", {**right, "urns": right["urns"][:1]}),
        ("election.url", document(2, url="javascript:alert(1)")),
        ("election.closes", document(2, closes="2026-11-01T00:00:00Z")),
        ("election.time_zone", document(2, time_zone="Nowhere/Town")),
        ("election.kind", document(2, kind="replay")),
    ]
    with offline(browser, file) as page:
        for place, made in wrong:
            load(page, written(tmp_path, made))
            expect(page.get_by_role("alert")).to_contain_text(f"This is not the list that is expected: {place} (")
        (tmp_path / "authority.json").write_text("{")
        load(page, tmp_path / "authority.json")
        expect(page.get_by_role("alert")).to_contain_text("authority.json (expected: JSON)")


@slow
@needs_browser
def test_a_thousand_codes_are_in_letters_of_two_hundred(browser: Browser, file: Path, tmp_path: Path) -> None:
    with offline(browser, file) as page:
        ready(page)
        load(page, written(tmp_path, document(450)))
        make(page)
        expect(page.get_by_role("status")).to_have_text("Codes: 450, of them new: 450.", timeout=60_000)
        codes = read_codes(saved(page, "Save codes.json", tmp_path), PASSPHRASE)
        page.get_by_label("Which letters").select_option(label="401 to 450 of 450")
        pages = printed(page, "Print these")
        assert len(pages) == 50
        assert codes.codes["0400"] in pages[0]
        assert codes.codes["0449"] in pages[-1]


@slow
@needs_browser
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_every_view_is_accessible(browser: Browser, file: Path, tmp_path: Path, width: int) -> None:
    def look(page: Page, name: str) -> None:
        page.screenshot(path=tmp_path / f"{name}-{width}.png", full_page=True)
        assert not flaws(page), name

    with offline(browser, file, width) as page:
        ready(page)
        look(page, "1-list")
        load(page, written(tmp_path, document(3, kind="rehearsal")))
        expect(page.get_by_role("button", name="Make the codes")).to_be_visible()
        look(page, "2-codes")
        make(page)
        expect(page.get_by_role("status")).to_contain_text("Codes: 3")
        look(page, "3-files")
        saved(page, "Save codes.json", tmp_path)
        for name in ("Français", "Русский"):
            page.get_by_role("button", name=name).click()
            look(page, f"4-{name}")
        page.get_by_role("button", name="English").click()
        page.get_by_role("button", name="Print these").click()
        (tmp_path / "letters.pdf").write_bytes(page.pdf(prefer_css_page_size=True))
        page.emulate_media(media="print")
        page.screenshot(path=tmp_path / f"5-letters-{width}.png", full_page=True)
