"""The files of the roles: lines of JSON that everybody may read, and secrets that are written once."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from suffrage.belenios.refusal import misused, refused, unreadable
from suffrage.errors import WRONG_USE, Problem
from suffrage.outputs import OutputError

STANDARD_INPUT = Path("-")
SECRET, PUBLIC = 0o400, 0o644
# A seed has 44 characters, a code 25.
_LONGEST_SECRET = 1024
# Where the system has it, without which it would change the ends of lines.
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, slots=True)
class Output:
    """A file to be written. A secret one can be read by its owner alone, and its bytes are never shown."""

    path: Path
    data: bytes
    secret: bool = False

    def __repr__(self) -> str:
        return f"Output({self.path}, {len(self.data)} bytes)"


def read(path: Path) -> bytes:
    """The bytes of a file; BeleniosError (exit code 2) where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from None


def read_lines(path: Path) -> list[bytes]:
    """The lines of a file without their ends; a file without any is refused."""
    lines = [line.removesuffix(b"\r") for line in read(path).split(b"\n")]
    if lines and not lines[-1]:
        lines.pop()
    if not lines or not all(lines):
        raise refused(path, "has an empty line" if lines else "is empty", expected="one record of JSON in a line")
    return lines


def read_record(path: Path) -> bytes:
    """The one line that a file consists of, without its end."""
    lines = read_lines(path)
    if len(lines) > 1:
        raise refused(path, "has more than one line", len(lines), "one record of JSON in a line")
    return lines[0]


def read_secret(path: Path) -> str:
    """The one line of a secret file, or of standard input (`-`). No error repeats any of it."""
    if path == STANDARD_INPUT:
        raw = sys.stdin.readline(_LONGEST_SECRET).encode("utf-8", "surrogateescape")
    else:
        raw = read(path)
    lines = raw.strip().split(b"\n")
    if len(raw) >= _LONGEST_SECRET or len(lines) != 1 or not lines[0].isascii() or not lines[0]:
        place = "standard input" if path == STANDARD_INPUT else path
        raise refused(place, "is no secret of this kind", expected="one line, as the command wrote it")
    return lines[0].decode("ascii")


def write_new(outputs: Iterable[Output]) -> None:
    """Write files that do not exist yet: all of them or none.

    BeleniosError (exit code 2) where one exists: nothing is ever written over, since it may be a key.
    OutputError (exit code 2) where the disk refuses.
    """
    outputs = list(outputs)
    made: list[Path] = []
    try:
        for output in outputs:
            try:
                output.path.parent.mkdir(parents=True, exist_ok=True)
                mode = SECRET if output.secret else PUBLIC
                descriptor = os.open(output.path, _NEW, mode)
            except FileExistsError:
                raise misused(output.path, "exists already, and is never written over", expected="a new file") from None
            made.append(output.path)
            with os.fdopen(descriptor, "wb") as file:
                file.write(output.data)
                file.flush()
                os.fsync(file.fileno())
        made.clear()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        place = str(error.filename or (made[-1] if made else outputs[0].path))
        raise OutputError(Problem(place, f"cannot be written: {reason}"), exit_code=WRONG_USE) from None
    finally:
        for path in made:
            path.unlink(missing_ok=True)
