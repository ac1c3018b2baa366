"""The web server: one process with many threads, since an archive has one writer."""

from __future__ import annotations

import sys

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from suffrage.service.orphans import end_with_parent


def serve(host: str, port: int, threads: int) -> None:
    """Serve until the process is told to end."""
    end_with_parent()
    Granian(
        "suffrage.service.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=threads,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        log_level=LogLevels.error,
    ).serve()


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
