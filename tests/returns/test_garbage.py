"""Whatever a file holds: its figures, or one SuffrageError; never anything else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suffrage.errors import SuffrageError
from suffrage.law import built_in
from suffrage.returns import Batch, read_returns
from suffrage.returns.cvr import read_cast_vote_records
from suffrage.returns.open import read_ballots
from tests.returns.made import FIELDS, small, write_csv, write_parquet
from tests.returns.reports import report_of, write

ELECTION = small()
STATUTE = built_in("ussr-1937")

READERS: dict[str, Callable[[Path], Iterator[Batch]]] = {
    "returns": lambda path: read_returns(path, ELECTION, FIELDS),
    "ballots": lambda path: read_ballots(path, ELECTION, STATUTE),
    "cvr": lambda path: read_cast_vote_records(path, ELECTION, STATUTE),
}
FILES = (
    "returns.csv",
    "returns.csv.gz",
    "returns.parquet",
    "ballots.csv",
    "ballots.parquet",
    "cvr.json",
    "cvr.json.gz",
)


def read(path: Path) -> str:
    """What a reader makes of a file: nothing, or the problem that it tells."""
    try:
        for batch in READERS[path.name.partition(".")[0]](path):
            assert len(batch)
    except SuffrageError as error:
        refused = error
    else:
        return ""
    assert refused.problems
    assert refused.exit_code in (1, 2)
    assert all(str(problem).isprintable() for problem in refused.problems)
    return str(refused)


class Contents(dict[str, bytes]):
    """The contents of files by their names, not shown where a test fails."""

    def __repr__(self) -> str:
        return f"Contents of {', '.join(self)}"


@pytest.fixture(scope="module")
def proper(tmp_path_factory: pytest.TempPathFactory) -> Contents:
    """A small proper file of each kind, as bytes."""
    folder = tmp_path_factory.mktemp("proper")
    figures = ["unit", "ballot", *FIELDS, "petrov", "semenov"], [["p1", 1, *range(7)], ["p2", 2, *range(7)]]
    marks = ["unit", "petrov", "semenov", "sivakov"], [["p1", 1, 0, 0], ["p2", None, 1, 0]]
    ballots = [("p1", "seat", 1, (1, -1, 0)), ("p2", "seat", 1, (0, 1, 0))]
    for name in FILES:
        if name.startswith("cvr"):
            write(folder / name, report_of(ELECTION, ballots).whole())
        else:
            table = figures if name.startswith("returns") else marks
            (write_parquet if name.endswith("parquet") else write_csv)(folder / name, *table)
        assert read(folder / name) == ""
    return Contents((name, (folder / name).read_bytes()) for name in FILES)


@pytest.mark.parametrize("name", FILES)
@given(content=st.binary(max_size=400))
def test_random_bytes(name: str, content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("bytes") / name
    path.write_bytes(content)
    if "csv" not in name or not content.strip():
        assert read(path)
    read(path)


@pytest.mark.parametrize("name", FILES)
@given(data=st.data())
def test_bytes_changed_here_and_there(
    name: str, data: st.DataObject, proper: Contents, tmp_path_factory: pytest.TempPathFactory
) -> None:
    content = bytearray(proper[name])
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(content) - 1))
        end = data.draw(st.integers(start, min(len(content), start + 4)))
        content[start:end] = data.draw(st.binary(max_size=4))
    path = tmp_path_factory.mktemp("changed") / name
    path.write_bytes(content)
    read(path)


@pytest.mark.parametrize("name", FILES)
@given(data=st.data())
def test_files_that_end_early(
    name: str, data: st.DataObject, proper: Contents, tmp_path_factory: pytest.TempPathFactory
) -> None:
    whole = proper[name]
    path = tmp_path_factory.mktemp("cut") / name
    path.write_bytes(whole[: data.draw(st.integers(0, len(whole) - 1))])
    if not name.endswith(".csv"):
        assert read(path)
    read(path)


@given(
    name=st.sampled_from(("returns.csv", "ballots.csv")),
    text=st.text(
        st.sampled_from('unitp12,;\t"\n\r0-?-petrovcsfld \u0661\ufeff\0') | st.characters(codec="utf-8"), max_size=60
    ),
    head=st.sampled_from(
        ("", "unit,valid\n", "unit,field,figure\n", "unit,petrov,semenov,sivakov\n", "unit,contest,ballot,1\n")
    ),
)
def test_text_that_is_almost_a_table(name: str, text: str, head: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("text") / name
    path.write_bytes((head + text).encode())
    read(path)
