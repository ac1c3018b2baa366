"""`suffrage belenios new`: plan an election, and prepare a folder for each role."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import click

from suffrage import _core
from suffrage.belenios.credentials import Elector, chosen_electors
from suffrage.belenios.files import write_new
from suffrage.belenios.plan import Plan, outputs
from suffrage.belenios.question import Question, Template, read_template
from suffrage.belenios.refusal import misused
from suffrage.belenios.rehearsal import Rehearsal, rehearse
from suffrage.cli import console
from suffrage.cli.belenios.terminal import file_argument, say, show_election, show_result
from suffrage.outputs import whole_folder
from suffrage.words import plural

REHEARSAL = "rehearsal"
T = TypeVar("T")


@click.command()
@click.option("--title", help="The title of the election.")
@click.option("--description", help="What the electors should know of it.")
@click.option(
    "--question", "questions", type=file_argument, metavar="FILE", multiple=True, help="Questions, as for `setup`."
)
@click.option("--electors", type=file_argument, metavar="FILE", help="A table of electors: id, or id,weight.")
@click.option("--count", type=int, metavar="N", help="So many electors, known by numbers.")
@click.option("--trustee", "trustees", metavar="NAME", multiple=True, help="A trustee; once for each.")
@click.option("--threshold", type=int, metavar="N", help="So many of the trustees must decrypt; otherwise all of them.")
@click.option("--always", metavar="NAME", multiple=True, help="A trustee beside them who is needed in any case.")
@click.option("--administrator", help="The administrator's name.")
@click.option("--authority", help="The credential authority's name.")
@click.option("--out", required=True, type=file_argument, help="The folder for the roles' folders; new or empty.")
@click.option("--rehearsal", is_flag=True, help="Also play every role here, with other keys and random ballots.")
def new(
    title: str | None,
    description: str | None,
    questions: tuple[Path, ...],
    electors: Path | None,
    count: int | None,
    trustees: tuple[str, ...],
    threshold: int | None,
    always: tuple[str, ...],
    administrator: str | None,
    authority: str | None,
    out: Path,
    rehearsal: bool,
) -> None:
    """Plan an election: a folder for each role, and in it a README.txt with the commands that this role types.

    What is not given is asked for. Nothing secret is made here, but in a rehearsal: every role makes its own secrets on
    its own machine.
    """
    template = _template(questions, title, description, administrator, authority)
    people, numbered = _electors(count, electors)
    group, needed = _trustees(trustees, threshold, always)
    alone = (*always, *(() if needed else group))
    plan = Plan(_core.new_uuid(), template, tuple(people), alone, group if needed else (), needed, numbered)
    played: Rehearsal | None = None
    with whole_folder(out) as made:
        write_new(outputs(plan, made))
        if rehearsal:
            with console.working("Rehearsing") as tell:
                played = rehearse(plan, made / REHEARSAL, tell)
    _summary(plan, out, played)


def _summary(plan: Plan, out: Path, played: Rehearsal | None) -> None:
    say(f"{plan.template.title} ({plan.uuid}), {plural(len(plan.electors), 'elector')}")
    say(f"Prepared in {out}; each folder goes to its role, and its README.txt says what to do:")
    for folder, who in (
        ("administrator", "gathers what the others make, holds the urn and publishes it"),
        ("authority", "makes the codes and hands them out"),
        *zip(plan.folders, (*plan.alone, *plan.group), strict=True),
        ("electors", "what they need to know"),
    ):
        say(f"  {folder}: {who}")
    if played is not None:
        say()
        show_election(played.urn)
        say(f"{plural(played.report.ballots, 'ballot')} cast, {plural(played.report.voters, 'ballot')} counted.\n")
        show_result(played.urn.questions, played.report.result or [])
        say("The archive holds, and the result is the sum of the ballots.")
        say(f"All files of the rehearsal are in {out / REHEARSAL}; its keys are good for nothing else. Remove it.")


# --- what was not given, from whoever sits there


def _ask(option: str, asked: Callable[[], T]) -> T:
    if not sys.stdin.isatty():
        raise misused(option, "is missing, and there is nobody to ask")
    return asked()


def _line(question: str, default: str | None = None) -> str:
    answer: str = click.prompt(question, default=default, show_default=bool(default), err=True)
    return answer.strip()


def _optional(given: str | None, question: str) -> str:
    if given is not None or not sys.stdin.isatty():
        return given or ""
    return _line(question, "")


def _template(
    files: tuple[Path, ...],
    title: str | None,
    description: str | None,
    administrator: str | None,
    authority: str | None,
) -> Template:
    """The questions from files, or asked one after the other; the texts from options, else files, else asked."""
    read = [read_template(file) for file in files]

    def known(name: str, given: str | None) -> str | None:
        return given if given is not None else next((getattr(one, name) for one in read if getattr(one, name)), None)

    title = known("title", title) or _ask("--title", lambda: _line("Title of the election"))
    description = _optional(known("description", description), "What the electors should know of it")
    questions = tuple(question for one in read for question in one.questions)
    if not questions:
        questions = _ask("--question", _questions)
    administrator = _optional(known("administrator", administrator), "Name of the administrator")
    authority = _optional(known("credential_authority", authority), "Name of the credential authority")
    return Template(questions, title, description, administrator, authority)


def _questions() -> tuple[Question, ...]:
    asked: list[Question] = []
    while not asked or click.confirm("Another question?", default=False, err=True):
        text = _line("Question")
        answers: list[str] = []
        while answer := _line(f"Answer {len(answers) + 1} (empty: no more)", "" if answers else None):
            if answer in answers:
                click.echo("That answer is there already.", err=True)
            else:
                answers.append(answer)
        least = click.prompt("At least so many are chosen", type=click.IntRange(0, len(answers)), default=1, err=True)
        most = click.prompt(
            "At most", type=click.IntRange(max(1, least), len(answers)), default=max(1, least), err=True
        )
        question = Question(text, tuple(answers), least, most)
        asked.append(replace(question, blank=click.confirm("Is a blank vote allowed?", default=False, err=True)))
    return tuple(asked)


def _electors(count: int | None, file: Path | None) -> tuple[list[Elector], bool]:
    """The electors, and whether they are known by numbers only."""
    if count is None and file is None:
        answer = _ask("--count, --electors", lambda: _line("How many electors, or the file with them"))
        count, file = (int(answer[:9]), None) if answer.isascii() and answer.isdigit() else (None, Path(answer))
    return chosen_electors(count, file), file is None


def _trustees(names: tuple[str, ...], threshold: int | None, always: tuple[str, ...]) -> tuple[tuple[str, ...], int]:
    """The trustees, and how many of them must decrypt: 0 where all of them must."""
    if not names and not always:
        names = _ask("--trustee", _names)
        most = len(names)
        threshold = click.prompt(
            "How many of them must decrypt", type=click.IntRange(1, most), default=most // 2 + 1, err=True
        )
    if threshold is not None and threshold == len(names):
        threshold = None
    return names, threshold or 0


def _names() -> tuple[str, ...]:
    names: list[str] = []
    while name := _line(f"Trustee {len(names) + 1} (empty: no more)", "" if names else None):
        names.append(name)
    return tuple(names)
