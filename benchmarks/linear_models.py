"""ELSA beside EASE and item–item: accuracy on real data, time and memory of a fit, and numbers held.

    python -m benchmarks.linear_models [--data FOLDER] [--sets movielens-1m,lastfm] [--models ease,item-item,elsa]
        [--regs 50,200,500] [--sizes 128,256] [--part PART]

Interactions are cut 60/20/20 by user (``random_split``, seed 0); of MovieLens ratings of 4 and more are positive, of
LastFM all. Each model is fitted on the training part and measured on PART, ``validation`` unless it is said, by
ndcg@100 over all items that a user has not taken; ELSA stops early by the validation part. Where EASE is among the
models, the others have the paired difference over users to the best of its λ, with its 95 % interval.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.memory_peak import rise
from benchmarks.movielens import data_folder, loaded_store
from graphrec.dataset.dataset import Dataset
from graphrec.dataset.splitting import random_split
from graphrec.evaluation import evaluate
from graphrec.evaluation.paired import over_users
from graphrec.loaders.lastfm import load as load_lastfm
from graphrec.models.ease import EASE
from graphrec.models.elsa.model import ELSA
from graphrec.models.neighbours.item_item import ItemItem
from graphrec.store.opening import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphrec.dataset.splitting import SplitData
    from graphrec.evaluation.evaluation import Evaluation
    from graphrec.models.recommender import Recommender

METRIC = "ndcg@100"


def cut(folder: Path, name: str) -> SplitData:
    """Return a data set cut into its parts."""
    with tempfile.TemporaryDirectory() as place:
        if name == "lastfm":
            with open_store(str(Path(place) / "store")) as store:
                loaded = load_lastfm(folder / "lastfm-hetrec2011")
                store.load(loaded.tables, loaded.info)
                whole = Dataset.from_store(store)
        else:
            with loaded_store(folder / name, Path(place) / "store") as store:
                whole = Dataset.from_store(store, "rating>=4")
    return random_split(whole).apply(whole)


def models(arguments: argparse.Namespace) -> Iterator[Recommender]:
    """Yield the models to measure, EASE first, so that the others are compared with it."""
    names = arguments.models.split(",")
    if "ease" in names:
        yield from (EASE(reg=float(reg)) for reg in arguments.regs.split(","))
    if "item-item" in names:
        yield ItemItem()
    if "elsa" in names:
        yield from (ELSA(embedding_size=int(size), device="cpu") for size in arguments.sizes.split(","))


def measured(model: Recommender, data: SplitData, part: str) -> tuple[Evaluation, str]:
    """Fit a model; return how good it is, and that with time and memory of the fit and the numbers held as text."""
    began = time.process_time()
    risen = rise(lambda: model.fit(data.train, validation=data.validation, fold_in=data.fold_in, compare=False))
    seconds = time.process_time() - began
    found = evaluate(model, data, [METRIC], part=part)
    held = max(array.size for array in model.arrays().values())
    epochs = f", best of {metrics['epochs']:.0f} epochs {metrics['best_epoch']:.0f}" if (
        "epochs" in (metrics := model.record.metrics)) else ""  # fmt: skip
    return found, (f"{METRIC} {found.means[METRIC]:.4f}, fit {seconds:.1f} s, {risen:,.0f} MB more{epochs}, "
                   f"{held:,} numbers held")  # fmt: skip


def main() -> None:
    """Print a line for each model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=data_folder())
    parser.add_argument("--sets", default="movielens-1m,lastfm")
    parser.add_argument("--models", default="ease,item-item,elsa")
    parser.add_argument("--regs", default="50,200,500")
    parser.add_argument("--sizes", default="128,256")
    parser.add_argument("--part", choices=("validation", "test"), default="validation")
    arguments = parser.parse_args()
    for name in arguments.sets.split(","):
        data = cut(arguments.data, name)
        ease: Evaluation | None = None
        for model in models(arguments):
            found, said = measured(model, data, arguments.part)
            if isinstance(model, EASE):
                ease = found if ease is None else max(ease, found, key=lambda one: one.means[METRIC])
            elif ease is not None:
                apart = over_users(found, ease, METRIC)
                said += f", beside EASE {apart.mean:+.4f} ({apart.low:+.4f} to {apart.high:+.4f})"
            print(f"{name}: {model}: {said}", flush=True)


if __name__ == "__main__":
    main()
