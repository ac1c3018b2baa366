"""Once the roll is fixed no path changes it, and every act that changed it before stands in the log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import ProtectedError
from django.test import Client

from suffrage.errors import ServiceError
from suffrage.service.acts import fixing, roll, setup
from suffrage.service.demo import society
from suffrage.service.demo.officials import COMMITTEE, SECRETARY, Person, person
from suffrage.service.demo.way import Played, draft, two_persons
from suffrage.service.log import broken, entries
from suffrage.service.models import Contest, Election, Elector, LogEntry, Membership, Unit

pytestmark = pytest.mark.slow


@pytest.fixture
def fixed(data: object, transactional_db: None) -> tuple[Election, Person]:
    """An election whose roll is fixed, and nothing hangs on it yet."""
    now = datetime.now(UTC)
    secretary = person(SECRETARY)
    election = draft(secretary, now, now + timedelta(hours=1), list(society.members(50)))
    other = person(COMMITTEE[0][0])
    Membership.objects.create(election=election, user=other.user, role="committee", name=other.name, office="chair")
    two_persons(election, secretary.user, other.user, fixing.FIX.key, "It was read and is right")
    return Election.objects.get(pk=election.pk), secretary


def rows(election: Election) -> list[tuple[Any, ...]]:
    """Everything that is fixed."""
    found: list[tuple[Any, ...]] = [*election.electors.order_by("pk").values_list()]
    found += [*election.units.order_by("pk").values_list(), *election.contests.order_by("pk").values_list()]
    for contest in election.contests.order_by("pk"):
        found += contest.candidates.order_by("pk").values_list()
    return [*found, *Election.objects.filter(pk=election.pk).values_list("title", "law_text", "threshold", "frozen")]


def head() -> setup.Head:
    return setup.Head(title="Another", kind="demo", law="ussr-1937")


def attempts(by: User, election: Election) -> list[Callable[[], object]]:
    """Every act that changes a draft."""
    contest = election.contests.get(slug="chair")
    society_ = election.units.get(slug="society")
    file = society.roll_file(list(society.members(60)))
    return [
        lambda: roll.keep(by, election, roll.read(election, file)),
        lambda: roll.keep(by, election, roll.read(election, file, anew=True), anew=True),
        lambda: setup.change(by, election, head()),
        lambda: setup.add_unit(by, election, "East Bank", "district", society_),
        lambda: setup.add_contest(by, election, "Another", society_),
        lambda: setup.add_candidate(by, contest, "LATE", "Comer"),
        *(lambda item=item: setup.remove(by, item) for item in (
            contest, society_, election.units.get(slug="north"), contest.candidates.first())),
    ]  # fmt: skip


def test_no_act_changes_what_is_fixed(fixed: tuple[Election, Person]) -> None:
    election, secretary = fixed
    before, acts = rows(election), LogEntry.objects.count()
    for attempt in attempts(secretary.user, election):
        with pytest.raises(ServiceError, match="its roll and ballot papers are fixed"):
            attempt()
    # And none that was begun while it was a draft: what a page has read may be old.
    old = Election.objects.get(pk=election.pk)
    old.frozen = False
    for attempt in attempts(secretary.user, old):
        with pytest.raises(ServiceError, match="its roll and ballot papers are fixed"):
            attempt()
    assert rows(election) == before
    assert LogEntry.objects.count() == acts


def test_no_page_changes_what_is_fixed(fixed: tuple[Election, Person]) -> None:
    election, secretary = fixed
    before, acts = rows(election), LogEntry.objects.count()
    client = Client()
    client.force_login(secretary.user)
    desk = f"/desk/{election.slug}"
    file = SimpleUploadedFile("roll.csv", society.roll_file(list(society.members(60))))
    client.post(f"{desk}/roll/upload/", {"file": file, "anew": "on"})
    assert client.post(f"{desk}/roll/preview/?anew=on").status_code == 400
    contest, unit = election.contests.get(slug="chair"), election.units.get(slug="society")
    forms: dict[str, dict[str, object]] = {
        "setup/head/": {
            "title": "Another", "kind": "demo", "law": "law.toml", "time_zone": "UTC", "language": "en", "threshold": 2,
        },
        "setup/place/": {"name": "East Bank", "kind": "district", "parent": unit.pk},
        "setup/contest/": {"name": "Another", "unit": unit.pk, "seats": 1},
        f"setup/contest/{contest.pk}/candidate/": {"surname": "LATE", "names": "Comer"},
        f"setup/remove/contest/{contest.pk}/": {},
        f"setup/remove/place/{unit.pk}/": {},
        f"setup/remove/candidate/{contest.candidates.first().pk}/": {},  # type: ignore[union-attr]
    }  # fmt: skip
    for path, said in forms.items():
        answer = client.post(f"{desk}/{path}", said)
        assert (answer.status_code, b"are fixed" in answer.content) == (400, True), path
    assert rows(election) == before
    assert LogEntry.objects.count() == acts


def test_no_model_and_no_cascade_removes_anybody(fixed: tuple[Election, Person]) -> None:
    election, secretary = fixed
    before = rows(election)
    elector = election.electors.first()
    candidate = election.contests.get(slug="chair").candidates.first()
    assert elector is not None
    assert candidate is not None
    for delete in (
        elector.delete,
        election.electors.all().delete,
        Elector.objects.all().delete,
        candidate.delete,
        Contest.objects.all().delete,
        Unit.objects.all().delete,
        election.units.get(slug="north").delete,
        election.delete,
        secretary.user.delete,
    ):
        with pytest.raises(ProtectedError):
            delete()
    assert rows(election) == before


def test_with_the_lists_the_tables_hold_together_too(held: Callable[..., Played]) -> None:
    election = held().election
    before = rows(election)
    for delete in (election.electors.all().delete, election.urns.all().delete):
        with pytest.raises(ProtectedError):
            delete()
    assert rows(election) == before


def test_a_draft_is_replaced_whole(data: object, transactional_db: None) -> None:
    now = datetime.now(UTC)
    secretary = person(SECRETARY)
    election = draft(secretary, now, now + timedelta(hours=1), list(society.members(50)))
    read = roll.read(election, society.roll_file(list(society.members(44))), anew=True)
    assert roll.keep(secretary.user, election, read, anew=True) == 44
    assert election.electors.count() == 44
    newest = next(iter(entries(election)))
    assert (newest["act"], newest["about"]["electors"]) == ("keep the roll anew", 44)


def test_every_act_stands_in_the_log(fixed: tuple[Election, Person]) -> None:
    election, _ = fixed
    acts = [entry["act"] for entry in reversed(list(entries(election)))]
    assert acts[:2] == ["begin the election", "set the hours"]
    assert acts.count("add a place") == 3
    assert acts.count("add a contest") == 3
    assert acts.count("add a candidate") == 8
    assert acts[-3:] == ["propose", "confirm", "fix roll and ballot papers"]
    assert "keep the roll" in acts
    assert broken() == []
