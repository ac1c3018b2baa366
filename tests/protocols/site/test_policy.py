"""A page asks for nothing: its policy allows its own style and script by their hashes; its links stay in the site."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from urllib.parse import unquote, urljoin, urlsplit

import pytest

from tests.protocols.site.made import CASES, DOWNLOADS, case, publication, site
from tests.protocols.site.page import read

HERE = "https://example.org/published/"


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _between(text: str, tag: str) -> list[str]:
    return re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)


@pytest.mark.parametrize("name", ["two-chambers", "hostile", "decisions"])
def test_the_policy_allows_what_the_page_holds_and_nothing_else(name: str) -> None:
    for path, text in site(case(name)).items():
        page = read(text)
        (meta,) = (one for one in page.every("meta") if "http-equiv" in one.attributes)
        rules = dict(rule.split(" ", 1) for rule in meta.attributes["content"].split("; "))
        (style,) = _between(text, "style")
        scripts = _between(text, "script")
        assert rules.pop("default-src") == rules.pop("base-uri") == rules.pop("form-action") == "'none'"
        assert rules.pop("style-src") == _hash(style)
        assert rules.pop("script-src", "") == "".join(map(_hash, scripts))
        assert not rules
        assert len(scripts) == (path == "results.html")
        # The policy stands before everything that it speaks of.
        assert text.index("http-equiv") < text.index("<style>")
        assert not [element for element in page.every() if "style" in element.attributes]


@pytest.mark.parametrize("name", [name for name in CASES if name != "many"])
def test_no_page_names_an_address_outside(name: str) -> None:
    counted = case(name)
    pages = site(counted)
    papers = {protocol.paper for protocol in publication(counted).protocols.values()}
    known = {*pages, *papers, *(download.path for download in DOWNLOADS)}
    for path, text in pages.items():
        assert "url(" not in text
        assert "@import" not in text
        assert not re.search(r"\b(https?|ftp|wss?):", text)
        page = read(text)
        for element in page.every():
            assert element.tag not in ("link", "img", "iframe", "object", "embed", "base", "form", "video", "audio")
            assert not {"src", "srcset", "action", "data", "xlink:href"} & set(element.attributes)
        for a in page.every("a"):
            target = urlsplit(urljoin(HERE + path, a.attributes["href"]))
            assert target.netloc == "example.org"
            assert unquote(target.path).removeprefix("/published/") in known, a.attributes["href"]
