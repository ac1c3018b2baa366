"""The way of an election up to its opening: set up, roll, committee, keys, codes, rehearsal, urns."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.models import User

from suffrage import _core
from suffrage.service.acts import fixing, permission, roll, setup, urn_making
from suffrage.service.acts.officials import join
from suffrage.service.demo import officials, society
from suffrage.service.models import Election

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Played:
    """An election that is ready, and what each role keeps of it. The codes are the authority's."""

    election: Election
    secretary: officials.Person
    committee: officials.Committee
    trustees: list[officials.TrusteeKey]
    observer: officials.Person
    codes: Mapping[str, str] = field(repr=False)


def two_persons(election: Election, first: User, second: User, act: str, reason: str, **arguments: object) -> None:
    """An act that takes two persons, proposed and confirmed."""
    permission.confirm(second, permission.propose(first, election, act, arguments, reason))
    election.refresh_from_db()


def draft(
    secretary: officials.Person,
    opens: datetime,
    closes: datetime,
    people: Sequence[society.Member],
    head: Mapping[str, object] | None = None,
    races: Sequence[society.Race] = society.RACES,
) -> Election:
    """An election set up with its roll, not fixed yet."""
    said = {"title": society.TITLE, "kind": "demo", "law": "law.toml", "law_text": society.LAW, **(head or {})}
    slug = str(said.pop("slug", society.SLUG))
    election = setup.create(secretary.user, slug, setup.Head(**said), secretary.name)  # type: ignore[arg-type]
    setup.set_hours(secretary.user, election, opens, closes)
    units = {"society": setup.add_unit(secretary.user, election, "Riverside Society", "society", None, "society")}
    for unit, name in society.DISTRICTS:
        units[unit] = setup.add_unit(secretary.user, election, name, "district", units["society"], unit)
    for race in races:
        contest = setup.add_contest(secretary.user, election, race.name, units[race.unit], slug=race.slug)
        for one in race.candidates:
            setup.add_candidate(
                secretary.user, contest, one.surname, one.names, one.supporters, occupation=one.occupation
            )
    roll.keep(secretary.user, election, roll.read(election, society.roll_file(people)))
    return election


def prepared(
    opens: datetime,
    closes: datetime,
    people: Sequence[society.Member],
    head: Mapping[str, object] | None = None,
    tell: Tell = lambda now: None,
) -> Played:
    """An election with everything up to its urns."""
    tell("the secretary sets the election up")
    secretary = officials.person(officials.SECRETARY)
    election = draft(secretary, opens, closes, people, head)
    tell("the committee makes its keys and signs its roster")
    members = [officials.person(name) for name, _ in officials.COMMITTEE]
    committee = officials.committee(election, secretary.user, members)
    tell("the trustees make theirs")
    keys = officials.trustee_keys(election, secretary.user, [officials.person(name) for name in officials.TRUSTEES])
    observer = officials.person(officials.OBSERVER)
    join(secretary.user, election, observer.user, observer.name, "observer")
    tell("roll and ballot papers are fixed by two persons")
    two_persons(election, secretary.user, committee.chair.user, "fix", "Roll and papers were read and are right")
    tell("the credential authority makes a code for every elector")
    codes, lists = authority(fixing.authority_file(secretary.user, election))
    fixing.take_lists(secretary.user, election, lists)
    tell("the trustees rehearse the opening of an urn")
    officials.rehearse(election, secretary.user, keys)
    election.refresh_from_db()
    tell("the urns are made by two persons")
    two_persons(election, secretary.user, committee.chair.user, urn_making.MAKE.key, "Everything was rehearsed")
    return Played(election, secretary, committee, keys, observer, codes)


def authority(data: bytes) -> tuple[dict[str, str], bytes]:
    """What the credential authority does with the roll: a code an elector, and the public lists for the service."""
    asked = json.loads(data)
    codes = {elector["id"]: _core.new_code() for elector in asked["electors"]}
    lists: dict[str, list[dict[str, str]]] = {}
    for urn in asked["urns"]:
        numbers = [elector["id"] for elector in asked["electors"] if urn["uuid"] in elector["urns"]]
        public = _core.public_credentials(urn["uuid"], [codes[number] for number in numbers])
        pairs = sorted(zip(public, numbers, strict=True))
        lists[urn["uuid"]] = [{"credential": credential, "id": number} for credential, number in pairs]
    return codes, json.dumps({"format": fixing.LISTS, "election": asked["election"]["id"], "lists": lists}).encode()
