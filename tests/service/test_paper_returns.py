"""Returns from paper: two entries apart, a third who decides, one count with the urn, corrections by decision."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models import ProtectedError
from django.urls import reverse

from suffrage.audit import verify_bundle
from suffrage.count import OutcomeKind
from suffrage.count.folder import count_folder
from suffrage.election.folder import read_folder
from suffrage.errors import ServiceError
from suffrage.protocols.keys import fingerprint
from suffrage.protocols.publish import BUNDLE
from suffrage.service import desk, folders, log
from suffrage.service.acts import again, fixing, results, setup
from suffrage.service.acts.paper_corrections import CORRECT
from suffrage.service.acts.paper_returns import State, awaited, decide, enter, findings_of, in_force
from suffrage.service.clock import now
from suffrage.service.counting import follows
from suffrage.service.demo import officials
from suffrage.service.demo.officials import sign_everything
from suffrage.service.demo.way import Played
from suffrage.service.export import as_model, write_export
from suffrage.service.models import Decision, Election, LogEntry, PaperEntry, PaperReturn, Stage
from tests.service.pages import OFFICE, PUBLIC, client_of
from tests.service.paper_society import (
    GOOD,
    ONLINE,
    PAPER,
    SOUTH,
    VOTES,
    closed,
    confirmed,
    drafted,
    key,
    members,
    opened,
    published,
    ready,
    twice,
)
from tests.service.voting import over

pytestmark = pytest.mark.slow


@pytest.fixture
def paper(data: Path, transactional_db: None) -> Played:
    """An election on paper alone in which the poll is over."""
    played = ready(online=False)
    closed(played)
    return played


def test_everybody_on_paper(paper: Played) -> None:
    election = paper.election
    assert not election.urns.exists()
    assert election.polls.get().stage == Stage.DECRYPTED
    assert {item.unit.slug for item in awaited(election)} == {"north-1", "north-2", "south-1", "south-2"}
    assert all(item.outcome.kind is OutcomeKind.UNDECIDED for item in results.counted(election).contests)
    for unit in ("north-1", "north-2"):
        twice(paper, unit)
    for unit in ("south-1", "south-2"):
        twice(paper, unit, votes=SOUTH)
    counted = {item.contest.id: item for item in results.counted(election).contests}
    assert counted["north-seat"].outcome.elected == ("ito-sora",)
    assert counted["north-seat"].first.totals.votes == (6, 2)
    assert counted["south-seat"].outcome.elected == ("beaumont-luc",)
    assert verify_bundle(published(paper) / BUNDLE, fingerprint(election.root_key)).holds
    assert log.broken() == []
    secretary = client_of(paper.secretary)
    for name in (*OFFICE, *PUBLIC, "paper-returns"):
        assert secretary.get(reverse(name, args=[election.slug])).status_code == 200, name
    assert secretary.get(f"/e/{election.slug}/vote/").status_code < 500
    assert not [step for step in desk.steps(election, now(election)) if step.state is desk.State.NOW]


def test_two_persons_apart(paper: Played) -> None:
    election = paper.election
    first, second, _ = members(paper)
    where = key(election, "north-1")
    assert enter(paper.secretary.user, election, where, GOOD, VOTES) is State.ONCE
    with pytest.raises(ServiceError, match="two persons"):
        enter(paper.secretary.user, election, where, GOOD, VOTES)
    assert not in_force(election)
    with pytest.raises(ServiceError, match="third person"):
        decide(second, election, where, {})
    # What the first has typed stands nowhere that the second could read.
    said = [json.loads(entry.record) for entry in LogEntry.objects.filter(election=election)]
    assert not [one for one in said if "figures" in one["about"]]
    assert enter(first, election, where, GOOD, VOTES) is State.ACCEPTED
    made = PaperReturn.objects.get()
    assert (made.figures, made.votes, made.decided_by) == (GOOD, VOTES, None)
    about = json.loads(LogEntry.objects.latest("number").record)["about"]
    assert (about["figures"], about["sha256"]) == (GOOD, made.sha256)


def test_a_third_person_decides(paper: Played) -> None:
    election = paper.election
    first, second, third = members(paper)
    where = key(election, "north-1")
    enter(first, election, where, GOOD, VOTES)
    other = {**GOOD, "issued": 7}
    assert enter(second, election, where, other, {"ito-sora": 1, "martin-claire": 3}) is State.DIFFERS
    with pytest.raises(ServiceError, match="third person"):
        enter(third, election, where, GOOD, VOTES)
    chosen = {"issued": 6, "ito-sora": 3, "martin-claire": 1}
    for somebody in (first, second, paper.secretary.user, paper.observer.user):
        with pytest.raises(ServiceError):
            decide(somebody, election, where, chosen)
    with pytest.raises(ServiceError, match="what differs"):
        decide(third, election, where, {**chosen, "valid": 5})
    assert not PaperReturn.objects.exists()
    assert decide(third, election, where, chosen) is State.ACCEPTED
    made = PaperReturn.objects.get()
    assert (made.figures, made.votes, made.decided_by) == (GOOD, VOTES, third)
    assert list(PaperEntry.objects.values_list("place", flat=True)) == [1, 2, 3]


def test_what_is_refused(data: Path, transactional_db: None) -> None:
    played = ready(online=False)
    election = played.election
    first, _, _ = members(played)
    with pytest.raises(ServiceError, match="before the closing"):
        enter(first, election, key(election, "north-1"), GOOD, VOTES)
    closed(played)
    where = key(election, "north-1")
    with pytest.raises(ServiceError, match="not yours"):
        enter(played.observer.user, election, where, GOOD, VOTES)
    with pytest.raises(ServiceError, match="lacks votes"):
        enter(first, election, where, GOOD, {"ito-sora": 3})
    with pytest.raises(ServiceError, match="there are not"):
        enter(first, election, where, {**GOOD, "strangers": 1}, VOTES)
    with pytest.raises(ServiceError, match="is none"):
        enter(first, election, where, {**GOOD, "valid": -1}, VOTES)
    foreign = type(where)(where.contest, election.units.get(slug="south-1"))
    with pytest.raises(ServiceError, match="not awaited"):
        enter(first, election, foreign, GOOD, VOTES)
    assert not PaperEntry.objects.exists()


def test_figures_that_do_not_add_up_are_findings(paper: Played) -> None:
    election = paper.election
    wrong = {**GOOD, "valid": 9}
    twice(paper, "north-1", wrong)
    twice(paper, "north-2")
    assert in_force(election)[key(election, "north-1").contest.pk, key(election, "north-1").unit.pk].figures == wrong
    north = results.counted(election).contests[0]
    assert north.outcome.kind is OutcomeKind.UNDECIDED
    found = [finding for finding in north.first.findings if finding.unit == "north-1"]
    # What the page says of one return is what the count finds.
    said = findings_of(election, key(election, "north-1"), wrong, VOTES)
    assert said
    assert [(one.check, one.left, one.right, one.article) for one in said] == [
        (one.check, one.left, one.right, one.article) for one in found
    ]


def test_a_new_double_entry_before_anything_is_signed(paper: Played) -> None:
    election = paper.election
    first, second, _ = members(paper)
    where = key(election, "north-1")
    twice(paper, "north-1", {**GOOD, "valid": 9})
    with pytest.raises(ServiceError, match="why"):
        enter(first, election, where, GOOD, VOTES)
    assert enter(first, election, where, GOOD, VOTES, reason="A misread figure") is State.ONCE
    # Until the second entry the one before is in force.
    assert in_force(election)[where.contest.pk, where.unit.pk].figures["valid"] == 9
    assert enter(second, election, where, GOOD, VOTES) is State.ACCEPTED
    assert in_force(election)[where.contest.pk, where.unit.pk].figures == GOOD
    assert PaperReturn.objects.count() == 2
    for kept in (PaperReturn.objects.latest("id"), PaperEntry.objects.latest("id")):
        with pytest.raises(ProtectedError):
            kept.save()
        with pytest.raises(ProtectedError):
            kept.delete()
    twice(paper, "north-2")
    assert results.counted(election).contests[0].outcome.elected == ("ito-sora",)


def test_a_correction_after_signing_replaces_the_protocols(paper: Played) -> None:
    election = paper.election
    first, _, _ = members(paper)
    for unit in ("north-1", "north-2"):
        twice(paper, unit)
    for unit in ("south-1", "south-2"):
        twice(paper, unit, votes=SOUTH)
    correction = {"contest": "north-seat", "unit": "north-1", "ballot": 1, "what": "issued", "figure": 7}
    with pytest.raises(ServiceError, match="no signed protocol"):
        confirmed(paper, CORRECT.key, **correction)
    published(paper)
    before = results.protocols_of(election)
    assert before is not None
    with pytest.raises(ServiceError, match="signed"):
        enter(first, election, key(election, "north-1"), GOOD, VOTES, reason="A misread figure")
    # By the pages: one member proposes, another confirms.
    proposer, other, _ = (client_of(person) for person, _ in paper.committee.members.values())
    where = key(election, "north-1")
    query = "?unit=north-1&contest=north-seat&ballot=1"
    page = f"{reverse('paper-return', args=[election.slug, where.unit.pk])}{query}"
    assert b"Correct a figure" in proposer.get(page).content
    proposing = f"{reverse('propose', args=[election.slug, CORRECT.key])}{query}"
    assert proposer.get(proposing).status_code == 200
    assert proposer.post(proposing, {"what": "issued", "figure": "7", "reason": "The paper says 7"}).status_code == 302
    assert not Decision.objects.exists()
    proposal = election.proposals.get(act=CORRECT.key, confirmed_by=None)
    assert other.post(reverse("confirm", args=[election.slug, proposal.pk])).status_code == 302
    assert Decision.objects.get().figure == 7
    assert b"The paper says 7" in proposer.get(page).content
    assert election.polls.get().stage == Stage.DECRYPTED
    after = results.draw(paper.secretary.user, election)
    changed = [one for one, protocol in after.in_force.items() if before.in_force[one].sha256 != protocol.sha256]
    assert {one.unit for one in changed} >= {"north-1", "north"}
    assert not [one for one in changed if one.unit.startswith("south")]
    for one in changed:
        assert before.in_force[one].sha256 in after.in_force[one].text.decode()
    assert verify_bundle(published(paper) / BUNDLE, fingerprint(election.root_key)).holds


def test_a_second_ballot_on_paper(paper: Played) -> None:
    election = paper.election
    first, _, _ = members(paper)
    for unit in ("north-1", "north-2"):
        twice(paper, unit)
    for unit, votes in (("south-1", (2, 1, 1)), ("south-2", (1, 2, 1))):
        twice(paper, unit, votes=dict(zip(SOUTH, votes, strict=True)))
    published(paper)
    at = now(election)
    again.call_second_ballot(first, election, at - timedelta(minutes=1), at + timedelta(days=1))
    assert {item.unit.slug for item in awaited(election, 2)} == {"south-1", "south-2"}
    assert follows(election) == []
    over(paper, 2)
    election.refresh_from_db()
    where = replace(key(election, "south-1"), ballot=2)
    with pytest.raises(ServiceError, match="there are not"):
        enter(first, election, where, GOOD, SOUTH)
    for unit in ("south-1", "south-2"):
        where = replace(key(election, unit), ballot=2)
        for person in members(paper)[:2]:
            enter(person, election, where, GOOD, {"beaumont-luc": 3, "sidorov-pavel": 1})
    south = results.counted(election).contests[1]
    assert south.outcome.elected == ("beaumont-luc",)
    assert verify_bundle(published(paper) / BUNDLE, fingerprint(election.root_key)).holds


@pytest.fixture
def mixed(data: Path, transactional_db: None) -> Played:
    """Paper and urn in one contest: the urn is opened, the returns are still out."""
    return opened()


def test_paper_beside_the_urn_in_one_count(mixed: Played, tmp_path: Path) -> None:
    election = mixed.election
    assert election.polls.get().stage == Stage.DECRYPTED
    north = results.counted(election).contests[0]
    assert list(north.first.missing) == ["north-1", "north-2"]
    # The district's protocol waits for its precincts; it is signed, and replaced as they come in.
    results.draw(mixed.secretary.user, election)
    sign_everything(election, mixed.committee)
    for unit in ("north-1", "north-2"):
        twice(mixed, unit)
    for unit in ("south-1", "south-2"):
        twice(mixed, unit, votes=SOUTH)
    north = results.counted(election).contests[0]
    assert not north.first.missing
    assert north.first.totals.figures["registered"] == ONLINE + 2 * PAPER
    assert tuple(north.first.totals.votes) == (7 + 6, 7 + 2)
    assert north.outcome.elected == ("ito-sora",)
    folder = write_export(election)
    assert read_folder(folder) == as_model(election)
    with (folder / "urns.csv").open() as file:
        assert [row["unit"] for row in csv.DictReader(file)] == ["north-bank-online"]
    export = tmp_path / "exported"
    shutil.copytree(folder, export)
    store = results.draw(mixed.secretary.user, election)
    done = subprocess.run(
        [sys.executable, "-c", "from suffrage.cli import main; main()", "protocols", "draw", str(export)],
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    again = (export / "protocols" / "protocols.jsonl").read_bytes()
    assert again == b"".join(protocol.text + b"\n" for protocol in store.in_force.values())
    by_hand = count_folder(export)
    assert [item.outcome for item in by_hand.contests] == [item.outcome for item in results.counted(election).contests]
    assert verify_bundle(published(mixed) / BUNDLE, fingerprint(election.root_key)).holds
    assert folders.published(election.slug).exists()


def test_several_places_online_are_reported_together(data: Path, transactional_db: None) -> None:
    secretary = officials.person(officials.SECRETARY)
    election = drafted(secretary)
    setup.add_unit(secretary.user, election, "North Bank, abroad", "online", election.units.get(slug="north"))
    made = as_model(election)
    unit = next(one for one in made.units if one.id == "north-online")
    assert (unit.parent, unit.kind) == ("north", "online")
    assert {one.id for one in made.units if one.parent == "north-online"} == {"north-bank-online", "north-bank-abroad"}
    assert {one.id: one.registered for one in made.units if one.registered} == dict.fromkeys(
        ("north-1", "north-2", "south-1", "south-2"), PAPER
    )


def test_what_does_not_go_together(data: Path, transactional_db: None) -> None:
    secretary = officials.person(officials.SECRETARY)
    election = drafted(secretary)
    assert fixing.lacks(election) == []
    with pytest.raises(ServiceError, match="on paper"):
        setup.add_unit(secretary.user, election, "Cellar", "", election.units.get(slug="north-1"))
    setup.add_unit(secretary.user, election, "South Bank, online", "online", election.units.get(slug="south"))
    assert any("take the place out" in line for line in fixing.lacks(election))
    chair = setup.add_contest(secretary.user, election, "Chair", election.units.get(slug="society"))
    setup.add_candidate(secretary.user, chair, "ORLOVA", "Anna")
    assert any("several levels" in line for line in fixing.lacks(Election.objects.get(pk=election.pk)))
