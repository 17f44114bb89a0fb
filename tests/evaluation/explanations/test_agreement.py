from __future__ import annotations

import numpy as np
import torch

from graphrec.evaluation.explanations.agreement import agreement
from tests.evaluation.explanations.stated import listing


def test_position_by_position():
    first, second = listing([[[0, 1, 2, 3]]], 5), listing([[[0, 2, 1, 3]]], 5)
    found = agreement(first, second, depth=5)
    np.testing.assert_array_equal(found.same[0, 0], [1, 0, 0, 1, np.nan])
    np.testing.assert_array_equal(found.same_so_far[0, 0], [1, 0, 0, 0, np.nan])
    np.testing.assert_allclose(found.overlap[0, 0], [1, 1 / 2, 1, 1, np.nan])


def test_means_over_pairs_and_what_is_not_there():
    first = listing([[[0, 1]], [[0, 1]]], 2)
    second = listing([[[0, 1]], [[1, 0]]], 2)
    found = agreement(first, second, depth=2)
    assert found.to_dict()["same"]["mean"] == [0.5, 0.5]
    assert found.to_dict()["overlap"]["mean"] == [0.5, 1.0]
    given = found.where(torch.tensor([[True], [False]]).numpy()).to_dict()
    assert given["same"]["users"] == [1, 1]
    assert given["rbo"]["mean"] == 1.0
