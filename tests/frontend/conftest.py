"""The browser, and the pages as they are built."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.frontend.service import Service, Urn
from tests.frontend.tools import build
from tests.frontend.visit import CHROMIUM, Open, Visit


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built pages."""
    return build(tmp_path_factory.mktemp("built"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests of a process."""
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-quic", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def opened(browser: Browser, built: Path) -> Iterator[Open]:
    """Opens a booth for some urns; everything is closed, and nothing may have been complained of, at the end."""
    visits: list[Visit] = []
    services: list[Service] = []

    def visit(*urns: Urn, width: int = 1280, factor: bool = False, kind: str = "real", **more: Any) -> Visit:
        service = Service(built, urns, factor=factor, kind=kind)
        services.append(service.__enter__())
        visits.append(Visit(browser, service, width, **more))
        return visits[-1]

    yield visit
    for item in visits:
        item.close()
    for service in services:
        service.__exit__()
