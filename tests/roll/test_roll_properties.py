"""Whatever a file says: no line is without a fate, and what was written comes back as it was."""

from __future__ import annotations

import csv
import io
import re
import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from suffrage.errors import RollError
from suffrage.roll import FateKind, RollElector, read_roll, roll_csv

_PIECES = st.sampled_from(
    [",", ";", "\t", "|", '"', '""', "\n", "\r\n", "\r", " ", "=", "'", "@", "name", "id", "email", "Ann", "Борис",
     "a@x.org", "1", "0002", "north", "\0", "\u2028", "\x85", "\ufeff", "sep=;"]
)  # fmt: skip
TEXTS = st.one_of(st.lists(_PIECES, max_size=60).map("".join), st.text(max_size=120))


def number_of_lines(text: str) -> int:
    ends = len(re.findall(r"\r\n|\r|\n", text))
    return ends + (not re.search(r"[\r\n]\Z", text) and text != "")


@given(TEXTS)
@example('name\n"open\nAnn\n')
@example('"a\n\n\n"')
@example("\ufeff\ufeff")
def test_every_line_has_a_fate(text: str) -> None:
    try:
        data = text.encode()
    except UnicodeEncodeError:
        return
    # A named encoding: a text with NUL looks like UTF-16 otherwise.
    read = read_roll(data, encoding="utf-8")
    assert [fate.line for fate in read.fates] == list(range(1, number_of_lines(text.removeprefix("\ufeff")) + 1))
    taken = [fate for fate in read.fates if fate.kind in (FateKind.ADDED, FateKind.CHANGED, FateKind.UNCHANGED)]
    assert [fate.elector for fate in taken] == [one.id for one in read.electors]
    assert len({one.id for one in read.electors}) == len(read.electors)
    assert sum(read.counts.values()) == len(read.fates)
    for fate in read.fates:
        assert (fate.kind is FateKind.REFUSED) <= bool(fate.remarks)
        assert (fate.kind in (FateKind.CONTINUED, FateKind.DUPLICATE)) <= (0 < fate.of_line < fate.line)
    for one in read.electors:
        assert one.id
        assert any(map(str.isalpha, one.name))


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        read = read_roll(data)
    except RollError:
        return
    assert [fate.line for fate in read.fates] == list(range(1, len(read.fates) + 1))
    assert read == read_roll(data)


def _clean(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


_LINE = st.text(st.characters(exclude_categories=("C", "Z"), include_characters=" "), max_size=30).map(_clean)
_NAME = st.tuples(st.sampled_from(["", "=", "'=", "+", "-", "@", "''-", '"', "'"]), _LINE.filter(str)).map(
    lambda one: _clean(one[0] + one[1] + "n")
)
_ID = st.text(st.characters(categories=("L", "N", "P")), min_size=1, max_size=8).map(_clean).filter(bool)
ELECTORS = st.lists(
    st.builds(
        RollElector,
        id=_ID,
        name=_NAME,
        email=st.sampled_from(["", "a@x.org", "b.c@y.example"]),
        address=st.lists(_LINE.filter(bool), max_size=4).map(tuple),
        unit=st.sampled_from(["north", "south"]),
        language=st.sampled_from(["", "en", "fr", "ru"]),
    ),
    unique_by=lambda one: one.id,
    max_size=8,
)
_UNITS = {"north": "North", "south": "South"}


@given(ELECTORS)
@example([RollElector("=1", "'=n", "", ("=", "@x"), "north", "")])
def test_what_is_exported_is_imported_as_it_was(electors: list[RollElector]) -> None:
    data = roll_csv(electors)
    read = read_roll(data, units=_UNITS)
    assert read.electors == tuple(electors)
    again = read_roll(data, units=_UNITS, existing=electors)
    assert again.counts[FateKind.UNCHANGED] == len(electors)
    assert again.absent == ()
    assert roll_csv(read.electors) == data


@given(ELECTORS)
def test_no_exported_cell_is_a_formula(electors: list[RollElector]) -> None:
    for row in csv.reader(io.StringIO(roll_csv(electors).decode("utf-8-sig"), newline="")):
        for cell in row:
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))


@given(ELECTORS, st.sampled_from(["utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]), st.sampled_from(",;\t|"))
def test_a_roll_reads_the_same_in_every_form(electors: list[RollElector], encoding: str, delimiter: str) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerow(["id", "name", "email", "address", "unit", "language"])
    for one in electors:
        writer.writerow([one.id, one.name.lstrip("'=+-@"), one.email, "\n".join(one.address), one.unit, one.language])
    data = text.getvalue().encode(encoding)
    read = read_roll(data, units=_UNITS, encoding=encoding)
    assert [one.id for one in read.electors] == [_unflagged(one.id) for one in electors]
    assert read.delimiter == delimiter
    assert [one.address for one in read.electors] == [_unflagged_lines(one.address) for one in electors]


def _unflagged(cell: str) -> str:
    """What is left of a cell that looks as if it had been made harmless."""
    return cell[1:] if re.match("'+[=+\\-@\uff1d\uff0b\uff0d\uff20]", cell) else cell


def _unflagged_lines(lines: tuple[str, ...]) -> tuple[str, ...]:
    return (_unflagged(lines[0]), *lines[1:]) if lines else ()
