"""`suffrage parcel`: what each polling station of an election folder prints, one PDF a precinct."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from suffrage.cli import console
from suffrage.count.folder import count_folder, law_of
from suffrage.count.outcome import OutcomeKind
from suffrage.election import Election, read_folder
from suffrage.election.translations import read_translations
from suffrage.errors import WRONG_USE, PaperError, Problem, SuffrageError
from suffrage.law import Statute
from suffrage.outputs import OutputError
from suffrage.paper.form import Form, form_of
from suffrage.paper.station import (
    LINES_UNSAID,
    own_language,
    parcels_of,
    poll_books,
    precincts_of,
    print_parcels,
    station_language,
)
from suffrage.words import plural

_INTERRUPTED = 130


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--precinct", "precincts", multiple=True, metavar="ID", help="One precinct only; may be said again.")
@click.option("--ballot", "number", type=click.Choice(["1", "2"]), default="1", help="The first ballot or the second.")
@click.option("--roll", type=click.Path(path_type=Path), help="The electors; without it the poll book has empty lines.")
@click.option("--lang", metavar="LANG", help="The language: that of the election where nothing is said.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Write ID.pdf of each into this folder.")
def parcel(
    folder: Path, precincts: tuple[str, ...], number: str, roll: Path | None, lang: str | None, out: Path
) -> None:
    """Set what every polling station of the election in FOLDER prints.

    A cover sheet, the poll book, tally sheets, returns to be filled in, the candidates' poster, envelope labels and
    instructions in pictures. The roll may have a column `online` (yes or no): who has voted online gets no paper.
    """
    election = read_folder(folder)
    statute = law_of(election, folder)
    language = own_language(election) if lang is None else station_language(lang)
    chosen = precincts_of(election, precincts)
    forms = _forms(folder, election, statute, int(number))
    books = None
    if roll is not None:
        books = poll_books(_read(roll), election, roll.name)
    parcels = list(parcels_of(election, statute, chosen, forms, books))
    given = {one.unit.id for one in parcels}
    without = [name for name in precincts if name not in given]
    if without or not parcels:
        place = f"precinct {without[0]}" if without else "precincts"
        raise PaperError(Problem(place, "no ballot paper is handed out there", "", "a contest of this ballot"))
    done = 0

    def tell(now: int) -> None:
        nonlocal done
        done = now
        say(f"{console.figure(now)} of {plural(len(parcels), 'parcel')}")

    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise OutputError(Problem(str(out), f"cannot be written: {reason}"), exit_code=WRONG_USE) from None
    try:
        with console.working("Setting") as say:
            print_parcels(parcels, out, language, read_translations(folder, election), tell)
    except KeyboardInterrupt:
        written = f"at least {console.figure(done)} of {plural(len(parcels), 'parcel')}"
        print(f"suffrage: interrupted; {written} were written, each of them whole", file=sys.stderr)
        sys.exit(_INTERRUPTED)
    screen = console.out()
    console.paragraph(screen, f"{plural(len(parcels), 'parcel')} in {out}")
    unsaid = sum(one.electors is None and one.unit.registered is None for one in parcels)
    if unsaid:
        console.paragraph(
            screen,
            f"Of {plural(unsaid, 'precinct')} nobody has said how many electors there are: "
            f"their poll books have {LINES_UNSAID} lines.",
        )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SuffrageError.unreadable(str(path), error) from None


def _forms(folder: Path, election: Election, statute: Statute, number: int) -> list[Form]:
    """The ballot papers of a ballot: of the second only those that the count of the first leads to."""
    if number == 1:
        return [form_of(election, statute, contest.id) for contest in election.contests]
    forms = []
    for counted in count_folder(folder).contests:
        outcome = counted.first.outcome
        if outcome.kind is OutcomeKind.SECOND_BALLOT:
            forms.append(
                form_of(election, statute, counted.contest.id, 2, finalists=outcome.finalists, seats=outcome.seats_left)
            )
    if not forms:
        raise PaperError(
            Problem("--ballot 2", "no contest has a second ballot", "", "a count of the first that leads to one")
        )
    return forms
