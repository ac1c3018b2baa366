"""Many sheets on every processor, in memory that does not grow with their number."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

Item = TypeVar("Item")
APress = TypeVar("APress")

_MOST_PRESSES = 4


def print_side_by_side(
    items: Iterable[Item],
    new_press: Callable[[], APress],
    print_one: Callable[[APress, Item], object],
    progress: Callable[[int], None],
    *,
    presses: int | None,
    waiting: int,
) -> int:
    """Print every item on a press of its thread; give how many there were.

    `items` is read as they are printed: `waiting` of them wait for each press. `progress` is called with the number
    done so far. Threads do the work, since Typst runs outside the interpreter's lock; an interruption leaves nothing
    running. The first error ends the printing and is raised.
    """
    number = presses or min(os.cpu_count() or 1, _MOST_PRESSES)
    own = threading.local()

    def work(item: Item) -> None:
        if not hasattr(own, "press"):
            own.press = new_press()
        print_one(own.press, item)

    done = 0
    pending: set[Future[None]] = set()
    workers = ThreadPoolExecutor(number, "press")
    try:
        for item in items:
            pending.add(workers.submit(work, item))
            if len(pending) >= number * waiting:
                done, pending = _collected(done, pending, progress)
        while pending:
            done, pending = _collected(done, pending, progress)
    finally:
        workers.shutdown(wait=True, cancel_futures=True)
    return done


def _collected(done: int, pending: set[Future[None]], progress: Callable[[int], None]) -> tuple[int, set[Future[None]]]:
    """Wait for the next ones; raise what went wrong with them."""
    finished, left = wait(pending, return_when=FIRST_COMPLETED)
    for future in finished:
        future.result()
    progress(done + len(finished))
    return done + len(finished), left
