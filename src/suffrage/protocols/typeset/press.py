"""The press: sheets set by Typst into PDF, the same bytes for the same data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from suffrage.count import ElectionCount
from suffrage.law import Statute
from suffrage.protocols.published import Identity, Level, PublishedProtocol, Signer
from suffrage.protocols.typeset.sheet import Sheet, sheet_of
from suffrage.protocols.typeset.summary import central_of, central_published, records_of, summary_sheet
from suffrage.typeset.setting import new_compiler, set_pdf

TEMPLATES = Path(__file__).parent / "templates"

_PAPER, _SUMMARY = "paper.typ", "summary.typ"

Signed = tuple[Mapping[str, Any], str, Sequence[Signer]]
"""A protocol's record, its hash, and who signed it."""


class Press:
    """One Typst compiler with the fonts that come with it; reuse it for many papers. For one thread at a time.

    A paper depends on the record, its signers, the statute and the version of Typst, and on nothing else: no fonts of
    the system, no clock, no network.
    """

    def __init__(self, statute: Statute) -> None:
        self._statute = statute
        self._compiler = new_compiler(TEMPLATES)

    def paper(self, record: Mapping[str, Any], sha256: str, signers: Sequence[Signer]) -> bytes:
        """One protocol as PDF. KeyError or TypeError where the record is no protocol."""
        return self._set(_PAPER, sheet_of(record, sha256, signers, self._statute))

    def summary(self, protocols: Iterable[Signed]) -> bytes:
        """The summary of an election as PDF: protocols of districts (either ballot) and of the centre, others ignored.

        Contests stand in the order in which they come. ValueError where no district is among them.
        """
        records, central = [], []
        for record, sha256, signers in protocols:
            if record["level"] == Level.CENTRE:
                central.append(central_of(record, sha256, signers))
            else:
                records.append(record)
        return self._set(_SUMMARY, summary_sheet(records, central, self._statute))

    def summary_of(
        self, counted: ElectionCount, protocols: Mapping[Identity, PublishedProtocol] | None = None
    ) -> bytes:
        """The summary of a count as PDF, contests that have not reported included.

        With `protocols` it names the hashes and signers of those of the centre. ValueError where there is no contest.
        """
        central = central_published(counted, protocols or {})
        return self._set(_SUMMARY, summary_sheet(records_of(counted), central, self._statute))

    def _set(self, template: str, sheet: Sheet) -> bytes:
        return set_pdf(self._compiler, TEMPLATES / template, sheet)
