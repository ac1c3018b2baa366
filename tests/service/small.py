"""A service in a process of its own, for tests of commands: `prepare` makes an election, `cast` is an open poll.

`heads` says what is published of the urns, `examine` what the doctor finds, `draw` asks for the protocols, `job` says
how far that is; `back` goes back to an older form. All speak JSON lines on standard output.
SUFFRAGE_DATA and DATABASE_URL say where.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from suffrage.cli.serve import configured, migrated

_SAYING = threading.Lock()


def say(**value: Any) -> None:
    with _SAYING:
        print(json.dumps(value), flush=True)


def prepare() -> None:
    """An election whose poll is open, with mail, sessions and one-time codes that no backup may hold."""
    from django.contrib.sessions.backends.db import SessionStore

    from suffrage.service import door, mailing
    from suffrage.service.acts.officials import invite
    from suffrage.service.demo.society import members
    from suffrage.service.demo.way import prepared
    from suffrage.service.models import Elector, Mail

    now = datetime.now(UTC)
    people = list(members(60))
    played = prepared(now - timedelta(hours=1), now + timedelta(hours=3), people, {"kind": "real"})
    election = played.election
    _, link = invite(played.secretary.user, election, "X. Novy", "x@riverside.example", "observer")
    elector = Elector.objects.filter(election=election).exclude(email="").first()
    assert elector is not None
    door.send_factor(election, elector)
    session = SessionStore()
    session["who"] = "somebody"
    session.create()
    mailing.queue_worded("second-ballot", "en", "y@riverside.example", election, None, **dict.fromkeys(SAID, "-"))
    factor = Mail.objects.get(purpose="factor").body
    say(
        codes=dict(played.codes),
        seeds=[key.seed for key in played.trustees],
        passwords=[played.secretary.password],
        secrets=[session.session_key, link.rstrip("/").rsplit("/", 1)[-1]],
        factor=[word.strip(".") for word in factor.split() if word.strip(".").isdigit()],
        urns={urn.uuid: urn.contest.name for urn in election.urns.filter(made=True)},
        election=election.slug,
    )


SAID = ("name", "contests", "opens", "closes", "time_zone", "link")


def cast() -> None:
    """Cast ballots from some threads, and say each receipt as it is given, until a line comes on standard input."""
    from suffrage.service import heads
    from suffrage.service.models import Urn
    from suffrage.service.urns.hall import hall
    from suffrage.service.urns.refusals import Refusal

    codes: list[str] = json.loads(sys.stdin.readline())
    urns = list(Urn.objects.filter(made=True).values_list("uuid", flat=True))
    try:
        keepers = [hall.keeper(uuid) for uuid in urns]
    except Refusal as refusal:
        say(refused=refusal.code)
        return
    stopped = threading.Event()
    turn = count()

    def work() -> None:
        while not stopped.is_set():
            number = next(turn)
            keeper, code = keepers[number % len(keepers)], codes[number // len(keepers) % len(codes)]
            size = len(keeper.urn.questions[0].answers)
            ballot = keeper.urn.election.seal(code, [[int(place == number % size) for place in range(size)]])
            try:
                credential = keeper.check(ballot)
            except Refusal:
                continue  # the code of an elector of another district
            receipt = keeper.cast(ballot, credential)
            say(urn=keeper.urn.election.uuid, tracking=receipt.tracking.hex, height=receipt.height)

    def publish() -> None:
        for uuid, keeper in hall.opened():
            head, _, ballots = keeper.state()
            heads.publish(Urn.objects.get(uuid=uuid), head, ballots, datetime.now(UTC))

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        while not sys.stdin.readline().startswith("stop"):
            publish()
    finally:
        stopped.set()
        for thread in threads:
            thread.join()
        publish()
        hall.leave_all()


def published() -> None:
    """What heads.json of the election says."""
    from suffrage.service import heads
    from suffrage.service.models import Election, Urn

    election = Election.objects.get()
    urns = list(Urn.objects.filter(made=True).select_related("contest"))
    say(**heads.document(election.slug, urns, {}))


def examine() -> None:
    """What the doctor finds."""
    from suffrage.service.doctor.run import examine

    for check in examine(int(sys.argv[2])):
        say(what=check.what, health=check.health.value, says=check.says)


def draw() -> None:
    """The protocols of a poll that is not over are asked for, past the page that would refuse it at once."""
    from suffrage.service.models import Election, Job
    from suffrage.service.tasks import do_job

    election = Election.objects.get()
    secretary = election.memberships.get(role="secretary").user
    found = Job.objects.create(election=election, what="draw", asked_by=secretary)
    do_job.enqueue(found.pk)
    say(number=found.pk, state=found.state, said=found.said)


def job() -> None:
    """How far a job has come."""
    from suffrage.service.models import Job

    found = Job.objects.get(pk=int(sys.argv[2]))
    say(number=found.pk, state=found.state, said=found.said)


def back() -> None:
    """The database in the form of an older version: that of a migration."""
    from django.core.management import call_command

    call_command("migrate", sys.argv[2], sys.argv[3], verbosity=0)


if __name__ == "__main__":
    configured(Path(os.environ["SUFFRAGE_DATA"]))
    if sys.argv[1] == "prepare":
        migrated()
    acts = {"prepare": prepare, "cast": cast, "heads": published, "examine": examine, "draw": draw, "job": job}
    {**acts, "back": back}[sys.argv[1]]()
