"""File names that every system can hold, and links that find them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from urllib.parse import unquote, urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suffrage.election import Contest, Election, Kind, Unit
from suffrage.protocols.site.links import contest_paths, link

IDENTIFIERS = st.from_regex(r"\A[^\W_][\w.:-]{0,79}\Z") | st.text(
    st.sampled_from("aAbBßẞſsk\u212aÅéÉ1¹İiıϐβ.:-_"), min_size=1, max_size=4
).filter(lambda text: re.fullmatch(r"[^\W_][\w.:-]{0,79}", text) is not None)


def paths(*ids: str) -> list[str]:
    contests = tuple(Contest(identifier, "u") for identifier in ids)
    made = Election("e", "E", "ussr-1937", Kind.DEMO, (Unit("u"),), (), ())
    return list(contest_paths(replace(made, contests=contests)).values())


def test_plain_ids_are_their_own_names() -> None:
    assert paths("01-1", "2A-1", "union.7", "Дніпро-1", "ოლქი_1") == [
        f"contests/{name}.html" for name in ("01-1", "2A-1", "union.7", "Дніпро-1", "ოლქი_1")
    ]


@pytest.mark.parametrize("device", ["con", "NUL", "com1", "Lpt9", "aux.1", "com¹", "prn"])
def test_names_of_devices_are_avoided(device: str) -> None:
    assert re.fullmatch(rf"contests/{re.escape(device)}~[0-9a-f]{{12}}\.html", paths(device)[0])


@pytest.mark.parametrize(
    "pair", [("a", "A"), ("é-1", "É-1"), ("a:b", "a-b"), ("straße", "STRASSE"), ("\u00c5", "\u212b")]
)
def test_ids_that_some_system_takes_for_one_are_told_apart(pair: tuple[str, str]) -> None:
    first, second = paths(*pair)
    assert "~" in first
    assert "~" in second
    assert first.casefold() != second.casefold()


@given(st.lists(IDENTIFIERS, min_size=1, max_size=12, unique=True))
def test_names_are_short_safe_and_unlike_on_every_system(ids: list[str]) -> None:
    found = paths(*ids)
    names = [path.removeprefix("contests/") for path in found]
    assert len({unicodedata.normalize("NFKC", name.casefold()).casefold() for name in names}) == len(ids)
    for name in names:
        assert len(name.encode()) <= 255
        assert not set(name) & set('/\\:*?"<>|\0')
        assert name == unicodedata.normalize("NFC", name)
        assert name.endswith(".html")


@given(IDENTIFIERS)
def test_links_lead_there_from_the_results_and_from_a_contest(identifier: str) -> None:
    (path,) = paths(identifier)
    for here in ("results.html", "contests/other.html"):
        found = link(path, here)
        assert found.isascii()
        assert ":" not in found
        assert unquote(urljoin(f"https://example.org/a/{here}", found)) == f"https://example.org/a/{path}"


def test_a_path_cannot_leave_the_scheme() -> None:
    assert link("javascript:alert(1)", "results.html") == "javascript%3Aalert%281%29"
    assert link("//example.org/x", "results.html") == "example.org/x"
