"""The plainest check: a protocol that sums up is the sum of the protocols whose hashes it names, and of no others.

It needs no law and no count, only addition; it is made beside the recount so that a mistake in the one shows in the
other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from suffrage.audit.report import Findings, Stage


class Sums:
    """Adds up protocols as they pass, those beneath before those above."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._open: dict[str, tuple[dict[str, int], list[int] | None, str]] = {}

    def add(self, place: int, name: str, sha256: str, record: Mapping[str, Any]) -> None:
        """The next protocol of a file; the record is that of a count, so that its form is known."""
        votes = [line["votes"] for line in record["votes"]] if "votes" in record else None
        below = record.get("below")
        if below:
            found = [self._open.pop(beneath, None) for beneath in below]
            reason = self._difference(record["figures"], votes, found)
            if reason:
                self._findings.add(Stage.PROTOCOLS, place, name, reason)
        self._open[sha256] = record["figures"], votes, name

    @staticmethod
    def _difference(
        figures: Mapping[str, int],
        votes: list[int] | None,
        found: list[tuple[dict[str, int], list[int] | None, str] | None],
    ) -> str:
        beneath = [item for item in found if item is not None]
        if len(beneath) != len(found):
            return "names a protocol beneath it that is not there, or twice"
        for field, total in figures.items():
            if total != sum(given.get(field, 0) for given, _, _ in beneath):
                return f"{field} is not the sum of the protocols beneath it"
        if votes is not None:
            columns = [given for _, given, _ in beneath if given is not None]
            if len(columns) != len(beneath) or votes != [sum(column) for column in zip(*columns, strict=True)]:
                return "the votes are not the sums of the protocols beneath it"
        return ""
