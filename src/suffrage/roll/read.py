"""Reading a roll: every line of the file gets a fate, and what is taken is an elector."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice

from suffrage.errors import shown
from suffrage.roll.columns import checked_columns, fields_by_content, fields_of_header, header_place, known_headings
from suffrage.roll.encoding import decoded
from suffrage.roll.lines import Record, likely_delimiter, lines_of, records, said_delimiter
from suffrage.roll.model import Column, Fate, FateKind, Reason, Remark, Roll, RollElector
from suffrage.roll.taking import Taking
from suffrage.roll.units import Units

_LOOKED_AT = 200


def read_roll(
    data: bytes,
    *,
    units: Mapping[str, str] | None = None,
    existing: Iterable[RollElector] = (),
    languages: Sequence[str] = ("en", "fr", "ru"),
    email_needed: bool = False,
    email_spared: Collection[str] = (),
    encoding: str = "",
    delimiter: str = "",
    header: bool | None = None,
    columns: Sequence[str] | None = None,
) -> Roll:
    """Read a roll from the bytes of a file, in any usual encoding and with any usual delimiter.

    `units` are the units that electors may be of, name by identifier; a file may say either. With None, whatever it
    says is kept. `existing` is the roll that the file is to change: electors are found again by their number, or, where
    the file gives none, by mail address or by name and unit. `languages` are those of the election.
    Where `email_needed`, an elector without a mail address is remarked on, but for those of the units `email_spared`.

    What the file shows of itself may be overruled: `encoding`, `delimiter`, whether there is a `header`, and the field
    of each of the `columns` (one of FIELDS, or "" for one that is not to be read).

    RollError (exit code 2) where the file is no text, or an argument is wrong; never for what stands in a line.
    """
    file = decoded(data, encoding)
    lines = lines_of(file.text)
    said = said_delimiter(lines)
    first = 1 if said else 0
    delimiter = delimiter or said or likely_delimiter(lines[first:], known_headings)
    known = Units(units)
    top = list(islice((r for r in records(lines, delimiter, first) if not _blank(r)), _LOOKED_AT))
    place = header_place([record.fields for record in top])
    if header is None:
        header = place is not None
    # A person may say that there are headings where none is known: then they stand first.
    begin = (place or 0) + 1 if header else 0
    titles = (top[begin - 1].fields or []) if header and top else []
    fields = _columns(top[begin:], titles if header else None, columns, known)
    spared = frozenset(email_spared) if email_needed else None
    taking = Taking(fields, known, existing, languages, spared, len(lines))
    fates: list[Fate] = [Fate(1, FateKind.HEADER)] if said else []
    last_heading = top[begin - 1].line if header and top else 0
    for record in records(lines, delimiter, first):
        if _blank(record):
            fate = Fate(record.line, FateKind.BLANK)
        elif record.line <= last_heading:
            fate = Fate(record.line, FateKind.HEADER)
        elif record.fields is None:
            seen = shown(lines[record.line - 1])
            fate = Fate(record.line, FateKind.REFUSED, remarks=(Remark(Reason.OPEN_QUOTE, "", seen),))
        else:
            fate = taking.fate(record.line, record.fields)
        fates.append(fate)
        fates += [
            Fate(record.line + more, FateKind.CONTINUED, fate.elector, record.line) for more in range(1, record.lines)
        ]
    width = max(len(fields), len(titles))
    return Roll(
        encoding=file.encoding,
        certain=file.certain,
        delimiter=delimiter,
        header=header,
        columns=tuple(
            Column(
                titles[place].strip() if place < len(titles) else "", fields[place] if place < len(fields) else ""
            )
            for place in range(width)
        ),
        fates=tuple(fates),
        electors=tuple(taking.electors),
        absent=taking.absent(),
    )  # fmt: skip


def _blank(record: Record) -> bool:
    return record.fields is not None and not any(map(str.strip, record.fields))


def _columns(
    top: Sequence[Record], headings: Sequence[str] | None, given: Sequence[str] | None, units: Units
) -> list[str]:
    rows = [record.fields for record in top if record.fields]
    if headings is not None:
        # Empty columns that a spreadsheet left at the end of every line are no columns.
        found = fields_of_header(headings)
    else:
        width = max((len(row) for row in rows), default=0)
        found = fields_by_content(rows, width, units.knows)
    return found if given is None else checked_columns([*given, *[""] * (len(found) - len(given))])
