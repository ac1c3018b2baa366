"""The reader of tables, against Python's own csv module and against bytes that are no table."""

from __future__ import annotations

import csv
import gzip
import io
import pickle
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from suffrage import _core
from suffrage._core import ABSENT, LARGEST_FIGURE, Batch, CsvError, CsvReader

# What Rust calls ASCII white space.
BLANKS = " \t\n\r\f"

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(content: str | bytes, name: str = "table.csv") -> Path:
        path = tmp_path / name
        data = content if isinstance(content, bytes) else content.encode()
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return path

    return write


def batches(path: Path, kinds: list[_core.Kind], size: int = 3) -> Iterator[Batch]:
    reader = CsvReader(path)
    reader.declare(kinds)
    while (batch := reader.next_batch(size)) is not None:
        yield batch


def only(path: Path, *kinds: _core.Kind) -> Batch:
    (batch,) = batches(path, list(kinds), 1000)
    return batch


def figures(batch: Batch, column: int) -> list[int]:
    return [int(figure) for figure in np.frombuffer(batch.figures(column), dtype=np.int64)]


def lines(batch: Batch) -> list[int]:
    return [int(line) for line in np.frombuffer(batch.lines, dtype=np.uint64)]


def test_each_kind_of_column(write: Write) -> None:
    path = write("unit,name,votes,left,note\nb, Ada ,12,1,x\na,Ben,,0,\nb,Cy,-3,?,\xff\n")
    reader = CsvReader(str(path))
    assert reader.header == ["unit", "name", "votes", "left", "note"]
    assert reader.delimiter == ","
    reader.declare(["code", "text", "figure", "mark", "skip"])
    reader.seed(0, ["a"])
    batch = reader.next_batch(100)
    assert batch is not None
    assert batch.rows == 3
    assert lines(batch) == [2, 3, 4]
    assert np.frombuffer(batch.codes(0), dtype=np.int32).tolist() == [1, 0, 1]
    assert reader.dictionary(0) == ["a", "b"]
    assert batch.text(1) == ["Ada", "Ben", "Cy"]
    assert figures(batch, 2) == [12, ABSENT, -3]
    assert np.frombuffer(batch.marks(3), dtype=np.int8).tolist() == [1, 0, -1]
    assert reader.next_batch(100) is None


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("name", ["table.csv", "table.csv.gz"])
def test_every_dialect_reads_the_same(write: Write, delimiter: str, end: str, mark: str, name: str) -> None:
    rows = [["ünit", 'a,b;c\t"d"' if delimiter == "," else "plain"], ["1", "2"], [], ["3", "4"]]
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, lineterminator=end).writerows(rows)
    path = write(mark + stream.getvalue(), name)
    reader = CsvReader(path)
    assert reader.header == rows[0]
    assert reader.delimiter == delimiter
    batch = only(path, "figure", "figure")
    assert (figures(batch, 0), figures(batch, 1), lines(batch)) == ([1, 3], [2, 4], [2, 4])


def test_names_are_kept_as_they_stand(write: Write) -> None:
    assert CsvReader(write("Wilk Jacek ,valid\n1,2\n")).header == ["Wilk Jacek ", "valid"]


def test_codes_go_on_from_batch_to_batch(write: Write) -> None:
    path = write("unit\n" + "\n".join("abcab"))
    reader = CsvReader(path)
    reader.declare(["code"])
    codes = []
    while (batch := reader.next_batch(2)) is not None:
        codes.append(np.frombuffer(batch.codes(0), dtype=np.int32).tolist())
    assert codes == [[0, 1], [2, 0], [1]]
    assert reader.dictionary(0) == ["a", "b", "c"]


def test_gzip_members_follow_each_other(tmp_path: Path) -> None:
    path = tmp_path / "table.csv.gz"
    path.write_bytes(gzip.compress(b"a\n1\n") + gzip.compress(b"2\n"))
    assert figures(only(path, "figure"), 0) == [1, 2]


@pytest.mark.parametrize(
    ("field", "figure"),
    [
        ("0", 0),
        ("0012", 12),
        (" -7 ", -7),
        ("", ABSENT),
        (str(LARGEST_FIGURE), LARGEST_FIGURE),
        (str(-LARGEST_FIGURE), -LARGEST_FIGURE),
    ],
)
def test_a_figure(write: Write, field: str, figure: int) -> None:
    assert figures(only(write(f"a,b\n{field},x\n"), "figure", "skip"), 0) == [figure]


@pytest.mark.parametrize(
    ("kind", "field", "seen", "expected"),
    [
        ("figure", b"1.0", "1.0", "a whole number"),
        ("figure", b"+1", "+1", "a whole number"),
        ("figure", b"-", "-", "a whole number"),
        ("figure", b"1 000", "1 000", "a whole number"),
        ("figure", "\u0663".encode(), "\u0663", "a whole number"),
        ("figure", b"1000000000001", "1000000000001", "a whole number from -1000000000000 to 1000000000000"),
        ("figure", b"9" * 99, "9" * 57 + "...", "a whole number from -1000000000000 to 1000000000000"),
        ("mark", b"2", "2", "0, 1 or blank"),
        ("mark", b"yes", "yes", "0, 1 or blank"),
        ("text", b"Krak\xf3w", "bytes f3 77", "UTF-8 text"),
        ("code", b"Krak\xf3w", "bytes f3 77", "UTF-8 text"),
        ("text", b"a\0b", "a\\u{0}b", "text without NUL bytes"),
        ("text", b'"a"b', "a", "nothing after the closing quote"),
    ],
)
def test_a_field_that_is_not_as_declared(
    write: Write, kind: _core.Kind, field: bytes, seen: str, expected: str
) -> None:
    path = write(b"id,Total\n1,\n\n2," + field + b"\n")
    reader = CsvReader(path)
    reader.declare(["text", kind])
    with pytest.raises(CsvError) as caught:
        # The blank line counts, and the blank field is one of each kind.
        reader.next_batch(10)
    assert caught.value.problems == [(4, "Total", seen, expected)]
    assert str(caught.value) == f'line 4, column "Total": "{seen}", expected {expected}'


def test_several_problems_are_told_at_once(write: Write) -> None:
    path = write("a,b\n1\nx,y\n1,2,3\n" + "z,1\n" * 50)
    reader = CsvReader(path)
    reader.declare(["figure", "figure"])
    with pytest.raises(CsvError) as caught:
        reader.next_batch(1000)
    problems = caught.value.problems
    assert problems[:4] == [
        (2, None, "1 field", "2 fields"),
        (3, "a", "x", "a whole number"),
        (3, "b", "y", "a whole number"),
        (4, None, "3 fields", "2 fields"),
    ]
    assert len(problems) == 20
    assert str(caught.value) == 'line 2: "1 field", expected 2 fields (and 19 more)'
    with pytest.raises(CsvError) as again:
        reader.next_batch(1000)
    assert again.value.problems == problems


def test_an_error_survives_the_way_between_processes(write: Write) -> None:
    with pytest.raises(CsvError) as caught:
        CsvReader(write(""))
    copy = pickle.loads(pickle.dumps(caught.value))
    assert copy.problems == caught.value.problems


@pytest.mark.parametrize(
    ("content", "line", "seen", "expected"),
    [
        (b"", 1, "an empty file", "a header with the names of the columns"),
        (b"\xef\xbb\xbf\n\n", 1, "an empty file", "a header with the names of the columns"),
        (b"a,b,a \n", 1, "a ", "a name that no other column has"),
        (b"a,,c\n", 1, "", "a name for column 2"),
        (b"\n\na;b; \n", 3, "", "a name for column 3"),
        (b"a,b\xff\n", 1, "bytes ff", "UTF-8 text"),
        (b"a\rb\r", 1, "a\\rb\\r", "lines that end in LF or CRLF"),
        (b'a,"b\n', 1, "the end of the file inside quotes", "a closing quote"),
        (b'"a"b\n', 1, "text after a closing quote", "names separated by delimiters"),
    ],
)
def test_a_header_that_is_none(write: Write, content: bytes, line: int, seen: str, expected: str) -> None:
    with pytest.raises(CsvError) as caught:
        CsvReader(write(content))
    assert caught.value.problems == [(line, None, seen, expected)]


def test_an_unclosed_quote_ends_after_a_mebibyte(write: Write) -> None:
    reader = CsvReader(write('a\n1\n"2\n' + "3\n" * 2_000_000))
    reader.declare(["figure"])
    assert reader.next_batch(1) is not None
    with pytest.raises(CsvError, match="1 MiB") as caught:
        reader.next_batch(1)
    assert [problem[0] for problem in caught.value.problems] == [3]


def test_an_unreadable_file_is_the_systems_error(tmp_path: Path, write: Write) -> None:
    missing = tmp_path / "missing.csv"
    with pytest.raises(FileNotFoundError) as caught:
        CsvReader(missing)
    assert caught.value.filename == str(missing)
    with pytest.raises(IsADirectoryError):
        CsvReader(tmp_path)
    with pytest.raises(OSError, match="gzip"):
        CsvReader(write(b"", "t.csv").rename(tmp_path / "plain.gz"))


def test_a_damaged_gzip_is_an_error_and_never_a_short_table(write: Write) -> None:
    path = write("a\n" + "\n".join(map(str, range(50_000))), "table.csv.gz")
    data = path.read_bytes()
    broken = bytearray(data)
    broken[len(data) // 2] ^= 0xFF
    for damaged in (data[: len(data) // 2], data[:-4], bytes(broken)):
        path.write_bytes(damaged)
        with pytest.raises(OSError, match="gzip data are cut short or damaged"):
            list(batches(path, ["figure"], 10_000))


def test_calls_that_make_no_sense(write: Write) -> None:
    reader = CsvReader(write("a,b\n1,2\n"))
    with pytest.raises(ValueError, match="declare"):
        reader.next_batch(1)
    with pytest.raises(ValueError, match="1 kinds are declared for 2 columns"):
        reader.declare(["text"])
    with pytest.raises(ValueError, match="expected text, code, figure, mark or skip"):
        reader.declare(["text", "number"])  # type: ignore[list-item]
    reader.declare(["text", "code"])
    with pytest.raises(ValueError, match="seeded twice"):
        reader.seed(1, ["x", "x"])
    with pytest.raises(ValueError, match="at least one row"):
        reader.next_batch(0)
    batch = reader.next_batch(1)
    assert batch is not None
    with pytest.raises(ValueError, match="column 0 is not declared as figure"):
        batch.figures(0)
    with pytest.raises(ValueError, match="no column 2"):
        batch.text(2)
    with pytest.raises(ValueError, match="before the first batch"):
        reader.declare(["text", "text"])


def test_threads_share_a_reader_without_losing_rows(write: Write) -> None:
    reader = CsvReader(write("a\n" + "\n".join(map(str, range(20_000)))))
    reader.declare(["figure"])
    found: list[int] = []

    def work() -> None:
        while (batch := reader.next_batch(100)) is not None:
            found.extend(figures(batch, 0))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == list(range(20_000))


# A single blank would make the whole line blank; a lone surrogate is no text; NUL is refused on purpose.
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


@given(
    rows=st.lists(st.tuples(texts, texts, texts), max_size=20),
    delimiter=st.sampled_from(",;\t"),
    end=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    size=st.integers(1, 25),
)
def test_what_python_writes_is_read_back(
    rows: list[tuple[str, str, str]], delimiter: str, end: str, quoting: int, size: int
) -> None:
    stream = io.StringIO()
    # Every dialect of the writer is within one literal type only.
    writer = csv.writer(stream, delimiter=delimiter, lineterminator=end, quoting=quoting)  # type: ignore[arg-type]
    writer.writerow(["a", "b", "c"])
    starts = []
    for row in rows:
        starts.append(stream.getvalue().count("\n") + 1)
        writer.writerow(row)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "table.csv")
        path.write_bytes(stream.getvalue().encode())
        reader = CsvReader(path)
        reader.declare(["text", "code", "text"])
        read: list[tuple[str, str, str]] = []
        seen: list[int] = []
        while (batch := reader.next_batch(size)) is not None:
            assert 0 < batch.rows <= size
            values = reader.dictionary(1)
            codes = np.frombuffer(batch.codes(1), dtype=np.int32)
            read.extend(zip(batch.text(0), [values[code] for code in codes], batch.text(2), strict=True))
            seen.extend(lines(batch))
    assert read == [tuple(field.strip(BLANKS) for field in row) for row in rows]
    assert seen == starts


@given(st.lists(st.integers(-LARGEST_FIGURE, LARGEST_FIGURE) | st.none(), min_size=1, max_size=50))
def test_figures_are_exact(values: list[int | None]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "table.csv")
        path.write_text("a,b\n" + "".join(f"{'' if v is None else v},1\n" for v in values))
        assert figures(only(path, "figure", "mark"), 0) == [ABSENT if v is None else v for v in values]


# Bytes that mean something to the reader come often.
unruly = st.lists(
    st.sampled_from([b'"', b'""', b",", b";", b"\t", b"\n", b"\r\n", b"\r", b" ", b"1", b"\0", b"\xff", b"-"])
    | st.binary(max_size=4),
    max_size=60,
).map(b"".join)


@given(
    header=st.sampled_from([b"", b"a\n", b"a,b\n", b"\xef\xbb\xbfa;b;c\r\n"]),
    body=unruly,
    name=st.sampled_from(["table.csv", "table.csv.gz"]),
    kinds=st.lists(st.sampled_from(["text", "code", "figure", "mark", "skip"]), min_size=1, max_size=7),
    compress=st.booleans(),
)
def test_any_bytes_are_rows_or_an_error(
    header: bytes, body: bytes, name: str, kinds: list[_core.Kind], compress: bool
) -> None:
    content = gzip.compress(header + body, compresslevel=1) if compress else header + body
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(content)
        error = first_error(path, kinds)
    if isinstance(error, CsvError):
        assert 1 <= len(error.problems) <= 20
        assert all(line >= 1 and len(seen) <= 60 for line, _, seen, _ in error.problems)
        assert "\n" not in str(error)
    elif error is not None:
        assert name.endswith(".gz")


def first_error(path: Path, kinds: list[_core.Kind]) -> CsvError | OSError | None:
    try:
        reader = CsvReader(path)
        width = len(reader.header)
        reader.declare((kinds * (width // len(kinds) + 1))[:width])
        while (batch := reader.next_batch(4)) is not None:
            assert batch.rows == len(lines(batch))
    except (CsvError, OSError) as error:
        return error
    return None
