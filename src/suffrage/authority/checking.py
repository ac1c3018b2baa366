"""Whether the list in an archive is the authority's: nobody was added to it, nobody was left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson

from suffrage import _core
from suffrage.authority.codes import LISTS_FORMAT
from suffrage.errors import WRONG_USE, AuthorityError, Problem, shown
from suffrage.words import plural


@dataclass(frozen=True, slots=True)
class Checked:
    """An archive whose list is the authority's: its election, and how many credentials stand on the list."""

    uuid: str
    name: str
    credentials: int


def read_lists(path: Path) -> dict[str, frozenset[str]]:
    """The credentials of each urn in the authority's `public.json`. AuthorityError where the file is none."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise AuthorityError.unreadable(str(path), error) from None
    try:
        value = orjson.loads(data)
        if value["format"] != LISTS_FORMAT:
            raise ValueError
        return {uuid: frozenset(str(row["credential"]) for row in rows) for uuid, rows in value["lists"].items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise AuthorityError(
            Problem(str(path), "holds no public lists", expected=f"a file of the format {LISTS_FORMAT}")
        ) from None


def check_archive(lists: Mapping[str, frozenset[str]], archive: Path) -> Checked:
    """Hold the list of an archive against the authority's.

    AuthorityError: it is no archive, its urn is none of these, its list has others, a credential twice, or weights.
    """
    place = str(archive)
    try:
        text, _, credentials = _core.archive_setup(archive)
        election = _core.SealedElection(text)
        listed = orjson.loads(credentials)
        names = [str(entry["credential"]) for entry in listed]
        weighted = any(set(entry) != {"credential"} for entry in listed)
    except OSError as error:
        raise AuthorityError.unreadable(place, error) from None
    except _core.BeleniosError as error:
        raise AuthorityError(Problem(place, str(error).removeprefix(f"{place}: "))) from None
    except (ValueError, KeyError, TypeError):
        raise AuthorityError(Problem(place, "its list of credentials is none")) from None
    due = lists.get(election.uuid)
    if due is None:
        raise AuthorityError(
            Problem(place, "is no urn of the authority's lists", shown(election.uuid), ", ".join(sorted(lists)[:5])),
            exit_code=WRONG_USE,
        )
    found = set(names)
    expected = f"the {plural(len(due), 'credential')} that the authority made, each once"
    if added := found - due:
        message = f"its list has {plural(len(added), 'credential')} that the authority did not make"
        raise AuthorityError(Problem(place, message, min(added), expected))
    if missing := due - found:
        message = f"its list lacks {plural(len(missing), 'credential')}"
        raise AuthorityError(Problem(place, message, min(missing), expected))
    if len(names) > len(found) or weighted:
        seen = "some of them have weights" if weighted else "some stand twice"
        raise AuthorityError(Problem(place, "its list counts some electors more than once", seen, expected))
    return Checked(election.uuid, election.name, len(found))
