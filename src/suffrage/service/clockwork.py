"""What happens by the clock: urns leave this process at their closing, heads and turnout are published, work is queued.

One thread of the web process, which holds the urns.
"""

from __future__ import annotations

import logging
import threading
import time
from datetime import UTC, datetime, timedelta

from django.db import close_old_connections
from django_tasks_db.models import DBTaskResult

from suffrage.service import clock, heads, tasks
from suffrage.service.acts.opening import note_results
from suffrage.service.acts.poll import due, note_turnout
from suffrage.service.models import Mail, MailStatus, Poll, Stage, Urn
from suffrage.service.urns.hall import hall

TICK = 1.0
EVERY_HEAD = timedelta(minutes=10)
_TURNOUT = 5.0
_SAID_AGAIN = 60.0
_AGAIN = timedelta(seconds=60)
"""After which closing is asked for again, where it was not done."""


class Clockwork:
    """The thread, and what it remembers."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._asked: dict[int, datetime] = {}
        self._doubted: dict[int, float] = {}
        self._noted: dict[str, tuple[float, int, datetime]] = {}

    def start(self) -> None:
        """Start the thread."""
        self._thread = threading.Thread(target=self._run, name="clockwork", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def _run(self) -> None:
        logger = logging.getLogger("suffrage.service")
        while not self._stop.wait(TICK):
            try:
                close_old_connections()
                self.tick()
            except Exception as error:
                # The next second may be better; nothing here is done by halves.
                logger.error("the clockwork stumbled: %s", type(error).__name__)

    def tick(self) -> None:
        """Everything that is to be done now."""
        self.publish()
        self.close_polls()
        for uuid in note_results():
            logging.getLogger("suffrage.service").warning("the result of the urn %s was not noted, and is now", uuid)
        self.queue_mail()

    def publish(self) -> None:
        """Publish the heads of open urns every ten minutes, and note the turnout every few seconds."""
        for uuid, keeper in hall.opened():
            before, ballots_before, hour_before = self._noted.get(uuid, (0.0, -1, datetime.min.replace(tzinfo=UTC)))
            urn = None
            head, electors, ballots = keeper.state()
            if time.monotonic() - before >= _TURNOUT:
                urn = Urn.objects.select_related("election").get(uuid=uuid)
                at = clock.now(urn.election)
                hour = at.replace(minute=0, second=0, microsecond=0)
                if ballots != ballots_before or hour != hour_before:
                    note_turnout(urn, at, electors, ballots)
                self._noted[uuid] = time.monotonic(), ballots, hour
                last = urn.heads.last()
                if last is None or at - last.at >= EVERY_HEAD or at < last.at:
                    heads.publish(urn, head, ballots, at)

    def close_polls(self) -> None:
        """Leave the urns of polls that are over, and queue their closing."""
        for poll in Poll.objects.select_related("election").filter(stage=Stage.READY):
            if not due(poll):
                if clock.now(poll.election) >= poll.closes:
                    self._doubt(poll)
                continue
            now = datetime.now(UTC)
            if now - self._asked.get(poll.pk, datetime.min.replace(tzinfo=UTC)) < _AGAIN:
                continue
            self._asked[poll.pk] = now
            for uuid in poll.election.urns.filter(ballot=poll.ballot, made=True).values_list("uuid", flat=True):
                hall.leave(uuid)
            tasks.close_poll.enqueue(poll.pk)

    def _doubt(self, poll: Poll) -> None:
        """Say, once in a minute, that a clock is not believed."""
        now = time.monotonic()
        if now - self._doubted.get(poll.pk, -_SAID_AGAIN) >= _SAID_AGAIN:
            self._doubted[poll.pk] = now
            logging.getLogger("suffrage.service").error(
                "a poll is not closed: the machine's clock was moved by %.0f seconds; set it right, or start the "
                "service again if it is right now",
                clock.jump(),
            )

    def queue_mail(self) -> None:
        """Queue the sending of mail, where some is due and nobody is at it."""
        if not Mail.objects.filter(status=MailStatus.QUEUED, due__lte=datetime.now(UTC)).exists():
            return
        path = tasks.send_mail.module_path
        if not DBTaskResult.objects.filter(task_path=path, status__in=["READY", "RUNNING"]).exists():
            tasks.send_mail.enqueue()


clockwork = Clockwork()
"""The clockwork of this process."""
