"""Neighbours of items and shares of them, by hand."""

from __future__ import annotations

import numpy as np

from graphrec.dataset.incidence import Incidence
from graphrec.models.neighbours.item_neighbours import ItemNeighbours

TAKEN = np.array(
    [
        [1, 1, 0, 0, 0],
        [1, 1, 1, 0, 0],
        [1, 0, 1, 0, 0],
        [0, 0, 1, 1, 0],
    ]
)
"""Four users and the items a to e: cos(a, b) = 2/√6, cos(a, c) = 2/3, cos(b, c) = 1/√6, cos(c, d) = 1/√3."""


def incidence(dense: np.ndarray) -> Incidence:
    return Incidence.from_pairs(*np.nonzero(dense), dense.shape)


def test_neighbours_by_hand() -> None:
    """The two nearest: a: b, c; b: a, c; c: a, d; d: c alone, with nobody else is it taken; e: none."""
    found = ItemNeighbours.of(incidence(TAKEN), 2)
    assert [row.nonzero()[0].tolist() for row in found.of_item.toarray()] == [[1, 2], [0, 2], [0, 3], [2], []]


def test_shares_by_hand() -> None:
    """Who took b and d: half of a's neighbours, none of b's, half of c's, none of d's (c alone)."""
    found = ItemNeighbours.of(incidence(TAKEN), 2)
    asked = incidence(np.array([[0, 1, 0, 1, 0], [0, 0, 0, 0, 0], [1, 0, 1, 0, 0]]))
    wanted = [[0.5, 0, 0.5, 0, 0], [0, 0, 0, 0, 0], [0.5, 1, 0.5, 1, 0]]
    assert found.shares(asked).toarray().tolist() == wanted
    np.testing.assert_allclose((asked.csr(np.float64) @ found.shares_of_one).toarray(), wanted)


def test_a_share_of_fifty_neighbours_is_a_quotient_without_error() -> None:
    """Exactly .02, .04, …, so that a threshold of that size is compared with what it says."""
    rng = np.random.default_rng(1)
    taken = (rng.random((40, 80)) < 0.3).astype(int)
    shares = ItemNeighbours.of(incidence(taken)).shares(incidence(taken)).toarray()
    assert set(np.unique(shares)) <= {count / 50 for count in range(51)}
