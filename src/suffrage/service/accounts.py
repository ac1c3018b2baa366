"""Officials' accounts: by invitation alone; secrets of the second factor are sealed in the database."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest


class InvitedOnly(DefaultAccountAdapter):
    """Nobody signs up: the secretary invites."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue a mail about an account with the others: a server that is away is no error of the page."""
        from suffrage.service import mailing

        request = allauth_context.request
        known = {"request": request, "email": email, "current_site": get_current_site(request), **context}
        made = self.render_mail(template_prefix, email, known)
        mailing.queue(email, made.subject, made.body, "account")


class SealedSecrets(DefaultMFAAdapter):
    """Seals the secret of a TOTP authenticator with the service's key, so that no copy of the database holds it."""

    def encrypt(self, text: str) -> str:
        """Seal a secret."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open a secret."""
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> Fernet:
    digest = hashlib.sha256(b"suffrage-second-factor|" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))


def has_second_factor(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether somebody has a TOTP authenticator or a passkey."""
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    found: bool = Authenticator.objects.filter(user_id=user.pk, type__in=kinds).exists()
    return found
