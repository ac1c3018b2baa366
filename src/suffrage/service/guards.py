"""What the tables themselves refuse: nobody is struck off a roll that is fixed, and no entry is changed."""

from __future__ import annotations

from typing import Any

from django.db.models import ProtectedError
from django.db.models.signals import pre_delete, pre_save

from suffrage.service.models import Candidate, Contest, Elector, LogEntry, PaperEntry, PaperReturn, Unit


def _keep(sender: type, instance: Elector | Unit | Contest | Candidate, **more: Any) -> None:
    election = instance.contest.election if isinstance(instance, Candidate) else instance.election
    if election.frozen:
        raise ProtectedError(f"the roll and the ballot papers of {election.slug} are fixed", {instance})


def _unchanged(sender: type, instance: LogEntry, **more: Any) -> None:
    if instance.pk is not None:
        raise ProtectedError(f"entry {instance.number} of the log stays as it is", {instance})


def _as_entered(sender: type, instance: PaperEntry | PaperReturn, **more: Any) -> None:
    if instance.pk is not None:
        raise ProtectedError(f"the return of {instance.unit.slug} stays as it was entered", {instance})


def listen() -> None:
    """Look at what is deleted, by whatever path: an act, a cascade, a shell."""
    for model in (Elector, Unit, Contest, Candidate):
        pre_delete.connect(_keep, sender=model, dispatch_uid=f"suffrage.service.guards.{model.__name__}")
    for signal in (pre_delete, pre_save):
        signal.connect(_unchanged, sender=LogEntry, dispatch_uid="suffrage.service.guards.LogEntry")
        for entered in (PaperEntry, PaperReturn):
            signal.connect(_as_entered, sender=entered, dispatch_uid=f"suffrage.service.guards.{entered.__name__}")
