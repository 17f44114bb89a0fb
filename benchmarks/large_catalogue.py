"""Sparse EASE on a catalogue that no matrix of items × items holds: training, ranking and explaining, and peak memory.

    python -m benchmarks.large_catalogue [--data FOLDER] [--items 1000000] [--interactions 10000000] [--users 1000]
        [--neighbours 200] [--least-shared 1]

MovieLens 1M is expanded so that histories keep their lengths and items their order of popularity: users are repeated
until there are so many interactions, and each item is split into as many variants as make so many items. Every user
has a home among the variants, drawn at random, and takes of each item the variant that lies near it (a geometric number
of steps, one in the mean), so that users of near homes share items. Everything counts as positive, seed 0.

Printed are processor seconds of the fit, and of ranking the catalogue for so many users and explaining the ten items of
each with ten reasons, tables included; the peak resident memory of the process; and the weights that the model holds.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import graphrec as gr
from benchmarks.movielens import data_folder, loaded_store
from graphrec.dataset.dataset import Dataset
from graphrec.dataset.ids import IdMap
from graphrec.dataset.interactions import Interactions
from graphrec.models.sparse_ease.model import SparseEASE
from graphrec.testing.toy import build

if TYPE_CHECKING:
    import numpy.typing as npt

    _Ints = npt.NDArray[np.int32]


def movielens_pairs(folder: Path) -> tuple[_Ints, _Ints]:
    """Return user and item of each rating of MovieLens 1M."""
    with tempfile.TemporaryDirectory() as place, loaded_store(folder / "movielens-1m", Path(place) / "store") as store:
        interactions = Dataset.from_store(store).interactions
    return interactions.user, interactions.item


def expanded(user: _Ints, item: _Ints, n_items: int, n_interactions: int) -> tuple[_Ints, _Ints]:
    """Return user and item of each interaction of the larger data, sorted by both, none twice."""
    rng = np.random.default_rng(0)
    n_users, base = int(user.max()) + 1, np.unique(item, return_inverse=True)[1]
    variants = -(-n_items // (int(base.max()) + 1))
    copies = -(-n_interactions // len(user))
    users = (user[None, :] + n_users * np.arange(copies)[:, None]).ravel()[:n_interactions]
    home = rng.integers(0, variants, n_users * copies)
    steps = rng.geometric(0.5, len(users)) - 1
    items = np.tile(base, copies)[:n_interactions] * variants + (home[users] + steps) % variants
    order = np.lexsort((items, users))
    return users[order].astype(np.int32), (items[order] % n_items).astype(np.int32)


def catalogue(user: _Ints, item: _Ints, n_items: int) -> Dataset:
    """Return a data set of these interactions."""
    keys = np.unique(user.astype(np.int64) * n_items + item)
    user, item = (keys // n_items).astype(np.int32), (keys % n_items).astype(np.int32)
    fives = np.full(len(keys), 5, dtype=np.float32)
    return build({"u": {}}, ["i"]).changed(
        nodes={
            "User": IdMap.of("User", [f"u{number}" for number in range(int(user.max()) + 1)]),
            "Item": IdMap.of("Item", [f"i{number}" for number in range(n_items)]),
        },
        interactions=Interactions(user, item, fives, np.ones_like(fives), np.zeros(len(keys))),
    )


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=data_folder())
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--interactions", type=int, default=10_000_000)
    parser.add_argument("--users", type=int, default=1_000)
    parser.add_argument("--neighbours", type=int, default=200)
    parser.add_argument("--least-shared", type=int, default=1)
    arguments = parser.parse_args()
    user, item = expanded(*movielens_pairs(arguments.data), arguments.items, arguments.interactions)
    data = catalogue(user, item, arguments.items)
    print(f"{len(data.users):,} users, {len(data.items):,} items, {len(data.interactions):,} interactions", flush=True)
    model = SparseEASE(neighbours=arguments.neighbours, least_shared=arguments.least_shared, device="cpu")
    began = time.process_time()
    model.fit(data)
    print(f"fit {time.process_time() - began:.1f} s, {len(model.arrays()['items']):,} weights", flush=True)
    people = [f"u{number}" for number in range(arguments.users)]
    began = time.process_time()
    told = gr.recommend(model, data, people, k=10, reasons=10).tables
    print(f"ranked and explained {told.recommendations.num_rows:,} items, {told.reasons.num_rows:,} reasons "
          f"in {time.process_time() - began:.1f} s", flush=True)  # fmt: skip
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GB")


if __name__ == "__main__":
    main()
