"""Officials and electors."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from suffrage.service.models.election import Election, Unit


class Role(models.TextChoices):
    """What an official may do in one election."""

    SECRETARY = "secretary", "secretary"
    COMMITTEE = "committee", "committee member"
    TRUSTEE = "trustee", "trustee"
    OBSERVER = "observer", "observer"


class Membership(models.Model):
    """An official's role in an election. A committee member has an `office` in the roster and a signing key."""

    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role.choices)
    name = models.CharField(max_length=120)
    office = models.CharField(max_length=12, blank=True)
    key = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["election", "user", "role"], name="one_role_once")]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.name}, {self.get_role_display()}"


class Invitation(models.Model):
    """An official who was asked in and has not come yet. Of the link only a hash is kept."""

    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="invitations")
    name = models.CharField(max_length=120)
    email = models.EmailField()
    role = models.CharField(max_length=12, choices=Role.choices)
    office = models.CharField(max_length=12, blank=True)
    token_sha256 = models.CharField(max_length=64, unique=True)
    expires = models.DateTimeField()
    accepted = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]


class Elector(models.Model):
    """Somebody on the roll. `number` is the identifier on the roll; `address` has one line a line."""

    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="electors")
    number = models.CharField(max_length=80)
    name = models.CharField(max_length=200)
    email = models.CharField(max_length=254, blank=True)
    address = models.TextField(blank=True)
    language = models.CharField(max_length=12, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="electors")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["election", "number"], name="one_elector_a_number")]
        ordering = ["number"]
        indexes = [models.Index(fields=["election", "unit"])]

    def __str__(self) -> str:
        return self.name
