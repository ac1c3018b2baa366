"""A roll as a file that spreadsheets open, and that `read_roll` reads back as it was."""

from __future__ import annotations

import io
from collections.abc import Iterable

from suffrage.roll.cells import neutral
from suffrage.roll.model import RollElector
from suffrage.tables import csv_writer

HEADER = ("id", "name", "email", "address", "unit", "language")


def roll_csv(electors: Iterable[RollElector]) -> bytes:
    """Electors as CSV: UTF-8 with a byte order mark (spreadsheets ask for it), RFC 4180, lines ended by a line feed.

    A cell that a spreadsheet would compute (one that begins with `=`, `+`, `-`, `@`, a tab or a carriage return) gets
    an apostrophe before it, and so does one that has apostrophes before such a sign; `read_roll` takes one off again.
    """
    text = io.StringIO()
    text.write("\ufeff")
    writer = csv_writer(text)
    writer.writerow(HEADER)
    for one in electors:
        cells = (one.id, one.name, one.email, "\n".join(one.address), one.unit, one.language)
        writer.writerow([neutral(cell) for cell in cells])
    return text.getvalue().encode()
