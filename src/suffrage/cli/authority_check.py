"""`suffrage authority check`: the lists in the archives held against the authority's own."""

from __future__ import annotations

from pathlib import Path

import click

from suffrage.authority.checking import check_archive, read_lists
from suffrage.authority.folder import PUBLIC
from suffrage.cli.belenios.terminal import say
from suffrage.errors import AuthorityError, Problem, shown
from suffrage.words import plural

path_argument = click.Path(path_type=Path)


@click.command()
@click.argument("folder", type=path_argument)
@click.argument("archives", nargs=-1, required=True, type=path_argument, metavar="ARCHIVE...")
def check(folder: Path, archives: tuple[Path, ...]) -> None:
    """Check that the list in each ARCHIVE is that of FOLDER: nobody added, nobody left out.

    Fetch the archives from the public page as anybody does, once they are there and again when the poll is over.
    Needs no passphrase: public.json tells the lists.
    """
    lists = read_lists(folder / PUBLIC)
    problems: list[Problem] = []
    code = 0
    for archive in archives:
        try:
            found = check_archive(lists, archive)
        except AuthorityError as error:
            problems += error.problems
            code = max(code, error.exit_code)
            continue
        say(f"{found.uuid}  {shown(found.name, 100)}: the list is yours, {plural(found.credentials, 'credential')}.")
    if problems:
        raise AuthorityError(problems, exit_code=code)
