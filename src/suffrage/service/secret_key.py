"""The key that signs sessions and one-time tokens: made once, readable by its owner alone."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from suffrage.errors import WRONG_USE, Problem, SuffrageError

FILE = "secret_key"


def read_or_make(path: Path) -> str:
    """The key in a file, which is made where there is none. SuffrageError (exit code 2) where the disk refuses."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
        except FileExistsError:
            return path.read_text("ascii").strip()
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            key = secrets.token_urlsafe(48)
            file.write(key)
            return key
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise SuffrageError(Problem(str(path), f"cannot be used: {reason}"), exit_code=WRONG_USE) from None
