"""Results: what the count says and why, the protocols with their signatures, the publication, and what follows."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_POST

from suffrage.count import OutcomeKind
from suffrage.service import clock
from suffrage.service.acts import again, jobs, results
from suffrage.service.acts.decisions import open_decisions
from suffrage.service.acts.permission import EVERYBODY, MANAGERS
from suffrage.service.counting import count_of, follows
from suffrage.service.forms.again import AgainForm, proposed_hours
from suffrage.service.models import Election, Poll, Role, Stage
from suffrage.service.views.access import Official, page
from suffrage.service.views.counted import shown_contests, shown_protocols, way
from suffrage.service.views.shown import desk_page, form_page, sent, shown_job, to


@page(*EVERYBODY)
def overview(request: Official, election: Election) -> HttpResponseBase:
    """The outcome of every contest, its protocols, and what is to be done next."""
    poll = election.polls.filter(stage__in=[Stage.DECRYPTED, Stage.PUBLISHED]).order_by("-ballot").first()
    if poll is None:
        return desk_page(request, election, "results.html", "results", poll=None)
    counted = count_of(election)
    lacks = results.lacks_of(election)
    protocols = shown_protocols(election, lacks)
    waits = follows(election) if poll.stage == Stage.PUBLISHED else []
    return desk_page(
        request,
        election,
        "results.html",
        "results",
        poll=poll,
        job=shown_job(jobs.last(election, results.DRAW, results.PREPARE, results.PUBLISH)),
        way=way(poll, len(protocols), lacks) if poll.stage != Stage.PUBLISHED else [],
        contests=shown_contests(counted, open_decisions(election)) if counted else [],
        protocols=protocols,
        lacks=len(lacks),
        second=[item for item in waits if item.kind is OutcomeKind.SECOND_BALLOT],
        anew=[item for item in waits if item.kind is OutcomeKind.NEW_ELECTION],
        published=election.polls.filter(stage=Stage.PUBLISHED).exists(),
    )


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
