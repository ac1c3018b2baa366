"""Who may see a page: declared where the page is, and kept in one register, by which a test tries every page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from suffrage.errors import Problem
from suffrage.service.accounts import has_second_factor
from suffrage.service.acts.permission import roles_of
from suffrage.service.models import Election, Role

View = Callable[..., HttpResponseBase]


class Official(HttpRequest):
    """A request of somebody who is signed in."""

    user: User


@dataclass(frozen=True, slots=True)
class Access:
    """Who may open a page: `roles` of its election; None: everybody who is signed in."""

    view: str
    roles: tuple[Role, ...] | None


PAGES: dict[str, Access] = {}
"""Every page of officials by the full name of its view."""


def page(*roles: Role) -> Callable[[View], View]:
    """A page of one election, for officials with one of the roles; the view is given the election of the slug."""

    def decorate(view: View) -> View:
        name = f"{view.__module__}.{view.__qualname__}"
        PAGES[name] = Access(name, roles)

        @wraps(view)
        def answer(request: HttpRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if (first := _before(request)) is not None:
                return first
            election = Election.objects.filter(slug=slug).first()
            if election is None:
                raise Http404
            assert request.user.is_authenticated
            if not roles_of(request.user, election) & {role.value for role in roles}:
                return forbidden(request, f"a {' or '.join(role.label for role in roles)} of {election.title}")
            return view(request, election, *args, **kwargs)

        return answer

    return decorate


def signed_in(view: View) -> View:
    """A page for every official."""
    name = f"{view.__module__}.{view.__qualname__}"
    PAGES[name] = Access(name, None)

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return _before(request) or view(request, *args, **kwargs)

    return answer


def forbidden(request: HttpRequest, expected: str) -> HttpResponse:
    """The page of somebody without the role."""
    problem = Problem("this page", "is not yours to see", "", expected)
    return render(request, "service/refused.html", {"problems": [problem]}, status=403)


def _before(request: HttpRequest) -> HttpResponseBase | None:
    """Where somebody has to go first: to sign in, or to set up a second factor."""
    if not request.user.is_authenticated or not request.user.is_active:
        return redirect_to_login(request.get_full_path())
    if settings.SECOND_FACTOR_REQUIRED and not has_second_factor(request.user):
        return redirect("mfa_index")
    return None
