"""The browser, and the pages as they are built."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.frontend.browsing import launched
from tests.frontend.service import Service, Urn
from tests.frontend.tools import build
from tests.frontend.visit import Open, Visit


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built pages."""
    return build(tmp_path_factory.mktemp("built"))


# Not of the session: other tests of the same process start a browser of their own, and two cannot be driven at once.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for the tests of a module."""
    with launched() as browser:
        yield browser


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
