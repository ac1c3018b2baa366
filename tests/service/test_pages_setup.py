"""Setting an election up on the pages: what is wrong is named beside its field, and nothing is changed by it."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pypdf import PdfReader

from suffrage.service.demo import officials, society
from suffrage.service.models import Candidate, Election, LogEntry, Membership
from tests.service.pages import client_of, drafted

pytestmark = pytest.mark.django_db

HEAD = {
    "title": "Board of the Library",
    "slug": "library",
    "name": "A. Lind",
    "kind": "real",
    "law": "majority-two-ballots",
    "time_zone": "Europe/Kyiv",
    "language": "en",
    "threshold": "2",
}


def errors(response: Any, field: str = "") -> list[str]:
    """What stands beside a field of a form that was refused; of none: what stands above all."""
    assert response.status_code == 400
    form = response.context["form"]
    return list(form.errors[field]) if field else list(form.non_field_errors())


@pytest.fixture
def secretary(data: Path) -> officials.Person:
    return officials.person(officials.SECRETARY)


def test_begin(secretary: officials.Person) -> None:
    client = client_of(secretary)
    response = client.post(reverse("begin"), HEAD, follow=True)
    assert response.redirect_chain == [("/desk/library/", 302)]
    assert "Board of the Library has begun, and you are its secretary." in response.content.decode()
    election = Election.objects.get(slug="library")
    assert election.time_zone == "Europe/Kyiv"
    assert Membership.objects.get(election=election).name == "A. Lind"


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("slug", "Library!", "small letters a-z and digits"),
        ("slug", "", "This field is required."),
        ("title", " ", "This field is required."),
        ("law", "no-such-law", "Select a valid choice"),
        ("kind", "replay", "Select a valid choice"),
        ("time_zone", "Mars/Olympus", "Select a valid choice"),
        ("threshold", "0", "greater than or equal to 1"),
        ("language", "xx", "Select a valid choice"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(secretary: officials.Person, field: str, typed: str, said: str) -> None:
    response = client_of(secretary).post(reverse("begin"), {**HEAD, field: typed})
    assert said in errors(response, field)[0]
    assert f'href="#id_{field}' in response.content.decode()
    assert not Election.objects.exists()


def test_a_short_name_is_taken_once(secretary: officials.Person) -> None:
    client = client_of(secretary)
    client.post(reverse("begin"), HEAD)
    assert "belongs to another election" in errors(client.post(reverse("begin"), HEAD), "slug")[0]
    assert Election.objects.count() == 1


def law_file(text: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("law.toml", text, "application/toml")


def test_every_mistake_of_a_law_is_shown_with_its_line(secretary: officials.Person) -> None:
    text = society.LAW.encode() + b"\n[ballotx]\na = 1\n\n[turnout]\nat_least = 7\n"
    response = client_of(secretary).post(reverse("begin"), {**HEAD, "law_file": law_file(text)})
    said = errors(response, "law_file")
    assert all("law.toml, line " in line for line in said)
    assert any("ballotx" in line for line in said)
    assert not Election.objects.exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [(b"\xff\xfe\x00", "line 1: not UTF-8 text"), (b"title = ", "line 1"), (b" ", "an empty file")],
)
def test_a_file_that_is_no_law(secretary: officials.Person, text: bytes, said: str) -> None:
    response = client_of(secretary).post(reverse("begin"), {**HEAD, "law_file": law_file(text)})
    assert said in errors(response, "law_file")[0]


def test_the_societys_own_law_stays_where_only_the_title_changes(secretary: officials.Person) -> None:
    client = client_of(secretary)
    client.post(reverse("begin"), {**HEAD, "law_file": law_file(society.LAW.encode())})
    election = Election.objects.get()
    head = {**HEAD, "law": election.law, "title": "Another title"}
    assert client.post(reverse("setup-head", args=[election.slug]), head).status_code == 302
    election.refresh_from_db()
    assert (election.title, election.law_text) == ("Another title", society.LAW)


@pytest.mark.parametrize(
    ("opens", "closes", "field", "said"),
    [
        ("2027-03-28T03:30", "2027-03-28T20:00", "opens", "The clocks skip this hour"),
        ("2027-10-31T03:30", "2027-10-31T20:00", "opens", "twice"),
        ("tomorrow", "2027-03-01T20:00", "opens", "no date with a time"),
        ("9999-12-31T23:59", "2027-03-01T20:00", "opens", "no date with a time"),
        ("2027-03-01T20:00", "2027-03-01T08:00", "closes", "close before they open"),
        ("2027-03-01T20:00", "2029-03-01T08:00", "closes", "longer than a year"),
        ("2027-03-01T20:00", "", "closes", "required"),
    ],
)
def test_hours(secretary: officials.Person, opens: str, closes: str, field: str, said: str) -> None:
    client = client_of(secretary)
    client.post(reverse("begin"), HEAD)
    address = reverse("setup-hours", args=["library"])
    assert said in errors(client.post(address, {"opens": opens, "closes": closes}), field)[0]
    assert not Election.objects.get().polls.exists()


def test_hours_are_those_of_the_elections_clocks(secretary: officials.Person) -> None:
    client = client_of(secretary)
    client.post(reverse("begin"), HEAD)
    address = reverse("setup-hours", args=["library"])
    assert client.post(address, {"opens": "2027-06-01T08:00", "closes": "2027-06-01T20:00"}).status_code == 302
    poll = Election.objects.get().polls.get()
    assert poll.opens.isoformat() == "2027-06-01T05:00:00+00:00"
    assert 'value="2027-06-01T08:00"' in client.get(address).content.decode()


def test_places_contests_and_candidates(secretary: officials.Person) -> None:
    client = client_of(secretary)
    client.post(reverse("begin"), HEAD)
    election = Election.objects.get()

    def add(page: str, *more: object, **typed: object) -> Any:
        return client.post(reverse(page, args=[election.slug, *more]), typed)

    assert add("setup-place", name="The library", kind="society").status_code == 302
    assert "lies in nothing" in errors(add("setup-place", name="Another", kind=""), "name")[0]
    top = election.units.get()
    assert add("setup-place", name="North", parent=top.pk).status_code == 302
    assert "Select a valid choice" in errors(add("setup-place", name="South", parent=99_999), "parent")[0]
    assert "letters, digits" in errors(add("setup-place", name="South", parent=top.pk, slug="7"), "slug")[0]
    assert add("setup-contest", name="Chair", unit=top.pk, seats=1).status_code == 302
    assert "greater than or equal" in errors(add("setup-contest", name="Board", unit=top.pk, seats=0), "seats")[0]
    contest = election.contests.get()
    assert (
        add("setup-candidate", contest.pk, surname="ORLOVA", names="Anna", supporters="One\n\nTwo").status_code == 302
    )
    assert "without ;" in errors(add("setup-candidate", contest.pk, surname="ITO", supporters="a; b"), "supporters")[0]
    assert (
        "Enter a valid date"
        in errors(add("setup-candidate", contest.pk, surname="ITO", birth_date="31 June"), "birth_date")[0]
    )
    person = Candidate.objects.get()
    assert (person.number, person.supporters) == (1, "One\nTwo")
    refused = client.post(reverse("setup-remove", args=[election.slug, "contest", contest.pk]))
    assert refused.status_code == 400
    assert "is still needed" in refused.content.decode()
    assert client.post(reverse("setup-remove", args=[election.slug, "candidate", person.pk])).status_code == 302
    assert client.post(reverse("setup-remove", args=[election.slug, "contest", contest.pk])).status_code == 302
    assert client.post(reverse("setup-remove", args=[election.slug, "nothing", 1])).status_code == 404
    assert not election.contests.exists()


def test_the_preview_shows_every_paper_in_the_language_of_the_election(data: Path) -> None:
    election, secretary = drafted(language="ru")
    text = client_of(secretary).get(reverse("setup-papers", args=[election.slug])).content.decode()
    assert text.count("Оставьте фамилию ОДНОГО кандидата") == 3
    assert text.index("ORLOVA") < text.index("DUPONT") < text.index("KOVAL")


def test_a_contest_without_candidates_says_why_there_is_no_paper(data: Path) -> None:
    election, secretary = drafted()
    for person in Candidate.objects.filter(contest__slug="north-seat"):
        person.delete()
    client = client_of(secretary)
    assert "nobody stands in it" in client.get(reverse("setup-papers", args=[election.slug])).content.decode()
    assert (
        "Delegate of the North Bank: nobody stands in it."
        in client.get(reverse("setup", args=[election.slug])).content.decode()
    )


def test_nothing_of_another_election_can_be_removed(data: Path) -> None:
    one, secretary = drafted()
    other, _ = drafted(secretary=secretary, slug="other")
    person = Candidate.objects.filter(contest__election=other).first()
    assert person is not None
    address = reverse("setup-remove", args=[one.slug, "candidate", person.pk])
    assert client_of(secretary).post(address).status_code == 404
    assert Candidate.objects.filter(pk=person.pk).exists()


def test_the_clock_of_a_real_election_stays(data: Path) -> None:
    election, secretary = drafted(kind="real")
    before = LogEntry.objects.count()
    response = client_of(secretary).post(reverse("clock", args=[election.slug]), {"to": "opening"})
    assert response.status_code == 400
    assert "cannot be moved" in response.content.decode()
    assert LogEntry.objects.count() == before


def test_the_clock_of_a_demo_moves_to_the_opening(data: Path) -> None:
    election, secretary = drafted()
    client = client_of(secretary)
    assert client.post(reverse("clock", args=[election.slug]), {"to": "opening"}).status_code == 302
    election.refresh_from_db()
    assert 864_000 - 60 <= election.clock_offset <= 864_001
    for minutes in ("x", "--1", "9" * 40):
        assert client.post(reverse("clock", args=[election.slug]), {"minutes": minutes}).status_code == 400
    client.post(reverse("clock", args=[election.slug]), {"to": "now"})
    election.refresh_from_db()
    assert election.clock_offset == 0


def test_a_ballot_paper_is_printed_as_a_proof(data: Path) -> None:
    election, secretary = drafted()
    contest = election.contests.get(slug="chair")
    answer = client_of(secretary).get(reverse("ballot-paper", args=[election.slug, contest.pk]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    text = PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()
    assert all(person.surname in text for person in contest.candidates.all())
    assert "PROOF" in text
    assert client_of(secretary).get(reverse("ballot-paper", args=[election.slug, 10**6])).status_code == 404
