"""Urns: which archive belongs to which contest, who is on its list, and what was published of it."""

from __future__ import annotations

from django.db import models

from suffrage.service.models.election import Contest, Election
from suffrage.service.models.people import Elector

RESERVE = 3
"""The `ballot` of an urn that is kept for a new election: its list is registered with the others."""


class Urn(models.Model):
    """The Belenios election of one contest in one ballot. Its truth is the archive `urns/UUID.bel` in the data folder.

    `listed` is the list of public credentials as the archive holds it, from the authority. The key of a contest that
    became an urn is never reused. `withdrawn` names a candidate by slug.
    """

    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="urns")
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="urns")
    ballot = models.PositiveSmallIntegerField()
    uuid = models.CharField(max_length=40, unique=True)
    finalists = models.JSONField(default=list)
    seats = models.PositiveIntegerField(default=0)
    made = models.BooleanField(default=False)
    closed = models.BooleanField(default=False)
    decrypted = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contest", "ballot"], name="one_urn_a_ballot")]
        ordering = ["ballot", "contest__position", "id"]

    @property
    def file(self) -> str:
        """The name of the archive."""
        return f"{self.uuid}.bel"


class Credential(models.Model):
    """Which elector has which public credential in an urn: no time, no address, no order, and nothing else.

    It shows who cast which ciphertext, never a choice. It appears in no log, no page and no export, and is erased by a
    recorded act of two persons.
    """

    urn = models.ForeignKey(Urn, on_delete=models.PROTECT, related_name="credentials")
    elector = models.ForeignKey(Elector, on_delete=models.PROTECT, related_name="credentials")
    public = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["urn", "public"], name="one_credential_once"),
            models.UniqueConstraint(fields=["urn", "elector"], name="one_credential_an_elector"),
        ]
        # The credential is as good as random: an order by it tells nothing.
        ordering = ["public"]


class RehearsalUrn(models.Model):
    """The urn in which the trustees rehearse the opening; `expected` is what its ballots say."""

    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="rehearsals")
    uuid = models.CharField(max_length=40, unique=True)
    expected = models.JSONField(default=list)
    succeeded = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]

    @property
    def file(self) -> str:
        """The name of the archive."""
        return f"{self.uuid}.bel"


class Head(models.Model):
    """A published head of an urn's archive: who keeps it can tell later whether anything vanished."""

    urn = models.ForeignKey(Urn, on_delete=models.PROTECT, related_name="heads")
    at = models.DateTimeField()
    height = models.BigIntegerField()
    event = models.CharField(max_length=64)
    length = models.BigIntegerField()
    ballots = models.BigIntegerField()

    class Meta:
        ordering = ["id"]


class Turnout(models.Model):
    """How many electors had voted in an urn by the end of an hour, once each, and how many ballots were in it."""

    urn = models.ForeignKey(Urn, on_delete=models.PROTECT, related_name="turnout")
    hour = models.DateTimeField()
    electors = models.BigIntegerField()
    ballots = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["urn", "hour"], name="one_turnout_an_hour")]
        ordering = ["hour"]
