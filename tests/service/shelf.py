"""Prepared elections, made once in a run and taken off the shelf by each test: rows and files as they were."""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.db import connection

from suffrage.service.demo.society import members
from suffrage.service.demo.way import Played, prepared
from suffrage.service.models import Election


@dataclass
class _Kept:
    played: Played
    folder: Path
    rows: sqlite3.Connection


class Shelf:
    """Elections of the made-up society, by what their heads say; the poll is open from an hour ago for three hours."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: dict[str, _Kept] = {}

    def take(self, data: Path, count: int, head: dict[str, object]) -> Played:
        """An election in an empty database and a data folder."""
        key = repr((count, sorted(head.items())))
        kept = self._kept.get(key)
        if kept is None:
            now = datetime.now(UTC)
            played = prepared(now - timedelta(hours=1), now + timedelta(hours=2), list(members(count)), head)
            kept = _Kept(played, self._folder / str(len(self._kept)), sqlite3.connect(":memory:"))
            shutil.copytree(data, kept.folder)
            connection.ensure_connection()
            connection.connection.backup(kept.rows)
            self._kept[key] = kept
        else:
            connection.ensure_connection()
            kept.rows.backup(connection.connection)
            shutil.copytree(kept.folder, data, dirs_exist_ok=True)
        election = Election.objects.get(pk=kept.played.election.pk)
        return replace(kept.played, election=election)

    def close(self) -> None:
        """Forget everything."""
        for kept in self._kept.values():
            kept.rows.close()
