"""A run on engines beside the same run without: MovieLens 1M with EASE, to Parquet.

    python -m benchmarks.engine [--data FOLDER] [--explainer model] [--users 6040] [--engines processes:1 ray]

On a machine with other work, clocks say little. So each process's own processor time is sampled: what all of them used
beside the run without engine is the overhead; and what the driver used, with what the busiest worker used on top, is
what the clock would show where every process has a core of its own. That bound leaves out waiting, and counts work that
driver and workers do at the same time twice, to the engine's disadvantage. Starting (imports, Ray, the model to each
worker) is in all figures, and apart too: of a run for one user, once for each worker.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import psutil

import graphrec as gr
from benchmarks.movielens import data_folder, loaded_store
from graphrec.explainers.registry import find_explainer

if TYPE_CHECKING:
    from graphrec.dataset.dataset import Dataset
    from graphrec.models.model import Model

WORKERS = ("ray::_Worker", "spawn_main")


class Cost(NamedTuple):
    """Seconds of one run: on the clock, of the driver, of the busiest worker, and of all workers that did anything."""

    clock: float
    driver: float
    busiest: float
    workers: list[float]


class _Watch(threading.Thread):
    """Samples the processor time of all descendants of this process."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.seconds: dict[int, float] = {}
        self.ended = threading.Event()

    def run(self) -> None:
        here = psutil.Process()
        while not self.ended.wait(0.1):
            for child in here.children(recursive=True):
                try:
                    if any(name in " ".join(child.cmdline()) for name in WORKERS):
                        times = child.cpu_times()
                        self.seconds[child.pid] = times.user + times.system
                except psutil.Error:
                    continue


def measured(model: Model, data: Dataset, users: int, explainer: str, engine: str) -> Cost:
    watch = _Watch()
    watch.start()
    asked = gr.recommend(
        model, data, data.users.ids[:users].to_pylist(), explainer=find_explainer(explainer)(), engine=engine
    )
    with tempfile.TemporaryDirectory() as folder:
        clock, own = time.perf_counter(), time.process_time()
        asked.save(Path(folder) / "run")
        clock, own = time.perf_counter() - clock, time.process_time() - own
    watch.ended.set()
    watch.join()
    return Cost(clock, own, max(watch.seconds.values(), default=0.0), list(watch.seconds.values()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=data_folder() / "movielens-1m")
    parser.add_argument("--explainer", default="model")
    parser.add_argument("--users", type=int, default=6040)
    parser.add_argument("--engines", nargs="+", default=["processes:1", "processes:2", "ray"])
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, loaded_store(arguments.data, Path(folder) / "store") as store:
        data = gr.Dataset.from_store(store, "rating>=3")
    model = gr.models.EASE().fit(data)
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; {arguments.users} users")
    plain = measured(model, data, arguments.users, arguments.explainer, "")
    print(f"without engine   {plain.driver:7.1f} s of the processor, {plain.clock:.1f} on the clock", flush=True)
    for engine in arguments.engines:
        start = measured(model, data, 1, arguments.explainer, engine)
        cost = measured(model, data, arguments.users, arguments.explainer, engine)
        used = cost.driver + sum(cost.workers)
        begun = start.driver + start.busiest * len(cost.workers)
        longest = cost.driver + cost.busiest
        print(
            f"{engine:<16} {used:7.1f} s of the processor, {begun:.1f} of them to start: "
            f"overhead {used / plain.driver - 1:+.0%}, {(used - begun) / plain.driver - 1:+.0%} after the start; "
            f"driver and busiest worker {longest:.1f} s: {plain.driver / longest:.2f} × the speed at most; "
            f"{cost.clock:.1f} on the clock",
            flush=True,
        )


if __name__ == "__main__":
    main()
