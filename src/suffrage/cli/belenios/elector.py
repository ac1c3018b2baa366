"""The elector seals a ballot; the administrator casts it into the urn."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from suffrage.belenios.ballot import Choices, named_choices, parsed_choices, sealed, tracking_number
from suffrage.belenios.files import STANDARD_INPUT, Output, read_lines, read_secret, write_new
from suffrage.belenios.question import Question
from suffrage.belenios.refusal import misused
from suffrage.belenios.urn import Urn, open_urn, place_of
from suffrage.belenios.urn import cast as cast_ballots
from suffrage.cli import console
from suffrage.cli.belenios.terminal import (
    archive_argument,
    file_argument,
    progress,
    say,
    show_election,
    show_fingerprint,
)
from suffrage.errors import shown
from suffrage.words import plural

LISTED = 20


@click.command()
@archive_argument
@click.option("--code-file", type=file_argument, help="The file with the private code, or - for standard input.")
@click.option("--choose", "names", metavar="ANSWER", multiple=True, help="An answer, by its text; may be repeated.")
@click.option("--choices", metavar="LISTS", help="The numbers themselves, as [[1,0,0]], a blank vote first.")
@click.option("--blank", is_flag=True, help="A blank vote in every question in which nothing is chosen.")
@click.option("--out", required=True, type=file_argument, help="The file for the sealed ballot.")
def ballot(
    archive: Path, code_file: Path | None, names: tuple[str, ...], choices: str | None, blank: bool, out: Path
) -> None:
    """Seal a ballot for the election in ARCHIVE, and print its tracking number.

    Without --code-file and without a choice, both are asked for, so that neither stands in the history of the shell.
    With several questions, --choose takes N:ANSWER where the answer stands in more than one.
    """
    urn = open_urn(archive)
    show_election(urn)
    if choices is not None and (names or blank):
        raise misused("--choices", "stands for --choose and --blank", "both", "one of the two")
    if choices is not None:
        chosen = parsed_choices(urn.questions, choices)
    elif names or blank:
        chosen = named_choices(urn.questions, names, blank=blank)
    else:
        chosen = _asked(urn.questions)
    place: Path | str = "the code"
    if code_file is None:
        code = click.prompt("Private code", hide_input=True, err=True).strip()
    else:
        place = "standard input" if code_file == STANDARD_INPUT else code_file
        code = read_secret(code_file)
    made = sealed(urn, code, chosen, place)
    write_new([Output(out, made + b"\n")])
    show_fingerprint("tracking number", tracking_number(made))
    say(f"Sealed in {out}. Keep the tracking number: with it you find your ballot in the archive.")


def _asked(questions: tuple[Question, ...]) -> Choices:
    """The choice, question by question, from whoever sits there."""
    if not sys.stdin.isatty():
        raise misused("--choose, --choices, --blank", "no choice, and nobody to ask", "", "one of them")
    screen = console.out()
    asked: Choices = []
    for question in questions:
        screen.print(shown(question.text, 300), markup=False, style="bold")
        for number, answer in enumerate(question.answers, 1):
            screen.print(f"  {number} {shown(answer, 200)}", markup=False)
        rule = f"{question.least} to {question.most}" if question.least < question.most else str(question.most)
        blank = ", or `blank`" if question.blank else ""
        asked.append(
            click.prompt(
                f"Choose {rule} of these, by number{blank}",
                default="" if not question.least else None,
                show_default=False,
                err=True,
                value_proc=lambda text, question=question: _numbers(question, text),
            )
        )
    return asked


def _numbers(question: Question, text: str) -> list[int]:
    if question.blank and text.strip() == "blank":
        return question.plain((), blank=True)
    parts = text.replace(",", " ").split()
    places = [int(part) - 1 for part in parts if part.isascii() and part.isdigit() and len(part) < 5]
    right = len(places) == len(parts) == len(set(places)) and all(0 <= n < len(question.answers) for n in places)
    if not right or not question.least <= len(places) <= question.most:
        raise click.UsageError("that is not possible here")
    return question.plain(tuple(places))


@click.command()
@archive_argument
@click.argument("ballots", nargs=-1, required=True, type=file_argument)
def cast(archive: Path, ballots: tuple[Path, ...]) -> None:
    """Cast sealed BALLOTS into ARCHIVE: all of them, or none where one does not hold.

    Each file has one ballot a line. An elector who votes again seals a new ballot; the last one counts.
    """
    urn: Urn = open_urn(archive)
    records: list[tuple[str, bytes]] = []
    for file in ballots:
        lines = read_lines(file)
        records += ((place_of(file, number, len(lines)), line) for number, line in enumerate(lines, 1))
    with progress("Checking") as tell:
        done = cast_ballots(urn, records, tell)
    screen = console.out()
    table = console.table("tracking number", "event", numbers=("event",))
    for entry in done.ballots[:LISTED]:
        table.add_row(str(entry.tracking_number), console.figure(entry.height))
    screen.print(table)
    if len(done.ballots) > LISTED:
        say(f"and {len(done.ballots) - LISTED} more")
    if done.cut:
        say(f"A crash had left {plural(done.cut, 'byte')} of an event that was never told cast; they were removed.")
    say(f"{plural(len(done.ballots), 'ballot')} cast.")
