"""Every positive once, compared with items that its user did not take."""

from __future__ import annotations

import numpy as np
import pytest

from graphrec.dataset.incidence import Incidence
from graphrec.models.cml.examples import epoch

DENSE = np.array([[1, 0, 1, 0, 0], [0, 1, 0, 0, 0], [1, 1, 1, 1, 1], [0, 0, 0, 0, 0], [0, 0, 1, 1, 0]])


@pytest.mark.parametrize("negatives", [3, 99])
def test_an_epoch(negatives: int) -> None:
    users, items = np.nonzero(DENSE)
    positives = Incidence.from_pairs(users, items, (5, 5))
    batches = list(epoch(positives, np.random.default_rng(0), batch_size=2, negatives=negatives))
    assert [len(batch.users) for batch in batches] == [2, 2, 1]
    pairs = sorted((u, i) for batch in batches for u, i in zip(batch.users, batch.items, strict=True))
    assert pairs == [(0, 0), (0, 2), (1, 1), (4, 2), (4, 3)]  # user 2 took everything
    for batch in batches:
        assert len(set(batch.negatives)) == min(negatives, 5)
        np.testing.assert_array_equal(batch.free, DENSE[batch.users][:, batch.negatives] == 0)
