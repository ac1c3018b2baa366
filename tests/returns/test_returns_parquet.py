"""Types of the columns of Parquet files of returns."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from suffrage.election import Election
from suffrage.errors import ReturnsError
from suffrage.returns import Return, read_returns
from tests.returns.made import (
    FIELDS,
    Key,
    as_returns,
    small,
)


def read(path: Path, election: Election) -> dict[Key, Return]:
    return as_returns(read_returns(path, election, FIELDS), election)


def refused(path: Path, election: Election) -> ReturnsError:
    with pytest.raises(ReturnsError) as caught:
        list(read_returns(path, election, FIELDS))
    return caught.value


def csv_of(folder: Path, text: str, name: str = "returns.csv") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


# Types of Parquet columns


def parquet(folder: Path, **columns: Any) -> Path:
    path = folder / "returns.parquet"
    pq.write_table(pa.table(columns), path)
    return path


@pytest.mark.parametrize(
    "kind", [pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64()]
)
def test_every_type_of_whole_number_is_read(kind: pa.DataType, tmp_path: Path) -> None:
    found = read(parquet(tmp_path, unit=["p1", "p2"], valid=pa.array([100, None], kind)), small())
    assert [dict(found[unit, "seat", 1].figures) for unit in ("p1", "p2")] == [{"valid": 100}, {}]


@pytest.mark.parametrize("figure", [2**64 - 1, 10**12 + 1, 2**63])
def test_large_unsigned_figures_are_refused(figure: int, tmp_path: Path) -> None:
    error = refused(parquet(tmp_path, unit=["p2", "p1"], valid=pa.array([1, figure], pa.uint64())), small())
    assert str(error).startswith("returns.parquet, row 2, valid: not a figure")


@pytest.mark.parametrize("figure", [-(2**63), 2**63 - 1, -(10**12) - 1])
def test_large_signed_figures_are_refused(figure: int, tmp_path: Path) -> None:
    error = refused(parquet(tmp_path, unit=["p1"], valid=pa.array([figure], pa.int64())), small())
    assert str(error).startswith("returns.parquet, row 1, valid: not a figure")


@pytest.mark.parametrize(
    "column",
    [
        pa.array([1.0]),
        pa.array(["1"]),
        pa.array([Decimal(1)]),
        pa.array([b"1"]),
        pa.array([[1]]),
        pa.array([{"a": 1}]),
        pa.array(["1"]).dictionary_encode(),
        pa.array([1.5], pa.float32()),
        pa.array([1], pa.timestamp("s")),
        pa.array([1], pa.date32()),
    ],
    ids=lambda column: str(column.type),
)
def test_columns_of_other_types_are_no_figures(column: pa.Array[Any], tmp_path: Path) -> None:
    error = refused(parquet(tmp_path, unit=["p1"], valid=column), small())
    assert str(error).startswith("returns.parquet, column valid: not figures; seen: ")


def test_a_column_of_nothing_is_a_figure_not_given(tmp_path: Path) -> None:
    found = read(parquet(tmp_path, unit=["p1"], valid=pa.nulls(1), petrov=[3]), small())
    assert found["p1", "seat", 1] == Return("p1", "seat", 1, {}, {"petrov": 3})


@pytest.mark.parametrize(
    "column",
    [
        pa.array(["p1", "p2"]),
        pa.array(["p1", "p2"], pa.large_string()),
        pa.array([b"p1", b"p2"]),
        pa.array(["p1", "p2"], pa.string_view()),
        pa.array(["p1", "p2"]).dictionary_encode(),
        pa.DictionaryArray.from_arrays(pa.array([1, 0], pa.int8()), pa.array([b"p2", b"p1"])),
    ],
    ids=lambda column: str(column.type),
)
def test_every_type_of_text_names_a_unit(column: pa.Array[Any], tmp_path: Path) -> None:
    found = read(parquet(tmp_path, unit=column, ballot=[1, 2], valid=[3, 4]), small())
    assert {key: dict(entry.figures) for key, entry in found.items()} == {
        ("p1", "seat", 1): {"valid": 3},
        ("p2", "seat", 2): {"valid": 4},
    }


@pytest.mark.parametrize(
    "column",
    [
        pa.array(["p1", None]),
        pa.nulls(2),
        pa.array(["p1", None]).dictionary_encode(),
        pa.array([b"p1", b"\xff\xfe"]),
        pa.array([["p1"], ["p2"]]),
        pa.array([{"a": 1}, {"a": 2}]),
        pa.array([1, 2]),
        pa.array([1.5, 2.5]),
        pa.array([True, False]),
    ],
    ids=lambda column: str(column.type),
)
def test_what_names_no_unit_is_refused(column: pa.Array[Any], tmp_path: Path) -> None:
    refused(parquet(tmp_path, unit=column, valid=[3, 4]), small())


def test_a_doubled_column_is_refused(tmp_path: Path) -> None:
    table = pa.Table.from_arrays([pa.array(["p1"]), pa.array([1]), pa.array([2])], ["unit", "valid", "valid"])
    path = tmp_path / "returns.parquet"
    pq.write_table(table, path)
    assert "valid" in str(refused(path, small()))
    assert "valid" in str(refused(csv_of(tmp_path, "unit,valid,valid\np1,1,2\n"), small()))


def test_text_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    units = pa.Array.from_buffers(pa.string(), 1, pa.array([b"\xff\xfe"]).buffers())
    error = refused(parquet(tmp_path, unit=units, valid=[1]), small())
    assert "UTF-8" in str(error)
