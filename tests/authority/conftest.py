"""Sealed files that open at once: everything as it is for use, but that scrypt costs the least a file may ask for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from suffrage.authority.mail import Journal
from suffrage.protocols import sealing
from tests.authority.server import Server


@pytest.fixture(autouse=True)
def cheap_passphrases(monkeypatch: pytest.MonkeyPatch) -> None:
    """New files are sealed at the lowest cost."""
    monkeypatch.setattr(sealing, "_COST", {"n": 2**14, "r": 8, "p": 1})


@pytest.fixture
def server() -> Iterator[Server]:
    """A mail server on this machine, without encryption."""
    with Server() as made:
        yield made


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    """The journal of the election of the tests."""
    with Journal(tmp_path / "mail.sqlite", "council") as made:
        yield made
