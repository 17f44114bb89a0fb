"""Runners of jobs: this process by itself, or several processes. Each computes on one thread."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
import traceback
from dataclasses import dataclass, field
from multiprocessing import connection
from typing import TYPE_CHECKING, Protocol, cast

from graphrec.dataset.visible_reviews import VisibleReviews
from graphrec.errors import GraphrecError
from graphrec.reproduce.cache import Cache
from graphrec.reproduce.job_context import JobContext
from graphrec.reproduce.jobs.registry import job_function

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess
    from pathlib import Path

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.splitting import Split
    from graphrec.reproduce.job import Job


@dataclass(frozen=True)
class RunData:
    """Data that every process of a run works with.

    Attributes:
        dataset: whole.
        splits: by fingerprint.
        folder: of the cache.
        visible: which reviews and profiles a split leaves.
    """

    dataset: Dataset
    splits: dict[str, Split]
    folder: Path
    visible: VisibleReviews = field(default_factory=VisibleReviews)

    def context(self) -> JobContext:
        """Return the context of the jobs of one process."""
        return JobContext(self.dataset, self.splits, Cache(self.folder), self.visible)


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


class JobRunner(Protocol):
    """Runs jobs on its workers, and returns each when it has ended."""

    @property
    def idle(self) -> int:
        """Workers without a job."""

    def submit(self, job: Job) -> None:
        """Have a job begun; only while ``idle`` is above 0."""

    def wait(self) -> Outcome:
        """Wait for one job to end."""

    def close(self) -> None:
        """Stop, whatever is being done."""


def job_runner(workers: int, data: RunData) -> JobRunner:
    """Return a runner in this process for one worker, in processes of their own for more."""
    return SequentialRunner(data) if workers == 1 else ParallelRunner(workers, data)


def run_job(context: JobContext, job: Job) -> Outcome:
    """Run a job and keep its result."""
    begun = time.perf_counter()
    try:
        result = job_function(job.kind)(context, job)
        seconds = time.perf_counter() - begun
        context.cache.keep(job, {**result, "took": seconds})
    except GraphrecError as error:
        return Outcome(job, time.perf_counter() - begun, str(error))
    except Exception as error:
        sentence = f"unexpected {type(error).__name__}: {error}"
        return Outcome(job, time.perf_counter() - begun, sentence, traceback.format_exc())
    return Outcome(job, seconds)


class SequentialRunner:
    """Runs one job at a time in this process, when its end is waited for."""

    def __init__(self, data: RunData) -> None:
        import torch

        self._threads = torch.get_num_threads()
        torch.set_num_threads(1)
        self._context = data.context()
        self._job: Job | None = None

    @property
    def idle(self) -> int:
        """One, while no job is submitted."""
        return int(self._job is None)

    def submit(self, job: Job) -> None:
        """Remember the job."""
        self._job = job

    def wait(self) -> Outcome:
        """Run it."""
        job, self._job = self._job, None
        if job is None:
            raise RuntimeError("wait() follows submit()")
        return run_job(self._context, job)

    def close(self) -> None:
        """Give back the threads."""
        import torch

        torch.set_num_threads(self._threads)


class ParallelRunner:
    """Runs jobs in processes that were started afresh (no lock or thread of this one is copied into them)."""

    def __init__(self, workers: int, data: RunData) -> None:
        self._data = data
        self._processes = multiprocessing.get_context("spawn")
        self._ends: dict[Connection, SpawnProcess] = {}
        self._busy: dict[Connection, Job] = {}
        self._begun: dict[Connection, float] = {}
        for _ in range(workers):
            self._start()

    @property
    def idle(self) -> int:
        """Workers without a job."""
        return len(self._ends) - len(self._busy)

    def submit(self, job: Job) -> None:
        """Send the job to a worker that has none."""
        end = next(end for end in self._ends if end not in self._busy)
        self._busy[end], self._begun[end] = job, time.perf_counter()
        end.send(job)

    def wait(self) -> Outcome:
        """Wait for a worker to answer, or to die; one that died is replaced."""
        end = cast("Connection", connection.wait(list(self._busy))[0])
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
        ours, theirs = self._processes.Pipe()
        process = self._processes.Process(target=_work, args=(theirs, self._data), daemon=True)
        process.start()
        theirs.close()
        self._ends[ours] = process


def _work(end: Connection, data: RunData) -> None:
    """Run one job after the other until the other end is closed."""
    import torch

    threading.Thread(target=_leave_with_parent, daemon=True).start()
    torch.set_num_threads(1)
    context = data.context()
    while True:
        try:
            job = end.recv()
        except EOFError:
            return
        end.send(run_job(context, job))


def _leave_with_parent() -> None:
    """End this process when the one that started it has died, even by a signal that nobody can catch."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
