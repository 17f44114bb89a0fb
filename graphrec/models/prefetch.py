"""Prefetching: the next batches are made on the processor while the device computes with this one."""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

T = TypeVar("T")

PREFETCHED = 2
"""Batches that are ready at most while one is in use."""

_PAUSE = 0.1
"""Seconds between two checks whether the consumer has closed."""


def prefetch(batches: Iterable[T]) -> Generator[T, None, None]:
    """Yield the batches in their order, made by a thread of its own up to ``PREFETCHED`` batches early.

    The result is the same as without a thread if making a batch depends on nothing that using one changes. An error
    while making a batch is raised where that batch would have come. When the generator is closed, the thread ends.
    """
    ready: queue.Queue[_Entry] = queue.Queue(maxsize=PREFETCHED)
    closed = threading.Event()
    worker = threading.Thread(target=_make, args=(batches, ready, closed), name="batches", daemon=True)
    worker.start()
    try:
        while (received := ready.get()).is_batch:
            yield received.content
        if received.content is not None:
            raise received.content
    finally:
        closed.set()
        worker.join()


class _Entry:
    """A batch; or the end, with the error that caused it or None."""

    def __init__(self, content: Any, *, is_batch: bool) -> None:
        self.content = content
        self.is_batch = is_batch


def _make(batches: Iterable[Any], ready: queue.Queue[_Entry], closed: threading.Event) -> None:
    end = _Entry(None, is_batch=False)
    try:
        for batch in batches:
            if not _put(_Entry(batch, is_batch=True), ready, closed):
                return
    except BaseException as error:
        end = _Entry(error, is_batch=False)
    _put(end, ready, closed)


def _put(entry: _Entry, ready: queue.Queue[_Entry], closed: threading.Event) -> bool:
    """Wait for a place in the queue; return False if the consumer has closed."""
    while not closed.is_set():
        try:
            ready.put(entry, timeout=_PAUSE)
        except queue.Full:
            continue
        return True
    return False
