"""The web application; `suffrage serve` runs it in one process, which is the writer of all urns."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "suffrage.service.settings")

application = get_wsgi_application()

if os.environ.get("SUFFRAGE_CLOCKWORK") == "1":
    from suffrage.service.clockwork import clockwork
    from suffrage.service.orphans import end_with_parent

    end_with_parent()
    clockwork.start()
