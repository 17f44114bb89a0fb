"""Aspects on musical instruments: a fit, scores, explanations and their additivity, on one core.

    python -m benchmarks.aspects [--data FOLDER] [--runs 3]

Amazon's musical instruments with the names of features that Sentires found looked for in every review (1,276 users, 843
items), the training part that comes with them, every review outside the test part. The fit has the default settings and
no validation; beside it one of three members, and the untrained overlap of features. Explained are the ten best items
of every user: the weights of all features and taken items, and the three strongest chosen; then the same with effects
and held effects in closed form; then a whole run, with ranking and tables. Additivity is the largest difference of a
score and its weights and constant, over all these pairs. One thread, processor time; medians.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

import graphrec as gr
from benchmarks.movielens import data_folder
from graphrec.dataset.profiles import profiles_of
from graphrec.explaining.selection import choose
from graphrec.loaders.amazon import load
from graphrec.models.registry import registered_model
from graphrec.rankings.top_items import top_items
from graphrec.recommendation.batches import recommend
from graphrec.recommendation.request import Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles

K, REASONS = 10, 3
MODELS: dict[str, tuple[str, dict[str, Any]]] = {
    "aspects": ("aspects", {}),
    "aspects, three members": ("aspects", {"members": 3}),
    "feature-overlap": ("feature-overlap", {}),
}


def training_part(folder: Path) -> Dataset:
    """Return what may be seen outside the test part."""
    features = folder / "amazon-2014-features" / "musical-instruments"
    loaded = load(folder / "amazon-musical-instruments", features=str(features), match="vocabulary")
    pairs = features / "positives.csv"
    kept = gr.filter_dataset(gr.Dataset.from_tables(loaded.tables, loaded.info), [{"pairs": str(pairs)}]).dataset
    split = gr.split(kept, "file", path=pairs).refitting
    return split.apply(kept, visible=gr.VisibleReviews(reviews="not-held-out")).train


def best_items(model: Any, dataset: Dataset) -> tuple[Profiles, torch.Tensor]:
    """Return all users who have an input, and their best items, int64 [users, K]."""
    aligned, known = model.align(dataset)
    everybody = profiles_of(aligned, known, np.arange(len(dataset.users)))
    users = np.flatnonzero(model.count_inputs(everybody))
    profiles = everybody.rows(users)
    allowed = np.ones(len(dataset.items), dtype=np.bool_)
    items, _ = top_items(model.score(profiles).numpy(), profiles.items, allowed, K)
    return profiles, torch.from_numpy(items)


def explained(model: Any, profiles: Profiles, items: torch.Tensor, *, effects: bool) -> int:
    """Weigh all inputs and choose the strongest, with their effects or without; return how many items."""
    evidence = model.evidence(profiles, items)
    chosen = choose(evidence, evidence.filled, reasons=REASONS, against=0)
    if effects:
        scores = model.score(profiles, items)
        model.effects(profiles, items, scores, evidence, chosen)
        model.held_effects(profiles, items, scores, evidence, chosen)
    return items.numel()


def largest_gap(model: Any, profiles: Profiles, items: torch.Tensor) -> float:
    """Return the largest difference of a score and the sum of its weights and its constant, as a part of the score.

    Where the score is below 1, the difference itself.
    """
    sums = model.evidence(profiles, items).weights.sum(dim=2)
    constants = 0.0 if model.constants is None else model.constants[items]
    scores = model.score(profiles, items)
    return float(((scores - sums - constants).abs() / scores.abs().clamp(min=1)).max())


def seconds(work: Callable[[], Any], runs: int) -> float:
    """Return the median processor time of some work."""
    taken = []
    for _ in range(runs):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return statistics.median(taken)


def main() -> None:
    """Measure each model, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=data_folder(), help="the folder of the data sets")
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    if os.environ.get("OPENBLAS_NUM_THREADS") != "1":  # NumPy's threads are counted before it is imported
        alone = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        os.execve(sys.executable, [sys.executable, "-m", "benchmarks.aspects", *sys.argv[1:]], alone)
    torch.set_num_threads(1)
    dataset = training_part(arguments.data)
    print(f"{len(dataset.users):,} users, {len(dataset.items):,} items, {len(dataset.mentions):,} mentions")
    for title, (name, settings) in MODELS.items():
        kind = registered_model(name)
        config = kind.Config.read({**settings, **({"device": "cpu"} if "device" in kind.Config.model_fields else {})})
        fit = seconds(lambda kind=kind, config=config: kind(config).fit(dataset), arguments.runs)  # type: ignore[misc]
        model = kind(config).fit(dataset)
        profiles, items = best_items(model, dataset)
        work: dict[str, Callable[[], Any]] = {
            "scores of all items": lambda m=model, p=profiles: m.score(p),  # type: ignore[misc]
            "weights": lambda m=model, p=profiles, i=items: explained(m, p, i, effects=False),  # type: ignore[misc]
            "with effects": lambda m=model, p=profiles, i=items: explained(m, p, i, effects=True),  # type: ignore[misc]
            "whole run": lambda m=model: list(recommend(m, dataset, Request(k=K, reasons=REASONS))),  # type: ignore[misc]
        }
        print(f"{title}: fit {fit:.2f} s, largest gap of a sum {largest_gap(model, profiles, items):.1e}")
        for what, do in work.items():
            took = seconds(do, arguments.runs)
            unit = "users" if what.startswith("scores") else "items"
            count = len(profiles) if unit == "users" else items.numel()
            print(f"  {what:20} {count / took:12,.0f} {unit} a second", flush=True)


if __name__ == "__main__":
    main()
