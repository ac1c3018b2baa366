"""The one Django application of the service."""

from __future__ import annotations

from django.apps import AppConfig


class ServiceConfig(AppConfig):
    """Models, pages and acts of online elections."""

    name = "suffrage.service"
    label = "service"
    verbose_name = "Elections"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Set up every connection of SQLite as the urns need it, and guard what is fixed."""
        from suffrage.service import database, guards

        database.listen()
        guards.listen()
