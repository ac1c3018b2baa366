"""An election for the authority of the tests, and its folder."""

from __future__ import annotations

import json
from typing import Any

from suffrage.authority import Codes, Order, parse_order, with_codes_for

UUIDS = ("AAAAAAAAAAAAAA", "BBBBBBBBBBBBBB", "CCCCCCCCCCCCCC")
PASSPHRASE = "a long enough passphrase"
NAMES = ("Ann Able", "Zoé Lefèvre", "Щербаков Юрий Ильич")
LANGUAGES = ("en", "fr", "ru")


def document(electors: int = 3, **election: Any) -> dict[str, Any]:
    """The authority.json of an election, as data to be changed."""
    return {
        "format": "suffrage-authority/1",
        "election": {
            "id": "council",
            "title": "Election of the Council",
            "kind": "real",
            "language": "en",
            "url": "https://vote.example.org/e/council/vote/",
            "opens": "2026-12-01T07:00:00+00:00",
            "closes": "2026-12-12T19:00:00Z",
            "time_zone": "Europe/Paris",
            **election,
        },
        "urns": [
            {"uuid": UUIDS[0], "contest": "One deputy", "unit": "North", "ballot": 1},
            {"uuid": UUIDS[1], "contest": "One deputy", "unit": "North", "ballot": 2},
            {"uuid": UUIDS[2], "contest": "The chair", "unit": "", "ballot": 1},
        ],
        "electors": [
            {
                "id": f"{number:04}",
                "name": NAMES[number % 3],
                "email": f"elector{number}@example.org",
                "address": ["12, rue de la Paix", "75002 Paris"],
                "language": LANGUAGES[number % 3],
                "unit": "North",
                "urns": list(UUIDS) if number % 2 == 0 else list(UUIDS[:2]),
            }
            for number in range(electors)
        ],
    }


def data(made: dict[str, Any]) -> bytes:
    return json.dumps(made, ensure_ascii=False).encode()


def order(electors: int = 3, **election: Any) -> Order:
    return parse_order(data(document(electors, **election)), "authority.json")


def codes_of(made: Order) -> Codes:
    return with_codes_for(Codes(made.election.id, {}), (elector.id for elector in made.entitled))
