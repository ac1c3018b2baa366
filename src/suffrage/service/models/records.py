"""What was done, by whom, when and why; what waits for a second person; the mail that goes out."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from suffrage.service.models.election import Election
from suffrage.service.models.people import Elector


class LogEntry(models.Model):
    """One act. `record` is canonical JSON that names the hash of the entry before; `sha256` is its hash.

    Entries are never changed or removed: what they say is published.
    """

    number = models.BigIntegerField(unique=True)
    election = models.ForeignKey(Election, null=True, on_delete=models.PROTECT, related_name="log")
    record = models.TextField()
    sha256 = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["number"]


class Proposal(models.Model):
    """An act that cannot be undone, proposed by one person and carried out when a second one confirms it."""

    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="proposals")
    act = models.CharField(max_length=60)
    arguments = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn = models.BooleanField(default=False)

    class Meta:
        ordering = ["-id"]

    @property
    def is_open(self) -> bool:
        """Whether it still waits for its second person."""
        return self.confirmed_by_id is None and not self.withdrawn


class MailStatus(models.TextChoices):
    """How far a mail has come."""

    QUEUED = "queued", "queued"
    SENT = "sent", "sent"
    FAILED = "failed", "failed"


class Mail(models.Model):
    """A mail of the service: an invitation, a notice, a one-time code. Its text is wiped once it was sent."""

    election = models.ForeignKey(Election, null=True, on_delete=models.PROTECT, related_name="mails")
    elector = models.ForeignKey(Elector, null=True, on_delete=models.PROTECT, related_name="mails")
    to = models.CharField(max_length=254)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    purpose = models.CharField(max_length=20)
    status = models.CharField(max_length=8, choices=MailStatus.choices, default=MailStatus.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    answer = models.CharField(max_length=200, blank=True)
    made = models.DateTimeField(auto_now_add=True)
    due = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["status", "due"])]


class DoorCode(models.Model):
    """A one-time code that was mailed at the door of the booth: its keyed hash, until it was used or is too old."""

    elector = models.OneToOneField(Elector, on_delete=models.CASCADE, related_name="door_code")
    digest = models.CharField(max_length=64)
    expires = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
