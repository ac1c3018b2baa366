"""Acts that take long: asked for on a page, done by a worker of their own, and what they say meanwhile."""

from __future__ import annotations

import logging
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import User
from django.db import IntegrityError
from django.urls import reverse

from suffrage.errors import Problem, ServiceError
from suffrage.service.acts import jobs, results
from suffrage.service.demo.officials import open_urns, sign_everything
from suffrage.service.demo.way import Played
from suffrage.service.models import Election, Job, JobState, Stage
from tests.service.commands import copy, small
from tests.service.pages import client_of
from tests.service.test_whole_way import vote
from tests.service.voting import over

pytestmark = pytest.mark.slow


@pytest.fixture
def opened(held: Callable[..., Played]) -> Played:
    """An election whose urns are opened."""
    played = held(100)
    vote(played)
    over(played)
    played.election.refresh_from_db()
    open_urns(played.election, played.trustees, 1)
    return played


@pytest.fixture
def silly() -> Iterator[list[Callable[[], str]]]:
    """An act that does what the test puts into the list."""
    does: list[Callable[[], str]] = []

    def carry_out(by: AbstractBaseUser, election: Election, tell: jobs.Tell) -> str:
        tell("reading the roll")
        return does[0]()

    act = jobs.LongAct("silly", "Do something silly", results.DRAW.roles, carry_out)
    with patch.dict(jobs._ACTS, {"silly": act}):
        yield does


def job_of(election: Election, by: User, what: str = "silly") -> Job:
    return Job.objects.create(election=election, what=what, asked_by=by)


def test_from_the_results_to_what_is_published(opened: Played) -> None:
    election, office = opened.election, client_of(opened.secretary)
    address = reverse("results", args=[election.slug])

    def press(name: str) -> str:
        assert office.post(reverse(name, args=[election.slug])).status_code == 302
        return office.get(address).content.decode()

    assert "4 protocols drawn." in (page := press("draw")), page
    sign_everything(election, opened.committee)
    assert "The publication is prepared." in press("prepare")
    sign_everything(election, opened.committee)
    assert "Verified from the sealed ballots up, and published." in press("publish")
    assert election.polls.get().stage == Stage.PUBLISHED
    assert list(Job.objects.values_list("state", flat=True)) == [JobState.DONE] * 3


def test_what_cannot_be_done_is_refused_while_somebody_looks(opened: Played) -> None:
    election = opened.election
    for act, said in ((results.PREPARE, "No protocols are drawn"), (results.PUBLISH, "has not signed the manifest")):
        with pytest.raises(ServiceError, match=said):
            jobs.ask(opened.secretary.user, election, act)
    with pytest.raises(ServiceError, match="not yours"):
        jobs.ask(opened.observer.user, election, results.DRAW)
    assert not Job.objects.exists()


def test_one_at_a_time_and_how_far_it_has_come(opened: Played) -> None:
    election, by, office = opened.election, opened.secretary.user, client_of(opened.secretary)
    address = reverse("results", args=[election.slug])
    job = job_of(election, by, "draw")
    assert "It begins in a moment" in office.get(address).content.decode()
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNS, said="counting, and drawing the protocols")
    page = office.get(address).content.decode()
    assert "Draw the protocols: being done" in page
    assert "counting, and drawing the protocols" in page
    assert 'http-equiv="refresh"' in page
    assert reverse("draw", args=[election.slug]) not in page
    refused = office.post(reverse("draw", args=[election.slug]))
    assert (refused.status_code, "another act is being done" in refused.content.decode()) == (400, True)
    with pytest.raises(IntegrityError):
        job_of(election, by)
    # Whoever does it is gone.
    jobs.take_up()
    page = office.get(address).content.decode()
    assert "The service was ended meanwhile." in page
    assert "refresh" not in page
    assert reverse("draw", args=[election.slug]) in page


def test_how_it_ends(opened: Played, silly: list[Callable[[], str]], caplog: pytest.LogCaptureFixture) -> None:
    election, by = opened.election, opened.secretary.user
    caplog.set_level(logging.DEBUG)

    def ended(does: Callable[[], str]) -> tuple[str, str]:
        silly[:] = [does]
        job = job_of(election, by)
        try:
            done = jobs.carry_out(job.pk)
        except ZeroDivisionError:
            done = False
        assert not jobs.carry_out(job.pk)
        job.refresh_from_db()
        assert done == (job.state == JobState.DONE)
        assert job.ended is not None
        return job.state, job.said

    def refuses() -> str:
        assert Job.objects.get(state=JobState.RUNS).said == "reading the roll"
        raise ServiceError([Problem("one", "is wrong"), Problem("two", "is missing")])

    assert ended(lambda: "Done, and well.") == (JobState.DONE, "Done, and well.")
    assert ended(refuses) == (JobState.FAILED, "one: is wrong\ntwo: is missing")
    state, said = ended(lambda: str(1 / 0))
    assert (state, "division" in said, "ask for it again" in said) == (JobState.FAILED, False, True)


def test_a_worker_of_its_own_does_it(tmp_path: Path) -> None:
    world = copy(tmp_path / "data")
    worker = subprocess.Popen([sys.executable, "-m", "suffrage.service.background", "long"], env=world.environment())
    try:
        (before,) = small(world, "draw")
        until = time.monotonic() + 60
        now = before
        while now["state"] in ("waits", "runs") and time.monotonic() < until:
            time.sleep(0.3)
            (now,) = small(world, "job", str(before["number"]))
    finally:
        worker.terminate()
        worker.wait(30)
    assert (now["state"], "there are none yet" in now["said"]) == ("failed", True)
