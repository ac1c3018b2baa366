"""What axe-core finds on a page: WCAG 2.2 AA and the best practices beyond it."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page

_AXE = Axe()
_OPTIONS = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    # What is in order need not be told node by node: that would take most of the time.
    "resultTypes": ["violations"],
}


def violations(page: Page) -> list[str]:
    """Each rule that is broken, and the first node that breaks it."""
    found = _AXE.run(page, options=_OPTIONS).response["violations"]
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"][:1]]
