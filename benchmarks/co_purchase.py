"""Co-purchases of 20 million interactions: time, and peak memory of a process that does nothing else.

    python -m benchmarks.co_purchase [--data FOLDER] [--times 20] [--items 1]

MovieLens 1M is expanded by copying its users under fresh indices, which keeps its shape; with ``--items N`` the
copies are spread over N copies of the items. Goal: the whole process stays under 4 GB. Beside it stands the bare
sparse product that the counting rests on, formed in one piece and neither filtered nor ranked, in its own process.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from benchmarks.movielens import data_folder
from graphrec.loaders import movielens
from graphrec.loading.co_purchase import co_purchases
from graphrec.loading.interactions import INTERACTED

if TYPE_CHECKING:
    import numpy.typing as npt

GIGABYTE = 1 << 30


def expanded(folder: Path, times: int, spread: int) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], int]:
    """Return user and item indices of the expanded data, and the number of items."""
    table = movielens.load(folder, people=False, dbpedia=False).tables.edges[INTERACTED]
    users, items = (table.column(side).combine_chunks() for side in ("from", "to"))
    n_users, n_items = len(users.dictionary), len(items.dictionary)
    copy = np.repeat(np.arange(times, dtype=np.int32), len(users))
    return (
        np.tile(np.asarray(users.indices), times) + copy * np.int32(n_users),
        np.tile(np.asarray(items.indices), times) + (copy % np.int32(spread)) * np.int32(n_items),
        n_items * spread,
    )


def measure(method: str, folder: Path, times: int, spread: int) -> dict[str, float]:
    """Run one of the two in this process and return its figures."""
    users, items, n_items = expanded(folder, times, spread)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    if method == "counted":
        n_pairs = len(co_purchases(users, items, n_items).count)
    else:
        taken = sparse.csr_matrix((np.ones(len(users), dtype=np.int32), (users, items)))
        n_pairs = (taken.T.tocsr() @ taken).nnz
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"n": len(users), "found": n_pairs, "seconds": seconds, "before": before * 1024, "peak": peak * 1024}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=data_folder() / "movielens-1m")
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--items", type=int, default=1, help="copies of the items")
    parser.add_argument("--only", choices=("counted", "bare"), help="run one of the two in this process, print JSON")
    arguments = parser.parse_args()
    if arguments.only:
        print(json.dumps(measure(arguments.only, arguments.data, arguments.times, arguments.items)))
        return
    figures = {}
    for method in ("counted", "bare"):
        command = [sys.executable, "-m", "benchmarks.co_purchase", "--only", method, "--data", str(arguments.data)]
        command += ["--times", str(arguments.times), "--items", str(arguments.items)]
        figures[method] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        cost = figures[method]
        print(
            f"{method:8} {cost['n']:>12,} interactions  {cost['found']:>12,} pairs  {cost['seconds']:7.1f} s  "
            f"peak {cost['peak'] / GIGABYTE:5.2f} GB (data alone {cost['before'] / GIGABYTE:.2f}), goal 4 GB"
        )
    print(f"ratio of times {figures['counted']['seconds'] / figures['bare']['seconds']:.2f}")


if __name__ == "__main__":
    main()
