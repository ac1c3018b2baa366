"""The programs of `frontend/`, built into a folder of the tests, and what they need to be there."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import pytest

ROOT = Path(__file__).resolve().parents[2]
FRONTEND = ROOT / "frontend"
NODE = shutil.which("node")
INSTALLED = NODE is not None and (FRONTEND / "node_modules" / "esbuild").is_dir()

needs_frontend = pytest.mark.skipif(not INSTALLED, reason="needs node, and `npm ci` in frontend/")


def build(folder: Path, *options: str) -> Path:
    """Build into a folder: the pages, or with `--tools` the programs of the tests."""
    assert NODE is not None
    subprocess.run([NODE, "build.mjs", *options, "--to", str(folder)], cwd=FRONTEND, check=True)
    return folder


class Ballots:
    """The TypeScript implementation of the ballot, in a process of its own."""

    def __init__(self, folder: Path) -> None:
        assert NODE is not None
        program = [NODE, str(folder / "ballots.tool.mjs")]
        self._process = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        assert self._process.wait() == 0

    def _ask(self, request: dict[str, object]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def check(self, election: bytes, ballot: bytes) -> str | None:
        """The public credential of a ballot that holds; None where it does not."""
        answer = self._ask({"election": _encoded(election), "ballot": _encoded(ballot)})
        assert ("credential" in answer) != ("error" in answer), answer
        return answer.get("credential")

    def seal(self, election: bytes, code: str, choices: Sequence[Sequence[int]]) -> dict[str, Any]:
        """A sealed ballot, its openings and the fingerprint of its election; or an error."""
        rows = [list(row) for row in choices]
        return self._ask({"election": _encoded(election), "code": code, "choices": rows})


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
