"""`suffrage import`: tables of figures, as offices publish them, to an election folder."""

from __future__ import annotations

from pathlib import Path

import click
from rich.markup import escape

from suffrage.cli import console
from suffrage.errors import WRONG_USE, ImportingError, Problem, shown
from suffrage.importing import import_election


@click.command("import")
@click.argument("recipe", type=click.Path(path_type=Path))
@click.argument("sources", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="The folder to make; it must not exist yet."
)
@click.option(
    "--set", "settings", multiple=True, metavar="NAME=VALUE", help="A parameter of the recipe; may be repeated."
)
def import_(recipe: Path, sources: Path, out: Path, settings: tuple[str, ...]) -> None:
    """Make an election folder from the files in SOURCES, as RECIPE says which column is what.

    Rows that were not used are counted, with the reason. Nothing is written where anything is wrong.
    """
    values = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not (name and equals):
            raise ImportingError(Problem("--set", "not a parameter", shown(setting), "NAME=VALUE"), exit_code=WRONG_USE)
        values[name] = value
    with console.working("Importing") as tell:
        report = import_election(
            recipe, sources, out, values, progress=lambda file, rows: tell(f"{file}: {console.figure(rows)} rows")
        )
    screen = console.out()
    for line in report.lines():
        screen.print(escape(line))
    screen.print(f"\nsuffrage count {escape(str(out))}", style="bold")
