"""Autoencoders beside EASE and popularity on MovieLens 1M, with users held out.

    python -m benchmarks.autoencoders [--data FOLDER] [--models mult-vae,recvae] [--set NAME=VALUE]… [--part PART]
        [--seeds N]

FOLDER holds ``movielens-1m``. Ratings of 4 and more are positive; 20 % of the users are held out, half for validation
and half for test, with 80 % of their items as input (``user_split``, seed 0). Each model is fitted with the validation
part, for its early stopping and for the share of its linear path, on one thread unless the environment says otherwise,
and measured on PART, which is ``validation`` unless it is said: ndcg@10, recall@50, ndcg@100, beside the processor time
of a fit, its validations included. ``mult-vae+ease`` is ``mult-vae`` with ``linear_path=validated``. With more than one
seed, of the models alone, a line has their means.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.movielens import data_folder
from graphrec.dataset.dataset import Dataset
from graphrec.dataset.splitting import user_split
from graphrec.evaluation import evaluate
from graphrec.loaders import movielens
from graphrec.models.config import GradientConfig
from graphrec.models.registry import registered_model
from graphrec.store.opening import open_store

if TYPE_CHECKING:
    from graphrec.dataset.splitting import SplitData

MODELS = ("popularity", "ease", "mult-vae", "recvae", "macridvae", "dglgm", "awae", "mult-vae+ease", "recvae+ease")
METRICS = ("ndcg@10", "recall@50", "ndcg@100")
WITH_EASE = "+ease"


def held_out_users(folder: Path) -> SplitData:
    """Return MovieLens 1M cut by users."""
    loaded = movielens.load(folder / "movielens-1m", dbpedia=False)
    with tempfile.TemporaryDirectory() as place, open_store(str(Path(place) / "store")) as store:
        store.load(loaded.tables, loaded.info)
        whole = Dataset.from_store(store, "rating>=4")
    return user_split(whole, validation=0.1, test=0.1, given=0.8).apply(whole)


def measured(name: str, data: SplitData, settings: dict[str, Any], part: str) -> dict[str, float]:
    """Return what one fit took, and how good it is."""
    kind = registered_model(name.removesuffix(WITH_EASE))
    own = {key: value for key, value in settings.items() if key in kind.Config.model_fields}
    if issubclass(kind.Config, GradientConfig):
        own["device"] = "cpu"
    if name.endswith(WITH_EASE):
        own["linear_path"] = "validated"
    model = kind(kind.Config.read(own))
    began = time.process_time()
    model.fit(data.train, validation=data.validation, fold_in=data.fold_in, compare=False)
    seconds = time.process_time() - began
    metrics = model.record.metrics
    means = evaluate(model, data, METRICS, part=part).means
    return {
        **{metric: means[metric] for metric in METRICS},
        "epochs": metrics.get("epochs", 1.0),
        "best epoch": metrics.get("best_epoch", 1.0),
        "seconds": seconds,
        "an epoch": seconds / metrics.get("epochs", 1.0),
        "share": metrics.get("linear_share", 0.0),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=data_folder())
    parser.add_argument("--models", default=",".join(MODELS))
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--part", choices=("validation", "test"), default="validation")
    parser.add_argument("--seeds", type=int, default=1)
    arguments = parser.parse_args()
    data = held_out_users(arguments.data)
    settings = dict(pair.split("=", 1) for pair in arguments.set)
    for name in arguments.models.split(","):
        runs = [measured(name, data, {**settings, "seed": seed}, arguments.part) for seed in range(arguments.seeds)]
        means = {column: float(np.mean([run[column] for run in runs])) for column in runs[0]}
        print(f"{name:14}", *(f"{column} {value:.4g}" for column, value in means.items()), sep="  ", flush=True)


if __name__ == "__main__":
    main()
