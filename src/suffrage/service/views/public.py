"""What the public sees of an election, in the languages of the service."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.http import require_safe

from suffrage.errors import SuffrageError
from suffrage.law import Certainty, Entry, entries
from suffrage.law.told import told
from suffrage.protocols.keys import fingerprint
from suffrage.service import built, clock
from suffrage.service.acts.fixing import contest_electors
from suffrage.service.acts.permission import roles_of
from suffrage.service.export import statute_of
from suffrage.service.models import Election, Head, LogEntry, Poll, Stage, Turnout, Urn
from suffrage.service.templatetags.office import moment
from suffrage.service.views.ballot_paper import ballot_papers, said_publicly
from suffrage.service.views.booth import BOOTH
from suffrage.service.words import LANGUAGES

# Of the law these are asked for least, and are the longest.
FOLDED = ("committees", "returns", "protocols", "calendar")
NAMES = {"en": "English", "fr": "Français", "ru": "Русский"}


def language_for(request: HttpRequest, usual: str = "en") -> str:
    """The language of a reader: asked for in the address, else that of the browser, else the usual one."""
    asked = request.GET.get("lang", "")
    if asked in LANGUAGES:
        return asked
    for tag, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if tag.split("-")[0] in LANGUAGES:
            return tag.split("-")[0]
    return usual if usual in LANGUAGES else LANGUAGES[0]


def shown(request: HttpRequest, template: str, language: str, /, **more: Any) -> HttpResponse:
    """A public page in a language."""
    context = {"language": language, "t": said_publicly(language), "languages": NAMES.items(), **more}
    response = render(request, f"service/{template}", context)
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


@require_safe
def home(request: HttpRequest) -> HttpResponseBase:
    """The elections of this service."""
    language = language_for(request)
    said = said_publicly(language)
    found = [
        {"election": election, "states": [state_of(said, election, poll) for poll in election.polls.all()]}
        for election in Election.objects.filter(frozen=True).prefetch_related("polls").order_by("-created")
    ]
    return shown(request, "home.html", language, elections=found)


@require_safe
def public(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The public page of an election."""
    election = _seen(request, slug)
    language = language_for(request, election.language)
    said = said_publicly(language)
    polls = list(election.polls.all())
    urns = list(election.urns.filter(made=True).select_related("contest", "contest__election", "contest__unit"))
    return shown(
        request,
        "election.html",
        language,
        election=election,
        zone=election.time_zone,
        draft=not election.frozen,
        polls=[{"poll": poll, "state": state_of(said, election, poll)} for poll in polls],
        voting=any(poll.stage == Stage.READY and clock.now(election) < poll.closes for poll in polls),
        published=any(poll.stage == Stage.PUBLISHED for poll in polls),
        law=_law_title(election),
        papers=ballot_papers(election, language),
        finalists={slug for urn in urns if urn.ballot == 2 for slug in urn.finalists},
        urns=[_urn(urn) for urn in urns],
        decisions=_decisions(said, election),
        url=f"{settings.PUBLIC_URL}/e/{election.slug}/",
        booth=built.digest(BOOTH).hex(),
        root=fingerprint(election.root_key) if election.root_key else "",
        anew=[item for item in election.repeated_by.all() if item.frozen],
    )


@require_safe
def law(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Every rule of the law of an election."""
    election = _seen(request, slug)
    language = language_for(request, election.language)
    said = said_publicly(language)
    statute = statute_of(election)
    poll = election.polls.filter(ballot=1).first()
    days: list[Entry] = list(entries(statute, clock.day_of(poll))) if poll else []
    return shown(
        request,
        "law.html",
        language,
        election=election,
        statute=statute,
        sections=told(statute),
        folded=FOLDED,
        certainties={certainty: said[f"certainty_{certainty}"] for certainty in Certainty},
        dated=[entry for entry in days if entry.day is not None],
        terms=[entry for entry in days if entry.day is None],
    )


def _seen(request: HttpRequest, slug: str) -> Election:
    """An election that the public may see: a draft is shown to its officials alone."""
    election = get_object_or_404(Election, slug=slug)
    if not election.frozen and not (request.user.is_authenticated and roles_of(request.user, election)):
        raise Http404
    return election


def _law_title(election: Election) -> str:
    try:
        return statute_of(election).title
    except SuffrageError:
        return election.law


def state_of(said: Mapping[str, str], election: Election, poll: Poll) -> str:
    """How a poll stands, in a sentence."""
    at, stage = clock.now(election), Stage(poll.stage)
    name: str = stage.value
    if stage is Stage.READY:
        name = "before" if at < poll.opens else "open" if at < poll.closes else "closing"
    zone = election.time_zone
    return said[f"state_{name}"].format(opens=moment(poll.opens, zone), closes=moment(poll.closes, zone))


@dataclass(frozen=True, slots=True)
class ShownUrn:
    """An urn with its last published heads, and its turnout by the hour, of so many electors."""

    urn: Urn
    heads: list[Head]
    turnout: list[Turnout]
    electors: int


def _urn(urn: Urn) -> ShownUrn:
    newest = list(urn.heads.order_by("-id")[:5])
    return ShownUrn(urn, newest, list(urn.turnout.all()), contest_electors(urn.contest).count())


def _decisions(said: Mapping[str, str], election: Election) -> list[dict[str, Any]]:
    """What was decided about the poll and about figures, with the reason."""
    found = [
        {"day": item.day.isoformat(), "text": f"{item.kind}: {item.contest.name}", "by": item.by, "reason": item.reason}
        for item in election.decisions.select_related("contest")
    ]
    for entry in LogEntry.objects.filter(election=election).order_by("number"):
        act = json.loads(entry.record)
        if act["act"] == "extend the poll":
            hours = {name: moment(datetime.fromisoformat(act["about"][name]), election.time_zone)
                     for name in ("closes", "before")}  # fmt: skip
            text = said["decision_extended"].format(**hours)
        elif act["act"] == "open an urn of few ballots":
            text = said["decision_few"]
        else:
            continue
        found.append({"day": act["at"][:10], "text": text, "by": act["by"], "reason": act["reason"]})
    return found
