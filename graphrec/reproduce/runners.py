"""Who does the jobs: this process alone, or several beside it. Each computes on one thread."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
import traceback
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Protocol, cast

from graphrec.errors import GraphrecError
from graphrec.reproduce.cache import Cache
from graphrec.reproduce.job_context import Workplace

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess
    from pathlib import Path

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.splitting import Split
    from graphrec.reproduce.job import Job


@dataclass(frozen=True)
class Materials:
    """What every worker is given once.

    Attributes:
        dataset: whole.
        splits: by fingerprint.
        folder: of the cache.
    """

    dataset: Dataset
    splits: dict[str, Split]
    folder: Path

    def workplace(self) -> Workplace:
        """Return a place to work at."""
        return Workplace(self.dataset, self.splits, Cache(self.folder))


@dataclass(frozen=True)
class Outcome:
    """How a job ended.

    Attributes:
        job: the job.
        seconds: on the clock.
        failure: one sentence; empty where it is done.
        details: the traceback of a failure that nobody foresaw.
    """

    job: Job
    seconds: float
    failure: str = ""
    details: str = ""


class Crew(Protocol):
    """Takes jobs while some of it are idle, and tells of those that ended."""

    @property
    def idle(self) -> int:
        """Workers without a job."""

    def give(self, job: Job) -> None:
        """Have a job begun; only while ``idle`` is above 0."""

    def ended(self) -> Outcome:
        """Wait for one job to end."""

    def close(self) -> None:
        """Stop, whatever is being done."""


def crew(workers: int, materials: Materials) -> Crew:
    """Return this process for one worker, processes of their own for more."""
    return Alone(materials) if workers == 1 else Several(workers, materials)


def done(workplace: Workplace, job: Job) -> Outcome:
    """Do a job and keep its result."""
    begun = time.perf_counter()
    try:
        result = job.function(workplace, job)
        seconds = time.perf_counter() - begun
        workplace.cache.keep(job, {**result, "took": seconds})
    except GraphrecError as error:
        return Outcome(job, time.perf_counter() - begun, str(error))
    except Exception as error:
        sentence = f"unexpected {type(error).__name__}: {error}"
        return Outcome(job, time.perf_counter() - begun, sentence, traceback.format_exc())
    return Outcome(job, seconds)


class Alone:
    """Does a job when asked how it ended."""

    def __init__(self, materials: Materials) -> None:
        import torch

        self._threads = torch.get_num_threads()
        torch.set_num_threads(1)
        self._workplace = materials.workplace()
        self._job: Job | None = None

    @property
    def idle(self) -> int:
        """One, while no job is given."""
        return int(self._job is None)

    def give(self, job: Job) -> None:
        """Remember the job."""
        self._job = job

    def ended(self) -> Outcome:
        """Do it."""
        job, self._job = self._job, None
        if job is None:
            raise RuntimeError("ended() follows give()")
        return done(self._workplace, job)

    def close(self) -> None:
        """Give back the threads."""
        import torch

        torch.set_num_threads(self._threads)


class Several:
    """Processes that were started afresh (no lock or thread of this one is copied into them)."""

    def __init__(self, workers: int, materials: Materials) -> None:
        self._materials = materials
        self._context = multiprocessing.get_context("spawn")
        self._ends: dict[Connection, SpawnProcess] = {}
        self._busy: dict[Connection, Job] = {}
        self._begun: dict[Connection, float] = {}
        for _ in range(workers):
            self._start()

    @property
    def idle(self) -> int:
        """Workers without a job."""
        return len(self._ends) - len(self._busy)

    def give(self, job: Job) -> None:
        """Send the job to a worker that has none."""
        end = next(end for end in self._ends if end not in self._busy)
        self._busy[end], self._begun[end] = job, time.perf_counter()
        end.send(job)

    def ended(self) -> Outcome:
        """Wait for a worker to answer, or to die; one that died is replaced."""
        end = cast("Connection", wait(list(self._busy))[0])
        job = self._busy.pop(end)
        try:
            outcome: Outcome = end.recv()
        except (EOFError, OSError):
            process = self._ends.pop(end)
            process.join()
            self._start()
            seconds = time.perf_counter() - self._begun[end]
            return Outcome(job, seconds, f"its process died with code {process.exitcode}: out of memory, perhaps")
        return outcome

    def close(self) -> None:
        """End every worker at once; what they were doing is not kept."""
        for process in self._ends.values():
            process.terminate()
        for process in self._ends.values():
            process.join()

    def _start(self) -> None:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_work, args=(theirs, self._materials), daemon=True)
        process.start()
        theirs.close()
        self._ends[ours] = process


def _work(end: Connection, materials: Materials) -> None:
    """Do one job after the other until the other end is closed."""
    import torch

    threading.Thread(target=_leave_with_parent, daemon=True).start()
    torch.set_num_threads(1)
    workplace = materials.workplace()
    while True:
        try:
            job = end.recv()
        except EOFError:
            return
        end.send(done(workplace, job))


def _leave_with_parent() -> None:
    """End this process when the one that started it has died, even by a signal that nobody can catch."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
