"""Batches made ahead: the next ones are made on the processor while the device computes with this one."""

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
"""Seconds between two looks at whether anybody still wants batches."""


def prefetch(batches: Iterable[T]) -> Generator[T, None, None]:
    """Yield what ``batches`` yields, in its order, made by a thread of its own up to ``PREFETCHED`` batches early.

    What is yielded is the same as without, if making a batch depends on nothing that using one changes. An error while
    making a batch is raised where that batch would have come. When the generator is closed, the thread ends.
    """
    ready: queue.Queue[_Item] = queue.Queue(maxsize=PREFETCHED)
    unwanted = threading.Event()
    maker = threading.Thread(target=_make, args=(batches, ready, unwanted), name="batches", daemon=True)
    maker.start()
    try:
        while (made := ready.get()).is_batch:
            yield made.what
        if made.what is not None:
            raise made.what
    finally:
        unwanted.set()
        maker.join()


class _Item:
    """A batch; or the end, with the error that brought it about or None."""

    def __init__(self, what: Any, *, is_batch: bool) -> None:
        self.what = what
        self.is_batch = is_batch


def _make(batches: Iterable[Any], ready: queue.Queue[_Item], unwanted: threading.Event) -> None:
    end = _Item(None, is_batch=False)
    try:
        for batch in batches:
            if not _put(_Item(batch, is_batch=True), ready, unwanted):
                return
    except BaseException as error:
        end = _Item(error, is_batch=False)
    _put(end, ready, unwanted)


def _put(made: _Item, ready: queue.Queue[_Item], unwanted: threading.Event) -> bool:
    """Wait for a place and take it; return False if nobody wants batches any more."""
    while not unwanted.is_set():
        try:
            ready.put(made, timeout=_PAUSE)
        except queue.Full:
            continue
        return True
    return False
