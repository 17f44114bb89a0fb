"""Positives beside items that were not taken: every positive once, every free item with the same chance."""

from __future__ import annotations

import numpy as np

from graphrec.dataset.incidence import Incidence
from graphrec.models.negative_sampling import NegativeSampler, sampled_pairs

DENSE = np.array([[1, 0, 1, 0, 0], [0, 1, 0, 0, 0], [1, 1, 1, 1, 1], [0, 0, 0, 0, 0], [0, 0, 1, 1, 0]])
TAKEN = Incidence.from_pairs(*np.nonzero(DENSE), (5, 5))


def test_an_sampled_pairs() -> None:
    batches = list(sampled_pairs(TAKEN, NegativeSampler(TAKEN), np.random.default_rng(0), 2))
    assert [len(batch.users) for batch in batches] == [2, 2, 1]
    taken = sorted((u, i) for batch in batches for u, i in zip(batch.users, batch.items, strict=True))
    assert taken == [(0, 0), (0, 2), (1, 1), (4, 2), (4, 3)]  # user 2 took everything
    for batch in batches:
        assert not DENSE[batch.users, batch.negatives].any()


def test_free_items_have_the_same_chance() -> None:
    users = np.repeat([0, 1, 3, 4], 6000)
    drawn = NegativeSampler(TAKEN).draw(users, np.random.default_rng(0))
    for user in (0, 1, 3, 4):
        counts = np.bincount(drawn[users == user], minlength=5)
        free = DENSE[user] == 0
        assert not counts[~free].any()
        assert np.abs(counts[free] - 6000 / free.sum()).max() < 5 * np.sqrt(6000 / free.sum())
