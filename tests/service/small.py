"""A service in a process of its own, for tests of commands: `prepare` makes an election, `cast` is an open poll.

Both speak JSON lines on standard output. SUFFRAGE_DATA and DATABASE_URL say where.
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


def say(**value: Any) -> None:
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
    from suffrage.service.clockwork import clockwork
    from suffrage.service.models import Urn
    from suffrage.service.urns.hall import hall

    codes: list[str] = json.loads(sys.stdin.readline())
    urns = list(Urn.objects.filter(made=True).values_list("uuid", flat=True))
    keepers = [hall.keeper(uuid) for uuid in urns]
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
            except Exception:
                continue  # the code of an elector of another district
            receipt = keeper.cast(ballot, credential)
            say(urn=keeper.urn.election.uuid, tracking=receipt.tracking.hex, height=receipt.height)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        while not sys.stdin.readline().startswith("stop"):
            clockwork.publish()
    finally:
        stopped.set()
        for thread in threads:
            thread.join()
        clockwork.publish()
        hall.leave_all()


if __name__ == "__main__":
    configured(Path(os.environ["SUFFRAGE_DATA"]))
    if sys.argv[1] == "prepare":
        migrated()
        prepare()
    else:
        cast()
