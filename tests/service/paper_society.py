"""A society that votes on paper beside the urn: the North in two precincts and online, the South on paper alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.contrib.auth.models import User

from suffrage.service.acts import fixing, permission, results, roll, setup, urn_making
from suffrage.service.acts.officials import join
from suffrage.service.acts.paper_returns import Key, State, enter
from suffrage.service.demo import officials, society
from suffrage.service.demo.officials import open_urns, sign_everything
from suffrage.service.demo.way import Played, authority, two_persons
from suffrage.service.models import Election, Stage
from tests.service.voting import Booth, over

ONLINE, PAPER = 24, 6
GOOD = {"registered": 6, "issued": 6, "took_part": 6, "invalid": 1, "valid": 5, "all_struck": 1}
VOTES = {"ito-sora": 3, "martin-claire": 1}
SOUTH = {"beaumont-luc": 4, "sidorov-pavel": 0, "weiss-martha": 0}


def drafted(secretary: officials.Person, *, online: bool = True) -> Election:
    """The election as a draft with its roll; without `online` everybody votes on paper."""
    now = datetime.now(UTC)
    by = secretary.user
    head = setup.Head(title="Delegates", kind="demo", law="law.toml", law_text=society.LAW)
    election = setup.create(by, "delegates", head, secretary.name)
    setup.set_hours(by, election, now - timedelta(hours=1), now + timedelta(hours=2))
    top = setup.add_unit(by, election, "Riverside Society", "society", None, "society")
    north = setup.add_unit(by, election, "North Bank", "district", top, "north")
    south = setup.add_unit(by, election, "South Bank", "district", top, "south")
    places = [
        setup.add_unit(by, election, f"{lies.name} {number}", "precinct", lies, f"{lies.slug}-{number}", paper=True)
        for lies in (north, south)
        for number in (1, 2)
    ]
    people = [(f"p{place.slug}{number}", place.slug) for place in places for number in range(PAPER)]
    if online:
        beside = setup.add_unit(by, election, "North Bank, online", "online", north)
        people += [(f"n{number:02d}", beside.slug) for number in range(ONLINE)]
    for race, unit in ((society.RACES[1], north), (society.RACES[2], south)):
        contest = setup.add_contest(by, election, race.name, unit, slug=race.slug)
        for one in race.candidates:
            setup.add_candidate(by, contest, one.surname, one.names, one.supporters)
    lines = ["Number;Name;District", *(f"{number};Elector {number};{unit}" for number, unit in people)]
    roll.keep(by, election, roll.read(election, ("\r\n".join(lines) + "\r\n").encode()))
    election.refresh_from_db()
    return election


def ready(*, online: bool = True) -> Played:
    """The election with its poll open."""
    secretary = officials.person(officials.SECRETARY)
    election = drafted(secretary, online=online)
    members = [officials.person(name) for name, _ in officials.COMMITTEE]
    committee = officials.committee(election, secretary.user, members)
    observer = officials.person(officials.OBSERVER)
    join(secretary.user, election, observer.user, observer.name, "observer")
    keys: list[officials.TrusteeKey] = []
    if online:
        people = [officials.person(name) for name in officials.TRUSTEES]
        keys = officials.trustee_keys(election, secretary.user, people)
    two_persons(election, secretary.user, committee.chair.user, "fix", "Roll and papers were read and are right")
    codes: dict[str, str] = {}
    if online:
        codes, lists = authority(fixing.authority_file(secretary.user, election))
        fixing.take_lists(secretary.user, election, lists)
        officials.rehearse(election, secretary.user, keys)
        election.refresh_from_db()
    two_persons(election, secretary.user, committee.chair.user, urn_making.MAKE.key, "Everything is there")
    return Played(election, secretary, committee, keys, observer, codes)


def closed(played: Played) -> None:
    """The time of the poll is over."""
    over(played)
    played.election.refresh_from_db()
    assert played.election.polls.get().stage != Stage.READY


def key(election: Election, unit: str) -> Key:
    """The return of a precinct in its contest."""
    contest = election.contests.select_related("unit", "election").get(unit__slug=unit.rpartition("-")[0])
    return Key(contest, election.units.get(slug=unit))


def confirmed(played: Played, act: str, **arguments: object) -> None:
    """An act of two members of the committee."""
    first, second, _ = (person.user for person, _ in played.committee.members.values())
    permission.confirm(second, permission.propose(first, played.election, act, arguments, "The paper says otherwise"))


def opened() -> Played:
    """Paper and urn in one contest: the urn is opened, with seven ballots for each, and the returns are still out."""
    played = ready()
    booth = Booth(played)
    urn = booth.urn("north-seat")
    assert played.election.urns.filter(made=True).count() == 1
    assert booth.electors(urn) == [f"n{number:02d}" for number in range(ONLINE)]
    for number, elector in enumerate(booth.electors(urn)[:14]):
        assert booth.cast(urn, booth.seal(urn, elector, number % 2)).status_code == 200
    closed(played)
    open_urns(played.election, played.trustees, 1)
    return played


def members(played: Played) -> tuple[User, User, User]:
    """The users of the committee."""
    first, second, third = (person.user for person, _ in played.committee.members.values())
    return first, second, third


def twice(played: Played, unit: str, figures: dict[str, int] = GOOD, votes: dict[str, int] = VOTES) -> None:
    """A return that two persons enter alike."""
    first, second, _ = members(played)
    assert enter(first, played.election, key(played.election, unit), figures, votes) is State.ONCE
    assert enter(second, played.election, key(played.election, unit), figures, votes) is State.ACCEPTED


def published(played: Played) -> Path:
    """Drawn, signed and published; gives the folder of the site."""
    election = played.election
    results.draw(played.secretary.user, election)
    sign_everything(election, played.committee)
    results.prepare_publication(played.secretary.user, election)
    sign_everything(election, played.committee)
    return results.publish_results(played.secretary.user, election)
