"""Clusters and groups of a model that anybody can follow, and those of models that have none."""

from __future__ import annotations

import json

import numpy as np
import pytest

from graphrec.errors import UsageError
from graphrec.evaluation.clusters.hard_clusters import FoundFactors
from graphrec.evaluation.clusters.quality import cluster_quality
from graphrec.models.ease import EASE
from graphrec.models.popularity import Popularity
from graphrec.testing.toy import build
from tests.clustered import Clustered, films
from tests.evaluation.clusters.clustered import fitted

ITEMS = [f"i{number}" for number in range(6)]
CARRIED = {item: ["item.genre=drama" if number % 2 else "item.genre=comedy"] for number, item in enumerate(ITEMS)}
TAKEN = {
    "even": {"i0": 5.0, "i2": 5.0, "i4": 5.0},
    "mostly even": {"i0": 5.0, "i2": 5.0, "i1": 5.0},
    "odd": {"i1": 5.0, "i3": 5.0},
    "nobody": {},
}


def test_by_hand() -> None:
    """Shares of drama are 0, 1/3 and 1; the clusters' means 1/6 and 1 lie about 4/9, and i5 was taken by nobody."""
    data = build(TAKEN, ITEMS, carried=CARRIED)
    found = cluster_quality(fitted(data), data)
    users, items = found.users, found.items
    assert users is not None
    assert items is not None
    assert users.names == ("likes even", "likes odd", "nobody")
    assert (users.sizes, users.users) == ((2, 1, 0), 3)
    drama = found.values.index("item.genre=drama")
    assert [row[drama] for row in users.shares[:2]] == [pytest.approx(1 / 6), pytest.approx(1)]
    assert users.everybody[drama] == pytest.approx(4 / 9)
    within, whole = 2 * (1 / 6) ** 2, (4 / 9) ** 2 + (1 / 9) ** 2 + (5 / 9) ** 2
    assert users.explained == pytest.approx(1 - within / whole)
    assert users.by_k_means == pytest.approx(users.explained)
    assert users.by_k_means_of_latents is not None
    assert users.by_chance == 1 / 2
    assert items.sizes == (3, 2)
    assert (items.own.purity, items.own.ami, items.own.members) == (1, pytest.approx(1), 5)
    assert items.by_k_means is not None
    assert items.by_k_means.purity == 1
    assert items.permuted.purity < 1
    assert items.by_popularity.purity < 1
    plain = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert plain["users"]["shares"][2] == [None] * len(found.values)


def test_members_are_where_they_belong_most() -> None:
    data = build(TAKEN, ITEMS, carried=CARRIED)
    model = fitted(data)
    factors = FoundFactors.of(model, data)
    clusters = factors.user_clusters()
    assert dict(zip(data.users.ids.to_pylist(), clusters.of.tolist(), strict=True)) == {
        "even": 0, "mostly even": 0, "odd": 1, "nobody": -1,
    }  # fmt: skip
    assert clusters.sizes.tolist() == [2, 1, 0]
    assert factors.user_clusters(np.array([2, 0])).of.tolist() == [1, 0]
    assert factors.item_groups().of.tolist() == [0, 1] * 3


def test_clusters_and_groups_as_models_give_them() -> None:
    """Four people take space films and four dramas, but for one film of dot and one of gus: shares 0, 1/3, 2/3, 1.

    Means of space are 11/12 and 1/12 about 1/2: 8 (5/12)² between, 2 (3 (1/12)² + (1/4)²) within.
    """
    data = films()
    found = cluster_quality(Clustered().fit(data), data)
    assert found.users is not None
    assert found.items is not None
    assert found.users.sizes == (4, 4)
    assert found.users.explained == pytest.approx(8 * 25 / (8 * 25 + 2 * (3 + 9)))
    assert found.users.by_k_means_of_latents is None
    assert (found.items.own.purity, found.items.by_k_means) == (1, None)


def test_models_without_clusters_are_refused() -> None:
    data = build(TAKEN, ITEMS, carried=CARRIED)
    for model in (EASE().fit(data), Popularity().fit(data)):
        with pytest.raises(UsageError, match="finds no factors of the kinds 'user_cluster' and 'item_group'"):
            cluster_quality(model, data)
    with pytest.raises(UsageError, match="ease finds no factors of the kind 'user_cluster'"):
        FoundFactors.of(EASE().fit(data), data).user_clusters()
    with pytest.raises(UsageError, match="popularity finds no factors"):
        FoundFactors.of(Popularity().fit(data), data).item_groups()
    with pytest.raises(UsageError, match="It finds those of item_group, user_cluster"):
        FoundFactors.of(fitted(data), data).item_groups(kind="factor")
    unlabelled = build(TAKEN, ITEMS, carried={"i5": ["item.genre=drama"]})
    with pytest.raises(UsageError, match="0 users belong to a cluster and took an item with a genre"):
        cluster_quality(fitted(unlabelled), unlabelled)
