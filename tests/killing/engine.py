"""Kill drivers and workers of runs on engines: ``python -m tests.killing.engine --count 20``.

Drivers are killed at a random moment until a little after their workers end, workers at one of their own. After a
driver's kill readers see no run or the whole one, its workers end, and the same command again completes the run; a
worker's is not noticed but by the clock. In both cases the store then holds what it holds where nobody was killed. Into
a Neo4j: ``--neo4j``, as for ``tests.killing.neo4j``.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

import graphrec as gr
from tests.killing import verbs
from tests.killing.engine_job import USERS
from tests.killing.neo4j import emptied, some_server

if TYPE_CHECKING:
    from collections.abc import Callable

SECONDS = 300.0
"""How long a run may take that nobody kills."""
PAUSE = 0.05
"""Seconds between two looks at a driver's workers."""
WORKER_NAMES = ("ray::_Worker", "spawn_main")


class EngineKiller:
    """Kills runs on engines, into stores of one kind.

    Args:
        fresh: returns the URI of an empty store.
    """

    def __init__(self, fresh: Callable[[], str]) -> None:
        self._fresh = fresh

    def kill_drivers(self, engine: str, times: int, chance: random.Random) -> int:
        """Kill the driver so many times; return how often the run was not whole before."""
        expected, last, _ = self._undisturbed(engine)
        killed = 0
        for _ in range(times):
            uri = self._loaded()
            job = _begun(uri, engine)
            workers = psutil.Process(job.pid).children(recursive=True)
            time.sleep(chance.uniform(0, 1.2 * last))
            workers += [] if job.poll() is not None else psutil.Process(job.pid).children(recursive=True)
            job.kill()
            job.wait()
            _, alive = psutil.wait_procs(workers, timeout=60)
            assert not alive, f"workers outlive their driver: {alive}"
            with gr.open_store(uri) as store:
                seen = [run.id for run in store.runs()]
                assert seen in ([], expected["runs"]), seen
            killed += not seen
            _ended(_begun(uri, engine))
            _assert_same(uri, expected)
        return killed

    def kill_workers(self, engine: str, times: int, chance: random.Random) -> int:
        """Kill a worker of so many runs; return how often there was one."""
        expected, _, working = self._undisturbed(engine)
        killed = 0
        for _ in range(times):
            uri = self._loaded()
            job = _begun(uri, engine)
            while job.poll() is None and not _workers(job):
                time.sleep(PAUSE)
            time.sleep(chance.uniform(0, working))
            worker = chance.choice(_workers(job) or [None])
            if worker is not None:
                worker.kill()
                killed += 1
            _ended(job)
            _assert_same(uri, expected)
        return killed

    def _undisturbed(self, engine: str) -> tuple[dict[str, Any], float, float]:
        """Return what a store holds after a run, the second that its workers ended at, and how long there were any."""
        uri = self._loaded()
        job = _begun(uri, engine)
        began, at_work = time.monotonic(), [0.0]
        while job.poll() is None:
            if _workers(job):
                at_work.append(time.monotonic() - began)
            time.sleep(PAUSE)
        _ended(job)
        return _content(uri), at_work[-1], at_work[-1] - at_work[min(1, len(at_work) - 1)]

    def _loaded(self) -> str:
        uri = self._fresh()
        with gr.open_store(uri) as store:
            store.load(verbs.tables(USERS), verbs.INFO)
        return uri


def _begun(uri: str, engine: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.killing.engine_job", uri, engine]
    job = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert job.stdout is not None
    assert job.stdout.readline() == "begin\n"
    return job


def _ended(job: subprocess.Popen[str]) -> None:
    assert job.wait(SECONDS) == 0


def _workers(job: subprocess.Popen[str]) -> list[psutil.Process]:
    """Return the workers that a driver has now."""
    try:
        children = psutil.Process(job.pid).children(recursive=True)
        return [each for each in children if any(name in " ".join(each.cmdline()) for name in WORKER_NAMES)]
    except psutil.Error:
        return []


def _content(uri: str) -> dict[str, Any]:
    with gr.open_store(uri) as store:
        assert store.check().findings == ()
        runs = store.runs()
        return {"runs": [run.id for run in runs], "all": verbs.content(store)}


def _assert_same(uri: str, expected: dict[str, Any]) -> None:
    found = _content(uri)
    assert found["runs"] == expected["runs"]
    differing = {part for part in expected["all"] if found["all"].get(part) != expected["all"][part]}
    assert not differing, f"other {differing} than where nobody is killed"


def fresh_folders(folder: Path) -> Callable[[], str]:
    """Return what names a new folder below ``folder`` at each call."""
    made = iter(range(10**6))
    return lambda: str(folder / f"store{next(made)}")


def main() -> None:
    """Kill so many drivers and workers of each engine, and say how many of them were at work."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20, help="kills of drivers, and of workers")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--neo4j", action="store_true", help="into a Neo4j, from many workers")
    parser.add_argument("engines", nargs="*", default=["processes:2", "ray"])
    options = parser.parse_args()
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        fresh = fresh_folders(place)
        if options.neo4j:
            uri = stack.enter_context(some_server())
            fresh = lambda: emptied(uri)  # noqa: E731
        killer = EngineKiller(fresh)
        for engine in options.engines:
            for who, kill in (("drivers", killer.kill_drivers), ("workers", killer.kill_workers)):
                killed = kill(engine, options.count, random.Random(options.seed))
                sys.stdout.write(f"{engine:<12} {killed} of {options.count} {who} killed at work: whole after each\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main()
