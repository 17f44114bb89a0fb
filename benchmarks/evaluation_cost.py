"""A whole evaluation beside one epoch of training, and beside scoring and ranking alone.

    python -m benchmarks.evaluation_cost [--data FOLDER] [--rounds 5]

MovieLens 1M, ratings of 3 and more, each user's cut 60/20/20. Evaluation: eight metrics at k = 10, 50 and 100, every
item that a user has not taken ranked, every user with a test part. Epoch: of RecoNet with the settings of its best row
in RESULTS.md, the difference of a fit with three epochs and a fit with one, halved. Bound: the same users scored by the
same model and the best 100 found with ``torch.topk``, no tie put in order, nothing measured. One thread; processor
time, interleaved rounds, medians.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from benchmarks.movielens import data_folder, loaded_store
from graphrec.dataset.dataset import Dataset
from graphrec.dataset.profiles import profiles_of
from graphrec.dataset.splitting import random_split
from graphrec.evaluation import METRICS, Sampled, evaluate
from graphrec.models.reconet.model import RecoNet

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphrec.dataset.splitting import SplitData

METRIC_NAMES = [f"{name}@{k}" for name in METRICS for k in (10, 50, 100)]
USERS_AT_ONCE = 1024


def model(epochs: int) -> RecoNet:
    """Return RecoNet as its best row has it."""
    return RecoNet(
        epochs=epochs, embedding_size=200, learning_rate=0.004, thinning=0.5, precision="mixed", item_attributes=False
    )


def seconds(job: Callable[[], object]) -> float:
    """Return the processor time of a job."""
    started = time.process_time()
    job()
    return time.process_time() - started


def bare(fitted: RecoNet, data: SplitData) -> None:
    """Score every user with a test part and find the best 100 items that were not taken; nothing else."""
    users = np.flatnonzero(data.test.counts)
    rows = np.arange(len(data.train.users), dtype=np.int32)
    for start in range(0, len(users), USERS_AT_ONCE):
        chunk = users[start : start + USERS_AT_ONCE]
        scores = fitted.score(profiles_of(data.train, rows, chunk))
        taken = data.train.taken.rows(chunk)
        scores[torch.from_numpy(taken.row_of_entry), torch.from_numpy(taken.indices.astype(np.int64))] = -torch.inf
        torch.topk(scores, 100, dim=1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=data_folder() / "movielens-1m")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder, loaded_store(arguments.data, Path(folder) / "store") as store:
        dataset = Dataset.from_store(store, "rating>=3")
    data = random_split(dataset).apply(dataset)
    fitted = model(1).fit(data.train)
    jobs: dict[str, Callable[[], object]] = {
        "evaluation": lambda: evaluate(fitted, data, METRIC_NAMES),
        "sampled": lambda: evaluate(fitted, data, METRIC_NAMES, candidates=Sampled(100)),
        "bound": lambda: bare(fitted, data),
        "one": lambda: model(1).fit(data.train),
        "three": lambda: model(3).fit(data.train),
    }
    taken: dict[str, list[float]] = {name: [] for name in jobs}
    for number in range(arguments.rounds):
        for name, job in jobs.items():
            taken[name].append(seconds(job))
        print(f"round {number + 1}: " + ", ".join(f"{name} {of[-1]:.2f} s" for name, of in taken.items()), flush=True)
    report({name: np.array(of) for name, of in taken.items()}, int(np.count_nonzero(data.test.counts)))


def report(taken: dict[str, np.ndarray[tuple[int], np.dtype[np.float64]]], users: int) -> None:
    """Print medians and ratios."""
    epoch = (taken["three"] - taken["one"]) / 2
    full, bound = taken["evaluation"], taken["bound"]
    print(
        f"\n{len(METRIC_NAMES)} metrics of {users:,} users: {np.median(full):.2f} s; an epoch: {np.median(epoch):.2f} s"
    )
    print(
        f"evaluation / epoch: {np.median(full / epoch):.2f}  ({(full / epoch).min():.2f} to {(full / epoch).max():.2f})"
    )
    print(
        f"evaluation / bound: {np.median(full / bound):.2f}  ({(full / bound).min():.2f} to {(full / bound).max():.2f})"
    )
    print(f"against 100 negatives a user: {np.median(taken['sampled']):.2f} s")


if __name__ == "__main__":
    main()
