"""What takes long: asked for by an official, done by the background worker."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from suffrage.service.models.election import Election


class JobState(models.TextChoices):
    """How far a job has come."""

    WAITS = "waits", "waits"
    RUNS = "runs", "runs"
    DONE = "done", "done"
    FAILED = "failed", "failed"


UNFINISHED = (JobState.WAITS, JobState.RUNS)


class Job(models.Model):
    """Something long that was asked for. `said` is what it is at, what came of it, or why it failed; a line each."""

    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="jobs")
    what = models.CharField(max_length=30)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=JobState.choices, default=JobState.WAITS)
    said = models.TextField(blank=True)
    asked = models.DateTimeField(auto_now_add=True)
    ended = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["election"],
                condition=models.Q(state__in=["waits", "runs"]),
                name="one_unfinished_job_an_election",
            )
        ]
