"""What attribute networks never do: know the test part, or need memory for items × items."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from graphrec.dataset.dataset import Dataset
from graphrec.dataset.ids import IdMap
from graphrec.dataset.incidence import Incidence
from graphrec.dataset.interactions import Interactions
from graphrec.dataset.kinds import ITEM_ATTRIBUTES
from graphrec.dataset.splitting.by_interaction import random_split
from graphrec.sampling.attribute_networks import AttributeNetwork, attribute_networks
from graphrec.sampling.from_dataset import graph_of
from tests.sampling.networks_by_hand import random_data

if TYPE_CHECKING:
    from collections.abc import Callable


def same(one: AttributeNetwork, other: AttributeNetwork) -> bool:
    return (
        one.pairs.shape == other.pairs.shape
        and (one.pairs != other.pairs).nnz == 0
        and all(np.array_equal(getattr(one, name), getattr(other, name)) for name in ("owners", "values", "attributes"))
    )


def test_the_test_part_is_never_in_a_network() -> None:
    data = random_data(3, users=90)
    split = random_split(data, seed=1)
    cut = split.apply(data)
    assert cut.test.n_entries > 50
    parts = split.table.to_pandas()
    train = set(parts.loc[parts["part"] == "train", ["user", "item"]].itertuples(index=False, name=None))
    ends = (data.users.ids.take(data.interactions.user), data.items.ids.take(data.interactions.item))
    pairs = zip(*(end.to_pylist() for end in ends), strict=True)
    is_train = np.array([pair in train for pair in pairs])
    never_had = replace(data, interactions=data.interactions.where(is_train))
    training = attribute_networks(cut.train)
    for network, without, of_all in zip(training, attribute_networks(never_had), attribute_networks(data), strict=True):
        assert same(network, without)
        assert not same(network, of_all)
        # no pair of the training part holds an item that its user took in the test part
        joins = network.items_of_pairs
        assert not cut.test.has(network.owners[joins.row_of_entry], joins.indices).any()
        assert of_all.degrees().sum() > network.degrees().sum()
    graph, whole = graph_of(cut.train, networks=training), graph_of(data, networks=attribute_networks(data))
    assert graph.nodes["pair:genre"] < whole.nodes["pair:genre"]


def large(items: int, users: int, each: int) -> Dataset:
    """Return data whose items carry one of three genres, the first half of them the first, and one of 500 labels."""
    rng = np.random.default_rng(0)
    keys = np.unique(np.repeat(np.arange(users), each) * items + rng.integers(0, items, users * each))
    user, item = (ends.astype(np.int32) for ends in np.divmod(keys, items))
    genre, label = np.maximum(np.arange(items) * 4 // items - 1, 0), 3 + rng.integers(0, 500, items)
    numbers = np.arange(items)
    size = len(keys)
    return Dataset(
        {
            "User": IdMap.of("User", [f"u{n}" for n in range(users)]),
            "Item": IdMap.of("Item", [f"i{n}" for n in range(items)]),
            "Attribute": IdMap.of(
                "Attribute", [f"a{n}" for n in range(503)], owner=["item"] * 503, kind=["genre"] * 3 + ["label"] * 500
            ),
        },
        Interactions(user, item, np.ones(size, np.float32), np.ones(size, np.float32), np.zeros(size)),
        {
            ITEM_ATTRIBUTES: Incidence.from_pairs(
                np.concatenate([numbers, numbers]), np.concatenate([genre, label]), (items, 503)
            )
        },
    )


def peak(call: Callable[[], object]) -> float:
    """Return the most that a call allocates at once, in MB."""
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()


def test_no_matrix_of_items_with_items_is_made() -> None:
    """24,000 items with one value in common for half of them: 2.3 GB as dense int32, 144 million linked pairs."""
    data = large(24_000, 2_000, 60)
    assert data.positives.n_entries > 100_000
    made: list[AttributeNetwork] = []
    assert peak(lambda: made.extend(attribute_networks(data))) < 40
    vectors = np.ones((24_000, 32), dtype=np.float32)
    for network in made:
        assert peak(lambda network=network: network.product(vectors)) < 40
        assert peak(network.degrees) < 40
        assert peak(lambda network=network: network.rows(np.arange(256))) < 40
    genre = made[0]
    assert genre.rows(np.array([0])).n_entries > 100, "a hub links an item with many"


def test_memory_grows_with_the_interactions_and_not_with_the_items() -> None:
    few, many = (large(items, 1_000, 60) for items in (6_000, 24_000))
    for data in (few, many):
        assert data.positives.n_entries > 50_000
    assert peak(lambda: attribute_networks(many)) < 2 * peak(lambda: attribute_networks(few))
