"""Results: what the count says and why, the protocols with their signatures, the publication, and what follows."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_POST

from suffrage.count import OutcomeKind
from suffrage.count.result import BallotCount, ContestCount, ElectionCount
from suffrage.protocols.site.contest import decided
from suffrage.service import clock
from suffrage.service.acts import again, decisions, jobs, results
from suffrage.service.acts.permission import EVERYBODY, MANAGERS
from suffrage.service.counting import count_of, follows
from suffrage.service.forms.again import AgainForm, proposed_hours
from suffrage.service.models import Election, Poll, Role, Stage
from suffrage.service.views.access import Official, page
from suffrage.service.views.shown import desk_page, form_page, sent, shown_job, to

_TAGS = {
    OutcomeKind.ELECTED: "ok",
    OutcomeKind.SECOND_BALLOT: "r2",
    OutcomeKind.NEW_ELECTION: "no",
    OutcomeKind.UNDECIDED: "in",
}


@page(*EVERYBODY)
def overview(request: Official, election: Election) -> HttpResponseBase:
    """The outcome of every contest, its protocols, and what is to be done next."""
    poll = election.polls.filter(stage__in=[Stage.DECRYPTED, Stage.PUBLISHED]).order_by("-ballot").first()
    if poll is None:
        return desk_page(request, election, "results.html", "results", poll=None)
    counted = count_of(election)
    waiting = decisions.open_decisions(election)
    waits = follows(election) if poll.stage == Stage.PUBLISHED else []
    return desk_page(
        request,
        election,
        "results.html",
        "results",
        poll=poll,
        job=shown_job(jobs.last(election, results.DRAW, results.PREPARE, results.PUBLISH)),
        contests=[
            _contest(item, counted, [one for one in waiting if one.contest.slug == item.contest.id])
            for item in counted.contests
        ]
        if counted
        else [],
        protocols=_protocols(election),
        missing=results.missing_signatures(election),
        second=[item for item in waits if item.kind is OutcomeKind.SECOND_BALLOT],
        anew=[item for item in waits if item.kind is OutcomeKind.NEW_ELECTION],
        published=election.polls.filter(stage=Stage.PUBLISHED).exists(),
    )


def _contest(item: ContestCount, counted: ElectionCount, waiting: list[decisions.Open]) -> dict[str, Any]:
    return {
        "name": item.contest.name,
        "outcome": item.outcome,
        "tag": _TAGS[item.outcome.kind],
        "elected": [item.candidate(one).full_name for one in item.outcome.elected],
        "ballots": [_ballot(ballot) for ballot in item.ballots],
        "taken": [
            (decided(one, counted, item, {}), one)
            for one in counted.election.decisions
            if one.contest == item.contest.id
        ],
        "open": [(decisions.DECISIONS[one.kind].title, decisions.DECISIONS[one.kind].key, one) for one in waiting],
    }


def _ballot(ballot: BallotCount) -> dict[str, Any]:
    totals = ballot.totals
    return {
        "number": ballot.ballot,
        "figures": [(name.replace("_", " "), number) for name, number in totals.figures.items()],
        "candidates": [
            (person.number, person.full_name, totals.votes[place], totals.against(place))
            for place, person in enumerate(ballot.candidates)
        ],
        "steps": ballot.outcome.steps,
        "findings": ballot.findings,
    }


def _protocols(election: Election) -> list[dict[str, Any]]:
    """The protocols in force, with how many have signed each."""
    store = results.protocols_of(election)
    if store is None:
        return []
    return [
        {"title": str(identity), "sha256": item.sha256, "signed": len(store.signatures.get(item.sha256, ()))}
        for identity, item in store.in_force.items()
    ]


@require_POST
@page(*MANAGERS)
def draw(request: Official, election: Election) -> HttpResponseBase:
    """Draw the protocols for the committee to sign."""
    jobs.ask(request.user, election, results.DRAW)
    return to("results", election.slug)


@require_POST
@page(*MANAGERS)
def prepare(request: Official, election: Election) -> HttpResponseBase:
    """Make everything that is published, up to the manifest."""
    jobs.ask(request.user, election, results.PREPARE)
    return to("results", election.slug)


@require_POST
@page(*MANAGERS)
def publish(request: Official, election: Election) -> HttpResponseBase:
    """Publish, once everything was verified from the sealed ballots up."""
    jobs.ask(request.user, election, results.PUBLISH)
    return to("results", election.slug)


@page(Role.COMMITTEE)
def second_ballot(request: Official, election: Election) -> HttpResponseBase:
    """Call the second ballot."""
    waits = [item for item in follows(election) if item.kind is OutcomeKind.SECOND_BALLOT]
    form = AgainForm(election, [], sent(request)[0], initial=_proposed(election, waits))
    made: list[Poll] = []

    def act() -> None:
        data = form.cleaned_data
        made.append(again.call_second_ballot(request.user, election, data["opens"], data["closes"]))

    if request.method == "POST" and form.done(act):
        messages.success(request, "The second ballot is called: its urns are made, and its electors are written to.")
        return to("poll", election.slug)
    lead = [f"{item.contest.name}: {_finalists(item)}." for item in waits]
    return _again_page(request, election, "Call the second ballot", form, waits, lead)


@page(Role.COMMITTEE)
def new_election(request: Official, election: Election) -> HttpResponseBase:
    """Call a new election in contests where the law asks for one."""
    waits = [item for item in follows(election) if item.kind is OutcomeKind.NEW_ELECTION]
    form = AgainForm(election, waits, sent(request)[0], initial=_proposed(election, waits))
    made: list[Election] = []

    def act() -> None:
        data = form.cleaned_data
        slugs = data.get("contests", [])
        made.append(again.call_new_election(request.user, election, slugs, data["opens"], data["closes"]))

    if request.method == "POST" and form.done(act):
        messages.success(request, f"The new election is called: {made[0].title}.")
        return to("desk-election", made[0].slug)
    lead = ["The same candidates stand; roll, codes, committee and the trustees' keys are the same."]
    return _again_page(request, election, "Call a new election", form, waits, lead)


def _again_page(
    request: Official, election: Election, title: str, form: AgainForm, waits: list[again.Due], lead: list[str]
) -> HttpResponseBase:
    last = _last_day(waits)
    warnings = [f"The law allows {last:%Y-%m-%d} at the latest."] if last else []
    if not waits:
        warnings = ["The results do not ask for it, or it was called already."]
    return form_page(
        request,
        election,
        "results",
        title,
        form,
        title,
        lead=lead,
        warnings=warnings,
        back=reverse("results", args=[election.slug]),
    )


def _last_day(waits: list[again.Due]) -> Any:
    return min((item.by for item in waits if item.by is not None), default=None)


def _proposed(election: Election, waits: list[again.Due]) -> dict[str, Any]:
    before = election.polls.order_by("-ballot").first()
    if before is None:
        return {}
    opens, closes = proposed_hours(before, _last_day(waits), clock.now(election))
    return {"opens": opens, "closes": closes}


def _finalists(item: again.Due) -> str:
    names = {person.slug: str(person) for person in item.contest.candidates.all()}
    return ", ".join(names.get(slug, slug) for slug in item.finalists)
