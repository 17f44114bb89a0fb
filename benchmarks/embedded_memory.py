"""Peak memory of loading, beside the engine's own COPY: ``python -m benchmarks.embedded_memory ML1M --times 1 4 16``.

MovieLens 1M is expanded so that it keeps its shape: every user is there so many times, with the same interactions.
Bar: at most 300 MB more than the bare COPY, which holds the same Arrow tables.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from benchmarks.embedded_jobs import expanded, measure, middle, movielens, save


def main() -> None:
    """Measure each size in fresh processes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path, help="the folder movielens-1m")
    parser.add_argument("--times", type=int, nargs="+", default=[1, 4, 16])
    parser.add_argument("--pairs", type=int, default=1)
    options = parser.parse_args()
    base, info = movielens(options.path)
    for times in options.times:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            save(expanded(base, times), info, folder / "tables")
            jobs = ("nothing", "bare", "graphrec")
            peaks: dict[str, list[float]] = {job: [] for job in jobs}
            seconds: dict[str, list[float]] = {job: [] for job in jobs}
            for _ in range(options.pairs):
                for job in jobs:
                    measured = measure(job, folder / "tables", folder / job)
                    peaks[job].append(measured["peak_mb"])
                    seconds[job].append(measured["seconds"])
        nothing, bare, loaded = (middle(peaks[job]) for job in jobs)
        ratio = middle(seconds["graphrec"]) / middle(seconds["bare"])
        print(
            f"{times} million: the tables alone {nothing:.0f} MB, bare COPY {bare:.0f} MB, load {loaded:.0f} MB: "
            f"{loaded - bare:+.0f} MB (bar +300); {middle(seconds['graphrec']):.1f} s, {ratio:.2f} times the bare COPY",
            flush=True,
        )


if __name__ == "__main__":
    main()
