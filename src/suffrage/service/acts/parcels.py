"""The parcels of the places that vote on paper: printed in the background, kept apart from what is published.

They hold the roll of those places. Who is on it has no code and votes on paper alone, so that nobody in a poll book has
voted online; who votes online stands in no poll book. The bytes are those of `suffrage parcel` on the export.
"""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from django.contrib.auth.models import AbstractBaseUser

from suffrage.outputs import whole_folder
from suffrage.paper import Form, form_of
from suffrage.paper.station import own_language, parcels_of, poll_books, precincts_of, print_parcels
from suffrage.roll import roll_csv
from suffrage.service import folders, paper_forms
from suffrage.service.acts.jobs import LongAct, Tell, takes_long
from suffrage.service.acts.paper_returns import awaited
from suffrage.service.acts.permission import MANAGERS, refused, require
from suffrage.service.acts.roll import electors_of
from suffrage.service.export import as_model, statute_of
from suffrage.service.log import record
from suffrage.service.models import Election, Unit
from suffrage.words import plural

ALL = "parcels.zip"
"""The file that holds all of them."""

_EARLIEST = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Made:
    """A parcel that is there: its place, its file, and how many bytes it has."""

    unit: Unit
    file: Path
    size: int


def ballot_of(election: Election) -> int:
    """The ballot that parcels are printed for: the second once it is called."""
    return 2 if election.polls.filter(ballot=2).exists() else 1


def places(election: Election) -> list[Unit]:
    """The places that vote on paper in this ballot, in their order."""
    voting = {item.unit.pk for item in awaited(election, ballot_of(election))}
    return list(election.units.filter(pk__in=voting))


def made(election: Election) -> list[Made]:
    """The parcels of the last printing for this ballot, in the order of their places."""
    folder = folders.parcels(election.slug, ballot_of(election))
    found = [(unit, folder / f"{unit.slug}.pdf") for unit in places(election)]
    return [Made(unit, file, file.stat().st_size) for unit, file in found if file.is_file()]


def together(election: Election) -> Path | None:
    """The file with all of them; None before they are printed."""
    file = folders.parcels(election.slug, ballot_of(election)) / ALL
    return file if file.is_file() else None


def _check(election: Election) -> None:
    if not places(election):
        raise refused("parcels", "there are none to print", "", "a place that votes on paper in this ballot")
    if not election.frozen:
        raise refused("parcels", "come when roll and ballot papers are fixed", "", "papers that change no more")


def forms(election: Election, ballot: int) -> list[Form]:
    """The ballot papers that are handed out; in the second ballot those of the contests that are held again."""
    model, statute = as_model(election), statute_of(election)
    if ballot == 1:
        return [form_of(model, statute, contest.id) for contest in model.contests]
    found = []
    for contest in election.contests.select_related("election"):
        finalists, seats = paper_forms.held_again(contest)
        if finalists:
            found.append(form_of(model, statute, contest.slug, 2, finalists=finalists, seats=seats))
    return found


def print_all(by: AbstractBaseUser, election: Election, tell: Tell) -> str:
    """Print the parcel of every place that votes on paper; gives how many there are. What was there is replaced."""
    require(by, election, *MANAGERS)
    _check(election)
    ballot = ballot_of(election)
    model = as_model(election)
    slugs = [unit.slug for unit in places(election)]
    wanted = frozenset(slugs)
    roll = roll_csv(one for one in electors_of(election) if one.unit in wanted)
    books = poll_books(roll, model, "the roll")
    precincts = precincts_of(model, slugs)
    parcels = parcels_of(model, statute_of(election), precincts, forms(election, ballot), books)
    names = [ALL, *(f"{unit.slug}.pdf" for unit in election.units.all())]

    def progress(done: int) -> None:
        tell(f"{done} of {plural(len(slugs), 'parcel')}")

    with whole_folder(folders.parcels(election.slug, ballot), names, private=True) as folder:
        number = print_parcels(parcels, folder, own_language(model), progress=progress)
        _bundle(folder)
        with (folder / ALL).open("rb") as bundle:
            sha = hashlib.file_digest(bundle, "sha256").hexdigest()
    record(by, "print the parcels of the stations", election, ballot=ballot, parcels=number, sha256=sha)
    return f"{plural(number, 'parcel')} printed."


def _bundle(folder: Path) -> None:
    """All parcels in one file, the same bytes for the same parcels."""
    with ZipFile(folder / ALL, "w", ZIP_STORED) as bundle:
        for path in sorted(folder.glob("*.pdf")):
            with path.open("rb") as source, bundle.open(ZipInfo(path.name, _EARLIEST), "w", force_zip64=True) as target:
                shutil.copyfileobj(source, target)


PRINT = takes_long(LongAct("parcels", "Print the parcels", MANAGERS, print_all, _check))
