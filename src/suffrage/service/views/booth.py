"""The booth: its page, the door, and the slot of the urn."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from suffrage.belenios.fingerprint import Fingerprint
from suffrage.belenios.urn import open_urn
from suffrage.errors import BeleniosError, Problem
from suffrage.service import built, clock, door, folders, sent
from suffrage.service.export import rules_of
from suffrage.service.limits import address, too_many
from suffrage.service.models import Election, Elector, Poll, Stage, Urn
from suffrage.service.urns.hall import hall
from suffrage.service.urns.refusals import ALREADY_CAST, Refusal
from suffrage.service.words import LANGUAGES

BOOTH = "booth.js"
LARGEST_BALLOT = 4 << 20
LARGEST_QUESTION = 1 << 20
MOST_URNS = 2000
_UUID = re.compile(r"[0-9A-Za-z]{1,40}")
_PUBLIC = re.compile(r"[0-9a-f]{64}")


def state_of(poll: Poll) -> str:
    """Whether a poll is open, in the words of the booth."""
    at = clock.now(poll.election)
    if clock.is_open(poll, at):
        return "open"
    return "before" if poll.stage in (Stage.PREPARED, Stage.READY) and at < poll.opens else "closed"


def current_poll(election: Election) -> Poll | None:
    """The poll that the booth is for: the last whose urns are made."""
    return election.polls.exclude(stage=Stage.PREPARED).order_by("-ballot").first()


@require_GET
def booth(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The page of the booth. Everything secret happens in it, and nothing of it comes here."""
    election = get_object_or_404(Election, slug=slug)
    poll = current_poll(election)
    if poll is None:
        return render(request, "service/booth_waits.html", {"election": election})
    try:
        config = booth_config(election, poll)
    except BeleniosError as error:
        # It names a path of this machine, which is nothing for the public.
        logging.getLogger("suffrage.service").error("the booth of %s cannot be opened: %s", slug, error)
        problem = Problem("the booth", "cannot be opened at the moment", "", "another try in a minute")
        return render(request, "service/refused.html", {"problems": [problem]}, status=503)
    answer = render(
        request,
        "service/booth.html",
        {"election": election, "config": config, "script": built.url(BOOTH), "integrity": built.integrity(BOOTH)},
    )
    answer["Cache-Control"] = "no-store"
    return answer


def booth_config(election: Election, poll: Poll) -> dict[str, Any]:
    """What the booth is told: the urns with their elections as they were published, and how their papers look."""
    urns = election.urns.filter(ballot=poll.ballot, made=True).select_related("contest__unit", "contest__election")
    return {
        "election": {
            "id": election.slug,
            "title": election.title,
            "kind": election.kind,
            "language": election.language,
            "languages": list(LANGUAGES),
            "time_zone": election.time_zone,
        },
        "second_factor": election.second_factor,
        "nonce": door.nonce(election) if election.second_factor else "",
        "booth_sha256": built.digest(BOOTH).hex(),
        "csrf": "",
        "urns": [_urn_config(urn, poll) for urn in urns.prefetch_related("contest__candidates")],
        "urls": {
            "door": reverse("door", args=[election.slug]),
            "factor": reverse("factor", args=[election.slug]),
            "cast": reverse("cast", args=[election.slug, "UUID"]),
            "home": reverse("public", args=[election.slug]),
            "archive": reverse("archive", args=[election.slug, "UUID"]),
        },
    }


def _urn_config(urn: Urn, poll: Poll) -> dict[str, Any]:
    contest, rules = urn.contest, rules_of(urn.contest)
    standing = [p for p in contest.candidates.all() if not urn.finalists or p.slug in urn.finalists]
    return {
        "uuid": urn.uuid,
        "contest": contest.slug,
        "ballot": urn.ballot,
        "text": open_urn(folders.urns() / urn.file).text.decode(),
        "name": contest.name,
        "unit": contest.unit.name,
        "chamber": contest.chamber,
        "state": state_of(poll),
        "opens": poll.opens.isoformat(),
        "closes": poll.closes.isoformat(),
        "seats": urn.seats or contest.seats,
        "marking": "strike-out" if rules.ballot.marking.known == "strike-out" else "mark",
        "none_left": rules.ballot.none_left or "invalid",
        "candidates": [
            {
                "number": person.number,
                "surname": person.surname,
                "names": person.names,
                "supporters": [line for line in person.supporters.splitlines() if line.strip()],
                "occupation": person.occupation,
                "party": person.party,
            }
            for person in standing
        ],
    }


@dataclass(frozen=True, slots=True)
class _Visitor:
    """Somebody at the door: whose code it is, the urns that it is good for, and all that was asked."""

    election: Election
    elector: Elector
    credentials: Mapping[str, str]
    uuids: list[str]
    asked: Mapping[str, Any]


@csrf_exempt
@require_POST
def at_the_door(request: HttpRequest, slug: str) -> JsonResponse:
    """Which urns a code is good for; where the election wants a second factor, a one-time code is mailed."""
    visitor = _visitor(request, slug)
    if isinstance(visitor, JsonResponse):
        return visitor
    factor = None
    if visitor.election.second_factor:
        proof = visitor.asked.get("proof")
        if not isinstance(proof, dict) or not door.has_code(visitor.election, visitor.credentials, proof):
            return _error("malformed", "The page is too old. Load it again, and enter the code once more.", 400)
        try:
            factor = {"sent_to": door.send_factor(visitor.election, visitor.elector)}
        except door.TooSoon:
            return _error("too-many", "The one-time code was tried too often. Ask for another in a minute.", 429)
        except door.TooMany:
            return _error("too-many", "Too many one-time codes were sent. Try again in some hours.", 429)
    voted = _voted(current_poll(visitor.election), visitor.uuids, visitor.credentials)
    return JsonResponse({"urns": visitor.uuids, "voted": voted, "factor": factor})


def _voted(poll: Poll | None, uuids: list[str], credentials: Mapping[str, str]) -> list[str]:
    """The urns in which there is a ballot of these credentials already: the archive tells it to everybody."""
    if poll is None or state_of(poll) != "open":
        return []
    made = set(poll.election.urns.filter(uuid__in=uuids, ballot=poll.ballot, made=True).values_list("uuid", flat=True))
    try:
        return [uuid for uuid in uuids if uuid in made and credentials[uuid] in hall.keeper(uuid).voted]
    except Refusal:
        return []


@csrf_exempt
@require_POST
def second_factor(request: HttpRequest, slug: str) -> JsonResponse:
    """Check the one-time code; the answer is a token that lets these credentials cast."""
    visitor = _visitor(request, slug)
    if isinstance(visitor, JsonResponse):
        return visitor
    left = door.check_factor(visitor.elector, str(visitor.asked.get("code", "")))
    if left is not None:
        return _error("wrong-factor", "The one-time code is not right, or too old.", 403, left=left)
    return JsonResponse({"token": door.token({uuid: visitor.credentials[uuid] for uuid in visitor.uuids})})


def _visitor(request: HttpRequest, slug: str) -> _Visitor | JsonResponse:
    """Who is at the door of an election; or the answer that says why nobody is let in.

    Many electors may sit behind one address: wrong codes are counted strictly there, right ones hardly.
    """
    election = get_object_or_404(Election, slug=slug)
    credentials, asked, malformed = _asked(request)
    if malformed is not None:
        return malformed
    where = f"{election.slug}|{address(request)}"
    elector, uuids = door.stands_in(election, credentials)
    if too_many("door", where, 3000, 60) or (elector is None and too_many("wrong code", where, 30, 60)):
        return _error("too-many", "Too many attempts from this address. Try again in a minute.", 429)
    if elector is None:
        return _error("unknown-code", "This code is not on the list of this election.", 404)
    return _Visitor(election, elector, credentials, uuids, asked)


@csrf_exempt
@require_POST
def cast(request: HttpRequest, slug: str, uuid: str) -> JsonResponse:
    """Take a ballot: everything is verified before it is accepted, and it is on the disk before there is a receipt."""
    length = _length(request)
    if request.content_type != "application/json" or _from_elsewhere(request) or length is None:
        return _not_of_the_booth()
    if length > LARGEST_BALLOT:
        return _error("malformed", "A ballot is not as large as this.", 413)
    ballot = request.body
    try:
        keeper = hall.keeper(uuid)
        credential = keeper.check(ballot)
        if too_many("cast", f"{uuid}|{credential}", 20, 60):
            return _error("too-many", "Too many ballots with this code. Try again in a minute.", 429)
        given = request.headers.get("X-Door-Token", "")
        if hall.wants_factor(slug, uuid) and not door.lets_in(given, uuid, credential):
            return _error(
                "factor-needed", "This election asks for a one-time code first. The ballot was not cast.", 403
            )
        receipt = keeper.cast(ballot, credential)
    except Refusal as refusal:
        tracking = Fingerprint.of(ballot)
        more = {}
        if refusal.code == ALREADY_CAST:
            height, event = refusal.place or (None, None)
            more = {"tracking": str(tracking), "sha256": tracking.hex, "height": height, "event": event}
        return _error(refusal.code, refusal.message, refusal.status, **more)
    return JsonResponse(
        {
            "tracking": str(receipt.tracking),
            "sha256": receipt.tracking.hex,
            "height": receipt.height,
            "event": receipt.event,
            "replaces": receipt.replaces,
        }
    )


def _from_elsewhere(request: HttpRequest) -> bool:
    """Whether a browser says that another site's page sent this."""
    return request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none")


def _length(request: HttpRequest) -> int | None:
    """How many bytes a request says that it has; None where that is no number."""
    said = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 16 else None


def _asked(request: HttpRequest) -> tuple[dict[str, str], Mapping[str, Any], JsonResponse | None]:
    """The public credentials in a request by uuid, and all that it says; or the answer that it has another form."""
    length = _length(request)
    if length is None or _from_elsewhere(request):
        return {}, {}, _not_of_the_booth()
    if length > LARGEST_QUESTION:
        return {}, {}, _error("malformed", "A question at the door is not as large as this.", 413)
    try:
        asked = sent.document(request)
        found = asked["credentials"]
        right = 0 < len(found) <= MOST_URNS
        right = right and all(_UUID.fullmatch(uuid) and _PUBLIC.fullmatch(public) for uuid, public in found.items())
    except (ValueError, KeyError, TypeError, AttributeError):
        right = False
    return (dict(found), asked, None) if right else ({}, {}, _not_of_the_booth())


def _not_of_the_booth() -> JsonResponse:
    return _error("malformed", "This is not what the booth sends.", 400)


def _error(code: str, message: str, status: int, **more: object) -> JsonResponse:
    return JsonResponse({"error": code, "message": message, **more}, status=status)


def health(request: HttpRequest) -> HttpResponse:
    """Whether the service answers."""
    return HttpResponse("ok\n", content_type="text/plain")
