"""The trustee's page in a browser, from the making of a key to the opening of the urns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from suffrage import _core
from tests.frontend.board import Board
from tests.frontend.browsing import DESK, PHONE, flaws, launched, needs_browser, opened, stored
from tests.frontend.desk import Desk
from tests.frontend.tools import build, needs_frontend

pytestmark = [pytest.mark.slow, needs_frontend, needs_browser]

NAMES = ["M. Koval", "S. Ito", "Zoé <b>Dupont</b>"]
CAST = [(0, [[1, 0, 1]]), (1, [[0, 0, 0]]), (0, [[0, 0, 1]])]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("built"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@contextmanager
def served(built: Path, board: Board, language: str = "en") -> Iterator[Desk]:
    """The pages of all trustees, under /1/, /2/, ..."""

    def of(index: int) -> Callable[[], dict[str, object]]:
        return lambda: board.config(index, language)

    places = range(1, len(board.names) + 1)
    pages = {f"/{index}/": ("trustee", of(index)) for index in places}
    get = {f"/state/{index}/": (lambda at=index: board.state(at)) for index in places}
    post = {f"/submit/{index}/": (lambda body, at=index: board.submit(at, body)) for index in places}
    with Desk(built, pages, get, post) as desk:
        yield desk


def made(page: Page, folder: Path) -> tuple[str, Path]:
    """Make a key and keep it as a file; the file is not loaded back yet."""
    page.get_by_role("button", name="Make my key").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the file").click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    expect(page.get_by_role("status")).to_contain_text(f"Saving {file.name} has begun")
    page.get_by_role("button", name="I have kept it").click()
    return file.read_text().strip(), file


def load(page: Page, key: str | Path) -> None:
    """Give a key to the form that is shown: its file, or its characters."""
    if isinstance(key, Path):
        page.get_by_label("Key file").set_input_files(key)
    else:
        page.get_by_label("Or the 44 characters").fill(key)
    page.get_by_role("button", name="Use this key").click()


def founded(board: Board) -> dict[int, str]:
    """The whole ceremony with the core: the keys of all."""
    seeds: dict[int, str] = {}
    while board.due() is not None:
        board.others(seeds)
    return seeds


def test_a_trustee_from_the_key_to_the_opening(browser: Browser, built: Path, tmp_path: Path) -> None:
    board, seeds = Board(NAMES, 2), dict[int, str]()
    with served(built, board) as desk, opened(browser, desk.url("/1/")) as page:
        alert, status = page.get_by_role("alert"), page.get_by_role("status")
        expect(page.get_by_text("only when 2 of the 3 trustees turn their keys")).to_be_visible()
        expect(page.get_by_text("If fewer than 2 keys remain")).to_be_visible()
        key, file = made(page, tmp_path)
        assert len(key) == 44
        assert file.read_bytes() == key.encode() + b"\n"
        # Nothing goes on before the key has been loaded back.
        load(page, "z" * 44)
        expect(alert).to_contain_text("This is not the key that was just made. Nothing has been sent.")
        assert not board.records["certificate"]
        load(page, file)
        expect(status).to_have_text("Your certificate has arrived: 1 of 3 trustees are there.")
        expect(page.get_by_role("heading", level=1)).to_be_focused()
        assert list(board.records["certificate"]) == [1]
        assert file.stem == board.state(1)["identity"]
        # The page goes on by itself as far as the others allow.
        board.others(seeds)
        expect(status).to_have_text("Your part of step 2 has arrived: 1 of 3 trustees are there.")
        board.others(seeds)
        expect(status).to_have_text("Your part of step 3 has arrived: 1 of 3 trustees are there.")
        board.others(seeds)
        expect(page.get_by_role("heading", level=1)).to_have_text("Your key is part of this election")
        board.add_urn(tmp_path, "North", CAST, rehearsal=True)
        expect(page.get_by_role("heading", level=1)).to_have_text("Rehearse the opening with your key")
        # The key of somebody else is recognised before anything is sent.
        load(page, seeds[2])
        expect(alert).to_have_text(
            "This is not your key of this election: it is the key of S. Ito. Nothing has been sent."
        )
        load(page, "z" * 44)
        expect(alert).to_contain_text("it is the key of none of its trustees")
        before = len([line for line in desk.sent if "submit" in line])
        load(page, " ".join(key[at : at + 4] for at in range(0, 44, 4)))
        expect(status).to_have_text("Your key is right. Nobody sees a result before you press.")
        assert len([line for line in desk.sent if "submit" in line]) == before
        page.get_by_role("button", name="Turn my key").click()
        expect(status).to_contain_text(
            "The server has confirmed your key. Urns in which it is turned now: 1. The key has been put away."
        )
        (urn,) = board.urns.values()
        board.turn(urn, 4, seeds[3])
        assert board.result(urn) == [[0, 0, 1]]
        assert stored(page) == 0
        assert not any(key in line or key[:11] in line for line in desk.sent)
        assert key not in page.content()


def test_all_urns_are_opened_with_one_loading(browser: Browser, built: Path, tmp_path: Path) -> None:
    board = Board(NAMES, 2)
    seeds = founded(board)
    urns = [board.add_urn(tmp_path, name, CAST) for name in ("North", "South", "West")]
    board.turn(urns[2], 3, seeds[2])
    with served(built, board) as desk, opened(browser, desk.url("/1/")) as page:
        expect(page.get_by_role("heading", level=1)).to_have_text("Urns waiting for your key: 3")
        load(page, seeds[1])
        page.get_by_role("button", name="Turn my key").click()
        expect(page.get_by_role("status")).to_contain_text("it is turned now: 3")
        expect(page.get_by_role("row", name="West")).to_contain_text("✓ turned")
        assert board.result(urns[2]) == [[0, 0, 1]]
        for urn in urns[:2]:
            board.turn(urn, 3, seeds[2])
            assert board.result(urn) == [[0, 0, 1]]


def test_single_keys_are_all_needed(browser: Browser, built: Path, tmp_path: Path) -> None:
    board, seeds = Board(NAMES[:2], 0), dict[int, str]()
    with served(built, board) as desk, opened(browser, desk.url("/2/")) as page:
        expect(page.get_by_text("if a single one is lost")).to_be_visible()
        key, file = made(page, tmp_path)
        load(page, file)
        expect(page.get_by_role("status")).to_have_text("Your public key has arrived: 1 of 2 trustees are there.")
        board.others(seeds)
        expect(page.get_by_role("heading", level=1)).to_have_text("Your key is part of this election")
        urn = board.add_urn(tmp_path, "North", CAST)
        load(page, seeds[1])
        expect(page.get_by_role("alert")).to_contain_text("it is the key of M. Koval")
        load(page, key)
        page.get_by_role("button", name="Turn my key").click()
        expect(page.get_by_role("status")).to_contain_text("The server has confirmed")
        board.turn(urn, 2, seeds[1])
        assert board.result(urn) == [[0, 0, 1]]


def test_a_key_made_before_is_loaded_again(browser: Browser, built: Path, tmp_path: Path) -> None:
    board, seeds = Board(NAMES, 1), dict[int, str]()
    with served(built, board) as desk:
        with opened(browser, desk.url("/1/")) as page:
            key, _ = made(page, tmp_path)
        assert not board.records["certificate"]
        with opened(browser, desk.url("/1/")) as page:
            page.get_by_role("button", name="I have made my key already").click()
            load(page, "l" * 44)
            expect(page.get_by_role("alert")).to_contain_text("This is no trustee's key: 44 characters are expected")
            load(page, key)
            expect(page.get_by_role("status")).to_contain_text("Your certificate has arrived: 1 of 3")
        board.others(seeds)
        with opened(browser, desk.url("/1/")) as page:
            expect(page.get_by_text("It is your turn again in the ceremony.")).to_be_visible()
            load(page, seeds[3])
            expect(page.get_by_role("alert")).to_contain_text("it is the key of Zoé <b>Dupont</b>")
            load(page, key)
            expect(page.get_by_role("status")).to_contain_text("Your part of step 2 has arrived: 1 of 3")


def test_a_lost_session_looks_like_no_success(browser: Browser, built: Path, tmp_path: Path) -> None:
    board = Board(NAMES, 2)
    seeds = founded(board)
    urn = board.add_urn(tmp_path, "North", CAST)
    with served(built, board) as desk, opened(browser, desk.url("/1/")) as page:
        load(page, seeds[1])
        button = page.get_by_role("button", name="Turn my key").element_handle()
        desk.signed_out = True
        # The page may have noticed by itself, and put the button away.
        button.evaluate("button => button.click()")
        expect(page.get_by_role("alert")).to_contain_text("Your session is over.")
        expect(page.get_by_role("button", name="Sign in again")).to_be_visible()
        expect(page.get_by_text("confirmed")).to_have_count(0)
        assert not urn.partials
        desk.signed_out = False
        page.get_by_role("button", name="Sign in again").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Urns waiting for your key: 1")


def test_what_the_server_does_not_accept_is_not_done(browser: Browser, built: Path, tmp_path: Path) -> None:
    board = Board(NAMES, 2)
    with served(built, board) as desk, opened(browser, desk.url("/1/")) as page:
        _, file = made(page, tmp_path)
        desk.broken = True
        load(page, file)
        alert = page.get_by_role("alert")
        expect(alert).to_contain_text("The server does not answer. Nothing counts as done.")
        assert not board.records["certificate"]
        desk.broken = False
        expect(page.get_by_role("status")).to_contain_text("Your certificate has arrived: 1 of 3 trustees")
        expect(alert).to_be_empty()


def test_a_false_certificate_stops_the_ceremony(browser: Browser, built: Path, tmp_path: Path) -> None:
    board, seeds = Board(NAMES, 2), dict[int, str]()
    with served(built, board) as desk, opened(browser, desk.url("/1/")) as page:
        _, file = made(page, tmp_path)
        load(page, file)
        expect(page.get_by_role("status")).to_contain_text("1 of 3")
        board.others(seeds)
        # The key of trustee 2 stands for trustee 3 too: the server would hold two shares.
        right = board.records["certificate"][3]
        board.records["certificate"][3] = board.records["certificate"][2]
        expect(page.get_by_role("alert")).to_contain_text("nothing was sent: certificate 3")
        assert not board.records["polynomial"]
        board.records["certificate"][3] = right
        page.get_by_role("button", name="Try again").click()
        expect(page.get_by_role("status")).to_contain_text("Your part of step 2 has arrived")


def test_nothing_is_signed_that_the_page_does_not_show(browser: Browser, built: Path, tmp_path: Path) -> None:
    board = Board(NAMES, 2)
    right = board.context
    with served(built, board) as desk, opened(browser, desk.url("/1/")) as page:
        _, file = made(page, tmp_path)
        # The page says 2 of 3; with this context 1 of 3 would decrypt.
        board.context = _core.pedersen_context(NAMES, 1)
        page.wait_for_timeout(1000)
        load(page, file)
        expect(page.get_by_role("alert")).to_contain_text("has other names or another threshold than this page")
        assert not board.records["certificate"]
        board.context = right
        page.wait_for_timeout(1000)
        page.get_by_role("button", name="Try again").click()
        expect(page.get_by_role("status")).to_contain_text("1 of 3")


def test_the_key_is_one_printed_page(browser: Browser, built: Path, tmp_path: Path) -> None:
    board = Board(NAMES, 2)
    with served(built, board) as desk, opened(browser, desk.url("/3/")) as page:
        page.evaluate("window.print = () => { window.printed = true }")
        page.get_by_role("button", name="Make my key").click()
        page.get_by_role("button", name="I have kept it").click()
        expect(page.get_by_role("alert")).to_have_text("Save the file or print the page first.")
        page.get_by_role("button", name="Print the page").click()
        assert page.evaluate("window.printed")
        expect(page.get_by_role("alert")).to_be_empty()
        paper = PdfReader(BytesIO(page.pdf(format="A4")))
        assert len(paper.pages) == 1
        text = paper.pages[0].extract_text()
        page.get_by_text("Show the characters").click()
        groups = page.locator(".act .characters span").all_inner_texts()
        assert [len(group) for group in groups] == [4] * 11
        assert all(group in text for group in groups)
        assert "KEY OF A TRUSTEE" in text
        assert "Zoé <b>Dupont</b>" in text
        assert board.title in text
        page.get_by_role("button", name="I have kept it").click()
        expect(page.locator(".sheet")).to_have_count(0)
        assert groups[0] + groups[1] not in page.content()


@pytest.mark.parametrize("language", ["fr", "ru"])
def test_every_language_says_the_same(browser: Browser, built: Path, language: str) -> None:
    with served(built, Board(NAMES, 2), language) as desk, opened(browser, desk.url("/1/")) as page:
        word = {"fr": "Créer ma clé", "ru": "Создать мой ключ"}[language]
        expect(page.get_by_role("button", name=word)).to_be_visible()
        assert page.evaluate("document.documentElement.lang") == language
        page.get_by_role("button", name="English").click()
        expect(page.get_by_role("button", name="Make my key")).to_be_visible()


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_every_view_is_accessible(browser: Browser, built: Path, tmp_path: Path, width: int) -> None:
    board, seeds = (
        Board(["M. Koval", "S. Ito", "Александра Константинопольская"], 2, kind="rehearsal"),
        dict[int, str](),
    )

    def look(page: Page, name: str) -> None:
        page.screenshot(path=tmp_path / f"{name}-{width}.png", full_page=True)
        assert not flaws(page), name

    with served(built, board) as desk, opened(browser, desk.url("/1/"), width) as page:
        expect(page.get_by_role("button", name="Make my key")).to_be_visible()
        look(page, "1-explain")
        page.get_by_role("button", name="I have made").click()
        look(page, "2-early")
        page.get_by_role("button", name="Back").click()
        page.get_by_role("button", name="Make my key").click()
        page.get_by_text("Show the characters").click()
        look(page, "3-keep")
        key = "".join(page.locator(".act .characters span").all_inner_texts())
        page.get_by_role("button", name="I have kept it").click()
        load(page, "none")
        look(page, "4-check")
        load(page, key)
        expect(page.get_by_role("status")).to_contain_text("1 of 3")
        look(page, "5-waiting")
        while board.due() is not None:
            board.others(seeds)
            page.wait_for_timeout(1000)
        expect(page.get_by_role("heading", level=1)).to_have_text("Your key is part of this election")
        look(page, "6-complete")
        urns = [board.add_urn(tmp_path, name, CAST) for name in ("North district", "South district")]
        board.turn(urns[0], 3, seeds[2])
        expect(page.get_by_role("heading", level=1)).to_have_text("Urns waiting for your key: 2")
        look(page, "7-urns")
        load(page, key)
        expect(page.get_by_role("button", name="Turn my key")).to_be_visible()
        look(page, "8-turn")
        page.get_by_role("button", name="Turn my key").click()
        expect(page.get_by_role("status")).to_contain_text("confirmed")
        look(page, "9-turned")
        desk.signed_out = True
        expect(page.get_by_role("alert")).to_contain_text("Your session is over.")
        look(page, "10-session")
