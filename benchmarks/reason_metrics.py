"""The cost of measuring reasons beside the scoring that it needs: MovieLens 1M with genres and people.

    python -m benchmarks.reason_metrics [--data FOLDER] [--users 300] [--runs 3] [--size 200]

The top recommendation of users spread over all is measured for the model's own reasons and for Random: scores without
the top 1 … 10 and with them alone, the tests, pairs and bands. Beside it, interleaved: the bound, which scores as many
subsets of the same users' inputs with ``score_with`` in the same batches, and does nothing else. Processor seconds of
one thread.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from benchmarks.movielens import data_folder, loaded_store
from graphrec.dataset.dataset import Dataset
from graphrec.dataset.profiles import Profiles, profiles_of
from graphrec.evaluation.explanations.measure_explainers import Settings, measure
from graphrec.evaluation.explanations.pair_batches import batches
from graphrec.explaining.model_explainer import ModelExplainer
from graphrec.models.reconet.model import RecoNet
from graphrec.rankings.top_items import top_items

if TYPE_CHECKING:
    from collections.abc import Callable


SIZES = tuple(range(1, 11))
SUBSETS = 2 * 2 * len(SIZES)
"""Of a pair: two methods, without the top and with it alone."""


def pairs(model: RecoNet, dataset: Dataset, users: int) -> tuple[Profiles, torch.Tensor]:
    """Return users spread over all, and the best item of each."""
    rows = np.linspace(0, len(dataset.users) - 1, users).astype(np.int64)
    data, rows_in_training = model.align(dataset)
    profiles = profiles_of(data, rows_in_training, rows)
    everything = np.ones(len(data.items), dtype=np.bool_)
    items, _ = top_items(model.score(profiles).numpy(), data.taken.rows(rows), everything, 1)
    return profiles, torch.from_numpy(items)


def bound(model: RecoNet, profiles: Profiles, items: torch.Tensor) -> None:
    """Score as many subsets, all of them the whole."""
    for batch in batches(model, profiles, items, subsets=SUBSETS // 2):
        kept = batch.slots.filled[:, None, :].expand(-1, SUBSETS // 2, -1)
        for _ in range(2):
            model.score_with(batch.profiles, batch.slots, kept, batch.valid_items)


def seconds(work: Callable[[], object]) -> float:
    """Return processor seconds."""
    begin = time.process_time()
    work()
    return time.process_time() - begin


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=data_folder() / "movielens-1m")
    parser.add_argument("--users", type=int, default=300)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--size", type=int, default=200)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        store = loaded_store(arguments.data, Path(folder) / "store")
        dataset = Dataset.from_store(store, "rating>=3")
        store.close()
    model = RecoNet(embedding_size=arguments.size, epochs=1, examples_per_user=1).fit(dataset)
    profiles, items = pairs(model, dataset, arguments.users)
    inputs = model.count_inputs(profiles)
    print(f"{arguments.users} pairs, {inputs.mean():.0f} inputs each (most {inputs.max()}), {SUBSETS} subsets a pair")
    settings = {"curves": Settings(SIZES), "curves and ranks": Settings(SIZES, ranks=True)}
    work: dict[str, Callable[[], object]] = {
        "bound": partial(bound, model, profiles, items),
        **{
            name: partial(measure, model, {"own": ModelExplainer()}, profiles, items, settings=s)
            for name, s in settings.items()
        },
    }
    seconds_of: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(arguments.runs):
        for name, job in work.items():
            seconds_of[name].append(seconds(job))
    least = statistics.median(seconds_of["bound"])
    for name, times in seconds_of.items():
        middle = statistics.median(times)
        rate, spread = arguments.users * SUBSETS / middle, f"({min(times):.2f} to {max(times):.2f})"
        print(f"{name:18} {middle:7.2f} s {spread}, {rate:9,.0f} subsets/s, {middle / least:.2f} x")


if __name__ == "__main__":
    main()
