"""An urn: the archive of one election, from its first event to its result. Only this module writes archives."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from suffrage import _core
from suffrage.belenios.credentials import credentials_on
from suffrage.belenios.files import Output, write_new
from suffrage.belenios.fingerprint import Fingerprint
from suffrage.belenios.progress import Progress
from suffrage.belenios.question import Question, Template, question_of
from suffrage.belenios.refusal import about, misused, refused
from suffrage.belenios.trustees import Trustees, election_key, parse_trustees
from suffrage.errors import DOES_NOT_HOLD, BeleniosError, Problem, shown


@dataclass(frozen=True, slots=True)
class Urn:
    """What everybody can read in an archive of its election. Its ballots are not held in memory."""

    path: Path
    election: _core.SealedElection
    text: bytes
    trustees_text: bytes
    credentials: frozenset[str]

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions of the election."""
        return tuple(question_of(question) for question in self.election.questions)

    @property
    def fingerprint(self) -> Fingerprint:
        """The fingerprint of the election: what an elector compares before casting."""
        return Fingerprint(bytes.fromhex(self.election.fingerprint))

    @property
    def trustees(self) -> Trustees:
        """Who decrypts."""
        return parse_trustees(self.trustees_text, self.path)


@dataclass(frozen=True, slots=True)
class Cast:
    """A ballot in an archive: the number that finds it, and the height of its event."""

    tracking_number: Fingerprint
    height: int


@dataclass(frozen=True, slots=True)
class Casting:
    """What was cast. `cut` bytes of an event that a crash had left incomplete were removed before."""

    ballots: tuple[Cast, ...]
    cut: int


def open_urn(path: Path) -> Urn:
    """Read what an archive says of its election. BeleniosError where there is none, or it is no archive."""
    with about(path):
        election, trustees, credentials = _core.archive_setup(path)
        return Urn(path, _core.SealedElection(election), election, trustees, credentials_on(credentials, path))


def set_up(uuid: str, template: Template, trustees: bytes, credentials: bytes, folder: Path) -> Urn:
    """Make UUID.bel in a folder, with election.json and trustees.json beside it: all of them or none.

    The new archive is audited, so that no ballot is ever cast into one that does not hold.
    """
    text = election_text(uuid, template, trustees)
    path = folder / f"{uuid}.bel"
    if path.exists():
        raise misused(path, "exists already, and is never written over", "", "a new file")
    made = [Output(folder / "election.json", text + b"\n"), Output(folder / "trustees.json", trustees + b"\n")]
    write_new(made)
    try:
        return create(path, text, trustees, credentials)
    except BaseException:
        for output in made:
            output.path.unlink(missing_ok=True)
        raise


def election_text(uuid: str, template: Template, trustees: bytes) -> bytes:
    """The bytes of an election under the key that its trustees make, as they are published and hashed."""
    with about("election"):
        return _core.election_text(
            uuid,
            template.title,
            template.description,
            [question.as_core() for question in template.questions],
            template.administrator,
            template.credential_authority,
            election_key(trustees, "trustees"),
        )


def create(path: Path, election: bytes, trustees: bytes, credentials: bytes) -> Urn:
    """Make the archive of an election, audited; nothing is left where it does not hold, or the file exists."""
    created = False
    try:
        with about(path):
            _core.ArchiveWriter.create(path, int(time.time()), election, trustees, credentials).close()
        created = True
        checked_audit(path)
        return open_urn(path)
    except BaseException:
        if created:
            path.unlink(missing_ok=True)
        raise


def checked_audit(path: Path, tell: Progress | None = None) -> _core.ArchiveReport:
    """Audit an archive from its first byte to its last; BeleniosError names every record that does not hold."""
    with about(path):
        size = path.stat().st_size
        report = _core.audit_archive(path, None if tell is None else lambda ballots, done: tell(done, size))
    if report.failures:
        problems = [
            Problem(str(path) if height is None else f"{path}, event {height}", reason)
            for height, reason in report.failures
        ]
        raise BeleniosError(problems, exit_code=DOES_NOT_HOLD)
    return report


def cast(urn: Urn, ballots: Sequence[tuple[str, bytes]], tell: Progress | None = None) -> Casting:
    """Check ballots and append them: all of them, or none where one does not hold. Each has the place it came from.

    A ballot is of this election, made with a credential on its list, every proof in it holds, and it is not in the
    archive yet. An elector's later ballot takes the place of the earlier one when the votes are counted.
    """
    with writing(urn.path) as archive, closing(_checked(urn, ballots)) as reasons:
        if archive.last not in ("Setup", "Ballot"):
            raise refused(urn.path, "is closed: no ballot can be cast any more", archive.last)
        problems: list[Problem] = []
        known: set[str] = set()
        made: list[Fingerprint] = []
        for done, ((place, ballot), reason) in enumerate(zip(ballots, reasons, strict=True), 1):
            number = Fingerprint.of(ballot)
            if not reason and (number.hex in known or archive.contains(number.hex)):
                reason = "the ballot has been cast already; an elector who votes again seals a new one"
            if reason:
                problems.append(Problem(place, reason))
            known.add(number.hex)
            made.append(number)
            if tell is not None:
                tell(done, len(ballots))
        if problems:
            raise BeleniosError(problems)
        with about(urn.path), undivided():
            positions = archive.append_ballots([ballot for _, ballot in ballots])
        cast = (Cast(number, height) for number, (height, _) in zip(made, positions, strict=True))
        return Casting(tuple(cast), archive.cut)


def _checked(urn: Urn, ballots: Sequence[tuple[str, bytes]]) -> Generator[str]:
    """Why each ballot cannot be cast; empty where it can."""

    def reason(entry: tuple[str, bytes]) -> str:
        try:
            credential = urn.election.check(entry[1])
        except _core.BeleniosError as error:
            return str(error)
        return "" if credential in urn.credentials else f"the credential {credential} is not on the list"

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        try:
            yield from pool.map(reason, ballots)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def close(path: Path, tell: Progress | None = None) -> _core.ArchiveReport:
    """End the voting, and append the encrypted tally. The archive is audited before, since nothing can be undone after.

    An archive that was closed but has no tally yet, because a machine stopped in between, gets its tally.
    """
    with writing(path) as archive:
        if archive.last not in ("Setup", "Ballot", "EndBallots"):
            raise refused(path, "has been closed already", archive.last, "an archive that is open")
        report = checked_audit(path, tell)
        if report.tally is None:
            raise refused(path, "the ballots give no tally")
        with about(path), undivided():
            if archive.last != "EndBallots":
                archive.end_ballots()
            archive.append_encrypted_tally(report.tally, report.voters, report.total_weight)
    return report


@contextmanager
def writing(path: Path) -> Iterator[_core.ArchiveWriter]:
    """The one writer of an archive; whoever comes second is refused."""
    with about(path):
        archive = _core.ArchiveWriter.open(path)
    with archive:
        yield archive


@contextmanager
def undivided() -> Iterator[None]:
    """Ctrl-C is not heard while records that belong together are written, so that they are written or not."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def named_result(questions: Sequence[Question], numbers: Sequence[Sequence[int]]) -> list[list[tuple[str, int]]]:
    """The votes of each answer, by its text; blank votes first, under the empty text, where they are allowed."""
    return [
        list(zip((*([""] if question.blank else []), *question.answers), votes, strict=True))
        for question, votes in zip(questions, numbers, strict=True)
    ]


def place_of(file: Path, line: int, lines: int) -> str:
    """Where a record stands, as errors name it."""
    return str(file) if lines == 1 else f"{shown(file, 200)}, line {line}"
