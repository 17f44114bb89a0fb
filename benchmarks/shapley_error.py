"""The error of sampled Shapley values beside the closed form: RecoNet on MovieLens small with genres and people.

    python -m benchmarks.shapley_error [--data FOLDER] [--users 60] [--most 300] [--size 64] [--orders 20 100 500]

Users spread over all who have at most so many inputs, and the three best items of each. For each number of orders: the
mean absolute error against the closed form, the same over the five inputs that count most for each item, how often the
first input is the right one, how often weight ± 1.96 standard errors holds the exact value, and the time of an item
explained. At the end the closed form over all users, ten items each. Seconds are of the processor, one thread.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
import torch

from benchmarks.movielens import data_folder, loaded_store
from graphrec.dataset.dataset import Dataset
from graphrec.dataset.profiles import Profiles, profiles_of
from graphrec.explainers.shapley import Shapley
from graphrec.models.reconet.model import RecoNet
from graphrec.rankings.top_items import top_items

TOP = 5
AT_ONCE = 64
"""Users of a batch, for the closed form."""


def recommended(model: RecoNet, dataset: Dataset, rows: np.ndarray, k: int) -> tuple[Profiles, torch.Tensor]:
    """Return the profiles of some users and the k best items of each."""
    data, known = model.align(dataset)
    profiles = profiles_of(data, known, rows)
    everything = np.ones(len(data.items), dtype=np.bool_)
    items, _ = top_items(model.score(profiles).numpy(), data.taken.rows(rows), everything, k)
    return profiles, torch.from_numpy(items)


def closed_form(model: RecoNet, profiles: Profiles, items: torch.Tensor) -> torch.Tensor:
    """Return the exact values, float32 [B, k, n]."""
    exact = model.exact_shapley(profiles, items)
    if exact is None:
        raise SystemExit("this model has no closed form")
    return exact


def compare(model: RecoNet, profiles: Profiles, items: torch.Tensor, orders: int) -> str:
    """Return the line of one number of orders."""
    exact = closed_form(model, profiles, items)
    start = time.process_time()
    found = Shapley(permutations=orders).sample(model, profiles, items)
    seconds = time.process_time() - start
    filled = model.inputs(profiles).filled[:, None, :].expand_as(exact)
    off = (found.weights - exact).abs()
    top = exact.abs().topk(TOP, dim=2).indices
    first = found.weights.masked_fill(~filled, -torch.inf).argmax(2) == exact.masked_fill(~filled, -torch.inf).argmax(2)
    if found.errors is None:
        raise SystemExit("sampled values lack their errors")
    held = (off <= 1.96 * found.errors)[filled].float().mean()
    return (
        f"{orders:5} orders: error {off[filled].mean():.4f}, of the {TOP} largest {off.gather(2, top).mean():.4f}; "
        f"first input right {first.float().mean():.3f}; interval holds {held:.3f}; "
        f"{1000 * seconds / items.numel():.1f} ms an item"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=data_folder() / "movielens-small-2016")
    parser.add_argument("--users", type=int, default=60)
    parser.add_argument("--most", type=int, default=300, help="inputs of a user, for the sampled values")
    parser.add_argument("--size", type=int, default=64, help="embedding_size")
    parser.add_argument("--orders", type=int, nargs="+", default=[20, 100, 500])
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder, loaded_store(arguments.data, Path(folder) / "store") as store:
        dataset = Dataset.from_store(store, "rating>=4")
    model = RecoNet(embedding_size=arguments.size, epochs=20, device="cpu").fit(dataset)
    everybody = np.flatnonzero(dataset.positives.counts)
    shorter = everybody[model.count_inputs(recommended(model, dataset, everybody, 1)[0]) <= arguments.most]
    some = shorter[np.linspace(0, len(shorter) - 1, arguments.users).astype(np.int64)]
    profiles, items = recommended(model, dataset, some, 3)
    exact, inputs = closed_form(model, profiles, items), model.count_inputs(profiles)
    filled = model.inputs(profiles).filled[:, None, :].expand_as(exact)
    largest = exact.abs().topk(TOP, dim=2).values
    print(
        f"{len(some)} users with {inputs.min()} to {inputs.max()} inputs, median {np.median(inputs):.0f}; 3 items each"
    )
    print(f"exact values: mean absolute {exact.abs()[filled].mean():.4f}, of the {TOP} largest {largest.mean():.4f}")
    for orders in arguments.orders:
        print(compare(model, profiles, items, orders), flush=True)
    profiles, items = recommended(model, dataset, everybody, 10)
    start = time.process_time()
    for first in range(0, len(everybody), AT_ONCE):
        rows = np.arange(first, min(first + AT_ONCE, len(everybody)))
        closed_form(model, profiles.rows(rows), items[rows])
    seconds = time.process_time() - start
    print(f"closed form: {items.numel() / seconds:,.0f} items a second, {len(everybody)} users, 10 items each")


if __name__ == "__main__":
    main()
