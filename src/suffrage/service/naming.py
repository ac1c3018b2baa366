"""How the protocols of an election are called in sentences: by the names of committees, places and contests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from suffrage.protocols.published import Identity, Level
from suffrage.service.models import Election

COMMITTEES: Mapping[Level, str] = {
    Level.PRECINCT: "precinct committee",
    Level.PART: "local committee",
    Level.DISTRICT: "district committee",
    Level.AREA: "area committee",
    Level.CENTRE: "central committee",
}


@dataclass(frozen=True)
class ProtocolNames:
    """The names that the protocols of an election are called by, found by their short names."""

    units: Mapping[str, str]
    contests: Mapping[str, str]

    def about(self, identity: Identity) -> str:
        """What a protocol is about: its place and its contest; the whole election at the centre."""
        contest, unit = self.contests.get(identity.contest, ""), self.units.get(identity.unit, identity.unit)
        first = [unit, contest] if identity.level is Level.PRECINCT else [contest, unit]
        found = list(dict.fromkeys(part for part in (*first, "" if contest else identity.chamber) if part))
        return ", ".join(found) or "The whole election"

    def sentence(self, identity: Identity) -> str:
        """A protocol named in full, for a sentence of its own."""
        about = "" if identity.level is Level.CENTRE and not identity.chamber else f": {self.about(identity)}"
        ballot = "first ballot" if identity.ballot == 1 else "second ballot"
        return f"Protocol of the {COMMITTEES[identity.level]}{about}, {ballot}"


def protocol_names(election: Election) -> ProtocolNames:
    """The names of an election's places and contests."""
    return ProtocolNames(
        dict(election.units.values_list("slug", "name")), dict(election.contests.values_list("slug", "name"))
    )
