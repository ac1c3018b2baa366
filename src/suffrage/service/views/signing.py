"""The signing page of committee members: a key of their own, and the documents that wait for its signature."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from suffrage.errors import SuffrageError
from suffrage.protocols.typeset.press import Press
from suffrage.service import built, sent
from suffrage.service.acts import officials, results
from suffrage.service.acts.permission import EVERYBODY
from suffrage.service.export import statute_of
from suffrage.service.models import Election, Role
from suffrage.service.views.access import Official, page
from suffrage.service.views.shown import desk_page

SIGNING = "signing.js"


@page(Role.COMMITTEE)
@require_GET
def signing(request: Official, election: Election) -> HttpResponseBase:
    """The page of a committee member's key; its secret half stays there."""
    mine = election.memberships.get(user_id=request.user.pk, role=Role.COMMITTEE)
    config = {
        "election": {
            "id": election.slug,
            "title": election.title,
            "kind": election.kind,
            "language": election.language,
            "languages": ["en", "fr", "ru"],
        },
        "csrf": get_token(request),
        "me": {"name": mine.name, "key": mine.key},
        "urls": {
            "register": reverse("signing-register", args=[election.slug]),
            "state": reverse("signing-state", args=[election.slug]),
            "submit": reverse("signing-submit", args=[election.slug]),
        },
    }
    about = {"config": config, "script": built.url(SIGNING), "integrity": built.integrity(SIGNING)}
    return desk_page(request, election, "signing.html", "signing", **about)


@page(Role.COMMITTEE)
@require_GET
def state(request: Official, election: Election) -> JsonResponse:
    """The documents that this member's key is to sign, or has signed."""
    mine = election.memberships.get(user_id=request.user.pk, role=Role.COMMITTEE)
    answer = JsonResponse(
        {
            "documents": [
                {
                    "sha256": document.sha256,
                    "kind": document.kind,
                    "title": document.title,
                    "text": document.text.decode(),
                    "paper": reverse("paper", args=[election.slug, document.sha256])
                    if document.kind == "protocol"
                    else "",
                    "signed": document.signed,
                }
                for document in results.documents_for(election, mine.key)
            ]
        }
    )
    answer["Cache-Control"] = "no-store"
    return answer


def _given(request: HttpRequest) -> dict[str, object]:
    try:
        return sent.document(request)
    except ValueError:
        return {}


def _refusal(error: SuffrageError) -> JsonResponse:
    return JsonResponse({"error": "refused", "message": str(error)}, status=400)


@page(Role.COMMITTEE)
@require_POST
def register(request: Official, election: Election) -> JsonResponse:
    """Register the public half of a key, with the proof that its secret half is there."""
    given = _given(request)
    try:
        officials.register_key(request.user, election, str(given.get("key", "")), str(given.get("proof", "")))
    except SuffrageError as error:
        return _refusal(error)
    return JsonResponse({"accepted": True})


@page(Role.COMMITTEE)
@require_POST
def submit(request: Official, election: Election) -> JsonResponse:
    """Take signatures: all of them, or none."""
    given = _given(request)
    listed = given.get("signatures")
    try:
        made = {str(item["sha256"]): str(item["signature"]) for item in listed} if isinstance(listed, list) else {}
    except (TypeError, KeyError):
        made = {}
    try:
        new = results.sign(request.user, election, str(given.get("key", "")), made)
    except SuffrageError as error:
        return _refusal(error)
    return JsonResponse({"accepted": new})


@page(*EVERYBODY)
@require_GET
def paper(request: Official, election: Election, sha: str) -> HttpResponse:
    """A protocol in force on paper."""
    protocol = results.protocol_of(election, sha)
    signers = results.signers_of(election, protocol)
    data = Press(statute_of(election)).paper(protocol.record, protocol.sha256, signers)
    answer = HttpResponse(data, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="protocol-{sha[:12]}.pdf"'
    return answer
