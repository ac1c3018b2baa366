"""What every answer carries, and what a person sees where something went wrong."""

from __future__ import annotations

import logging
from collections.abc import Callable

from allauth.core.exceptions import ReauthenticationRequired
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from suffrage.errors import SuffrageError

Answer = Callable[[HttpRequest], HttpResponseBase]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
SITE_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src 'self' data:; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox allow-scripts allow-popups allow-downloads"
)
"""Of the published site, one file with its style and its script inside: it runs apart, without cookies or requests."""


class ContentSecurity:
    """Gives every answer its content security policy: nothing from elsewhere, nothing inline."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a request."""
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            # No database and no file system has such a name.
            response: HttpResponseBase = HttpResponse("Not a request.\n", "text/plain; charset=utf-8", 400)
        else:
            response = self.answer(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


ANSWERS = (Http404, PermissionDenied, SuspiciousOperation, ReauthenticationRequired)
"""What a view raises in order to answer: a page that is not there, a question to somebody who signed in long ago."""


class PlainErrors:
    """Shows what a person can put right as a page with the problem in words. Anything else is a plain 500."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a request."""
        return self.answer(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page of an error; None leaves it to Django."""
        if isinstance(error, SuffrageError):
            return render(request, "service/refused.html", {"problems": error.problems}, status=400)
        if isinstance(error, ANSWERS):
            return None
        # The type alone: a message may repeat what was sent.
        logging.getLogger("suffrage.service").error("%s in %s", type(error).__name__, request.resolver_match)
        return None
