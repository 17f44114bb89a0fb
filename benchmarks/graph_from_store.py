"""From an embedded store to a DGL graph: ``python -m benchmarks.graph_from_store ML1M --times 1 4 --runs 3``.

MovieLens 1M with genres, people and its DBpedia graph; expanded so that every user is there so many times. Each read is
a process of its own: seconds from the open store to the DGL graph, without importing (both the processor's and those on
the clock), and its peak memory. Bar: under 10 s at 1 time; at 4 times at most four times the memory and a bit.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.embedded_jobs import expanded, middle, movielens
from benchmarks.memory_peak import peak
from graphrec.store.opening import open_store

NAMES = ("seconds", "cpu", "peak_mb", "start_mb", "edges")


def read(folder: str, cached: bool) -> None:
    """Make the graph and print its cost."""
    from graphrec.sampling.dgl_import import import_dgl
    from graphrec.sampling.dgl_sampler import to_dgl
    from graphrec.sampling.from_store import graph_from_store

    import_dgl()
    start, began, used = peak(), time.perf_counter(), time.process_time()
    with open_store(folder) as store:
        graph = to_dgl(graph_from_store(store, cached=cached))
    cost = (time.perf_counter() - began, time.process_time() - used, peak(), start, graph.num_edges())
    print(json.dumps(dict(zip(NAMES, cost, strict=True))))


def measure(folder: Path, cache: Path, source: str) -> dict[str, float]:
    """Read in a fresh process."""
    command = [sys.executable, "-m", "benchmarks.graph_from_store", str(folder), "--read", source]
    environment = {**os.environ, "GRAPHREC_CACHE": str(cache)}
    answer = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    measured: dict[str, float] = json.loads(answer.stdout.splitlines()[-1])
    return measured


def main() -> None:
    """Measure each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path, help="the folder movielens-1m")
    parser.add_argument("--times", type=int, nargs="+", default=[1, 4])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--read", choices=["store", "cache"], help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.read:
        read(str(options.path), options.read == "cache")
        return
    base, info = movielens(options.path)
    for times in options.times:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            with open_store(str(folder / "store")) as store:
                store.load(expanded(base, times), info)
            measure(folder / "store", folder / "cache", "cache")  # fills the cache
            costs: dict[str, list[dict[str, float]]] = {"store": [], "cache": []}
            for _ in range(options.runs):
                for source, measured in costs.items():
                    measured.append(measure(folder / "store", folder / "cache", source))
        for source, measured in costs.items():
            of = {name: middle([cost[name] for cost in measured]) for name in NAMES}
            print(
                f"{times} × from the {source}: {of['edges']:,.0f} edges, {of['seconds']:.2f} s ({of['cpu']:.2f} s of "
                f"the processor), peak {of['peak_mb']:.0f} MB, "
                f"{of['peak_mb'] - of['start_mb']:.0f} MB above the imports",
                flush=True,
            )


if __name__ == "__main__":
    main()
