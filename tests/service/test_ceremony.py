"""The trustees: their ceremony, and the opening of urns; what is wrong is named, and a lost key is borne."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from suffrage import _core
from suffrage.belenios.urn import open_urn
from suffrage.count import OutcomeKind
from suffrage.errors import ServiceError
from suffrage.service.acts import fixing, officials, opening, rehearsal, results, trustees, urn_making
from suffrage.service.clockwork import Clockwork
from suffrage.service.demo import society
from suffrage.service.demo.officials import (
    COMMITTEE,
    SECRETARY,
    TRUSTEES,
    Person,
    TrusteeKey,
    committee,
    open_urns,
    partial,
    person,
    rehearse,
    sign_everything,
)
from suffrage.service.demo.way import Played, authority, draft, two_persons
from suffrage.service.log import entries
from suffrage.service.models import Ceremony, Election, Stage, Trustee, Urn
from tests.service.voting import Answer, Booth, over, said

pytestmark = pytest.mark.slow

Held = Callable[..., Played]


class Page:
    """The page of a trustee, with the key in it."""

    def __init__(self, election: Election, name: str) -> None:
        self.person = person(name)
        self.election = election
        self.client = Client()
        self.client.force_login(self.person.user)
        self.seed = ""

    def state(self) -> dict[str, Any]:
        return said(self.client.get(f"/desk/{self.election.slug}/trustee/state/"))

    def send(self, step: str, record: object, **more: object) -> Answer:
        body = json.dumps({"step": step, "record": record, **more})
        return self.client.post(f"/desk/{self.election.slug}/trustee/submit/", body, content_type="application/json")

    def make(self, step: str) -> str:
        """What the script of the page makes in a step."""
        state = self.state()
        context = state["context"].encode() if state["context"] else b""
        if step == "single":
            self.seed, public = _core.new_trustee(self.person.name)
            return public.decode()
        if step == "certificate":
            self.seed, record = _core.pedersen_certificate(context, state["names"].index(self.person.name) + 1)
            return record.decode()
        certificates = [text.encode() for text in state["certificates"]]
        if step == "polynomial":
            return _core.pedersen_polynomial(context, certificates, self.seed).decode()
        return _core.pedersen_share(context, certificates, self.seed, state["vinput"].encode()).decode()

    def step(self, step: str) -> None:
        answer = self.send(step, self.make(step))
        assert answer.status_code == 200, answer.content
        assert said(answer)["accepted"] is True


def refusal(answer: Answer) -> str:
    assert answer.status_code == 400, answer.content
    found = said(answer)
    assert found["error"] in ("refused", "malformed")
    return str(found["message"])


@pytest.fixture
def begun(data: object, transactional_db: None) -> list[Page]:
    """An election in draft whose trustees have come."""
    return founded(2)


def founded(threshold: int, electors: int = 41) -> list[Page]:
    now = datetime.now(UTC)
    secretary = person(SECRETARY)
    election = draft(
        secretary, now - timedelta(hours=1), now + timedelta(hours=1), list(society.members(electors)),
        {"threshold": threshold},
    )  # fmt: skip
    pages = [Page(election, name) for name in TRUSTEES]
    for one in pages:
        officials.join(secretary.user, election, one.person.user, one.person.name, "trustee")
    officials.begin_ceremony(secretary.user, election)
    return pages


def secretary_of(election: Election) -> Any:
    return election.memberships.get(role="secretary").user


def test_the_steps_in_their_order_and_no_other(begun: list[Page]) -> None:
    first, second, third = begun
    for step in ("polynomial", "share", "single", "anything", "partial", ""):
        assert refusal(first.send(step, "{}"))
    first.step("certificate")
    assert "there already" in refusal(first.send("certificate", "{}"))
    assert first.state()["phase"] == "certificates"
    assert first.state()["done"]["certificate"] == [first.person.name]
    second.step("certificate")
    assert "waits for another step" in refusal(second.send("polynomial", "{}"))
    third.step("certificate")
    assert third.state()["phase"] == "polynomials"
    for one in begun:
        one.step("polynomial")
    assert first.state()["phase"] == "shares"
    for one in begun:
        one.step("share")
    assert [one.state()["phase"] for one in begun] == ["ready"] * 3
    assert "waits for another step" in refusal(first.send("share", first.make("share")))
    assert Ceremony.objects.get().complete
    done = [entry["about"] for entry in entries(first.election) if entry["act"] == "key ceremony"]
    assert len(done) == 9
    assert set(done[0]) == {"step", "trustee"}


def test_what_is_no_record_is_refused_at_once(begun: list[Page]) -> None:
    first = begun[0]
    for record in ("", "{", "null", "[]", "{}", "é", "x" * 2000, "[" * 50_000):
        assert refusal(first.send("certificate", record))
    assert "larger than one can be" in refusal(first.send("certificate", "x" * ((1 << 20) + 1)))
    address = f"/desk/{first.election.slug}/trustee/submit/"
    for body in ("", "{", "[]", '{"step":"certificate"}', '{"step":1,"record":"x"}',
                 '{"step":"certificate","record":1}',
                 '{"step":"certificate","record":"\\ud800"}', '{"step":"certificate","record":"\\u0000"}',
                 '{"step":"partial","record":"x","urn":"y","owner":"1"}', b"\xff", "[" * 100_000):  # fmt: skip
        assert refusal(first.client.post(address, body, content_type="application/json"))
    assert not Trustee.objects.exclude(certificate="").exists()


def test_a_certificate_of_another_place_or_group_is_sent_back(begun: list[Page]) -> None:
    first, second, third = begun
    context = first.state()["context"].encode()
    _, wrong = _core.pedersen_certificate(context, 3)
    first.send("certificate", wrong.decode())
    second.step("certificate")
    # With the last one all of them are looked at: the wrong one goes back, the right ones stay.
    third.step("certificate")
    state = first.state()
    assert (state["phase"], state["done"]["certificate"]) == ("certificates", [TRUSTEES[1], TRUSTEES[2]])
    assert state["mine"]["certificate"] is False
    newest = [entry for entry in entries(first.election) if entry["act"] == "send a part of the key ceremony back"]
    assert [(entry["by"], entry["about"]["trustee"]) for entry in newest] == [("the clock", TRUSTEES[0])]
    first.step("certificate")
    assert first.state()["phase"] == "polynomials"


def test_wrong_records_of_later_steps_are_sent_back_to_whom_they_are_of(begun: list[Page]) -> None:
    first, second, third = begun
    for one in begun:
        one.step("certificate")
    first.send("polynomial", "not a polynomial")
    second.step("polynomial")
    # Another's polynomial in one's own name: first the one that cannot be read goes back, then this one.
    assert third.send("polynomial", second.make("polynomial")).status_code == 200
    assert first.state()["done"]["polynomial"] == [TRUSTEES[1], TRUSTEES[2]]
    first.step("polynomial")
    assert third.state()["done"]["polynomial"] == [TRUSTEES[0], TRUSTEES[1]]
    # Where it is the last one, it is refused at once, and whose it is is named.
    assert TRUSTEES[2] in refusal(third.send("polynomial", second.make("polynomial")))
    third.step("polynomial")
    assert first.state()["phase"] == "shares"
    second.send("share", "{}")
    first.step("share")
    third.step("share")
    assert second.state()["done"]["share"] == [TRUSTEES[0], TRUSTEES[2]]
    # Somebody else's share is refused where it is the last one: it names whose it is.
    assert TRUSTEES[1] in refusal(second.send("share", first.make("share")))
    second.step("share")
    assert second.state()["phase"] == "ready"


def test_a_seed_that_was_lost_before_anything_depends_on_it(begun: list[Page]) -> None:
    for one in begun:
        one.step("certificate")
    election = begun[0].election
    trustees.start_again(secretary_of(election), election)
    assert begun[0].state()["phase"] == "none"
    assert "has not begun" in refusal(begun[0].send("certificate", "{}"))
    officials.begin_ceremony(secretary_of(election), election)
    for step in ("certificate", "polynomial", "share"):
        for one in begun:
            one.step(step)
    assert begun[0].state()["phase"] == "ready"


def test_the_keys_cannot_be_made_anew_once_urns_depend_on_them(held: Held) -> None:
    played = held()
    with pytest.raises(ServiceError, match="cannot begin anew"):
        trustees.start_again(played.secretary.user, played.election)
    assert trustees.phase(played.election) == "ready"


def test_no_ceremony_without_enough_trustees(data: object, transactional_db: None) -> None:
    now = datetime.now(UTC)
    secretary = person(SECRETARY)
    election = draft(secretary, now, now + timedelta(hours=1), list(society.members(41)), {"threshold": 3})
    for name in TRUSTEES[:2]:
        officials.join(secretary.user, election, person(name).user, name, "trustee")
    with pytest.raises(ServiceError, match="are too few"):
        officials.begin_ceremony(secretary.user, election)
    officials.invite(secretary.user, election, "X. Late", "x@riverside.example", "trustee")
    election.threshold = 2
    election.save()
    with pytest.raises(ServiceError, match=r"not all have come; seen: X\. Late"):
        officials.begin_ceremony(secretary.user, election)


class Opening:
    """An election whose urns are closed, and its trustees' pages."""

    def __init__(self, played: Played) -> None:
        self.played, self.booth = played, Booth(played)
        for contest in ("chair", "north-seat", "south-seat"):
            urn = self.booth.urn(contest)
            for number, elector in enumerate(self.booth.electors(urn)[:12]):
                self.booth.cast(urn, self.booth.seal(urn, elector, number % 2))
        over(played)
        self.election = Election.objects.get(pk=played.election.pk)
        self.urn = self.booth.urn()

    def send(self, key: TrusteeKey, owner: int, record: str, uuid: str = "") -> Answer:
        client = Client()
        client.force_login(key.person.user)
        body = {"step": "partial", "urn": uuid or self.urn.uuid, "owner": owner, "record": record}
        return client.post(f"/desk/{self.election.slug}/trustee/submit/", body, content_type="application/json")


@pytest.fixture
def closed(held: Held) -> Opening:
    return Opening(held())


def test_one_lost_key_of_three_is_borne(closed: Opening) -> None:
    # Two of three are needed: the first one has lost the key.
    for key in closed.played.trustees[1:]:
        for urn in closed.election.urns.filter(ballot=1):
            owner, part = partial(closed.election, key, urn.uuid)
            assert closed.send(key, owner, part, urn.uuid).status_code == 200
    assert closed.election.polls.get(ballot=1).stage == Stage.DECRYPTED
    counted = results.counted(closed.election)
    assert [int(votes) for votes in counted.contests[0].first.totals.votes] == [6, 6, 0]
    # Who comes late is told so.
    owner, part = partial(closed.election, closed.played.trustees[0], closed.urn.uuid)
    assert "has its result already" in refusal(closed.send(closed.played.trustees[0], owner, part))


def test_below_the_threshold_an_urn_stays_closed(closed: Opening) -> None:
    key = closed.played.trustees[0]
    for urn in closed.election.urns.filter(ballot=1):
        owner, part = partial(closed.election, key, urn.uuid)
        assert closed.send(key, owner, part, urn.uuid).status_code == 200
    assert closed.election.polls.get(ballot=1).stage == Stage.CLOSED
    assert not closed.election.urns.filter(decrypted=True).exists()
    with pytest.raises(ServiceError, match="there are none yet"):
        results.draw(closed.played.secretary.user, closed.election)


def test_parts_that_are_not_what_they_should_be(closed: Opening) -> None:
    first, second, _ = closed.played.trustees
    owner, part = partial(closed.election, first, closed.urn.uuid)
    theirs = partial(closed.election, second, closed.urn.uuid)[1]
    assert "another trustee's part" in refusal(closed.send(first, owner + 1, part))
    assert "another trustee's part" in refusal(closed.send(first, 1, part))
    assert f"trustee {owner}" in refusal(closed.send(first, owner, theirs))
    other = closed.booth.urn("north-seat")
    elsewhere = partial(closed.election, first, other.uuid)[1]
    assert refusal(closed.send(first, owner, elsewhere))
    for record in ("", "{}", "null", part[:-1], part.replace("1", "2", 1)):
        assert refusal(closed.send(first, owner, record))
    # The key of somebody else, in this trustee's place.
    archive = open_urn(opening.path_of(closed.urn.uuid))
    tally, _ = opening.tally_of(archive)
    share = closed.election.trustees.get(index=1).decryption_key.encode()
    with pytest.raises(_core.BeleniosError):
        _core.partial_decryption(archive.text, archive.trustees_text, tally, second.seed, share)
    assert "no closed urn" in refusal(closed.send(first, owner, part, "nothing"))
    assert [number for number, _ in _core.archive_partials(archive.path)] == [1]
    assert closed.send(first, owner, part).status_code == 200
    assert "has decrypted already" in refusal(closed.send(first, owner, part))


def test_an_urn_that_is_still_open_is_not_opened(held: Held) -> None:
    played = held()
    booth = Booth(played)
    client = Client()
    client.force_login(played.trustees[0].person.user)
    body = {"step": "partial", "urn": booth.urn().uuid, "owner": 2, "record": "{}"}
    answer = client.post(f"/desk/{played.election.slug}/trustee/submit/", body, content_type="application/json")
    assert "no closed urn" in refusal(answer)


def test_a_result_that_was_not_noted_is_noted_by_the_clock(closed: Opening, caplog: pytest.LogCaptureFixture) -> None:
    open_urns(closed.election, closed.played.trustees, 1)
    # As if the service had ended between the archive and the database.
    closed.election.urns.update(decrypted=False)
    closed.election.polls.filter(ballot=1).update(stage=Stage.CLOSED)
    Clockwork().tick()
    assert closed.election.polls.get(ballot=1).stage == Stage.DECRYPTED
    assert closed.election.urns.filter(ballot=1, decrypted=True).count() == 3
    assert caplog.text.count("was not noted, and is now") == 3


def test_a_rehearsal_that_fails_is_no_rehearsal(held: Held) -> None:
    played = held()
    Election.objects.filter(pk=played.election.pk).update(rehearsed=False)
    election = Election.objects.get(pk=played.election.pk)
    urn = rehearsal.begin(played.secretary.user, election)
    urn.expected = [number + 1 for number in urn.expected]
    urn.save()
    owner, part = partial(election, played.trustees[0], urn.uuid)
    rehearsal.take_partial(played.trustees[0].person.user, election, urn.uuid, owner, part)
    owner, part = partial(election, played.trustees[1], urn.uuid)
    with pytest.raises(ServiceError, match="is not the sum of the ballots"):
        rehearsal.take_partial(played.trustees[1].person.user, election, urn.uuid, owner, part)
    assert not Election.objects.get(pk=election.pk).rehearsed


def test_each_of_three_has_to_come(data: object, transactional_db: None) -> None:
    """Threshold = number: each holds a key alone; from the ceremony to the signed protocols."""
    pages = founded(3)
    election = pages[0].election
    secretary = secretary_of(election)
    assert (pages[0].state()["phase"], pages[0].state()["context"]) == ("single", None)
    assert refusal(pages[0].send("certificate", "{}"))
    assert refusal(pages[0].send("single", "{}"))
    for one in pages:
        one.step("single")
    assert "waits for another step" in refusal(pages[0].send("single", "{}"))
    keys = [TrusteeKey(one.person, one.seed) for one in pages]
    members = committee(election, secretary, [person(name) for name, _ in COMMITTEE])
    two_persons(election, secretary, members.chair.user, fixing.FIX.key, "All is right")
    codes, lists = authority(fixing.authority_file(secretary, election))
    fixing.take_lists(secretary, election, lists)
    rehearse(election, secretary, keys)
    election.refresh_from_db()
    assert election.rehearsed
    two_persons(election, secretary, members.chair.user, urn_making.MAKE.key, "All was rehearsed")
    played = Played(election, Person(SECRETARY, secretary, ""), members, keys, person("Observer"), codes)
    opened = Opening(played)
    for key in keys[:2]:
        for urn in election.urns.filter(ballot=1):
            owner, part = partial(opened.election, key, urn.uuid)
            assert opened.send(key, owner, part, urn.uuid).status_code == 200
    assert not Urn.objects.filter(decrypted=True).exists()
    state = pages[2].state()
    assert {(urn["needed"], urn["done"]) for urn in state["urns"] if not urn["rehearsal"]} == {(1, False)}
    open_urns(opened.election, [keys[2]], 1)
    assert opened.election.polls.get(ballot=1).stage == Stage.DECRYPTED
    results.draw(secretary, opened.election)
    assert sign_everything(opened.election, members) > 0
    assert results.missing_signatures(opened.election) == []
    assert {item.outcome.kind for item in results.counted(opened.election).contests} <= set(OutcomeKind)
