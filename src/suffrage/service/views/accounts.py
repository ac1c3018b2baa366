"""Coming by an invitation: its link is opened, an account is made or used, and the role is taken up."""

from __future__ import annotations

from datetime import timedelta

from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model, login
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from suffrage.errors import ServiceError
from suffrage.service.acts import officials
from suffrage.service.forms.people import AccountForm
from suffrage.service.limits import address, too_many
from suffrage.service.models import Invitation
from suffrage.service.views.shown import to

_COOKIE = "invitation"
_LASTS = timedelta(hours=1)
_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest) -> HttpResponseBase:
    """The page of a link. The token came in a form, and lies in a cookie of this page alone until it is used.

    So it is there again after signing in; it stands in no address, no log and no table.
    """
    if too_many("invitation", address(request), 60, 60):
        return _refused(request, "Too many attempts from this address. Try again in a minute.", 429)
    given = request.POST.get("token", "").strip().rpartition("#")[2]
    token = given or request.COOKIES.get(_COOKIE, "")
    if not token:
        return render(request, "service/invitation.html")
    try:
        found = officials.invitation_of(token)
    except ServiceError as error:
        return _refused(request, str(error), 400)
    if given:
        answer = to("invitation")
        answer.set_cookie(
            _COOKIE,
            given,
            max_age=_LASTS,
            path=reverse("invitation"),
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Strict",
        )
        return answer
    return _accepting(request, found, token)


def _refused(request: HttpRequest, trouble: str, status: int) -> HttpResponse:
    answer = render(request, "service/invitation.html", {"trouble": trouble}, status=status)
    answer.delete_cookie(_COOKIE, path=reverse("invitation"), samesite="Strict")
    return answer


def _accepting(request: HttpRequest, found: Invitation, token: str) -> HttpResponseBase:
    """Take the invitation up with the account of whoever is signed in, or with a new one."""
    known = get_user_model().objects.filter(username=found.email).exists()
    form = AccountForm(request.POST if "password" in request.POST else None)
    if request.method == "POST" and request.user.is_authenticated:
        officials.accept(token, request.user)
        return _come(request, found)
    if request.method == "POST" and form.done(lambda: _with_account(request, found, token, form)):
        return _come(request, found)
    context = {"invitation": found, "form": form, "known": known, "election": found.election}
    return render(request, "service/accept.html", context, status=400 if form.errors else 200)


def _with_account(request: HttpRequest, found: Invitation, token: str, form: AccountForm) -> None:
    with transaction.atomic():
        user = officials.account(found.email, form.cleaned_data["password"])
        # Whoever holds the link has read the mail that it came in.
        EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
        officials.accept(token, user)
    login(request, user, backend=_BACKEND)
    # A password that was given a moment ago need not be given again to set up the second factor.
    record_authentication(request, user, "password", email=user.email, reauthenticated=True)


def _come(request: HttpRequest, found: Invitation) -> HttpResponseRedirect:
    messages.success(request, f"Welcome. You serve as {found.get_role_display()} in {found.election.title}.")
    answer = to("desk-election", found.election.slug)
    answer.delete_cookie(_COOKIE, path=reverse("invitation"), samesite="Strict")
    return answer
