"""`suffrage law`: the built-in statutes, and statute files of one's own."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
from rich.markup import escape

from suffrage import law as laws
from suffrage.cli import console
from suffrage.errors import WRONG_USE, LawError, Problem
from suffrage.law.schema import json_schema


@click.group()
def law() -> None:
    """Show, check and compare statutes, and lay them on a calendar.

    A law is named by its id (`suffrage law list`) or by its file (ending in .toml).
    """


@law.command("list")
def list_() -> None:
    """The built-in laws."""
    table = console.table("id", "title", "adopted")
    for identifier in laws.built_in_ids():
        statute = laws.built_in(identifier)
        table.add_row(identifier, escape(statute.title), statute.adopted)
    console.out().print(table)


@law.command()
@click.argument("law_id", metavar="LAW")
def show(law_id: str) -> None:
    """Every rule of a law, with its article and how certain it is."""
    statute = laws.find_statute(law_id)
    screen = console.out()
    screen.print(f"[bold]{escape(statute.title)}[/] ({statute.id})")
    for text in (statute.about, *statute.sources):
        if text:
            screen.print(escape(text), style="dim")
    screen.print()
    table = console.table("rule", "says", "article", "certainty")
    for line in laws.lines(statute):
        if line.certainty is not None:
            said = escape(line.says) + (f"\n[dim]{escape(line.note)}[/]" if line.note else "")
            table.add_row(escape(line.path), said, escape(line.article), line.certainty.value)
    screen.print(table)


@law.command()
@click.argument("file", type=click.Path(path_type=Path))
def check(file: Path) -> None:
    """Check a statute file: every mistake at once, with its line."""
    statute = laws.read_statute(file)
    console.out().print(
        f"{escape(str(file))}: [green]holds[/]: {escape(statute.title)}, {len(laws.lines(statute))} rules"
    )


@law.command()
@click.argument("first")
@click.argument("second")
def diff(first: str, second: str) -> None:
    """The rules on which two laws differ."""
    one, two = laws.find_statute(first), laws.find_statute(second)
    table = console.table("rule", one.id, two.id)
    found = laws.differences(one, two)
    for difference in found:
        table.add_row(
            *(escape(text or "\N{EN DASH}") for text in (difference.path, difference.first, difference.second))
        )
    console.out().print(table if found else "The two laws say the same.")


@law.command()
@click.argument("law_id", metavar="LAW")
@click.option("--polling-day", required=True, metavar="YYYY-MM-DD", help="The day of the first ballot.")
@click.option("--ics", type=click.Path(path_type=Path, dir_okay=False), help="Write the dates as an iCalendar file.")
def calendar(law_id: str, polling_day: str, ics: Path | None) -> None:
    """Every deadline of a law for one polling day, with its article."""
    try:
        day = datetime.strptime(polling_day, "%Y-%m-%d").date()
    except ValueError:
        raise LawError(
            Problem("--polling-day", "not a date", polling_day, "such as 1937-12-12"), exit_code=WRONG_USE
        ) from None
    statute = laws.find_statute(law_id)
    table = console.table("day", "what", "term", "article", "certainty")
    for entry in laws.entries(statute, day):
        shown = entry.day.strftime("%a %Y-%m-%d") if entry.day else ""
        table.add_row(shown, escape(entry.title), escape(entry.term), escape(entry.article), entry.certainty.value)
    console.out().print(table)
    if ics is not None:
        text = laws.icalendar(statute, day)
        try:
            ics.write_text(text, "utf-8", newline="")
        except OSError as error:
            raise LawError(Problem(str(ics), f"cannot be written: {error.strerror}"), exit_code=WRONG_USE) from None


@law.command()
def schema() -> None:
    """The JSON Schema of statute files."""
    import json

    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))
