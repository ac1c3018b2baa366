"""The trustee's page: the key ceremony, the rehearsal, and the opening of the urns."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from suffrage import _core
from suffrage.belenios.urn import open_urn
from suffrage.errors import SuffrageError
from suffrage.service import built, sent
from suffrage.service.acts import opening, rehearsal, trustees
from suffrage.service.models import Ceremony, Election, RehearsalUrn, Role, Trustee
from suffrage.service.views.access import Official, page

TRUSTEE = "trustee.js"


def _mine(request: Official, election: Election) -> Trustee | None:
    return election.trustees.filter(membership__user_id=request.user.pk).first()


@page(Role.TRUSTEE)
@require_GET
def trustee(request: Official, election: Election) -> HttpResponseBase:
    """The page of a trustee; the key is made in it, and stays there."""
    mine = _mine(request, election)
    config = {
        "election": {
            "id": election.slug,
            "title": election.title,
            "kind": election.kind,
            "language": election.language,
            "languages": ["en", "fr", "ru"],
        },
        "csrf": get_token(request),
        "trustee": {"name": mine.name, "index": mine.index} if mine else None,
        "urls": {
            "state": reverse("trustee-state", args=[election.slug]),
            "submit": reverse("trustee-submit", args=[election.slug]),
        },
    }
    about = {"election": election, "config": config, "mine": mine}
    return render(
        request,
        "service/trustee.html",
        {**about, "script": built.url(TRUSTEE), "integrity": built.integrity(TRUSTEE)},
    )


@page(Role.TRUSTEE)
@require_GET
def state(request: Official, election: Election) -> JsonResponse:
    """How far the ceremony is, what the page needs for the next step, and which urns wait for the trustee's key."""
    answer = JsonResponse(_state(request, election))
    answer["Cache-Control"] = "no-store"
    return answer


def _state(request: Official, election: Election) -> dict[str, Any]:
    ceremony = Ceremony.objects.filter(election=election).first()
    mine = _mine(request, election)
    if ceremony is None or mine is None:
        return {"phase": "none", "names": [], "threshold": election.threshold, "urns": []}
    members = trustees.trustees_of(election)
    phase = trustees.phase(election)
    certificates = [member.certificate for member in members]
    identity = _core.pedersen_id(mine.certificate.encode()) if mine.certificate else None
    return {
        "names": [member.name for member in members],
        "threshold": election.threshold,
        "context": ceremony.context or None,
        "phase": phase,
        "done": {
            step: [member.name for member in members if getattr(member, field)]
            for step, field in (
                ("single", "single"),
                ("certificate", "certificate"),
                ("polynomial", "polynomial"),
                ("share", "voutput"),
            )
        },
        "certificates": certificates if all(certificates) else None,
        "vinput": mine.vinput or None,
        "dkey": mine.decryption_key or None,
        "identity": identity,
        "mine": {
            "single": bool(mine.single),
            "certificate": bool(mine.certificate),
            "polynomial": bool(mine.polynomial),
            "share": bool(mine.voutput),
        },
        "urns": _urns(election, mine),
    }


def _urns(election: Election, mine: Trustee) -> list[dict[str, Any]]:
    waiting = [(r.uuid, "", 1, True) for r in RehearsalUrn.objects.filter(election=election).order_by("-id")[:1]]
    waiting += [
        (urn.uuid, urn.contest.name, urn.ballot, False)
        for urn in election.urns.filter(closed=True).select_related("contest")
    ]
    found = []
    for uuid, name, ballot, is_rehearsal in waiting:
        archive = open_urn(opening.path_of(uuid))
        owners = {owner for owner, _ in _core.archive_partials(archive.path)}
        if 1 not in owners:
            continue
        tally, voters = opening.tally_of(archive)
        lacking = max(election.threshold - len(owners - {1}), 0)
        found.append(
            {
                "uuid": uuid,
                "name": name or archive.election.name,
                "rehearsal": is_rehearsal,
                "ballot": ballot,
                "election": archive.text.decode(),
                "trustees": archive.trustees_text.decode(),
                "tally": tally.decode(),
                "owner": mine.index + 1,
                "done": mine.index + 1 in owners,
                "needed": lacking,
                "voters": voters,
                "ballots": voters,
            }
        )
    return found


@page(Role.TRUSTEE)
@require_POST
def submit(request: Official, election: Election) -> JsonResponse:
    """Take what the page has made. Only this answer says that it has arrived."""
    try:
        given = sent.document(request)
        step, text = given["step"], given["record"]
        urn, owner = given.get("urn", ""), given.get("owner", 0)
        if not all(type(part) is str for part in (step, text, urn)) or type(owner) is not int:
            raise ValueError
    except (ValueError, KeyError):
        return JsonResponse({"error": "malformed", "message": "This is not what the page sends."}, status=400)
    try:
        if step == "partial":
            in_rehearsal = RehearsalUrn.objects.filter(election=election, uuid=urn).exists()
            take = rehearsal.take_partial if in_rehearsal else opening.take_partial
            take(request.user, election, urn, owner, text)
        else:
            trustees.submit(request.user, election, step, text)
    except SuffrageError as error:
        return JsonResponse({"error": "refused", "message": str(error)}, status=400)
    return JsonResponse({"accepted": True, "state": _state(request, election)})
