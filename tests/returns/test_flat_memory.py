"""Memory does not grow with the file: each reader in a process of its own, on few rows and on many."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from tests.returns.made import small
from tests.returns.reports import Report, contest, position, record, selection, snapshot

pytestmark = [
    pytest.mark.slow,
    # The peak that getrusage tells is that of the process which started this one, where that was larger.
    pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells the peak of one process"),
]

READ = """
import sys
from pathlib import Path
from suffrage.law import built_in
from suffrage.returns import read_returns
from suffrage.returns.cvr import read_cast_vote_records
from suffrage.returns.open import read_ballots
from tests.returns.made import FIELDS, small

path, statute = Path(sys.argv[1]), built_in("ussr-1937")
precincts = int(sys.argv[2])
election = small(precincts=precincts)
if path.name.startswith("returns"):
    batches = read_returns(path, election, FIELDS)
elif path.name.startswith("ballots"):
    batches = read_ballots(path, election, statute)
else:
    batches = read_cast_vote_records(path, election, statute)
rows = 0
for batch in batches:
    rows += len(batch)
(peak,) = (line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM:"))
print(rows, int(peak) // 1024)
"""
ALLOWED = 60
"""MiB by which many rows may need more than few: what the readers hold at a time, and what allocators keep."""


def peak(path: Path, precincts: int) -> tuple[int, int]:
    """The returns that come of a file, and the most memory that reading it took, in MiB."""
    done = subprocess.run(
        [sys.executable, "-c", READ, str(path), str(precincts)], capture_output=True, text=True, check=True, timeout=120
    )
    rows, memory = done.stdout.split()
    return int(rows), int(memory)


def table(rows: int, precincts: int, head: str) -> pa.Table:
    units = pa.array([f"p{n + 1}" for n in range(precincts)])
    numbers = np.arange(rows)
    text = pa.DictionaryArray.from_arrays(pa.array(numbers % precincts, pa.int32()), units)
    columns = {name: pa.array((numbers + n) % 2, pa.int8()) for n, name in enumerate(("petrov", "semenov", "sivakov"))}
    return pa.table({"unit": text.cast(pa.string()), **({"valid": pa.array(numbers % 3)} if head else {}), **columns})


@pytest.mark.parametrize("name", ["returns.csv", "returns.parquet", "ballots.csv", "ballots.parquet"])
def test_two_million_rows(name: str, tmp_path: Path) -> None:
    peaks = []
    for rows in (100_000, 2_000_000):
        path = tmp_path / name
        found = table(rows, 20, "valid" if name.startswith("returns") else "")
        if name.endswith("csv"):
            pa.csv.write_csv(found, path, pa.csv.WriteOptions(quoting_style="none"))
        else:
            pq.write_table(found, path, row_group_size=1 << 17)
        returns, memory = peak(path, 20)
        assert returns == (rows if name.startswith("returns") else 20)
        peaks.append(memory)
    assert peaks[1] - peaks[0] < ALLOWED


@pytest.mark.parametrize("records_first", [False, True])
def test_fifty_thousand_records(records_first: bool, tmp_path: Path) -> None:
    report = Report(small(precincts=20), "id")
    marks = contest("seat", selection("petrov", position("yes", "yes")), selection("semenov", position("no", "no", 0)))
    one = json.dumps(record(snapshot("s", marks), unit="p7"))
    before, after = json.dumps(report.whole(records_first)).split('"CVR": []')
    peaks = []
    for records in (5_000, 50_000):
        path = tmp_path / "cvr.json"
        path.write_text(f'{before}"CVR": [{",".join([one] * records)}]{after}')
        returns, memory = peak(path, 20)
        assert returns == 1
        peaks.append(memory)
    print(peaks)
    assert peaks[1] - peaks[0] < ALLOWED
