"""Recall@50 of RecoNet on MovieLens 1M beside EASE, on the paper's protocol, over shared splits.

    python -m benchmarks.reconet_accuracy [--data FOLDER] [--splits 5] [--workers 2]

Protocol: ratings of 3 and more are positive, lower ones are unknown and stay candidates; each user's positives are cut
60/20/20 at random; every item outside the user's training part is ranked. Tuned on the validation part of split 0
alone, over the settings in ``BUDGETS``; the number of epochs is found on each split's own validation part, by early
stopping on recall@50. The test part decides nothing. Attributes: gender, age and occupation of users; genre, director,
writer and actor of items. Every fit uses one thread of one process; ``--workers`` of them run side by side.
"""

from __future__ import annotations

import argparse
import multiprocessing
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from benchmarks.movielens import data_folder, loaded_store
from graphrec.dataset.reading import read_dataset
from graphrec.dataset.splitting import random_split
from graphrec.evaluate.ranking import evaluate, over_splits
from graphrec.models.registry import find_model

if TYPE_CHECKING:
    from graphrec.dataset.dataset import Dataset

METRIC = "recall@50"
_TRAINED: dict[str, Any] = {"epochs": 40, "patience": 3, "precision": "mixed", "learning_rate": 0.003}
_ALONE = {**_TRAINED, "item_attributes": False, "user_attributes": False}
_THINNED = {"learning_rate": 0.004, "thinning": 0.5}
BUDGETS: dict[str, tuple[str, list[dict[str, Any]]]] = {
    "EASE": ("ease", [{"reg": reg} for reg in (500.0, 1000.0, 2000.0, 4000.0)]),
    "EASE with attributes": ("ease", [{"reg": 1000.0, "attribute_weight": weight} for weight in (10.0, 50.0, 200.0)]),
    "RecoNet": ("reconet", [_ALONE, {**_ALONE, **_THINNED}]),
    "RecoNet with attributes": (
        "reconet",
        [{**_TRAINED, **_THINNED}, {**_TRAINED, **_THINNED, "item_attributes": False}],
    ),
}
"""For each row of the table the registered model and the settings that are tried on split 0."""

_data: dict[str, Dataset] = {}


@dataclass(frozen=True)
class Outcome:
    """One fit.

    Attributes:
        settings: of the model.
        validation, test: mean recall@50 over users with held-out items.
        epochs: trained until the best one; 0 for a closed form.
        seconds: of the processor, for the fit.
        wall: seconds on the clock, for the fit.
    """

    settings: dict[str, Any]
    validation: float
    test: float
    epochs: int
    seconds: float
    wall: float


def fit_once(row: str, split: int, settings: dict[str, Any]) -> Outcome:
    """Fit on the training part of one split and measure."""
    torch.set_num_threads(1)
    dataset = _data["all"]
    data = random_split(dataset, seed=split).apply(dataset)
    model = find_model(BUDGETS[row][0])(**settings)
    started, wall = time.process_time(), time.perf_counter()
    model.fit(data.train, validation=data.validation)
    seconds, wall = time.process_time() - started, time.perf_counter() - wall
    means = [evaluate(model, data, [METRIC], part=part).means[METRIC] for part in ("validation", "test")]
    return Outcome(settings, means[0], means[1], int(model.record.metrics.get("epochs", 0)), seconds, wall)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=data_folder() / "movielens-1m")
    parser.add_argument("--splits", type=int, default=5)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, loaded_store(asked.data, Path(folder) / "store") as store:
        _data["all"] = read_dataset(store, "rating>=3")
    print(f"{len(_data['all'].users):,} users, {_data['all'].positives.n_entries:,} positives", flush=True)
    forked = multiprocessing.get_context("fork")  # every worker shares the arrays that are read here
    with ProcessPoolExecutor(asked.workers, mp_context=forked) as pool:
        tuning = {row: [pool.submit(fit_once, row, 0, s) for s in budget] for row, (_, budget) in BUDGETS.items()}
        found: dict[str, list[Outcome]] = {}
        for row, futures in tuning.items():
            tried = [future.result() for future in futures]
            for outcome in tried:
                print(f"tuning {row}: {outcome.settings}: validation {outcome.validation:.4f}", flush=True)
            found[row] = [max(tried, key=lambda outcome: outcome.validation)]
        jobs = [
            (row, split, pool.submit(fit_once, row, split, found[row][0].settings))
            for split in range(1, asked.splits)
            for row in BUDGETS
        ]
        for row, split, job in jobs:
            found[row].append(job.result())
            print(f"split {split} {row}: {job.result()}", flush=True)
    report(found)


def report(found: dict[str, list[Outcome]]) -> None:
    """Print a line a row, and the paired differences to EASE and to RecoNet alone with their 95 % intervals."""
    print(f"\nrecall@50 on the test parts, mean ± standard deviation over {len(found['EASE'])} splits")
    for row, outcomes in found.items():
        tests = np.array([outcome.test for outcome in outcomes])
        epochs, seconds, wall = (np.mean([getattr(o, n) for o in outcomes]) for n in ("epochs", "seconds", "wall"))
        cost = f"best epoch {epochs:4.1f}, {seconds:5.0f} s of one core ({wall:5.0f} s on the clock) a fit"
        print(f"{row:24} {tests.mean():.4f} ± {tests.std(ddof=1):.4f}   {cost}   {outcomes[0].settings}")
    for first, second in (
        ("RecoNet", "EASE"),
        ("RecoNet with attributes", "EASE"),
        ("RecoNet with attributes", "RecoNet"),
        ("RecoNet with attributes", "EASE with attributes"),
    ):
        figures, others = ([outcome.test for outcome in found[row]] for row in (first, second))
        print(f"{first} − {second}, paired, with its 95 % interval: {over_splits(figures, others)}")


if __name__ == "__main__":
    main()
