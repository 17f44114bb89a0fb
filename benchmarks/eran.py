"""eRAN on the films of its paper: a fit, and explaining, on one core.

    python -m benchmarks.eran [--data FOLDER] [--runs 3] [--size 96]

MovieLens small of 2016 as its recipe keeps it (663 users, directors, actors and genres, ratings above 3), one random
item of everybody held out for test and one for validation. The fit validates as a recipe's does; beside it EASE's, in
closed form. Explained are 10 items of every user, those ranked first: the weight of every taken item through every
network, and the ten strongest reasons chosen; then the same with the effect of each measured by scoring again; then a
whole run, with ranking and tables. Peer: LIME on the same model, 1,000 perturbed users each, for a few users. One
thread, processor time, so that other work on the machine does not count; medians of interleaved rounds. Goals: a fit in
20 s, 10,000 explained items a second.
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

import graphrec as gr
from benchmarks.movielens import data_folder, loaded_store
from graphrec.arrays.bounded_blocks import padded_blocks
from graphrec.dataset.profiles import profiles_of
from graphrec.evaluation.explanations.cost import cost
from graphrec.explaining.selection import choose
from graphrec.models.ease import EASE
from graphrec.models.eran.model import ERAN
from graphrec.rankings.top_items import top_items
from graphrec.recommendation.batches import WEIGHTS_AT_ONCE, recommend
from graphrec.recommendation.request import Request

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.dataset.splitting import SplitData
    from graphrec.models.model import Model

KEPT: list[dict[str, Any]] = [{"positives": True}, {"item_attributes": ["director", "actor"]}, {"users_with": 5}]
K, REASONS, SLOW_USERS = 10, 10, 5


def ranked(model: Model, dataset: Dataset) -> tuple[Profiles, npt.NDArray[np.int64]]:
    """Return all users and the items that are ranked first for each, [users, K]."""
    data, known = model.align(dataset)
    profiles = profiles_of(data, known, np.arange(len(data.users)))
    allowed = np.ones(len(data.items), dtype=np.bool_)
    items, _ = top_items(model.score(profiles).numpy(), data.taken, allowed, K)
    return profiles, items


def explained(model: Model, profiles: Profiles, items: npt.NDArray[np.int64], *, effects: bool) -> int:
    """Weigh all evidence and choose the strongest reasons, with their effects or without; return how many items."""
    counts = profiles.items.counts
    order = np.argsort(counts, kind="stable")
    for block in padded_blocks(counts[order] * K, WEIGHTS_AT_ONCE):
        rows = order[block]
        some, asked = profiles.rows(rows), torch.from_numpy(items[rows])
        evidence = model.evidence(some, asked)
        chosen = choose(evidence, evidence.filled, reasons=REASONS, against=0)
        if effects:
            model.effects(some, asked, model.score(some, asked), evidence, chosen)
    return items.size


def whole_run(model: Model, dataset: Dataset) -> int:
    """Recommend to everybody, with reasons, effects and tables; return the number of items."""
    request = Request(k=K, reasons=REASONS)
    return sum(batch.recommendations.num_rows for batch in recommend(model, dataset, request))


def fitted(kind: type[Any], cut: SplitData, **settings: Any) -> Any:
    """Fit as a recipe does."""
    return kind(**settings).fit(cut.train, validation=cut.validation, compare=False)


def seconds(work: Callable[[], Any]) -> float:
    """Return the processor time of some work."""
    began = time.process_time()
    work()
    return time.process_time() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=data_folder() / "movielens-small-2016")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--size", type=int, default=96, help="embedding_size")
    arguments = parser.parse_args()
    if os.environ.get("OPENBLAS_NUM_THREADS") != "1":  # NumPy's threads are counted before it is imported
        alone = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        os.execve(sys.executable, [sys.executable, "-m", "benchmarks.eran", *sys.argv[1:]], alone)
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder, loaded_store(arguments.data, Path(folder) / "store") as store:
        dataset = gr.filter_dataset(gr.Dataset.from_store(store, positive_if="rating>3"), KEPT).dataset
    cut = gr.split(dataset, "leave-one-out", by="random", seed=0).apply(dataset)
    settings = {"attributes": "director,actor,genre", "embedding_size": arguments.size}
    fits: dict[str, Callable[[], Any]] = {
        "eRAN": lambda: fitted(ERAN, cut, **settings),
        "eRAN, both forms": lambda: fitted(ERAN, cut, forms="networks,distance", **settings),
        "EASE (peer)": lambda: fitted(EASE, cut, reg=300.0),
    }
    print(
        f"{len(dataset.users):,} users, {len(dataset.items):,} items; d = {arguments.size}; median of {arguments.runs}"
    )
    taken: dict[str, list[float]] = {name: [] for name in fits}
    for _ in range(arguments.runs):
        for name, fit in fits.items():
            taken[name].append(seconds(fit))
    for name, times in taken.items():
        print(f"fit, {name:32} {statistics.median(times):8.2f} s ({min(times):.2f} to {max(times):.2f})", flush=True)
    for form in ("networks", "networks,distance"):
        explain(fitted(ERAN, cut, forms=form, **settings), cut.train, form, arguments.runs)


def explain(model: ERAN, dataset: Dataset, form: str, runs: int) -> None:
    """Print items explained a second."""
    profiles, items = ranked(model, dataset)
    work: dict[str, Callable[[], int]] = {
        "weights and reasons": lambda: explained(model, profiles, items, effects=False),
        "and measured effects": lambda: explained(model, profiles, items, effects=True),
        "whole run with tables": lambda: whole_run(model, dataset),
    }
    rates: dict[str, list[float]] = {name: [] for name in work}
    for job in work.values():
        job()
    for _ in range(runs):
        for name, job in work.items():
            rates[name].append(items.size / seconds(job))
    rows = np.random.default_rng(0).permutation(len(profiles))[:SLOW_USERS]
    lime = cost(model, gr.explainers.Lime(samples=1000), profiles.rows(rows), torch.from_numpy(items[rows]))
    for name, of in rates.items():
        print(f"{form}: {name:24} {statistics.median(of):9,.0f} items a second ({min(of):,.0f} to {max(of):,.0f})")
    print(f"{form}: LIME (peer)              {lime.per_second:9,.1f} items a second", flush=True)


if __name__ == "__main__":
    main()
