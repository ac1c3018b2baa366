"""Pages of refusals."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from suffrage.errors import Problem


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that did not come from a page of this service, or from one that is too old."""
    problem = Problem(
        "this form", "was not sent from a page of this service, or is too old", "", "the page, loaded again"
    )
    return render(request, "service/refused.html", {"problems": [problem]}, status=403)
