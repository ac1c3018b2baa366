"""Returns from paper: which have come, the page on which one is entered, and the one on which a third decides."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode

from suffrage.service import paper_forms
from suffrage.service.acts import paper_returns
from suffrage.service.acts.paper_returns import Key, State
from suffrage.service.acts.permission import EVERYBODY, MANAGERS, roles_of
from suffrage.service.acts.results import protocols_of
from suffrage.service.forms.paper_returns import DecidingForm, PaperForm, key_of, labels
from suffrage.service.models import Election, PaperEntry, PaperReturn, Role, Stage, Unit
from suffrage.service.views.access import Official, page
from suffrage.service.views.shown import desk_page, to

_TAGS = {State.WAITS: "", State.ONCE: "in", State.DIFFERS: "no", State.ACCEPTED: "ok"}


def _address(election: Election, key: Key) -> str:
    query = urlencode({"contest": key.contest.slug, "ballot": str(key.ballot)})
    return f"{reverse('paper-return', args=[election.slug, key.unit.pk])}?{query}"


@page(*EVERYBODY)
def overview(request: Official, election: Election) -> HttpResponseBase:
    """Every return that is to come from paper, and how it stands."""
    ballots = []
    for poll in election.polls.exclude(stage=Stage.PREPARED):
        accepted = paper_returns.in_force(election, poll.ballot)
        rows = [_row(election, key, accepted) for key in paper_returns.awaited(election, poll.ballot)]
        there = sum(key in accepted for key in ((row["contest"].pk, row["unit"].pk) for row in rows))
        ballots.append({"number": poll.ballot, "rows": rows, "there": there, "closes": poll.closes})
    return desk_page(request, election, "paper_returns.html", "paper-returns", ballots=ballots)


def _row(election: Election, key: Key, accepted: dict[tuple[int, int], PaperReturn]) -> dict[str, Any]:
    made = accepted.get((key.contest.pk, key.unit.pk))
    state = paper_returns.state_of(paper_returns.entries_of(election, key), made)
    found = paper_returns.findings_of(election, key, made.figures, made.votes) if made else []
    return {
        "contest": key.contest,
        "unit": key.unit,
        "state": state.value,
        "tag": _TAGS[state],
        "made": made,
        "figures": _shown(key, made) if made else [],
        "findings": found,
        "paper": _protocol(election, key),
        "url": _address(election, key),
    }


def _shown(key: Key, made: PaperReturn) -> list[tuple[str, int]]:
    return [(label, value) for name, label in labels(key).items() if (value := _value(made, name)) is not None]


def _value(of: PaperReturn | PaperEntry, name: str) -> int | None:
    found = {**of.figures, **of.votes}.get(name)
    return None if found is None else int(found)


def _protocol(election: Election, key: Key) -> str:
    """The hash of the precinct's protocol, of which there is a paper; empty where none is drawn."""
    store = protocols_of(election)
    for one, protocol in store.in_force.items() if store else ():
        if (one.unit, one.contest, one.ballot) == (key.unit.slug, key.contest.slug, key.ballot):
            return protocol.sha256
    return ""


@page(*MANAGERS)
def entering(request: Official, election: Election, number: int) -> HttpResponseBase:
    """Enter one return, as its first or second person, or decide it as the third."""
    unit = get_object_or_404(Unit, pk=number, election=election, paper=True)
    key = key_of(election, unit.slug, request.GET.get("contest", ""), request.GET.get("ballot", "1"))
    if key is None:
        raise Http404
    made = paper_returns.in_force(election, key.ballot).get((key.contest.pk, unit.pk))
    entries = paper_returns.entries_of(election, key)
    state = paper_returns.state_of(entries, made)
    mine = state is not State.ACCEPTED and any(entry.entered_by_id == request.user.pk for entry in entries)
    if state is State.DIFFERS and not mine and Role.COMMITTEE.value in roles_of(request.user, election):
        return _deciding(request, election, key, entries)
    signed = state is State.ACCEPTED and paper_returns.signed(election, key)
    anew = state is State.ACCEPTED and not signed and "anew" in request.GET
    open_ = anew or (state in (State.WAITS, State.ONCE) and not mine)
    # A correction that has been begun needs no second reason from its second person.
    form = PaperForm(key, request.POST if request.method == "POST" else None, anew=anew)
    if request.method == "POST" and (open_ or form.is_valid()):
        said: list[State] = []
        if form.done(lambda: said.append(paper_returns.enter(request.user, election, key, **form.given()))):
            _tell(request, key, said[0])
            return to("paper-returns", election.slug)
    return desk_page(
        request,
        election,
        "paper_return.html",
        "paper-returns",
        400 if form.errors else 200,
        key=key,
        form=form if open_ or form.errors else None,
        state=state.value,
        first=state in (State.WAITS, State.ACCEPTED),
        mine=mine,
        made=made if state is State.ACCEPTED else None,
        figures=_shown(key, made) if made and state is State.ACCEPTED else [],
        findings=paper_returns.findings_of(election, key, made.figures, made.votes)
        if made and state is State.ACCEPTED
        else [],
        signed=signed,
        decisions=election.decisions.filter(contest=key.contest, ballot=key.ballot, unit=unit.slug),
        anew=anew,
        checks=paper_forms.checks_text(key.contest),
        data=paper_forms.checks_data(key.contest),
        correct=f"{reverse('propose', args=[election.slug, 'correct-return'])}?"
        + urlencode({"unit": unit.slug, "contest": key.contest.slug, "ballot": str(key.ballot)}),
        address=_address(election, key),
    )


def _deciding(request: Official, election: Election, key: Key, entries: list[PaperEntry]) -> HttpResponseBase:
    """The page of the third person, who sees both entries where they differ."""
    said = labels(key)
    found = set(paper_returns.differing(entries[0], entries[1]))
    open_ = [name for name in said if name in found]
    form = DecidingForm(open_, said, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.done(lambda: paper_returns.decide(request.user, election, key, form.chosen())):
        messages.success(request, f"Decided and accepted: {key.unit.name}.")
        return to("paper-returns", election.slug)
    rows = [(said[name], *(_value(entry, name) for entry in entries[:2]), form[f"d-{name}"]) for name in open_]
    agreed = [(label, _value(entries[0], name)) for name, label in said.items() if name not in found]
    return desk_page(
        request,
        election,
        "paper_deciding.html",
        "paper-returns",
        400 if form.errors else 200,
        key=key,
        form=form,
        rows=rows,
        agreed=[(label, value) for label, value in agreed if value is not None],
    )


def _tell(request: Official, key: Key, state: State) -> None:
    name = key.unit.name
    if state is State.ONCE:
        messages.success(request, f"Entered once: {name}. It waits for a second person, who does not see it.")
    elif state is State.ACCEPTED:
        messages.success(request, f"Both entries agree: the return of {name} is accepted.")
    else:
        messages.warning(request, f"The two entries of {name} differ: a third person decides, with the paper at hand.")
