"""Parcels in the service: printed in the background, the same as from the export, seen by those alone who may."""

from __future__ import annotations

import io
import json
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from suffrage.cli.parcel import parcel
from suffrage.errors import ServiceError
from suffrage.service import folders, log
from suffrage.service.acts import jobs, parcels
from suffrage.service.demo import officials
from suffrage.service.demo.way import Played
from suffrage.service.export import write_export
from suffrage.service.models import Election, JobState, LogEntry
from tests.service.pages import client_of
from tests.service.paper_society import drafted, ready

pytestmark = pytest.mark.slow

PLACES = ("north-1", "north-2", "south-1", "south-2")


def printed(played: Played) -> Client:
    """The secretary, who has had the parcels printed."""
    election, secretary = played.election, client_of(played.secretary)
    assert secretary.post(reverse("parcels-print", args=[election.slug])).status_code == 302
    job = jobs.last(election, parcels.PRINT)
    assert job is not None
    assert (job.state, job.said) == (JobState.DONE, "4 parcels printed.")
    return secretary


def body(client: Client, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def whole(election: Election, client: Client) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(body(client, reverse("parcels-together", args=[election.slug])))) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


def test_parcels_are_those_that_the_command_makes_of_the_export(data: Path, transactional_db: None) -> None:
    played = ready()
    election, secretary = played.election, printed(played)
    assert "North Bank 1" in secretary.get(reverse("parcels", args=[election.slug])).content.decode()
    made = whole(election, secretary)
    assert sorted(made) == [f"{name}.pdf" for name in PLACES]
    for unit in election.units.filter(paper=True):
        assert body(secretary, reverse("parcel", args=[election.slug, unit.pk])) == made[f"{unit.slug}.pdf"]
    roll = data / "roll.csv"
    roll.write_bytes(secretary.get(reverse("roll-download", args=[election.slug])).content)
    asked = [word for name in PLACES for word in ("--precinct", name)]
    out = data / "by hand"
    ran = CliRunner().invoke(parcel, [str(write_export(election)), "--roll", str(roll), "--out", str(out), *asked])
    assert ran.exit_code == 0, ran.output
    assert {path.name: path.read_bytes() for path in out.iterdir()} == made
    said = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(made["north-1.pdf"])).pages)
    for elector in election.electors.select_related("unit"):
        assert (elector.name in said) == (elector.unit.slug == "north-1"), elector.name
    assert "has voted online" not in said


def test_the_roll_in_the_parcels_stays_with_the_managers(data: Path, transactional_db: None) -> None:
    played = ready(online=False)
    election = played.election
    first = whole(election, printed(played))
    assert whole(election, printed(played)) == first
    unit = election.units.get(slug="north-1")
    addresses = [reverse(name, args=[election.slug]) for name in ("parcels", "parcels-together")]
    for address in (*addresses, reverse("parcel", args=[election.slug, unit.pk])):
        assert client_of(played.observer).get(address).status_code == 403
        assert Client().get(address).status_code == 302
    kept = folders.parcels(election.slug, 1)
    assert kept.stat().st_mode & 0o077 == 0
    export = write_export(election)
    assert not [path for path in export.rglob("*") if path.suffix in (".pdf", ".zip")]
    assert not any(b"Elector pnorth" in path.read_bytes() for path in export.rglob("*") if path.is_file())
    noted = [json.loads(entry.record) for entry in LogEntry.objects.filter(election=election)]
    entry, _ = [one for one in noted if one["act"] == "print the parcels of the stations"]
    assert entry["about"]["parcels"] == 4
    assert "Elector" not in json.dumps(entry)
    assert log.broken() == []


def test_nothing_is_printed_before_roll_and_papers_are_fixed(data: Path, transactional_db: None) -> None:
    secretary = officials.person(officials.SECRETARY)
    election = drafted(secretary)
    with pytest.raises(ServiceError, match="fixed"):
        jobs.ask(secretary.user, election, parcels.PRINT)
    client = client_of(secretary)
    assert (
        "once roll and ballot papers are fixed" in client.get(reverse("parcels", args=[election.slug])).content.decode()
    )
    assert client.get(reverse("parcels-together", args=[election.slug])).status_code == 404
