"""The folder of a monitor: its copies, what it remembers, what it found (hash-chained), and the evidence."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from suffrage.audit.heads import PublishedHead, head_of
from suffrage.errors import WRONG_USE, AuditError, Problem
from suffrage.outputs import written
from suffrage.protocols.canonical import canonical, sha256

FORMAT = "suffrage-monitor/1"
STATE, LOG, EVIDENCE = "state.json", "monitor.log", "evidence"
_BLOCK = 1 << 20


@dataclass
class Remembered:
    """What was seen of an urn. `audited` is the event up to which it was audited, `failures` what did not hold then."""

    heads: list[PublishedHead] = field(default_factory=list)
    audited: str = ""
    failures: list[str] = field(default_factory=list)


@dataclass
class State:
    """What a monitor remembers between its rounds. `booth` is the hash of the code that was served last."""

    url: str
    election: str = ""
    booth: str = ""
    urns: dict[str, Remembered] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)


class Folder:
    """The folder of one election; it is made where it does not exist. Only one monitor may use it at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.mkdir(parents=True, exist_ok=True)
            for left in path.glob(".*.bel-*"):
                left.unlink()
        except OSError as error:
            raise AuditError.unreadable(str(error.filename or path), error) from None

    def copy(self, uuid: str) -> Path:
        """The own copy of an archive."""
        return self.path / f"{uuid}.bel"

    @contextmanager
    def draft(self, uuid: str) -> Iterator[Path]:
        """A new file beside the copy; whatever is still there at the end of the block is removed."""
        path = self.path / f".{uuid}.bel-{os.getpid()}"
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    def keep(self, draft: Path, uuid: str) -> None:
        """Put a draft in the place of the copy, whole."""
        _sync(draft)
        draft.replace(self.copy(uuid))

    def evidence(self, draft: Path, name: str) -> Path:
        """Keep what a server gave and should not have; the same bytes once."""
        home = self.path / EVIDENCE
        home.mkdir(exist_ok=True)
        with draft.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        stem, dot, suffix = name.rpartition(".")
        kept = home / f"{stem}-{digest[:16]}{dot}{suffix}"
        _sync(draft)
        draft.replace(kept)
        return kept

    def evidence_of(self, data: bytes, name: str) -> Path:
        """Keep some bytes that a server gave; the same bytes once."""
        home = self.path / EVIDENCE
        home.mkdir(exist_ok=True)
        stem, dot, suffix = name.rpartition(".")
        kept = home / f"{stem}-{sha256(data)[:16]}{dot}{suffix}"
        if not kept.exists():
            written({kept: data})
        return kept

    def state(self, url: str) -> State:
        """What is remembered. AuditError (exit code 2) where it is of another election's page, or cannot be read."""
        path = self.path / STATE
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return State(url)
        except OSError as error:
            raise AuditError.unreadable(str(path), error) from None
        try:
            value = orjson.loads(data)
            if value["format"] != FORMAT:
                raise ValueError
            urns = {
                uuid: Remembered([head_of(head, str(path)) for head in urn["heads"]], urn["audited"], urn["failures"])
                for uuid, urn in value["urns"].items()
            }
            state = State(value["url"], value["election"], value["booth"], urns, value["told"])
        except (ValueError, KeyError, TypeError, AttributeError, AuditError):
            expected = f"as the monitor wrote it ({FORMAT})"
            raise AuditError(
                Problem(str(path), "is not what a monitor remembers", "", expected), exit_code=WRONG_USE
            ) from None
        if state.url != url:
            raise AuditError(
                Problem(str(self.path), "holds copies from another address", state.url, url), exit_code=WRONG_USE
            )
        return state

    def remember(self, state: State) -> None:
        """Write what is remembered, whole."""
        urns: dict[str, Any] = {
            uuid: {
                "heads": [head.as_json() for head in seen.heads],
                "audited": seen.audited,
                "failures": seen.failures,
            }
            for uuid, seen in state.urns.items()
        }
        value = {
            "format": FORMAT,
            "url": state.url,
            "election": state.election,
            "booth": state.booth,
            "told": state.told,
            "urns": urns,
        }
        written({self.path / STATE: orjson.dumps(value, option=orjson.OPT_INDENT_2) + b"\n"})

    def log(self, level: str, about: str, message: str, **more: int | str) -> None:
        """Append a line to the log: canonical JSON, with the hash of the line before. It is on the disk after that."""
        path = self.path / LOG
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)
        with os.fdopen(descriptor, "r+b") as file:
            before = _last_line(file, path)
            line = {
                "at": datetime.now(UTC).isoformat(timespec="seconds"),
                "level": level,
                "about": about,
                "message": message,
                "previous": sha256(before) if before else "",
                **more,
            }
            file.write(canonical(line) + b"\n")
            file.flush()
            os.fsync(file.fileno())


def log_holds(path: Path) -> bool:
    """Whether every line of a log names the one before it."""
    before = b""
    for line in path.read_bytes().splitlines():
        try:
            if orjson.loads(line)["previous"] != (sha256(before) if before else ""):
                return False
        except (ValueError, KeyError, TypeError):
            return False
        before = line
    return True


def _last_line(file: Any, path: Path) -> bytes:
    """The last whole line of a log, without its end; the file stands behind it, and what a crash has left is cut."""
    size = path.stat().st_size
    start = max(0, size - _BLOCK)
    file.seek(start)
    data = file.read()
    whole = data.rfind(b"\n") + 1
    file.seek(start + whole)
    if whole < len(data):
        file.truncate()
    lines: list[bytes] = data[:whole].splitlines()
    return lines[-1] if lines else b""


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
