"""Loading MovieLens 1M into the embedded store, beside the engine's own COPY of the same tables.

``python -m benchmarks.embedded_load ML1M``

Bar: the median ratio of interleaved pairs is at most 1.5.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from benchmarks.embedded_jobs import measure, middle, movielens, save


def main() -> None:
    """Time pairs, and print the ratio of each and their median."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path, help="the folder movielens-1m")
    parser.add_argument("--pairs", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tables, info = movielens(options.path)
        save(tables, info, folder / "tables")
        print(tables.counts())
        ratios = []
        for pair in range(options.pairs):
            order = ("graphrec", "bare") if pair % 2 else ("bare", "graphrec")
            costs = {job: measure(job, folder / "tables", folder / job) for job in order}
            ratios.append(costs["graphrec"]["seconds"] / costs["bare"]["seconds"])
            summary = ", ".join(f"{job} {costs[job]['seconds']:.2f} s {costs[job]['peak_mb']:.0f} MB" for job in costs)
            print(f"pair {pair + 1}: {summary}, ratio {ratios[-1]:.2f}", flush=True)
    print(f"median ratio {middle(ratios):.2f} (bar 1.5)")


if __name__ == "__main__":
    main()
