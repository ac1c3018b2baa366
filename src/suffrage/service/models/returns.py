"""Returns of places that vote on paper: what each person read from the paper, and what was accepted."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from suffrage.service.models.election import Contest, Election, Unit

THIRD = 3
"""The `place` of the person who decides where the first two differ."""


class PaperEntry(models.Model):
    """The figures of one return as one person typed them; a figure that the paper does not give is not among them.

    `series` counts how often the return was entered: a return that was accepted is replaced by a new double entry.
    `opened` and `closed` are the hours of the station as the paper gives them. Entries are never changed.
    """

    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="paper_entries")
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="paper_entries")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="paper_entries")
    ballot = models.PositiveSmallIntegerField(default=1)
    series = models.PositiveSmallIntegerField(default=1)
    place = models.PositiveSmallIntegerField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    figures = models.JSONField(default=dict)
    votes = models.JSONField(default=dict)
    opened = models.TimeField(null=True, blank=True)
    closed = models.TimeField(null=True, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contest", "unit", "ballot", "series", "place"], name="one_paper_entry_a_place"
            )
        ]
        ordering = ["series", "place"]


class PaperReturn(models.Model):
    """A return that was accepted: two entries agreed, or a third person decided. The last series is in force.

    `sha256` is that of its canonical record, which the log names.
    """

    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="paper_returns")
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="paper_returns")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="paper_returns")
    ballot = models.PositiveSmallIntegerField(default=1)
    series = models.PositiveSmallIntegerField(default=1)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    figures = models.JSONField(default=dict)
    votes = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contest", "unit", "ballot", "series"], name="one_paper_return_a_series")
        ]
        ordering = ["ballot", "contest__position", "unit__position", "unit_id", "series"]
