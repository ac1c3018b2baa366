"""Setting an election up: what it says of itself, its hours, places, contests and candidates, and its ballot papers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from suffrage.errors import SuffrageError
from suffrage.service import clock
from suffrage.service.acts import fixing, setup
from suffrage.service.acts.permission import EVERYBODY, MANAGERS, refused
from suffrage.service.export import statute_of
from suffrage.service.forms.base import PlainForm
from suffrage.service.forms.desk import HeadForm
from suffrage.service.forms.setup import CandidateForm, ClockForm, ContestForm, HoursForm, PlaceForm
from suffrage.service.models import Candidate, Contest, Election, Role, Unit
from suffrage.service.views.access import Official, page
from suffrage.service.views.ballot_paper import ballot_papers, said_publicly
from suffrage.service.views.shown import desk_page, form_page, sent, to

_FIXED = "The roll and the ballot papers are fixed: nothing here changes any more."


@page(*EVERYBODY)
def overview(request: Official, election: Election) -> HttpResponseBase:
    """All of the set-up, and what is missing."""
    try:
        law, trouble, lacks = statute_of(election).title, "", [] if election.frozen else fixing.lacks(election)
    except SuffrageError as error:
        law, trouble, lacks = election.law, str(error), []
    return desk_page(
        request,
        election,
        "setup.html",
        "setup",
        law=law,
        trouble=trouble,
        lacks=lacks,
        poll=election.polls.filter(ballot=1).first(),
        tree=_tree(election),
        contests=election.contests.select_related("unit").prefetch_related("candidates"),
    )


def _tree(election: Election) -> list[tuple[str, Unit]]:
    """The places in the order of the tree, each with the path that leads to it."""
    units = list(election.units.all())
    found: list[tuple[str, Unit]] = []

    def walk(parent: int | None, path: str) -> None:
        for unit in units:
            if unit.parent_id == parent:
                found.append((path, unit))
                walk(unit.pk, f"{path}{unit.name} / ")

    walk(None, "")
    return found


@page(Role.SECRETARY)
def head(request: Official, election: Election) -> HttpResponseBase:
    """Change what the election says of itself."""
    form = HeadForm(*sent(request), election=election)
    if request.method == "POST" and form.done(lambda: setup.change(request.user, election, form.head())):
        messages.success(request, "The election is changed.")
        return to("setup", election.slug)
    election.refresh_from_db()
    return form_page(
        request,
        election,
        "setup",
        "The election",
        form,
        "Change it",
        back=reverse("setup", args=[election.slug]),
        warnings=[_FIXED] if election.frozen else [],
    )


@page(*MANAGERS)
def hours(request: Official, election: Election) -> HttpResponseBase:
    """Set when the first ballot opens and closes."""
    poll = election.polls.filter(ballot=1).first()
    initial = {"opens": poll.opens, "closes": poll.closes} if poll else {}
    form = HoursForm(election, sent(request)[0], initial=initial)
    if request.method == "POST" and form.done(
        lambda: setup.set_hours(request.user, election, form.cleaned_data["opens"], form.cleaned_data["closes"])
    ):
        messages.success(request, f"The hours are set, by the clocks of {election.time_zone}.")
        return to("setup", election.slug)
    return form_page(
        request,
        election,
        "setup",
        "The hours of the poll",
        form,
        "Set the hours",
        back=reverse("setup", args=[election.slug]),
        lead=["The poll opens and closes by itself. Ballots are taken from the opening on, and before the closing."],
    )


def _adding(
    request: Official,
    election: Election,
    form: PlainForm,
    act: Callable[[], object],
    said: str,
    title: str,
    back: str,
) -> HttpResponseBase:
    """A page that adds something to the draft, and stays open for the next."""
    if request.method == "POST" and form.done(act):
        messages.success(request, said.format(**form.cleaned_data))
        return to(*back.split())
    name, *arguments = back.split()
    return form_page(
        request,
        election,
        "setup",
        title,
        form,
        "Add",
        back=reverse(name, args=arguments),
        warnings=[_FIXED] if election.frozen else [],
    )


@page(Role.SECRETARY)
def add_place(request: Official, election: Election) -> HttpResponseBase:
    """Add a place."""
    form = PlaceForm(election, sent(request)[0])

    def act() -> None:
        data = form.cleaned_data
        setup.add_unit(
            request.user, election, data["name"], data["kind"], data["parent"], data["slug"], paper=data["paper"]
        )

    return _adding(request, election, form, act, "Added: {name}.", "Add a place", f"setup {election.slug}")


@page(Role.SECRETARY)
def add_contest(request: Official, election: Election) -> HttpResponseBase:
    """Add a contest."""
    form = ContestForm(election, sent(request)[0])

    def act() -> None:
        data = dict(form.cleaned_data)
        setup.add_contest(request.user, election, data.pop("name"), data.pop("unit"), data.pop("seats"), **data)

    return _adding(request, election, form, act, "Added: {name}.", "Add a contest", f"setup {election.slug}")


@page(Role.SECRETARY)
def add_candidate(request: Official, election: Election, number: int) -> HttpResponseBase:
    """Put a name on the ballot paper of a contest."""
    contest = get_object_or_404(Contest.objects.select_related("election"), pk=number, election=election)
    form = CandidateForm(sent(request)[0])

    def act() -> None:
        data = dict(form.cleaned_data)
        surname, names, backing = data.pop("surname"), data.pop("names"), data.pop("supporters").splitlines()
        setup.add_candidate(request.user, contest, surname, names, backing, **data)

    title = f"Add a candidate: {contest.name}"
    return _adding(request, election, form, act, "Added: {surname} {names}.", title, f"setup {election.slug}")


@require_POST
@page(Role.SECRETARY)
def remove(request: Official, election: Election, what: str, number: int) -> HttpResponseBase:
    """Take a place, a contest or a candidate out of the draft."""
    item: Unit | Contest | Candidate
    if what == "place":
        item = get_object_or_404(Unit, pk=number, election=election)
    elif what == "contest":
        item = get_object_or_404(Contest, pk=number, election=election)
    elif what == "candidate":
        item = get_object_or_404(Candidate, pk=number, contest__election=election)
    else:
        raise Http404
    name = str(item)
    setup.remove(request.user, item)
    messages.success(request, f"Removed: {name}.")
    return to("setup", election.slug)


@page(*EVERYBODY)
def papers(request: Official, election: Election) -> HttpResponseBase:
    """Every ballot paper as the elector will see it, in the language of the election."""
    return desk_page(
        request,
        election,
        "papers.html",
        "setup",
        papers=ballot_papers(election),
        t=said_publicly(election.language),
    )


@require_POST
@page(*MANAGERS)
def move_clock(request: Official, election: Election) -> HttpResponseBase:
    """Move the clock of a rehearsal or a demo: to the opening, beyond the closing, or by minutes."""
    form = ClockForm(request.POST)
    if not form.is_valid():
        raise refused("minutes", "are no whole number", request.POST.get("minutes", ""), "such as 60, or -60")
    where, at = form.cleaned_data["to"], clock.now(election)
    poll = election.polls.exclude(stage="published").order_by("ballot").first()
    seconds = 60 * (form.cleaned_data["minutes"] or 0)
    if where == "now":
        seconds = -election.clock_offset
    elif where and poll is not None:
        moment = poll.opens if where == "opening" else poll.closes
        seconds = (moment - at) // timedelta(seconds=1) + 1
    setup.move_clock(request.user, election, seconds)
    messages.success(request, "The clock of this election is moved.")
    return to("poll", election.slug)
