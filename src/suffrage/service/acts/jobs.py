"""Acts that take long: they are asked for on a page, done in the background, and say how far they have come."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction

from suffrage.errors import SuffrageError
from suffrage.service.acts.permission import refused, require
from suffrage.service.models import Election, Job, JobState, Role

Tell = Callable[[str], None]

_BETWEEN = 0.5
"""How many seconds lie between two notes of how far a job has come."""


@dataclass(frozen=True, slots=True)
class LongAct:
    """An act that takes long: its name in words, who may ask for it, and what does it; that gives what came of it.

    `check` refuses at once what cannot be done, while whoever asks is looking.
    """

    key: str
    title: str
    roles: tuple[Role, ...]
    carry_out: Callable[[AbstractBaseUser, Election, Tell], str]
    check: Callable[[Election], None] = lambda election: None


_ACTS: dict[str, LongAct] = {}


def takes_long(act: LongAct) -> LongAct:
    """Make an act known by its key."""
    _ACTS[act.key] = act
    return act


def title_of(job: Job) -> str:
    """What a job is called."""
    return _ACTS[job.what].title


def ask(by: AbstractBaseUser, election: Election, act: LongAct) -> Job:
    """Have an act done in the background. ServiceError where it cannot be done, or another one is being done."""
    from suffrage.service.tasks import do_job

    require(by, election, *act.roles)
    act.check(election)
    try:
        with transaction.atomic():
            job = Job.objects.create(election=election, what=act.key, asked_by_id=by.pk)
            transaction.on_commit(lambda: do_job.enqueue(job.pk))
    except IntegrityError:
        raise refused(act.title, "has to wait", "another act is being done", "a try when it has ended") from None
    return job


def last(election: Election, *acts: LongAct) -> Job | None:
    """The last job of some acts; None where none was asked for."""
    return Job.objects.filter(election=election, what__in=[act.key for act in acts]).last()


def carry_out(pk: int) -> bool:
    """Do a job that waits; gives whether it was done. What it refuses is noted, and stands on the page."""
    if not Job.objects.filter(pk=pk, state=JobState.WAITS).update(state=JobState.RUNS):
        return False
    job = Job.objects.select_related("election", "asked_by").get(pk=pk)
    noted = 0.0

    def tell(now: str) -> None:
        nonlocal noted
        if time.monotonic() - noted >= _BETWEEN:
            Job.objects.filter(pk=pk).update(said=now)
            noted = time.monotonic()

    try:
        said = _ACTS[job.what].carry_out(job.asked_by, job.election, tell)
    except SuffrageError as error:
        _end(pk, JobState.FAILED, "\n".join(str(problem) for problem in error.problems))
        return False
    except BaseException:
        # What it was belongs into the log of the service, not onto a page.
        _end(pk, JobState.FAILED, "It did not come to its end. Nothing was changed: ask for it again.")
        raise
    _end(pk, JobState.DONE, said)
    return True


def _end(pk: int, state: JobState, said: str) -> None:
    Job.objects.filter(pk=pk).update(state=state, said=said, ended=datetime.now(UTC))


def take_up() -> None:
    """What a worker does first: jobs that were running when their worker ended have failed, others are queued again.

    A job that is queued twice is done once.
    """
    from suffrage.service.tasks import do_job

    for job in Job.objects.filter(state=JobState.RUNS):
        logging.getLogger("suffrage.service").warning("a job was interrupted: %s", title_of(job))
        _end(job.pk, JobState.FAILED, "The service was ended meanwhile. Nothing was changed: ask for it again.")
    for job in Job.objects.filter(state=JobState.WAITS):
        do_job.enqueue(job.pk)
