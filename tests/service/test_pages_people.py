"""Officials come by the link of an invitation, which is kept nowhere, and works once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from suffrage.service.demo import officials
from suffrage.service.models import Election, Invitation, LogEntry, Mail
from tests.service.pages import client_of, drafted

pytestmark = pytest.mark.django_db

WHO = {"name": "Ivan Petrov", "email": "ivan@example.org", "role": "committee", "office": "chair"}
PASSWORD = "lantern over the river"


@pytest.fixture
def draft(data: Path) -> tuple[Election, Client]:
    election, secretary = drafted()
    return election, client_of(secretary)


def invited(election: Election, client: Client, **who: str) -> str:
    """Ask somebody in on the page; gives the token of the link."""
    response = client.post(reverse("invite", args=[election.slug]), {**WHO, **who})
    assert response.status_code == 200, response.content.decode()
    assert response["Cache-Control"] == "no-store"
    link = str(response.context["link"])
    assert link in response.content.decode()
    return link.partition("#")[2]


def opened(token: str) -> tuple[Client, Any]:
    """The page of a link in a browser of its own."""
    client = Client()
    response = client.post(reverse("invitation"), {"token": token}, follow=True)
    return client, response


def test_an_account_is_made_and_the_role_taken_up(draft: tuple[Election, Client]) -> None:
    election, office = draft
    client, response = opened(invited(election, office))
    assert "you are asked to serve as" in response.content.decode()
    response = client.post(reverse("invitation"), {"password": PASSWORD, "again": PASSWORD}, follow=True)
    assert response.redirect_chain == [(f"/desk/{election.slug}/", 302)]
    member = election.memberships.get(role="committee")
    assert (member.name, member.office, member.user.email) == ("Ivan Petrov", "chair", "ivan@example.org")
    assert client.get("/account/2fa/totp/activate/").status_code == 200


def test_the_token_is_kept_nowhere(draft: tuple[Election, Client]) -> None:
    election, office = draft
    token = invited(election, office)
    _, response = opened(token)
    assert token not in response.content.decode()
    assert all(token not in address for address, _ in response.redirect_chain)
    assert not any(token in repr(session.get_decoded()) for session in Session.objects.all())
    assert not LogEntry.objects.filter(record__contains=token).exists()
    # Only the mail that waits to be sent has it.
    assert Mail.objects.get(purpose="invitation").body.count(token) == 1


def test_a_link_works_once(draft: tuple[Election, Client]) -> None:
    election, office = draft
    token = invited(election, office)
    client, _ = opened(token)
    client.post(reverse("invitation"), {"password": PASSWORD, "again": PASSWORD})
    _, response = opened(token)
    assert response.status_code == 400
    assert "is not valid (any more)" in response.content.decode()


@pytest.mark.parametrize("token", ["nonsense", "x" * 5000, "#", "https://elsewhere.example/invitation/#nonsense"])
def test_what_is_no_link_is_refused_in_words(data: Path, token: str) -> None:
    _, response = opened(token)
    assert response.status_code in (200, 400)
    assert "Link of the invitation" in response.content.decode()


def test_a_link_that_is_too_old(draft: tuple[Election, Client]) -> None:
    election, office = draft
    token = invited(election, office)
    Invitation.objects.update(expires=datetime.now(UTC) - timedelta(seconds=1))
    assert opened(token)[1].status_code == 400


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [
        ("short", "short", "at least 12 characters"),
        ("password1234", "password1234", "too common"),
        (PASSWORD, "another one here", "another password"),
        ("", "", "required"),
    ],
)
def test_a_password_that_will_not_do(draft: tuple[Election, Client], password: str, again: str, said: str) -> None:
    election, office = draft
    client, _ = opened(invited(election, office))
    response = client.post(reverse("invitation"), {"password": password, "again": again})
    assert response.status_code == 400
    assert said in response.content.decode()
    assert not User.objects.filter(email="ivan@example.org").exists()
    assert not Invitation.objects.get().accepted


def test_whoever_has_an_account_signs_in_and_is_back_at_the_invitation(draft: tuple[Election, Client]) -> None:
    election, office = draft
    known = officials.person("Ivan Petrov")
    client, response = opened(invited(election, office, email=known.user.email))
    assert "has an account here already" in response.content.decode()
    made = client.post(reverse("invitation"), {"password": PASSWORD, "again": PASSWORD})
    assert made.status_code == 400
    client.force_login(known.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "Take it up with this account" in client.get(reverse("invitation")).content.decode()
    assert client.post(reverse("invitation")).status_code == 302
    assert election.memberships.get(role="committee").user == known.user


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("name", "", "required"),
        ("name", "Ivan\u202ePetrov", "as it shall stand on the protocols"),
        ("email", "not an address", "is no address"),
        ("email", "a@b.example\nBcc: c@d.example", "is no address"),
        ("role", "king", "Select a valid choice"),
        ("office", "", "does not fit the role"),
        ("office", "emperor", "Select a valid choice"),
    ],
)
def test_whom_one_cannot_invite(draft: tuple[Election, Client], field: str, typed: str, said: str) -> None:
    election, office = draft
    response = office.post(reverse("invite", args=[election.slug]), {**WHO, field: typed})
    assert response.status_code == 400
    assert said in response.context["form"].errors[field][0]
    assert not Invitation.objects.exists()
    assert not Mail.objects.exists()


def test_an_invitation_is_withdrawn(draft: tuple[Election, Client]) -> None:
    election, office = draft
    token = invited(election, office)
    address = reverse("invitation-withdraw", args=[election.slug, Invitation.objects.get().pk])
    assert office.post(address).status_code == 302
    assert opened(token)[1].status_code == 400
    assert office.post(address).status_code == 404


def test_a_roster_without_its_chair_is_not_drawn(draft: tuple[Election, Client]) -> None:
    election, office = draft
    response = office.post(reverse("roster", args=[election.slug]))
    assert response.status_code == 400
    assert "needs one chair" in response.content.decode()


def test_a_mail_that_failed_is_sent_again_unless_it_held_a_link(draft: tuple[Election, Client]) -> None:
    election, office = draft
    Mail.objects.create(election=election, to="a@b.example", subject="s", body="b", purpose="notice", status="failed")
    Mail.objects.create(election=election, to="c@d.example", subject="s", body="", purpose="factor", status="failed")
    notice, factor = Mail.objects.order_by("id")
    assert office.post(reverse("mail-again", args=[election.slug, notice.pk])).status_code == 302
    refused = office.post(reverse("mail-again", args=[election.slug, factor.pk]))
    assert refused.status_code == 400
    assert "held a link or a code" in refused.content.decode()
    assert office.post(reverse("mail-again", args=[election.slug, notice.pk])).status_code == 400
    notice.refresh_from_db()
    assert (notice.status, notice.body) == ("queued", "b")
    assert "b@" not in office.get(reverse("mails", args=[election.slug])).content.decode()
