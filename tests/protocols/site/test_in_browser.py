"""The pages in a browser: accessible, no wider than the screen, sorted and searched, whole without JavaScript."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.protocols.site.made import CASES, case, site
from tests.accessible import violations

CHROMIUM = Path("/usr/bin/chromium")
NAMES = [name for name in CASES if name != "many"]
WIDTHS = (390, 1280)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no browser at {CHROMIUM}"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-quic", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sites")


def written(folder: Path, name: str) -> Path:
    """The site of a case, written once."""
    home = folder / name
    if not home.exists():
        (home / "contests").mkdir(parents=True)
        for path, text in site(case(name), replaced=name == "decisions").items():
            (home / path).write_text(text, "utf-8", newline="")
    return home


def opened(browser: Browser, path: Path, width: int = 1280, **more: Any) -> Page:
    """A page in a window of its own; nothing may be complained of in its console."""
    context = browser.new_context(viewport={"width": width, "height": 900}, **more)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"file://{quote(str(path))}")
    assert not said
    return page


def wider(page: Page, width: int, but: str) -> list[str]:
    """What reaches beyond the right edge, but for what a selector names."""
    found: list[str] = page.evaluate(
        """([width, but]) => [...document.body.querySelectorAll("*")].filter(e => !e.matches(but))
            .filter(e => e.getBoundingClientRect().right > width + 0.5).map(e => e.outerHTML.slice(0, 200))""",
        [width, but],
    )
    return found


def pages_of(folder: Path, name: str) -> list[Path]:
    home = written(folder, name)
    return [home / "results.html", home / "contests" / "d1.html", home / "contests" / "d2.html"]


# Every shape of an election


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_wider_than_the_screen(browser: Browser, folder: Path, name: str, width: int) -> None:
    for path in pages_of(folder, name):
        if path.exists():
            page = opened(browser, path, width)
            for details in page.locator("details").all():
                details.evaluate("element => { element.open = true }")
            # What lies in a region that scrolls may be wider; the region itself may not.
            assert not wider(page, width, ".scroll *, svg *, .skip")
            assert page.evaluate("document.documentElement.scrollWidth") == width
            page.context.close()


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
@pytest.mark.parametrize("name", ["two-chambers", "second-ballot", "decisions", "partial", "georgian"])
def test_axe_finds_nothing(browser: Browser, folder: Path, name: str, width: int, scheme: str) -> None:
    both = [one.contest.id for one in case(name).contests if one.second] or ["d1"]
    for path in (written(folder, name) / "results.html", folder / name / "contests" / f"{both[0]}.html"):
        page = opened(browser, path, width, color_scheme=scheme)
        assert not violations(page)
        page.context.close()


@pytest.mark.parametrize("name", ["two-chambers", "second-ballot", "forty", "long"])
def test_on_paper_nothing_is_cut_off(browser: Browser, folder: Path, name: str) -> None:
    # What an A4 sheet has between its margins, upright; tables of units stand on sheets that lie.
    for width, apart in ((688, ".landscape"), (1017, "#nothing")):
        for path in pages_of(folder, name):
            if not path.exists():
                continue
            page = opened(browser, path, width)
            page.emulate_media(media="print")
            assert not wider(page, width, f"{apart}, {apart} *")
            assert page.pdf(format="A4", prefer_css_page_size=True).startswith(b"%PDF")
            page.context.close()


# Sorting, searching, moving


def column(page: Page, number: int) -> list[str]:
    """What the rows that are shown hold in a column."""
    found: list[str] = page.evaluate(
        """number => [...document.querySelectorAll("#contests tbody tr")].filter(row => !row.hidden)
            .map(row => row.cells[number].textContent.trim())""",
        number,
    )
    return found


def heads(page: Page) -> dict[str, int]:
    texts = page.locator("#contests thead th").all_inner_texts()
    return {text.strip(): number for number, text in enumerate(texts)}


def test_every_column_sorts_both_ways_and_says_so(browser: Browser, folder: Path) -> None:
    page = opened(browser, written(folder, "two-chambers") / "results.html")
    before = column(page, 0)
    for name, number in heads(page).items():
        button = page.get_by_role("button", name=name)
        head = page.locator("#contests thead th").nth(number)
        button.click()
        first, said = column(page, number), head.get_attribute("aria-sort")
        button.click()
        then, other = column(page, number), head.get_attribute("aria-sort")
        assert {said, other} == {"ascending", "descending"}
        assert page.locator("#contests [aria-sort]").count() == 1
        up, down = (first, then) if said == "ascending" else (then, first)
        assert sorted(up) == sorted(down)
        if name in ("Share", "Turnout"):
            assert said == "descending"
            numbers = [float(text.removesuffix(" %")) for text in up]
            assert numbers == sorted(numbers)
        elif name == "No.":
            assert list(map(int, down)) == sorted(map(int, down), reverse=True)
        else:
            assert up != down or len(set(up)) == 1
    page.get_by_role("button", name="No.").click()
    assert column(page, 0) == before
    assert column(page, 1)[9].startswith("district 10")  # by its number, not letter by letter


def test_search_finds_by_name_and_outcome_without_accents(browser: Browser, folder: Path) -> None:
    page = opened(browser, written(folder, "cyrillic") / "results.html")
    field = page.get_by_role("searchbox")
    field.fill("d3")
    assert column(page, 0) == ["3"]
    assert page.locator("#found").inner_text() == "1 of 9 contests"
    field.fill("second to come")
    shown = column(page, 2)
    assert shown
    assert all("Second ballot to come" in text for text in shown)
    field.fill("ДНІПРОПЕТРОВСЬКИИ")
    assert len(column(page, 0)) == 9
    field.fill("nobody of this name")
    assert column(page, 0) == []
    field.fill("")
    assert len(column(page, 0)) == 9
    assert page.locator("#found").inner_text() == ""


def test_without_javascript_everything_is_there(browser: Browser, folder: Path) -> None:
    counted = case("second-ballot")
    page = opened(browser, written(folder, "second-ballot") / "results.html", java_script_enabled=False)
    assert page.get_by_role("searchbox").count() == 0
    assert page.locator("#contests th button").count() == 0
    assert page.locator("#contests tbody tr:visible").count() == len(counted.contests)
    orders = page.locator("#orders")
    assert orders.is_visible()
    orders.locator("summary").click()
    names = orders.locator("ol").first.get_by_role("link").all_inner_texts()
    assert names == sorted((c.contest.name for c in counted.contests), key=lambda name: int(name.split()[-1]))
    shares = [float(text.split()[-2]) for text in orders.locator("ol").nth(2).locator("li").all_inner_texts()]
    assert shares == sorted(shares, reverse=True)
    page.get_by_role("link", name="district 7").first.click()
    assert page.get_by_role("heading", level=1).inner_text() == "district 7"
    page.context.close()
    with_script = opened(browser, written(folder, "second-ballot") / "results.html")
    assert not with_script.locator("#orders").is_visible()


def test_everything_is_reached_by_keyboard(browser: Browser, folder: Path) -> None:
    page = opened(browser, written(folder, "two-chambers") / "results.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main"
    reached: list[str] = []
    for _ in range(200):
        page.keyboard.press("Tab")
        here = page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()")
        reached.append(here)
        if here == "Turnout":
            break
    assert "Skip the tiles" in reached
    assert "search" in reached
    page.keyboard.press("Enter")
    assert page.locator("#contests th[aria-sort]").inner_text().startswith("Turnout")
    page.get_by_role("link", name="Skip the tiles").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert "tile" not in (page.evaluate("document.activeElement.className") or "")


def test_a_page_requests_nothing(browser: Browser, folder: Path) -> None:
    home = written(folder, "decisions")
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"file://{home / 'results.html'}")
    page.get_by_role("link", name="district 3").first.click()
    page.get_by_role("link", name="Next contest: district 4").click()
    assert [url.rsplit("/", 1)[-1] for url in asked] == ["results.html", "d3.html", "d4.html"]


def test_the_policy_stops_what_is_not_of_the_page(browser: Browser, folder: Path) -> None:
    home = written(folder, "one")
    text = (home / "results.html").read_text("utf-8")
    injected = text.replace("<h1", '<script>document.title = "taken"</script><img src="x.png"><h1')
    (home / "injected.html").write_text(injected, "utf-8")
    page = browser.new_context().new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"file://{home / 'injected.html'}")
    assert page.title() != "taken"
    assert sum("Content Security Policy" in text for text in said) == 2
    assert page.locator("#contests th button").count() == 6  # the page's own script still runs
