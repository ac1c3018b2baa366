"""What is in a backup: a tar inside a sealed stream, its entries in the order in which a restore needs them.

`backup.json` says what made it, `secret_key` comes next, then every table, archives, keys, folders and published sites;
`end.json` says what there must have been. A table is JSON lines in parts: the names of its columns, then its rows. It
is the same form whatever the database, so that a backup of SQLite is restored into PostgreSQL too.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from suffrage.errors import Problem, ServiceError

FORMAT = "suffrage-backup/1"
BEGIN, END = "backup.json", "end.json"
TABLES, URNS, KEYS = "tables", "urns", "keys"
FOLDERS = ("folders", "published")
LAST = "last-backup.json"
"""What the data folder remembers of its last backup."""

_PLACES = re.compile(r"secret_key|published-heads\.json|urns/\w+\.bel|keys/\w+\.privkey|(folders|published)/.+", re.A)


def part_name(table: str, number: int) -> str:
    """The name of a part of a table."""
    return f"{TABLES}/{table}/{number:06}.jsonl"


def place_of(name: str) -> PurePosixPath:
    """Where in the data folder an entry belongs. ServiceError where it belongs nowhere."""
    path = PurePosixPath(name)
    if not _PLACES.fullmatch(name) or ".." in path.parts or str(path) != name:
        raise ServiceError(Problem("the backup", "holds a file that belongs nowhere", name))
    return path
