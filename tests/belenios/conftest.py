"""The official archives for the tests that need them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.belenios.official import ABSENT, OFFICIAL, unpack_official


@pytest.fixture(scope="session")
def official(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the two elections of the official tool, `a` and `b2`."""
    if not OFFICIAL.is_file():
        pytest.skip(ABSENT)
    return unpack_official(tmp_path_factory.mktemp("official"))
