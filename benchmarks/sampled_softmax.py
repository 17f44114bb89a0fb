"""A softmax over drawn items beside the whole one: accuracy, processor time, and memory on a large catalogue.

    python -m benchmarks.sampled_softmax accuracy [--data FOLDER] [--models resolved reconet] [--settings full …]
    python -m benchmarks.sampled_softmax catalogue [--models resolved reconet] [--settings full …]

accuracy: RecoNet on MovieLens 1M (ratings of 3 and more) and ``resolved`` on LastFM with KGCN's graph, the sets of
their papers; each user's cut 60/20/20 with seed 0. Every setting is fitted with the same seed, split and number of
epochs, keeps its best epoch by the validation part, and is measured on the test part: all items that a user has not
taken are ranked. The difference to the whole softmax is paired by user, with its 95 % t interval. Where the set of
settings was looked at, it was on the validation part.

catalogue: 100,000 items and the first 512 users of ``benchmarks.indgrm_catalogue``, some 50 interactions each; an epoch
of four steps, each fit in a process of its own: processor time of the epoch, and how far the peak of memory is above
what the data and imports hold. Parameters, their gradients and Adam's two moments are part of both.

One thread. FILE, where given with --out, gets a line of JSON for each fit of ``accuracy``; what stands there already is
not fitted again.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from benchmarks.defaults_learn import read
from benchmarks.indgrm_catalogue import catalogue
from benchmarks.kgcn_peer import loaded
from benchmarks.memory_peak import rise
from benchmarks.movielens import data_folder
from graphrec.dataset.splitting import random_split
from graphrec.evaluation import evaluate
from graphrec.evaluation.evaluation import interval_over_users
from graphrec.models.registry import find_model

if TYPE_CHECKING:
    from graphrec.dataset.splitting import SplitData

METRICS = ("ndcg@100", "recall@50")
SETTINGS: dict[str, dict[str, Any]] = {
    "full": {},
    "uniform-128": {"negatives": 128},
    "uniform-512": {"negatives": 512},
    "popularity-128": {"negatives": 128, "negatives_by": "popularity"},
    "popularity-512": {"negatives": 512, "negatives_by": "popularity"},
    "popularity-1024": {"negatives": 1024, "negatives_by": "popularity"},
    "popularity-128-of-512-users": {
        "negatives": 128,
        "negatives_by": "popularity",
        "batch_size": 512,
        "learning_rate": 0.01,
        "averaging": 0.99,
        "least_epochs": 300,
    },
}
OF_ACCURACY: dict[str, dict[str, Any]] = {
    "reconet": {
        "item_attributes": False,
        "user_attributes": False,
        "embedding_size": 64,
        "examples_per_user": 10,
        "learning_rate": 4e-3,
        "thinning": 0.5,
        "averaging": 0.99,
        "epochs": 20,
    },
    "resolved": {},
}
"""What every fit of a model has; the rest are its defaults. RecoNet's are of its recipe, but smaller and shorter."""
OF_CATALOGUE: dict[str, dict[str, Any]] = {"reconet": {"examples_per_user": 8}, "resolved": {}}
USERS = 512


def split_data(model: str, source: Path) -> SplitData:
    """Return the set of a model's paper, cut."""
    dataset = read("ml1m", source) if model == "reconet" else loaded(source / "lastfm-hetrec2011")
    return random_split(dataset).apply(dataset)


def fitted(model: str, settings: dict[str, Any], data: SplitData) -> dict[str, Any]:
    """Fit once; return processor time, what the fit says of itself, and each user's values of the test part."""
    started = time.process_time()
    fit = find_model(model)(**settings, device="cpu").fit(data.train, validation=data.validation, compare=False)
    processor = time.process_time() - started
    evaluation = evaluate(fit, data, METRICS)
    values = {metric: np.round(evaluation.of(metric), 6).tolist() for metric in METRICS}
    return {"processor": processor, "fit": dict(fit.record.metrics), "values": values}


def accuracy(model: str, chosen: list[str], extra: dict[str, Any], source: Path, out: Path | None) -> None:
    """Fit what FILE lacks, and print every setting beside the whole softmax."""
    kept = [json.loads(line) for line in out.read_text("utf-8").splitlines()] if out and out.exists() else []
    results = {one["setting"]: one for one in kept if one["model"] == model and one["extra"] == extra}
    data = split_data(model, source)
    for name in chosen:
        if name not in results:
            result = fitted(model, {**OF_ACCURACY[model], **SETTINGS[name], **extra}, data)
            results[name] = {"model": model, "setting": name, "extra": extra, **result}
            if out:
                with out.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(results[name]) + "\n")
        print(f"{model}, {name}: {sentence(results[name], results.get('full'))}", flush=True)


def sentence(result: dict[str, Any], full: dict[str, Any] | None) -> str:
    """Return a result in words: the mean with its interval, the paired difference, epochs and processor time."""
    parts = []
    for metric in METRICS:
        values = np.array(result["values"][metric])
        own = interval_over_users(values, np.arange(len(values)))
        parts.append(f"{metric} {own.mean:.4f} ({own.low:.4f} to {own.high:.4f})")
        if full is not None and full is not result:
            apart = interval_over_users(values - np.array(full["values"][metric]), np.arange(len(values)))
            parts.append(f"beside the whole {apart.mean:+.4f} ({apart.low:+.4f} to {apart.high:+.4f})")
    fit = result["fit"]
    epochs = f"{fit['epochs']:.0f} epochs, {fit['best_epoch']:.0f} kept"
    return "; ".join([*parts, epochs, f"{result['processor'] / fit['epochs']:.2f} s an epoch with its validation"])


def measure_catalogue(model: str, name: str) -> None:
    """Train one epoch in this process and print what it took."""
    whole = catalogue()
    dataset = whole.keeping(whole.interactions.user < USERS, split="first users")
    ended: list[float] = []

    def note(phase: str, done: int, _total: int) -> None:
        if phase == "training" and done == len(ended):
            ended.append(time.process_time())

    settings = {**OF_CATALOGUE[model], **SETTINGS[name], "epochs": 1, "device": "cpu"}
    memory = rise(lambda: find_model(model)(**settings).fit(dataset, compare=False, progress=note))
    print(json.dumps({"seconds": ended[1] - ended[0], "memory": memory}))


def large_catalogue(model: str, chosen: list[str]) -> None:
    """Measure every setting in a process of its own and print it beside the first."""
    first: dict[str, float] | None = None
    for name in chosen:
        command = [sys.executable, "-m", "benchmarks.sampled_softmax", "catalogue", "--here"]
        command += ["--models", model, "--settings", name]
        answer = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        cost: dict[str, float] = json.loads(answer.stdout.splitlines()[-1])
        first = first or cost
        print(
            f"{model}, {name}: an epoch {cost['seconds']:.2f} s, {first['seconds'] / cost['seconds']:.1f} × as fast; "
            f"{cost['memory']:,.0f} MB, {cost['memory'] / first['memory']:.2f} of {chosen[0]}",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=["accuracy", "catalogue"])
    parser.add_argument("--data", type=Path, default=data_folder())
    parser.add_argument("--models", nargs="+", default=["resolved", "reconet"])
    parser.add_argument("--settings", nargs="+", default=list(SETTINGS)[:-1])
    parser.add_argument("--epochs", type=int, help="of every fit; left out, the schedule of the model")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    for model in arguments.models:
        if arguments.here:
            measure_catalogue(model, arguments.settings[0])
        elif arguments.part == "catalogue":
            large_catalogue(model, arguments.settings)
        else:
            extra = {} if arguments.epochs is None else {"epochs": arguments.epochs}
            accuracy(model, arguments.settings, extra, arguments.data, arguments.out)


if __name__ == "__main__":
    main()
