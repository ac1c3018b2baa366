"""Officials: whom to invite; and the account of somebody who was invited."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from suffrage.protocols.roster import ROLES
from suffrage.service.forms.base import PlainForm
from suffrage.service.models import Role


class InvitationForm(PlainForm):
    """Whom to ask in, as what."""

    places: ClassVar[Mapping[str, str]] = {
        "name": "name",
        "e-mail": "email",
        "role": "role",
        "office": "office",
        "trustees": "role",
    }

    name = forms.CharField(max_length=120, help_text="As it shall stand on the protocols.")
    email = forms.CharField(max_length=254, label="E-mail address", widget=forms.EmailInput)
    role = forms.ChoiceField(choices=Role.choices)
    office = forms.ChoiceField(
        required=False,
        choices=[("", "none"), *((role, role) for role in ROLES)],
        help_text="Of a committee member. The chair's key is the root of all signatures.",
    )


class AccountForm(PlainForm):
    """The password of a new account."""

    places: ClassVar[Mapping[str, str]] = {"password": "password"}

    password = forms.CharField(
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 12 characters, and none that everybody knows.",
    )
    again = forms.CharField(
        strip=False,
        max_length=200,
        label="The password once more",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        """Both must be the same."""
        said = super().clean() or {}
        if said.get("password") and said.get("again") and said["password"] != said["again"]:
            raise ValidationError({"again": "This is another password."})
        return said
