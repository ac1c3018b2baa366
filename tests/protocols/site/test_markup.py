"""Every page is well-formed, says its language, and gives everything a name."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest

from suffrage.protocols.site import pages
from tests.protocols.site.made import CASES, case, publication, site
from tests.protocols.site.page import Element, read

SMALL = [name for name in CASES if name != "many"]


@pytest.mark.parametrize("name", SMALL)
def test_pages_are_well_formed(name: str) -> None:
    for path, text in site(case(name), replaced=True).items():
        page = read(text)
        ids = Counter(element.attributes["id"] for element in page.every() if "id" in element.attributes)
        assert max(ids.values()) == 1, path
        named = [
            identifier
            for element in page.every()
            for key in ("aria-labelledby", "for", "aria-describedby")
            for identifier in element.attributes.get(key, "").split()
        ]
        named += [a.attributes["href"][1:] for a in page.every("a") if a.attributes["href"].startswith("#")]
        assert set(named) <= set(ids), path
        (title,) = page.every("title")
        assert title.text
        (heading,) = page.every("h1")
        assert heading.text
        _headings(page)
        _tables(page)


def _headings(page: Element) -> None:
    levels = [int(element.tag[1]) for element in page.every() if element.tag in ("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def _tables(page: Element) -> None:
    """Every row of a table is as wide as its head, and every region that scrolls has a name and takes the focus."""
    for table in page.every("table"):
        rows = [
            sum(int(cell.attributes.get("colspan", 1)) for cell in row.children if isinstance(cell, Element))
            for row in table.every("tr")
        ]
        assert len(set(rows)) == 1, (page.text[:80], table.text[:200], rows)
        assert all("scope" in head.attributes for head in table.every("th"))
    for element in page.every():
        if "scroll" in element.classes:
            assert element.attributes["role"] == "region"
            assert element.attributes["tabindex"] == "0"
            assert element.attributes.get("aria-labelledby") or element.attributes.get("aria-label")


def test_names_are_in_the_language_of_the_election() -> None:
    pages = site(case("georgian"))
    for text in pages.values():
        page = read(text)
        (heading,) = page.every("h1")
        assert heading.attributes["lang"] == "ka"
    results = read(pages["results.html"])
    assert {a.attributes["lang"] for a in results.by_id("contests").every("a")} == {"ka"}
    english = read(site(case("one"))["results.html"])
    assert not any("lang" in element.attributes for element in english.every() if element.tag != "html")


def test_a_hostile_language_stays_an_attribute() -> None:
    counted = case("one")
    bad = replace(counted, election=replace(counted.election, language='x"><script>'))
    for path, text in pages(bad, publication(counted)):
        page = read(text)
        assert len(list(page.every("script"))) == (path == "results.html")
        (heading,) = page.every("h1")
        assert heading.attributes == {"lang": 'x"><script>'}
