"""Memberships that follow from gates of users and weights of items, on data small enough to do by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from graphrec.explaining.clusters import LEAST_MEMBERSHIP, clusters_and_groups, memberships_of_users
from graphrec.testing.toy import build

if TYPE_CHECKING:
    from graphrec.explaining.factors import Factors

USERS = {"u": {"a": 5.0, "b": 5.0}, "v": {"b": 5.0}, "w": {}}
GATES = np.array([[0.75, 0.25, 0.0], [0.5, 0.5, 0.005], [0.0, 0.0, 0.0]], dtype=np.float32)
GROUPS = np.array([[1.0, 0.0], [0.4, 0.6], [0.0, 1.0]], dtype=np.float32)


def found() -> Factors:
    """Return the factors of three films, two of which somebody took; the third cluster is nobody's."""
    return clusters_and_groups("fit", GATES, GROUPS, build(USERS, ["a", "b", "c"]))


def test_clusters_come_before_groups_and_one_that_nobody_is_of_is_none() -> None:
    rows = found().table().to_pylist()
    assert [(row["id"], row["kind"], row["index"]) for row in rows] == [
        ("fit/cluster-1", "user_cluster", 0),
        ("fit/cluster-2", "user_cluster", 1),
        ("fit/group-1", "item_group", 0),
        ("fit/group-2", "item_group", 1),
    ]
    pruned = clusters_and_groups("fit", GATES[:, [2, 0]], GROUPS, build(USERS, ["a", "b", "c"])).table().to_pylist()
    assert [(row["id"], row["index"]) for row in pruned][:1] == [("fit/cluster-2", 1)]


def test_items_belong_to_clusters_by_who_took_them() -> None:
    """A was taken by u alone, b by u and v: (.75 + .5) / 2; nobody took c."""
    np.testing.assert_allclose(
        found().members["Item"],
        [[0.75, 0.25, 1.0, 0.0], [0.625, 0.375, 0.4, 0.6], [0.0, 0.0, 0.0, 1.0]],
        atol=1e-6,
    )


def test_groups_belong_to_clusters_by_what_part_of_all_they_are() -> None:
    """The first cluster took .75 · 2 + .5 films: .75 · (1 + .4) + .5 · .4 = 1.25 of 2 are of the first group."""
    of_factors = found().members["Factor"]
    first, second = (0.25 * 1.4 + 0.5 * 0.4) / 1.0, (0.25 * 0.6 + 0.5 * 0.6) / 1.0
    np.testing.assert_allclose(of_factors[2:, :2], [[1.25 / 2, first], [0.75 / 2, second]], atol=1e-6)
    assert not of_factors[:2].any()
    assert not of_factors[:, 2:].any()


def test_users_belong_to_groups_by_their_history() -> None:
    data = build(USERS, ["a", "b", "c"])
    np.testing.assert_allclose(
        memberships_of_users(GATES, data.positives, found()),
        [[0.75, 0.25, 0.7, 0.3], [0.5, 0.5, 0.4, 0.6], [0.0, 0.0, 0.0, 0.0]],
        atol=1e-6,
    )


def test_gates_of_pruned_clusters_have_no_column() -> None:
    data = build(USERS, ["a", "b", "c"])
    swapped = clusters_and_groups("fit", GATES[:, [2, 0, 1]], GROUPS, data)
    np.testing.assert_allclose(
        memberships_of_users(GATES[:, [2, 0, 1]], data.positives, swapped),
        memberships_of_users(GATES, data.positives, found()),
    )


def test_small_memberships_are_not_stored() -> None:
    factors = found()
    weights = np.array([[LEAST_MEMBERSHIP, 0.0099, 0.0, 1.0]], dtype=np.float32)
    stored = factors.memberships("User", build(USERS, ["a", "b", "c"]).users, weights)
    assert stored["factor"].to_pylist() == ["fit/cluster-1", "fit/group-2"]


@pytest.mark.parametrize("gates", [GATES, GATES[:, :0]])
@pytest.mark.parametrize("groups", [GROUPS, GROUPS[:, :0]])
def test_a_model_may_have_clusters_alone_or_groups_alone(gates: np.ndarray, groups: np.ndarray) -> None:
    data = build(USERS, ["a", "b", "c"])
    factors = clusters_and_groups("fit", gates, groups, data)
    width = min(gates.shape[1], 2) + groups.shape[1]
    assert factors.table().num_rows == width
    assert memberships_of_users(gates, data.positives, factors).shape == (3, width)
