"""The poll and its results on the pages: two persons, the clock, the sentences of the count, what follows."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from suffrage.cli import main
from suffrage.service import clock
from suffrage.service.acts import results
from suffrage.service.demo import officials
from suffrage.service.demo.officials import open_urns, sign_everything
from suffrage.service.demo.way import Played
from suffrage.service.desk import State, steps, unsigned
from suffrage.service.forms.again import proposed_hours
from suffrage.service.models import Election, LogEntry, Poll
from tests.service.pages import client_of, drafted
from tests.service.test_whole_way import vote
from tests.service.voting import Booth, over

NEEDS_DATABASE = pytest.mark.django_db


def states(election: Election) -> dict[str, State]:
    return {step.title: step.state for step in steps(election, clock.now(election))}


@NEEDS_DATABASE
def test_the_desk_says_what_is_next_and_what_is_late(data: Path) -> None:
    election, secretary = drafted()
    found = states(election)
    assert found["Put the electors on the roll"] is State.DONE
    assert found["Bring the committee together"] is State.NOW
    assert found["Make the urns"] is State.WAITING
    late = steps(election, election.polls.get().opens)
    assert {step.title: step.state for step in late}["Make the urns"] is State.LATE
    page = client_of(secretary).get(reverse("desk-election", args=[election.slug]))
    assert next(step.title for _, step in page.context["open"]) == "Bring the committee together"
    assert f"Done: 3 of {len(found)} steps" in page.content.decode()
    shown = [*page.context["open"], *page.context["waiting"], *page.context["done"]]
    assert sorted(number for number, _ in shown) == list(range(1, len(found) + 1))
    assert next(entry.title for entry in page.context["terms"]) == "Complaints decided"


@NEEDS_DATABASE
def test_the_desk_names_one_protocol_and_counts_several(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    election, _ = drafted()
    said = ["Protocol of the central committee, first ballot: 1 signature of 2 needed (the committee has 3 members)"]
    monkeypatch.setattr(results, "missing_signatures", lambda election: said)
    assert unsigned(election) == said
    said.append("Protocol of the district committee: North, first ballot: the roster has no committee for it")
    assert unsigned(election) == ["2 protocols lack signatures."]


@NEEDS_DATABASE
def test_fixing_takes_two_persons(data: Path) -> None:
    election, secretary = drafted()
    client = client_of(secretary)
    other = officials.person("Second Person")
    election.memberships.create(user=other.user, role="committee", name=other.name, office="member")
    address = reverse("propose", args=[election.slug, "fix"])
    refused = client.post(address, {"reason": " "})
    assert (refused.status_code, "required" in refused.content.decode()) == (400, True)
    assert client.post(address, {"reason": "All was read"}).status_code == 302
    assert "has been proposed already" in client.post(address, {"reason": "Again"}).content.decode()
    proposal = election.proposals.get()
    confirm = reverse("confirm", args=[election.slug, proposal.pk])
    assert "takes two persons" in client.post(confirm).content.decode()
    assert not Election.objects.get().frozen
    assert (
        "Confirm: Fix the roll" in client_of(other).get(reverse("desk-election", args=[election.slug])).content.decode()
    )
    assert client_of(other).post(confirm).status_code == 302
    assert Election.objects.get().frozen


@NEEDS_DATABASE
def test_a_proposal_of_another_election_is_not_confirmed_here(data: Path) -> None:
    one, secretary = drafted()
    other, _ = drafted(secretary=secretary, slug="other")
    client = client_of(secretary)
    client.post(reverse("propose", args=[other.slug, "fix"]), {"reason": "Read"})
    address = reverse("withdraw", args=[one.slug, other.proposals.get().pk])
    assert client.post(address).status_code == 404
    assert other.proposals.get().is_open


@NEEDS_DATABASE
def test_what_lacks_is_said_and_nothing_is_proposed(data: Path) -> None:
    election, secretary = drafted(count=10)
    response = client_of(secretary).post(reverse("propose", args=[election.slug, "fix"]), {"reason": "Read"})
    assert response.status_code == 400
    assert "an urn needs at least 20" in response.content.decode()
    assert not election.proposals.exists()


@NEEDS_DATABASE
@pytest.mark.parametrize("lists", [b"", b"{}", b"[1]", b"\xff", b'{"format": "suffrage-credentials/1"}'])
def test_lists_that_are_none_are_refused_in_words(data: Path, lists: bytes) -> None:
    election, secretary = drafted()
    Election.objects.update(frozen=True)
    file = SimpleUploadedFile("public.json", lists)
    response = client_of(secretary).post(reverse("codes", args=[election.slug]), {"file": file})
    assert response.status_code == 400
    assert response.context["form"].errors


@NEEDS_DATABASE
def test_the_roll_is_not_handed_over_before_it_is_fixed(data: Path) -> None:
    election, secretary = drafted()
    before = LogEntry.objects.count()
    client = client_of(secretary)
    assert client.post(reverse("authority", args=[election.slug])).status_code == 400
    assert client.get(reverse("authority", args=[election.slug])).status_code == 405
    assert LogEntry.objects.count() == before


@NEEDS_DATABASE
def test_a_draft_is_seen_by_its_officials_alone(data: Path) -> None:
    election, secretary = drafted()
    address = reverse("public", args=[election.slug])
    assert Client().get(address).status_code == 404
    assert Client().get(reverse("law", args=[election.slug])).status_code == 404
    assert client_of(secretary).get(address).status_code == 200
    assert election.title not in Client().get("/").content.decode()


@NEEDS_DATABASE
@pytest.mark.parametrize(
    ("query", "accepts", "language"),
    [
        ("", "", "ru"),
        ("", "fr-CH, en;q=0.5", "fr"),
        ("", "de, uk;q=0.5", "ru"),
        ("?lang=en", "fr", "en"),
        ("?lang=xx", "fr", "fr"),
        ("?lang=../en", "\x00" * 50, "ru"),
    ],
)
def test_the_public_page_is_in_the_readers_language(data: Path, query: str, accepts: str, language: str) -> None:
    election, _ = drafted(language="ru")
    Election.objects.update(frozen=True)
    response = Client().get(f"{reverse('public', args=[election.slug])}{query}", headers={"Accept-Language": accepts})
    assert f'<html lang="{language}">' in response.content.decode()
    assert "Accept-Language" in response["Vary"]


def poll_of(opens: str, closes: str, zone: str) -> Poll:
    election = Election(slug="x", title="x", kind="real", time_zone=zone)
    return Poll(election=election, opens=datetime.fromisoformat(opens), closes=datetime.fromisoformat(closes))


@pytest.mark.parametrize(
    ("last", "now", "opens", "closes"),
    [
        # The same hours by the clocks of the place, though they were moved in between.
        (date(2027, 3, 30), "2027-03-17T00:00+00:00", "2027-03-30T08:00", "2027-03-30T20:00"),
        (None, "2027-03-17T00:00+00:00", "2027-03-31T08:00", "2027-03-31T20:00"),
    ],
)
def test_hours_are_proposed_within_the_days_of_the_law(last: date | None, now: str, opens: str, closes: str) -> None:
    zone = ZoneInfo("Europe/Kyiv")
    before = poll_of("2027-03-14T06:00+00:00", "2027-03-14T18:00+00:00", "Europe/Kyiv")
    found = proposed_hours(before, last, datetime.fromisoformat(now))
    assert [moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M") for moment in found] == [opens, closes]


def test_a_poll_until_midnight_is_proposed_for_the_last_day_and_no_longer() -> None:
    before = poll_of("2027-03-14T06:00+00:00", "2027-03-15T00:00+00:00", "UTC")
    _, closes = proposed_hours(before, date(2027, 3, 28), datetime(2027, 3, 16, tzinfo=UTC))
    assert closes == datetime(2027, 3, 29, tzinfo=UTC)


@pytest.mark.slow
def test_an_extension_by_two_persons(held: Callable[..., Played]) -> None:
    played = held()
    election = played.election
    secretary, chair = client_of(played.secretary), client_of(played.committee.chair)
    address = f"{reverse('propose', args=[election.slug, 'extend'])}?ballot=1"
    poll = election.polls.get()
    for typed, said in (("", "required"), ("never", "no date"), (f"{poll.closes:%Y-%m-%dT%H:%M}", "is no extension")):
        response = secretary.post(address, {"closes": typed, "reason": "The server was away"})
        assert response.status_code == 400
        assert said in response.context["form"].errors["closes"][0]
    later = poll.closes + timedelta(hours=2)
    sent = {"closes": f"{later:%Y-%m-%dT%H:%M}", "reason": "The server was away"}
    assert secretary.post(address, sent).status_code == 302
    chair.post(reverse("confirm", args=[election.slug, election.proposals.latest("id").pk]))
    assert election.polls.get().closes == later.replace(second=0, microsecond=0)
    page = Client().get(reverse("public", args=[election.slug])).content.decode()
    assert "The poll was extended" in page
    assert "The server was away" in page


@pytest.mark.slow
def test_few_ballots_wait_for_a_decision(held: Callable[..., Played]) -> None:
    played = held()
    booth = Booth(played)
    urn = booth.urn()
    assert booth.cast(urn, booth.seal(urn, booth.electors(urn)[0])).status_code == 200
    over(played)
    page = client_of(played.secretary).get(reverse("poll", args=[played.election.slug])).content.decode()
    assert page.count("This urn has fewer than 10 ballots.") == 3
    address = reverse("propose", args=[played.election.slug, "open-few"])
    for uuid in ("", "nonsense"):
        refused = client_of(played.secretary).post(f"{address}?urn={uuid}", {"reason": "The law asks for it"})
        assert (refused.status_code, "waits for no such decision" in refused.content.decode()) == (400, True)
    client_of(played.secretary).post(f"{address}?urn={urn.uuid}", {"reason": "The law asks for it"})
    proposal = played.election.proposals.latest("id")
    client_of(played.committee.chair).post(reverse("confirm", args=[played.election.slug, proposal.pk]))
    page = client_of(played.observer).get(reverse("poll", args=[played.election.slug])).content.decode()
    assert page.count("This urn has fewer than 10 ballots.") == 2
    assert "Propose to open it" not in page


@pytest.mark.slow
def test_from_the_results_to_the_second_ballot(held: Callable[..., Played]) -> None:
    played = held(100)
    election, office, chair = played.election, client_of(played.secretary), client_of(played.committee.chair)
    address = reverse("results", args=[election.slug])
    vote(played)
    over(played)
    assert "There are none yet" in office.get(address).content.decode()
    open_urns(election, played.trustees, 1)
    page = office.get(address).content.decode()
    assert "More than half of the 74 valid ballots is 38. ORLOVA Anna has 27: 11 short (article 104)." in page
    assert "No protocols are drawn yet." in page
    assert office.post(reverse("draw", args=[election.slug])).status_code == 302
    page = office.get(address).content.decode()
    assert "0 signatures of 2 needed" in page
    assert "4 of 4 protocols still lack signatures." in page
    assert (
        "Protocol of the district committee: Chair of the society, Riverside Society, first ballot: the paper" in page
    )
    refused = office.post(reverse("prepare", args=[election.slug]))
    assert (refused.status_code, "0 signatures of 2 needed" in refused.content.decode()) == (400, True)
    assert office.post(reverse("publish", args=[election.slug])).status_code == 400
    sign_everything(election, played.committee)
    assert office.post(reverse("prepare", args=[election.slug])).status_code == 302
    page = office.get(address).content.decode()
    assert "The chair has to sign the manifest." in page
    assert "Prepare the publication again" in page
    sign_everything(election, played.committee)
    assert office.post(reverse("publish", args=[election.slug])).status_code == 302
    assert not results.missing_signatures(election)
    second = reverse("second-ballot", args=[election.slug])
    form = chair.get(second).context["form"]
    last = clock.now(election) + timedelta(days=20)
    late = {"opens": f"{last:%Y-%m-%dT%H:%M}", "closes": f"{last + timedelta(hours=1):%Y-%m-%dT%H:%M}"}
    assert "later than the law allows" in chair.post(second, late).context["form"].errors["closes"][0]
    proposed = {name: f"{form[name].value():%Y-%m-%dT%H:%M}" for name in ("opens", "closes")}
    assert chair.post(second, proposed).status_code == 302
    assert election.polls.get(ballot=2).stage == "ready"
    assert "was called already" in chair.get(second).content.decode()
    anew = chair.post(reverse("new-election", args=[election.slug]), {**proposed, "contests": []})
    assert anew.status_code == 400
    assert "required" in anew.context["form"].errors["contests"][0]
    again = chair.post(reverse("new-election", args=[election.slug]), {**proposed, "contests": ["chair"]})
    assert "Select a valid choice" in again.context["form"].errors["contests"][0]


@NEEDS_DATABASE
def test_the_commands_that_the_pages_name_are_there(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    election, secretary = drafted()
    Election.objects.update(frozen=True)
    codes = client_of(secretary).get(reverse("codes", args=[election.slug])).content.decode()
    public = Client().get(reverse("public", args=[election.slug])).content.decode()
    named = re.findall(r"<pre>suffrage ([^<]+)</pre>", codes + public)
    assert [command.split()[0] for command in named] == ["authority", "monitor"]
    for command in named:
        words = command.split()
        main([*(words[:2] if words[0] == "authority" else words[:1]), "--help"])
        assert "Usage: " in capsys.readouterr().out
