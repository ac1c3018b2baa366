"""Sealed files that open at once: everything as it is for use, but that scrypt costs the least a file may ask for."""

from __future__ import annotations

import pytest

from suffrage.protocols import sealing


@pytest.fixture(autouse=True)
def cheap_passphrases(monkeypatch: pytest.MonkeyPatch) -> None:
    """New files are sealed at the lowest cost."""
    monkeypatch.setattr(sealing, "_COST", {"n": 2**14, "r": 8, "p": 1})
