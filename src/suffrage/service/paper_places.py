"""Places that vote on paper beside the urns: which they are, and where the urn of their contest is reported.

A unit above others may report in their place, but not beside them: so the urn of a contest with paper places is
reported in a unit of its own beside them. That is the place which holds all of the electors who vote online, where
there is one, and else one that the export puts above those places.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from suffrage.service.models import Contest, Election, Unit

ONLINE = "online"
"""The kind of a unit in which an urn is reported, and the end of its identifier."""


@dataclass
class Places:
    """The places of an election as a tree."""

    units: Mapping[int, Unit]
    below: dict[int, list[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, election: Election) -> Places:
        """Those of an election."""
        places = cls({unit.pk: unit for unit in election.units.all()})
        for pk, unit in places.units.items():
            if unit.parent_id is not None:
                places.below.setdefault(unit.parent_id, []).append(pk)
        return places

    def within(self, unit: int) -> Iterator[int]:
        """A unit and everything below it."""
        ahead = [unit]
        while ahead:
            here = ahead.pop()
            yield here
            ahead += self.below.get(here, ())

    def paper(self, unit: int) -> list[Unit]:
        """The places of a unit that vote on paper, in their order."""
        found = [self.units[pk] for pk in self.within(unit) if self.units[pk].paper]
        return sorted(found, key=lambda one: (one.position, one.pk))

    def online(self, unit: int) -> list[int]:
        """The topmost places below a unit in which nobody votes on paper; none where it has no paper places at all."""
        if not self.paper(unit):
            return []
        found = []
        ahead = list(self.below.get(unit, ()))
        while ahead:
            here = ahead.pop()
            if not self.paper(here):
                found.append(here)
            else:
                ahead += self.below.get(here, ())
        return sorted(found, key=lambda pk: (self.units[pk].position, pk))


@dataclass(frozen=True)
class Arrangement:
    """Where the urns of an election are reported, by contest; `parents` are units that lie elsewhere in the export.

    `made` are units that the export adds: identifier, name, and the unit that they lie in.
    """

    urn_unit: Mapping[str, str]
    parents: Mapping[str, str]
    made: tuple[tuple[str, str, str], ...]


def arranged(election: Election, contests: Iterable[Contest]) -> Arrangement:
    """The arrangement of an election; an empty one where nobody votes on paper."""
    places = Places.of(election)
    urn_unit: dict[str, str] = {}
    parents: dict[str, str] = {}
    made: dict[int, tuple[str, str, str]] = {}
    if not any(unit.paper for unit in places.units.values()):
        return Arrangement({}, {}, ())
    taken = {unit.slug for unit in places.units.values()}
    for contest in contests:
        top = places.units[contest.unit_id]
        online = [places.units[pk] for pk in places.online(top.pk)]
        if not online:
            continue
        if len(online) == 1:
            urn_unit[contest.slug] = online[0].slug
            continue
        if top.pk not in made:
            slug = _free(f"{top.slug}-{ONLINE}", taken)
            taken.add(slug)
            made[top.pk] = slug, f"{top.name}, {ONLINE}", top.slug
            parents.update({unit.slug: slug for unit in online})
        urn_unit[contest.slug] = made[top.pk][0]
    return Arrangement(urn_unit, parents, tuple(made.values()))


def _free(slug: str, taken: set[str]) -> str:
    made, number = slug, 2
    while made in taken:
        made, number = f"{slug}-{number}", number + 1
    return made


def has_paper(election: Election) -> bool:
    """Whether some place of an election votes on paper."""
    return election.units.filter(paper=True).exists()


def entangled(election: Election) -> list[str]:
    """Why paper places and contests do not go together, in sentences.

    Places in two contests of which one lies in the other would need an urn that is reported in parts.
    """
    places = Places.of(election)
    contests = list(election.contests.select_related("unit"))
    found = []
    around: dict[int, dict[int, str]] = {}
    for contest in contests:
        for pk in places.within(contest.unit_id):
            around.setdefault(pk, {})[contest.unit_id] = contest.unit.name
    for unit in places.units.values():
        tops = around.get(unit.pk, {})
        if unit.paper and not tops:
            found.append(f"{unit.name} votes on paper, and lies in no contest.")
        elif unit.paper and len(tops) > 1:
            names = " and in ".join(tops.values())
            found.append(f"{unit.name} votes on paper in contests of several levels: in {names}.")
    return found
