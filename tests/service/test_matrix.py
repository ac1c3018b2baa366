"""Every page by every role: the pages are those of the addresses, what is expected stands at the page itself."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from suffrage.service.acts.officials import account, invite
from suffrage.service.demo.way import Played
from suffrage.service.models import Election, Mail, MailStatus, Membership, Proposal, Role
from suffrage.service.views.access import PAGES
from tests.service.voting import Booth, over

pytestmark = pytest.mark.slow

PUBLIC = frozenset(
    {
        "suffrage.service.views.accounts.invitation",
        "suffrage.service.views.archives.archive",
        "suffrage.service.views.archives.heads_document",
        "suffrage.service.views.archives.published",
        "suffrage.service.views.booth.at_the_door",
        "suffrage.service.views.booth.booth",
        "suffrage.service.views.booth.cast",
        "suffrage.service.views.booth.health",
        "suffrage.service.views.booth.second_factor",
        "suffrage.service.views.public.home",
        "suffrage.service.views.public.law",
        "suffrage.service.views.public.public",
    }
)
"""What everybody may open. A page that is neither here nor in the register of the officials' pages fails the test."""

ROLES: dict[str, frozenset[str]] = {
    "anonymous": frozenset(),
    "stranger": frozenset(),
    "secretary": frozenset({"secretary"}),
    "committee": frozenset({"committee"}),
    "trustee": frozenset({"trustee"}),
    "observer": frozenset({"observer"}),
}
LOGIN = "/account/login/"


@dataclass(frozen=True)
class Page:
    """An address with its view."""

    route: str
    name: str
    view: str


def pages(resolver: URLResolver | None = None, before: str = "") -> Iterator[Page]:
    for item in (resolver or get_resolver()).url_patterns:
        route = before + str(item.pattern)
        if isinstance(item, URLResolver):
            yield from pages(item, route)
        elif isinstance(item, URLPattern):
            callback = item.callback
            view = getattr(callback, "view_class", callback)
            yield Page(route, item.name or "", f"{view.__module__}.{view.__qualname__}")


OURS = [page for page in pages() if not page.view.startswith("allauth.")]


def test_every_page_is_either_public_or_in_the_register() -> None:
    assert {page.view for page in OURS} == PUBLIC | PAGES.keys()
    assert not PUBLIC & PAGES.keys()
    assert len(OURS) > 20


def test_pages_under_the_desk_are_the_officials() -> None:
    for page in OURS:
        if page.route.startswith(("desk/", "begin/")):
            assert page.view in PAGES, page.route
        else:
            assert page.view in PUBLIC, page.route


@dataclass
class Hall:
    """An election with something behind every address, and one client a role."""

    election: Election
    clients: dict[str, Client]
    arguments: dict[str, Any]

    def address(self, page: Page) -> str:
        route = page.route
        for piece, value in {
            "<slug:slug>": self.election.slug,
            "<str:uuid>": self.arguments["uuid"],
            "<slug:uuid>": self.arguments["uuid"],
            "<str:sha>": self.arguments["sha"],
            "<path:name>": "index.html",
            "<slug:key>": "extend",
            "<slug:what>": "candidate",
            "<int:number>": str(self.arguments["numbers"].get(page.name, 1)),
        }.items():
            route = route.replace(piece, value)
        assert "<" not in route, route
        assert resolve(f"/{route}").url_name == page.name
        return f"/{route}"


@pytest.fixture
def hall(held: Callable[..., Played]) -> Hall:
    played = held()
    election, secretary = played.election, played.secretary.user
    booth = Booth(played)
    for number in range(1, 13):
        booth.cast(booth.urn(), booth.seal(booth.urn(), f"{number:04d}"))
    invitation, _ = invite(secretary, election, "X. Late", "x@riverside.example", "observer")
    mail = Mail.objects.create(
        election=election, to="x@riverside.example", subject="s", body="b", purpose="notice", status=MailStatus.FAILED
    )
    over(played)
    proposal = Proposal.objects.filter(election=election).latest("id")
    stranger = account("stranger@elsewhere.example", secrets.token_hex())
    other = Election.objects.create(slug="other", title="Other", kind="demo", law="ussr-1937", frozen=True)
    for role in Role.values:
        Membership.objects.create(election=other, user=stranger, role=role, name="S. Stranger")
    people: dict[str, User] = {
        "stranger": stranger,
        "secretary": secretary,
        "committee": played.committee.chair.user,
        "trustee": played.trustees[0].person.user,
        "observer": played.observer.user,
    }
    clients = {"anonymous": Client(raise_request_exception=False)}
    for role, user in people.items():
        clients[role] = Client(raise_request_exception=False)
        clients[role].force_login(user)
    contest = election.contests.get(slug="chair")
    candidate = contest.candidates.first()
    assert candidate is not None
    numbers = {
        "mail-again": mail.pk,
        "confirm": proposal.pk,
        "withdraw": proposal.pk,
        "invitation-withdraw": invitation.pk,
        "setup-candidate": contest.pk,
        "setup-remove": candidate.pk,
    }
    return Hall(election, clients, {"uuid": booth.urn().uuid, "sha": "0" * 64, "numbers": numbers})


class _Undone(Exception):
    pass


def answer(client: Client, method: str, address: str) -> Any:
    """What is answered; nothing of it is kept."""
    try:
        with transaction.atomic():
            found = client.get(address) if method == "GET" else client.post(address, {})
            if found.streaming:
                found.close()
            raise _Undone
    except _Undone:
        return found


def wrong(hall: Hall, page: Page, role: str, method: str) -> str:
    """Why an answer is not what the page's register says; empty where it is."""
    address = hall.address(page)
    found = answer(hall.clients[role], method, address)
    status, to = found.status_code, found.headers.get("Location", "")
    said = f"{method} {address} by {role}: {status} {to}"
    if status >= 500 and status != 503:
        return said
    if status == 405:
        # A method that nobody may use: the other one is there.
        other = answer(hall.clients[role], "POST" if method == "GET" else "GET", address)
        return said if other.status_code == 405 else ""
    if page.view in PUBLIC:
        return said if status in (401, 403) or to.startswith(LOGIN) else ""
    access = PAGES[page.view]
    if role == "anonymous":
        return "" if status == 302 and to.startswith(f"{LOGIN}?next=") else said
    allowed = access.roles is None or ROLES[role] & {item.value for item in access.roles}
    if not allowed:
        return "" if status == 403 else said
    return said if status in (401, 403) or to.startswith(LOGIN) else ""


def test_every_page_by_every_role(hall: Hall) -> None:
    found = [
        wrong(hall, page, role, method) for page in OURS for role in ROLES for method in ("GET", "POST")
    ]  # fmt: skip
    assert [line for line in found if line] == []
    assert len(found) == len(OURS) * len(ROLES) * 2


def test_pages_of_an_election_that_is_not_there(hall: Hall) -> None:
    for page in OURS:
        if "<slug:slug>" not in page.route:
            continue
        address = hall.address(page).replace(hall.election.slug, "nothing", 1)
        for role in ("anonymous", "secretary"):
            for method in ("GET", "POST"):
                status = answer(hall.clients[role], method, address).status_code
                expected = {404, 405} if role == "secretary" or page.view in PUBLIC else {302, 405}
                expected |= {400} if page.view in PUBLIC and method == "POST" else set()
                assert status in expected, (method, address, role, status)


def test_things_of_another_election_are_not_reached_through_this_one(hall: Hall) -> None:
    other = Election.objects.get(slug="other")
    for page in OURS:
        if "<int:number>" not in page.route:
            continue
        # The stranger is an official there, and the thing is not of that election.
        address = hall.address(page).replace(hall.election.slug, other.slug, 1)
        stranger = hall.clients["stranger"]
        status = answer(stranger, "POST", address).status_code
        if status == 405:  # a page that is only looked at
            status = answer(stranger, "GET", address).status_code
        assert status == 404, (address, status)


def test_a_second_factor_is_asked_for(hall: Hall, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    for page in OURS:
        if page.view not in PAGES:
            continue
        for method in ("GET", "POST"):
            found = answer(hall.clients["secretary"], method, hall.address(page))
            assert found.status_code in (302, 405), (page, method)
            assert found.status_code == 405 or found["Location"] == "/account/2fa/", page


def test_an_account_that_was_closed(hall: Hall) -> None:
    user = User.objects.get(memberships__role="secretary", memberships__election=hall.election)
    user.is_active = False
    user.save()
    found = answer(hall.clients["secretary"], "GET", f"/desk/{hall.election.slug}/")
    assert (found.status_code, found["Location"][: len(LOGIN)]) == (302, LOGIN)


def test_the_pages_of_accounts_never_fail(hall: Hall) -> None:
    for page in pages():
        if not page.view.startswith("allauth.") or "<" in page.route or "(?P" in page.route:
            continue
        for role in ("anonymous", "secretary"):
            for method in ("GET", "POST"):
                status = answer(hall.clients[role], method, f"/{page.route}").status_code
                assert status < 500, (method, page.route, role, status)
    closed = hall.clients["anonymous"].get("/account/signup/")
    assert b"password" not in closed.content.lower() or closed.status_code in (302, 403, 404)
