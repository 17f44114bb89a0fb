"""Recommended items explained a second of one core: MovieLens 1M with genres and people, RecoNet and EASE.

    python -m benchmarks.explain_speed [--data FOLDER] [--runs 5] [--size 200] [--models reconet ease] [--epochs 5]
    python -m benchmarks.explain_speed --out FOLDER     keep the fits
    python -m benchmarks.explain_speed --fits FOLDER    measure fits that were kept, also by another version

Every user gets 10 items, each with its whole evidence weighed (some 950 inputs a user with RecoNet, 139 with EASE), its
ten strongest reasons ranked, the effect of each measured, and all tables made. Beside it, interleaved:

- the bound: scoring and ranking of items with no reasons and no tables;
- ``reasons=0``: the same run when no reasons are asked for, with its tables;
- the peer: a plain loop over users in NumPy, on every 20th user, which makes no tables. For a user it computes one
  product of the ten items with the user's inputs, and chooses all reasons at once.

Seconds are of the processor, with one thread, so that other work on the machine does not count; seconds on the clock
stand beside them.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from benchmarks.movielens import data_folder, loaded_store
from graphrec.arrays.bounded_blocks import blocks
from graphrec.dataset.dataset import Dataset
from graphrec.dataset.profiles import profiles_of
from graphrec.models.ease import EASE
from graphrec.models.reconet.model import RecoNet
from graphrec.models.saving import load_model, save_model
from graphrec.rankings.top_items import top_items
from graphrec.recommendation.batches import recommend
from graphrec.recommendation.request import Request

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from graphrec.models.model import Model


K = R = 10
"""Items for each user, and reasons for each item."""
USERS_AT_ONCE = 1024
SAMPLED = 20
"""The peer explains every 20th user."""


def explained(model: Model, dataset: Dataset, reasons: int) -> int:
    """Recommend to everybody with so many reasons; return the number of items."""
    request = Request(k=K, reasons=reasons)
    return sum(batch.recommendations.num_rows for batch in recommend(model, dataset, request))


def scored(model: Model, dataset: Dataset) -> int:
    """Score and rank for everybody, nothing else; return the number of items."""
    aligned, known = model.align(dataset)
    allowed = np.ones(len(aligned.items), dtype=np.bool_)
    n_items = 0
    for rows in blocks(len(known), USERS_AT_ONCE):
        users = np.arange(rows.start, rows.stop)
        scores = model.score(profiles_of(aligned, known, users)).numpy()
        items, _ = top_items(scores, aligned.taken.rows(users), allowed, K)
        n_items += int((items >= 0).sum())
    return n_items


def looped(model: Model, dataset: Dataset) -> int:
    """Do the same for every 20th user in a plain loop; return the number of items."""
    arrays, n_items, n_explained = model.arrays(), len(dataset.items), 0
    is_mean = model.name == "reconet"
    rows = arrays["features" if is_mean else "item_weights"]
    for user in range(0, len(dataset.users), SAMPLED):
        taken = dataset.positives.row(user)
        if is_mean:
            carried = np.unique(dataset.item_attributes.rows(taken).indices)
            inputs = np.concatenate([taken, n_items + carried, n_items + dataset.user_attributes.row(user)])
            n, vectors = len(inputs), rows[inputs]
            scores = arrays["output"] @ (vectors.sum(axis=0) / n)
        else:
            n, vectors = len(taken), rows[taken]
            scores = vectors.sum(axis=0)
        scores[dataset.taken.row(user)] = -np.inf
        best = _strongest(scores[None])[0]
        weights = arrays["output"][best] @ vectors.T / n if is_mean else vectors[:, best].T
        places = _strongest(weights)
        strongest = np.take_along_axis(weights, places, axis=1)
        _effects = (n * strongest - scores[best, None]) / (n - 1) if is_mean else strongest
        _shares = strongest / np.abs(weights).sum(axis=1, keepdims=True)
        n_explained += len(best)
    return n_explained


def _strongest(numbers: npt.NDArray[np.float32]) -> npt.NDArray[np.int64]:
    """Return the places of the ten largest numbers of each row, in order."""
    some = np.argpartition(-numbers, min(R, numbers.shape[1] - 1), axis=1)[:, :R]
    order = np.argsort(-np.take_along_axis(numbers, some, axis=1), axis=1)
    return np.take_along_axis(some, order, axis=1)


def timed(work: Callable[[], int]) -> tuple[float, float]:
    """Return items a second of the processor and on the clock."""
    clock, processor = time.perf_counter(), time.process_time()
    n_items = work()
    return n_items / (time.process_time() - processor), n_items / (time.perf_counter() - clock)


def measure(model: Model, dataset: Dataset, runs: int) -> None:
    """Print the figures of one model."""
    work: dict[str, Callable[[], int]] = {
        "explained": lambda: explained(model, dataset, R),
        "reasons=0": lambda: explained(model, dataset, 0),
        "scored and ranked (bound)": lambda: scored(model, dataset),
        "plain NumPy loop (peer)": lambda: looped(model, dataset),
    }
    rates: dict[str, list[tuple[float, float]]] = {name: [] for name in work}
    for job in work.values():
        job()
    for _ in range(runs):
        for name, job in work.items():
            model.restore(model.arrays())  # nothing is kept from an earlier run
            rates[name].append(timed(job))
    print(f"{model.name}: median of {runs} interleaved runs, items a second of one core (on the clock)")
    for name, measured in rates.items():
        ratio = statistics.median(
            batched[0] / other[0] for batched, other in zip(rates["explained"], measured, strict=True)
        )
        processor, clock = (statistics.median(rate[place] for rate in measured) for place in (0, 1))
        print(f"  {name:28} {processor:9,.0f} ({clock:9,.0f})   explained / this: {ratio:.2f}")
    costs = [
        bound[0] / none[0] for bound, none in zip(rates["scored and ranked (bound)"], rates["reasons=0"], strict=True)
    ]
    print(f"  reasons=0 costs {statistics.median(costs):.2f} times the bound", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=data_folder() / "movielens-1m")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--size", type=int, default=200, help="embedding_size of RecoNet")
    parser.add_argument("--epochs", type=int, default=5, help="of RecoNet")
    parser.add_argument("--models", nargs="+", choices=["reconet", "ease"], default=["reconet", "ease"])
    parser.add_argument("--out", type=Path, help="folder to keep the fits in")
    parser.add_argument("--fits", type=Path, help="folder of fits that --out kept, instead of training")
    arguments = parser.parse_args()
    if os.environ.get("OPENBLAS_NUM_THREADS") != "1":  # NumPy's threads are counted before it is imported
        alone = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        os.execve(sys.executable, [sys.executable, "-m", "benchmarks.explain_speed", *sys.argv[1:]], alone)
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder, loaded_store(arguments.data, Path(folder) / "store") as store:
        dataset = Dataset.from_store(store, "rating>=3")
    for name in arguments.models:
        if arguments.fits:
            model = load_model(arguments.fits / name)
        elif name == "reconet":
            model = RecoNet(embedding_size=arguments.size, epochs=arguments.epochs).fit(dataset)
        else:
            model = EASE(reg=300.0).fit(dataset)
        if arguments.out:
            save_model(model, arguments.out / name)
        measure(model, dataset, arguments.runs)


if __name__ == "__main__":
    main()
