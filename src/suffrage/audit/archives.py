"""The audit of archives: sealed ballots checked from the credentials up to the result, and the urns of a bundle."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from suffrage import _core
from suffrage.audit.report import Findings, Stage
from suffrage.election import Election, read_folder
from suffrage.errors import WRONG_USE, AuditError, Problem, SuffrageError
from suffrage.law import Statute
from suffrage.returns.archived import read_result
from suffrage.returns.urns import ARCHIVES, URNS, ListedUrn, urn_return, urns_of

SUFFIX = ".bel"

Progress = Callable[[int, int], None]
"""Called now and then with the ballots and the bytes that are done."""


def archives_in(path: Path) -> list[Path]:
    """The archives that a path means: itself, or those anywhere below a folder, in the order of their names.

    AuditError (exit code 2) where there are none.
    """
    if not path.exists():
        raise _missing(path)
    if not path.is_dir():
        return [path]
    found = sorted(entry for entry in path.rglob(f"*{SUFFIX}") if entry.is_file())
    if not found:
        raise AuditError(
            Problem(str(path), "is a directory without archives", "", f"a file, or files {SUFFIX} below it"),
            exit_code=WRONG_USE,
        )
    return found


def audit_archive(path: Path, progress: Progress | None = None) -> _core.ArchiveReport:
    """Audit one archive: everything that can be checked from what is public. It holds where nothing failed.

    AuditError (exit code 2) where the file cannot be read.
    """
    try:
        return _core.audit_archive(path, progress)
    except FileNotFoundError:
        raise _missing(path) from None
    except OSError as error:
        raise AuditError.unreadable(str(path), error) from None


def _missing(path: Path) -> AuditError:
    return AuditError(Problem(str(path), "no such file", expected="an archive"), exit_code=WRONG_USE)


def failures_of(path: Path, report: _core.ArchiveReport) -> list[str]:
    """What does not hold in an archive, each with its height (the number of its event) where it is known."""
    reasons = ((height, reason.removeprefix(f"{path}: ")) for height, reason in report.failures)
    return [reason if height is None else f"height {height}: {reason}" for height, reason in reasons]


def continued(old: Path, new: Path) -> tuple[int, str]:
    """Whether nothing vanished from an archive since an older copy: the height of the copy's last event, and no reason.

    Else the height at which they part, and why they do; 0 where one of them is no archive.

    AuditError (exit code 2) where one of them cannot be read.
    """
    try:
        height, why = _core.archive_prefix(old, new)
    except OSError as error:
        raise AuditError.unreadable(str(error.filename or f"{old}, {new}"), error) from None
    except _core.BeleniosError as error:
        return 0, str(error)
    return height, "" if why is None else f"height {height}: {why}"


def check_urns(
    folder: Path, statute: Statute, findings: Findings, tell: Callable[[str], None]
) -> list[tuple[str, int]]:
    """Audit every archive of an election folder, and hold what a count takes of it against what was audited.

    What does not hold is noted. The number of archives and of the ballots in them. Whether the folder itself can be
    read is left to the count, which says what is wrong with it.
    """
    archives = sorted((folder / ARCHIVES).glob("*"))
    if not archives:
        return []
    try:
        election = read_folder(folder)
        urns = {urn.archive: urn for urn in urns_of(folder, election)}
    except SuffrageError:
        return []
    ballots = 0
    for number, path in enumerate(archives, 1):
        said = f"auditing archive {number} of {len(archives)}"
        tell(said)
        report = audit_archive(path, lambda done, _, said=said: tell(f"{said}, {done:,} ballots"))  # type: ignore[misc]
        ballots += report.ballots
        record = f"election/{ARCHIVES}/{path.name}"
        for failure in failures_of(path, report):
            findings.add(Stage.ARCHIVES, number, record, failure)
        urn = urns.get(path.name)
        if urn is None:
            findings.add(Stage.ARCHIVES, number, record, f"no row of {URNS} names it")
        elif not report.failures and (reason := _misread(path, urn, report, election, statute)):
            findings.add(Stage.ARCHIVES, number, record, reason)
    return [("archives", len(archives)), ("sealed ballots", ballots)]


def _misread(path: Path, urn: ListedUrn, report: _core.ArchiveReport, election: Election, statute: Statute) -> str:
    """Why the return that the audited ballots give is not the one that is counted; empty where it is.

    What a count refuses, it names itself.
    """
    try:
        found = read_result(path, urn.place)
        counted = None if found is None else urn_return(urn, found, election, statute)
    except SuffrageError:
        return ""
    try:
        audited = None if report.result is None else urn_return(urn, report, election, statute)
    except SuffrageError as error:
        return str(error.problems[0])
    return "" if counted == audited else "a count reads another result of it than its ballots give"
