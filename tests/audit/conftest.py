"""Bundles that hold, for every test of this folder to spoil."""

from __future__ import annotations

import pytest

from tests.audit.bundles import Original, demo, replay


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Original:
    """A demo election with committees, a correction and two ballots."""
    return demo(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="session")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> Original:
    """A replay, which its replayer signed alone."""
    return replay(tmp_path_factory.mktemp("replay"))
