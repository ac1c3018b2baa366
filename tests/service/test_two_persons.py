"""Acts that cannot be undone take two persons; where one is refused, nothing of it is done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client

from suffrage import _core
from suffrage.errors import BeleniosError, ServiceError
from suffrage.service.acts import fixing, urn_making
from suffrage.service.acts.permission import act_of, confirm, propose, withdraw
from suffrage.service.demo.officials import SECRETARY, open_urns, partial, person
from suffrage.service.demo.society import members
from suffrage.service.demo.way import Played, draft
from suffrage.service.log import entries
from suffrage.service.models import Credential, Election, LogEntry, Membership, Proposal, Role, Urn
from suffrage.service.urns import server_key
from suffrage.service.urns.hall import hall
from tests.service.voting import Booth, over

pytestmark = pytest.mark.slow


@pytest.fixture
def booth(held: Callable[..., Played]) -> Booth:
    return Booth(held())


def later(booth: Booth) -> dict[str, Any]:
    poll = booth.election.polls.get(ballot=1)
    return {"ballot": 1, "closes": (poll.closes + timedelta(hours=1)).isoformat()}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_who_proposes_does_not_confirm(booth: Booth) -> None:
    secretary = booth.played.secretary.user
    # Not even with two roles in the election.
    Membership.objects.create(
        election=booth.election, user=secretary, role=Role.COMMITTEE, name="Another", office="member"
    )
    proposal = propose(secretary, booth.election, "extend", later(booth), "A reason")
    closes = booth.election.polls.get(ballot=1).closes
    acts = LogEntry.objects.count()
    with pytest.raises(ServiceError, match="takes two persons"):
        confirm(secretary, proposal)
    address = f"/desk/{booth.election.slug}/proposals/{proposal.pk}/confirm/"
    answer = signed_in(secretary).post(address)
    assert (answer.status_code, b"takes two persons" in answer.content) == (400, True)
    assert booth.election.polls.get(ballot=1).closes == closes
    assert LogEntry.objects.count() == acts
    proposal.refresh_from_db()
    assert proposal.is_open
    # The second person, by the page.
    assert signed_in(booth.played.committee.chair.user).post(address).status_code == 302
    assert booth.election.polls.get(ballot=1).closes > closes
    assert signed_in(booth.played.committee.chair.user).post(address).status_code == 400


def test_trustees_and_observers_do_neither(booth: Booth) -> None:
    played = booth.played
    proposal = propose(played.secretary.user, booth.election, "extend", later(booth), "A reason")
    for user in (played.trustees[0].person.user, played.observer.user):
        for attempt in (
            lambda user=user: confirm(user, proposal),
            lambda user=user: withdraw(user, proposal),
            lambda user=user: propose(user, booth.election, "extend", later(booth), "Another"),
        ):
            with pytest.raises(ServiceError, match="is not yours to do"):
                attempt()
    proposal.refresh_from_db()
    assert proposal.is_open


def test_who_has_left_does_not_confirm(booth: Booth) -> None:
    played = booth.played
    proposal = propose(played.secretary.user, booth.election, "extend", later(booth), "A reason")
    chair = played.committee.chair.user
    User.objects.filter(pk=chair.pk).update(is_active=False)
    with pytest.raises(ServiceError, match="is not yours to do"):
        confirm(User.objects.get(pk=chair.pk), proposal)


def test_what_was_withdrawn_is_not_confirmed(booth: Booth) -> None:
    played = booth.played
    proposal = propose(played.secretary.user, booth.election, "extend", later(booth), "A reason")
    with pytest.raises(ServiceError, match="has been proposed already"):
        propose(played.committee.chair.user, booth.election, "extend", later(booth), "Again")
    withdraw(played.committee.chair.user, proposal)
    for attempt in (confirm, withdraw):
        with pytest.raises(ServiceError, match="waits for nobody any more"):
            attempt(played.committee.chair.user, proposal)
    assert [entry["act"] for entry in entries(booth.election)][:2] == ["withdraw a proposal", "propose"]
    assert propose(played.secretary.user, booth.election, "extend", later(booth), "Now it is right").is_open


def test_a_reason_is_needed(booth: Booth) -> None:
    with pytest.raises(ServiceError, match="is missing"):
        propose(booth.played.secretary.user, booth.election, "extend", later(booth), "  ")
    with pytest.raises(ServiceError, match="is none that takes two persons"):
        act_of("anything")


def test_a_proposal_that_does_not_hold_any_more_does_nothing(booth: Booth) -> None:
    played = booth.played
    proposal = propose(played.secretary.user, booth.election, "extend", later(booth), "A reason")
    over(played)
    acts = LogEntry.objects.count()
    with pytest.raises(ServiceError):
        confirm(played.committee.chair.user, proposal)
    assert LogEntry.objects.count() == acts
    proposal.refresh_from_db()
    assert proposal.is_open


def test_urns_that_cannot_be_made_leave_nothing_behind(booth: Booth) -> None:
    """The second of three archives is in the way: the first one, its key and the confirmation go again."""
    election, played = booth.election, booth.played
    urns = list(election.urns.filter(ballot=1))
    for urn in urns:
        booth.archive(urn).unlink()
        server_key.remove(urn.uuid)
    Urn.objects.filter(pk__in=[urn.pk for urn in urns]).update(made=False)
    election.polls.update(stage="prepared")
    booth.archive(urns[1]).write_bytes(b"in the way")
    proposal = propose(played.secretary.user, election, "make-urns", {}, "Again")
    acts = LogEntry.objects.count()
    with pytest.raises(BeleniosError):
        confirm(played.committee.chair.user, proposal)
    assert not booth.archive(urns[0]).exists()
    assert booth.archive(urns[1]).read_bytes() == b"in the way"
    assert not any(server_key.path_of(urn.uuid).exists() for urn in urns)
    assert LogEntry.objects.count() == acts
    assert not election.urns.filter(made=True).exists()
    booth.archive(urns[1]).unlink()
    # An end between the files and the database: what lies there is made anew.
    with transaction.atomic():
        confirm(played.committee.chair.user, Proposal.objects.get(pk=proposal.pk))
        transaction.set_rollback(True)
    before = [booth.archive(urn).read_bytes() for urn in urns]
    confirm(played.committee.chair.user, Proposal.objects.get(pk=proposal.pk))
    assert election.urns.filter(made=True).count() == 3
    assert not {booth.archive(urn).read_bytes() for urn in urns} & set(before)
    # What has ballots is never cleared away.
    assert booth.cast(urns[0], booth.seal(urns[0], "0001")).status_code == 200
    hall.leave_all()
    with pytest.raises(BeleniosError):
        urn_making.make(election, election.polls.get(), urns[:1])
    assert server_key.path_of(urns[0].uuid).exists()


def test_an_urn_of_few_ballots_is_opened_by_two_persons(booth: Booth) -> None:
    played, urn = booth.played, booth.urn()
    for number in range(1, 10):
        booth.cast(urn, booth.seal(urn, f"{number:04d}", number % 3))
    south = booth.urn("south-seat")
    for elector in booth.electors(south)[:10]:
        booth.cast(south, booth.seal(south, elector))
    over(played)
    election = Election.objects.get(pk=booth.election.pk)
    opened = {uuid: bool(_core.archive_partials(booth.archive(Urn.objects.get(uuid=uuid)))) for uuid in
              election.urns.filter(ballot=1).values_list("uuid", flat=True)}  # fmt: skip
    assert opened == {urn.uuid: False, south.uuid: True, booth.urn("north-seat").uuid: False}
    # No trustee can go before the decision.
    key = played.trustees[0]
    owner, part = partial(election, key, urn.uuid)
    client = signed_in(key.person.user)
    body = {"step": "partial", "urn": urn.uuid, "owner": owner, "record": part}
    answer = client.post(f"/desk/{election.slug}/trustee/submit/", body, content_type="application/json")
    assert (answer.status_code, "the server has not decrypted yet" in answer.json()["message"]) == (400, True)
    for other, refusal in ((south.uuid, "waits for no such decision"), ("nothing", "waits for no such decision")):
        with pytest.raises(ServiceError, match=refusal):
            propose(played.secretary.user, election, "open-few", {"urn": other}, "The law demands a result")
    for uuid in (urn.uuid, booth.urn("north-seat").uuid):
        proposal = propose(played.secretary.user, election, "open-few", {"urn": uuid}, "The law demands a result")
        with pytest.raises(ServiceError, match="takes two persons"):
            confirm(played.secretary.user, proposal)
        confirm(played.committee.chair.user, proposal)
    open_urns(election, played.trustees, 1)
    assert not election.urns.filter(ballot=1, decrypted=False).exists()
    assert election.polls.get(ballot=1).stage == "decrypted"


def test_the_table_is_erased_by_two_persons(booth: Booth) -> None:
    played = booth.played
    with pytest.raises(ServiceError, match="is still needed"):
        propose(played.secretary.user, booth.election, fixing.ERASE.key, {}, "Too early")
    booth.election.polls.update(stage="published")
    proposal = propose(played.secretary.user, booth.election, fixing.ERASE.key, {}, "The time for appeals is over")
    with pytest.raises(ServiceError, match="takes two persons"):
        confirm(played.secretary.user, proposal)
    rows = Credential.objects.filter(urn__election=booth.election).count()
    assert rows > 0
    confirm(played.committee.chair.user, proposal)
    assert Credential.objects.filter(urn__election=booth.election).count() == 0
    newest = next(iter(entries(booth.election)))
    assert (newest["act"], newest["about"]) == ("erase the table of electors and credentials", {"rows": rows})


@pytest.mark.django_db(transaction=True)
def test_fewer_than_twenty_electors_are_too_few(data: object) -> None:
    now = datetime.now(UTC)
    secretary = person(SECRETARY)
    election = draft(secretary, now, now + timedelta(hours=1), list(members(39)))
    with pytest.raises(ServiceError, match="19 electors; an urn needs at least 20") as caught:
        propose(secretary.user, election, fixing.FIX.key, {}, "As it is")
    assert "North Bank" in str(caught.value)
    assert not Election.objects.get(pk=election.pk).frozen
    assert not election.urns.exists()
