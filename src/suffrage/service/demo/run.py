"""The demonstration from the roll to the published results, with the second ballot left open for whoever looks on."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from suffrage.count import ContestCount
from suffrage.errors import Problem, ServiceError
from suffrage.service import clock
from suffrage.service.acts import again, results, setup
from suffrage.service.demo import society
from suffrage.service.demo.officials import open_urns, sign_everything
from suffrage.service.demo.public import Choice
from suffrage.service.demo.way import Played
from suffrage.service.models import Stage, Urn

Tell = Callable[[str], None]
SPARE = 3
_PATIENCE = 120.0


@dataclass(frozen=True, slots=True)
class Spare:
    """An elector who has not voted: their code is for the visitor."""

    number: str
    name: str
    code: str


def choices(played: Played, ballot: int, seed: int, left_out: Sequence[str] = ()) -> list[Choice]:
    """How the made-up public votes in every urn of a ballot, elector by elector."""
    made: list[Choice] = []
    for urn in played.election.urns.filter(ballot=ballot, made=True).select_related("contest"):
        race = next(race for race in society.RACES if race.slug == urn.contest.slug)
        names = names_of(urn)
        electors = [number for number in _electors(urn) if number not in left_out]
        for elector, choice in society.votes(race, electors, seed).items():
            place = None if choice is None else choice % names
            made.append(Choice(elector, urn.uuid, tuple(int(place == number) for number in range(names))))
    return sorted(made, key=lambda choice: choice.elector)


def names_of(urn: Urn) -> int:
    """How many names stand on the paper of an urn."""
    return len(urn.finalists) or urn.contest.candidates.count()


def _electors(urn: Urn) -> list[str]:
    return list(urn.credentials.order_by("elector__number").values_list("elector__number", flat=True))


def spares(played: Played) -> list[Spare]:
    """Electors whose codes the visitor gets: the last ones of the roll, who do not vote by themselves."""
    last = played.election.electors.order_by("-number")[:SPARE]
    return [Spare(elector.number, elector.name, played.codes[elector.number]) for elector in last]


def end_poll(played: Played, ballot: int) -> None:
    """Move the clock of the demonstration past the closing; the service then closes the poll by itself."""
    election = played.election
    election.refresh_from_db()
    poll = election.polls.get(ballot=ballot)
    seconds = int((poll.closes - clock.now(election)).total_seconds()) + 1
    if seconds > 0:
        setup.move_clock(played.secretary.user, election, seconds)


def await_closing(played: Played, ballot: int, patience: float = _PATIENCE) -> None:
    """Wait until the service has closed a poll. ServiceError where it does not."""
    until = time.monotonic() + patience
    while not is_closed(played, ballot):
        if time.monotonic() > until:
            raise ServiceError(Problem("the service", f"has not closed the poll within {patience:.0f} s"))
        time.sleep(0.2)


def is_closed(played: Played, ballot: int) -> bool:
    """Whether the service has closed a poll."""
    stages = (Stage.CLOSED, Stage.DECRYPTED, Stage.PUBLISHED)
    return played.election.polls.filter(ballot=ballot, stage__in=stages).exists()


def count_and_publish(played: Played, ballot: int, tell: Tell) -> None:
    """The trustees turn their keys, the committee draws and signs its protocols, the results are published."""
    election, secretary = played.election, played.secretary.user
    tell("the trustees turn their keys")
    open_urns(election, played.trustees, ballot)
    tell("the committee draws its protocols and signs them")
    results.draw(secretary, election)
    sign_everything(election, played.committee)
    tell("the results are put together")
    results.prepare_publication(secretary, election)
    sign_everything(election, played.committee)
    tell("the results are published, and verified from the sealed ballots up")
    results.publish_results(secretary, election)


def call_second_ballot(played: Played) -> None:
    """The committee's one act: the second ballot opens now, and closes within the days that the law gives."""
    at = clock.now(played.election)
    again.call_second_ballot(
        played.committee.chair.user, played.election, at - timedelta(minutes=1), at + timedelta(days=7)
    )


def outcomes(played: Played) -> list[ContestCount]:
    """What the count says of every contest."""
    return list(results.counted(played.election).contests)
