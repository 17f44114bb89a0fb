"""The stages from raw files to recommendations with reasons in Parquet files."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from benchmarks.scaling.registry import STAGES, Bench, stage

if TYPE_CHECKING:
    from graphrec.dataset.dataset import Dataset

__all__ = ["STAGES"]

POSITIVE = "rating>=3"
LISTED = 100_000
"""Users who get recommendations, at most."""


@stage("load")
def load(bench: Bench) -> None:
    """The folder of Parquet parts into an embedded store, by a mapping."""
    from graphrec.loaders.table import load as load_tables
    from graphrec.store.opening import open_store

    with bench.measured(), open_store(bench.store) as store:
        loaded = load_tables(bench.data)
        store.load(loaded.tables, loaded.info)


@stage("read")
def read(bench: Bench) -> None:
    """The store into arrays, and those into the cache."""
    with bench.measured():
        bench.cost["interactions"] = len(_dataset(bench).interactions)


@stage("second start")
def second_start(bench: Bench) -> None:
    """The arrays out of the cache, memory-mapped."""
    with bench.measured():
        bench.cost["interactions"] = len(_dataset(bench).interactions)


@stage("split")
def split(bench: Bench) -> None:
    """Every user's positives at random into three parts, as a file."""
    from graphrec.dataset.splitting import random_split

    data = _dataset(bench)
    with bench.measured():
        random_split(data, (0.8, 0.1, 0.1), seed=1).save(bench.work / "split.parquet")


@stage("cut")
def cut(bench: Bench) -> None:
    """The data cut by the file of the split."""
    from graphrec.dataset.splitting import Split

    data = _dataset(bench)
    with bench.measured():
        Split.load(bench.work / "split.parquet").apply(data)


@stage("positives")
def positives(bench: Bench) -> None:
    """Positive and taken interactions as sparse matrices."""
    data = _dataset(bench)
    with bench.measured():
        bench.cost["positives"] = data.positives.n_entries
        bench.cost["taken"] = data.taken.n_entries


@stage("co-purchase")
def co_purchase(bench: Bench) -> None:
    """Pairs of items that at least five users took."""
    data = _dataset(bench)
    with bench.measured():
        bench.cost["pairs"] = len(data.co_purchases.count)


@stage("train reconet")
def train_reconet(bench: Bench) -> None:
    """One epoch of RecoNet with the settings of the command, on all positives."""
    _train(bench, "reconet", epochs="1")


@stage("train ease")
def train_ease(bench: Bench) -> None:
    """EASE, whose cost beyond counting is the cube of the items."""
    _train(bench, "ease")


@stage("train elsa")
def train_elsa(bench: Bench) -> None:
    """One epoch of ELSA, the linear model of large catalogues, on all positives."""
    _train(bench, "elsa", epochs="1")


@stage("recommend")
def recommend(bench: Bench) -> None:
    """Ten items with ten reasons each for 100,000 users at most, by RecoNet, as Parquet files."""

    from graphrec.api.recommendations import recommend as recommended
    from graphrec.models.saving import load_model

    data = _dataset(bench)
    model = load_model(bench.work / "fits" / "reconet")
    users = data.users.ids.slice(0, LISTED)
    with bench.measured():
        chosen = None if len(users) == len(data.users) else users.to_pylist()
        rows = recommended(model, data, chosen, 10, reasons=10).save(bench.work / "run")
    bench.cost |= {f"rows of {name}": count for name, count in rows.items() if count}


def _dataset(bench: Bench) -> Dataset:
    """Return the data of the store, out of the cache beside it where it is there."""
    from graphrec.dataset.dataset import Dataset
    from graphrec.store.opening import open_store

    os.environ["GRAPHREC_CACHE"] = str(bench.work / "cache")
    with open_store(bench.store, read_only=True) as store:
        return Dataset.from_store(store, POSITIVE)


def _train(bench: Bench, name: str, **settings: str) -> None:
    """Fit a registered model on all positives and save it."""
    from graphrec.models.registry import registered_model
    from graphrec.models.saving import save_model

    data, kind = _dataset(bench), registered_model(name)
    with bench.measured():
        fitted = kind(kind.Config.read(settings)).fit(data)
        save_model(fitted, bench.work / "fits" / name)
