"""`suffrage demo`: a made-up society elects its board online; the second ballot is left open to whoever looks on."""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.markup import escape

from suffrage.cli import console
from suffrage.cli.belenios.terminal import progress
from suffrage.cli.serve import configured, migrated, refuse_taken
from suffrage.errors import WRONG_USE, Problem, ServiceError
from suffrage.words import in_fours, plural

if TYPE_CHECKING:
    from suffrage.service.demo.run import Spare
    from suffrage.service.demo.way import Played

MARK = "made-by-suffrage-demo"
_PATIENCE = 60.0


@click.command()
@click.option("--data", type=click.Path(path_type=Path), default="out/society", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--members", "count", type=click.IntRange(60, 5000), default=200, show_default=True)
@click.option("--stay/--no-stay", default=True, help="Whether the site stays up at the end, until Ctrl-C.")
def demo(data: Path, port: int, count: int, stay: bool) -> None:
    """Hold the election of a made-up society online, every role played by this machine.

    A roll is read, keys and codes are made, a simulated public casts sealed ballots over HTTP; the poll is closed, the
    urns are opened, protocols are signed, published and verified. Then the second ballot is open to you.
    """
    began = time.monotonic()
    url = f"http://127.0.0.1:{port}"
    refuse_taken("127.0.0.1", port)
    _fresh(data)
    os.environ["SUFFRAGE_SECOND_FACTOR"] = "optional"
    os.environ["SUFFRAGE_MAIL"] = f"file://{(data / 'mail').absolute()}"
    configured(data, url)
    from suffrage.service.demo import run
    from suffrage.service.demo.public import Public
    from suffrage.service.demo.society import members
    from suffrage.service.demo.way import prepared

    screen = console.out()
    with console.working("Preparing") as tell:
        tell("the database")
        migrated()
        now = datetime.now(UTC)
        played = prepared(now - timedelta(minutes=1), now + timedelta(days=1), list(members(count)), None, tell)
    screen.print(f"{played.election.title}: {plural(count, 'member')}, 3 contests in 2 districts; the urns are made.")
    with _service(data, port, url):
        spare = run.spares(played)
        public = Public(url, played.election.slug, played.codes)
        try:
            public.read_papers()
            chosen = run.choices(played, 1, 1, [one.number for one in spare])
            with progress("Electors cast their sealed ballots") as done:
                ballots = public.vote(chosen, done)
        finally:
            public.close()
        electors = len({choice.elector for choice in chosen})
        screen.print(
            f"{plural(electors, 'elector')} cast {plural(ballots, 'sealed ballot')} over HTTP, a receipt each."
        )
        with console.working("Closing") as tell:
            tell("the poll is closed by the clock, every proof is checked")
            run.end_poll(played, 1)
            run.await_closing(played, 1)
            run.count_and_publish(played, 1, tell)
            tell("the second ballot is called")
            run.call_second_ballot(played)
        _show_outcomes(played)
        _show_way(played, spare, url, time.monotonic() - began)
        if stay:
            _stay(played)


def _fresh(data: Path) -> None:
    """An empty data folder; one that an earlier demonstration made is removed, anything else is left alone."""
    if data.exists() and any(data.iterdir()) and not (data / MARK).exists():
        raise ServiceError(
            Problem(str(data), "holds other things, which are left alone", "", "--data, with a new folder"),
            exit_code=WRONG_USE,
        )
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    (data / MARK).touch()


@contextlib.contextmanager
def _service(data: Path, port: int, url: str) -> Iterator[None]:
    """The service, in a process of its own as `suffrage serve` runs it."""
    command = [sys.executable, "-c", "from suffrage.cli import main; main()", "serve"]
    command += ["--data", str(data), "--port", str(port), "--url", url]
    with (data / "serve.log").open("wb") as log:
        environment = {**os.environ, "SUFFRAGE_ENDS_WITH_PARENT": "1"}
        service = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
        try:
            _await(service, url, data / "serve.log")
            yield
        finally:
            service.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                service.wait(30)
            if service.poll() is None:
                service.kill()


def _await(service: subprocess.Popen[bytes], url: str, log: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and service.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/health/", timeout=2) as answer:
            if answer.status == 200:
                return
        time.sleep(0.2)
    raise ServiceError(Problem("the service", "does not answer", "", f"see {log}"))


def _show_outcomes(played: Played) -> None:
    from suffrage.service.demo import run

    screen = console.out()
    for contest in run.outcomes(played):
        screen.print()
        screen.print(f"[bold]{escape(contest.contest.name)}[/]: {console.outcome(contest.outcome.kind.value)}")
        console.paragraph(screen, contest.outcome.reasoning)


def _show_way(played: Played, spare: list[Spare], url: str, seconds: float) -> None:
    from suffrage.protocols.keys import fingerprint

    slug, screen = played.election.slug, console.out()
    root = fingerprint(played.election.root_key)

    def line(text: str = "") -> None:
        screen.print(text, markup=False, soft_wrap=True)

    line(f"\nAll of it took {seconds:.0f} s. The second ballot is open now.\n")
    line(f"  the election     {url}/e/{slug}/")
    line(f"  its results      {url}/e/{slug}/results/results.html")
    line(f"  the booth        {url}/e/{slug}/vote/")
    line(f"  for officials    {url}/desk/{slug}/")
    line(f"\nFingerprint of the committee's root key:\n{in_fours(root)}")
    line("\nThree electors have not voted; their codes are yours:")
    for one in spare:
        line(f"  {one.code}   {one.name}, no. {one.number}")
    line("\nOfficials sign in with:")
    people = [played.secretary, played.committee.chair, played.trustees[0].person, played.observer]
    for person in people:
        line(f"  {person.name:22} {person.user.email:34} {person.password}")
    line(
        "\nVote, then close the poll: press Enter here, or move the clock on the page of the poll.\n"
        "The trustees and the committee then do their part by themselves, and your vote is counted."
    )


def _stay(played: Played) -> None:
    """Keep the site up until Ctrl-C; when the second ballot is closed, its keys are turned and it is published."""
    from suffrage.service.demo import run

    screen = console.out()
    screen.print("\nThe site stays up. Ctrl-C ends it.")
    waiting, published = sys.stdin.isatty(), False
    while True:
        if not published and run.is_closed(played, 2):
            with console.working("Counting the second ballot") as tell:
                run.count_and_publish(played, 2, tell)
            _show_outcomes(played)
            screen.print("\nPublished: the results on the site have the second ballot too. Ctrl-C ends it.")
            published = True
        if waiting and not published and select.select([sys.stdin], [], [], 0.5)[0]:
            sys.stdin.readline()
            run.end_poll(played, 2)
        else:
            time.sleep(0.5)
