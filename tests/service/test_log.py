"""The log: its chain names what was changed, and nothing secret stands in it."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.db.models import ProtectedError

from suffrage.protocols.canonical import canonical, sha256
from suffrage.service import log
from suffrage.service.demo.way import Played
from suffrage.service.models import Election, LogEntry

pytestmark = pytest.mark.slow


@pytest.fixture
def played(held: Callable[..., Played]) -> Played:
    return held()


def test_the_chain_holds_and_names_the_one_before(played: Played) -> None:
    found = list(LogEntry.objects.order_by("number"))
    assert log.broken() == []
    assert len(found) > 30
    previous = log.FIRST
    for number, entry in enumerate(found, 1):
        record = json.loads(entry.record)
        assert (record["number"], record["previous"], entry.sha256) == (number, previous, sha256(entry.record.encode()))
        assert canonical(record).decode() == entry.record
        assert record["by"]
        previous = entry.sha256


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"record": '{"act":"nothing"}'}, "entry 7 was changed: its hash is another"),
        ({"record": "no JSON"}, "entry 7 was changed: its hash is another"),
        ({"record": "[]"}, "entry 7 was changed: its hash is another"),
        ({"sha256": "0" * 64}, "entry 7 was changed: its hash is another"),
        ({"number": 1000}, "entry 7 is missing, 8 is in its place"),
        ({"election": None}, "entry 7 stands in the log of another election"),
    ],
)
def test_what_was_changed_is_named(played: Played, change: dict[str, object], problem: str) -> None:
    # No model and no page does this: it is done to the table itself.
    LogEntry.objects.filter(number=7).update(**change)
    assert problem in log.broken()


def test_an_entry_that_was_changed_with_its_hash(played: Played) -> None:
    entry = LogEntry.objects.get(number=7)
    record = canonical({**json.loads(entry.record), "reason": "another"})
    LogEntry.objects.filter(number=7).update(record=record.decode(), sha256=sha256(record))
    assert log.broken() == ["entry 8 does not name the one before it"]


def test_an_entry_that_was_moved_to_another_election(played: Played) -> None:
    other = Election.objects.create(slug="other", title="Other", kind="demo", law="ussr-1937")
    LogEntry.objects.filter(number=7).update(election=other)
    assert log.broken() == ["entry 7 stands in the log of another election"]


def test_entries_are_not_changed_or_removed_by_a_model(played: Played) -> None:
    entry = LogEntry.objects.get(number=7)
    for act in (entry.save, entry.delete, LogEntry.objects.all().delete, played.election.delete):
        with pytest.raises(ProtectedError):
            act()
    assert log.broken() == []


def test_entries_that_are_gone_are_missed(played: Played) -> None:
    rows = LogEntry.objects.filter(number__in=[5, 6])
    rows._raw_delete(rows.db)
    assert log.broken()[0] == "entry 5 is missing, 7 is in its place"


def test_nothing_secret_stands_in_the_log(played: Played) -> None:
    text = "\n".join(LogEntry.objects.values_list("record", flat=True))
    secrets = [*played.codes.values(), *(key.seed for key in played.trustees), played.secretary.password]
    secrets += [one.password for one, _ in played.committee.members.values()]
    publics = list(played.election.urns.first().credentials.values_list("public", flat=True))  # type: ignore[union-attr]
    for secret in (*secrets, *publics):
        assert secret not in text


def test_the_newest_acts_come_first_on_the_page_of_the_log(played: Played) -> None:
    found = list(log.entries(played.election))
    numbers = [entry["number"] for entry in found]
    assert numbers == sorted(numbers, reverse=True)
    assert {entry["election"] for entry in found} == {played.election.slug}
