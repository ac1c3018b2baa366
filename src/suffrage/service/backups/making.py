"""Making a backup while the service runs: first one moment of the database, then the archives of its urns.

In this order no head that the database knows is ever ahead of its archive in the backup.
"""

from __future__ import annotations

import io
import os
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO

import orjson
from django.apps import apps
from django.conf import settings
from django.db import connection

from suffrage import _core
from suffrage.belenios.progress import Progress
from suffrage.belenios.refusal import about
from suffrage.errors import WRONG_USE, Problem
from suffrage.outputs import OutputError, written
from suffrage.protocols.sealed_stream import Sealer
from suffrage.service import folders, heads, secret_key
from suffrage.service.backups import form, tables
from suffrage.service.models import RehearsalUrn, Urn
from suffrage.service.urns import server_key


@dataclass(frozen=True, slots=True)
class Archived:
    """An archive in a backup: up to which event."""

    uuid: str
    height: int
    event: str
    length: int
    ballots: int


@dataclass
class Made:
    """What a backup holds. `lacking` are urns without their server's key, in sentences."""

    at: datetime
    rows: dict[str, int] = field(default_factory=dict)
    archives: list[Archived] = field(default_factory=list)
    files: int = 0
    size: int = 0
    lacking: list[str] = field(default_factory=list)


def make(out: Path, passphrase: str, tell: Progress) -> Made:
    """Write a backup to a new file: the whole of it, or nothing.

    OutputError (exit code 2) where the file exists or the disk refuses, BeleniosError where an archive is damaged
    or missing, ProtocolError where the passphrase is too short.
    """
    if out.exists():
        raise OutputError(Problem(str(out), "exists already, and is never written over"), exit_code=WRONG_USE)
    made: Path | None = None
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{out.name}-", dir=out.parent)
        made = Path(name)
        with os.fdopen(descriptor, "wb") as file:
            backup = _Backup(file, passphrase, tell)
            backup.write()
            file.flush()
            os.fsync(file.fileno())
        made.rename(out)
        made = None
        _sync_folder(out.parent)
    except OSError as error:
        reason = error.strerror or str(error) or type(error).__name__
        place = str(out if made is None or error.filename in (None, str(made)) else error.filename)
        raise OutputError(Problem(place, f"the backup was not made: {reason}"), exit_code=WRONG_USE) from None
    finally:
        if made is not None:
            made.unlink(missing_ok=True)
    backup.made.size = out.stat().st_size
    remembered = {"format": form.FORMAT, "at": backup.made.at.isoformat(timespec="seconds"), "size": backup.made.size}
    written({folders.data() / form.LAST: orjson.dumps(remembered) + b"\n"}, [folders.data() / form.LAST])
    return backup.made


class _Backup:
    def __init__(self, file: BinaryIO, passphrase: str, tell: Progress) -> None:
        self.made = Made(datetime.now(UTC).replace(microsecond=0))
        head = {"format": form.FORMAT, "made": self.made.at.isoformat()}
        self._sealer = Sealer(file, head, passphrase)
        self._tar = tarfile.open(fileobj=self._sealer, mode="w|", format=tarfile.GNU_FORMAT, bufsize=1 << 20)  # type: ignore[call-overload]  # noqa: SIM115
        self._tell, self._done, self._total = tell, 0, _estimate()

    def write(self) -> None:
        with tables.snapshot():
            self._json(
                form.BEGIN,
                {
                    "format": form.FORMAT,
                    "made": self.made.at.isoformat(),
                    "suffrage": version("suffrage"),
                    "database": connection.vendor,
                    "migrations": tables.applied(),
                },
            )
            self._file(folders.data() / secret_key.FILE, secret_key.FILE)
            for model in tables.ordered(apps.get_models(include_auto_created=True)):
                if model._meta.label_lower not in tables.LEFT_OUT:
                    self._table(model)
            urns = list(Urn.objects.filter(made=True).values_list("uuid", "decrypted"))
            rehearsals = list(RehearsalUrn.objects.values_list("uuid", "succeeded"))
        for uuid, opened in [*urns, *rehearsals]:
            self._urn(uuid, opened)
        seen = folders.data() / heads.SEEN
        if seen.exists():
            self._file(seen, heads.SEEN)
        for name in form.FOLDERS:
            for path in _files(folders.data() / name):
                self._file(path, path.relative_to(folders.data()).as_posix())
        archives = {archive.uuid: archive.length for archive in self.made.archives}
        self._json(form.END, {"rows": self.made.rows, "archives": archives, "files": self.made.files})
        self._tar.close()
        self._sealer.finish()

    def _table(self, model: Any) -> None:
        name = model._meta.label_lower
        self.made.rows[name] = 0
        for number, (part, rows) in enumerate(tables.parts(model), 1):
            self._bytes(form.part_name(name, number), part)
            self.made.rows[name] += rows

    def _urn(self, uuid: str, opened: bool) -> None:
        """An archive up to its last whole event, and the key of its urn."""
        path = folders.urns() / f"{uuid}.bel"
        with about(path):
            (height, event, _, length, ballots), _ = _core.archive_places(path, [])
        self.made.archives.append(Archived(uuid, height, event, length, ballots))
        self._file(path, f"{form.URNS}/{uuid}.bel", length)
        key = server_key.path_of(uuid)
        if key.exists():
            self._file(key, f"{form.KEYS}/{uuid}.privkey")
        elif not opened:
            self.made.lacking.append(f"the urn {uuid} has no server key: it can never be opened")

    def _file(self, path: Path, name: str, length: int | None = None) -> None:
        """A file of the data folder; one that only grows, up to a length."""
        with path.open("rb") as file:
            info = self._tar.gettarinfo(arcname=name, fileobj=file)
            info.uname = info.gname = ""
            info.uid = info.gid = 0
            if info.isreg():
                info.size = info.size if length is None else length
                self._tar.addfile(info, _Told(file, self._progressed))
            else:
                # The second name of a finished archive, in the folder of its election: its bytes are there already.
                self._tar.addfile(info)
        self.made.files += 1

    def _json(self, name: str, value: Mapping[str, Any]) -> None:
        self._bytes(name, orjson.dumps(value))

    def _bytes(self, name: str, data: bytes) -> None:
        info = tarfile.TarInfo(name)
        info.size, info.mode, info.mtime = len(data), 0o600, int(self.made.at.timestamp())
        self._tar.addfile(info, io.BytesIO(data))
        self._progressed(len(data))

    def _progressed(self, size: int) -> None:
        self._done += size
        self._tell(self._done, max(self._total, self._done))


class _Told:
    """A file that says how much of it was read."""

    def __init__(self, file: BinaryIO, tell: Any) -> None:
        self._file, self._tell = file, tell

    def read(self, size: int) -> bytes:
        data = self._file.read(size)
        self._tell(len(data))
        return data


def _files(folder: Path) -> Iterator[Path]:
    """The files in a folder, without those that are being written (their names begin with a dot)."""
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.is_symlink():
            continue
        if path.is_dir():
            yield from _files(path)
        elif path.is_file():
            yield path


def _estimate() -> int:
    """About how many bytes there are to copy."""
    found = sum(path.stat().st_size for path in folders.urns().glob("*.bel"))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            return found + int(cursor.fetchone()[0])
    return found + Path(settings.DATABASES["default"]["NAME"]).stat().st_size


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
