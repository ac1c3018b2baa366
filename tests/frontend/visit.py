"""A visit to the booth, step by step, as an elector would make it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.frontend.browsing import needs_browser
from tests.frontend.service import Service
from tests.frontend.tools import needs_frontend

NOT_YET = "You have NOT voted yet."

marks = [pytest.mark.slow, needs_frontend, needs_browser]
"""Of every test of the booth in a browser."""


class Visit:
    """A window of its own at the booth of a service; errors of the page and of its policy are kept in `said`."""

    def __init__(self, browser: Browser, service: Service, width: int = 1280, height: int = 900, **more: Any) -> None:
        self.service = service
        self.context = browser.new_context(viewport={"width": width, "height": height}, **more)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        self.said: list[str] = []
        self.page.on("console", lambda message: self._hear(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.goto(service.url)

    def _hear(self, text: str) -> None:
        # The browser itself notes every answer that is a refusal.
        if not text.startswith("Failed to load resource"):
            self.said.append(text)

    def close(self) -> None:
        assert self.said == []
        self.context.close()

    @property
    def stand(self) -> str:
        """Where the elector stands, in words."""
        return self.page.locator(".stand").inner_text()

    @property
    def heading(self) -> str:
        return self.page.locator("h1").inner_text()

    @property
    def says(self) -> str:
        """What the page says of the marks."""
        return self.page.locator("#says").inner_text()

    @property
    def problem(self) -> str:
        return self.page.locator("#problem").inner_text()

    def focused(self) -> str:
        """The element that has the focus, by its id or else its tag."""
        found: str = self.page.evaluate("document.activeElement.id || document.activeElement.tagName")
        return found

    def enter(self, code: str, then: str = "#seal") -> None:
        self.page.fill("#code", code)
        self.page.click("#enter")
        self.page.wait_for_selector(then)

    def touch(self, *numbers: int) -> None:
        """Touch the names of these numbers."""
        for number in numbers:
            self.page.click(f"#candidate-{number}")

    def words(self) -> list[str]:
        """What stands beside each name."""
        return self.page.locator(".cand .word").all_inner_texts()

    def seal(self) -> str:
        """Seal, and give the tracking number."""
        self.page.click("#seal")
        self.page.wait_for_selector("#cast")
        return self.tracking

    @property
    def tracking(self) -> str:
        return self.page.locator(".tracking").first.inner_text().replace(" ", "").replace("\n", "")

    def cast(self, then: str = "#next") -> None:
        self.page.click("#cast")
        self.page.wait_for_selector(then)

    def shown(self, texts: Sequence[str]) -> None:
        for text in texts:
            expect(self.page.get_by_text(text).first).to_be_visible()


Open = Callable[..., Visit]
"""Opens a booth for some urns: `opened(*urns, width=, factor=, kind=, ...)`."""
