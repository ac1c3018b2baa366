"""Acts that take two persons: one proposes, another confirms; either may be the one who withdraws."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from suffrage.election import DecisionKind
from suffrage.service import log
from suffrage.service.acts import decisions, fixing, opening, paper_corrections, poll, urn_making
from suffrage.service.acts.permission import MANAGERS, TwoPersonAct, act_of, confirm, propose, withdraw
from suffrage.service.forms.paper_returns import CorrectionForm, key_of
from suffrage.service.forms.proposing import DecisionForm, ExtensionForm, FewBallotsForm, ProposalForm
from suffrage.service.models import Election, Proposal
from suffrage.service.templatetags.office import moment
from suffrage.service.views.access import Official, page
from suffrage.service.views.shown import form_page, to

WHAT: dict[str, tuple[str, str, tuple[str, ...]]] = {
    fixing.FIX.key: (
        "codes",
        "Fix the roll and the ballot papers",
        (
            "From then on nobody is struck off the roll, nobody is added to it, and no ballot paper changes.",
            "Go through the preview of every ballot paper and through the roll before you propose this.",
        ),
    ),
    urn_making.MAKE.key: (
        "poll",
        "Make the urns",
        (
            "Each contest gets its urn: its key is that of the server and of the trustees, its list the authority's.",
            "The hours are fixed with it: the poll opens and closes by the clock, and can only be extended.",
        ),
    ),
    poll.EXTEND.key: (
        "poll",
        "Extend the poll",
        ("The poll closes later, for everybody. Whoever comes after the old closing is told of the decision.",),
    ),
    opening.OPEN_FEW.key: (
        "poll",
        "Open an urn of few ballots",
        (
            f"This urn has fewer than {opening.FEWEST_BALLOTS} ballots: its result may tell who voted what.",
            "The law may demand a result all the same. The decision and its reason are published.",
        ),
    ),
    paper_corrections.CORRECT.key: (
        "paper-returns",
        "Correct a return from paper",
        (
            "The protocols that the return went into are signed: what was signed stays as it is.",
            "The decision is published with its reason, and the protocols that are drawn after it name the old ones.",
        ),
    ),
    decisions.DECISIONS[DecisionKind.ELECT].key: (
        "results",
        "Decide a tie",
        (
            "Draw the lot before witnesses, or follow what the law says, and write in the reason how it was done.",
            "Where several places are tied for, each of them is decided by itself.",
        ),
    ),
    decisions.DECISIONS[DecisionKind.ACCEPT].key: (
        "results",
        "Let figures stand as reported",
        (
            "The check that does not hold stays in the protocol, with the decision beside it.",
            "The contest is decided from the figures as they are. Nothing is repaired.",
        ),
    ),
    decisions.DECISIONS[DecisionKind.WITHDRAW].key: (
        "results",
        "Note that a finalist leaves",
        (
            "The law says what follows: another stands instead, or the other finalist stands alone.",
            "Once the second ballot is called its ballot paper is fixed, and nobody leaves it any more.",
        ),
    ),
    decisions.DECISIONS[DecisionKind.ANNUL].key: (
        "results",
        "Annul a ballot",
        (
            "The ballots of one place, or of the whole contest, are void. A whole contest is held anew.",
            "The figures stay in what was signed before; the protocols that are drawn next name it and this decision.",
        ),
    ),
    fixing.ERASE.key: (
        "codes",
        "Erase the table of electors and credentials",
        (
            "The table tells who cast which sealed ballot, never what is in it. After the time for appeals nobody "
            "needs it any more.",
            "Without it, no second ballot or new election can be held with the same codes. It cannot be undone.",
        ),
    ),
}
"""Of each act: the page where it belongs, its name, and what whoever proposes it has to know."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A proposal as a page shows it. `mine`: the reader has proposed it, and cannot be its second person."""

    number: int
    title: str
    about: str
    reason: str
    by: str
    at: datetime
    mine: bool


def shown_proposals(reader: AbstractBaseUser, election: Election, *keys: str) -> list[Shown]:
    """The open proposals of an election, or those of some acts."""
    found = election.proposals.filter(confirmed_by=None, withdrawn=False).select_related("proposed_by")
    return [_shown(reader, election, item) for item in found if not keys or item.act in keys]


def _shown(reader: AbstractBaseUser, election: Election, item: Proposal) -> Shown:
    about = ""
    if "closes" in item.arguments:
        closes = datetime.fromisoformat(str(item.arguments["closes"]))
        about = f"New closing: {moment(closes, election.time_zone)} ({election.time_zone})"
    elif "urn" in item.arguments:
        urn = election.urns.filter(uuid=item.arguments["urn"]).select_related("contest").first()
        about = f"Urn of {urn.contest.name}" if urn else ""
    elif "choice" in item.arguments:
        about = _about_decision(election, item)
    elif "figure" in item.arguments:
        about = f"{item.arguments['unit']}, {item.arguments['what']}: {item.arguments['figure']}"
    by = log.name_of(item.proposed_by, election)
    mine = item.proposed_by_id == reader.pk
    return Shown(item.pk, act_of(item.act).title, about, item.reason, by, item.proposed_at, mine)


def _about_decision(election: Election, item: Proposal) -> str:
    said = item.arguments
    contest = election.contests.filter(slug=said["contest"]).first()
    if contest is None:
        return ""
    named = election.units.filter(slug=said["choice"]).first()
    person = contest.candidates.filter(slug=said["choice"]).first()
    which = "First" if said["ballot"] == 1 else "Second"
    return f"{contest.name}. {which} ballot: {named or person or said['choice'] or decisions.WHOLE}"


def _form(request: Official, election: Election, act: TwoPersonAct) -> ProposalForm:
    data = request.POST if request.method == "POST" else None
    if act is poll.EXTEND:
        held = election.polls.filter(ballot=int(request.GET.get("ballot", "1") == "2") + 1).first()
        if held is None:
            raise Http404
        return ExtensionForm(election, held.ballot, data, initial={"closes": held.closes})
    if act is opening.OPEN_FEW:
        return FewBallotsForm(request.GET.get("urn", ""), data)
    asked = request.GET
    if act in decisions.DECISIONS.values():
        kind = act.key.removeprefix(decisions.PREFIX)
        ballot = int(asked.get("ballot", "1") == "2") + 1
        return DecisionForm(decisions.open_decision(election, kind, asked.get("contest", ""), ballot), data)
    if act is paper_corrections.CORRECT:
        key = key_of(election, asked.get("unit", ""), asked.get("contest", ""), asked.get("ballot", "1"))
        if key is None:
            raise Http404
        return CorrectionForm(key, data)
    return ProposalForm(data)


@page(*MANAGERS)
def proposing(request: Official, election: Election, key: str) -> HttpResponseBase:
    """Propose an act that takes two persons."""
    if key not in WHAT:
        raise Http404
    current, title, lead = WHAT[key]
    form = _form(request, election, act_of(key))
    if request.method == "POST" and form.done(
        lambda: propose(request.user, election, key, form.arguments(), form.cleaned_data["reason"])
    ):
        messages.success(request, f"Proposed: {title}. It is done when a second person confirms it.")
        return to("desk-election", election.slug)
    again = "Nothing is done yet: a second person has to confirm what you propose."
    return form_page(request, election, current, title, form, "Propose it", lead=lead, warnings=[again])


@require_POST
@page(*MANAGERS)
def confirming(request: Official, election: Election, number: int) -> HttpResponseBase:
    """Carry a proposal out, as its second person."""
    proposal = get_object_or_404(Proposal, pk=number, election=election)
    confirm(request.user, proposal)
    messages.success(request, f"Done, by two persons: {act_of(proposal.act).title}.")
    return to("desk-election", election.slug)


@require_POST
@page(*MANAGERS)
def withdrawing(request: Official, election: Election, number: int) -> HttpResponseBase:
    """Take a proposal back."""
    proposal = get_object_or_404(Proposal, pk=number, election=election)
    withdraw(request.user, proposal)
    messages.success(request, f"Withdrawn: {act_of(proposal.act).title}. Nothing was done.")
    return to("desk-election", election.slug)
