"""What the tests of pages in a browser share: the browser, a page that may not complain, and what is wrong with one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.accessible import violations

CHROMIUM = Path("/usr/bin/chromium")
PHONE, DESK = 390, 1280

needs_browser = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no browser at {CHROMIUM}")


@contextmanager
def launched() -> Iterator[Browser]:
    """A browser that asks nothing of any network by itself."""
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-quic", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@contextmanager
def opened(browser: Browser, url: str, width: int = DESK, **more: Any) -> Iterator[Page]:
    """A page in a window of its own. At the end nothing may have been complained of in its console."""
    context = browser.new_context(viewport={"width": width, "height": 900}, accept_downloads=True, **more)
    context.set_default_timeout(15_000)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(url)
    yield page
    # What a test makes the server refuse is told in the console too.
    refused = [text for text in said if not text.startswith("Failed to load resource")]
    context.close()
    assert not refused, refused


def stored(page: Page) -> int:
    """How much the page keeps in the browser: nothing of it may be a key."""
    found: int = page.evaluate(
        "async () => localStorage.length + sessionStorage.length + document.cookie.length"
        " + (await indexedDB.databases()).length + (await caches.keys()).length"
    )
    return found


def flaws(page: Page) -> list[str]:
    """What is not accessible, and what reaches beyond the right edge."""
    wide = page.evaluate(
        """() => [...document.body.querySelectorAll("*")].filter(e => e.getClientRects().length)
            .filter(e => e.getBoundingClientRect().right > innerWidth + 0.5).map(e => e.outerHTML.slice(0, 200))"""
    )
    return violations(page) + [f"too wide: {item}" for item in wide]
