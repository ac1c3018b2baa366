"""Returns from open ballots, one a row: `ballots.csv` or `ballots.parquet`, and any other source of marks.

Columns: `unit` (where there are several), `contest` (where a unit votes in several), `ballot` (1 where absent), and one
column a candidate, headed by the candidate's id or number on the ballot paper. A cell is 1 (name left, or marked), 0
(struck out, or not marked), or blank or `?` (unclear). Where a contest has nobody for a column, it is blank or 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from suffrage._core import MarkTally
from suffrage.election.model import Election
from suffrage.errors import CountError, Problem, ReturnsError, shown
from suffrage.law import Statute
from suffrage.returns.batch import Batch, Marks, Positions
from suffrage.returns.columns import KEY_COLUMNS, Places, candidate_columns
from suffrage.returns.slots import Slots
from suffrage.returns.source import Progress, Source, open_source, told

NONE_LEFT, SOME_LEFT, TOO_MANY_LEFT, UNCLEAR = (
    "ballots_none_left",
    "ballots_some_left",
    "ballots_too_many_left",
    "ballots_unclear",
)
"""The figures of a return from open ballots. What each class means is for the law to say (`suffrage.count.ballot`)."""

BALLOT_FIGURES = (NONE_LEFT, SOME_LEFT, TOO_MANY_LEFT, UNCLEAR)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Some marked ballots, one a row: the slot and ballot (1 or 2) of each, and for each column a mark.

    `line` is where each row stands in its source.
    """

    slot: Positions
    ballot: Marks
    marks: Sequence[Marks]
    line: npt.NDArray[np.int64]


def read_ballots(
    path: Path,
    election: Election,
    statute: Statute,
    slots: Slots | None = None,
    progress: Progress | None = None,
) -> Iterator[Batch]:
    """The returns of a file of ballots, one a unit, contest and ballot, after one pass with flat memory.

    ReturnsError: an unknown unit, candidate or column, a candidate without a column, a mark that is none, a mark for
    nobody.
    """
    source = open_source(path)
    slots = slots or Slots(election)
    places = Places(source, election, slots)
    if "unit" not in source.header and len(election.units) > 1:
        raise ReturnsError(Problem(source.name, "a column is missing", ", ".join(source.header), "unit"))
    columns = candidate_columns(source, election, ())
    _refuse_missing(source, columns, election)

    def sheets() -> Iterator[Sheet]:
        for frame in told(source.frames(places.keys, marks=list(columns)), progress):
            slot, ballot = places.of(frame)
            yield Sheet(slot, ballot, [frame.marks[name] for name in columns], frame.line)

    names = [name for name in source.header if name in columns and name not in KEY_COLUMNS]
    yield from tallied(sheets(), columns, election, statute, slots, lambda line, n: source.place(line, names[n]))


def _refuse_missing(source: Source, columns: Mapping[str, Positions], election: Election) -> None:
    """A name without a column would be struck on every ballot, in silence."""
    there = {position for table in columns.values() for position in table.tolist()}
    missing = [person for position, person in enumerate(election.candidates) if position not in there]
    if missing:
        seen = shown(", ".join(source.header))
        raise ReturnsError(
            Problem(source.place(1), "a candidate's column is missing", seen, f"{person.id} ({person.contest})")
            for person in missing[:20]
        )


def tallied(
    sheets: Iterable[Sheet],
    columns: Mapping[str, Positions],
    election: Election,
    statute: Statute,
    slots: Slots,
    place: Callable[[int, int], str],
) -> Iterator[Batch]:
    """Returns from sheets of marks. `columns` gives, by column and contest, the candidate's position or -1.

    CountError where the law does not say how many names may be left.
    """
    stands = np.array(list(columns.values()), np.int32).reshape(len(columns), len(election.contests)).T >= 0
    most = [most_names(election, statute, position) for position in range(len(election.contests))]
    tallies: dict[int, MarkTally] = {}
    for sheet in sheets:
        for number in (1, 2):
            mine = sheet.ballot == number
            if not mine.any():
                continue
            tally = tallies.get(number)
            if tally is None:
                tally = tallies[number] = MarkTally(slots.contest.tolist(), stands.ravel().tolist(), most)
            slot, marks, line = sheet.slot, sheet.marks, sheet.line
            if not mine.all():
                slot, marks, line = slot[mine], [column[mine] for column in marks], line[mine]
            try:
                tally.add(slot, marks)
            except ValueError as error:
                row, column = error.args
                contest = election.contests[slots.contest[slot[row]]].id
                raise ReturnsError(
                    Problem(
                        place(int(line[row]), column),
                        "a mark for nobody",
                        "1",
                        f"blank or 0: no such candidate stands in {contest}",
                    )
                ) from None
    for number, tally in sorted(tallies.items()):
        yield _batch(tally, number, list(columns.values()), slots)


def most_names(election: Election, statute: Statute, position: int) -> int:
    """The most names that may be left in the contest at a position; CountError where the law does not say."""
    contest = election.contests[position]
    rules = statute.rules_under(contest.rules)
    most = rules.ballot.most_names(contest.seats, len(election.index.standing[position]))
    if most is None:
        raise CountError(Problem(statute.id, "the law does not say how many names may be left", "", "ballot.may_leave"))
    return most


def _batch(tally: MarkTally, ballot: int, columns: Sequence[Positions], slots: Slots) -> Batch:
    classes = np.frombuffer(tally.counts(), np.int64).reshape(len(slots), len(BALLOT_FIGURES))
    votes = np.frombuffer(tally.votes(), np.int64).reshape(len(slots), len(columns))
    filled = np.flatnonzero(classes.any(axis=1)).astype(np.int32)
    contest = slots.contest[filled]
    rows, candidates, given = [], [], []
    for number, table in enumerate(columns):
        position = table[contest]
        stands = np.flatnonzero(position >= 0).astype(np.int32)
        rows.append(stands)
        candidates.append(position[stands])
        given.append(votes[filled[stands], number])
    return Batch(
        filled,
        contest,
        slots.unit[filled],
        np.full(len(filled), ballot, np.int8),
        np.zeros(len(filled), np.int64),
        {name: classes[filled, n] for n, name in enumerate(BALLOT_FIGURES)},
        np.concatenate((*rows, np.empty(0, np.int32))),
        np.concatenate((*candidates, np.empty(0, np.int32))),
        np.concatenate((*given, np.empty(0, np.int64))),
    )
