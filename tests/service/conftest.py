"""A data folder for each test, and an election that is ready for its poll."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from pytest_django import Settings

from suffrage.service.demo.society import members
from suffrage.service.demo.way import Played, prepared
from suffrage.service.urns.hall import hall
from tests.service.shelf import Shelf


@pytest.fixture
def data(tmp_path: Path, settings: Settings) -> Iterator[Path]:
    """A data folder of the test's own; its urns are left at the end."""
    settings.DATA = tmp_path
    settings.SECOND_FACTOR_REQUIRED = False
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "QUEUES": []}}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()
    hall.hours_changed()
    yield tmp_path
    hall.leave_all()
    hall.hours_changed()


@pytest.fixture
def play(data: Path, transactional_db: None) -> Callable[..., Played]:
    """Prepares the election of the made-up society; its poll is open from an hour ago for two hours."""

    def make(count: int = 50, **head: object) -> Played:
        now = datetime.now(UTC)
        return prepared(now - timedelta(hours=1), now + timedelta(hours=1), list(members(count)), head)

    return make


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    """What was prepared in this run."""
    made = Shelf(tmp_path_factory.mktemp("shelf"))
    yield made
    made.close()


@pytest.fixture
def held(data: Path, transactional_db: None, shelf: Shelf) -> Callable[..., Played]:
    """As `play`, for a poll of two more hours; what another test has prepared is taken as it was."""

    def take(count: int = 50, **head: object) -> Played:
        return shelf.take(data, count, head)

    return take
