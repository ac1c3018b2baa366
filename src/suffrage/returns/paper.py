"""Returns of figures from `returns.csv` or `returns.parquet`, wide or long, as batches.

Wide: one row a return; columns `unit`, `contest` (where a unit votes in several), `ballot` (1 where absent), the
figures by their names in the law, and one column a candidate, headed by the candidate's id or number on the ballot
paper. Long: columns `unit`, `contest`, `ballot`, `field` (a figure's name, or a candidate's id or number), `figure`;
the rows of one return stand together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from suffrage._core import ABSENT
from suffrage.election.model import Election
from suffrage.errors import Problem, ReturnsError, shown
from suffrage.returns.batch import Batch, Ints, Positions
from suffrage.returns.columns import KEY_COLUMNS, Places, candidate_columns
from suffrage.returns.slots import Slots
from suffrage.returns.source import Frame, Progress, Source, open_source, told

LONG_COLUMNS = ("field", "figure")


def read_returns(
    path: Path,
    election: Election,
    fields: Iterable[str],
    slots: Slots | None = None,
    progress: Progress | None = None,
) -> Iterator[Batch]:
    """Stream the returns of a file. `fields` are the names of figures that the law, or laws, know.

    ReturnsError: an unknown unit, candidate or column, a unit outside its contest, a malformed figure, a doubled row.
    """
    source = open_source(path)
    slots = slots or Slots(election)
    places = Places(source, election, slots)
    header = source.header
    if "unit" not in header:
        raise ReturnsError(Problem(source.name, "a column is missing", ", ".join(header), "unit"))
    if set(LONG_COLUMNS) <= set(header):
        yield from _read_long(source, election, places, tuple(fields), progress)
    else:
        yield from _read_wide(source, election, places, frozenset(fields), progress)


def _read_wide(
    source: Source, election: Election, places: Places, known: frozenset[str], progress: Progress | None
) -> Iterator[Batch]:
    candidates = candidate_columns(source, election, known)
    fields = [name for name in source.header if name in known]
    contest_of = places.slots.contest
    for frame in told(source.frames(places.keys, [*fields, *candidates]), progress):
        slot, ballot = places.of(frame)
        contest = contest_of[slot]
        rows, positions, votes = [], [], []
        for name, table in candidates.items():
            column = frame.figures[name]
            given = np.flatnonzero(column != ABSENT).astype(np.int32)
            if len(given) < len(column):
                column = column[given]
            position = table[contest[given]] if len(election.contests) > 1 else np.full(len(given), table[0])
            if (position < 0).any():
                row = int(given[int(np.argmax(position < 0))])
                raise ReturnsError(
                    Problem(
                        source.place(int(frame.line[row]), name),
                        "votes for somebody who does not stand in this contest",
                        str(frame.figures[name][row]),
                        f"an empty cell: {election.contests[contest[row]].id} has no candidate {name}",
                    )
                )
            rows.append(given)
            positions.append(position)
            votes.append(column)
        yield Batch(
            slot,
            contest,
            places.slots.unit[slot],
            ballot,
            frame.line,
            {name: frame.figures[name] for name in fields},
            np.concatenate(rows) if rows else np.empty(0, np.int32),
            np.concatenate(positions).astype(np.int32) if rows else np.empty(0, np.int32),
            np.concatenate(votes) if rows else np.empty(0, np.int64),
        )


def _read_long(
    source: Source, election: Election, places: Places, fields: tuple[str, ...], progress: Progress | None
) -> Iterator[Batch]:
    names = list(dict.fromkeys((*fields, *(candidate.id for candidate in election.candidates))))
    keys = {**places.keys, "field": names}
    unknown = [name for name in source.header if name not in (*KEY_COLUMNS, *LONG_COLUMNS)]
    if unknown:
        expected = ", ".join((*KEY_COLUMNS, *LONG_COLUMNS))
        raise ReturnsError(Problem(source.place(1), "unknown column", shown(unknown[0]), expected))
    held: tuple[Ints, ...] | None = None
    for frame in told(source.frames(keys, ("figure",)), progress):
        slot, ballot = places.of(frame)
        item = _items(source, frame, election, places.slots.contest[slot], names, len(fields))
        parts: tuple[Ints, ...] = (slot * 2 + (ballot - 1), item, frame.figures["figure"], frame.line)
        if held is not None:
            parts = tuple(np.concatenate(pair) for pair in zip(held, parts, strict=True))
        key = parts[0]
        changes = np.flatnonzero(key[1:] != key[:-1]) + 1
        whole = int(changes[-1]) if len(changes) else 0
        held = tuple(part[whole:] for part in parts)
        if whole:
            yield _batch_of_rows(source, places.slots, fields, *(part[:whole] for part in parts))
    if held is not None and len(held[0]):
        yield _batch_of_rows(source, places.slots, fields, *held)


def _items(source: Source, frame: Frame, election: Election, contest: Positions, names: list[str], fields: int) -> Ints:
    """What each row of a long file speaks of: a field's position, or `fields` + a candidate's position."""
    code = frame.keys["field"].astype(np.int64)
    item = code.copy()
    named = np.flatnonzero(code >= fields)
    span = int(code.max()) + 1 if len(code) else 1
    pairs, inverse = np.unique(contest[named] * np.int64(span) + code[named], return_inverse=True)
    found = np.empty(len(pairs), np.int64)
    texts = frame.texts["field"]
    for position, pair in enumerate(pairs.tolist()):
        where, text = pair // span, texts[pair % span]
        candidate = (
            election.index.number.get((where, int(text)))
            if text.isascii() and text.isdigit() and len(text) < 10
            else election.index.candidate.get((where, text))
        )
        if candidate is None:
            row = int(named[int(np.argmax(inverse == position))])
            raise ReturnsError(
                Problem(
                    source.place(int(frame.line[row]), "field"),
                    "unknown candidate or figure",
                    shown(text),
                    f"{', '.join(names[:fields])}, or a candidate of {election.contests[where].id}",
                )
            )
        found[position] = fields + candidate
    item[named] = found[inverse]
    return item


def _batch_of_rows(
    source: Source, slots: Slots, fields: Sequence[str], key: Ints, item: Ints, figure: Ints, line: Ints
) -> Batch:
    """Rows of whole returns, gathered into one return each."""
    starts = np.concatenate(([0], np.flatnonzero(key[1:] != key[:-1]) + 1))
    row = np.repeat(np.arange(len(starts), dtype=np.int32), np.diff(np.append(starts, len(key))))
    span = np.int64(item.max()) + 1
    order = np.argsort(row * span + item, kind="stable")
    doubled = np.flatnonzero(np.diff((row * span + item)[order]) == 0)
    if len(doubled):
        where = int(line[order[int(doubled[0]) + 1]])
        raise ReturnsError(Problem(source.place(where, "field"), "given twice in one return", "", "one row a figure"))
    slot = (key[starts] // 2).astype(np.int32)
    figures = {}
    for position, name in enumerate(fields):
        mine = np.flatnonzero(item == position)
        if len(mine):
            column = np.full(len(starts), ABSENT, np.int64)
            column[row[mine]] = figure[mine]
            figures[name] = column
    votes = np.flatnonzero((item >= len(fields)) & (figure != ABSENT))
    return Batch(
        slot,
        slots.contest[slot],
        slots.unit[slot],
        (key[starts] % 2 + 1).astype(np.int8),
        line[starts],
        figures,
        row[votes],
        (item[votes] - len(fields)).astype(np.int32),
        figure[votes],
    )
