"""A program of `frontend/` that answers lines of JSON with lines of JSON."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any, Self

from tests.frontend.tools import NODE


class Refused(Exception):
    """The program refused what it was given, and said why."""


class Program:
    """A program built by `--tools`, in a process of its own."""

    def __init__(self, folder: Path, name: str) -> None:
        assert NODE is not None
        program = [NODE, str(folder / f"{name}.tool.mjs")]
        self._process = subprocess.Popen(
            program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        assert self._process.wait() == 0

    def __call__(self, step: str, **given: object) -> Any:
        """The value that a step gives. Raises Refused with the program's reason."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"step": step, **given}) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        if "error" in answer:
            raise Refused(answer["error"])
        return answer["value"]
