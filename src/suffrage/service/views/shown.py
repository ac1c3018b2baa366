"""How the pages of an election are shown: with its navigation, and by what the reader may see of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from suffrage.service import clock
from suffrage.service.acts.jobs import title_of
from suffrage.service.acts.permission import EVERYBODY, MANAGERS, roles_of
from suffrage.service.forms.base import PlainForm
from suffrage.service.models import UNFINISHED, Election, Job, JobState, Role
from suffrage.service.paper_places import has_paper

NAVIGATION: tuple[tuple[str, str, tuple[Role, ...]], ...] = (
    ("desk-election", "Desk", EVERYBODY),
    ("setup", "Set-up", EVERYBODY),
    ("roll", "Roll", MANAGERS),
    ("people", "People", MANAGERS),
    ("trustees", "Trustees", EVERYBODY),
    ("codes", "Codes", MANAGERS),
    ("poll", "Poll", EVERYBODY),
    ("parcels", "Parcels", MANAGERS),
    ("paper-returns", "Paper returns", EVERYBODY),
    ("results", "Results", EVERYBODY),
    ("log", "Log", EVERYBODY),
    ("mails", "Mail", MANAGERS),
    ("signing", "My signatures", (Role.COMMITTEE,)),
    ("trustee", "My key", (Role.TRUSTEE,)),
    ("public", "Public page", EVERYBODY),
)
"""The pages of an election: the name of the address, what it is called, whose it is."""

ON_PAPER = ("parcels", "paper-returns")
"""Those that are there only where some place votes on paper."""


def desk_page(
    request: HttpRequest, election: Election, template: str, current: str, status: int = 200, /, **more: Any
) -> HttpResponse:
    """A page of the desk. `current` is the address in the navigation that it belongs to."""
    roles = roles_of(request.user, election) if request.user.is_authenticated else frozenset()
    context: Mapping[str, Any] = {
        "election": election,
        "zone": election.time_zone,
        "at": clock.now(election),
        "manages": bool(roles & {role.value for role in MANAGERS}),
        "is_secretary": Role.SECRETARY.value in roles,
        "is_committee": Role.COMMITTEE.value in roles,
        "is_trustee": Role.TRUSTEE.value in roles,
        "nav": [
            {"url": reverse(name, args=[election.slug]), "label": label, "current": name == current}
            for name, label, whose in NAVIGATION
            if roles & {role.value for role in whose} and (name not in ON_PAPER or has_paper(election))
        ],
        **more,
    }
    return render(request, f"service/{template}", context, status=status)


def form_page(
    request: HttpRequest, election: Election, current: str, title: str, form: PlainForm, button: str, /, **more: Any
) -> HttpResponse:
    """A page that is one form; status 400 where it was refused."""
    return desk_page(
        request,
        election,
        more.pop("template", "form.html"),
        current,
        400 if form.errors else 200,
        title=title,
        form=form,
        button=button,
        **more,
    )


def sent(request: HttpRequest) -> tuple[Any, Any]:
    """What a form is made from: the fields and the files that were sent, or nothing where it is only shown."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def to(name: str, *arguments: object) -> HttpResponseRedirect:
    """The way to another page, after something was done."""
    return HttpResponseRedirect(reverse(name, args=arguments))


@dataclass(frozen=True, slots=True)
class ShownJob:
    """A long act as a page shows it: running, refused or done; `lines` say how far it is, why, or what came of it."""

    title: str
    running: bool
    failed: bool
    lines: tuple[str, ...]


def shown_job(job: Job | None) -> ShownJob | None:
    """A job for a page; None where there is none."""
    if job is None:
        return None
    lines = tuple(job.said.splitlines())
    return ShownJob(title_of(job), job.state in UNFINISHED, job.state == JobState.FAILED, lines)
