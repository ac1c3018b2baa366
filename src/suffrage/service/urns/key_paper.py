"""The paper with the server's keys of an election, to be locked away: what is on it can be entered again by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from suffrage.service.models import Election, Urn
from suffrage.typeset.setting import new_compiler, set_pdf
from suffrage.words import in_fours

_TEMPLATE = Path(__file__).parent / "templates" / "server_keys.typ"

_SENTENCES = (
    "Each urn has a key of the server's own beside the keys of the trustees. Whoever has this paper alone can open "
    "nothing; without this key, and without a backup, nobody can open the urn.",
    "Lock it away where neither the trustees nor those who run the server go alone. Destroy it once the results are "
    "published and the time for appeals is over.",
    "To enter a key again: suffrage server-keys enter, followed by the name of the urn. Capital and small letters "
    "differ; spaces do not count. The letters I, O, l and the digit 0 never occur.",
)


def key_paper(election: Election, urns: Iterable[tuple[Urn, str]]) -> bytes:
    """The keys of some urns as a PDF, the same bytes for the same keys."""
    return set_pdf(new_compiler(), _TEMPLATE, _sheet(election, urns))


def _sheet(election: Election, urns: Iterable[tuple[Urn, str]]) -> Mapping[str, Any]:
    return {
        "title": f"Server keys: {election.title}",
        "heading": "Keys of the server",
        "election": election.title,
        "mark": "" if election.kind == "real" else election.kind.upper(),
        "sentences": _SENTENCES,
        "urns": [
            {
                "name": urn.contest.name if urn.ballot == 1 else f"{urn.contest.name}, second ballot",
                "uuid": urn.uuid,
                "groups": in_fours(key).split(),
            }
            for urn, key in urns
        ],
    }
