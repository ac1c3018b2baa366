"""The trustees of an election, and the records of the ceremony in which they make their key. All of it is public."""

from __future__ import annotations

from django.db import models

from suffrage.service.models.election import Election
from suffrage.service.models.people import Membership


class Trustee(models.Model):
    """A trustee's place in the ceremony, from 1, and what came from there. `single` where each of them must decrypt."""

    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="trustees")
    membership = models.OneToOneField(Membership, on_delete=models.PROTECT, related_name="trustee")
    index = models.PositiveSmallIntegerField()
    single = models.TextField(blank=True)
    certificate = models.TextField(blank=True)
    polynomial = models.TextField(blank=True)
    vinput = models.TextField(blank=True)
    voutput = models.TextField(blank=True)
    decryption_key = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["election", "index"], name="one_trustee_a_place")]
        ordering = ["index"]

    @property
    def name(self) -> str:
        """The trustee's name, as it stands in the group's context."""
        return self.membership.name


class Ceremony(models.Model):
    """The common part: who takes part, and what the group publishes in the end."""

    election = models.OneToOneField(Election, on_delete=models.PROTECT, related_name="ceremony")
    context = models.TextField(blank=True)
    parameters = models.TextField(blank=True)
    complete = models.BooleanField(default=False)
