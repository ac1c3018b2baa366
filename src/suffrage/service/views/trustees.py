"""The trustees as the office sees them: the ceremony, step by step and trustee by trustee, and the rehearsal."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.views.decorators.http import require_POST

from suffrage import _core
from suffrage.service import folders
from suffrage.service.acts import officials, rehearsal, trustees
from suffrage.service.acts.permission import EVERYBODY, MANAGERS
from suffrage.service.models import Ceremony, Election, RehearsalUrn, Role, Trustee
from suffrage.service.views.access import Official, page
from suffrage.service.views.shown import desk_page, to

PHASES = {
    "none": "The ceremony has not begun.",
    "single": "Each trustee makes a key alone.",
    "certificates": "First step: each trustee makes a certificate.",
    "polynomials": "Second step: each trustee shares a secret with the others.",
    "shares": "Third step: each trustee checks what the others sent.",
    "ready": "The key is whole.",
}


@page(*EVERYBODY)
def overview(request: Official, election: Election) -> HttpResponseBase:
    """The ceremony and the rehearsals."""
    ceremony = Ceremony.objects.filter(election=election).first()
    members = trustees.trustees_of(election)
    rehearsals = [(item, _turned(item, members)) for item in election.rehearsals.order_by("-id")[:3]]
    invited = election.invitations.filter(role=Role.TRUSTEE, accepted=False)
    number = len(members) or election.memberships.filter(role=Role.TRUSTEE).count()
    phase = trustees.phase(election)
    return desk_page(
        request,
        election,
        "trustees.html",
        "trustees",
        phase=phase,
        said=PHASES[phase],
        steps=["key"] if ceremony and not ceremony.context else ["certificate", "shared", "checked"],
        trustees=[(trustee, _steps(trustee, bool(ceremony and ceremony.context))) for trustee in members],
        waiting=election.memberships.filter(role=Role.TRUSTEE) if ceremony is None else [],
        invited=invited,
        number=number,
        every=number and election.threshold == number,
        few=number < election.threshold,
        rehearsals=rehearsals,
        depends=election.urns.filter(made=True).exists(),
    )


def _steps(trustee: Trustee, group: bool) -> list[bool]:
    if not group:
        return [bool(trustee.single)]
    return [bool(trustee.certificate), bool(trustee.polynomial), bool(trustee.voutput)]


def _turned(urn: RehearsalUrn, members: list[Trustee]) -> list[str]:
    """Who has turned a key in a rehearsal."""
    path = folders.urns() / urn.file
    if not path.exists():
        return []
    owners = {owner for owner, _ in _core.archive_partials(path)}
    return [trustee.name for trustee in members if trustee.index + 1 in owners]


@require_POST
@page(*MANAGERS)
def begin(request: Official, election: Election) -> HttpResponseBase:
    """Begin the ceremony."""
    officials.begin_ceremony(request.user, election)
    messages.success(request, "The ceremony has begun. Each trustee goes on at the page My key.")
    return to("trustees", election.slug)


@require_POST
@page(*MANAGERS)
def start_again(request: Official, election: Election) -> HttpResponseBase:
    """Forget the ceremony, to begin it anew."""
    trustees.start_again(request.user, election)
    messages.success(request, "What was made of the key is forgotten. The ceremony can begin anew.")
    return to("trustees", election.slug)


@require_POST
@page(*MANAGERS)
def rehearse(request: Official, election: Election) -> HttpResponseBase:
    """Make the urn of a rehearsal."""
    rehearsal.begin(request.user, election)
    messages.success(request, "The urn of the rehearsal waits for the trustees' keys.")
    return to("trustees", election.slug)
