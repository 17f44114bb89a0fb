"""Joint effects of groups a second on one core: MovieLens 1M with genres and people.

    python -m benchmarks.group_effects [--data FOLDER] [--users 600] [--runs 5] [--size 200] [--by attribute]

A group is a user's films with a genre, director, writer or actor in common, two at least and 50 at most; its joint
effect is measured for the user's ten recommended items. Timed are finding the groups of users spread over all, and
scoring again without each of them: with what the films carry (``go``), and with what they carry left as it is
(``stay``). Beside it, interleaved: the loop that asks the model for one group after another, on every 20th user; and
the whole explanation, which chooses three groups an item and measures each of their members alone as well. Seconds are
of the processor, with one thread. Goal: 5,000 groups a second.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from benchmarks.movielens import data_folder
from graphrec.dataset.dataset import Dataset
from graphrec.dataset.item_sets import ItemSets
from graphrec.dataset.profiles import profiles_of
from graphrec.explainers.groups.explainer import Groups
from graphrec.explaining.explanation import RecommendedBatch
from graphrec.loaders import movielens
from graphrec.models.ease import EASE
from graphrec.models.reconet.model import RecoNet
from graphrec.rankings.top_items import top_items

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from graphrec.models.model import Model

SAMPLED = 20
"""The loop explains every 20th user."""


def batches(model: Model, dataset: Dataset, users: int) -> list[RecommendedBatch]:
    """Return users spread over all with their ten best items, those with about as many inputs together."""
    data, known = model.align(dataset)
    rows = np.linspace(0, len(dataset.users) - 1, users).astype(np.int64)
    rows = rows[np.argsort(model.count_inputs(profiles_of(data, known, rows)), kind="stable")]
    everything, shown = np.ones(len(data.items), dtype=np.bool_), np.ones(len(data.attributes), dtype=np.bool_)
    parts = []
    for part in np.array_split(rows, max(1, users // 100)):
        profiles, taken = profiles_of(data, known, part), data.taken.rows(part)
        items, scores = top_items(model.score(profiles).numpy(), taken, everything, 10)
        parts.append(
            RecommendedBatch(profiles, torch.from_numpy(items), torch.from_numpy(scores), taken, everything, shown)
        )
    return parts


def measured(model: Model, explainer: Groups, parts: Sequence[RecommendedBatch]) -> int:
    """Find the groups and measure them; return how many there are."""
    groups = 0
    for part in parts:
        taken = explainer.groups_of(part.profiles)
        groups += len(explainer.joint_effects(model, part.profiles, part.items, part.scores, taken))
    return groups


def explained(model: Model, explainer: Groups, parts: Sequence[RecommendedBatch]) -> int:
    """Make whole explanations of three groups an item; return how many groups were measured."""
    for part in parts:
        explainer.explain(model, part, reasons=3)
    return sum(len(explainer.groups_of(part.profiles).groups) for part in parts)


def looped(model: Model, explainer: Groups, parts: Sequence[RecommendedBatch]) -> int:
    """Ask the model for one group after another, of every 20th user; return how many groups there were."""
    groups = 0
    for part in parts:
        taken = explainer.groups_of(part.profiles)
        for number in np.flatnonzero(taken.sets.users % SAMPLED == 0):
            user = taken.sets.users[[number]]
            profiles, items = part.profiles.rows(user), part.items[torch.from_numpy(user)]
            one = ItemSets(np.zeros(1, dtype=np.int64), taken.sets.members.rows(np.array([number])))
            if explainer.config.attributes == "go":
                model.score(profiles.with_inputs(one.users, one.rest(profiles), {}), items)
            else:
                slots = model.inputs(profiles)
                kept = slots.filled[:, None, :].clone()
                kept[0, 0, torch.from_numpy(one.entries(profiles))] = False
                model.score_with(profiles, slots, kept, items)
            groups += 1
    return groups


def rate(work: Callable[[], int]) -> float:
    """Return groups a second of the processor."""
    begin = time.process_time()
    groups = work()
    return groups / (time.process_time() - begin)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=data_folder() / "movielens-1m")
    parser.add_argument("--users", type=int, default=600)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--size", type=int, default=200, help="embedding_size")
    parser.add_argument("--by", default="attribute")
    arguments = parser.parse_args()
    if os.environ.get("OPENBLAS_NUM_THREADS") != "1":  # NumPy's threads are counted before it is imported
        alone = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        os.execve(sys.executable, [sys.executable, "-m", "benchmarks.group_effects", *sys.argv[1:]], alone)
    torch.set_num_threads(1)
    loaded = movielens.load(arguments.data, dbpedia=False)
    dataset = Dataset.from_tables(loaded.tables, loaded.info, "rating>=3")
    models: list[Model] = [EASE(), RecoNet(embedding_size=arguments.size, epochs=1, examples_per_user=1)]
    print(f"by {arguments.by}, {arguments.users} users, medians of {arguments.runs} interleaved runs, groups a second")
    for model in models:
        model.fit(dataset)
        parts = batches(model, dataset, arguments.users)
        inputs = np.concatenate([model.count_inputs(part.profiles) for part in parts])
        print(f"{model.name}: {inputs.mean():.0f} inputs a user")
        for attributes in ("go", "stay"):
            settings: dict[str, Any] = {"by": arguments.by, "attributes": attributes}
            explainer = Groups(**settings).prepare(model, dataset)
            everything = Groups(**settings, largest=100_000).prepare(model, dataset)
            works = {work.__name__: work for work in (measured, explained, looped)}
            rates: dict[str, list[float]] = {name: [] for name in works}
            for _ in range(arguments.runs):
                for name, work in works.items():
                    rates[name].append(rate(partial(work, model, explainer, parts)))
            counts = [
                sum(len(one.groups_of(part.profiles).groups) for part in parts) for one in (explainer, everything)
            ]
            ratio = statistics.median(a / b for a, b in zip(rates["measured"], rates["looped"], strict=True))
            middle = {name: f"{statistics.median(numbers):,.0f}" for name, numbers in rates.items()}
            low, high = min(rates["measured"]), max(rates["measured"])
            print(
                f"{model.name:8} {attributes:5} {middle['measured']:>9} ({low:,.0f} to {high:,.0f})  "
                f"explained {middle['explained']:>8}  loop {middle['looped']:>8}  {ratio:.1f} x  "
                f"{counts[0]:,} groups, {counts[1] - counts[0]:,} more above 50"
            )


if __name__ == "__main__":
    main()
