"""Recommended items explained a second on one core: MovieLens 1M with genres and people.

    python -m benchmarks.explain_speed [--data FOLDER] [--runs 5] [--size 200]

Every user gets 10 items, each with its whole evidence weighed (some 450 inputs a user), its ten strongest reasons
ranked, and the effect of each measured. Beside it, interleaved: the bound, scoring and ranking of items with no reasons
at all; and the peer, the same arithmetic as a plain loop over users in NumPy, on every 20th user, which makes no
tables. Seconds are of the processor, with one thread, so that other work on the machine does not count; seconds on the
clock stand beside them. Goal: 20,000 items a second.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from benchmarks.movielens import data_folder, loaded_store
from graphrec.dataset.dataset import Dataset
from graphrec.models.reconet.model import RecoNet
from graphrec.rankings.top_items import top_items
from graphrec.recommendation.batches import recommend
from graphrec.recommendation.request import Request

if TYPE_CHECKING:
    from collections.abc import Callable


REQUEST = Request(k=10, reasons=10)
SAMPLED = 20
"""The peer explains every 20th user."""


def explained(model: RecoNet, dataset: Dataset) -> int:
    """Recommend to everybody, with reasons; return the number of items."""
    return sum(batch.recommendations.num_rows for batch in recommend(model, dataset, REQUEST))


def scored(model: RecoNet, dataset: Dataset) -> int:
    """Recommend to everybody without reasons; return the number of items."""
    ids = dataset.users.ids.to_pylist()
    allowed = np.ones(len(dataset.items), dtype=np.bool_)
    n_items = 0
    for start in range(0, len(ids), 1024):
        chunk = np.arange(start, min(start + 1024, len(ids)))
        items, _ = top_items(
            model.score_users(dataset, ids[start : start + 1024]), dataset.taken.rows(chunk), allowed, 10
        )
        n_items += int((items >= 0).sum())
    return n_items


def looped(arrays: dict[str, Any], dataset: Dataset) -> int:
    """Do the same for every 20th user in a plain loop; return the number of items."""
    features, output, n_items = arrays["features"], arrays["output"], len(dataset.items)
    n_explained = 0
    for user in range(0, len(dataset.users), SAMPLED):
        taken = dataset.positives.row(user)
        carried = np.unique(dataset.item_attributes.rows(taken).indices)
        inputs = np.concatenate([taken, n_items + carried, n_items + dataset.user_attributes.row(user)])
        n = len(inputs)
        vectors = features[inputs]
        scores = output @ (vectors.sum(axis=0) / n)
        scores[dataset.taken.row(user)] = -np.inf
        best = np.argpartition(-scores, 10)[:10]
        for item in best[np.argsort(-scores[best])]:
            weights = vectors @ output[item] / n
            strongest = np.argpartition(-weights, 10)[:10]
            strongest = strongest[np.argsort(-weights[strongest])]
            _effects = (n * weights[strongest] - scores[item]) / (n - 1)
            _shares = weights[strongest] / np.abs(weights).sum()
            n_explained += 1
    return n_explained


def timed(work: Callable[[], int]) -> tuple[float, float]:
    """Return items a second of the processor and on the clock."""
    clock, processor = time.perf_counter(), time.process_time()
    n_items = work()
    return n_items / (time.process_time() - processor), n_items / (time.perf_counter() - clock)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=data_folder() / "movielens-1m")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--size", type=int, default=200, help="embedding_size")
    arguments = parser.parse_args()
    if os.environ.get("OPENBLAS_NUM_THREADS") != "1":  # NumPy's threads are counted before it is imported
        alone = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        os.execve(sys.executable, [sys.executable, "-m", "benchmarks.explain_speed", *sys.argv[1:]], alone)
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder, loaded_store(arguments.data, Path(folder) / "store") as store:
        dataset = Dataset.from_store(store, "rating>=3")
    model = RecoNet(embedding_size=arguments.size, epochs=1, examples_per_user=2).fit(dataset)
    arrays = model.arrays()
    work: dict[str, Callable[[], int]] = {
        "explained": lambda: explained(model, dataset),
        "scored, no reasons (bound)": lambda: scored(model, dataset),
        "plain NumPy loop (peer)": lambda: looped(arrays, dataset),
    }
    rates: dict[str, list[tuple[float, float]]] = {name: [] for name in work}
    for job in work.values():
        job()
    for _ in range(arguments.runs):
        for name, job in work.items():
            rates[name].append(timed(job))
    print(
        f"d = {arguments.size}, median of {arguments.runs} interleaved runs, items a second on one core (on the clock)"
    )
    for name, measured in rates.items():
        ratio = statistics.median(
            batched[0] / loop[0] for batched, loop in zip(rates["explained"], measured, strict=True)
        )
        processor, clock = (statistics.median(rate[place] for rate in measured) for place in (0, 1))
        print(f"{name:28} {processor:9,.0f} ({clock:9,.0f})   explained / this: {ratio:.2f}")


if __name__ == "__main__":
    main()
