"""Fixing roll and ballot papers, which takes two persons; then the public credentials that the authority makes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from suffrage import _core
from suffrage.election import Kind
from suffrage.election.consistency import inconsistencies
from suffrage.errors import Problem, ServiceError
from suffrage.returns.sealed import question_of
from suffrage.service.acts.permission import MANAGERS, TwoPersonAct, refused, require, two_persons
from suffrage.service.export import as_model, candidates_as_model, contest_as_model, statute_of
from suffrage.service.log import record
from suffrage.service.models import RESERVE, Contest, Credential, Election, Elector, Poll, Role, Unit, Urn
from suffrage.service.paper_places import Places, entangled, has_paper

AUTHORITY, LISTS = "suffrage-authority/1", "suffrage-credentials/1"
FEWEST_ELECTORS = 20
"""An urn with fewer could tell who voted what."""

_BATCH = 2000


def units_below(unit: Unit, units: Mapping[int, Unit]) -> set[int]:
    """The ids of a unit and of all that lie in it."""
    found = {unit.pk}
    grew = True
    while grew:
        more = {pk for pk, other in units.items() if other.parent_id in found} - found
        found |= more
        grew = bool(more)
    return found


def contest_electors(contest: Contest) -> Any:
    """The electors of a contest who vote online, as a query: those of places that vote on paper get no code."""
    units = {unit.pk: unit for unit in contest.election.units.all() if not unit.paper}
    return contest.election.electors.filter(unit_id__in=units_below(contest.unit, units), unit__paper=False)


def has_urn(contest: Contest) -> bool:
    """Whether a contest has an urn: not where all of its electors vote on paper."""
    return contest_electors(contest).exists() or not Places.of(contest.election).paper(contest.unit_id)


def votes_online(election: Election) -> bool:
    """Whether an election has, or will have, an urn."""
    if not has_paper(election):
        return True
    return any(has_urn(contest) for contest in election.contests.select_related("election", "unit"))


def thin(contest: Contest) -> int | None:
    """How many electors the urn of a contest has, where they are too few; None where all is well."""
    number = contest_electors(contest).count()
    return number if number < FEWEST_ELECTORS and has_urn(contest) else None


def empty_places(election: Election) -> list[str]:
    """Places without electors that would be awaited in vain beside places that vote on paper, in sentences."""
    places = Places.of(election)
    return [
        f"{contest.name}: nobody on the roll votes in {places.units[pk].name}; take the place out."
        for contest in election.contests.select_related("election", "unit")
        if not has_urn(contest)
        for pk in places.online(contest.unit_id)
    ]


def lacks(election: Election) -> list[str]:
    """What is missing before roll and ballot papers can be fixed, each in a sentence."""
    missing = []
    contests = list(election.contests.select_related("unit").prefetch_related("candidates"))
    if not contests:
        missing.append("There is no contest yet.")
    if not Poll.objects.filter(election=election, ballot=1).exists():
        missing.append("The hours of the poll are not set.")
    statute = statute_of(election)
    for contest in contests:
        people = candidates_as_model(contest)
        if not people:
            missing.append(f"{contest.name}: nobody stands in it.")
            continue
        if statute.variants.get(contest.rules) is None and contest.rules:
            missing.append(f"{contest.name}: the law has no variant {contest.rules}.")
            continue
        question_of(contest_as_model(contest), statute.rules_under(contest.rules), people)
        if (number := thin(contest)) is not None:
            missing.append(f"{contest.name}: {number} electors; an urn needs at least {FEWEST_ELECTORS}.")
    missing += [*entangled(election), *empty_places(election)]
    made = as_model(election)
    missing += [
        f"{item.message}: {item.seen}"
        for item in inconsistencies(made.units, made.contests, made.candidates, made.decisions)
    ]
    if election.second_factor and election.electors.filter(email="", unit__paper=False).exists():
        missing.append("A second factor by mail is wanted, and some electors have no e-mail address.")
    return missing


def _check(election: Election, arguments: Mapping[str, Any]) -> None:
    if election.frozen:
        raise refused("roll and ballot papers", "are fixed already")
    if missing := lacks(election):
        raise ServiceError([Problem("roll and ballot papers", f"cannot be fixed yet: {line}") for line in missing])


def _fix(by: AbstractBaseUser, election: Election, arguments: Mapping[str, Any], reason: str) -> None:
    locked = Election.objects.select_for_update().get(pk=election.pk)
    _check(locked, arguments)
    for contest in filter(has_urn, election.contests.select_related("election", "unit")):
        for ballot in (1, 2, RESERVE):
            Urn.objects.create(
                election=election, contest=contest, ballot=ballot, uuid=_core.new_uuid(), seats=contest.seats
            )
    Election.objects.filter(pk=election.pk).update(frozen=True)
    election.frozen = True
    record(by, "fix roll and ballot papers", election, reason, electors=election.electors.count())


FIX = two_persons(TwoPersonAct("fix", "Fix the roll and the ballot papers", MANAGERS, _fix, _check))


def authority_file(by: AbstractBaseUser, election: Election) -> bytes:
    """What the credential authority needs: who is to get a code, and the urns that the code is for."""
    require(by, election, *MANAGERS)
    if not election.frozen:
        raise refused("credentials", "cannot be made yet", "", "a roll that is fixed")
    poll = election.polls.get(ballot=1)
    urns = list(election.urns.select_related("contest__unit"))
    units = {unit.pk: unit for unit in election.units.all()}
    of_unit: dict[int, list[str]] = {unit: [] for unit in units}
    for urn in urns:
        for unit in units_below(urn.contest.unit, units):
            of_unit[unit].append(urn.uuid)
    electors = [
        {
            "id": elector.number,
            "name": elector.name,
            "email": elector.email,
            "address": elector.address.splitlines(),
            "language": elector.language or election.language,
            "unit": units[elector.unit_id].name,
            "urns": of_unit[elector.unit_id],
        }
        for elector in election.electors.filter(unit__paper=False).order_by("number").iterator(chunk_size=_BATCH)
    ]
    record(by, "hand the roll to the credential authority", election, electors=len(electors))
    return json.dumps(
        {
            "format": AUTHORITY,
            "election": {
                "id": election.slug,
                "title": election.title,
                "kind": election.kind,
                "language": election.language,
                "contact": election.contact,
                "second_factor": election.second_factor,
                "url": f"{settings.PUBLIC_URL}/e/{election.slug}/vote/",
                "opens": poll.opens.isoformat(),
                "closes": poll.closes.isoformat(),
                "time_zone": election.time_zone,
            },
            "urns": [
                {"uuid": u.uuid, "contest": u.contest.name, "unit": u.contest.unit.name, "ballot": u.ballot}
                for u in urns
            ],
            "electors": electors,
        },
        ensure_ascii=False,
    ).encode()


def take_lists(by: AbstractBaseUser, election: Election, data: bytes) -> dict[str, int]:
    """Take the public lists of the authority: for every urn exactly its electors. Gives the number on each."""
    require(by, election, *MANAGERS)
    if not election.frozen or election.urns.filter(made=True).exists():
        raise refused("lists", "cannot be taken (any more)", "", "after the roll is fixed, before the urns are made")
    lists = _parsed(election, data)
    with transaction.atomic():
        Credential.objects.filter(urn__election=election).delete()
        numbers = {}
        for urn in election.urns.select_related("contest"):
            numbers[urn.uuid] = _take(urn, lists.get(urn.uuid, []))
        record(by, "take the public lists of the authority", election, credentials=numbers)
    return numbers


def _parsed(election: Election, data: bytes) -> Mapping[str, list[tuple[str, str]]]:
    try:
        document = json.loads(data)
        right = document["format"] == LISTS and document["election"] == election.slug
        lists = {
            uuid: [(entry["credential"], entry["id"]) for entry in entries]
            for uuid, entries in document["lists"].items()
        }
        right = right and all(type(text) is str for entries in lists.values() for pair in entries for text in pair)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        lists, right = {}, False
    if not right:
        raise refused("lists", "are none of this election", "", f"public.json of the authority of {election.slug}")
    known = set(election.urns.values_list("uuid", flat=True))
    if strangers := set(lists) - known:
        raise refused("lists", "name urns that this election has not", ", ".join(sorted(strangers)))
    return lists


def _take(urn: Urn, listed: list[tuple[str, str]]) -> int:
    expected = dict(contest_electors(urn.contest).values_list("number", "pk"))
    where = f"list of {urn.contest.name}, ballot {urn.ballot}"
    numbers = [number for _, number in listed]
    wrong = [public for public, _ in listed if len(public) != 64 or public.strip("0123456789abcdef")]
    if wrong:
        raise refused(where, "not a credential", wrong[0][:70], "64 hexadecimal digits")
    if len(set(numbers)) < len(numbers) or len({public for public, _ in listed}) < len(listed):
        raise refused(where, "an elector or a credential stands twice on it")
    missing, strangers = sorted(expected.keys() - set(numbers)), sorted(set(numbers) - expected.keys())
    if missing or strangers:
        seen = f"{len(missing)} electors without a credential ({', '.join(missing[:3])})" if missing else ""
        seen += f" {len(strangers)} who are not electors of it ({', '.join(strangers[:3])})" if strangers else ""
        raise refused(where, "is not of its electors", seen.strip(), "each of them once")
    rows = [Credential(urn=urn, elector_id=expected[number], public=public) for public, number in sorted(listed)]
    Credential.objects.bulk_create(rows, batch_size=_BATCH)
    return len(rows)


def erase_table(by: AbstractBaseUser, election: Election, arguments: Mapping[str, Any], reason: str) -> None:
    """Erase who has which public credential, after the time for appeals: it cannot be made again."""
    number, _ = Credential.objects.filter(urn__election=election).delete()
    record(by, "erase the table of electors and credentials", election, reason, rows=number)


def _check_erasing(election: Election, arguments: Mapping[str, Any]) -> None:
    if election.kind == Kind.REAL and election.polls.exclude(stage="published").exists():
        raise refused("the table", "is still needed", "", "an election whose results are published")
    if (
        election.urns.filter(made=False, ballot__lt=RESERVE).exists()
        and election.polls.exclude(stage="published").exists()
    ):
        raise refused("the table", "is still needed", "", "an election that is over")


ERASE = two_persons(
    TwoPersonAct("erase", "Erase the table of electors and credentials", MANAGERS, erase_table, _check_erasing)
)

__all__ = ["ERASE", "FIX", "Elector", "Role", "authority_file", "contest_electors", "lacks", "take_lists"]
