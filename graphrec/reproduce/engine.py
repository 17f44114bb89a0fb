"""Run jobs in an order in which each has what it needs, without those whose result is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphrec.errors import ModelError
from graphrec.reproduce.runners import job_runner

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from graphrec.reproduce.cache import Cache
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.runners import JobRunner, Outcome, RunData


@dataclass(frozen=True)
class Step:
    """One job that ended, for whoever watches.

    Attributes:
        outcome: which, how long, and whether it failed.
        done: jobs of this call that ended.
        total: jobs of this call.
        left: seconds that the rest is likely to take; None while nothing like it was done before.
    """

    outcome: Outcome
    done: int
    total: int
    left: float | None


def ignore_step(step: Step) -> None:
    """Do nothing with a step."""


def run_jobs(
    jobs: Iterable[Job], cache: Cache, data: RunData, workers: int = 1, watch: Callable[[Step], None] = ignore_step
) -> int:
    """Run the jobs that are not done yet, and return their number.

    Args:
        jobs: what is wanted; what they need is done too.
        cache: where results are kept.
        data: that every worker works with.
        workers: processes that work side by side.
        watch: called with every job that ended.

    Raises:
        ModelError: a job failed; the others are done and kept all the same, but for those that need its result.
    """
    open_jobs = _not_done(jobs, cache)
    if not open_jobs:
        return 0
    runner = job_runner(min(workers, len(open_jobs)), data)
    try:
        failures = _run(open_jobs, runner, workers, watch, _Pace())
    finally:
        runner.close()
    if failures:
        first = failures[0]
        raise ModelError(
            f"{len(failures)} of {len(open_jobs)} jobs failed; the first, {first.job.label}: {first.failure}",
            remedy="Mend it, then repeat the same command: what is done is kept",
        )
    return len(open_jobs)


def _not_done(jobs: Iterable[Job], cache: Cache) -> list[Job]:
    """Return the jobs to do, each once and after what it needs; one that keeps its model stands for both."""
    open_jobs: dict[str, Job] = {}

    def visit(job: Job) -> None:
        if cache.has(job) or (job.key in open_jobs and (open_jobs[job.key].keep or not job.keep)):
            return
        for needed in job.needs:
            visit(needed)
        open_jobs[job.key] = job

    for job in jobs:
        visit(job)
    return list(open_jobs.values())


def _run(jobs: list[Job], runner: JobRunner, workers: int, watch: Callable[[Step], None], pace: _Pace) -> list[Outcome]:
    waiting, running = list(jobs), set[str]()
    failed: dict[str, Outcome] = {}
    lost: set[str] = set()
    ended = 0
    while waiting or running:
        blocked = {job.key for job in waiting} | running
        for job in list(waiting):
            if any(needed.key in failed or needed.key in lost for needed in job.needs):
                waiting.remove(job)
                lost.add(job.key)
            elif runner.idle and not any(needed.key in blocked for needed in job.needs):
                waiting.remove(job)
                running.add(job.key)
                runner.submit(job)
        if not running:
            continue
        outcome = runner.wait()
        running.discard(outcome.job.key)
        ended += 1
        pace.add(outcome)
        if outcome.failure:
            failed[outcome.job.key] = outcome
        rest = [*waiting, *(job for job in jobs if job.key in running)]
        watch(Step(outcome, ended, len(jobs), pace.left(rest, workers)))
    return list(failed.values())


class _Pace:
    """How long jobs take, by what they are and belong to."""

    def __init__(self) -> None:
        self._seconds: dict[tuple[str, str], list[float]] = {}

    def add(self, outcome: Outcome) -> None:
        self._seconds.setdefault((outcome.job.kind, outcome.job.group), []).append(outcome.seconds)

    def left(self, jobs: list[Job], workers: int) -> float | None:
        all_seconds = [value for values in self._seconds.values() for value in values]
        if not all_seconds:
            return None
        overall = sum(all_seconds) / len(all_seconds)
        total = 0.0
        for job in jobs:
            alike = self._seconds.get((job.kind, job.group))
            total += sum(alike) / len(alike) if alike else overall
        return total / workers
