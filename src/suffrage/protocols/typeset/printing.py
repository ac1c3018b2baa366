"""Many papers into files, on every processor, in memory that does not grow with their number."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

from suffrage.count import ElectionCount
from suffrage.law import Statute
from suffrage.protocols.published import Identity, PublishedProtocol, Signer
from suffrage.protocols.typeset.press import Press

Paper = tuple[Path, Mapping[str, Any], str, Sequence[Signer]]
"""Where a paper is written, the record of its protocol, the hash, and who signed it."""

_MOST_PRESSES = 4
_WAITING = 4
"""How many papers wait for each press: enough that none stands idle."""


def print_papers(
    papers: Iterable[Paper],
    statute: Statute,
    progress: Callable[[int], None] = lambda done: None,
    *,
    presses: int | None = None,
) -> int:
    """Set papers and write each to its file; give how many there were.

    `papers` is read as they are set, and `progress` is called with the number done so far. Threads do the work, since
    Typst runs outside the interpreter's lock: they share its fonts, and an interruption leaves nothing running. The
    first error ends the printing and is raised; OSError where a file cannot be written.
    """
    number = presses or min(os.cpu_count() or 1, _MOST_PRESSES)
    own = threading.local()

    def print_one(paper: Paper) -> None:
        if not hasattr(own, "press"):
            own.press = Press(statute)
        path, record, sha256, signers = paper
        path.write_bytes(own.press.paper(record, sha256, signers))

    done = 0
    pending: set[Future[None]] = set()
    workers = ThreadPoolExecutor(number, "press")
    try:
        for paper in papers:
            pending.add(workers.submit(print_one, paper))
            if len(pending) >= number * _WAITING:
                done, pending = _collected(done, pending, progress)
        while pending:
            done, pending = _collected(done, pending, progress)
    finally:
        workers.shutdown(wait=True, cancel_futures=True)
    return done


def _collected(done: int, pending: set[Future[None]], progress: Callable[[int], None]) -> tuple[int, set[Future[None]]]:
    """Wait for the next papers; raise what went wrong with them."""
    finished, waiting = wait(pending, return_when=FIRST_COMPLETED)
    for future in finished:
        future.result()
    progress(done + len(finished))
    return done + len(finished), waiting


def print_summary(
    path: Path, counted: ElectionCount, protocols: Mapping[Identity, PublishedProtocol] | None = None
) -> None:
    """Write the summary of a count; with `protocols` it names the hashes and signers of those of the centre.

    ValueError where the election has no contest; OSError where the file cannot be written.
    """
    path.write_bytes(Press(counted.statute).summary_of(counted, protocols))
