"""Counting a folder: its election, its law or another, its figures, ballots or urns."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from suffrage.count.result import ElectionCount
from suffrage.count.run import count
from suffrage.election.folder import read_folder
from suffrage.election.model import Election
from suffrage.errors import WRONG_USE, CountError, LawError, Problem
from suffrage.law import Statute, find_statute
from suffrage.returns.batch import Batch
from suffrage.returns.cvr import read_cast_vote_records
from suffrage.returns.open import read_ballots
from suffrage.returns.paper import read_returns
from suffrage.returns.slots import Slots
from suffrage.returns.source import Progress
from suffrage.returns.urns import URNS, has_urns, read_urns

RETURNS_FILES = ("returns.csv", "returns.csv.gz", "returns.parquet")
BALLOT_FILES = ("ballots.csv", "ballots.csv.gz", "ballots.parquet")
CVR_FILES = ("cvr.json", "cvr.json.gz")


def count_folder(
    folder: Path,
    law: str | None = None,
    progress: Progress | None = None,
    *,
    own: Statute | None = None,
    every_return: bool = False,
) -> ElectionCount:
    """Count the election of a folder under its own law, or under another.

    `progress` is called now and then with the number of rows (returns, ballots) read so far. `own` is given where the
    election's own law does not lie where the folder says. With `every_return` the sums keep each return by itself.

    Any SuffrageError: of the folder, the law, the figures, the count.
    """
    election = read_folder(folder)
    own = own or law_of(election, folder)
    statute = own if law in (None, election.law) else find_statute(str(law))
    slots = Slots(election)
    batches = batches_of(folder, election, own, statute, slots, progress)
    return count(election, statute, batches, own=own, slots=slots, every_return=every_return)


def law_of(election: Election, folder: Path) -> Statute:
    """The law that an election names, with the place of the name in the error."""
    try:
        return find_statute(election.law, folder)
    except LawError as error:
        raise LawError(
            [
                Problem(f"election.toml, law: {p.place}".removesuffix(": "), p.message, p.seen, p.expected)
                for p in error.problems
            ],
            exit_code=error.exit_code,
        ) from None


def batches_of(
    folder: Path,
    election: Election,
    own: Statute,
    statute: Statute,
    slots: Slots,
    progress: Progress | None = None,
) -> Iterator[Batch]:
    """The figures of a folder: of whichever file holds them (ballots are read under `statute`), and of its urns."""
    return chain(
        _batches_of_file(figures_file(folder), election, own, statute, slots, progress),
        read_urns(folder, election, own, slots),
    )


def _batches_of_file(
    path: Path | None,
    election: Election,
    own: Statute,
    statute: Statute,
    slots: Slots,
    progress: Progress | None,
) -> Iterator[Batch]:
    if path is None:
        return iter(())
    if path.name in BALLOT_FILES:
        return read_ballots(path, election, statute, slots, progress)
    if path.name in CVR_FILES:
        return read_cast_vote_records(path, election, statute, slots, progress)
    every_rules = (rules for law in (own, statute) for rules in (law, *law.variants.values()))
    fields = {name: None for rules in every_rules for name in rules.returns.fields}
    return read_returns(path, election, fields, slots, progress)


def figures_file(folder: Path) -> Path | None:
    """The one file of a folder that holds its figures; None where there is none, but there are urns.

    CountError (exit code 2) where there are several, or nothing at all.
    """
    names = (*RETURNS_FILES, *BALLOT_FILES, *CVR_FILES)
    found = [name for name in names if (folder / name).exists()]
    if not found and has_urns(folder):
        return None
    if len(found) != 1:
        seen = ", ".join(found) or "none"
        raise CountError(
            Problem(str(folder), "one file of figures is needed", seen, f"one of {', '.join((*names, URNS))}"),
            exit_code=WRONG_USE,
        )
    return folder / found[0]
