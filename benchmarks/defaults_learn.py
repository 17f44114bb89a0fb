"""Every model at its defaults beside popularity, on data of 130 items, of 1,000 items and of MovieLens 1M.

    python -m benchmarks.defaults_learn [--data FOLDER] [--sets tastes,tiny] [--models ease,reconet] [--out FILE]

FOLDER holds ``movielens-small-2016`` and ``movielens-1m``. Sets, those of MovieLens of ratings of 3 and more, each
user's cut 60/20/20 with seed 0:

* tastes: generated with seed 0, 130 items of ten tastes, 110 users with ten items each, eight of them of one taste and
  two of any;
* tiny: the 130 most rated items of MovieLens small, 110 users who rated ten of them at least, ten ratings of each,
  users and ratings drawn with seed 0; ratings alone, so that attributes cannot carry a model;
* small: the 1,000 most rated items of MovieLens small, with genres and people;
* ml1m: MovieLens 1M with genres, people and the DBpedia graph.

Each model is fitted on the training part, with the validation part for what it does there by itself, and measured on
the test part: recall@10, ndcg@10, and the difference to popularity over the same users with its 95 % t interval. FILE
gets a line of JSON for each fit as soon as it is there; what stands in it already is not fitted again.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import torch

from benchmarks.movielens import data_folder
from graphrec.dataset.dataset import Dataset
from graphrec.dataset.splitting import random_split
from graphrec.evaluation import evaluate
from graphrec.evaluation.evaluation import interval_over_users
from graphrec.loaders import movielens
from graphrec.models.registry import MODELS, find_model
from graphrec.store.opening import open_store

if TYPE_CHECKING:
    from graphrec.dataset.splitting import SplitData

SETS = ("tastes", "tiny", "small", "ml1m")
METRICS = ("recall@10", "ndcg@10")
USERS, RATINGS = 110, 10
"""Of the tiny set: users, and ratings of each."""


def read(name: str, folder: Path) -> Dataset:
    """Return a set by its name."""
    if name == "tastes":
        return of_tastes()
    source = folder / ("movielens-1m" if name == "ml1m" else "movielens-small-2016")
    loaded = movielens.load(source, dbpedia=name == "ml1m")
    with tempfile.TemporaryDirectory() as place, open_store(str(Path(place) / "store")) as store:
        store.load(loaded.tables, loaded.info)
        whole = Dataset.from_store(store, "rating>=3")
    return whole if name == "ml1m" else of_few_items(whole, name)


def of_few_items(whole: Dataset, name: str) -> Dataset:
    """Return the part of the most rated items, and for ``tiny`` of a few users and ratings."""
    most_rated = np.argsort(-np.bincount(whole.positives.indices, minlength=len(whole.items)), kind="stable")
    items = np.sort(most_rated[: 130 if name == "tiny" else 1000])
    part = whole.aligned({"Item": whole.items.take(items)})
    return few_ratings(part) if name == "tiny" else replace(part, fingerprint=f"{whole.fingerprint}-{name}")


def few_ratings(part: Dataset) -> Dataset:
    """Return ten positives of each of 110 users, and no attributes."""
    rng, positives = np.random.default_rng(0), part.positives
    users = np.sort(rng.choice(np.flatnonzero(positives.counts >= RATINGS), USERS, replace=False))
    items = np.concatenate([rng.choice(positives.row(user), RATINGS, replace=False) for user in users])
    pairs = pa.table({"user": part.users.ids.take(np.repeat(users, RATINGS)), "item": part.items.ids.take(items)})
    return Dataset.from_pandas(pairs, user="user", item="item")


def of_tastes() -> Dataset:
    """Return users of ten tastes; an item's taste is the last digit of its number."""
    rng = np.random.default_rng(0)
    mine = [rng.choice(np.arange(user % 10, 130, 10), 8, replace=False) for user in range(USERS)]
    others = [rng.choice(np.setdiff1d(np.arange(130), taken), RATINGS - 8, replace=False) for taken in mine]
    items = np.concatenate([np.concatenate(both) for both in zip(mine, others, strict=True)])
    pairs = pa.table({"user": np.repeat(np.arange(USERS), RATINGS).astype(str), "item": items.astype(str)})
    return Dataset.from_pandas(pairs, user="user", item="item")


def measured(name: str, data: SplitData) -> dict[str, Any]:
    """Fit a model at its defaults and return what it reaches beside popularity."""
    model = find_model(name)()
    wall, processor = time.perf_counter(), time.process_time()
    model.fit(data.train, validation=data.validation, fold_in=data.fold_in)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    popularity = find_model("popularity")().fit(data.train)
    own, other = (evaluate(one, data, METRICS) for one in (model, popularity))
    beside = {metric: interval_over_users(own.of(metric) - other.of(metric), own.users) for metric in METRICS}
    return {
        "model": name,
        "means": own.means,
        "intervals": {metric: own.interval(metric)._asdict() for metric in METRICS},
        "beside_popularity": {metric: interval._asdict() for metric, interval in beside.items()},
        "wall": wall,
        "processor": processor,
        "device": torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu",
        "fit": dict(model.record.metrics),
        "warnings": [warning.full for warning in model.record.warnings],
    }


def rows(results: list[dict[str, Any]], name: str) -> list[str]:
    """Return the table of a set as lines of Markdown."""
    of_set = [result for result in results if result["set"] == name]
    titles = ("model", "recall@10", "ndcg@10", "beside popularity", "epochs run, kept", "steps", "a fit", "it says")
    lines = [f"| {' | '.join(titles)} |", f"|{'---|' * len(titles)}"]
    for result in sorted(of_set, key=lambda one: -one["means"]["recall@10"]):
        beside, fit = result["beside_popularity"]["recall@10"], result["fit"]
        epochs = f"{fit['epochs']:.0f}, {fit['best_epoch']:.0f}" if "epochs" in fit else "–"
        lines.append(
            f"| {result['model']} | {result['means']['recall@10']:.3f} | {result['means']['ndcg@10']:.3f} "
            f"| {beside['mean']:+.3f} ({beside['low']:+.3f} to {beside['high']:+.3f}) | {epochs} "
            f"| {fit.get('steps', 0):.0f} | {result['wall']:.1f} s | {' '.join(result['warnings']) or '–'} |"
        )
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=data_folder())
    parser.add_argument("--sets", default=",".join(SETS))
    parser.add_argument("--models", default=",".join(sorted(MODELS)))
    parser.add_argument("--out", type=Path, default=Path("defaults_learn.jsonl"))
    arguments = parser.parse_args()
    text = arguments.out.read_text(encoding="utf-8") if arguments.out.exists() else ""
    results = [json.loads(line) for line in text.splitlines()]
    done = {(result["set"], result["model"]) for result in results}
    for name in arguments.sets.split(","):
        missing = [model for model in arguments.models.split(",") if (name, model) not in done]
        if missing:
            dataset = read(name, arguments.data)
            data = random_split(dataset).apply(dataset)
        for model in missing:
            result = {"set": name, **measured(model, data)}
            results.append(result)
            with arguments.out.open("a", encoding="utf-8") as file:
                file.write(json.dumps(result) + "\n")
            print(f"{name} {model}: {result['means']}, {result['wall']:.1f} s {result['warnings']}", flush=True)
        print("", name, *rows(results, name), sep="\n", flush=True)


if __name__ == "__main__":
    main()
