"""The engine whose workers are processes of this machine."""

from __future__ import annotations

import os
import pickle
import threading
from collections import deque
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import connection, get_context, parent_process
from typing import TYPE_CHECKING, Any, Generic

from graphrec.engines.engine import AHEAD, ATTEMPTS, Part, lost_worker
from graphrec.engines.one_thread import use_one_thread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future

    from graphrec.engines.engine import Result


class Processes:
    """An ``Engine`` of several processes, each with one thread for arithmetic.

    When a process is ended from outside, all are replaced, and what was not done is done again. They end when this
    process does, even when it is killed. A script must guard its own start by ``if __name__ == "__main__"``, as
    ``multiprocessing`` wants it.

    Args:
        workers: number of processes.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers

    @property
    def name(self) -> str:
        """What ``--engine`` calls it."""
        return f"processes:{self.workers}"

    def map(self, work: Callable[[Part], Result], parts: Iterable[Part]) -> Iterator[tuple[int, Result]]:
        """Do the parts in the processes; see ``Engine.map``."""
        pickled = pickle.dumps(work, pickle.HIGHEST_PROTOCOL)
        waiting = _Waiting(parts)
        fruitless = 0
        while waiting:
            try:
                for number, result in self._mapped(pickled, waiting):
                    fruitless = 0
                    yield number, result
            except BrokenProcessPool as error:
                fruitless += 1
                if fruitless == ATTEMPTS:
                    raise lost_worker() from error
                waiting.put_back()

    def _mapped(self, pickled: bytes, waiting: _Waiting[Part]) -> Iterator[tuple[int, Any]]:
        """Do what is waiting, as long as no process is lost."""
        pool = ProcessPoolExecutor(
            self.workers, mp_context=get_context("spawn"), initializer=_begin, initargs=(pickled,)
        )
        running: dict[Future[Any], int] = {}
        try:
            while waiting or running:
                while len(running) < AHEAD * self.workers and waiting:
                    number, part = waiting.take()
                    running[pool.submit(_do, part)] = number
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    result = future.result()
                    number = running.pop(future)
                    waiting.done(number)
                    yield number, result
        finally:
            pool.shutdown(cancel_futures=True)


class _Waiting(Generic[Part]):
    """The parts that are not done yet; one that was begun can be put back."""

    def __init__(self, parts: Iterable[Part]) -> None:
        self._following = iter(enumerate(parts))
        self._ahead: deque[tuple[int, Part]] = deque()
        self._begun: dict[int, Part] = {}

    def __bool__(self) -> bool:
        """Return whether there is a part to begin."""
        if not self._ahead:
            self._ahead.extend(islice(self._following, 1))
        return bool(self._ahead)

    def take(self) -> tuple[int, Part]:
        """Return the next part to begin and its number."""
        number, part = self._ahead.popleft()
        self._begun[number] = part
        return number, part

    def done(self, number: int) -> None:
        """Forget a part that is done."""
        del self._begun[number]

    def put_back(self) -> None:
        """Begin what was begun and is not done once more, before everything else."""
        self._ahead.extendleft(sorted(self._begun.items(), reverse=True))
        self._begun.clear()


_WORK: list[Callable[[Any], Any]] = []
"""The work of this process, where it is a worker."""


def _begin(pickled: bytes) -> None:
    use_one_thread()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _WORK.append(pickle.loads(pickled))  # noqa: S301 - what the process that started this one has just pickled
    use_one_thread()


def _do(part: Any) -> Any:
    return _WORK[0](part)


def _end_with_parent() -> None:
    """End this process when the one that started it has ended, however it did."""
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
