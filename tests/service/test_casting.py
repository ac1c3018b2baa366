"""What comes to the slot of an urn: everything that is no ballot for it is refused in words, and nothing is lost."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections
from django.test import Client

from suffrage import _core
from suffrage.service import clock
from suffrage.service.demo.way import Played
from suffrage.service.models import Election, Poll
from suffrage.service.urns.ballots import voted_in
from suffrage.service.urns.hall import hall
from tests.service.voting import Booth, error, move, over, said

pytestmark = pytest.mark.slow

Held = Callable[..., Played]


@pytest.fixture
def booth(held: Held) -> Booth:
    return Booth(held())


def ballots_in(booth: Booth) -> int:
    return voted_in(booth.archive(booth.urn()))[1]


def test_a_receipt_says_where_the_ballot_stands(booth: Booth) -> None:
    urn = booth.urn()
    ballot = booth.seal(urn, "0001")
    answer = booth.cast(urn, ballot)
    assert answer.status_code == 200
    receipt = said(answer)
    digest = hashlib.sha256(ballot)
    assert receipt["sha256"] == digest.hexdigest()
    assert receipt["replaces"] is False
    assert len(receipt["tracking"]) == 43
    hall.leave_all()
    [place] = _core.archive_places(booth.archive(urn), [receipt["height"]])[1]
    assert place is not None
    assert place[:3] == (receipt["height"], receipt["event"], "Ballot")
    again = said(booth.cast(urn, booth.seal(urn, "0001", 1)))
    assert (again["replaces"], again["height"]) == (True, receipt["height"] + 1)


def test_the_same_ballot_again_counts_once_and_has_its_receipt(booth: Booth) -> None:
    urn = booth.urn()
    ballot = booth.seal(urn, "0001")
    first = said(booth.cast(urn, ballot))
    # In the same process, and after the urn was opened anew.
    for _ in range(2):
        answer = booth.cast(urn, ballot)
        assert error(answer) == (409, "already-cast")
        assert {name: said(answer)[name] for name in ("tracking", "sha256", "height", "event")} == {
            name: first[name] for name in ("tracking", "sha256", "height", "event")
        }
        hall.leave_all()
    assert ballots_in(booth) == 1


def test_an_old_ballot_sent_again_does_not_displace_the_later_one(booth: Booth) -> None:
    urn = booth.urn()
    old, new = booth.seal(urn, "0001", 0), booth.seal(urn, "0001", 1)
    booth.cast(urn, old)
    booth.cast(urn, new)
    assert error(booth.cast(urn, old)) == (409, "already-cast")
    hall.leave_all()
    assert ballots_in(booth) == 2


def test_ciphertexts_of_another_elector_are_refused(booth: Booth) -> None:
    urn = booth.urn()
    theirs, mine = json.loads(booth.seal(urn, "0001")), json.loads(booth.seal(urn, "0002", 1))
    # Under my credential and signature, under my credential alone, and all of theirs under my signature.
    for copied in (
        {"message": {**mine["message"], "answers": theirs["message"]["answers"]}, "signature": mine["signature"]},
        {"message": {**theirs["message"], "credential": mine["message"]["credential"]}, "signature": mine["signature"]},
        {"message": theirs["message"], "signature": mine["signature"]},
    ):
        answer = booth.cast(urn, json.dumps(copied, separators=(",", ":")).encode())
        assert error(answer) == (400, "wrong-ballot")
    hall.leave_all()
    assert ballots_in(booth) == 0


def test_a_ballot_of_another_urn_is_refused(booth: Booth) -> None:
    north, south = booth.urn("north-seat"), booth.urn("south-seat")
    elector = booth.electors(north)[0]
    ballot = booth.seal(north, elector)
    assert error(booth.cast(south, ballot)) == (400, "wrong-ballot")
    assert "election" in said(booth.cast(south, ballot))["message"]
    assert booth.cast(north, ballot).status_code == 200


def test_a_code_of_another_district_stands_on_no_list_here(booth: Booth) -> None:
    north, south = booth.urn("north-seat"), booth.urn("south-seat")
    stranger = booth.electors(north)[0]
    assert error(booth.cast(south, booth.seal(south, stranger))) == (403, "unknown-credential")


def test_a_code_of_another_election_stands_on_no_list_here(booth: Booth) -> None:
    urn = booth.urn()
    ballot = booth.seal(urn, "", code=_core.new_code())
    assert error(booth.cast(urn, ballot)) == (403, "unknown-credential")


def test_an_urn_under_another_elections_address(booth: Booth) -> None:
    urn = booth.urn()
    ballot = booth.seal(urn, "0001")
    Election.objects.create(slug="other", title="Other", kind="demo", law="ussr-1937", frozen=True)
    assert error(booth.cast(urn, ballot, slug="other")) == (404, "wrong-ballot")
    assert error(booth.cast(urn, ballot, slug="none")) == (404, "wrong-ballot")
    for uuid in ("nothing", booth.urn(ballot=2).uuid):
        assert error(booth.post(f"urns/{uuid}/cast/", ballot)) == (404, "wrong-ballot")
    hall.leave_all()
    assert ballots_in(booth) == 0


def test_no_ballot_after_the_closing_second_and_none_before_the_opening(booth: Booth) -> None:
    urn, election = booth.urn(), booth.election
    ballots = [booth.seal(urn, f"{number:04d}") for number in range(1, 5)]
    poll = Poll.objects.get(election=election, ballot=1)
    real = datetime.now(UTC)

    def closing_in(seconds: float) -> None:
        Poll.objects.filter(pk=poll.pk).update(closes=clock.now(election) + timedelta(seconds=seconds))
        hall.hours_changed()

    closing_in(30)
    assert booth.cast(urn, ballots[0]).status_code == 200
    closing_in(0)
    assert error(booth.cast(urn, ballots[1])) == (403, "closed")
    closing_in(-1)
    assert error(booth.cast(urn, ballots[2])) == (403, "closed")
    Poll.objects.filter(pk=poll.pk).update(closes=poll.closes, opens=real + timedelta(seconds=60))
    hall.hours_changed()
    for _ in range(2):  # the urn is open in this process, then it is not
        assert error(booth.cast(urn, ballots[3])) == (403, "not-open")
        hall.leave_all()
    move(booth.played, 60)
    assert booth.cast(urn, ballots[3]).status_code == 200
    hall.leave_all()
    assert ballots_in(booth) == 2


def test_the_very_closing_second_belongs_to_nobody(booth: Booth) -> None:
    poll = Poll.objects.get(election=booth.election, ballot=1)
    assert clock.is_open(poll, poll.closes - timedelta(microseconds=1))
    assert not clock.is_open(poll, poll.closes)
    assert clock.is_open(poll, poll.opens)
    assert not clock.is_open(poll, poll.opens - timedelta(microseconds=1))


def test_after_an_urn_was_closed_for_good(booth: Booth) -> None:
    urn = booth.urn()
    late = booth.seal(urn, "0001")
    over(booth.played)
    assert error(booth.cast(urn, late)) == (403, "closed")
    # The clock of a demo can be moved back; the urn is closed for good.
    move(booth.played, -4 * 3600)
    assert error(booth.cast(urn, late)) == (403, "closed")


def test_two_ballots_of_one_elector_at_once(booth: Booth) -> None:
    urn = booth.urn()
    hall.keeper(urn.uuid)
    made = [booth.seal(urn, "0001", place) for place in (0, 1)]
    start = threading.Barrier(2)

    def cast(ballot: bytes) -> dict[str, object]:
        try:
            start.wait()
            return said(Booth(booth.played, Client()).cast(urn, ballot))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        receipts = list(pool.map(cast, made))
    hall.leave_all()
    heights = [receipt["height"] for receipt in receipts]
    assert len(set(heights)) == 2
    assert sorted(receipt["replaces"] for receipt in receipts) == [False, True]  # type: ignore[type-var]
    assert receipts[heights.index(max(heights, key=int))]["replaces"] is True  # type: ignore[arg-type]
    report = _core.audit_archive(booth.archive(urn), None)
    assert (report.failures, report.voters, report.ballots) == ([], 1, 2)


def test_thirty_two_threads_write_together_and_every_receipt_holds(booth: Booth) -> None:
    urn = booth.urn()
    electors = booth.electors(urn)
    ballots = [booth.seal(urn, elector, number % 3) for number, elector in enumerate(electors * 2)][:96]
    hall.keeper(urn.uuid)
    queue = iter(ballots)
    lock = threading.Lock()

    def cast(_: int) -> list[dict[str, object]]:
        mine: list[dict[str, object]] = []
        slot = Booth(booth.played, Client())
        try:
            while True:
                with lock:
                    ballot = next(queue, None)
                if ballot is None:
                    return mine
                mine.append(said(slot.cast(urn, ballot)))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(32) as pool:
        receipts = [receipt for part in pool.map(cast, range(32)) for receipt in part]
    hall.leave_all()
    assert {receipt["sha256"] for receipt in receipts} == {hashlib.sha256(ballot).hexdigest() for ballot in ballots}
    heights = [int(receipt["height"]) for receipt in receipts]  # type: ignore[call-overload]
    places = _core.archive_places(booth.archive(urn), heights)[1]
    assert [place and (place[0], place[1]) for place in places] == [
        (receipt["height"], receipt["event"]) for receipt in receipts
    ]
    report = _core.audit_archive(booth.archive(urn), None)
    assert (report.failures, report.ballots, report.voters) == ([], 96, 50)


def test_what_is_no_ballot(booth: Booth) -> None:
    urn = booth.urn()
    for body in (b"{", b"null", b"[]", b'{"message":1}', b"\xff\xfe", b"[" * 100_000, b'"\\ud800"', b"\x00" * 1000):
        assert error(booth.cast(urn, body)) == (400, "wrong-ballot"), body[:20]


def test_a_ballot_with_a_byte_changed(booth: Booth) -> None:
    urn = booth.urn()
    ballot = booth.seal(urn, "0001")
    for at in range(10, len(ballot), len(ballot) // 12):
        changed = bytearray(ballot)
        changed[at] ^= 1
        status, code = error(booth.cast(urn, bytes(changed)))
        assert (status, code) in [(400, "wrong-ballot"), (403, "unknown-credential")]
    # The same ballot in other bytes would have another number: only the form of the specification is taken.
    assert error(booth.cast(urn, ballot + b"\n"))[0] == 400
    assert error(booth.cast(urn, json.dumps(json.loads(ballot)).encode()))[0] == 400
    hall.leave_all()
    assert ballots_in(booth) == 0


def test_what_a_browser_of_another_site_sends(booth: Booth) -> None:
    urn = booth.urn()
    ballot = booth.seal(urn, "0001")
    for site in ("cross-site", "same-site", "anything"):
        assert error(booth.cast(urn, ballot, **{"Sec-Fetch-Site": site})) == (400, "malformed")
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        answer = booth.client.post(f"/e/{booth.election.slug}/urns/{urn.uuid}/cast/", ballot, content_type=kind)
        assert error(answer) == (400, "malformed")
    for path in ("door/", "door/factor/"):
        body = {"credentials": booth.credentials("0001"), "code": "1"}
        assert error(booth.post(path, body, **{"Sec-Fetch-Site": "cross-site"})) == (400, "malformed")
    hall.leave_all()
    assert ballots_in(booth) == 0
    assert booth.cast(urn, ballot, **{"Sec-Fetch-Site": "same-origin"}).status_code == 200


def test_other_methods_than_post(booth: Booth) -> None:
    path = f"/e/{booth.election.slug}/urns/{booth.urn().uuid}/cast/"
    for method in ("get", "put", "delete", "patch", "head", "options"):
        assert getattr(booth.client, method)(path).status_code == 405


def test_a_ballot_that_is_too_large(booth: Booth) -> None:
    urn = booth.urn()
    assert error(booth.cast(urn, b"x" * ((4 << 20) + 1))) == (413, "malformed")
    # A length that is none is no error of the service.
    answer = booth.client.post(
        f"/e/{booth.election.slug}/urns/{urn.uuid}/cast/", b"{}", content_type="application/json", CONTENT_LENGTH="many"
    )
    assert error(answer) == (400, "malformed")


def test_too_many_ballots_with_one_code(booth: Booth) -> None:
    urn = booth.urn()
    codes = [booth.cast(urn, booth.seal(urn, "0001", number % 3)).status_code for number in range(22)]
    assert codes == [200] * 20 + [429] * 2
    assert error(booth.cast(urn, booth.seal(urn, "0001"))) == (429, "too-many")
    # Others are not kept out by it.
    assert booth.cast(urn, booth.seal(urn, "0002")).status_code == 200
    hall.leave_all()
    assert ballots_in(booth) == 21
