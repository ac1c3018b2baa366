"""Protocols are called by the names of committees, places and contests."""

from __future__ import annotations

import pytest

from suffrage.protocols.published import Identity, Level
from suffrage.service.naming import ProtocolNames

NAMES = ProtocolNames({"north": "North Bank", "north-1": "North Bank 1"}, {"seat": "Delegate of the North Bank"})


@pytest.mark.parametrize(
    ("identity", "said"),
    [
        (
            Identity(Level.PRECINCT, "north-1", "seat", "", 1),
            "Protocol of the precinct committee: North Bank 1, Delegate of the North Bank, first ballot",
        ),
        (
            Identity(Level.DISTRICT, "north", "seat", "", 2),
            "Protocol of the district committee: Delegate of the North Bank, North Bank, second ballot",
        ),
        (Identity(Level.AREA, "west", "", "union", 1), "Protocol of the area committee: west, union, first ballot"),
        (Identity(Level.CENTRE, "", "", "union", 1), "Protocol of the central committee: union, first ballot"),
        (Identity(Level.CENTRE, "", "", "", 1), "Protocol of the central committee, first ballot"),
    ],
)
def test_a_protocol_is_named(identity: Identity, said: str) -> None:
    assert NAMES.sentence(identity) == said


def test_a_contest_of_the_same_name_as_its_place_is_named_once() -> None:
    names = ProtocolNames({"north": "North Bank"}, {"north": "North Bank"})
    assert names.about(Identity(Level.DISTRICT, "north", "north", "union", 1)) == "North Bank"
    assert names.about(Identity(Level.CENTRE, "", "", "", 1)) == "The whole election"
