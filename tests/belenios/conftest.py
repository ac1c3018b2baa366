"""Where the official archives are: beside the repository, or nowhere."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

ARCHIVES = Path(__file__).parents[2].parent / "shared" / "belenios" / "archives.tar.xz"


@pytest.fixture(scope="session")
def official(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the two elections of the official tool, `a` and `b2`."""
    if not ARCHIVES.is_file():
        pytest.skip("the archive shared/belenios/archives.tar.xz is not beside the repository")
    folder = tmp_path_factory.mktemp("official")
    with tarfile.open(ARCHIVES) as packed:
        packed.extractall(folder, filter="data")
    return folder
