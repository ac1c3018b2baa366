"""A process of the service ends with the one that started it: else it would keep its port, and the lock of an urn."""

from __future__ import annotations

import os
import signal
import threading
import time


def end_with_parent(every: float = 0.5) -> None:
    """Watch the parent from a thread of its own; end this process gently when it is gone."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(every)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(15)
        os._exit(1)

    threading.Thread(target=watch, name="parent", daemon=True).start()
