"""The log in sentences: with names in place of short names, and everything that was written down beside them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from suffrage.service import log
from suffrage.service.demo.way import Played
from suffrage.service.log_sentences import Teller
from suffrage.service.models import Election
from tests.service.pages import client_of, drafted

NEEDS_DATABASE = pytest.mark.django_db


def told(election: Election, act: str, /, by: str = "A. Lind", **about: Any) -> str:
    entry = {
        "number": 1, "at": "2026-11-28T04:52:00+00:00", "by": by, "act": act, "reason": "", "about": about,
        "sha256": "a" * 64, "previous": "0" * 64,
    }  # fmt: skip
    said = Teller(election).tell(entry)
    return f"{said.who} {said.said}".strip()


@NEEDS_DATABASE
@pytest.mark.parametrize(
    ("act", "about", "said"),
    [
        (
            "add a candidate",
            {"contest": "chair", "candidate": "orlova-anna", "number": 1},
            "A. Lind put ORLOVA Anna on the ballot paper of Chair of the society",
        ),
        (
            "add a candidate",
            {"contest": "chair", "candidate": "somebody", "number": 9},
            "A. Lind put somebody on the ballot paper of Chair of the society",
        ),
        ("remove a place", {"unit": "north"}, "A. Lind removed the place North Bank"),
        (
            "invite",
            {"name": "I. Petrov", "role": "committee", "office": "chair"},
            "A. Lind invited I. Petrov as committee member, chair",
        ),
        ("invite", {"name": "X", "role": "committee", "office": "member"}, "A. Lind invited X as committee member"),
        ("keep the roll", {"lines": {"added": 50}, "electors": 50}, "A. Lind kept the lines of a file; 50 electors on"
         " the roll now"),
        ("sign protocols", {"protocols": ["a", "b"], "key": "k"}, "A. Lind signed 2 protocols"),
        ("make the urns", {"urns": []}, "A. Lind prepared the poll: everybody votes on paper"),
        ("begin the election", {"title": "Board"}, "A. Lind began the election Board"),
        (
            "begin the election",
            {"repeats": "riverside", "contests": ["south-seat"]},
            "A. Lind began this election, which repeats riverside",
        ),
        (
            "call the second ballot",
            {"opens": "2026-12-01T08:00:00+00:00", "closes": "2026-12-01T20:00:00+00:00", "finalists": {"chair": []}},
            "A. Lind called the second ballot in Chair of the society: 2026-12-01 10:00 to 2026-12-01 22:00",
        ),
        ("an urn has its result", {"urn": "gone", "contest": "chair"}, "The urn of gone has its result"),
        (
            "decide: annul",
            {"contest": "chair", "ballot": 1},
            "A. Lind annulled the first ballot of Chair of the society",
        ),
        (
            "decide: annul",
            {"contest": "chair", "ballot": 1, "unit": "north"},
            "A. Lind annulled the ballots of North Bank: Chair of the society, first ballot",
        ),
        ("an act of another day", {"what": 1}, "A. Lind: an act of another day"),
        ("sign the manifest", {}, "A. Lind: sign the manifest"),
    ],
)  # fmt: skip
def test_a_sentence(data: Path, act: str, about: dict[str, Any], said: str) -> None:
    election, _ = drafted(time_zone="Europe/Kyiv")
    assert told(election, act, **about) == said


@NEEDS_DATABASE
def test_the_page_says_everything_that_was_written_down(data: Path) -> None:
    election, secretary = drafted()
    page = client_of(secretary).get(reverse("log", args=[election.slug])).content.decode()
    for entry in log.entries(election):
        assert entry["sha256"] in page
        assert entry["previous"] in page
        assert f"<dt>done</dt><dd>{entry['act']}</dd>" in page
        assert f"Record {entry['number']}</summary>" in page
    assert "<b>Secretary A. Lind</b> put WEISS Martha on the ballot paper of Delegate of the South Bank." in page
    assert re.search(r"<dt>candidate</dt><dd>\s*weiss-martha\s*</dd>", page)
    assert "added: 50" in page


@pytest.mark.slow
def test_every_act_up_to_the_poll_has_a_sentence(held: Callable[..., Played]) -> None:
    election = held().election
    teller = Teller(election)
    for entry in log.entries(election):
        assert teller.tell(entry).said != entry["act"]
