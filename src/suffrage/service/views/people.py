"""Officials: invited by the office, with their keys; and the roster of the committee."""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from suffrage.protocols.keys import fingerprint
from suffrage.service.acts import officials
from suffrage.service.acts.permission import MANAGERS
from suffrage.service.forms.people import InvitationForm
from suffrage.service.models import Election, Invitation
from suffrage.service.views.access import Official, page
from suffrage.service.views.shown import desk_page, sent, to


@page(*MANAGERS)
def people(request: Official, election: Election) -> HttpResponseBase:
    """Who serves in an election, and who was asked in."""
    members = [
        {"member": member, "fingerprint": fingerprint(member.key)[:16] if member.key else ""}
        for member in election.memberships.select_related("user")
    ]
    return desk_page(
        request,
        election,
        "people.html",
        "people",
        members=members,
        invitations=election.invitations.filter(accepted=False),
        now=datetime.now(UTC),
        root=fingerprint(election.root_key) if election.root_key else "",
        drawn=bool(election.roster),
    )


@page(*MANAGERS)
def invite(request: Official, election: Election) -> HttpResponseBase:
    """Ask somebody in. The link is shown on the answer itself, once: a message or a redirect would store it."""
    form = InvitationForm(sent(request)[0])
    made: list[tuple[Invitation, str]] = []

    def act() -> None:
        data = form.cleaned_data
        made.append(officials.invite(request.user, election, data["name"], data["email"], data["role"], data["office"]))

    if request.method == "POST" and form.done(act):
        invitation, link = made[0]
        answer = desk_page(request, election, "invited.html", "people", invitation=invitation, link=link)
        answer["Cache-Control"] = "no-store"
        return answer
    return desk_page(request, election, "invite.html", "people", 400 if form.errors else 200, form=form)


@require_POST
@page(*MANAGERS)
def withdraw_invitation(request: Official, election: Election, number: int) -> HttpResponseBase:
    """Take an invitation back."""
    invitation = get_object_or_404(Invitation, pk=number, election=election)
    name = invitation.name
    officials.withdraw_invitation(request.user, invitation)
    messages.success(request, f"The invitation of {name} is withdrawn: its link leads nowhere.")
    return to("people", election.slug)


@require_POST
@page(*MANAGERS)
def draw_roster(request: Official, election: Election) -> HttpResponseBase:
    """Draw the roster for the chair to sign."""
    officials.draw_roster(request.user, election)
    messages.success(request, "The roster is drawn. The chair signs it on the page My signatures.")
    return to("people", election.slug)
