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
    the return stands all the same; empty while there is none. `about` is the candidate or the decision that a
    finding is about, where it is not a return.
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
    about: str = ""

    @property
    def open_error(self) -> bool:
        """Whether it leaves the contest undecided."""
        return self.severity is Severity.ERROR and not self.settled_by

    @property
    def said(self) -> str:
        """Which return, what does not hold, the two sides, and the article."""
        sides = [str(side) for side in (self.left, self.right) if side is not None]
        figures = f" ({' against '.join(sides)})" if sides else ""
        article = f", article {self.article}" if self.article else ""
        about = f", {self.about}" if self.about else ""
        return f"{self.unit or self.contest}{about}: {self.check}{figures}{article}"

    def __str__(self) -> str:
        settled = f"; settled by decision {self.settled_by}" if self.settled_by else ""
        return f"{self.severity} in ballot {self.ballot}, {self.said}{settled}"
