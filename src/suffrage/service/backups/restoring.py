"""Restoring a backup into an empty data folder: everything is checked before anything is put in its place.

All of it happens in a folder of its own inside the data folder, which is the service's data folder meanwhile; a
database on a server is filled in one transaction.
"""

from __future__ import annotations

import os
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote, urlsplit

import orjson

from suffrage.belenios.progress import Progress
from suffrage.belenios.urn import undivided
from suffrage.errors import WRONG_USE, Problem, ServiceError
from suffrage.outputs import OutputError
from suffrage.protocols.sealed_stream import Opener
from suffrage.service.backups import form
from suffrage.service.backups.seen import Seen
from suffrage.service.database import SQLITE

_BLOCK = 1 << 20
_MAY_BE_THERE = frozenset({"lost+found"})


@dataclass(frozen=True, slots=True)
class Found:
    """An archive that was restored, as its audit found it."""

    uuid: str
    phase: str
    ballots: int
    height: int


@dataclass
class Restored:
    """What was put in place.

    `behind` are urns that the service will not open, `unseen` those of which nobody said how far they had come, and
    `lacking` says what else is missing.
    """

    made: str
    version: str
    database: str
    rows: dict[str, int] = field(default_factory=dict)
    archives: list[Found] = field(default_factory=list)
    behind: list[Problem] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    lacking: list[str] = field(default_factory=list)


def restore(
    file: Path, data: Path, passphrase: str, seen: Seen, set_up: Callable[[Path], None], tell: Progress
) -> Restored:
    """Restore a backup into an empty data folder, and into the database that DATABASE_URL names, if it names one.

    `set_up` sets Django up for a data folder. ProtocolError, ServiceError or BeleniosError, with nothing put in place,
    where anything of the backup does not hold; exit code 2 where the data folder or the database is not empty.
    """
    _refuse_used(data)
    target = _target(data)
    made_here = not data.exists()
    try:
        with file.open("rb") as sealed:
            opener = Opener(sealed, str(file), form.FORMAT, passphrase)
            data.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _staging(data) as staging:
                return _Restore(opener, staging, data, target, file.stat().st_size, tell).run(seen, set_up)
    except OSError as error:
        reason = error.strerror or str(error) or type(error).__name__
        raise OutputError(
            Problem(str(error.filename or data), f"nothing was restored: {reason}"), exit_code=WRONG_USE
        ) from None
    finally:
        if made_here and data.is_dir() and not any(data.iterdir()):
            data.rmdir()


def _refuse_used(data: Path) -> None:
    if data.exists() and not data.is_dir():
        raise OutputError(Problem(str(data), "is no folder"), exit_code=WRONG_USE)
    there = sorted(path.name for path in data.iterdir() if path.name not in _MAY_BE_THERE) if data.exists() else []
    if there:
        raise OutputError(
            Problem(str(data), "is not empty, and nothing is ever written over", ", ".join(there[:3]), "a new folder"),
            exit_code=WRONG_USE,
        )


def _target(data: Path) -> Path | None:
    """Where the file of the database belongs; None where the database is on a server."""
    url = os.environ.get("DATABASE_URL", "")
    if url and urlsplit(url).scheme != "sqlite":
        return None
    target = Path(unquote(urlsplit(url).path)) if url else data / SQLITE
    if target.exists():
        raise OutputError(Problem(str(target), "exists already, and is never written over"), exit_code=WRONG_USE)
    if url:
        # It is filled beside the other things, and moved there.
        os.environ["DATABASE_URL"] = ""
    return target


@contextmanager
def _staging(data: Path) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix=".restoring-", dir=data))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class _Restore:
    def __init__(
        self, opener: Opener, staging: Path, data: Path, target: Path | None, size: int, tell: Progress
    ) -> None:
        self._opener, self._staging, self._data, self._target = opener, staging, data, target
        self._size, self._tell = size, tell
        self._files = 0

    def run(self, seen: Seen, set_up: Callable[[Path], None]) -> Restored:
        reading: Any = self._opener
        with tarfile.open(fileobj=reading, mode="r|", bufsize=_BLOCK) as tar:
            entries = iter(tar)
            begin = self._json(tar, next(entries, None), form.BEGIN)
            self._put(tar, next(entries, None))
            set_up(self._staging)
            from django.db import connection

            restored = Restored(begin["made"], begin["suffrage"], connection.vendor)
            with self._filling() as placed:
                end = self._entries(tar, entries, begin["migrations"], restored)
                self._opener.finish()
                self._check_whole(end, restored)
                self._check(seen, restored)
                self._close()
                placed()
        return restored

    @contextmanager
    def _filling(self) -> Iterator[Callable[[], None]]:
        """The transaction in which a database on a server is filled; it ends after everything was put in place."""
        from django.db import connection, transaction

        if self._target is None and connection.introspection.table_names():
            expected = "an empty database"
            raise OutputError(Problem("the database", "is not empty", "", expected), exit_code=WRONG_USE)
        whole: AbstractContextManager[Any] = transaction.atomic() if self._target is None else nullcontext()
        moved: list[tuple[Path, Path]] = []

        def place() -> None:
            with undivided():
                self._place(moved)

        try:
            with whole:
                yield place
        except BaseException:
            with undivided():
                for source, target in reversed(moved):
                    shutil.move(target, source)
            raise

    def _close(self) -> None:
        """Leave a database that is a file, all of it in the one file."""
        from django.db import connection

        if self._target is None:
            return
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        log = self._staging / f"{SQLITE}-wal"
        if log.exists() and log.stat().st_size:
            raise ServiceError(Problem("the database", "is still used by somebody else"))

    def _place(self, moved: list[tuple[Path, Path]]) -> None:
        """Put everything in its place, the database last: without it nothing is taken for a data folder."""
        places = [
            (path, self._data / path.name)
            for path in sorted(self._staging.iterdir())
            if not path.name.startswith(SQLITE)
        ]
        if self._target is not None:
            places.append((self._staging / SQLITE, self._target))
        for source, target in places:
            # Where the database has a place of its own, that may be on another disk.
            shutil.move(source, target)
            moved.append((source, target))

    def _entries(
        self, tar: tarfile.TarFile, entries: Iterator[tarfile.TarInfo], migrations: list[list[str]], restored: Restored
    ) -> dict[str, Any]:
        """Take everything out; gives what the end of the backup says."""
        from django.db import transaction

        from suffrage.service.backups.tables import Filling, upgrade

        filling = Filling(migrations)
        entry = next(entries, None)
        with transaction.atomic():
            while entry is not None and entry.name.startswith(f"{form.TABLES}/"):
                filling.add(entry.name.split("/")[1], self._content(tar, entry).read())
                self._progressed()
                entry = next(entries, None)
            filling.finish()
        upgrade()
        restored.rows = filling.rows
        while entry is not None and entry.name != form.END:
            self._put(tar, entry)
            entry = next(entries, None)
        return self._json(tar, entry, form.END)

    def _put(self, tar: tarfile.TarFile, entry: tarfile.TarInfo | None) -> None:
        """Write one file, on the disk when this returns."""
        if entry is None:
            raise ServiceError(Problem("the backup", "ends early"))
        path = self._staging / form.place_of(entry.name)
        for folder in reversed(path.relative_to(self._staging).parents):
            (self._staging / folder).mkdir(mode=0o700, exist_ok=True)
        self._files += 1
        if entry.islnk():
            first = self._staging / form.place_of(entry.linkname)
            try:
                os.link(first, path)
            except OSError:
                shutil.copyfile(first, path)
            return
        source = self._content(tar, entry)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            while block := source.read(_BLOCK):
                file.write(block)
                self._progressed()
            file.flush()
            os.fsync(file.fileno())
        path.chmod(entry.mode & 0o755)

    def _progressed(self) -> None:
        self._tell(self._opener.done, self._size)

    @staticmethod
    def _content(tar: tarfile.TarFile, entry: tarfile.TarInfo) -> IO[bytes]:
        content = tar.extractfile(entry) if entry.isreg() else None
        if content is None:
            raise ServiceError(Problem("the backup", "holds something that is no file", entry.name))
        return content

    def _json(self, tar: tarfile.TarFile, entry: tarfile.TarInfo | None, name: str) -> dict[str, Any]:
        if entry is None or entry.name != name:
            raise ServiceError(Problem("the backup", "is not in order", entry.name if entry else "", name))
        value: dict[str, Any] = orjson.loads(self._content(tar, entry).read())
        return value

    def _check_whole(self, end: dict[str, Any], restored: Restored) -> None:
        rows = {table: number for table, number in end["rows"].items() if number}
        if rows != {table: number for table, number in restored.rows.items() if number}:
            raise ServiceError(Problem("the backup", "does not hold the rows that it says"))
        if self._files != end["files"]:
            raise ServiceError(Problem("the backup", "does not hold the files that it says", str(self._files)))

    def _check(self, seen: Seen, restored: Restored) -> None:
        from suffrage.service.backups.checking import check

        check(seen, restored, self._tell)
