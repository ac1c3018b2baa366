"""The poll: its urns are made, it runs by the clock, it is extended; and its urns are opened."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponseBase

from suffrage import _core
from suffrage.service import clock, folders
from suffrage.service.acts import opening, poll, trustees, urn_making
from suffrage.service.acts.permission import EVERYBODY
from suffrage.service.models import Election, Head, Poll, Stage, Turnout, Urn
from suffrage.service.views.access import Official, page
from suffrage.service.views.proposals import shown_proposals
from suffrage.service.views.public import state_of
from suffrage.service.views.shown import desk_page
from suffrage.service.words import words


@dataclass(frozen=True, slots=True)
class ShownUrn:
    """An urn as the officials see it. `few`: it is closed, and waits for a decision since it has few ballots."""

    urn: Urn
    electors: int
    head: Head | None
    turnout: list[Turnout]
    few: bool
    turned: list[str]
    waits: list[str]

    @property
    def last(self) -> Turnout | None:
        """The hour that was counted last."""
        return self.turnout[-1] if self.turnout else None


@page(*EVERYBODY)
def overview(request: Official, election: Election) -> HttpResponseBase:
    """The polls of an election with their urns."""
    said = {name.removeprefix("public."): text for name, text in words("en").items()}
    polls = [
        {"poll": item, "state": state_of(said, election, item), "urns": _urns(election, item),
         "open": clock.is_open(item, clock.now(election)),
         "extends": item.stage == Stage.READY and clock.now(election) < item.closes}
        for item in election.polls.all()
    ]  # fmt: skip
    first = election.polls.filter(ballot=1).first()
    prepared = first is None or first.stage == Stage.PREPARED
    keys = (urn_making.MAKE.key, poll.EXTEND.key, opening.OPEN_FEW.key)
    return desk_page(
        request,
        election,
        "poll.html",
        "poll",
        polls=polls,
        prepared=prepared,
        lacks=urn_making.lacks(election) if prepared else [],
        proposals=shown_proposals(request.user, election, *keys),
        fewest=opening.FEWEST_BALLOTS,
        jumped=None if clock.believed() else round(clock.jump()),
        offset=election.clock_offset,
    )


def _urns(election: Election, held: Poll) -> list[ShownUrn]:
    members = trustees.trustees_of(election)
    urns = election.urns.filter(ballot=held.ballot, made=True).select_related("contest")
    found = []
    for urn in urns:
        owners: set[int] = set()
        few = False
        if urn.closed:
            owners = {owner for owner, _ in _core.archive_partials(folders.urns() / urn.file)}
            few = not urn.decrypted and opening.waits_for_decision(urn)
        turned = (["the server"] if 1 in owners else []) + [m.name for m in members if m.index + 1 in owners]
        waits = [member.name for member in members if member.index + 1 not in owners]
        number = urn.credentials.count()
        found.append(ShownUrn(urn, number, urn.heads.last(), list(urn.turnout.all()), few, turned, waits))
    return found
