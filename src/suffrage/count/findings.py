"""What is found in returns: errors, which leave a contest undecided, and remarks, which do not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding weighs; the law says so for each check."""

    ERROR = "error"
    REMARK = "remark"


@dataclass(frozen=True, slots=True)
class Finding:
    """One return that does not hold, or something in a contest that the law does not allow.

    `left` and `right` are the two sides of the check as they were counted. `settled_by` is the decision that says how
    the return stands all the same; empty while there is none.
    """

    severity: Severity
    contest: str
    ballot: int
    unit: str
    check: str
    left: int | None = None
    right: int | None = None
    article: str = ""
    settled_by: str = ""
    line: int | None = None

    @property
    def open_error(self) -> bool:
        """Whether it leaves the contest undecided."""
        return self.severity is Severity.ERROR and not self.settled_by

    def __str__(self) -> str:
        figures = f" ({self.left} against {self.right})" if self.left is not None and self.right is not None else ""
        single = f" ({self.left})" if self.left is not None and self.right is None else ""
        article = f", article {self.article}" if self.article else ""
        settled = f"; settled by decision {self.settled_by}" if self.settled_by else ""
        where = self.unit or self.contest
        return f"{where}, ballot {self.ballot}: {self.severity}: {self.check}{figures}{single}{article}{settled}"
