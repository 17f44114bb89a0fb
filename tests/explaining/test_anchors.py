"""Through which taken item a reason reaches the user."""

from __future__ import annotations

import numpy as np

from graphrec.dataset.incidence import Incidence
from graphrec.explaining.anchors import strongest_carriers

TAKEN = Incidence.from_pairs(np.array([0, 0, 0, 1]), np.array([1, 2, 4, 3]), (2, 5))
CARRIED = Incidence.from_pairs(np.array([1, 2, 3, 4, 4]), np.array([0, 1, 1, 0, 1]), (5, 3))
"""Attribute 0 is on items 1 and 4, attribute 1 on 2, 3 and 4, attribute 2 on none."""


def anchors(user: list[int], node: list[int], pair: list[int], weights: list[list[float]]) -> list[int]:
    found = strongest_carriers(
        np.array(user), np.array(node), np.array(weights, dtype=np.float32), np.array(pair), TAKEN, CARRIED
    )
    return found.tolist()


def test_the_carrier_with_the_largest_weight_of_its_own() -> None:
    """User 0 took 1, 2 and 4 (slots 0, 1, 2); for the second of its items the weights turn round."""
    weights = [[0.1, 0.5, 0.3], [0.9, -0.5, -0.6], [0.2, 0.0, 0.0]]
    assert anchors([0, 0, 0, 0], [0, 1, 0, 1], [0, 0, 1, 1], weights) == [4, 2, 1, 2]


def test_each_user_has_carriers_of_its_own() -> None:
    assert anchors([1, 0], [1, 1], [1, 0], [[0.0, 0.0, 0.7], [-4.0, 0.0, 0.0]]) == [3, 4]


def test_a_tie_goes_to_the_first() -> None:
    assert anchors([0], [1], [0], [[0.0, 0.5, 0.5]]) == [2]


def test_nothing_carries_it() -> None:
    assert anchors([0, 1], [2, 0], [0, 0], [[1.0, 1.0, 1.0]]) == [-1, -1]
    assert anchors([], [], [], [[1.0, 1.0, 1.0]]) == []


def test_against_a_plain_loop() -> None:
    rng = np.random.default_rng(0)
    taken = Incidence.from_pairs(rng.integers(20, size=150), rng.integers(30, size=150), (20, 30))
    carried = Incidence.from_pairs(rng.integers(30, size=90), rng.integers(8, size=90), (30, 8))
    width = int(taken.counts.max())
    weights = rng.normal(size=(40, width)).astype(np.float32)
    user, node, pair = rng.integers(20, size=200), rng.integers(8, size=200), rng.integers(40, size=200)
    found = strongest_carriers(user, node, weights, pair, taken, carried)
    for u, n, p, anchor in zip(user, node, pair, found, strict=True):
        items = taken.row(u)
        carriers = [(weights[p, slot], item) for slot, item in enumerate(items) if n in carried.row(item)]
        assert anchor == (max(carriers)[1] if carriers else -1)
