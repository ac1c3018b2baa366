"""The archives that the official tool made: beside the repository, or nowhere."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

OFFICIAL = Path(__file__).resolve().parents[3] / "shared" / "belenios" / "archives.tar.xz"
ABSENT = "the folder shared/belenios with the official archives is not beside the repository"

needs_official = pytest.mark.skipif(not OFFICIAL.is_file(), reason=ABSENT)


def unpack_official(folder: Path) -> Path:
    """The official archives, unpacked: `a/UUID.bel`, `a/open/UUID.bel`, `a/tampered/NAME/UUID.bel`; the same of b2."""
    with tarfile.open(OFFICIAL) as packed:
        packed.extractall(folder, filter="data")
    return folder
