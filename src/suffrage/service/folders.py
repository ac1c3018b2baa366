"""Where the data folder keeps its things."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings


def data() -> Path:
    """The data folder."""
    return Path(settings.DATA)


def urns() -> Path:
    """The archives of all urns."""
    return _made(data() / "urns")


def keys() -> Path:
    """The server's keys, one an urn, each readable by its owner alone."""
    return _made(data() / "keys")


def election_folder(slug: str) -> Path:
    """The exported folder of an election, with its protocols and their signatures."""
    return _made(data() / "folders") / slug


def published(slug: str) -> Path:
    """The published site of an election."""
    return _made(data() / "published") / slug


def parcels(slug: str, ballot: int) -> Path:
    """The parcels of the polling stations of a ballot, with the roll of their places: never published."""
    return _made(data() / "parcels" / slug) / f"ballot-{ballot}"


def _made(folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
