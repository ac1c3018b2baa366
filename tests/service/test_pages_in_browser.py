"""The officials' and the public pages in a browser: accessible, and no wider than the screen, at every stage."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from suffrage.service import clock
from suffrage.service.acts import poll, results, setup
from suffrage.service.acts.officials import invite
from suffrage.service.demo.officials import open_urns, sign_everything
from suffrage.service.demo.way import Played
from suffrage.service.models import Election
from suffrage.service.urns.hall import hall
from tests.accessible import violations
from tests.service.pages import OFFICE, PUBLIC, client_of, drafted
from tests.service.test_whole_way import vote

CHROMIUM = Path("/usr/bin/chromium")
WIDTHS = (390, 1280)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no browser at {CHROMIUM}"),
]


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    # Playwright runs a loop in this thread; Django is called beside it, never within it.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-quic", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


def page_of(browser: Browser, server: LiveServer, client: Client | None, width: int) -> Page:
    """A window in which somebody is signed in."""
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="en-GB")
    if client is not None:
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": server.url}])
    return context.new_page()


def troubles(page: Page, width: int) -> list[str]:
    """What axe finds, what reaches beyond the screen, and what the page complains of."""
    said = violations(page)
    if page.locator("h1").count() != 1:
        said.append("not one heading of the first level")
    return said + too_wide(page, width)


def too_wide(page: Page, width: int) -> list[str]:
    return ["wider than the screen"] if page.evaluate("document.documentElement.scrollWidth") > width else []


def complain(page: Page, said: list[str]) -> None:
    page.on("console", lambda message: said.append(message.text))


def look(browser: Browser, server: LiveServer, client: Client | None, paths: list[str]) -> None:
    """Every page is no wider than either screen, and axe finds nothing: on a phone, of every other page on a desk."""
    wrong: dict[str, list[str]] = {}
    page = page_of(browser, server, client, 390)
    complaints: list[str] = []
    complain(page, complaints)
    for number, path in enumerate(paths):
        first, second = WIDTHS[:: -1 if number % 2 else 1]
        page.set_viewport_size({"width": first, "height": 900})
        page.goto(server.url + path)
        page.evaluate("document.querySelectorAll('details').forEach(element => { element.open = true })")
        said = [f"{one} at {first}" for one in troubles(page, first)]
        page.set_viewport_size({"width": second, "height": 900})
        said += [f"{one} at {second}" for one in too_wide(page, second)]
        said += complaints
        complaints.clear()
        if said:
            wrong[path] = said
    page.context.close()
    assert not wrong, json.dumps(wrong, indent=1, ensure_ascii=False)


def office(election: Election) -> list[str]:
    return [reverse(name, args=[election.slug]) for name in (*OFFICE, *PUBLIC)]


def test_a_draft(browser: Browser, live_server: LiveServer, data: Path) -> None:
    election, secretary = drafted()
    invite(secretary.user, election, "Ivan Petrov", "ivan@example.org", "committee", "chair")
    contest = election.contests.get(slug="chair")
    paths = [*office(election), reverse("desk"), reverse("begin"), reverse("propose", args=[election.slug, "fix"])]
    paths.append(reverse("setup-candidate", args=[election.slug, contest.pk]))
    paths += [f"/e/{election.slug}/?lang=ru", f"/e/{election.slug}/law/?lang=fr"]
    look(browser, live_server, client_of(secretary), paths)


def test_of_accounts(browser: Browser, live_server: LiveServer, data: Path) -> None:
    _, secretary = drafted()
    secretary.user.set_password("a password of some length")
    secretary.user.save()
    look(browser, live_server, None, ["/", "/account/login/", "/invitation/"])
    account = ["/account/2fa/", "/account/password/change/", "/account/logout/"]
    look(browser, live_server, client_of(secretary), account)


def test_a_roll(browser: Browser, live_server: LiveServer, data: Path) -> None:
    election, secretary = drafted()
    page = page_of(browser, live_server, client_of(secretary), 390)
    page.goto(live_server.url + reverse("roll-upload", args=[election.slug]))
    assert not troubles(page, 390)
    text = (
        "name;e-mail;district\nИванова Мария;maria@example.org;North\n;nobody@example.org;North\nOne;no address;South\n"
    )
    page.set_input_files(
        "input[type=file]", {"name": "roll.csv", "mimeType": "text/csv", "buffer": text.encode("cp1251")}
    )
    page.get_by_role("button", name="See what becomes of every line").click()
    page.wait_for_url("**/preview/**")
    assert page.locator("tbody tr").first.locator(".tag").inner_text() == "refused"
    page.locator("details").evaluate("element => { element.open = true }")
    assert not troubles(page, 390)
    page.set_viewport_size({"width": 1280, "height": 900})
    assert not troubles(page, 1280)
    page.get_by_role("button", name="Keep 1 elector").click()
    assert page.get_by_role("status").inner_text() == "Kept. 51 electors on the roll now."
    assert election.electors.filter(name="Иванова Мария").exists()
    page.context.close()


def test_the_link_of_an_invitation(browser: Browser, live_server: LiveServer, data: Path) -> None:
    election, secretary = drafted()
    _, link = invite(secretary.user, election, "Ivan Petrov", "ivan@example.org", "committee", "chair")
    token = link.partition("#")[2]
    page = page_of(browser, live_server, None, 390)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{live_server.url}/invitation/#{token}")
    page.get_by_role("heading", name=election.title).wait_for()
    assert not troubles(page, 390)
    assert page.url == f"{live_server.url}/invitation/"
    assert token not in page.content()
    assert not [url for url in asked if token in url.partition("#")[0]]
    page.get_by_label("Password", exact=True).fill("lantern over the river")
    page.get_by_label("The password once more").fill("lantern over the river")
    page.get_by_role("button", name="Make the account and take it up").click()
    page.get_by_role("status").wait_for()
    assert page.url == f"{live_server.url}/desk/{election.slug}/"
    page.goto(f"{live_server.url}/account/2fa/totp/activate/")
    assert page.locator("img.qr").evaluate("image => image.naturalWidth") > 0
    assert not troubles(page, 390)
    page.context.close()


def test_every_stage(browser: Browser, live_server: LiveServer, play: Callable[..., Played]) -> None:
    played = play(100)
    election, secretary = played.election, client_of(played.secretary)
    names = ("desk-election", "people", "trustees", "codes", "poll", "public")
    ready = [reverse(name, args=[election.slug]) for name in names]
    look(browser, live_server, secretary, [*ready, reverse("propose", args=[election.slug, "extend"])])
    vote(played)
    first = election.polls.get(ballot=1)
    setup.move_clock(played.secretary.user, election, (first.closes - clock.now(election)) // timedelta(seconds=1) + 1)
    election.refresh_from_db()
    hall.hours_changed()
    poll.close(election.polls.select_related("election").get(ballot=1))
    some = [reverse(name, args=[election.slug]) for name in ("desk-election", "poll", "results", "public", "log")]
    look(browser, live_server, secretary, some)
    open_urns(election, played.trustees, 1)
    results.draw(played.secretary.user, election)
    look(browser, live_server, secretary, some)
    sign_everything(election, played.committee)
    results.prepare_publication(played.secretary.user, election)
    sign_everything(election, played.committee)
    results.publish_results(played.secretary.user, election)
    again = [reverse(name, args=[election.slug]) for name in ("second-ballot", "new-election", "signing")]
    look(browser, live_server, client_of(played.committee.chair), [*some, *again[:2]])
    look(browser, live_server, None, ["/", f"/e/{election.slug}/?lang=fr"])
