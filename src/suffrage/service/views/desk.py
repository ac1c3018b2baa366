"""The desk: the elections of an official, what one of them asks next, proposals, log and mail."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from suffrage.errors import SuffrageError
from suffrage.law import Entry, entries
from suffrage.service import clock, log
from suffrage.service.acts import setup
from suffrage.service.acts.permission import EVERYBODY, MANAGERS
from suffrage.service.desk import State, steps
from suffrage.service.export import statute_of
from suffrage.service.forms.desk import BeginForm
from suffrage.service.log_sentences import Teller
from suffrage.service.models import Credential, Election, Mail, MailStatus, Membership, Poll, Role, Stage, Turnout
from suffrage.service.views.access import Official, page, signed_in
from suffrage.service.views.proposals import shown_proposals
from suffrage.service.views.shown import desk_page, sent, to

_A_PAGE = 100


@signed_in
def desk(request: Official) -> HttpResponseBase:
    """The elections in which somebody has a role."""
    elections: dict[int, tuple[Election, list[str]]] = {}
    mine = Membership.objects.filter(user_id=request.user.pk).select_related("election").order_by("-election__created")
    for member in mine:
        elections.setdefault(member.election_id, (member.election, []))[1].append(member.get_role_display())
    found = [{"election": election, "roles": roles, "next": _next(election)} for election, roles in elections.values()]
    return render(request, "service/desks.html", {"elections": found})


def _next(election: Election) -> str:
    open_ = [step for step in steps(election, clock.now(election)) if step.state in (State.NOW, State.LATE)]
    return open_[0].title if open_ else ""


@signed_in
def begin(request: Official) -> HttpResponseBase:
    """Begin an election; whoever does is its secretary."""
    form = BeginForm(*sent(request))
    if request.method == "POST":
        made: list[Election] = []

        def act() -> None:
            data = form.cleaned_data
            made.append(setup.create(request.user, data["slug"], form.head(), data["name"]))

        if form.done(act):
            messages.success(request, f"{made[0].title} has begun, and you are its secretary.")
            return to("desk-election", made[0].slug)
    return render(request, "service/begin.html", {"form": form}, status=400 if form.errors else 200)


@page(*EVERYBODY)
def election(request: Official, election: Election) -> HttpResponseBase:
    """What one election asks next."""
    at = clock.now(election)
    poll = election.polls.filter(ballot=1).first()
    numbered = list(enumerate(steps(election, at), 1))
    days, trouble = _calendar(election, poll)
    today = _today(election, at)
    return desk_page(
        request,
        election,
        "desk.html",
        "desk-election",
        steps=len(numbered),
        open=[pair for pair in numbered if pair[1].state in (State.NOW, State.LATE)],
        waiting=[pair for pair in numbered if pair[1].state is State.WAITING],
        done=[pair for pair in numbered if pair[1].state is State.DONE],
        poll=poll,
        proposals=shown_proposals(request.user, election),
        past=[entry for entry in days if entry.day is not None and entry.day < today],
        coming=[entry for entry in days if entry.day is not None and entry.day >= today],
        terms=[entry for entry in days if entry.day is None],
        trouble=trouble,
        today=today,
        law=_law_title(election),
        figures=_figures(election),
        line=_line(election, poll, at),
    )


def _today(election: Election, at: datetime) -> date:
    return at.astimezone(ZoneInfo(election.time_zone)).date()


def _law_title(election: Election) -> str:
    try:
        return statute_of(election).title
    except SuffrageError:
        return election.law


def _calendar(election: Election, poll: Poll | None) -> tuple[list[Entry], str]:
    """The days that the law counts from polling day; and why there are none."""
    if poll is None:
        return [], ""
    try:
        return list(entries(statute_of(election), clock.day_of(poll))), ""
    except SuffrageError as error:
        return [], str(error)


def _figures(election: Election) -> list[tuple[str, str]]:
    people = election.memberships.filter(role=Role.TRUSTEE).count()
    urns = election.urns.filter(made=True)
    found = [
        ("On the roll", f"{election.electors.count():,}"),
        ("Contests", str(election.contests.count())),
        ("Candidates", str(sum(contest.candidates.count() for contest in election.contests.all()))),
        ("Trustees", f"{people}, {election.threshold} needed"),
        ("Credentials listed", f"{Credential.objects.filter(urn__election=election, urn__ballot=1).count():,}"),
    ]
    for urn in urns:
        last = Turnout.objects.filter(urn=urn).order_by("-hour").first()
        found.append((f"Voted: {urn.contest.name}", f"{last.electors:,}" if last else "0"))
    waiting = election.mails.filter(status=MailStatus.QUEUED).count()
    failed = election.mails.filter(status=MailStatus.FAILED).count()
    return [*found, ("Mail waiting", str(waiting)), ("Mail failed", str(failed))]


def _line(election: Election, poll: Poll | None, at: datetime) -> tuple[int, int] | None:
    """How far it is from the beginning to the closing, in seconds."""
    if poll is None or poll.stage not in (Stage.PREPARED, Stage.READY):
        return None
    begun = min(election.created, poll.opens)
    return max(0, int((at - begun).total_seconds())), int((poll.closes - begun).total_seconds())


@page(*EVERYBODY)
def log_page(request: Official, election: Election) -> HttpResponseBase:
    """Every act: who, when, why, and its hash."""
    acts = Paginator(log.of(election), _A_PAGE).get_page(request.GET.get("page"))
    teller = Teller(election)
    return desk_page(request, election, "log.html", "log", acts=acts, told=[teller.tell(log.said(one)) for one in acts])


@page(*MANAGERS)
def mails(request: Official, election: Election) -> HttpResponseBase:
    """The mail of the service by its status; what it says is not shown."""
    status = request.GET.get("status", "")
    every = election.mails.defer("body").order_by("-id")
    counts = {name: election.mails.filter(status=name).count() for name in MailStatus.values}
    if status in MailStatus.values:
        every = every.filter(status=status)
    found = Paginator(every, _A_PAGE).get_page(request.GET.get("page"))
    return desk_page(request, election, "mails.html", "mails", mails=found, counts=counts, status=status)


@require_POST
@page(*MANAGERS)
def send_again(request: Official, election: Election, number: int) -> HttpResponseBase:
    """Queue a mail again that a server refused."""
    from suffrage.service.acts.mails import again

    again(request.user, get_object_or_404(Mail, pk=number, election=election))
    messages.success(request, "The mail waits to be sent again.")
    return to("mails", election.slug)
