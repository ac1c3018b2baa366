"""What the core refuses, as an error that names the file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from suffrage import _core
from suffrage.errors import DOES_NOT_HOLD, WRONG_USE, BeleniosError, Problem, shown


@contextmanager
def about(place: Path | str) -> Iterator[None]:
    """Say of whatever the core refuses in this block which file, or which option, it was in; exit code 1.

    What the system refuses (a missing file, a full disk) has exit code 2.
    """
    try:
        yield
    except _core.BeleniosError as error:
        raise BeleniosError(Problem(str(place), str(error)), exit_code=DOES_NOT_HOLD) from None
    except OSError as error:
        reason = error.strerror or str(error) or type(error).__name__
        raise BeleniosError(Problem(str(error.filename or place), reason), exit_code=WRONG_USE) from None


def refused(place: Path | str, message: str, seen: object = "", expected: str = "") -> BeleniosError:
    """An error about what was read and does not hold; exit code 1."""
    return BeleniosError(Problem(str(place), message, shown(seen, 100), expected))


def misused(place: Path | str, message: str, seen: object = "", expected: str = "") -> BeleniosError:
    """An error about how a command was used; exit code 2."""
    return BeleniosError(Problem(str(place), message, shown(seen, 100), expected), exit_code=WRONG_USE)


def unreadable(place: Path | str, error: OSError) -> BeleniosError:
    """An error about a file that the system would not give us; exit code 2."""
    reason = error.strerror or str(error) or type(error).__name__
    return BeleniosError(Problem(str(place), f"cannot be read: {reason}"), exit_code=WRONG_USE)
