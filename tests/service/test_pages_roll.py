"""The roll on the pages: every line's fate is seen before anything is kept, and the file is gone afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from suffrage.roll import read_roll
from suffrage.service import uploads
from suffrage.service.demo import officials
from suffrage.service.models import Election
from tests.service.pages import client_of, drafted

pytestmark = pytest.mark.django_db

FILE = """номер;фио;эл. почта;округ
1;Иванова Мария;maria@example.org;North Bank
2;;nobody@example.org;North Bank
3;Петров Пётр;no address;South Bank

4;Сидоров Павел;pavel@example.org;East Bank
5;Ковальчук Олег;maria@example.org;south
""".encode("koi8-r")


def put(client: Client, election: Election, data: bytes, **more: str) -> str:
    """Upload a file; gives the address of its preview."""
    file = SimpleUploadedFile("roll.csv", data, "text/csv")
    response = client.post(reverse("roll-upload", args=[election.slug]), {"file": file, **more})
    assert response.status_code == 302, response.content.decode()
    return response["Location"]


def waiting(data: Path) -> list[Path]:
    folder = data / "uploads"
    return sorted(folder.iterdir()) if folder.exists() else []


@pytest.fixture
def draft(data: Path) -> tuple[Election, Client]:
    election, secretary = drafted()
    return election, client_of(secretary)


def test_every_line_has_a_fate_and_refused_ones_come_first(draft: tuple[Election, Client], data: Path) -> None:
    election, client = draft
    address = put(client, election, FILE)
    response = client.get(address)
    assert response.status_code == 200
    lines = response.context["lines"]
    assert [(line.fate.line, line.fate.kind.value) for line in lines] == [
        (3, "refused"), (4, "refused"), (6, "refused"), (7, "added"), (1, "header"), (2, "added"), (5, "blank"),
    ]  # fmt: skip
    text = response.content.decode()
    assert "3 lines will not be taken." in text
    assert "Иванова Мария" in text
    assert "the election has no such unit" in text
    assert "koi8-r" in text
    assert election.electors.count() == 50
    assert [path.stat().st_mode & 0o777 for path in waiting(data)] == [0o600]


def test_what_was_seen_is_kept_and_the_file_is_gone(draft: tuple[Election, Client], data: Path) -> None:
    election, client = draft
    response = client.post(put(client, election, FILE), follow=True)
    assert "Kept. 52 electors on the roll now." in response.content.decode()
    assert election.electors.get(number="5").unit.slug == "south"
    assert not waiting(data)
    gone = client.get(reverse("roll-preview", args=[election.slug]), follow=True)
    assert "There is no file to look at any more." in gone.content.decode()


def test_the_whole_roll_is_replaced_only_where_that_was_asked(draft: tuple[Election, Client]) -> None:
    election, client = draft
    address = put(client, election, FILE, anew="on")
    assert "The whole roll will be replaced." in client.get(address).content.decode()
    client.post(address)
    assert sorted(election.electors.values_list("number", flat=True)) == ["1", "5"]


def test_a_forgotten_file_changes_nothing(draft: tuple[Election, Client], data: Path) -> None:
    election, client = draft
    put(client, election, FILE)
    client.post(reverse("roll-discard", args=[election.slug]))
    assert not waiting(data)
    assert election.electors.count() == 50


def test_a_second_file_takes_the_place_of_the_first(draft: tuple[Election, Client], data: Path) -> None:
    election, client = draft
    put(client, election, FILE)
    put(client, election, FILE)
    assert len(waiting(data)) == 1


def test_what_the_file_shows_of_itself_is_overruled(draft: tuple[Election, Client]) -> None:
    election, client = draft
    address = put(client, election, FILE)
    response = client.get(f"{address}?encoding=cp866&delimiter=%3B&header=no")
    read = response.context["read"]
    assert (read.encoding, read.header) == ("cp866", False)
    response = client.get(f"{address}?c0=&c1=name&c2=&c3=unit")
    assert [column.field for column in response.context["read"].columns] == ["", "name", "", "unit"]
    query = response.context["options"]
    client.post(f"{address}?{query}")
    assert election.electors.get(name="Ковальчук Олег").email == ""


@pytest.mark.parametrize(
    "query",
    [
        "c0=name&c1=name",
        "c0=nonsense",
        "encoding=rot13",
        "delimiter=x",
        "page=9999",
        "page=x",
        "fate=nonsense",
        "fate=refused",
    ],
)
def test_no_query_breaks_the_page(draft: tuple[Election, Client], query: str) -> None:
    election, client = draft
    response = client.get(f"{put(client, election, FILE)}?{query}")
    assert response.status_code in (200, 400)
    assert "What becomes of every line" in response.content.decode()


def test_columns_that_make_no_sense_are_named_and_can_be_chosen_again(draft: tuple[Election, Client]) -> None:
    election, client = draft
    response = client.get(f"{put(client, election, FILE)}?c0=name&c1=name&c2=&c3=")
    assert response.status_code == 400
    text = response.content.decode()
    assert "two columns are the same field" in text
    assert 'name="c1"' in text


@pytest.mark.parametrize(
    ("data_", "said"),
    [(b"", "empty"), (b"PK\x03\x04 a workbook", "workbook"), (b"name\n", "takes nobody"), (None, "required")],
)
def test_what_is_no_roll_is_refused_in_words(
    draft: tuple[Election, Client], data: Path, data_: bytes | None, said: str
) -> None:
    election, client = draft
    form = {} if data_ is None else {"file": SimpleUploadedFile("roll.csv", data_)}
    response = client.post(reverse("roll-upload", args=[election.slug]), form)
    if response.status_code == 302:
        response = client.post(response["Location"])
    assert response.status_code == 400
    assert said in response.content.decode()
    assert election.electors.count() == 50


def test_another_official_has_no_part_in_a_file(draft: tuple[Election, Client]) -> None:
    election, client = draft
    put(client, election, FILE)
    other = officials.person("Another Secretary")
    election.memberships.create(user=other.user, role="secretary", name=other.name)
    response = client_of(other).get(reverse("roll-preview", args=[election.slug]))
    assert response.status_code == 302


def test_a_fixed_roll_is_not_changed(draft: tuple[Election, Client]) -> None:
    election, client = draft
    address = put(client, election, FILE)
    Election.objects.filter(pk=election.pk).update(frozen=True)
    response = client.post(address)
    assert response.status_code == 400
    assert "are fixed" in response.content.decode()
    assert election.electors.count() == 50


def test_the_list_is_searched_and_paged(data: Path) -> None:
    election, secretary = drafted(count=230)
    client = client_of(secretary)
    address = reverse("roll", args=[election.slug])
    first = client.get(address)
    assert (len(first.context["found"]), first.context["found"].paginator.num_pages) == (100, 3)
    one = election.electors.order_by("number")[150]
    found = client.get(address, {"q": one.number}).context["found"]
    assert one in found.object_list
    assert "Nobody." in client.get(address, {"q": "' OR 1=1 --"}).content.decode()


def test_the_download_reads_back_and_computes_nothing(draft: tuple[Election, Client]) -> None:
    election, client = draft
    election.electors.filter(pk=election.electors.first().pk).update(name="=HYPERLINK(1)")  # type: ignore[union-attr]
    response = client.get(reverse("roll-download", args=[election.slug]))
    assert response["Cache-Control"] == "no-store"
    assert "attachment" in response["Content-Disposition"]
    assert b'\n"=' not in response.content
    assert b"'=HYPERLINK(1)" in response.content
    units = {unit.slug: unit.name for unit in election.units.all()}
    assert "=HYPERLINK(1)" in {one.name for one in read_roll(response.content, units=units).electors}


def test_files_that_nobody_came_back_for_are_removed(data: Path) -> None:
    import os

    old = uploads.keep(b"old")
    os.utime(data / "uploads" / old, (0, 0))
    new = uploads.keep(b"new")
    assert uploads.found(old) is None
    assert uploads.found(new) == b"new"


@pytest.mark.parametrize("name", ["", "../db.sqlite3", "0" * 31, "0" * 33, "0" * 32])
def test_no_other_file_is_found(data: Path, name: str) -> None:
    (data / "db.sqlite3").write_bytes(b"secret")
    assert uploads.found(name) is None
    uploads.drop(name)
    assert (data / "db.sqlite3").exists()
