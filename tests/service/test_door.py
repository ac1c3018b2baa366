"""The door of the booth: whose code it is, and the second factor; whoever has no code learns nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from suffrage import _core
from suffrage.service import door, limits
from suffrage.service.demo.way import Played
from suffrage.service.models import DoorCode, Election, Elector, Mail
from suffrage.service.urns.hall import hall
from tests.service.voting import Booth, error, said

pytestmark = pytest.mark.slow


@pytest.fixture
def booth(held: Callable[..., Played]) -> Booth:
    return Booth(held())


@pytest.fixture
def strict(held: Callable[..., Played]) -> Booth:
    """An election that asks for a one-time code."""
    return Booth(held(second_factor=True))


def code_of(number: str) -> str:
    """The one-time code that was mailed last to an elector."""
    mail = Mail.objects.filter(purpose="factor", elector__number=number).latest("id")
    return next(word.strip(".") for word in mail.body.split() if word.strip(".").isdigit() and len(word) >= 6)


def later(number: str, seconds: float) -> None:
    """Let time go by for the one-time code of an elector."""
    code = DoorCode.objects.get(elector__number=number)
    code.expires -= timedelta(seconds=seconds)
    code.save()


def test_a_code_opens_the_urns_on_whose_lists_it_stands(booth: Booth) -> None:
    chair, north, south = booth.urn(), booth.urn("north-seat"), booth.urn("south-seat")
    elector = booth.electors(north)[0]
    found = said(booth.door(booth.credentials(elector, chair, north, south)))
    assert set(found["urns"]) == {chair.uuid, north.uuid}
    assert (found["voted"], found["factor"]) == ([], None)


def test_a_code_that_nobody_has(booth: Booth) -> None:
    urn = booth.urn()
    wrong = {urn.uuid: _core.public_credential(urn.uuid, _core.new_code())}
    assert error(booth.door(wrong)) == (404, "unknown-code")
    assert error(booth.factor(wrong, "000000")) == (404, "unknown-code")
    # Nor under another urn's name than its own.
    mine = booth.credentials("0001", urn)
    assert error(booth.door({booth.urn("north-seat").uuid: mine[urn.uuid]})) == (404, "unknown-code")
    assert error(booth.door({"nothing": mine[urn.uuid]})) == (404, "unknown-code")


def test_credentials_of_two_electors_are_nobodys(booth: Booth) -> None:
    chair, north = booth.urn(), booth.urn("north-seat")
    one, two = booth.electors(north)[:2]
    mixed = {**booth.credentials(one, chair), **booth.credentials(two, north)}
    assert error(booth.door(mixed)) == (404, "unknown-code")


def test_a_code_of_another_election(booth: Booth) -> None:
    Election.objects.create(slug="other", title="Other", kind="demo", law="ussr-1937", frozen=True)
    answer = booth.client.post(
        "/e/other/door/", {"credentials": booth.credentials("0001")}, content_type="application/json"
    )
    assert error(answer) == (404, "unknown-code")


def test_what_is_no_question_at_the_door(booth: Booth) -> None:
    urn = booth.urn()
    public = booth.credentials("0001")[urn.uuid]
    for body in (
        "", "{", "null", "[]", "{}", '{"credentials":[]}', '{"credentials":{}}', '{"credentials":null}',
        '{"credentials":{"x":1}}', f'{{"credentials":{{"{urn.uuid}":"{public[:-1]}"}}}}',
        f'{{"credentials":{{"{urn.uuid}":"{public.upper()}"}}}}', "[" * 100_000, b"\xff\xfe",
        f'{{"credentials":{{"\\ud800":"{public}"}}}}', f'{{"credentials":{{"{urn.uuid}":"{"é" * 64}"}}}}',
        f'{{"credentials":{{"{"x" * 41}":"{public}"}}}}', f'{{"credentials":{{"\\u0000":"{public}"}}}}',
        '{"credentials":{"\\ud800":"' + "0" * 64 + '"}}',
    ):  # fmt: skip
        for path in ("door/", "door/factor/"):
            assert error(booth.post(path, body)) == (400, "malformed"), (path, body[:60])
    many = {f"urn{number}": public for number in range(2001)}
    assert error(booth.door(many)) == (400, "malformed")
    assert error(booth.post("door/", b" " * ((1 << 20) + 1))) == (413, "malformed")


def test_many_wrong_codes_from_one_address_have_to_wait(booth: Booth) -> None:
    urn = booth.urn()
    wrong = {urn.uuid: "0" * 64}
    answers = [error(booth.door(wrong)) for _ in range(32)]
    assert answers == [(404, "unknown-code")] * 30 + [(429, "too-many")] * 2
    # Who has a right code behind the same address comes in; and who comes from another address may mistype.
    assert booth.door(booth.credentials("0001")).status_code == 200
    elsewhere = Booth(booth.played, Client(REMOTE_ADDR="192.0.2.7"))
    assert error(elsewhere.door(wrong)) == (404, "unknown-code")


def test_a_limit_outlives_a_crowd(data: object) -> None:
    # What is counted of one address is not pushed out by what is counted of thousands of others.
    for _ in range(5):
        limits.too_many("wrong code", "192.0.2.1", 5, 60)
    for number in range(5000):
        limits.too_many("cast", f"urn|{number}", 20, 60)
    assert limits.too_many("wrong code", "192.0.2.1", 5, 60)


def test_the_address_is_the_one_that_the_proxy_saw(booth: Booth, settings: object) -> None:
    settings.BEHIND_PROXY = True  # type: ignore[attr-defined]
    wrong = {booth.urn().uuid: "0" * 64}
    for number in range(31):
        # What a client writes itself into the header does not count.
        answer = booth.post("door/", {"credentials": wrong}, **{"X-Forwarded-For": f"10.0.0.{number}, 192.0.2.9"})
    assert error(answer) == (429, "too-many")


def test_the_door_tells_who_has_voted_to_the_holder_of_the_code_alone(booth: Booth) -> None:
    urn = booth.urn()
    booth.cast(urn, booth.seal(urn, "0001"))
    stranger, elector = _core.public_credential(urn.uuid, _core.new_code()), booth.credentials("0001")[urn.uuid]
    answers = []
    for other in ("0001", "0002"):  # one who has voted, one who has not
        mixed = {urn.uuid: stranger, booth.urn("north-seat").uuid: booth.credentials(other)[urn.uuid]}
        answers.append(booth.door(mixed))
    assert {(answer.status_code, answer.content) for answer in answers} == {(404, answers[0].content)}
    assert said(booth.door({urn.uuid: elector}))["voted"] == [urn.uuid]
    # The archive says the same to everybody: which credentials have a ballot, and no name.
    hall.leave_all()
    archive = booth.archive(urn).read_bytes()
    assert f'"credential":"{elector}"'.encode() in archive
    assert Elector.objects.get(number="0001").name.encode() not in archive


def test_the_second_factor(strict: Booth, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    urn = strict.urn()
    mine = strict.credentials("0001", urn)
    ballot = strict.seal(urn, "0001")
    assert error(strict.cast(urn, ballot)) == (403, "factor-needed")
    assert error(strict.cast(urn, ballot, **{"X-Door-Token": "made up"})) == (403, "factor-needed")
    assert said(strict.door(mine))["factor"] == {"sent_to": "m…@riverside.example"}
    code = code_of("0001")
    # Who loads the page again goes on with the code that was mailed a moment ago.
    assert said(strict.door(mine))["factor"] == {"sent_to": "m…@riverside.example"}
    assert Mail.objects.filter(purpose="factor").count() == 1
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    assert [said(strict.factor(mine, wrong))["left"] for _ in range(2)] == [4, 3]
    token = said(strict.factor(mine, code))["token"]
    # It is used up by being right.
    assert (error(strict.factor(mine, code)), said(strict.factor(mine, code))["left"]) == ((403, "wrong-factor"), 0)
    receipt = strict.cast(urn, ballot, **{"X-Door-Token": token})
    assert receipt.status_code == 200
    # It lets in these credentials alone: not another elector, not another urn.
    assert error(strict.cast(urn, strict.seal(urn, "0002"), **{"X-Door-Token": token})) == (403, "factor-needed")
    north = strict.urn("north-seat")
    elector = strict.electors(north)[0]
    other = strict.cast(north, strict.seal(north, elector), **{"X-Door-Token": token})
    assert error(other) == (403, "factor-needed")
    assert code not in caplog.text
    assert token not in caplog.text
    assert mine[urn.uuid] not in token


def test_a_public_credential_alone_sends_no_mail(strict: Booth) -> None:
    urn = strict.urn()
    mine, other = strict.credentials("0001", urn), strict.credentials("0002", urn)
    right = strict.proof(mine)
    another = _core.code_signature(urn.uuid, strict.played.codes["0002"], right["nonce"].encode())
    changed = ({"nonce": right["nonce"] + "x"}, {"uuid": "nothing"}, {"signature": another}, {"signature": "{}"})
    wrong: list[object] = [{}, None, [], strict.proof(other), *({**right, **change} for change in changed)]
    for proof in wrong:
        assert error(strict.door(mine, proof=proof)) == (400, "malformed")
    assert not Mail.objects.filter(purpose="factor").exists()
    assert strict.door(mine, proof=right).status_code == 200


def test_a_code_of_one_elector_is_not_anothers(strict: Booth) -> None:
    one, two = strict.credentials("0001"), strict.credentials("0002")
    strict.door(one)
    strict.door(two)
    assert error(strict.factor(two, code_of("0001"))) == (403, "wrong-factor")
    assert strict.factor(two, code_of("0002")).status_code == 200


def test_a_code_that_is_too_old_or_was_tried_too_often(strict: Booth) -> None:
    mine = strict.credentials("0001")
    strict.door(mine)
    code = code_of("0001")
    later("0001", 601)
    assert error(strict.factor(mine, code)) == (403, "wrong-factor")
    assert strict.door(mine).status_code == 200
    code = code_of("0001")
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    assert [said(strict.factor(mine, wrong))["left"] for _ in range(6)] == [4, 3, 2, 1, 0, 0]
    assert error(strict.factor(mine, code)) == (403, "wrong-factor")
    assert error(strict.door(mine)) == (429, "too-many")


def test_a_code_is_sent_again_after_a_while_and_not_for_ever(strict: Booth) -> None:
    mine = strict.credentials("0001")
    assert strict.door(mine).status_code == 200
    first = code_of("0001")
    for _ in range(9):
        later("0001", 46)
        assert strict.door(mine).status_code == 200
    # Somebody with a voting code alone can neither try all codes nor fill a mailbox, whenever the service was started.
    later("0001", 46)
    cache.clear()
    assert error(strict.door(mine)) == (429, "too-many")
    assert Mail.objects.filter(purpose="factor").count() == 10
    assert strict.door(strict.credentials("0002")).status_code == 200
    last = code_of("0001")
    if first != last:
        assert error(strict.factor(mine, first)) == (403, "wrong-factor")
    assert strict.factor(mine, last).status_code == 200


def test_strange_one_time_codes(strict: Booth) -> None:
    mine = strict.credentials("0001")
    strict.door(mine)
    codes: tuple[object, ...] = (None, 5, 1e400, [], {}, True, "", "é", "0" * 10_000, "\x00")
    for code in codes:
        assert error(strict.factor(mine, code))[0] in (400, 403)
    body = f'{{"credentials":{{"{strict.urn().uuid}":"{mine[strict.urn().uuid]}"}},"code":"\\ud800"}}'
    assert error(strict.post("door/factor/", body)) == (400, "malformed")


def test_a_token_ends(strict: Booth, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = strict.credentials("0001")
    [(uuid, public)] = mine.items()
    token = door.token(mine)
    assert door.lets_in(token, uuid, public)
    monkeypatch.setattr(door, "TOKEN_SECONDS", -1)
    assert not door.lets_in(token, uuid, public)


def test_the_code_is_kept_as_a_keyed_hash_alone(strict: Booth) -> None:
    strict.door(strict.credentials("0001"))
    kept = DoorCode.objects.get()
    code = code_of("0001")
    assert code not in (kept.digest, str(kept.expires))
    assert len(kept.digest) == 64
    assert kept.expires - datetime.now(UTC) <= timedelta(minutes=10)
    assert code not in repr(cache.__dict__)
