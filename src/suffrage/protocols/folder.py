"""The protocols of an election folder: its count with every return, what is drawn of it, its roster."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from suffrage.count import ElectionCount
from suffrage.count.folder import count_folder, law_of
from suffrage.election import read_folder
from suffrage.errors import WRONG_USE, Problem, ProtocolError
from suffrage.law import Statute, statute_text
from suffrage.protocols.draw import draw
from suffrage.protocols.published import Identity
from suffrage.protocols.record import Protocol
from suffrage.protocols.roster import ROSTER, ROSTER_SIGNATURE, Roster, parse_roster
from suffrage.protocols.signatures import holds
from suffrage.protocols.statements import read_statements


def counted_for_protocols(folder: Path, progress: Callable[[int], None] | None = None) -> ElectionCount:
    """The count of a folder under its own law, every return kept."""
    return count_folder(folder, None, progress, every_return=True)


def drawn(counted: ElectionCount, folder: Path, before: Mapping[Identity, Protocol]) -> Iterator[Protocol]:
    """The protocols of a folder; see `draw`."""
    election = counted.election
    return draw(counted, statute_text(election.law, folder), read_statements(folder, election), before)


def roster_of(folder: Path) -> tuple[Roster, tuple[bytes, str], Statute]:
    """The roster of an election folder, its bytes with the root key's signature, and the law of the folder.

    ProtocolError where there is none, or it is malformed or of another election.
    """
    election = read_folder(folder)
    try:
        data = (folder / ROSTER).read_bytes()
        signature = (folder / ROSTER_SIGNATURE).read_text("ascii", "replace")
    except FileNotFoundError:
        raise ProtocolError(
            Problem(str(folder / ROSTER), "there is no roster", expected="`suffrage keys roster` first"),
            exit_code=WRONG_USE,
        ) from None
    except OSError as error:
        raise ProtocolError.unreadable(str(folder / ROSTER), error) from None
    roster = parse_roster(data)
    if not holds(roster.root, signature, data):
        raise ProtocolError(Problem(ROSTER_SIGNATURE, "is not the root key's signature of the roster"))
    if (roster.election, roster.kind) != (election.id, election.kind.value):
        raise ProtocolError(
            Problem(ROSTER, "is of another election", f"{roster.election}, {roster.kind}",
                    f"{election.id}, {election.kind.value}")
        )  # fmt: skip
    return roster, (data, signature), law_of(election, folder)
