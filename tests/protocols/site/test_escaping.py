"""A name is text, whatever it holds: no element, no attribute, no change of direction for what follows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from suffrage.election import Decision, DecisionKind, Election
from suffrage.errors import CountError
from suffrage.protocols.published import Download, Publication, PublishedProtocol, Signer
from suffrage.protocols.site import pages
from tests.elections import elections
from tests.protocols.site.made import HOSTILE, ROOT, case, counting, land, publication, returns_of, site
from tests.protocols.site.page import read

SHOWN = HOSTILE.replace("\N{RIGHT-TO-LEFT OVERRIDE}", "\N{REPLACEMENT CHARACTER}")


def _elements(name: str) -> list[list[tuple[str, list[str]]]]:
    """The elements of every page with the names of their attributes."""
    return [[(e.tag, list(e.attributes)) for e in read(text).every()] for text in site(case(name)).values()]


def test_hostile_names_are_shown_as_they_are() -> None:
    for path, text in site(case("hostile")).items():
        page = read(text)
        assert SHOWN in page.text
        scripts = list(page.every("script"))
        assert len(scripts) == (path == "results.html")
        assert not any(name.startswith("on") for e in page.every() for name in e.attributes)
        assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in text


def test_hostile_names_add_no_element_and_no_attribute() -> None:
    made = land(8, 2, name=lambda what, number: f"{what} {number}", parties=("party",), towns=1)
    plain = site(counting(made, returns_of(made)))
    expected = [[(e.tag, list(e.attributes)) for e in read(text).every()] for text in plain.values()]
    assert _elements("hostile") == expected


def test_everything_that_comes_from_outside_is_escaped() -> None:
    made = land(1, 2)
    decisions = (Decision("d", DecisionKind.ANNUL, "d1", unit="d1p1", by=HOSTILE, reason=HOSTILE, article=HOSTILE),)
    made = replace(made, decisions=decisions, title=HOSTILE, sources=(HOSTILE,))
    counted = counting(made, returns_of(made))
    before = publication(counted)
    signer = Signer(HOSTILE, HOSTILE, HOSTILE)
    protocols = {
        identity: PublishedProtocol(identity, protocol.sha256, (signer,), HOSTILE, HOSTILE)
        for identity, protocol in before.protocols.items()
    }
    hostile = Publication(ROOT, protocols, (Download(HOSTILE, HOSTILE, 1, HOSTILE),))
    for path, text in pages(counted, hostile):
        page = read(text)
        assert page.text.count("alert(1)") >= 5
        assert len(list(page.every("script"))) == (path == "results.html")
        for a in page.every("a"):
            assert a.attributes["href"].isascii()
            assert "<" not in a.attributes["href"]


@pytest.mark.parametrize("letter", ["\0", "\x1b", "\u202e", "\u2066", "\x85"])
def test_controls_become_a_replacement_character(letter: str) -> None:
    made = land(1, 1, title=f"a{letter}b")
    for text in site(counting(made, returns_of(made))).values():
        assert letter not in text
        assert "a\N{REPLACEMENT CHARACTER}b" in text
        text.encode()


@pytest.mark.slow
@given(elections())
@settings(max_examples=30)
def test_any_election_gives_well_formed_pages(made: Election) -> None:
    made = replace(made, law="ussr-1937", contests=tuple(replace(contest, rules="") for contest in made.contests))
    try:
        counted = counting(replace(made, decisions=()), [])
    except CountError:  # a person stands twice, which the law forbids
        return
    found = dict(pages(counted, Publication(ROOT, {})))
    assert len(found) == 1 + len(made.contests)
    for text in found.values():
        read(text)
