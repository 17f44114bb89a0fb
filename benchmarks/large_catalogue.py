"""A linear model on a catalogue that no matrix of items × items holds: training, ranking, explaining, and memory.

    python -m benchmarks.large_catalogue [--data FOLDER] [--items 1000000] [--interactions 10000000] [--users 1000]
        [--set NAME=VALUE …] [--model elsa]

MovieLens 1M is expanded so that histories keep their lengths and items their order of popularity: users are repeated
until there are so many interactions, and each item is split into as many variants as make so many items. Every user
has a home among the variants, drawn at random, and takes of each item the variant that lies near it (a geometric number
of steps, one in the mean), so that users of near homes share items. Everything counts as positive, seed 0. One item of
each of 200 users is held out of the fit.

Printed are processor seconds of the fit, and of ranking the catalogue for so many users and explaining the ten items of
each with ten reasons, tables included; ndcg@100 of the items held out, beside popularity; the numbers that the model
holds; and the peak resident memory of the process after each step.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

import graphrec as gr
from benchmarks.memory_peak import peak
from benchmarks.movielens import data_folder, loaded_store
from graphrec.dataset.dataset import Dataset
from graphrec.dataset.ids import IdMap
from graphrec.dataset.incidence import Incidence
from graphrec.dataset.interactions import Interactions
from graphrec.dataset.profiles import profiles_of
from graphrec.evaluation import rank_metrics
from graphrec.models.popularity import Popularity
from graphrec.models.registry import find_model, require_explaining
from graphrec.testing.toy import build

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.models.model import Model
    from graphrec.models.recommender import Recommender

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


def one_held_out(data: Dataset, users: int) -> tuple[Dataset, Incidence]:
    """Return the data without one interaction of each of the first users, drawn at random, and these apart."""
    interactions = data.interactions
    starts = np.searchsorted(interactions.user, np.arange(users + 1))
    drawn = np.random.default_rng(1).integers(starts[:-1], starts[1:])
    kept = np.ones(len(interactions), dtype=bool)
    kept[drawn] = False
    shape = (len(data.users), len(data.items))
    held_out = Incidence.from_pairs(interactions.user[drawn], interactions.item[drawn], shape)
    return data.changed(interactions=interactions.where(kept)), held_out


def quality(model: Recommender, data: Dataset, held_out: Incidence) -> float:
    """Return the mean ndcg@100 of the held-out items among all items that their users have not taken."""
    known = np.arange(len(data.users), dtype=np.int32)

    def score(users: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        return model.score(profiles_of(data, known, users)).numpy()

    return float(rank_metrics(score, data.taken, held_out, [("ndcg", 100)])["ndcg@100"].mean())


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=data_folder())
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--interactions", type=int, default=10_000_000)
    parser.add_argument("--users", type=int, default=1_000)
    parser.add_argument("--model", default="elsa")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
    arguments = parser.parse_args()
    user, item = expanded(*movielens_pairs(arguments.data), arguments.items, arguments.interactions)
    data, held_out = one_held_out(catalogue(user, item, arguments.items), 200)
    print(f"{len(data.users):,} users, {len(data.items):,} items, {len(data.interactions):,} interactions, "
          f"peak memory {peak() / 1000:.2f} GB", flush=True)  # fmt: skip
    kind = find_model(arguments.model)
    require_explaining(kind)
    model = cast("Model", kind(**dict(setting.split("=", 1) for setting in arguments.set)))
    began = time.process_time()
    model.fit(data)
    metrics = {name: value for name, value in model.record.metrics.items() if name != "seconds"}
    print(f"{model}: fit {time.process_time() - began:.1f} s, {metrics}, "
          f"{max(array.size for array in model.arrays().values()):,} numbers held, "
          f"peak memory {peak() / 1000:.2f} GB", flush=True)  # fmt: skip
    people = [f"u{number}" for number in range(arguments.users)]
    began = time.process_time()
    tables = gr.recommend(model, data, people, k=10, reasons=10).tables
    print(f"ranked and explained {tables.recommendations.num_rows:,} items, {tables.reasons.num_rows:,} reasons "
          f"in {time.process_time() - began:.1f} s, peak memory {peak() / 1000:.2f} GB", flush=True)  # fmt: skip
    own, other = (quality(one, data, held_out) for one in (model, Popularity().fit(data)))
    print(f"ndcg@100 of {held_out.n_entries} items held out {own:.4f}, popularity {other:.4f}")


if __name__ == "__main__":
    main()
