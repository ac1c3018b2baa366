"""Many papers into files, on every processor, in memory that does not grow with their number."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from suffrage.count import ElectionCount
from suffrage.law import Statute
from suffrage.protocols.published import Identity, PublishedProtocol, Signer
from suffrage.protocols.typeset.press import Press
from suffrage.typeset.presses import print_side_by_side

Paper = tuple[Path, Mapping[str, Any], str, Sequence[Signer]]
"""Where a paper is written, the record of its protocol, the hash, and who signed it."""

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

    def print_one(press: Press, paper: Paper) -> None:
        path, record, sha256, signers = paper
        path.write_bytes(press.paper(record, sha256, signers))

    return print_side_by_side(papers, lambda: Press(statute), print_one, progress, presses=presses, waiting=_WAITING)


def print_summary(
    path: Path, counted: ElectionCount, protocols: Mapping[Identity, PublishedProtocol] | None = None
) -> None:
    """Write the summary of a count; with `protocols` it names the hashes and signers of those of the centre.

    ValueError where the election has no contest; OSError where the file cannot be written.
    """
    path.write_bytes(Press(counted.statute).summary_of(counted, protocols))
