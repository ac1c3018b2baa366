"""A return from paper in browsers: two officials enter it apart, a third decides what differs; phone and desk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from suffrage.service.demo.way import Played
from suffrage.service.models import PaperReturn
from tests.service.pages import client_of
from tests.service.paper_society import GOOD, VOTES, closed, key, ready
from tests.service.test_pages_in_browser import CHROMIUM, complain, page_of, troubles

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no browser at {CHROMIUM}"),
]


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-quic"])
        yield browser
        browser.close()


@pytest.fixture
def paper(data: Path, transactional_db: None) -> Played:
    played = ready(online=False)
    closed(played)
    return played


def look(page: Page, name: str) -> None:
    """Accessible at both widths, and no wider than the screen."""
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert not troubles(page, width), name
        if folder := os.environ.get("SUFFRAGE_PICTURES"):
            page.screenshot(path=Path(folder) / f"paper-{name}-{width}.png", full_page=True)


def type_in(page: Page, figures: dict[str, int], votes: dict[str, int]) -> None:
    """Type a return by the keyboard alone: Enter goes to the next figure."""
    fields = [*(f"f-{name}" for name in LAW), *(f"v-{name}" for name in VOTES)]
    for name in fields:
        focused = page.evaluate("document.activeElement.name")
        assert focused == name
        value = {**figures, **votes}.get(name[2:])
        page.keyboard.type("" if value is None else str(value))
        page.keyboard.press("Enter")


LAW = ("registered", "certificates", "issued", "took_part", "invalid", "blank", "void", "valid", "all_struck")


def test_a_return_by_three_persons(browser: Browser, live_server: LiveServer, paper: Played) -> None:
    election = paper.election
    people = [person for person, _ in paper.committee.members.values()]
    overview = live_server.url + reverse("paper-returns", args=[election.slug])
    where = key(election, "north-1")
    windows = [page_of(browser, live_server, client_of(person), 1280) for person in people]
    complaints: list[str] = []
    for window in windows:
        complain(window, complaints)
    first, second, third = windows
    first.goto(live_server.url + reverse("parcels", args=[election.slug]))
    look(first, "parcels-none")
    first.get_by_role("button", name="Print 4 parcels").click()
    assert "4 parcels printed." in first.get_by_role("status").inner_text()
    look(first, "parcels")

    first.goto(overview)
    look(first, "waits")
    first.get_by_role("link", name="Open: North Bank 1").click()
    look(first, "blank")
    type_in(first, {**GOOD, "valid": 9}, VOTES)
    assert first.locator("[data-summary]").inner_text().startswith("2 of the checks do not hold")
    look(first, "fails")
    first.locator("[name=f-valid]").fill("5")
    assert first.locator("[data-summary]").inner_text() == "Everything adds up."
    assert first.locator("[data-names]").inner_text() == "4"
    first.get_by_role("button", name="Enter the return").click()
    assert "Entered once" in first.get_by_role("status").inner_text()
    first.get_by_role("link", name="Open: North Bank 1").click()
    assert "waits for a second person" in first.locator("main").inner_text()

    second.goto(overview)
    assert "entered once" in second.locator("main").inner_text()
    second.get_by_role("link", name="Open: North Bank 1").click()
    # What the first has typed is nowhere on the page of the second.
    assert {box.input_value() for box in second.locator("input.figure").all()} == {""}
    type_in(second, {**GOOD, "issued": 7}, {"ito-sora": 1, "martin-claire": 3})
    second.get_by_role("button", name="Enter the return").click()
    assert "differ" in second.get_by_role("status").inner_text()
    assert not PaperReturn.objects.exists()

    third.goto(overview)
    third.get_by_role("link", name="Open: North Bank 1").click()
    boxes = third.locator("input.figure")
    expect(boxes.first).to_be_focused()
    look(third, "decides")
    boxes.first.focus()
    assert [box.get_attribute("name") for box in boxes.all()] == ["d-issued", "d-ito-sora", "d-martin-claire"]
    for figure in (6, 3, 1):
        third.keyboard.type(str(figure))
        third.keyboard.press("Enter")
    third.get_by_role("button", name="Decide and accept").click()
    made = PaperReturn.objects.get()
    assert (made.figures, made.votes, made.decided_by) == (GOOD, VOTES, people[2].user)
    third.locator("details").first.evaluate("element => { element.open = true }")
    look(third, "accepted")
    third.get_by_role("link", name="Open: North Bank 1").click()
    third.get_by_role("link", name="Enter it anew").wait_for()
    look(third, "one")
    observer = page_of(browser, live_server, client_of(paper.observer), 1280)
    observer.goto(overview)
    assert observer.get_by_role("link", name="Open: North Bank 1").count() == 0
    assert observer.locator("details").count() == 1
    refused = observer.goto(f"{live_server.url}{reverse('paper-return', args=[election.slug, where.unit.pk])}")
    assert refused is not None
    assert refused.status == 403
    assert complaints == []


def test_without_the_script(browser: Browser, live_server: LiveServer, paper: Played) -> None:
    election = paper.election
    people = [person for person, _ in paper.committee.members.values()]
    where = key(election, "south-2")
    address = f"{reverse('paper-return', args=[election.slug, where.unit.pk])}?contest=south-seat&ballot=1"
    votes = dict.fromkeys(where.contest.candidates.values_list("slug", flat=True), 1)
    for person in people[:2]:
        context = browser.new_context(java_script_enabled=False)
        session = client_of(person).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.goto(live_server.url + address)
        page.locator("[name=f-registered]").fill("many")
        page.get_by_role("button", name="Enter the return").click()
        assert "whole number" in page.get_by_role("alert").inner_text()
        for name, figure in GOOD.items():
            page.locator(f"[name=f-{name}]").fill(str(figure))
        for name, figure in votes.items():
            page.locator(f"[name=v-{name}]").fill(str(figure))
        page.get_by_role("button", name="Enter the return").click()
    assert PaperReturn.objects.get().votes == votes
    assert page.locator(".tag", has_text="findings").count() == 1
