"""The exceptions of suffrage: every error that a user can cause, drawn in one place.

SuffrageError
    LawError        a statute file
    ElectionError   an election folder
    PaperError      a ballot paper that cannot be set
    ReturnsError    figures, ballots
    CountError      a count that was asked for what it cannot do
    ProtocolError   protocols, keys, rosters, signatures
    AuditError      a bundle that cannot be examined at all
    BeleniosError   keys, credentials, sealed ballots, archives
    ImportingError  a recipe, or a source file that a recipe reads
    SimulationError a simulation that cannot be run
    ServiceError    an act of the online service that cannot be done
    RollError       a file of electors that cannot be read at all
    AuthorityError  what the credential authority is given, keeps or sends

Each carries its problems: where, what was seen, what was expected. The command line prints them and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

DOES_NOT_HOLD = 1
"""Exit code: what was checked does not hold, malformed records included."""

WRONG_USE = 2
"""Exit code: wrong use, or input that cannot be read at all."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with an input.

    `place` is a file, with line and field where they are known. `seen` is the value as it stood there,
    `expected` says what would have been right. Either may be empty where there is nothing to show.
    """

    place: str
    message: str
    seen: str = ""
    expected: str = ""

    def __str__(self) -> str:
        text = f"{self.place}: {self.message}" if self.place else self.message
        if self.seen:
            text += f"; seen: {shown(self.seen)}"
        if self.expected:
            text += f"; expected: {self.expected}"
        return text


def shown(value: object, limit: int = 60) -> str:
    """A value as an error message shows it: one line, at most `limit` characters."""
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(value))
    return text if len(text) <= limit else text[: limit - 1] + "\N{HORIZONTAL ELLIPSIS}"


class SuffrageError(Exception):
    """Something that the caller can put right. `problems` is never empty."""

    def __init__(self, problems: Problem | Iterable[Problem], *, exit_code: int = DOES_NOT_HOLD) -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        self.exit_code = exit_code
        super().__init__("\n".join(str(problem) for problem in self.problems))

    @classmethod
    def unreadable(cls, place: str, error: OSError) -> SuffrageError:
        """A file that the system would not give us; exit code 2."""
        reason = error.strerror or str(error) or type(error).__name__
        return cls(Problem(place, f"cannot be read: {reason}"), exit_code=WRONG_USE)


class LawError(SuffrageError):
    """A statute file that is not a whole, consistent law; or a law that nobody knows."""


class ElectionError(SuffrageError):
    """An election folder whose description is not whole or not consistent."""


class PaperError(SuffrageError):
    """A ballot paper that cannot be set as asked, or is not the one that was signed off."""


class ReturnsError(SuffrageError):
    """Figures or ballots that are malformed (not: that do not add up, which is a finding)."""


class CountError(SuffrageError):
    """A count or comparison that cannot be made of what was given."""


class ProtocolError(SuffrageError):
    """A protocol that cannot be drawn or signed, a key, a roster or a signature that is not right."""


class AuditError(SuffrageError):
    """A bundle that cannot be examined at all. What is examined and does not hold is a failure, not an error."""


class BeleniosError(SuffrageError):
    """A key, a credential, a sealed ballot or an archive that is not what the Belenios specification asks."""


class ImportingError(SuffrageError):
    """A recipe that is not whole, or a source file that is not as the recipe says."""


class SimulationError(SuffrageError):
    """A simulation whose figures cannot make an election."""


class RollError(SuffrageError):
    """A file of electors that cannot be read at all. What is wrong with a line is that line's fate, not an error."""


class AuthorityError(SuffrageError):
    """An authority's file that is not whole, a codes file that does not open, letters or mail that cannot be made."""


class ServiceError(SuffrageError):
    """An act of the online service that cannot be done: not yet, not any more, or not by this person."""
