"""Elections of any size for measuring; everything in them is invented."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from suffrage.election import Candidate, Contest, Election, Kind, Unit, write_folder

NAMES = 4


def _election(identifier: str, units: list[Unit], contests: list[Contest]) -> Election:
    candidates = tuple(
        Candidate(contest.id, f"{contest.id}-c{number}", number, f"Candidate {number}")
        for contest in contests
        for number in range(1, NAMES + 1)
    )
    return Election(
        identifier,
        f"Made up: {identifier}",
        "ussr-1937",
        Kind.DEMO,
        tuple(units),
        tuple(contests),
        candidates,
        polling_day=date(2026, 12, 13),
    )


def returns_folder(folder: Path, precincts: int, contests: int) -> None:
    """A folder of `precincts` x `contests` returns in one wide CSV file."""
    districts = max(precincts // 100, 1)
    units = [Unit("land", kind="country")]
    units += [Unit(f"d{n}", kind="district", parent="land") for n in range(districts)]
    units += [Unit(f"p{n}", kind="precinct", parent=f"d{n % districts}") for n in range(precincts)]
    election = _election("returns", units, [Contest(f"contest-{n}", "land") for n in range(contests)])
    folder.mkdir(parents=True)
    write_folder(election, folder)
    rng = np.random.default_rng(1)
    schema: pa.Schema | None = None
    with (folder / "returns.csv").open("wb") as file:
        writer: pa.csv.CSVWriter | None = None
        for contest in election.contests:
            registered = rng.integers(300, 2500, precincts)
            votes = [rng.binomial(registered, 0.15) for _ in range(NAMES)]
            all_struck, invalid = rng.binomial(registered, 0.02), rng.binomial(registered, 0.01)
            valid = np.sum(votes, axis=0) + all_struck
            issued = valid + invalid + (rng.random(precincts) < 0.1)
            columns = {
                "unit": pa.array([f"p{n}" for n in range(precincts)]),
                "contest": pa.array([contest.id] * precincts),
                "ballot": pa.array(np.ones(precincts, np.int64)),
                "registered": pa.array(registered + invalid + all_struck),
                "issued": pa.array(issued),
                "invalid": pa.array(invalid),
                "valid": pa.array(valid),
                "all_struck": pa.array(all_struck),
                **{str(n + 1): pa.array(column) for n, column in enumerate(votes)},
            }
            table = pa.table(columns)
            if writer is None:
                schema = table.schema
                writer = pa.csv.CSVWriter(file, schema, write_options=pa.csv.WriteOptions(quoting_style="none"))
            writer.write_table(table)
        if writer is not None:
            writer.close()


def ballots_folder(folder: Path, ballots: int, districts: int) -> None:
    """A folder of open ballots in Parquet: four names, one seat a district, ballots in the order of the districts."""
    units = [Unit("land", kind="country")]
    roll = ballots // districts * 5 // 4
    units += [Unit(f"d{n:04d}", kind="district", parent="land", registered=roll) for n in range(districts)]
    election = _election("ballots", units, [Contest(unit.id, unit.id) for unit in units[1:]])
    folder.mkdir(parents=True)
    write_folder(election, folder)
    rng = np.random.default_rng(1)
    ids = pa.array([unit.id for unit in units[1:]])
    schema = pa.schema(
        [("unit", pa.dictionary(pa.int32(), pa.string())), *((str(n + 1), pa.bool_()) for n in range(NAMES))]
    )
    rows = 1_000_000
    with pq.ParquetWriter(folder / "ballots.parquet", schema, compression="zstd") as writer:
        for first in range(0, ballots, rows):
            size = min(rows, ballots - first)
            district = (np.arange(first, first + size) * districts // ballots).astype(np.int32)
            luck, choice = rng.integers(0, 100, size), rng.integers(0, NAMES, size)
            # 3 % strike every name, 3 % leave any number of names.
            marks = [((choice == n) & (luck >= 3)) | ((luck >= 97) & (rng.random(size) < 0.5)) for n in range(NAMES)]
            columns: list[Any] = [pa.DictionaryArray.from_arrays(district, ids), *map(pa.array, marks)]
            writer.write_table(pa.Table.from_arrays(columns, schema=schema))
