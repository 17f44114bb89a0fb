"""Sparse EASE beside EASE and item–item: accuracy on real data, processor time of a fit, and weights held.

    python -m benchmarks.linear_models [--data FOLDER] [--sets movielens-1m,lastfm] [--regs 50,200,500]
        [--neighbours 100,200] [--part PART]

Interactions are cut 60/20/20 by user (``random_split``, seed 0); of MovieLens ratings of 4 and more are positive, of
LastFM all. Each model is fitted on the training part and measured on PART, ``validation`` unless it is said, by
ndcg@100 over all items that a user has not taken. Behind that of sparse EASE stands the paired difference over users to
EASE of the same λ, with its 95 % interval.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.movielens import data_folder, loaded_store
from graphrec.dataset.dataset import Dataset
from graphrec.dataset.splitting import random_split
from graphrec.evaluation import evaluate
from graphrec.evaluation.paired import over_users
from graphrec.loaders.lastfm import load as load_lastfm
from graphrec.models.ease import EASE
from graphrec.models.neighbours.item_item import ItemItem
from graphrec.models.sparse_ease.model import SparseEASE
from graphrec.store.opening import open_store

if TYPE_CHECKING:
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


def measured(model: Recommender, data: SplitData, part: str) -> tuple[Evaluation, str]:
    """Fit a model; return how good it is, and that with the time of the fit and the weights held as text."""
    began = time.process_time()
    model.fit(data.train, compare=False)
    seconds = time.process_time() - began
    found = evaluate(model, data, [METRIC], part=part)
    held = max(array.size for array in model.arrays().values())
    return found, f"{METRIC} {found.means[METRIC]:.4f}, fit {seconds:.1f} s, {held:,} weights"


def main() -> None:
    """Print a line for each model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=data_folder())
    parser.add_argument("--sets", default="movielens-1m,lastfm")
    parser.add_argument("--regs", default="50,200,500")
    parser.add_argument("--neighbours", default="100,200")
    parser.add_argument("--part", choices=("validation", "test"), default="validation")
    arguments = parser.parse_args()
    for name in arguments.sets.split(","):
        data = cut(arguments.data, name)
        print(f"{name}: item-item: {measured(ItemItem(), data, arguments.part)[1]}", flush=True)
        for reg in map(float, arguments.regs.split(",")):
            whole, said = measured(EASE(reg=reg), data, arguments.part)
            print(f"{name}: ease, λ {reg:g}: {said}", flush=True)
            for neighbours in map(int, arguments.neighbours.split(",")):
                model = SparseEASE(neighbours=neighbours, reg=reg, device="cpu")
                found, said = measured(model, data, arguments.part)
                apart = over_users(found, whole, METRIC)
                print(f"{name}: sparse-ease, λ {reg:g}, {neighbours} neighbours: {said}, beside EASE "
                      f"{apart.mean:+.4f} ({apart.low:+.4f} to {apart.high:+.4f})", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
